"""Accounts of decisions: parts that sum, and the choice that was taken."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.decisions.payoffs import NO_OFFER
from sim.analysis.decisions.weighing import account, choose
from sim.model.world import AID, ANSWER, CONDITIONS, PROPOSAL, THREAT, walk
from sim.scenario.load import load
from tests.analysis.worlds import ALL, FLAGSHIP, WORLDS
from tests.conftest import examples


@cache
def scenes(name, replicate=0):
    base, changes = WORLDS[name]
    return walk(load(base, set=changes), 1, replicate).scenes


def everything(replicates=2):
    return [
        scene
        for name in WORLDS
        for replicate in range(replicates)
        for scene in scenes(name, replicate)
    ]


def test_all_kinds_of_decisions_are_looked_at():
    found = {scene.kind for scene in everything()}
    assert found == {ANSWER, CONDITIONS, PROPOSAL, AID, THREAT}


def check(scene):
    told = account(scene)
    gap = math.fsum(told.parts.values()) - (told.first.worth - told.second.worth)
    assert abs(gap) < 1e-8
    assert choose(scene, scene.params, scene.world).choice == told.choice
    if scene.kind == ANSWER:
        reason = scene.event["reason"]
        assert told.choice == (
            "accept" if scene.event["type"] == "acceptance" else "refuse"
        )
        assert told.first.worth == pytest.approx(reason["accept"], abs=1e-9)
        assert told.second.worth == pytest.approx(reason["fight_on"], abs=1e-9)
        assert told.noise == reason["noise"]
        assert told.aspiration == pytest.approx(reason["aspiration"], abs=1e-9)
        assert told.parts == pytest.approx(reason["parts"], abs=1e-8)
    elif scene.kind == CONDITIONS:
        assert set(told.choice.split(" + ")) == set(scene.event["terms"]["conditions"])
        (named,) = (each for each in told.options if each.name == told.choice)
        assert named.gain == pytest.approx(told.difference, abs=1e-8)
        assert named.chance == max(each.chance for each in told.options)
    elif scene.kind == PROPOSAL:
        made = NO_OFFER if scene.event is None else scene.event["offer"]
        assert told.choice == made
    if scene.kind in (PROPOSAL, AID) and told.choice != NO_OFFER:
        assert told.choice == told.first.name
        assert told.weighed >= 0.0
    return told


def test_parts_of_every_decision_sum_to_the_compared_numbers():
    for scene in everything():
        check(scene)


numbers = {
    "chips.kursk.area_km2": st.floats(0.0, 1078.0),
    "aid.level": st.floats(0.0, 2.0),
    "aid.long_run_level": st.floats(0.0, 1.5),
    "parties.russia.belief.drift_km2_per_week": st.floats(-80.0, 40.0),
    "parties.ukraine.bargaining_weight": st.floats(0.0, 0.5),
    "parties.russia.bargaining_weight": st.floats(0.0, 0.5),
    "parties.russia.audience_cost_km2": st.floats(0.0, 400.0),
    "parties.ukraine.claimed_km2": st.floats(0.0, 8000.0),
    "parties.united_states.pressure": st.floats(0.0, 2.0),
    "truce.breakdown_per_week": st.floats(0.0, 0.3),
    "truce.settlement_per_week": st.floats(0.0, 0.1),
    "negotiation.offers.thirty_days.aid_freeze": st.floats(0.0, 1.0),
    "negotiation.offers.freeze.sanctions_relief": st.floats(0.0, 1.0),
    "negotiation.offers.thirty_days_back.duration_days": st.integers(1, 400),
    "negotiation.offers.freeze.line": st.sampled_from(
        ["in_place", {"held_km2": 3600}, "optimal"]
    ),
    "negotiation.proposer_weights": st.fixed_dictionaries(
        {name: st.sampled_from([0, 1]) for name in ALL}
    ).filter(lambda weights: any(weights.values())),
    "negotiation.offers.freeze.offered_by": st.sampled_from([ALL, ALL[2:], ALL[:2]]),
    "parties.russia.policy": st.sampled_from(
        [
            {"name": "best_response"},
            {"name": "conceder"},
            {"name": "hardliner", "premium_km2": 80},
            {"name": "quantal"},
        ]
    ),
    "aid.rule": st.sampled_from(
        [
            {"name": "scripted"},
            {"name": "best_response", "levels": [0, 0.7, 1.5]},
            {
                "name": "conditional",
                "after_refusal_by": {"ukraine": 0, "russia": 1.5},
                "after_acceptance_by": {"ukraine": 1},
            },
        ]
    ),
}


@settings(max_examples=examples(15))
@given(
    changes=st.fixed_dictionaries({}, optional=numbers),
    replicate=st.integers(0, 1000),
)
def test_parts_sum_in_any_world(changes, replicate):
    for scene in walk(load(FLAGSHIP, set=changes), 1, replicate).scenes:
        check(scene)


def test_parts_sum_where_a_settlement_is_all_but_impossible():
    changes = {"chips.kursk.area_km2": 0.0, "truce.settlement_per_week": 3e-303}
    for scene in walk(load(FLAGSHIP, set=changes), 1, 0).scenes:
        check(scene)


def test_looking_at_a_decision_changes_nothing():
    for scene in scenes("best level of aid") + scenes("conditional aid")[:12]:
        before = scene.world.tobytes(), scene.params.tobytes()
        account(scene)
        choose(scene, scene.params, scene.world)
        assert (scene.world.tobytes(), scene.params.tobytes()) == before


def test_a_decision_is_taken_afresh_at_other_numbers():
    scene = next(each for each in scenes("flagship") if each.kind == ANSWER)
    world = scene.world.copy()
    world["cost"][0, scene.seat] = 0.0
    here, there = (
        choose(scene, scene.params, scene.world),
        choose(scene, scene.params, world),
    )
    assert (here.choice, there.choice) == ("accept", "refuse")
    assert here.numbers != there.numbers
    assert np.isfinite(account(scene, scene.params, world).difference)
