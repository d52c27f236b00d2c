"""How often each interval holds the truth, computed exactly, not by simulation.

Every possible sample is listed with its chance; the coverage is the sum of the chances
of those whose interval holds the true value.
"""

import itertools

import numpy as np
import pytest
from scipy import stats

from sim.batch import intervals

CHANCES = (0.0, 0.002, 0.01, 0.05, 0.1, 0.2, 0.45)


def coverage_of_paired(interval, n, here, there):
    """Chance that `interval` holds here - there, from n replicates."""
    counts = np.array([(a, b) for a in range(n + 1) for b in range(n + 1 - a)])
    rest = n - counts.sum(axis=1)
    chance = stats.multinomial.pmf(
        np.column_stack([counts, rest]), n, [here, there, 1 - here - there]
    )
    _, low, high = interval(counts[:, 0], counts[:, 1], n)
    return chance[(low <= here - there) & (here - there <= high)].sum()


def wald(here, there, n):
    difference = (here - there) / n
    spread = 1.959964 * np.sqrt(((here + there) / n - difference**2) / n)
    return difference, difference - spread, difference + spread


@pytest.mark.parametrize("n", [20, 50, 100])
def test_the_paired_difference_covers_where_the_plain_interval_breaks_down(n):
    ours, plain = (
        [
            coverage_of_paired(interval, n, here, there)
            for here, there in itertools.product(CHANCES, CHANCES)
            if here != there
        ]
        for interval in (intervals.paired_proportions, wald)
    )
    assert min(ours) > 0.925
    assert np.mean(ours) > 0.95
    assert min(plain) < 0.25


@pytest.mark.parametrize("n", [20, 100, 1000])
def test_wilson_covers_on_average_and_stays_near_it(n):
    count = np.arange(n + 1)
    _, low, high = intervals.wilson(count, np.full(n + 1, n))
    truth = np.linspace(0.02, 0.98, 97)
    covered = [
        stats.binom.pmf(count, n, p)[(low <= p) & (p <= high)].sum() for p in truth
    ]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.005)
    assert min(covered) > 0.92


@pytest.mark.parametrize("n", [6, 25, 100])
def test_the_median_interval_covers_at_least_what_it_says(n):
    rank = int(intervals.median(np.arange(1, n + 1)).low)
    # It misses when fewer than `rank` of n values lie on one side of the median.
    assert 1 - 2 * stats.binom.cdf(rank - 1, n, 0.5) >= 0.95
