"""Talks and truces: conditions, rounds and dates, and how a truce goes and ends."""

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

U, R = "parties.ukraine", "parties.russia"
TALKS = "negotiation"
FREEZE = f"{TALKS}.offers.freeze"

# both would sign at almost any price: what counts is when they are asked
WEARY = {
    "horizon_days": 40,
    "timeline": [],
    f"{U}.cost_of_war_km2": {"value": 2400, "private": [2000, 2800]},
    f"{R}.cost_of_war_km2": {"value": 2400, "private": [2000, 2800]},
}
ROUNDS = {"horizon_days": 60, "timeline": []}
# no settlement where both are so hopeful that nothing is left to share
SETTLING = {**signed("freeze", 60), f"{U}.belief.drift_km2_per_week": -24}

SHAKY = {
    "truce.breakdown_per_week": 0.3,
    f"{TALKS}.offers.thirty_days.duration_days": 90,
    f"{TALKS}.offers.thirty_days.monitoring": 0,
}
SUMY = {
    "chips.sumy": {
        "holder": "russia",
        "area_km2": 400,
        "peak_km2": 400,
        "value_km2": {"russia": 32, "ukraine": 480},
        "regimes": {"held": {}},
    }
}
CONDITIONS = [
    Case(
        f"{condition} as a condition of {party.partition('.')[2]}",
        {f"{party}.conditions": [condition]},
        {"full_truce": UP},
        f"{why} makes it sign what it would refuse, and the other side may accept that",
        {
            **ANSWER,
            "horizon_days": 3,
            f"{U}.conditions": [],
            f"{R}.conditions": [],
            f"{other}.decision_noise_km2": 240,
            **more,
        },
    )
    for party, other, condition, why, more in [
        (R, U, "hand_back", "its own land", {}),
        (R, U, "aid_freeze", "a Ukraine that rearms less", {}),
        (R, U, "sanctions_relief", "relief", {}),
        (U, R, "monitoring", "a truce that lasts", SHAKY),
        (U, R, "hand_back", "its own land", SUMY),
    ]
]

ROUNDS_AND_TRUCES = [
    Case(
        "a side that proposes in place of the patron",
        {f"{TALKS}.proposer_weights.ukraine": 3},
        {"author.ukraine": UP, "author.united_states": DOWN},
        "each round its author is drawn by weight",
        {**WEARY, f"{FREEZE}.offered_by": ["ukraine", "united_states"]},
    ),
    Case(
        "a later first round",
        {f"{TALKS}.first_round": "2025-03-27"},
        {"first_full_truce_day": UP},
        "nobody is asked before",
        WEARY,
    ),
    Case(
        "rarer rounds",
        {f"{TALKS}.round_every_days": 28},
        {"refusals.russia": DOWN},
        "fewer offers are made",
        ROUNDS,
    ),
    Case(
        "offers repeated sooner",
        {f"{TALKS}.repeat_after_days": 7},
        {"refusals.russia": UP},
        "a refused offer may be put again in the next round",
        {**ROUNDS, f"{TALKS}.repeat_after_days": 60},
    ),
    Case(
        "a slower counter-offer",
        {f"{TALKS}.counter_after_days": 6},
        {"refusals.ukraine": DOWN},
        "it is not put in these days, and so not refused",
        {"horizon_days": 4},
    ),
    Case(
        "an offer by date",
        tabled("freeze"),
        {"days_of_war": DOWN},
        "it does not wait for a round",
        {**WEARY, f"{TALKS}.first_round": "2025-04-03"},
    ),
    Case(
        "an offer by a later date",
        {
            "timeline": [
                {"date": "2025-03-20", "offer": "freeze", "by": "united_states"}
            ]
        },
        {"first_full_truce_day": UP},
        "it is put on that day",
        {**WEARY, f"{TALKS}.first_round": "2025-04-03", **tabled("freeze")},
    ),
    Case(
        "a dated offer by a side",
        tabled("freeze", by="russia"),
        {"refusals.russia": DOWN, "refusals.ukraine": SAME},
        "its author is bound by it and is not asked",
        {
            **ANSWER,
            f"{FREEZE}.offered_by": ["russia", "united_states"],
            **tabled("freeze"),
        },
    ),
    Case(
        "truces that break sooner",
        {"truce.breakdown_per_week": 0.3},
        {"truces_broken": UP},
        "h0 is the hazard without monitoring",
        signed("freeze", 90),
    ),
    Case(
        "monitoring that works better",
        {"truce.monitoring_effect": 4.0},
        {"truces_broken": DOWN},
        "S17: beta_m mon is taken from the log-hazard",
        signed("freeze", 90),
    ),
    Case(
        "truces under pressure",
        {"parties.united_states.pressure": 3.0},
        {"truces_broken": UP},
        "S18: what was pressed for breaks sooner",
        signed("freeze", 90),
    ),
    Case(
        "pressure that weakens truces more",
        {"truce.pressure_effect": 2.0},
        {"truces_broken": UP},
        "S18: beta_p is the effect of a unit of it",
        {**signed("freeze", 90), "parties.united_states.pressure": 1.0},
    ),
    Case(
        "talks on a settlement that go faster",
        {"truce.settlement_per_week": 0.1},
        {"settled": UP},
        "pi is the hazard of a settlement in a truce",
        SETTLING,
    ),
    Case(
        "a truce that runs out in the horizon",
        {f"{TALKS}.offers.thirty_days.duration_days": 10},
        {"truces_expired": UP},
        "at its end both are asked again, and one refuses",
        signed("thirty_days", 20),
    ),
    Case(
        "a truce that both would sign again",
        {f"{U}.cost_of_war_km2": 4000, f"{R}.cost_of_war_km2": 4000},
        {"truces_extended": UP},
        "war is so dear that they extend it",
        signed("thirty_days", 40),
    ),
]


@pytest.mark.parametrize("case", CONDITIONS, ids=lambda case: case.name)
def test_a_condition(case):
    check(case)


@pytest.mark.parametrize("case", ROUNDS_AND_TRUCES, ids=lambda case: case.name)
def test_rounds_and_truces(case):
    check(case)
