"""Aid and the patron: what is given, threatened and promised works as it should."""

import pytest

from tests.directions.directions import (
    ANSWER,
    DOWN,
    START,
    UP,
    Case,
    check,
    tabled,
)

# Uncompiled, two thousand worlds a case take minutes.
pytestmark = pytest.mark.compiled

PATRON = "parties.united_states"
WAR = {"horizon_days": 60, "timeline": [], "negotiation.first_round": "2025-05-12"}
PAUSED = {"aid.level": 0.0, "aid.revert_per_week": 0.3}
FREEZE = {
    **ANSWER,
    **tabled("freeze"),
    "negotiation.offers.freeze.line": {"held_km2": 3200},
    "parties.ukraine.decision_noise_km2": 240,
    "parties.russia.decision_noise_km2": 240,
}
CUT = {"timeline": [{"date": START, "aid_level": 0.0}], "aid.long_run_level": 0.0}


def conditional(refused, accepted):
    """Aid that hangs on answers, of a patron whose word counts."""
    rule = {
        "name": "conditional",
        "after_refusal_by": refused,
        "after_acceptance_by": accepted,
    }
    return {**ANSWER, "aid.rule": rule, f"{PATRON}.reputation_km2": 8000}


# present aid whatever is answered, until a case changes one level
NORM = conditional({"ukraine": 1.0, "russia": 1.0}, {"ukraine": 1.0})
NO_AID = {**conditional({"ukraine": 0.0}, {"ukraine": 0.0}), "aid.level": 0.0}

AID = [
    Case(
        "aid cut, and a fixed permanent offer",
        {"aid.level": 0.0},
        {"accepts.ukraine": UP, "accepts.russia": DOWN},
        "S11: W_U falls and W_R rises",
        FREEZE,
    ),
    Case(
        "aid that moves the line more, cut",
        {"aid.drift_km2_per_week": 150},
        {"held_km2": DOWN},
        "A (a - 1) is what the cut takes from the drift",
        {**WAR, **CUT},
    ),
    Case(
        "a pause that ends sooner",
        {"aid.revert_per_week": 0.3},
        {"aid_given": UP, "held_km2": UP},
        "with hazard rho_a the level is back at a_inf",
        {**WAR, "aid.level": 0.0},
    ),
    Case(
        "a pause that is expected to be shorter",
        {"aid.revert_per_week": 0.3},
        {"accepts.ukraine": DOWN},
        "S12: W_U is higher, and the offer was to be compared with it",
        {**FREEZE, "aid.level": 0.0},
    ),
    Case(
        "more aid in the long run",
        {"aid.long_run_level": 2.0},
        {"accepts.ukraine": DOWN},
        "a_bar in what Ukraine expects of war is higher",
        {**FREEZE, **PAUSED},
    ),
    Case(
        "a cut that is felt later",
        {"aid.lag_weeks": 8.0},
        {"held_km2": UP},
        "what was delivered goes on working for a while",
        {**WAR, **CUT},
    ),
    Case(
        "a dated cut",
        CUT,
        {"aid_given": DOWN, "held_km2": DOWN},
        "the timeline sets the level",
        WAR,
    ),
    Case(
        "aid for the other side",
        {f"{PATRON}.supports": "russia"},
        {"held_km2": DOWN},
        "a level above the norm helps who gets it",
        {**WAR, "aid.level": 2.0, "aid.long_run_level": 2.0},
    ),
]

RULES = [
    Case(
        "unconditional in place of scripted",
        {"aid.rule.name": "unconditional"},
        {"aid_given": DOWN},
        "nothing but the timeline changes it, so a pause does not end by chance",
        {**WAR, **PAUSED},
    ),
    Case(
        "a threat to Ukraine",
        {"aid.rule.after_refusal_by.ukraine": 0.0},
        {"accepts.ukraine": UP},
        "S14: a lone refusal would cost it the aid",
        NORM,
    ),
    Case(
        "a threat to Russia",
        {"aid.rule.after_refusal_by.russia": 2.0},
        {"accepts.russia": UP},
        "S14: a lone refusal would bring the other side more aid",
        NORM,
    ),
    Case(
        "a threat carried out",
        {"aid.rule.after_refusal_by.russia": 1.02},
        {"aid_given": UP},
        "so small a threat does not keep Russia from refusing alone, in most worlds",
        {**NORM, "horizon_days": 7},
    ),
    Case(
        "a threat in place of a script",
        {
            "aid.rule": {
                "name": "conditional",
                "after_refusal_by": {"ukraine": 0.0, "russia": 2.0},
                "after_acceptance_by": {},
            }
        },
        {"accepts.ukraine": UP, "accepts.russia": UP},
        "S14",
        {**ANSWER, f"{PATRON}.reputation_km2": 8000},
    ),
    Case(
        "a promise to Ukraine",
        {"aid.rule.after_acceptance_by.ukraine": 1.0},
        {"accepts.ukraine": UP},
        "after the truce it would fight with aid, and if it refuses without",
        {**NO_AID, "parties.ukraine.decision_noise_km2": 240},
    ),
    Case(
        "a promise kept",
        {"aid.rule.after_acceptance_by.ukraine": 1.0},
        {"aid_given": UP},
        "acceptance by Ukraine brings the aid back",
        {**NO_AID, "horizon_days": 7},
    ),
    Case(
        "a patron with a name to lose",
        {f"{PATRON}.reputation_km2": 8000},
        {"accepts.ukraine": UP},
        "a threat counts if carrying it out costs no more than the reputation",
        {**conditional({"ukraine": 0.0}, {}), f"{PATRON}.reputation_km2": 0},
    ),
    Case(
        "a patron that picks the level",
        {"aid.rule": {"name": "best_response", "levels": [0.0, 1.0, 2.0]}},
        {"aid_given": UP},
        "W_0 rises by more than the aid costs, which is little here",
        {**WAR, "negotiation.first_round": START, f"{PATRON}.aid_cost_km2": 80},
    ),
]
PICKS = {
    "horizon_days": 30,
    "timeline": [],
    "aid.rule": {"name": "best_response", "levels": [0.0, 1.0]},
}
RULES += [
    Case(
        "a higher level to pick",
        {"aid.rule.levels": [0.0, 1.0, 2.0]},
        {"aid_given": UP},
        "it gives what is worth most to it",
        {**PICKS, f"{PATRON}.aid_cost_km2": 0},
    ),
    Case(
        "a patron to which the outcome matters more",
        {f"{PATRON}.value_per_km2": 2.0},
        {"aid_given": UP},
        "B is the worth to it of the land that aid holds",
        {**PICKS, f"{PATRON}.value_per_km2": 0.0},
    ),
    Case(
        "a patron to which aid costs more",
        {f"{PATRON}.aid_cost_km2": 8000},
        {"aid_given": DOWN},
        "kap_a is the flow that it pays",
        PICKS,
    ),
]

PRESSING = [
    Case(
        "a patron that presses",
        {f"{PATRON}.pressure": 2.0},
        {"accepts.ukraine": UP, "accepts.russia": UP},
        "S18: a refusal costs pressure times its price",
        # else the truce would also be less stable, which is the effect below
        {**ANSWER, "truce.pressure_effect": 0.0},
    ),
    Case(
        "a higher price of refusal",
        {f"{PATRON}.price_of_refusal_km2": 160},
        {"accepts.ukraine": UP, "accepts.russia": UP},
        "S18: the same for a unit of pressure",
        {**ANSWER, f"{PATRON}.pressure": 1.0},
    ),
    Case(
        "a patron to which the war costs more",
        {f"{PATRON}.cost_while_war_km2": 2400},
        {"refusals.ukraine": UP},
        "it puts an offer on the table that was worth nothing to it before",
        {
            **ANSWER,
            "timeline": [],
            f"{PATRON}.cost_while_war_km2": 0,
            "negotiation.offers.thirty_days.line": {"held_km2": 1600},
            "negotiation.offers.energy_truce.offered_by": ["russia"],
            "negotiation.offers.thirty_days_back.offered_by": ["russia"],
            "negotiation.offers.thirty_days_back_aid.offered_by": ["russia"],
            "negotiation.offers.freeze.offered_by": ["russia"],
        },
    ),
]


@pytest.mark.parametrize("case", AID, ids=lambda case: case.name)
def test_aid(case):
    check(case)


@pytest.mark.parametrize("case", RULES, ids=lambda case: case.name)
def test_a_rule_of_aid(case):
    check(case)


@pytest.mark.parametrize("case", PRESSING, ids=lambda case: case.name)
def test_a_patron_that_proposes_and_presses(case):
    check(case)
