"""Scenarios side by side: twins counted, differences taken twin by twin."""

import numpy as np
import pytest

from sim.analysis.changes import changed_fields
from sim.analysis.compare import Setting, comparison_table, fighting_ends, pairs
from sim.batch.estimates import summarise
from sim.model.engine import simulate
from sim.model.labels import labels_of
from sim.model.outcome import outcomes
from sim.model.parameters import build
from sim.scenario.load import load

FLAGSHIP = "kursk-2025-03-13"
NEVER = float("nan")


def setting(label, ends, horizon=100, **more):
    ends = np.array(ends, np.float64)
    n = ends.size
    columns = {
        "end": np.where(np.isnan(ends), 0, 1).astype(np.int8),
        "first_truce_day": ends,
        "first_full_truce_day": ends,
        "truces_broken": np.zeros(n),
        "fighting_stopped_day": ends,
        "held_km2": np.full(n, 3200.0),
        "longest_pause_days": np.zeros(n),
        "aid_given": np.arange(n, dtype=np.float64),
    } | more
    return Setting(label, label, "f00", (), horizon, columns, ends)


def test_twins_are_counted_by_which_of_them_ends_first():
    first = setting("first", [10, NEVER, 30, NEVER, 50])
    second = setting("second", [20, 40, 30, NEVER, NEVER])
    table = comparison_table([first, second], within_days=90)
    counts = table[["ends_earlier", "ends_later", "ends_same"]]
    assert counts.to_numpy().tolist() == [[0, 0, 5], [1, 2, 2]]
    assert (counts.sum(axis=1) == table.replicates).all()


def test_a_later_end_than_the_shorter_run_saw_counts_as_none():
    first = setting("first", [90, NEVER], horizon=60)
    second = setting("second", [80, 55], horizon=100)
    row = comparison_table([first, second], within_days=90).iloc[1]
    assert (row.ends_earlier, row.ends_later, row.ends_same) == (1, 0, 1)
    assert row.days_fought_mean == (60 + 55) / 2
    assert row.days_fought_mean_diff == (0 + -5) / 2


def test_other_columns_are_those_of_a_sweep():
    first = setting("first", [10, NEVER, 30, 80])
    second = setting("second", [20, 40, 30, NEVER])
    table = comparison_table([first, second], within_days=60)
    for row, each in zip(table.to_dict("records"), (first, second), strict=True):
        found = summarise(each.outcomes, reference=first.outcomes, within_days=60)
        assert {name: row[name] for name in found} == pytest.approx(
            found, nan_ok=True, abs=0
        )


def test_what_the_first_row_does_not_have_has_no_difference():
    first = setting("first", [10, 20])
    km2 = np.array([100.0, 300.0])
    second = setting("second", [10, 20], **{"chips_km2.kursk": km2})
    table = comparison_table([first, second], within_days=90)
    name = "chips_km2.kursk_mean"
    assert table[name].isna().tolist() == [True, False]
    assert table[name][1] == 200.0
    assert table[f"{name}_diff"].isna().all()


def test_the_fighting_ends_with_the_truce_that_holds_or_with_a_defeat():
    changes = {"front.held_km2": 300, "front.volatility_km2_per_week": 150}
    loaded = load(FLAGSHIP, set=changes)
    params, names = build(loaded.scenario), labels_of(loaded.scenario)
    worlds = simulate(params, seed=1, replicates=range(200))
    ends = fighting_ends(worlds, names)
    columns = outcomes(worlds, names)
    truce, war, defeat = (np.isin(columns["end"], codes) for codes in ([1, 2], 0, 3))
    assert truce.any()
    assert war.any()
    assert defeat.any()
    assert np.isnan(ends[war]).all()
    assert np.array_equal(ends[truce], columns["fighting_stopped_day"][truce])
    assert (ends[defeat] >= 0).all()
    assert (ends[defeat] < loaded.scenario.horizon_days).all()


def test_pairs_of_a_row_with_itself_are_all_the_same():
    ends = np.array([3.0, NEVER, 8.0])
    assert pairs(ends, ends, 100) == (0, 0, 3)


def test_changes_name_each_value_that_differs_and_nothing_else():
    first = load(FLAGSHIP)
    assert changed_fields(first, first) == []
    other = load(
        FLAGSHIP, set={"aid.level": 0.5, "parties.russia.conditions": ["hand_back"]}
    )
    assert [str(each) for each in changed_fields(other, first)] == [
        "parties.russia.conditions [hand_back], was [hand_back, aid_freeze]",
        "aid.level 0.5, was 1",
    ]


def test_what_one_scenario_lacks_is_called_absent():
    first, other = load(FLAGSHIP), load("no-incursion")
    told = {each.path: each for each in changed_fields(other, first)}
    back = {each.path: each for each in changed_fields(first, other)}
    assert set(told) == set(back)
    for path, each in told.items():
        assert (each.added, each.removed) == (back[path].removed, back[path].added)
        assert (each.now, each.was) == (back[path].was, back[path].now)
