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
    "negotiation.offers.freeze.line": {"share": 0.40},
    "parties.ukraine.decision_noise": 0.03,
    "parties.russia.decision_noise": 0.03,
}

FRONT = [
    Case(
        "a line that leaves Ukraine more before a fixed offer",
        {"front.share": 0.5},
        {"accepts.ukraine": DOWN, "accepts.russia": UP},
        "S04: W_U rises with the line and W_R falls",
        FIXED,
    ),
    Case(
        "a smaller stake",
        {"front.stake_km2": 4000},
        {"defeat.ukraine": UP},
        "fewer battles lie between the line and its end",
        WAR,
    ),
    Case(
        "larger steps",
        {"front.step_km2": 800},
        {"defeat.ukraine": UP},
        "each battle moves more of the stake",
        WAR,
    ),
    Case(
        "more battles",
        {"front.battles_per_week": 2},
        {"share": DOWN, "defeat.ukraine": UP},
        "Ukraine wins fewer than half of them",
        WAR,
    ),
    Case(
        "better odds for Ukraine",
        {"front.win_probability": 0.6},
        {"share": UP},
        "it wins more battles",
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
