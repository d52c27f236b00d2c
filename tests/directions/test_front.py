"""The front, patience and the clock pull as they should."""

import pytest

from tests.directions.directions import (
    ANSWER,
    DOWN,
    UP,
    Case,
    check,
    tabled,
)

# Uncompiled, two thousand worlds a case take minutes.
pytestmark = pytest.mark.compiled

WAR = {"horizon_days": 60, "timeline": [], "negotiation.first_round": "2025-05-12"}
FIXED = {
    **ANSWER,
    **tabled("freeze"),
    "negotiation.offers.freeze.line": {"held_km2": 3200},
    "parties.ukraine.decision_noise_km2": 240,
    "parties.russia.decision_noise_km2": 240,
}

# both sides propose lasting truces on lines of their own: a deal comes with its room
TALKS = {
    "horizon_days": 90,
    "timeline": [],
    "negotiation.proposer_weights": {"ukraine": 1, "russia": 1, "united_states": 0},
    "negotiation.repeat_after_days": 7,
    "negotiation.offers.freeze.offered_by": ["ukraine", "russia"],
    "negotiation.offers.freeze.line": "optimal",
    "truce.breakdown_per_week": 0,
    "truce.settlement_per_week": 0,
}

FRONT = [
    Case(
        "a line that leaves Ukraine more before a fixed offer",
        {"front.held_km2": 4000},
        {"accepts.ukraine": DOWN, "accepts.russia": UP},
        "S04: W_U rises with the line and W_R falls",
        FIXED,
    ),
    Case(
        "a smaller stake",
        {"front.stake_km2": 3300},
        {"defeat.russia": UP},
        "the end of Russia's part lies near the line",
        WAR,
    ),
    Case(
        "a front that moves more by chance",
        {"front.volatility_km2_per_week": 122},
        {"defeat.ukraine": UP},
        "the line reaches an end that its drift alone does not",
        {**WAR, "front.held_km2": 600},
    ),
    Case(
        "a front that teaches more, as it moves more by chance",
        {"front.volatility_km2_per_week": 122},
        {"full_truce": UP, "days_of_war": DOWN},
        "S28: beliefs that stood apart move more, and meet more often within 90 days",
        TALKS,
        "no-incursion",
    ),
    Case(
        "a front that drifts towards Russia's part",
        {"front.drift_km2_per_week": 40},
        {"held_km2": UP, "belief.russia": UP},
        "Ukraine gains land week by week, and both sides see it",
        WAR,
    ),
    Case(
        "land that is worth nothing while fighting",
        {"territory_flow": 0},
        {"accepts.ukraine": UP, "accepts.russia": UP},
        "war is worth less to both, and a truce what it was",
    ),
    Case(
        "more patience",
        {"discount_factor_per_week": 0.995},
        {"accepts.ukraine": DOWN},
        "S05: the days of truce count for less, and the wars after them for more",
    ),
    Case(
        "a longer horizon",
        {"horizon_days": 90},
        {"full_truce": UP},
        "there are more rounds to agree in",
        {"horizon_days": 8},
    ),
    Case(
        "longer steps",
        {"step_days": 7},
        {"refusals.ukraine": DOWN},
        "a counter-offer waits for the next step, and no longer comes in these days",
        {"horizon_days": 6},
    ),
]


@pytest.mark.parametrize("case", FRONT, ids=lambda case: case.name)
def test_the_front_and_the_clock(case):
    check(case)
