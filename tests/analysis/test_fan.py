"""A fan: its quantiles, who is in it, which runs stand for it, and how it scores."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.fan import (
    band_depth,
    fan,
    observed_in_fan,
    quantile_dots,
    runs_by_depth,
)


def paths(values, fighting=None):
    """One row a run and day, from an array (runs, days)."""
    values = np.asarray(values, float)
    runs, days = values.shape
    inside = np.ones(values.shape, bool) if fighting is None else np.asarray(fighting)
    return pd.DataFrame(
        {
            "replicate": np.repeat(np.arange(runs), days),
            "day": np.tile(np.arange(days), runs),
            "before_truce": inside.ravel(),
            "km2": values.ravel(),
        }
    )


def test_the_quantiles_are_those_of_the_runs_without_a_ceasefire():
    values = np.column_stack([np.arange(101.0), np.arange(101.0)])
    fighting = np.ones(values.shape, bool)
    fighting[51:, 1] = False
    table = fan(paths(values, fighting), "km2")
    assert table.runs.tolist() == [101, 51]
    assert table.of.tolist() == [101, 101]
    assert table.loc[0, ["q05", "q25", "q50", "q75", "q95"]].tolist() == [
        5,
        25,
        50,
        75,
        95,
    ]
    assert table.q50[1] == 25


def test_a_day_on_which_no_run_fights_has_no_quantiles():
    table = fan(paths([[1.0, 2.0]], [[True, False]]), "km2")
    assert table.q50[0] == 1.0
    assert np.isnan(table.q50[1])


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2,
                max_size=7))  # fmt: skip
def test_depth_is_the_share_of_pairs_between_which_a_run_lies(values):
    given_values = np.float64(values)
    pairs = list(combinations(range(len(values)), 2))
    found = band_depth(paths(given_values), "km2").depth
    for run, depth in enumerate(found):
        between = [
            np.mean(
                (given_values[[i, j]].min(axis=0) <= given_values[run])
                & (given_values[run] <= given_values[[i, j]].max(axis=0))
            )
            for i, j in pairs
        ]
        assert depth == pytest.approx(np.mean(between))


def test_single_runs_go_from_the_middle_outwards_and_stop_with_the_fighting():
    values = np.tile(np.arange(101.0)[:, None], 4)
    fighting = np.ones(values.shape, bool)
    fighting[50, 2:] = False
    shown = runs_by_depth(paths(values, fighting), "km2")
    depths = shown.drop_duplicates("replicate").depth.to_numpy()
    assert len(depths) == 5
    assert (np.diff(depths) < 0).all()
    assert shown.replicate[0] == 50
    assert shown[shown.replicate == 50].day.tolist() == [0, 1]


def test_two_runs_are_shown_once_each():
    assert runs_by_depth(paths([[1, 2], [3, 4]]), "km2").replicate.nunique() == 2
    none = runs_by_depth(paths([[1, 2]], [[False, False]]), "km2")
    assert none.empty


def test_twenty_dots_stand_for_a_twentieth_each():
    dots = quantile_dots(np.arange(1000.0))
    assert len(dots) == 20
    assert dots.value.iloc[[0, -1]].tolist() == [24, 974]
    assert len(quantile_dots([3.0] * 7)) == 7
    assert quantile_dots([]).empty


def test_the_score_is_the_width_and_twenty_times_what_lies_outside():
    table = pd.DataFrame({"day": [0, 1, 2], "q05": [1.0, 1.0, np.nan], "q95": 3.0})
    observed = pd.DataFrame({"day": [0, 1, 2, 9], "value": [2.0, 3.5, 1.0, 1.0]})
    found = observed_in_fan(observed, table)
    assert found.day.tolist() == [0, 1]
    assert found.inside.tolist() == [True, False]
    assert found.score.tolist() == pytest.approx([2.0, 2.0 + 20 * 0.5])


def test_every_run_needs_every_day():
    with pytest.raises(ValueError, match="every run needs a row for every day"):
        fan(paths([[1, 2], [3, 4]]).iloc[:3], "km2")
