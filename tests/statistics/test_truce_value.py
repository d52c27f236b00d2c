"""What a ceasefire turns out to be worth to those who sign it, path by path."""

from datetime import date, timedelta
from functools import cache

import pytest

from sim.model.state import WAR
from tests.formulas import oracles
from tests.statistics.evidence import (
    LIMIT,
    NEVER,
    off_by,
    parameters,
    taken_for_right,
    worlds_of,
)

WORLDS = 100_000
D, LINE, LINES = 0.95, 7, 20
COST = {0: 0.25, 1: 0.20}

SETS = {  # weeks (None: permanent), break-down and settlement per week
    "runs out": (8, 0.10, 0.0),
    "until it breaks": (None, 0.08, 0.0),
    "may settle": (12, 0.06, 0.10),
}


@cache
def payoffs(name):
    """Discounted flows of both sides from the day of the truce to the end of a war.

    On the day that the truce runs out, R has said in public what rules it out again.
    """
    weeks, z, pi = SETS[name]
    start = date(2025, 3, 13)
    timeline = [{"date": str(start), "offer": "peace", "by": "w"}]
    if weeks:
        vow = {"date": str(start + timedelta(weeks=weeks)), "audience_cost": {"r": 1}}
        timeline.append(vow)
    params = parameters(
        discount_factor_per_week=D,
        parties__u__cost_of_war=COST[0],
        parties__r__cost_of_war={"value": COST[1], "private": [COST[1], COST[1]]},
        parties__r__claimed_share=1,
        truce__breakdown_per_week=z,
        truce__settlement_per_week=pi,
        negotiation__offers__peace__duration_days=weeks and 7 * weeks,
        negotiation__offers__peace__monitoring=0,
        negotiation__offers__peace__line={"share": LINE / LINES},
        negotiation__repeat_after_days=3660,
        timeline=timeline,
    )
    params["first_round"] = NEVER  # nothing is offered after it
    worlds = worlds_of(params, WORLDS, seed=24)
    assert (worlds["first_full_truce"] == 0).all()
    assert (worlds["extended"] == 0).all()
    ran_out = worlds["expired"] > 0
    assert ran_out.any() == (weeks is not None)
    assert (worlds["phase"] == WAR).mean() < 0.02  # the others were fought to the end
    return worlds["payoff"]


def war(side):
    """Value of the war after the truce, at the own cost."""
    win, line = (0.45, LINE) if side == 0 else (0.55, LINES - LINE)
    return oracles.war(win, LINES, D, 0.5, 1.0, COST[side])[line]


def worth(side, weeks, z, pi, *, discount=D, kept=None):
    """Value of a ceasefire: what it pays, how it may end, and the war after it.

    `kept` is what a week of truce leaves of a unit; by right d(1-z-pi).
    """
    flow = LINE / LINES if side == 0 else 1 - LINE / LINES
    a = discount * (1 - z - pi) if kept is None else kept
    end = a**weeks if weeks else 0.0
    annuity = (1 - end) / (1 - a)
    again = war(side)
    settled = again + 0.5 * (1 - war(0) - war(1))
    return (
        flow * (1 - D) * annuity
        + discount * (z * again + pi * settled) * annuity
        + end * again
    )


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("name", SETS)
def test_a_ceasefire_pays_what_its_value_says(name, side):
    weeks, z, pi = SETS[name]
    seen = payoffs(name)[:, side]
    assert off_by(seen, worth(side, weeks, z, pi)) < LIMIT
    wrong = {
        "it never breaks down": worth(side, weeks, 0.0, pi),
        "break-down forgotten in the discount": worth(side, weeks, z, pi, kept=D),
        "war breaks out a week early": worth(
            side, weeks, z, pi, discount=1.0, kept=D * (1 - z - pi)
        ),
        "war at once": war(side),
    }
    if weeks:
        wrong["it never runs out"] = worth(side, None, z, pi)
        wrong["it lasts a week longer"] = worth(side, weeks + 1, z, pi)
    if pi:
        wrong["no settlement"] = worth(side, weeks, z, 0.0)
        wrong["settlements are break-downs"] = worth(side, weeks, z + pi, 0.0)
        wrong["hazards swapped"] = worth(side, weeks, pi, z)
    assert taken_for_right(wrong, lambda x: off_by(seen, x)) == []
