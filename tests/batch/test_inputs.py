"""Sets of inputs: drawn between low and high, the same in every cell, always valid."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.api.sweep import carry_out, make_plan
from sim.batch.inputs import Input, check_inputs, inputs_of, with_inputs
from sim.batch.sampled import draw_sets
from sim.batch.tasks import input_chunks
from sim.errors import ScenarioError, UsageError
from sim.scenario.library import known
from sim.scenario.load import load
from tests.batch.small import AREA, SHORT, plan
from tests.conftest import examples

FLAGSHIP = load("kursk-2025-03-13", set=SHORT)


def bounded(path, value, low, high):
    """The flagship with bounds at one value."""
    return load(FLAGSHIP, set={path: {"value": value, "low": low, "high": high}})


def test_every_value_with_bounds_is_an_input_but_those_that_vary():
    found = {each.path: each for each in inputs_of(FLAGSHIP, without=())}
    assert found[AREA] == Input(AREA, 152.0, 227.0)
    assert "truce.breakdown_per_week" in found
    assert AREA not in {each.path for each in inputs_of(FLAGSHIP, without=(AREA,))}
    varied = (f"{AREA}.value",)
    assert AREA not in {each.path for each in inputs_of(FLAGSHIP, without=varied)}


@pytest.mark.parametrize("name", known())
def test_no_input_of_a_shipped_scenario_is_a_matter_of_numerics(name):
    paths = {each.path for each in inputs_of(load(name), without=())}
    assert paths
    assert not paths & {"horizon_days", "step_days"}


def test_a_value_set_by_hand_is_known():
    by_hand = load(FLAGSHIP, set={"truce.breakdown_per_week": 0.05})
    paths = {each.path for each in inputs_of(by_hand, without=())}
    assert "truce.breakdown_per_week" not in paths


@given(st.integers(1, 40), st.integers(0, 2**63 - 1))
def test_each_part_of_a_range_is_drawn_from_once(sets, seed):
    inputs = (Input("a", 0.0, 1.0), Input("b", -3.0, 5.0))
    draws = draw_sets(inputs, sets=sets, replicates=1, seed=seed).draws
    parts = np.floor((draws - [0.0, -3.0]) / [1.0, 8.0] * sets).astype(int)
    for column in parts.T:
        assert sorted(column) == list(range(sets))


def test_sets_follow_from_the_seed():
    inputs = inputs_of(FLAGSHIP, without=())
    one, again, other = (
        draw_sets(inputs, sets=4, replicates=1, seed=seed).draws for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


@settings(max_examples=examples(30))
@given(st.integers(0, 2**32), st.sampled_from([0.0, 189.0, 1000.0]))
def test_every_draw_from_the_flagship_is_a_scenario(seed, area):
    sets = draw_sets(inputs_of(FLAGSHIP, (AREA,)), sets=1, replicates=1, seed=seed)
    loaded, used = with_inputs(FLAGSHIP, {AREA: area}, sets.draw(0))
    chip = loaded.scenario.chips["kursk"]
    assert chip.area_km2 == area <= chip.peak_km2
    assert loaded.scenario.front.held_km2 == used["front.held_km2"]
    for each in sets.inputs:
        if each.path != "chips.kursk.peak_km2":
            assert each.low <= used[each.path] <= each.high


def test_a_peak_drawn_below_what_is_held_is_what_is_held():
    loaded, used = with_inputs(FLAGSHIP, {AREA: 1000}, {"chips.kursk.peak_km2": 920.0})
    assert loaded.scenario.chips["kursk"].peak_km2 == 1000.0
    assert used["chips.kursk.peak_km2"] == 1000.0


def test_a_cost_of_war_moves_with_its_interval():
    path = "parties.russia.cost_of_war_km2"
    cost = {"value": 640, "private": [400, 880], "low": 160, "high": 960}
    base = load(FLAGSHIP, set={path: cost})
    for draw, private in ((800, (560, 1040)), (160, (0, 400))):
        loaded, _ = with_inputs(base, {}, {path: draw})
        found = loaded.scenario.parties["russia"].cost_of_war_km2
        assert found.value == draw
        assert found.private == pytest.approx(private)


@given(st.floats(480.0, 800.0))
def test_a_cost_that_all_know_stays_known_wherever_it_is_drawn(draw):
    path = "parties.russia.cost_of_war_km2"
    loaded, _ = with_inputs(bounded(path, 640.3, 480, 800), {}, {path: draw})
    cost = loaded.scenario.parties["russia"].cost_of_war_km2
    assert cost.value == draw
    assert cost.private == pytest.approx((draw, draw), abs=1e-9)


def test_whole_days_are_drawn_as_whole_days():
    path = "negotiation.offers.thirty_days.duration_days"
    base = bounded(path, 30, 20, 40)
    loaded, used = with_inputs(base, {}, {path: 24.6})
    assert loaded.scenario.negotiation.offers["thirty_days"].duration_days == 25
    assert used[path] == 25.0


@pytest.mark.parametrize(
    ("path", "quantity", "says"),
    [
        ("front.held_km2", {"value": 3200, "low": 0}, "low: 0 cannot be used"),
        ("front.held_km2", {"value": 3200, "high": 9000}, "not less than the stake"),
        ("front.stake_km2", {"value": 8000, "low": 1}, "low: 1 cannot be used"),
        ("front.volatility_km2_per_week", {"value": 61, "low": -1}, "-1 is below 0"),
        (AREA, {"value": 189, "high": 4000}, "would be 1078"),
        ("chips.kursk.peak_km2", {"value": 1000, "low": 10}, "low: 10 cannot be used"),
        ("aid.level", {"value": 1, "low": -1}, "-1 is below 0"),
    ],
)
def test_a_bound_that_cannot_be_is_refused_by_name(path, quantity, says):
    changes = {"chips.kursk.peak_km2": 1078, path: quantity}
    base = load(FLAGSHIP, set={**_without_bounds(), **changes})
    with pytest.raises(ScenarioError) as error:
        check_inputs(base, inputs_of(base, without=()))
    [only] = error.value.problems
    assert path in only
    assert says in only
    with pytest.raises(ScenarioError, match="cannot be used"):
        make_plan(base, {}, input_sets=2)


def test_bounds_that_cannot_be_together_or_in_a_cell_are_refused():
    # A truce that breaks within the week leaves no room for a settlement.
    breaks = {"value": 0.04, "low": 0.01, "high": 0.9}
    plain = _without_bounds() | {
        "truce.monitoring_effect": 0,
        "truce.pressure_effect": 0,
    }
    base = load(FLAGSHIP, set=plain | {"truce.breakdown_per_week": breaks})
    assert make_plan(base, {}, input_sets=2).input_sets is not None
    with pytest.raises(ScenarioError, match=r"in the cell with truce\.settle"):
        make_plan(base, {"truce.settlement_per_week": [0.01, 0.2]}, input_sets=2)
    both = {
        "truce.breakdown_per_week": {"value": 0.04, "high": 0.6},
        "truce.settlement_per_week": {"value": 0.01, "high": 0.6},
    }
    base = load(base, set=both)
    with pytest.raises(ScenarioError, match=r"cannot all be at their high at once"):
        check_inputs(base, inputs_of(base, without=()))


def test_bounds_of_a_chip_and_its_peak_go_together():
    area = {"value": 189, "low": 100, "high": 1200}
    peak = {"value": 1000, "low": 150, "high": 1300}
    base = load(FLAGSHIP, set={AREA: area, "chips.kursk.peak_km2": peak})
    check_inputs(base, inputs_of(base, without=()))


def test_a_set_that_cannot_be_says_what_is_wrong():
    draw = {"front.volatility_km2_per_week": -1.0, "truce.breakdown_per_week": -1.0}
    with pytest.raises(
        ScenarioError, match="a set of inputs does not give a valid scenario"
    ):
        with_inputs(FLAGSHIP, {}, draw)


def test_without_bounds_there_are_no_sets():
    with pytest.raises(UsageError, match="no value of the scenario has a low"):
        plan(set=dict.fromkeys((), 0.5) | _without_bounds(), input_sets=3)


def test_the_table_of_sets_has_a_row_for_each_cell_and_set():
    found = carry_out(plan(input_sets=3, input_replicates=4), None).input_sets
    assert len(found) == 9
    assert found.groupby(AREA)["input_set"].apply(list).tolist() == [[0, 1, 2]] * 3
    assert found["full_truce_share"].isin(np.arange(5) / 4).all()
    # The same sets in all cells.
    drawn = found.pivot_table(index="input_set", columns=AREA, values="aid.lag_weeks")
    assert (drawn.nunique(axis=1) == 1).all()


def _without_bounds():
    from sim.batch.inputs import number_at

    return {
        each.path: number_at(FLAGSHIP.scenario, tuple(each.path.split(".")))
        for each in inputs_of(FLAGSHIP, without=())
    }


def test_what_is_known_of_a_cell_saves_its_chunks_a_check_and_changes_nothing():
    checked = plan(input_sets=5, input_replicates=4)
    assert checked.with_any_set == frozenset(range(len(checked.design)))
    doubted = replace(checked)
    object.__setattr__(doubted, "with_any_set", frozenset())
    for chunk in input_chunks(checked, 1):
        assert chunk.compute(checked) == chunk.compute(doubted)


def test_sets_beyond_the_bounds_are_not_known_to_be_scenarios():
    made = plan(input_sets=5, input_replicates=4)
    assert made.input_sets is not None
    draws = made.input_sets.draws.copy()
    draws[3, 0] = made.input_sets.inputs[0].high + 1.0
    beyond = replace(made, input_sets=replace(made.input_sets, draws=draws))
    assert beyond.with_any_set == frozenset()
