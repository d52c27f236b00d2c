"""What a side wants, believes and claims changes its answers as it should."""

import numpy as np
import pytest

from sim.analysis.values import values
from sim.scenario.load import load
from tests.directions.directions import (
    ANSWER,
    DOWN,
    FLAGSHIP,
    SAME,
    START,
    UP,
    Case,
    check,
    shipped,
    signed,
    tabled,
    worlds_of,
)

# Uncompiled, two thousand worlds a case take minutes.
pytestmark = pytest.mark.compiled

U, R = "parties.ukraine", "parties.russia"
TALKS = "negotiation"
ROUNDS = {"horizon_days": 60, "timeline": []}
BACK = {**ANSWER, **tabled("thirty_days_back")}
# no settlement where both are so hopeful that nothing is left to share
SETTLING = {**signed("freeze", 60), f"{U}.belief.drift_km2_per_week": -24}

# Ukraine asks for the line that is best for it, of a Russia whose cost it does not know
ASKS = {
    "horizon_days": 1,
    "timeline": [],
    f"{R}.conditions": [],
    f"{R}.decision_noise_km2": 0,
    f"{TALKS}.offers.freeze.offered_by": ["ukraine"],
    f"{TALKS}.offers.freeze.line": "optimal",
    f"{TALKS}.proposer_weights": {"ukraine": 1, "united_states": 0},
}

SIDES = [
    Case(
        "war that costs Ukraine more",
        {f"{U}.cost_of_war_km2.private": [960, 1600]},
        {"accepts.ukraine": UP, "full_truce": UP},
        "S01: its war value falls",
        {**ANSWER, f"{U}.cost_of_war_km2": {"value": 1040, "private": [480, 1120]}},
    ),
    Case(
        "war that costs Russia more",
        {f"{R}.cost_of_war_km2.private": [800, 1440]},
        {"accepts.russia": UP, "full_truce": UP},
        "S01",
        {**ANSWER, f"{R}.cost_of_war_km2": {"value": 800, "private": [400, 880]}},
    ),
    Case(
        "a cost of war that is better hidden",
        {f"{R}.cost_of_war_km2.private": [0, 1600]},
        {"accepts.russia": DOWN},
        "Fearon (1995): who asks without knowing the cost asks some for too much",
        {**ASKS, f"{R}.cost_of_war_km2": {"value": 800, "private": [800, 800]}},
        "no-incursion",
    ),
    Case(
        "a Ukraine that expects to gain land",
        {f"{U}.belief.drift_km2_per_week": 12},
        {"accepts.ukraine": DOWN},
        "S02: the gap m_U - m_R leaves less room for a deal; that a settlement becomes "
        "less likely is another effect, on Russia as well",
    ),
    Case(
        "a Russia that expects to gain more",
        {f"{R}.belief.drift_km2_per_week": -48},
        {"accepts.russia": DOWN, "days_of_war": UP},
        "S02",
        {**ROUNDS, f"{R}.belief.drift_km2_per_week": -28},
    ),
    Case(
        "beliefs that weigh more",
        {f"{U}.belief.weight_weeks": 800, f"{R}.belief.weight_weeks": 800},
        {"days_of_war": UP},
        "S03: the optimism that keeps them apart is learned away more slowly",
        {**ROUNDS, f"{U}.belief.weight_weeks": 10, f"{R}.belief.weight_weeks": 10},
    ),
    Case(
        "a side that learns nothing",
        {f"{U}.belief.learning_weight": 0.0},
        {"belief.ukraine": UP},
        "S03 in the limit: Ukraine, too hopeful, is not taught",
        ROUNDS,
    ),
    Case(
        "noise in what Russia decides",
        {f"{R}.decision_noise_km2": 40},
        {"accepts.russia": UP},
        "an offer just below its price is taken now and then",
        {"horizon_days": 1},
    ),
    Case(
        "what a refusal by Russia teaches",
        {f"{R}.decision_noise_km2": 16},
        {"uncertainty.russia": UP},
        "a refusal cuts the interval of its cost, with a margin that grows with noise",
        {
            "horizon_days": 1,
            f"{R}.decision_noise_km2": 0,
            f"{R}.cost_of_war_km2": {"value": 1440, "private": [640, 2240]},
        },
    ),
    Case(
        "rearmament of Russia",
        {f"{R}.rearmament_km2_per_week": 2},
        {"accepts.ukraine": DOWN, "accepts.russia": UP, "full_truce": DOWN},
        "S15: a truce moves the drift of the war after it; S25: that brings war",
    ),
    Case(
        "rearmament of Ukraine",
        {f"{U}.rearmament_km2_per_week": 2},
        {"accepts.ukraine": UP, "accepts.russia": DOWN},
        "S15 with the sides exchanged",
    ),
    Case(
        "rearmament of Russia in a truce that ends in war",
        {f"{R}.rearmament_km2_per_week": 30},
        {"held_km2": DOWN, "truces_broken": SAME},
        "the line of the war after it moves faster, though nobody talks any more",
        {
            **signed("freeze", 100),
            f"{TALKS}.first_round": "2025-06-20",
            "truce.breakdown_per_week": 0.9,
            "truce.settlement_per_week": 0,
        },
    ),
    Case(
        "a price of signing while the other side is on its land",
        {f"{R}.audience_cost_km2": 480},
        {"accepts.russia": DOWN},
        "S20: T_R is charged while the chip stays",
    ),
    Case(
        "the same price where the chip is returned",
        {f"{R}.audience_cost_km2": 480},
        {"accepts.russia": SAME},
        "S20: nothing is charged",
        BACK,
    ),
    Case(
        "a price of a line below the claim",
        {f"{U}.audience_cost_km2": 480},
        {"accepts.ukraine": DOWN},
        "T_U is charged while the line is below claimed_km2",
        {**ANSWER, f"{U}.claimed_km2": 4000},
    ),
    Case(
        "a higher claim",
        {f"{U}.claimed_km2": 4000},
        {"accepts.ukraine": DOWN},
        "the line in place no longer meets it",
        {**ANSWER, f"{U}.claimed_km2": 2400, f"{U}.audience_cost_km2": 480},
    ),
    Case(
        "a public commitment",
        {
            "timeline": [
                {"date": START, "audience_cost_km2": {"russia": 640}},
                {"date": START, "offer": "thirty_days", "by": "united_states"},
            ]
        },
        {"accepts.russia": DOWN},
        "Fearon (1994): who has spoken in public pays more for a truce that breaks it",
    ),
    Case(
        "a freeze that costs Ukraine more",
        {f"{U}.aid_freeze_cost_km2": 1600},
        {"accepts.ukraine": DOWN, "accepts.russia": SAME},
        "kap_f f is a flow of the truce",
        {**ANSWER, **tabled("thirty_days_back_aid")},
    ),
    Case(
        "relief that is worth more to Russia",
        {f"{R}.sanctions_relief_value_km2": 1600},
        {"accepts.russia": UP, "accepts.ukraine": SAME},
        "gam g is a flow of the truce",
        {**ANSWER, f"{TALKS}.offers.thirty_days.sanctions_relief": 1},
    ),
    Case(
        "a stronger hand of Ukraine in a settlement",
        {f"{U}.bargaining_weight": 0.4},
        {"held_km2": UP},
        "S27: V_U rises with its part of the surplus",
        {**SETTLING, "truce.settlement_per_week": 0.3, f"{R}.bargaining_weight": 0.4},
    ),
]


@pytest.mark.parametrize("case", SIDES, ids=lambda case: case.name)
def test_what_a_side_wants(case):
    check(case)


def test_who_asks_for_more_at_a_better_drift_is_not_refused_more_often():
    """S13: the line follows the drift, and the chance of a refusal hardly does."""

    def at(drift):
        changes = {
            **ASKS,
            f"{R}.cost_of_war_km2": {"value": 800, "private": [0, 1600]},
            f"{U}.belief.drift_km2_per_week": drift,
            f"{R}.belief.drift_km2_per_week": drift,
        }
        outcome = worlds_of(load(shipped("no-incursion"), set=changes))
        line = np.nanmean(outcome("held_km2_at_agreement"))
        return line, 1.0 - outcome("accepts.russia").mean()

    (line, refused), (better_line, refused_then) = at(-32), at(8)
    assert better_line - line > 800
    assert 0.2 < refused < 0.3
    assert abs(refused_then - refused) < 0.03


@pytest.mark.parametrize(("drift", "pulled"), [(-10, DOWN), (-5, DOWN), (5, UP)])
def test_costs_that_are_better_hidden_make_it_less_certain_what_is_possible(
    drift, pulled
):
    """S29: the chance P+ of a settlement is pulled towards a half.

    Ukraine that expects much makes S' < 0 at the means of the costs, one that expects
    little S' > 0.
    """
    chances = []
    for half in (50, 200, 400, 600):
        changes = {f"{U}.belief.drift_km2_per_week": drift} | {
            f"{party}.cost_of_war_km2.private": [middle - half, middle + half]
            for party, middle in ((U, 800), (R, 640))
        }
        found = values(load(shipped(FLAGSHIP), set=changes))
        chances.append(found["offers"]["freeze"]["settlement_chance"])
    assert chances[0] == (1.0 if pulled == DOWN else 0.0)
    assert chances == sorted(chances, reverse=pulled == DOWN)
    assert pulled * (0.5 - chances[-1]) > 0.0
    assert chances[-1] != chances[0]
