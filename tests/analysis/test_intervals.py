"""Intervals: published values, edges, and that they contain what they estimate."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.batch import intervals
from sim.batch.intervals import Interval

trials = st.integers(1, 500)


@st.composite
def paired_counts(draw):
    n = draw(trials)
    here = draw(st.integers(0, n))
    return here, draw(st.integers(0, n - here)), n


@pytest.mark.parametrize("n", [1, 7, 100, 10_000])
def test_wilson_repeats_scipy_at_every_count(n):
    for count in {0, 1, n // 3, n - 1, n}:
        expected = stats.binomtest(count, n).proportion_ci(method="wilson")
        found = intervals.wilson(count, n)
        assert (found.low, found.high) == pytest.approx(
            (expected.low, expected.high), abs=1e-12
        )


def test_wilson_gives_the_published_interval_of_81_in_263():
    # Newcombe (1998), Statistics in Medicine 17:857, table I, method 3.
    found = intervals.wilson([81, 15, 0, 1], [263, 148, 20, 29])
    assert found.low == pytest.approx([0.2553, 0.0624, 0.0, 0.0061], abs=5e-5)
    assert found.high == pytest.approx([0.3662, 0.1605, 0.1611, 0.1718], abs=5e-5)


def test_without_trials_a_chance_can_be_anything():
    found = intervals.wilson(0, 0)
    assert math.isnan(found.estimate)
    assert (found.low, found.high) == (0.0, 1.0)
    found = intervals.paired_proportions(0, 0, 0)
    assert math.isnan(found.estimate)
    assert (found.low, found.high) == (-1.0, 1.0)


@given(paired_counts())
def test_a_paired_difference_lies_in_its_interval_and_turns_with_the_sides(counts):
    here, there, n = counts
    found = intervals.paired_proportions(here, there, n)
    assert -1.0 <= found.low <= found.estimate <= found.high <= 1.0
    turned = intervals.paired_proportions(there, here, n)
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


@given(st.integers(0, 80), st.integers(0, 80))
def test_more_worlds_of_the_same_kind_narrow_both_share_intervals(here, there):
    n = 200
    one = intervals.paired_proportions(here, there, n)
    four = intervals.paired_proportions(4 * here, 4 * there, 4 * n)
    assert four.high - four.low < one.high - one.low
    one, four = intervals.wilson(here, n), intervals.wilson(4 * here, 4 * n)
    assert four.high - four.low < one.high - one.low


def test_unpaired_difference_gives_the_published_interval_of_56_in_70_and_48_in_80():
    # Newcombe (1998), Statistics in Medicine 17:873, table II, case (a), method 10.
    first = Interval(*(float(x) for x in intervals.wilson(56, 70)))
    second = Interval(*(float(x) for x in intervals.wilson(48, 80)))
    found = intervals.unpaired_difference(first, second)
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_mean_repeats_the_t_interval_of_scipy():
    sample = np.array([0.2, 0.9, 0.4, 0.7, 0.1])
    low, high = stats.t.interval(0.95, 4, sample.mean(), stats.sem(sample))
    found = intervals.mean(sample)
    assert found == pytest.approx((sample.mean(), low, high))


def test_a_mean_of_few_values_says_what_it_does_not_know():
    assert all(math.isnan(number) for number in intervals.mean([]))
    one = intervals.mean([3.0])
    assert one.estimate == 3.0
    assert math.isnan(one.low)
    assert math.isnan(one.high)
    assert intervals.mean([0.1] * 3) == (0.1, 0.1, 0.1)


def test_pairing_takes_out_what_both_settings_share():
    luck = np.linspace(-5.0, 5.0, 50)
    effect = np.tile([0.9, 1.1], 25)
    paired = intervals.paired_means(luck + effect, luck)
    assert paired.estimate == pytest.approx(1.0)
    assert paired.high - paired.low < 0.1
    alone = intervals.mean(luck + effect)
    assert alone.high - alone.low > 1.0


@pytest.mark.parametrize("n", [6, 7, 20, 101, 1000])
def test_the_ends_of_a_median_interval_are_the_innermost_that_cover_enough(n):
    found = intervals.median(np.arange(1, n + 1))
    tail = stats.binom.cdf(found.low - 1, n, 0.5)
    assert 2 * tail <= 0.05
    assert 2 * stats.binom.cdf(found.low, n, 0.5) > 0.05
    assert found.low + found.high == n + 1


def test_median_of_ten_is_bounded_by_the_second_and_the_ninth():
    # Conover (1999), table A3: n = 10, coverage .9785.
    assert intervals.median(range(1, 11)) == (5.0, 2.0, 9.0)


def test_a_median_reached_by_fewer_than_half_is_never():
    never = float("nan")
    assert intervals.median([1.0, 2.0, 3.0, never, never]).estimate == 3.0
    assert math.isinf(intervals.median([1.0, 2.0, never, never, never]).estimate)
    half = intervals.median([5.0] * 50 + [never] * 50)
    assert half == (5.0, 5.0, math.inf)


@pytest.mark.parametrize("n", [0, 1, 5])
def test_too_few_worlds_give_a_median_no_interval(n):
    found = intervals.median([4.0] * n)
    assert (found.low, found.high) == (-math.inf, math.inf)
    assert found.estimate == 4.0 or n == 0


def test_difference_of_medians_survives_times_that_never_come():
    never = float("nan")
    early, late = [3.0] * 100, [never] * 100
    assert intervals.median_difference(late, early) == (math.inf,) * 3
    assert intervals.median_difference(early, late) == (-math.inf,) * 3
    both = intervals.median_difference(late, late)
    assert math.isnan(both.estimate)
    assert (both.low, both.high) == (-math.inf, math.inf)
