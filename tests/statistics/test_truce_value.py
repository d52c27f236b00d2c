"""What a ceasefire turns out to be worth to those who sign it, path by path."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from tests.statistics.evidence import (
    LIMIT,
    NEVER,
    front,
    off_by,
    parameters,
    taken_for_right,
    worlds_of,
)

WORLDS = 50_000
D, STAKE, LINE, OFFERED, DRIFT = 0.95, 160_000, 80_000, 79_900, -12.0
COST = {0: 2000.0, 1: 1600.0}

SETS = {  # weeks (None: permanent), break-down and settlement per week
    "runs out": (8, 0.10, 0.0),
    "until it breaks": (None, 0.08, 0.0),
    "may settle": (12, 0.06, 0.10),
}


@cache
def payoffs(name):
    """Discounted flows of both sides from the day of the truce on, beside the line.

    The front is so wide that no war on it ends. On the day that the truce runs out, R
    has said in public what rules it out again.
    """
    weeks, z, pi = SETS[name]
    start = date(2025, 3, 13)
    timeline = [{"date": str(start), "offer": "peace", "by": "w"}]
    if weeks:
        vow = str(start + timedelta(weeks=weeks))
        timeline.append({"date": vow, "audience_cost_km2": {"r": STAKE}})
    params = parameters(
        **front(STAKE, LINE, DRIFT, 60.0),
        horizon_days=7 * 60,  # what is left then is paid as it is valued
        discount_factor_per_week=D,
        parties__u__cost_of_war_km2=COST[0],
        parties__r__cost_of_war_km2=COST[1],
        parties__r__claimed_km2=STAKE,
        truce__breakdown_per_week=z,
        truce__settlement_per_week=pi,
        negotiation__offers__peace={
            "duration_days": weeks and 7 * weeks,
            "line": {"held_km2": OFFERED},
            "monitoring": 0,
        },
        negotiation__repeat_after_days=3660,
        timeline=timeline,
    )
    params["first_round"] = NEVER  # nothing is offered after it
    worlds = worlds_of(params, WORLDS, seed=24)
    assert (worlds["first_full_truce"] == 0).all()
    assert (worlds["extended"] == 0).all()
    ran_out = worlds["expired"] > 0
    assert ran_out.any() == (weeks is not None)
    return worlds["payoff"] - held()


def held():
    """Parts of the stake on the line of the truce."""
    return np.array([OFFERED, STAKE - OFFERED])


def war(side, drift=DRIFT):
    """Value of the war after the truce, beside the line: its drift and its cost."""
    gain = drift * D / (1 - D)
    return (gain if side == 0 else -gain) - COST[side]


def worth(side, weeks, z, pi, *, discount=D, kept=None, drift=DRIFT):
    """Value of a ceasefire: how it may end, and the war after it, beside the line.

    `kept` is what a week of truce leaves of a unit; by right d(1-z-pi).
    """
    a = discount * (1 - z - pi) if kept is None else kept
    end = a**weeks if weeks else 0.0
    annuity = (1 - end) / (1 - a)
    again = war(side, drift)
    settled = again + 0.5 * (COST[0] + COST[1])
    return discount * (z * again + pi * settled) * annuity + end * again


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("name", SETS)
def test_a_ceasefire_pays_what_its_value_says(name, side):
    weeks, z, pi = SETS[name]
    seen = payoffs(name)[:, side]
    assert off_by(seen, worth(side, weeks, z, pi)) < LIMIT
    wrong = {
        "it never breaks down": worth(side, weeks, 0.0, pi),
        "break-down forgotten in the discount": worth(side, weeks, z, pi, kept=D),
        "no drift in the war after it": worth(side, weeks, z, pi, drift=0.0),
        "war at once": war(side),
    }
    if weeks:
        wrong["it never runs out"] = worth(side, None, z, pi)
        wrong["it lasts a week longer"] = worth(side, weeks + 1, z, pi)
    else:
        wrong["war breaks out a week early"] = worth(
            side, weeks, z, pi, discount=1.0, kept=D * (1 - z - pi)
        )
    if pi:
        wrong["no settlement"] = worth(side, weeks, z, 0.0)
        wrong["settlements are break-downs"] = worth(side, weeks, z + pi, 0.0)
        wrong["hazards swapped"] = worth(side, weeks, pi, z)
    assert taken_for_right(wrong, lambda x: off_by(seen, x)) == []
