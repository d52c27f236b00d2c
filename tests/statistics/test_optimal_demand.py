"""How often the optimal demand on a side with a private cost is refused; its worth.

The chance of refusal depends on costs alone, since odds and patience scale the costs of
both sides alike (Benson, Meirowitz and Ramsay's neutrality); what the demand is worth
to its author depends on them.
"""

import math
from functools import cache

import pytest

from tests.formulas.oracles import Steps, odds
from tests.statistics.evidence import (
    LIMIT,
    front,
    off_by,
    parameters,
    share_off_by,
    taken_for_right,
    worlds_of,
)

WORLDS = 20_000
D = 0.98

SETS = {  # stake, held, drift and spread; own cost, interval of the other's cost
    "T45 of 8,000": ((8000, 3200, -20.0, 280.0), 800, (160, 1280)),
    "much to hide": ((6000, 3600, -60.0, 200.0), 360, (0, 1800)),
    "a short front": ((1000, 400, 5.0, 90.0), 60, (50, 200)),
}


@cache
def put(name):
    """Worlds in which the only demand is refused, and what its author gets in each."""
    place, cost, (low, high) = SETS[name]
    changes = front(*place) | {
        "parties__u__cost_of_war_km2": cost,
        "parties__r__cost_of_war_km2": {
            "value": (low + high) / 2,
            "private": [low, high],
        },
        "truce__breakdown_per_week": 0,
        "negotiation__proposer_weights": {"u": 1, "r": 0, "w": 0},
        "negotiation__offers__peace": {"line": "optimal", "duration_days": None},
    }
    params = parameters(**changes)
    params["repeat_after"] = params["steps"]
    worlds = worlds_of(params, WORLDS, seed=25)
    answered = worlds["refusals"][:, 1] + (worlds["first_full_truce"] == 0)
    assert (answered == 1).all()
    return worlds["refusals"][:, 1] > 0, worlds["payoff"][:, 0]


def demand(name, *, drift=None, own_cost=None):
    """Chance that the demand is refused, its worth, the line it draws, and war.

    The other side refuses if its cost is below that at which the line is just worth
    war to it; the best of all lines leaves it half of the way from the author's own
    war to what all costs accept. A war that is fought is lived step by step.
    """
    (stake, held, pull, spread), cost, (low, high) = SETS[name]
    pull = pull if drift is None else drift
    cost = cost if own_cost is None else own_cost
    rate, gain = -math.log(D), pull * D / (1 - D)
    psi, phi = odds(pull, spread, rate, held, stake)
    fighting = 1 - psi - phi
    own = held + (gain - cost) * fighting
    free = stake - held - gain * fighting  # of the other side, at no cost
    most = stake - free + high * fighting  # the line at which all refuse
    line = max((own + most) / 2, stake - free + low * fighting)
    marginal = (line - stake + free) / fighting
    refused = min(max((marginal - low) / (high - low), 0.0), 1.0)

    def pay(lines):
        return (1 - D) * (lines - SETS[name][1])

    war = Steps(pull, spread, 1.0, stake).value(held, D, pay, won=stake)
    return refused, (1 - refused) * line + refused * war, line, war


def test_the_reference_is_refused_one_time_in_fourteen():
    assert demand("T45 of 8,000")[0] == pytest.approx(1 / 14, rel=1e-8)


@pytest.mark.parametrize("name", SETS)
def test_demands_are_refused_as_often_as_the_theory_says(name):
    refused, _ = put(name)
    right = demand(name)[0]
    assert share_off_by(refused, right) < LIMIT
    cost = SETS[name][1]
    wrong = {
        "half of the costs refuse": 0.5,
        "a demand that nobody refuses": 0.0,
        "own cost forgotten": demand(name, own_cost=0.0)[0],
        "own cost counted twice": demand(name, own_cost=2 * cost)[0],
        "refusal for acceptance": 1.0 - right,
    }
    assert taken_for_right(wrong, lambda x: share_off_by(refused, x)) == []


@pytest.mark.parametrize("name", SETS)
def test_demands_are_worth_what_the_theory_says(name):
    _, payoff = put(name)
    _, right, line, war = demand(name)
    assert off_by(payoff, right) < LIMIT
    drift = SETS[name][0][2]
    wrong = {
        "a drift towards the other side": demand(name, drift=-drift)[1],
        "no drift": demand(name, drift=0.0)[1],
        "never refused": line,
        "always refused": war,
    }
    assert taken_for_right(wrong, lambda x: off_by(payoff, x)) == []
