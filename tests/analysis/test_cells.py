"""A row of `cells.parquet`: hand-counted worlds, pairing, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.batch.estimates import (
    END_NAMES,
    GAIN,
    HEADLINES,
    end_codes,
    summarise,
    variance_ratio,
)
from sim.model.state import WAR

NEVER = float("nan")


def worlds(**changes):
    """Eight worlds: two hold a truce, one settles, one is defeated, four fight on."""
    outcomes = {
        "end": np.array([1, 1, 2, 3, 0, 0, 0, 0], dtype=np.int8),
        "defeated": np.array([-1, -1, -1, 0, -1, -1, -1, -1], dtype=np.int8),
        "first_truce_day": np.array([5, 12, 3, NEVER, 7, NEVER, NEVER, NEVER]),
        "first_full_truce_day": np.array([5, 95, 3, NEVER, 20, NEVER, NEVER, NEVER]),
        "truces_broken": np.array([0, 1, 0, 0, 2, 0, 0, 0]),
        "fighting_stopped_day": np.array([5, 130, 3] + [NEVER] * 5),
        "held_km2": np.array([3200.0, 3200, 3600, 0, 2800, 3200, 4000, 2400]),
        "chips_km2.kursk": np.array([80.0, 0, 0, 0, 10, 20, 30, 40]),
        "payoff.ukraine": np.linspace(0.2, 0.4, 8),
        "payoff.russia": np.linspace(0.7, 0.6, 8),
        "aid_given": np.full(8, 180.0),
        "longest_pause_days": np.array([175.0, 50, 177, 0, 12, 0, 0, 0]),
    }
    return outcomes | changes


def test_a_row_counts_what_a_reader_would_count():
    row = summarise(worlds(), within_days=90)
    assert row["replicates"] == 8
    expected = {
        "truce_share": 4 / 8,
        "full_truce_share": 3 / 8,
        "broken_share": 2 / 8,
        "settled_share": 1 / 8,
        "defeat_share": 1 / 8,
        "fighting_stopped_share": 3 / 8,
        "first_full_truce_day_median": 95.0,
        "held_km2_mean": 2800.0,
        "chips_km2.kursk_mean": 22.5,
        "payoff.ukraine_mean": 0.3,
        "aid_given_mean": 180.0,
        "longest_pause_days_mean": 51.75,
    }
    assert {name: row[name] for name in expected} == pytest.approx(expected)
    assert all(row[f"{name}_low"] <= row[name] for name in expected)


def test_every_quantity_has_its_six_columns():
    row = summarise(worlds(), within_days=90)
    names = [name for name in row if f"{name}_diff_low" in row]
    assert len(names) == 13
    endings = ("", "_low", "_high", "_diff", "_diff_low", "_diff_high")
    columns = {name + ending for name in names for ending in endings}
    gains = {headline + GAIN for headline in HEADLINES}
    assert set(row) == columns | gains | {"replicates"}


def test_a_later_day_counts_more_truces():
    assert summarise(worlds(), within_days=95)["full_truce_share"] == 4 / 8
    assert summarise(worlds(), within_days=2)["truce_share"] == 0.0


def test_the_reference_differs_from_itself_by_exactly_nothing():
    cell = worlds()
    row = summarise(cell, reference=cell, within_days=90)
    differences = [row[name] for name in row if "_diff" in name]
    assert differences == [0.0] * len(differences)
    assert all(math.isnan(row[headline + GAIN]) for headline in HEADLINES)


def test_without_a_reference_there_is_no_difference():
    row = summarise(worlds(), within_days=90)
    assert all(math.isnan(row[name]) for name in row if "_diff" in name)


def test_the_difference_is_taken_replicate_by_replicate():
    other = worlds(first_full_truce_day=np.array([NEVER, 2, 3] + [NEVER] * 5))
    row = summarise(other, reference=worlds(), within_days=90)
    # One replicate has a truce only here, two only there.
    assert row["full_truce_share_diff"] == pytest.approx(-1 / 8)
    assert row["full_truce_share_diff_low"] < -1 / 8 < row["full_truce_share_diff_high"]
    assert row["held_km2_mean_diff"] == row["held_km2_mean_diff_low"] == 0.0


def test_a_median_that_is_not_reached_is_left_out_of_the_row():
    row = summarise(
        worlds(first_full_truce_day=np.array([4.0] + [NEVER] * 7)), within_days=90
    )
    assert math.isnan(row["first_full_truce_day_median"])
    assert row["first_full_truce_day_median_low"] == 4.0
    assert math.isnan(row["first_full_truce_day_median_high"])


def test_differences_are_of_the_replicates_that_both_cells_have():
    many, other = worlds(), worlds(held_km2=np.linspace(0, 1, 8))
    few = {name: values[:5] for name, values in many.items()}
    few_other = {name: values[:5] for name, values in other.items()}
    expected = summarise(few, reference=few_other, within_days=90)
    for here, there in ((many, few_other), (few, other)):
        row = summarise(here, reference=there, within_days=90)
        alone = summarise(here, within_days=90)
        for name, number in row.items():
            if "first_full_truce_day_median" in name:
                continue  # the medians' intervals, each of all worlds, do not pair
            right = expected if "_diff" in name or "luck_gain" in name else alone
            np.testing.assert_equal(number, right[name])


def test_columns_of_unlike_size_are_refused():
    with pytest.raises(ValueError, match=r"\[5, 8\] replicates"):
        summarise(worlds(held_km2=np.zeros(5)), within_days=90)


def test_ends_are_read_as_names_and_as_codes():
    names = np.array(END_NAMES)[worlds()["end"]]
    by_name = summarise(worlds(end=names), within_days=90)
    np.testing.assert_equal(by_name, summarise(worlds(), within_days=90))
    assert end_codes([]).size == 0
    assert end_codes(["war"]) == WAR
    for wrong in ["peace"], [4], [-1]:
        with pytest.raises(ValueError, match="an end is"):
            end_codes(wrong)


@pytest.mark.parametrize(
    ("headline", "field"),
    [*zip(HEADLINES, ("first_full_truce_day", "fighting_stopped_day"), strict=True)],
)
def test_common_luck_is_told_of_each_headline(headline, field):
    days = worlds()[field].copy()
    days[:2] = NEVER
    other = worlds(**{field: days})
    row = summarise(other, reference=worlds(), within_days=90)
    here, there = (cell[field] <= 90 if headline == HEADLINES[0] else np.isfinite(
        cell[field]) for cell in (other, worlds()))  # fmt: skip
    assert row[headline + GAIN] == variance_ratio(here, there)
    (same,) = set(HEADLINES) - {headline}
    assert math.isnan(row[same + GAIN])


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=60))
def test_the_gain_of_common_luck_is_the_ratio_of_two_sample_variances(pairs):
    here, there = np.array(pairs).T
    gain = variance_ratio(here, there)
    paired = np.var(here.astype(float) - there)
    if paired < 1e-12:
        assert math.isnan(gain)
    else:
        assert gain == pytest.approx((np.var(here) + np.var(there)) / paired)
