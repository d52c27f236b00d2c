"""Each way to answer changes what is signed and when, as it should."""

import pytest

from tests.directions.directions import (
    ANSWER,
    DOWN,
    SAME,
    UP,
    Case,
    check,
    scripted,
)

# Uncompiled, two thousand worlds a case take minutes.
pytestmark = pytest.mark.compiled

U, R = "parties.ukraine.policy", "parties.russia.policy"
# Russia would sign what is offered at once, and may only wait for its dream
WEARY = {
    "horizon_days": 60,
    "parties.russia.conditions": [],
    "negotiation.offers.dream": {"offered_by": ["russia"], "line": {"held_km2": 2400}},
    "parties.ukraine.cost_of_war_km2": {"value": 2400, "private": [1600, 3200]},
    "parties.russia.cost_of_war_km2": {"value": 2400, "private": [1600, 3200]},
    "negotiation.repeat_after_days": 0,
    "timeline": [],
}
REFUSED = {"horizon_days": 3, "negotiation.round_every_days": 30}


def with_script(answer):
    return {**REFUSED, R: scripted(("thirty_days", answer))}


CASES = [
    Case(
        "quantal",
        {U: {"name": "quantal"}, R: {"name": "quantal"}},
        {"full_truce": UP},
        "each answer is a new toss, so asking again helps; with noise drawn once it "
        "does not",
        {
            "horizon_days": 60,
            "negotiation.repeat_after_days": 0,
            "parties.ukraine.decision_noise_km2": 40,
            "parties.russia.decision_noise_km2": 40,
        },
    ),
    Case(
        "a hardliner",
        {R: {"name": "hardliner", "premium_km2": 40}},
        {"accepts.russia": DOWN, "accepts.ukraine": SAME},
        "it wants its premium over fighting on",
    ),
    Case(
        "a harder hardliner",
        {f"{U}.premium_km2": 80},
        {"accepts.ukraine": DOWN, "accepts.russia": SAME},
        "a larger premium is met less often",
        {**ANSWER, U: {"name": "hardliner", "premium_km2": 8}},
    ),
    Case(
        "boulware",
        {R: {"name": "boulware"}},
        {"days_of_war": UP},
        "it holds out for the best of the menu",
        WEARY,
    ),
    Case(
        "a boulware that gives way earlier",
        {f"{R}.beta": 0.9},
        {"days_of_war": DOWN},
        "its aspiration has fallen further on each day",
        {**WEARY, R: {"name": "boulware", "beta": 0.3, "deadline_days": 60}},
    ),
    Case(
        "a boulware with a nearer deadline",
        {f"{R}.deadline_days": 30},
        {"days_of_war": DOWN},
        "it is through with holding out by then",
        {**WEARY, R: {"name": "boulware", "deadline_days": 60}},
    ),
    Case(
        "a conceder in place of a boulware",
        {R: {"name": "conceder", "deadline_days": 60}},
        {"days_of_war": DOWN},
        "it starts as high and gives way early",
        {**WEARY, R: {"name": "boulware", "deadline_days": 60}},
    ),
    Case(
        "a conceder",
        {R: {"name": "conceder"}},
        {"days_of_war": UP},
        "it too starts from the best of the menu",
        WEARY,
    ),
    Case(
        "a conceder that gives way earlier",
        {f"{R}.beta": 8.0},
        {"days_of_war": DOWN},
        "its aspiration falls at once",
        {**WEARY, R: {"name": "conceder", "beta": 1.5, "deadline_days": 60}},
    ),
    Case(
        "a conceder with a nearer deadline",
        {f"{R}.deadline_days": 10},
        {"days_of_war": DOWN},
        "it is through with holding out by then",
        {**WEARY, R: {"name": "conceder", "deadline_days": 60}},
    ),
]

SCRIPTS = [
    Case(
        "a script without answers",
        {R: {"name": "scripted", "answers": []}},
        {"accepts.russia": SAME, "payoff.russia": SAME},
        "to what it does not name it answers as best response",
    ),
    Case(
        "a script that accepts",
        {R: scripted(("thirty_days", "accept"))},
        {"accepts.russia": UP, "full_truce": UP},
        "Russia signs what it would refuse",
    ),
    Case(
        "a script that rejects",
        {U: scripted(("thirty_days", "reject"))},
        {"accepts.ukraine": DOWN, "full_truce": DOWN},
        "Ukraine refuses what it would sign",
    ),
    Case(
        "a script that asks for conditions",
        {f"{R}.answers.0.answer": "accept_on_conditions"},
        {"refusals.ukraine": UP},
        "they come as a counter-offer, to which Ukraine must answer",
        with_script("reject"),
    ),
    Case(
        "a script for another offer",
        {f"{R}.answers.0.offer": "freeze"},
        {"accepts.russia": DOWN},
        "the 30 days are answered as best response",
        with_script("accept"),
    ),
    Case(
        "a script from a later date",
        {f"{R}.answers.0.date": "2025-03-14"},
        {"accepts.russia": DOWN},
        "until then it answers as best response",
        with_script("accept"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_policy(case):
    check(case)


@pytest.mark.parametrize("case", SCRIPTS, ids=lambda case: case.name)
def test_a_script(case):
    check(case)
