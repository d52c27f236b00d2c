"""Which belligerent a file calls `front.side` changes nothing but the words.

A mirrored scenario states land, drifts, beliefs and lines as those of the other side.
Luck is that of the parties, by name, so the same wars are fought. What is counted is
equal; what is measured differs by rounding, as a sum is not taken in the same order.
"""

from itertools import starmap

import numba
import numpy as np
import pytest

from sim.model.engine import simulate
from sim.model.labels import labels_of
from sim.model.outcome import outcomes
from sim.model.parameters import build
from sim.scenario.defaults import completed
from sim.scenario.library import shipped
from sim.scenario.load import load
from sim.scenario.references import gather
from sim.scenario.schema import Scenario

REPLICATES = range(5 if numba.config.DISABLE_JIT else 100)
# of the stake, by which outcomes may differ
ROUNDING = 1e-14
# A line that is searched for is found to the root of that, its worth being flat there
SEARCHED = 1e-7

PARTIES = ("defeated", "truce_by")


def mirrored(scenario):
    """The same war, told from the other side, with all that depends on it written."""
    data = scenario.model_dump()
    data["front"]["side"] = scenario.sides[1]
    stake = scenario.front.stake_km2
    data["front"]["held_km2"] = stake - scenario.front.held_km2
    turned = [data["front"]]
    turned += [data["parties"][name]["belief"] for name in scenario.sides]
    for place in turned:
        place["drift_km2_per_week"] = -place["drift_km2_per_week"]
    for offer in data["negotiation"]["offers"].values():
        if isinstance(offer["line"], dict):
            offer["line"]["held_km2"] = stake - offer["line"]["held_km2"]
    full = completed(data)
    return Scenario.model_validate(full, context=gather(full))


def told(scenario):
    """Outcomes of some worlds, one array each: parties by name, seats nowhere."""
    names = labels_of(scenario)
    worlds = simulate(build(scenario), seed=1, replicates=REPLICATES)
    columns = outcomes(worlds, names)
    for key in PARTIES:
        seats = [names.party(int(seat)) or "nobody" for seat in columns[key]]
        columns[key] = np.array(seats)
    return columns


def parted(scenario, bound):
    """Outcomes in which the mirrored scenario differs, and the first such replicate."""
    stake = scenario.front.stake_km2
    one, other = told(scenario), told(mirrored(scenario))
    assert one.keys() == other.keys()

    def differ(key, a, b):
        if a.dtype.kind != "f":
            return key, a != b
        if key.startswith("held_km2"):
            b = stake - b
        return key, ~np.isclose(a, b, rtol=0.0, atol=bound * stake, equal_nan=True)

    found = starmap(differ, ((key, one[key], other[key]) for key in one))
    return {key: int(np.argmax(off)) for key, off in found if off.any()}


def test_the_mirror_turns_what_belongs_to_a_side_and_nothing_else():
    """Else the tests below would compare a scenario with itself."""
    scenario = load("swap-offered").scenario
    other = mirrored(scenario)
    assert other.sides == scenario.sides[::-1]
    assert other.front.held_km2 == 4800.0
    assert other.front.drift_km2_per_week == 28.0
    assert other.parties["russia"].belief.drift_km2_per_week == 36.0
    assert other.negotiation.offers["swap"].line.held_km2 == 4400.0
    costs = [x.parties["russia"].cost_of_war_km2 for x in (scenario, other)]
    assert costs[0] == costs[1]
    assert other.chips == scenario.chips
    assert other.timeline == scenario.timeline


@pytest.mark.parametrize("name", sorted(set(shipped()) - {"swap-offered"}))
def test_every_scenario_gives_the_same_worlds_told_from_the_other_side(name):
    assert parted(load(name).scenario, ROUNDING) == {}


def test_so_does_one_with_a_line_that_is_searched_for():
    assert parted(load("swap-offered").scenario, SEARCHED) == {}


SCRIPT = [{"date": "2025-03-13", "offer": "thirty_days", "answer": "reject"}]
STRIKES = {
    "kind": "partial",
    "offered_by": ["united_states", "russia"],
    "relief": {"ukraine": 0.3, "russia": 0.1},
}
RULES = {
    "quantal and hardliner": {
        "parties.ukraine.policy": {"name": "quantal"},
        "parties.russia.policy": {"name": "hardliner", "premium_km2": 8},
    },
    "boulware and conceder": {
        "parties.ukraine.policy": {"name": "boulware"},
        "parties.russia.policy": {"name": "conceder", "deadline_days": 60},
    },
    "a script, and a patron that presses": {
        "parties.russia.policy": {"name": "scripted", "answers": SCRIPT},
        "parties.united_states.pressure": 1.0,
    },
    "both propose, claim and bargain": {
        "negotiation.proposer_weights": {"russia": 1, "ukraine": 1},
        "negotiation.offers.freeze.offered_by": ["russia", "ukraine"],
        "negotiation.offers.strikes": STRIKES,
        "parties.ukraine.bargaining_weight": 0.2,
        "parties.ukraine.claimed_km2": 3600,
        "parties.ukraine.audience_cost_km2": 80,
        "parties.russia.bargaining_weight": 0.1,
    },
    "the patron aids the other side, which holds the chip": {
        "parties.united_states.supports": "russia",
        "chips.kursk.holder": "russia",
        "aid.level": 0.5,
        "aid.revert_per_week": 0.1,
    },
    "longer steps, all conditions": {
        "step_days": 7,
        "parties.ukraine.conditions": ["hand_back", "monitoring"],
        "parties.russia.conditions": ["hand_back", "sanctions_relief"],
    },
}


@pytest.mark.parametrize("rules", RULES)
def test_so_do_other_rules_and_policies(rules):
    changes = {"chips.kursk.area_km2": 600, **RULES[rules]}
    scenario = load("kursk-2025-03-13", set=changes).scenario
    assert parted(scenario, ROUNDING) == {}
