"""How often the optimal demand on a side with a private cost is refused; its worth.

T45 of the reference values: with costs uniform on [.02, .16] one time in fourteen.
The chance of refusal depends on costs alone, since odds and patience scale the costs of
both sides alike (Benson, Meirowitz and Ramsay's neutrality); what the demand is worth
to its author depends on them.
"""

from functools import cache

import pytest
from sim.model.formulas.odds import discounted_odds

from sim.model.formulas.elementary import logit
from sim.model.formulas.offers import best_demand
from sim.model.formulas.war import front_drift, war_value
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

SETS = {  # win, lines, line, battles per week, own cost, interval of the other's cost
    "T45": (0.47, 20, 8, 0.5, 0.10, (0.02, 0.16)),
    "much to hide": (0.40, 20, 12, 0.8, 0.06, (0.00, 0.30)),
    "a short front": (0.52, 10, 4, 0.3, 0.06, (0.05, 0.20)),
}


@cache
def put(name):
    """Worlds in which the only demand is refused, and what its author gets in each."""
    win, lines, line, battles, cost, (low, high) = SETS[name]
    params = parameters(
        **front(lines, line, win, battles),
        parties__u__cost_of_war=cost,
        parties__r__cost_of_war={"value": (low + high) / 2, "private": [low, high]},
        truce__breakdown_per_week=0,
        negotiation__proposer_weights={"u": 1, "r": 0, "w": 0},
        negotiation__offers__peace__line="optimal",
    )
    params["repeat_after"] = params["steps"]
    worlds = worlds_of(params, WORLDS, seed=25)
    answered = worlds["refusals"][:, 1] + (worlds["first_full_truce"] == 0)
    assert (answered == 1).all()
    return worlds["refusals"][:, 1] > 0, worlds["payoff"][:, 0]


def demand(name, *, swapped=False, pace=None, own_cost=None):
    """Chance that the demand is refused, its worth, the share it asks, and war.

    The other side refuses if its cost is below that at which it is just worth war.
    `swapped` gives the battles to the wrong side, `pace` replaces the battles a week.
    """
    win, lines, line, battles, cost, (low, high) = SETS[name]
    win = 1 - win if swapped else win
    cost = cost if own_cost is None else own_cost
    n, h = float(lines), battles if pace is None else pace
    psi, phi = discounted_odds(logit(win), float(line), n, D, h)
    drift, fighting = front_drift(win, n, D, h, 1.0), 1.0 - psi - phi
    own = war_value(line / n, psi, phi, drift, 1.0) - cost * fighting
    free = war_value(1.0 - line / n, phi, psi, -drift, 1.0)
    share = best_demand(free, fighting, low, high, own)
    marginal = (share - 1.0 + free) / fighting
    refused = (marginal - low) / (high - low)
    return refused, (1 - refused) * share + refused * own, share, own


def test_the_reference_is_refused_one_time_in_fourteen():
    assert demand("T45")[:2] == pytest.approx((0.07142857143, 0.3562879689), rel=1e-8)


@pytest.mark.parametrize("name", SETS)
def test_demands_are_refused_as_often_as_the_theory_says(name):
    refused, _ = put(name)
    right = demand(name)[0]
    assert share_off_by(refused, right) < LIMIT
    cost = SETS[name][4]
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
    _, right, share, war = demand(name)
    assert off_by(payoff, right) < LIMIT
    wrong = {
        "odds of the other side": demand(name, swapped=True)[1],
        "d in place of e": demand(name, pace=1.0)[1],
        "never refused": share,
        "always refused": war,
    }
    assert taken_for_right(wrong, lambda x: off_by(payoff, x)) == []
