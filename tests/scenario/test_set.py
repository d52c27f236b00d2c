"""`--set PATH=VALUE` and `load(..., set={...})`: one value changed for one call."""

import datetime

import numpy as np
import pytest

from sim.errors import ScenarioError, UsageError
from sim.scenario.load import load, resolve
from sim.scenario.overrides import parse_assignment
from sim.scenario.provenance import known_paths


def _refusal(loaded, changes):
    with pytest.raises(ScenarioError) as caught:
        resolve(loaded, changes)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chips.kursk.area_km2=400", ("chips.kursk.area_km2", 400)),
        ("a.b = 1e3", ("a.b", 1000.0)),
        ("a=010", ("a", 10)),
        ("a=no", ("a", "no")),
        ("a=", ("a", None)),
        ("a=null", ("a", None)),
        ("a=[1, x]", ("a", [1, "x"])),
        ("a={value: 2, low: 1}", ("a", {"value": 2, "low": 1})),
        ("a=b=c", ("a", "b=c")),
        ("a=2025-03-20", ("a", "2025-03-20")),
    ],
)
def test_a_value_is_read_as_yaml(text, expected):
    assert parse_assignment(text) == expected


@pytest.mark.parametrize("text", ["chips.kursk.area_km2", "=3", "", " =3"])
def test_without_path_and_equals_sign_it_is_a_wrong_use(text):
    with pytest.raises(UsageError):
        parse_assignment(text)


@pytest.mark.parametrize("value", ["[1", "!x 1", "{a: 1, a: 2}", "'"])
def test_a_value_that_is_not_yaml_names_its_path(value):
    with pytest.raises(ScenarioError, match=r"^--set: a\.b: "):
        parse_assignment(f"a.b={value}")


def test_a_quantity_is_replaced_whole(flagship):
    known = known_paths(resolve(flagship, {"chips.kursk.area_km2": 400}))
    area = known["chips.kursk.area_km2"]
    assert area.value == 400
    assert area.annotation.kind == "set"
    assert area.annotation.low is None
    assert area.annotation.source is None


def test_value_changes_the_number_alone(flagship):
    known = known_paths(resolve(flagship, {"chips.kursk.area_km2.value": 200}))
    area = known["chips.kursk.area_km2"]
    assert area.value == 200
    assert area.annotation.kind == "set"
    assert (area.annotation.low, area.annotation.high) == (152, 227)
    assert "DeepStateMap" in area.annotation.source


def test_a_number_outside_its_own_bounds_is_refused(flagship):
    [problem] = _refusal(flagship, {"chips.kursk.area_km2.value": 300})
    assert problem.startswith(
        "--set: chips.kursk.area_km2.value: 300 is outside its own low and high"
    )
    assert "--set chips.kursk.area_km2=300" in problem


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("cost_of_war_km2", 90, (90, (90, 90))),
        ("cost_of_war_km2.value", 700, (700, (480, 1120))),
        ("cost_of_war_km2.private", [0, 1200], (800, (0, 1200))),
        ("cost_of_war_km2", {"value": 90, "private": [50, 95]}, (90, (50, 95))),
    ],
)
@pytest.mark.parametrize("scenario", ["flagship", "valley"])
def test_a_cost_of_war_keeps_or_loses_its_interval(
    scenario, path, value, expected, flagship, write
):
    loaded, side = flagship, "ukraine"
    if scenario == "valley":  # where it is written without low and high
        cost = "cost_of_war_km2: {value: 800, private: [480, 1120]}"
        loaded, side = load(write(("cost_of_war_km2: 200", cost))), "north"
    cost = resolve(loaded, {f"parties.{side}.{path}": value}).scenario.parties[side]
    assert (cost.cost_of_war_km2.value, cost.cost_of_war_km2.private) == expected


def test_a_default_of_which_a_part_is_set_keeps_the_rest(write):
    short = load(write())
    changes = {
        "negotiation.offers.freeze.monitoring": 0.5,
        "negotiation.proposer_weights.south": 3,
        "parties.north.belief.weight_weeks": 5,
        "chips.bridge.regimes.unchanged.loss_per_week": 0.1,
    }
    scenario = resolve(short, changes).scenario
    offers = scenario.negotiation.offers
    assert set(offers) == {"freeze", "thirty_days"}
    assert offers["freeze"].duration_days is None
    assert offers["freeze"].monitoring == 0.5
    assert scenario.negotiation.proposer_weights == {"north": 1, "south": 3}
    assert scenario.parties["north"].belief.weight_weeks == 5
    assert scenario.parties["north"].belief.drift_km2_per_week == 10
    assert scenario.chips["bridge"].regimes["unchanged"].loss_per_week == 0.1
    assert scenario.chips["bridge"].value_km2 == {"north": 20, "south": 20}


def test_a_place_in_a_list_can_be_set(flagship):
    conditions = "parties.russia.conditions.1"
    scenario = resolve(flagship, {conditions: "monitoring"}).scenario
    assert scenario.parties["russia"].conditions == ("hand_back", "monitoring")


def test_whole_blocks_and_new_entries_can_be_set(flagship):
    sumy = {"holder": "russia", "area_km2": 0, "peak_km2": 400}
    swap = {"line": {"held_km2": 3600}, "duration_days": None}
    changes = {"chips.sumy": sumy, "negotiation.offers.swap": swap}
    scenario = resolve(flagship, changes).scenario
    assert set(scenario.chips) == {"kursk", "sumy"}
    assert scenario.negotiation.offers["swap"].line.held_km2 == 3600


def test_a_dated_event_can_be_moved(flagship):
    day = datetime.date(2025, 3, 20)
    scenario = resolve(flagship, {"timeline.0.date": day}).scenario
    assert scenario.timeline[0].date == day


def test_values_of_numpy_are_numbers(flagship):
    for value in (np.float64(400), np.int64(400), np.float32(400)):
        changed = resolve(flagship, {"chips.kursk.area_km2": value})
        assert type(changed.scenario.chips["kursk"].area_km2) is float
        assert changed.hash == resolve(flagship, {"chips.kursk.area_km2": 400}).hash


def test_what_was_loaded_is_not_changed(flagship):
    before = flagship.scenario.model_dump_json()
    data = repr(flagship.sourced.data)
    resolve(flagship, {"chips.kursk.area_km2": 400, "timeline.0.date": "2025-03-20"})
    assert flagship.scenario.model_dump_json() == before
    assert repr(flagship.sourced.data) == data


def test_a_change_can_follow_another(flagship):
    once = resolve(flagship, {"aid.level": 0.5})
    twice = resolve(once, {"chips.kursk.area_km2": 400})
    both = load("kursk-2025-03-13", set={"chips.kursk.area_km2": 400, "aid.level": 0.5})
    assert twice.hash == both.hash


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("chips.kursk.area_km", "unknown field; did you mean 'area_km2'?"),
        ("chips.krusk.area_km2", "unknown entry; did you mean 'kursk'?"),
        ("chps.kursk.area_km2", "unknown field; did you mean 'chips'?"),
        ("parties.ukrain.belief", "did you mean 'ukraine'?"),
        ("negotiation.offers.thirty_day.monitoring", "did you mean 'thirty_days'?"),
        ("parties.ukraine.policy.premium_km2", "unknown field"),
        ("front.share", "since schema_version 2 it is held_km2 (times the stake)"),
        ("front.step_km2", "gone since schema_version 2, where the line has no steps"),
        ("timeline.1.date", "no such value"),
        ("front.side.x", "unknown field"),
        ("", "no such value"),
        ("front..held_km2", "no such value"),
    ],
)
def test_an_unknown_path_brings_the_nearest(path, expected, flagship):
    [problem] = _refusal(flagship, {path: 1})
    assert problem.startswith("--set: ")
    assert problem.endswith(expected)


def test_all_that_is_wrong_with_the_changes_is_reported_together(flagship):
    changes = {
        "front.held_km2": 9000,
        "aid.levl": 1,
        "chips.kursk.area_km2": float("nan"),
        "step_days": 2,
    }
    found = _refusal(flagship, changes)
    assert all(each.startswith("--set: ") for each in found)
    assert [each.split(": ")[1] for each in sorted(found)] == [
        "aid.levl",
        "chips.kursk.area_km2",
        "front.held_km2",
        "negotiation.round_every_days",
    ]


@pytest.mark.parametrize("value", [10**400, [10**400], object(), {1: 2}, b"x", True])
def test_no_value_of_python_gets_through_or_crashes(value, flagship):
    assert _refusal(flagship, {"front.held_km2": value})
    assert _refusal(flagship, {"front": value})
    assert _refusal(flagship, {"chips.kursk.area_km2.value": value})
    assert _refusal(flagship, {"chips.kursk.area_km2": {"value": 1, "low": value}})


def test_a_change_inside_what_another_replaces_is_not_lost_in_silence(flagship):
    changes = {"timeline": [], "timeline.0.date": "2025-03-20"}
    assert _refusal(flagship, changes) == [
        "--set: timeline.0.date: another change takes away what it is in"
    ]
