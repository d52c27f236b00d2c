"""Many cells at once are the cells one by one, value by value."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.batch import cells
from sim.batch.cells import are_scenarios, cells_at_once, input_cell, input_cells
from sim.batch.design import Design
from sim.batch.designs import make_design
from sim.batch.inputs import (
    Input,
    changes_of,
    fitted,
    inputs_of,
    number_at,
    with_inputs,
)
from sim.batch.plan import build_cells
from sim.batch.sampled import draw_sets
from sim.batch.samples import Sample, run_samples, values_of
from sim.batch.tasks import run_worlds
from sim.errors import ScenarioError
from sim.model.parameters import build
from sim.scenario.library import known
from sim.scenario.load import load, resolve
from sim.scenario.lookup import bounds_of
from sim.scenario.overrides import children
from sim.scenario.parties import PrivateCost
from tests.conftest import examples

FLAGSHIP = load("kursk-2025-03-13")
STAKE, HELD = "front.stake_km2", "front.held_km2"
ROUNDS = "negotiation.round_every_days"


def sets_of(base, *, sets, seed, without=()):
    inputs = inputs_of(base, without)
    draws = draw_sets(inputs, sets=sets, replicates=1, seed=seed).draws
    return [each.path for each in inputs], draws


def is_fast(base, paths, draws):
    draw = dict(zip(paths, draws.T, strict=True))
    changes = changes_of(base.scenario, fitted(base.scenario, draw))
    return cells_at_once(base, changes) is not None


def same(one, other):
    return one.labels == other.labels and one.params.tobytes() == other.params.tobytes()


def assert_as_one_by_one(base, paths, draws):
    found = list(input_cells(base, paths, draws))
    assert len(found) == len(draws)
    for row, (cell, used) in zip(draws.tolist(), found, strict=True):
        loaded, alone = with_inputs(base, {}, dict(zip(paths, row, strict=True)))
        assert used == alone
        assert all(type(number) is float for number in used.values())
        assert same(cell, input_cell(loaded))


@settings(max_examples=examples(8))
@given(st.integers(0, 2**32), st.sampled_from(sorted(known())))
def test_sets_of_all_inputs_are_what_they_are_one_by_one(seed, name):
    base = load(name)
    paths, draws = sets_of(base, sets=7, seed=seed)
    assert is_fast(base, paths, draws)
    assert_as_one_by_one(base, paths, draws)


@pytest.mark.parametrize(
    "name", ["kursk-2025-03-13", "sumy-opens", "korea-1951", "winter-war-1940"]
)
def test_so_are_sets_of_a_model_of_weeks(name):
    base = load(name, set={"step_days": 7, ROUNDS: 14})
    paths, draws = sets_of(base, sets=7, seed=1, without=(ROUNDS,))
    assert is_fast(base, paths, draws)
    assert_as_one_by_one(base, paths, draws)


def test_blocks_follow_each_other(monkeypatch):
    monkeypatch.setattr(cells, "BLOCK", 5)
    assert_as_one_by_one(FLAGSHIP, *sets_of(FLAGSHIP, sets=12, seed=2))


# Words decide which statements of `build` run: one of each that takes a number.
KINDS = {
    "parties.russia.policy": {"name": "hardliner", "premium_km2": 5},
    "parties.ukraine.policy": {"name": "boulware", "beta": 0.4, "deadline_days": 90},
    "aid.rule": {
        "name": "conditional",
        "after_refusal_by": {"russia": 1.4, "ukraine": 0.1},
        "after_acceptance_by": {"ukraine": 1.1},
    },
    "negotiation.offers.freeze.line": {"held_km2": 3100},
    "negotiation.offers.freeze.hand_back": {"kursk": 0.5},
    "timeline": [
        {"date": "2025-03-15", "aid_level": 0.5},
        {"date": "2025-03-21", "audience_cost_km2": {"russia": 400}},
    ],
}
NUMBERS = {
    "horizon_days": (100, 180),
    "aid.level": (0, 2),
    "aid.rule.after_acceptance_by.ukraine": (1, 1.2),
    "aid.rule.after_refusal_by.russia": (1, 2),
    "chips.kursk.area_km2": (100, 1200),
    "chips.kursk.peak_km2": (1200, 1300),
    "negotiation.offers.freeze.hand_back.kursk": (0, 1),
    "negotiation.offers.freeze.line.held_km2": (2000, 4000),
    "negotiation.offers.thirty_days.duration_days": (20, 40),
    "parties.russia.policy.premium_km2": (0, 50),
    "parties.ukraine.policy.beta": (0.2, 2),
    "parties.ukraine.policy.deadline_days": (30, 120),
    "parties.ukraine.cost_of_war_km2": (0, 900),
    "timeline.0.aid_level": (0, 1),
    "timeline.1.audience_cost_km2.russia": (0, 500),
}


def test_every_kind_of_number_can_be_an_array():
    base = load(FLAGSHIP, set=KINDS)
    places = np.random.default_rng(1).random((9, len(NUMBERS)))
    low, high = np.array(list(NUMBERS.values())).T
    draws = low + places * (high - low)
    assert is_fast(base, list(NUMBERS), draws)
    assert_as_one_by_one(base, list(NUMBERS), draws)
    levels = {"name": "best_response", "levels": [0, 1, 2]}
    base = load(base, set={"aid.rule": levels})
    assert_as_one_by_one(base, ["aid.rule.levels.1"], np.linspace(0.5, 1.5, 6)[:, None])


def numbers_of(value, path=()):
    """Paths of all numbers of a scenario, costs of war as one."""
    if isinstance(value, PrivateCost | int | float) and not isinstance(value, bool):
        yield ".".join(map(str, path))
        return
    for name, inside in children(value).items():
        yield from numbers_of(inside, (*path, name))


WIDE = load(FLAGSHIP, set=KINDS)
ANY = [path for path in numbers_of(WIDE.scenario) if path != "schema_version"]


@st.composite
def wide_draws(draw):
    """A few numbers of the scenario, from near what they are to all that may be."""
    paths = draw(st.lists(st.sampled_from(ANY), min_size=1, max_size=4, unique=True))
    columns = []
    for path in paths:
        own = number_at(WIDE.scenario, tuple(path.split(".")))
        low, high = np.clip(bounds_of(path, 8000.0), -1e6, 1e6)
        ends = st.sampled_from([own, low, high, 0.0, 0.5 * own, 2.0 * own, 8000.0])
        first, last = draw(ends), draw(ends)
        places = draw(st.permutations([0.0, 0.1, 0.5, 0.9, 1.0]))
        columns.append(first + np.array(places) * (last - first))
    return paths, np.array(columns).T


@settings(max_examples=examples(60))
@given(wide_draws())
def test_whatever_is_built_at_once_is_what_it_is_one_by_one(asked):
    paths, draws = asked
    try:
        alone = list(cells._one_by_one(WIDE, paths, draws, first=0))
    except ScenarioError:
        assert not is_fast(WIDE, paths, draws)
        return
    for (one, used), (other, as_used) in zip(
        input_cells(WIDE, paths, draws), alone, strict=True
    ):
        assert used == as_used
        assert same(one, other)


def test_a_regime_that_may_or_may_not_grow_opens_as_it_does_alone():
    base = load("sumy-opens")
    [path] = [
        each.path for each in inputs_of(base, ()) if each.path.endswith("gain_per_week")
    ]
    assert_as_one_by_one(base, [path], np.array([[0.0], [0.1], [0.0], [0.2], [0.3]]))


PLAIN = {"cost_of_war_km2": 640, "belief": {"drift_km2_per_week": -30}}


@pytest.mark.parametrize(
    ("changes", "path", "ends"),
    [
        # the noise of a decision is a part of the stake where it is left out
        ({"parties.russia": PLAIN}, STAKE, (7000, 9000)),
        # a weight of 0: who may offer follows from it
        (
            {"negotiation.offers": None, "timeline": []},
            "negotiation.proposer_weights.russia",
            (0, 0.2),
        ),
        # a step has to divide the days between rounds
        ({"step_days": 7}, ROUNDS, (7, 7)),
    ],
)
def test_what_follows_from_an_input_is_as_one_by_one(changes, path, ends):
    base = load(FLAGSHIP, set=changes)
    draws = np.linspace(*ends, 6)[:, None]
    assert not is_fast(base, [path], draws)
    assert_as_one_by_one(base, [path], draws)


def test_a_corner_that_is_no_scenario_does_not_refuse_the_sets():
    paths, draws = [STAKE, HELD], np.array([[3000.0 + 500 * i] * 2 for i in range(6)])
    draws[:, 1] -= 100.0
    assert not is_fast(FLAGSHIP, paths, draws)
    assert_as_one_by_one(FLAGSHIP, paths, draws)


@pytest.mark.parametrize(
    ("path", "usual", "wrong", "says"),
    [
        (HELD, 3200.0, 8000.0, "not less than the stake"),
        ("truce.breakdown_per_week", 0.04, 1.0, "no chance to last"),
        ("discount_factor_per_week", 0.98, 1.0, "discount_factor_per_week: 1 is above"),
        ("aid.level", 1.0, -0.5, "aid.level: -0.5 is below 0"),
        ("aid.level", 1.0, float("nan"), "aid.level: needs a finite number"),
        ("negotiation.counter_after_days", 1.0, -3.0, "-3 is below 0"),
        ("front.volatility_km2_per_week", 61.0, 0.0, "must be 0 where volatility"),
    ],
)
def test_a_set_that_is_no_scenario_is_refused_with_its_number(path, usual, wrong, says):
    base = load(
        FLAGSHIP,
        set={"truce.monitoring_effect": 0, "truce.pressure_effect": 0},
    )
    draws = np.full((8, 1), usual)
    draws[5] = wrong
    built = input_cells(base, [path], draws, first=20)
    assert len(list(islice(built, 5))) == 5
    with pytest.raises(ScenarioError) as error:
        next(built)
    assert all(each.startswith("input set 25: ") for each in error.value.problems)
    assert says in str(error.value)


@pytest.mark.parametrize("name", sorted(known()))
def test_any_set_of_a_shipped_scenario_is_known_to_be_one(name):
    base = load(name)
    assert are_scenarios(base, inputs_of(base, ()))


@pytest.mark.parametrize(
    ("path", "value", "low", "high"),
    [
        (HELD, 3200, 3000, 9000),
        ("aid.level", 1, -1, 1),
        ("truce.breakdown_per_week", 0.04, 0.01, 1.0),
    ],
)
def test_a_bound_that_cannot_be_makes_sets_doubtful(path, value, low, high):
    base = load(FLAGSHIP, set={"truce.monitoring_effect": 0})
    assert not are_scenarios(base, [Input(path, low, high)])
    assert are_scenarios(base, [Input(path, low, value)]) == (path != "aid.level")


def test_samples_of_several_cells_are_what_they_are_one_by_one():
    inputs = inputs_of(FLAGSHIP, ())
    draws = [values_of(FLAGSHIP, inputs) | {HELD: 3000.0 + i} for i in range(7)]
    asked = [Sample(draw, range(i, i + 2)) for i, draw in enumerate(draws)]
    weekly = {"step_days": 7, "horizon_days": 70}
    asked += [Sample({}, range(3), weekly) for _ in range(2)]
    found = list(run_samples(FLAGSHIP, asked, dict, seed=5, threads=2))
    assert len(found) == len(asked)
    for sample, (used, columns) in zip(asked, found, strict=True):
        loaded, alone = with_inputs(FLAGSHIP, sample.settings, sample.draw)
        assert used == alone
        worlds = run_worlds(input_cell(loaded), 5, sample.replicates)
        for name, column in worlds.items():
            np.testing.assert_array_equal(columns[name], column)


POINTS = {
    "chips.kursk.area_km2": "0:900",
    "chips.kursk.peak_km2": "909:1247",
    "parties.russia.cost_of_war_km2": "480:800",
    "negotiation.repeat_after_days": "14:60",
    "negotiation.offers.freeze.duration_days": [30, None, 90],
    "negotiation.offers.freeze.line": ["in_place", "optimal"],
}


@pytest.mark.parametrize("method", ["lhs:60", "sobol:64"])
def test_points_of_numbers_and_words_are_what_they_are_one_by_one(method, monkeypatch):
    design = make_design(POINTS, method, reference={}, seed=4)
    alone = [
        input_cell(resolve(FLAGSHIP, design.changes(index)))
        for index in range(len(design))
    ]
    slow = []
    monkeypatch.setattr("sim.batch.plan.input_cell", slow.append)
    built = build_cells(FLAGSHIP, design)
    assert not slow
    assert all(map(same, built, alone))


def test_of_points_one_of_which_is_no_scenario_that_one_is_refused():
    points = tuple((float(held),) for held in (3000, 3100, 3200, 9000, 3300, 3400))
    with pytest.raises(ScenarioError, match=r"point 4: front\.held_km2: 9000"):
        build_cells(FLAGSHIP, Design((HELD,), points))
    points = tuple((float(step),) for step in (1, 7, 1, 7, 7))
    found = build_cells(FLAGSHIP, Design(("step_days",), points))
    assert [cell.labels.step_days for cell in found] == [1, 7, 1, 7, 7]


def test_an_area_above_a_peak_is_refused_also_between_the_corners():
    paths = ("chips.kursk.area_km2", "chips.kursk.peak_km2")
    points = ((100.0, 1000.0), (900.0, 950.0), (800.0, 600.0), (500.0, 590.0))
    with pytest.raises(ScenarioError, match=r"point 3: .*above the peak"):
        build_cells(FLAGSHIP, Design(paths, points))


def test_one_set_has_the_bytes_that_it_has_among_many():
    alone = build(FLAGSHIP.scenario)
    assert build(FLAGSHIP.scenario, 3).tobytes() == 3 * alone.tobytes()
