"""A curve of shares: which differences are paired, and what its shape may be called."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.curve import curve
from sim.batch.intervals import paired_proportions, wilson


def table(shares, reference=0, n=1000):
    """Cells whose truces are nested: what has one at .2 has one at .3 as well."""
    counts = np.round(np.array(shares) * n)
    change = counts - counts[reference]
    found = wilson(counts, n)
    gained, lost = np.maximum(change, 0), np.maximum(-change, 0)
    difference = paired_proportions(gained, lost, n)
    low, high = difference.low.copy(), difference.high.copy()
    low[reference] = high[reference] = 0.0
    return pd.DataFrame(
        {
            "x": np.arange(len(shares), dtype=float),
            "replicates": n,
            "s": found.estimate,
            "s_low": found.low,
            "s_high": found.high,
            "s_diff": difference.estimate,
            "s_diff_low": low,
            "s_diff_high": high,
        }
    )


def test_rows_are_read_in_the_order_of_the_setting():
    shuffled = table([0.1, 0.2, 0.4]).sample(frac=1.0, random_state=3)
    found = curve(shuffled, "x", "s")
    assert list(found.setting) == [0, 1, 2]
    assert list(found.share) == [0.1, 0.2, 0.4]


def test_a_difference_to_the_reference_is_paired_and_turns_with_its_ends():
    found = curve(table([0.1, 0.2, 0.4]), "x", "s")
    forth, back = found.difference(2, 0), found.difference(0, 2)
    assert forth.paired
    assert back.paired
    assert forth.interval.estimate == pytest.approx(0.3)
    assert back.interval == pytest.approx(
        (-forth.interval.estimate, -forth.interval.high, -forth.interval.low)
    )


def test_between_two_others_the_wider_interval_of_separate_luck_is_used():
    found = curve(table([0.1, 0.2, 0.4]), "x", "s")
    apart = found.difference(2, 1)
    assert not apart.paired
    paired = curve(table([0.1, 0.2, 0.4], reference=1), "x", "s").difference(2, 1)
    assert paired.paired
    width = apart.interval.high - apart.interval.low
    assert width > paired.interval.high - paired.interval.low


def test_the_reference_may_be_any_setting():
    found = curve(table([0.1, 0.2, 0.4], reference=1), "x", "s")
    assert found.reference == 1
    assert found.difference(0, 1).interval.estimate == pytest.approx(-0.1)


@pytest.mark.parametrize(
    ("shares", "largest", "smallest", "against"),
    [
        ([0.1, 0.2, 0.3, 0.4], None, None, 0),
        ([0.4, 0.3, 0.2, 0.1], None, None, 0),
        ([0.1, 0.5, 0.4, 0.3], 1, None, 2),
        ([0.4, 0.1, 0.2, 0.3], None, 1, 2),
        ([0.2, 0.5, 0.1, 0.3], 1, 2, 1),
        ([0.3, 0.3, 0.3, 0.3], None, None, 0),
        ([0.3, 0.4, 0.4, 0.4], None, None, 0),
    ],
)
def test_a_shape_is_called_by_where_its_extremes_lie(
    shares, largest, smallest, against
):
    found = curve(table(shares), "x", "s")
    assert found.inner_largest() == largest
    assert found.inner_smallest() == smallest
    assert found.steps_against() == against


def test_a_difference_within_luck_is_not_beyond_it():
    found = curve(table([0.3, 0.302, 0.6], n=500), "x", "s")
    assert not found.difference(1, 0).beyond_luck
    assert found.difference(2, 0).beyond_luck
