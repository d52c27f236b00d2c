"""Each term of an offer changes who signs it, or what becomes of it, as it should."""

import pytest

from tests.directions.directions import (
    ANSWER,
    DOWN,
    SAME,
    UP,
    Case,
    check,
    signed,
    tabled,
)

# Uncompiled, two thousand worlds a case take minutes.
pytestmark = pytest.mark.compiled

OFFERS = "negotiation.offers"
THIRTY, BACK, FREEZE = f"{OFFERS}.thirty_days", f"{OFFERS}.thirty_days_back", "freeze"

# the worth of a quiet front: Ukraine fears for its land, Russia hopes for more
STRIKES = {
    f"{OFFERS}.strikes": {
        "kind": "partial",
        "offered_by": ["united_states"],
        "duration_days": 30,
        "relief": {"ukraine": 0.2, "russia": 0.2},
    },
    **ANSWER,
    **tabled("strikes"),
}
BY_UKRAINE = {
    "horizon_days": 30,
    "timeline": [],
    f"{OFFERS}.freeze.offered_by": ["ukraine"],
    f"{OFFERS}.freeze.hand_back": {"kursk": 1},
    f"{OFFERS}.freeze.sanctions_relief": 0.5,
    "negotiation.proposer_weights": {"ukraine": 1, "united_states": 0},
}
# the patron has one offer for its round of the first day, and may keep it to itself
ONE_OFFER = {
    **ANSWER,
    "timeline": [],
    f"{OFFERS}.thirty_days_back.offered_by": ["ukraine"],
    f"{OFFERS}.thirty_days_back_aid.offered_by": ["ukraine"],
    f"{OFFERS}.freeze.offered_by": ["ukraine"],
    f"{OFFERS}.energy_truce.offered_by": ["ukraine"],
    f"{THIRTY}.line": {"held_km2": 3600},
    f"{THIRTY}.sanctions_relief": 1,
}

CASES = [
    Case(
        "a longer truce",
        {f"{THIRTY}.duration_days": 180},
        {"accepts.ukraine": UP, "accepts.russia": DOWN},
        "Ukraine expects to lose more land than it wins, Russia to win more than it "
        "loses, and a longer truce holds the line longer",
    ),
    Case(
        "a line that leaves Ukraine more",
        {f"{THIRTY}.line": {"held_km2": 3600}},
        {"accepts.ukraine": UP, "accepts.russia": DOWN},
        "S04: y_U = x and y_R = 1 - x, and both fight on from there",
    ),
    Case(
        "a line, further back",
        {f"{THIRTY}.line.held_km2": 2800},
        {"accepts.ukraine": DOWN, "accepts.russia": UP},
        "S04",
        {**ANSWER, f"{THIRTY}.line": {"held_km2": 3600}},
    ),
    Case(
        "the optimal line in place of the line of the day",
        {f"{OFFERS}.freeze.line": "optimal"},
        {"full_truce": UP},
        "its author gives up land that Russia would fight for, and signs for the rest",
        BY_UKRAINE,
    ),
    Case(
        "the chip handed back",
        {f"{THIRTY}.hand_back": {"kursk": 1}},
        {"accepts.russia": UP, "chips_km2.kursk": DOWN},
        "S07: it is worth more to Russia than fighting on for what is left of it",
    ),
    Case(
        "aid frozen",
        {f"{THIRTY}.aid_freeze": 1},
        {"accepts.ukraine": DOWN, "accepts.russia": UP},
        "S16: a freeze costs Ukraine kap_f and its rearmament",
    ),
    Case(
        "sanctions lifted",
        {f"{THIRTY}.sanctions_relief": 1},
        {"accepts.russia": UP, "accepts.ukraine": SAME},
        "S19: gam g is paid to Russia and nothing to Ukraine",
    ),
    Case(
        "monitoring of a truce that is signed",
        {f"{OFFERS}.freeze.monitoring": 1},
        {"truces_broken": DOWN},
        "S17: beta_m takes from the log-hazard of break-down",
        {**signed("freeze", 90), f"{OFFERS}.freeze.monitoring": 0.1},
    ),
    Case(
        "monitoring of an offer that beats war",
        {f"{OFFERS}.freeze.monitoring": 1},
        {"accepts.ukraine": UP},
        "S17: what is better than war for Ukraine lasts longer",
        {
            **ANSWER,
            **tabled("freeze"),
            f"{OFFERS}.freeze.monitoring": 0,
            "parties.ukraine.decision_noise_km2": 160,
            # else a longer truce also shifts power, which is another effect
            "parties.russia.rearmament_km2_per_week": 0.4,
        },
    ),
    Case(
        "a partial truce in place of a full one",
        {THIRTY: {"kind": "partial", "relief": {"ukraine": 0.2, "russia": 0.2}}},
        {"accepts.russia": UP, "accepts.ukraine": DOWN},
        "the war goes on, which Russia prefers to the line in place, and Ukraine not",
    ),
    Case(
        "a partial truce that spares Ukraine more",
        {f"{OFFERS}.strikes.relief.ukraine": 0.5},
        {"accepts.ukraine": UP, "accepts.russia": DOWN},
        "relief_U c_U is spared to Ukraine, and is harm that Russia forgoes",
        STRIKES,
    ),
    Case(
        "a partial truce that spares Russia more",
        {f"{OFFERS}.strikes.relief.russia": 0.5},
        {"accepts.russia": UP, "accepts.ukraine": DOWN},
        "the same for the other side",
        STRIKES,
    ),
    Case(
        "harm to the other side worth more",
        {"parties.russia.value_of_harm": 1.5},
        {"accepts.russia": DOWN, "accepts.ukraine": SAME},
        "theta_R is the price of what Russia forgoes in a partial truce",
        STRIKES,
    ),
    Case(
        "an offer that only the other may make",
        {f"{THIRTY}.offered_by": ["ukraine"]},
        {"refusals.russia": DOWN},
        "what the patron may not offer nobody is asked",
        ONE_OFFER,
    ),
    Case(
        "sanctions relief that costs the patron more",
        {"parties.united_states.sanctions_relief_cost_km2": 8000},
        {"refusals.russia": DOWN},
        "kap_g g is more than the end of the war is worth to it: it offers nothing",
        ONE_OFFER,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_term(case):
    check(case)
