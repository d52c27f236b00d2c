"""How long truces hold, and whether they end in war or in a settlement."""

import math
from functools import cache

import pytest

from sim.model.state import SETTLED, TRUCE
from tests.statistics.evidence import (
    LIMIT,
    NEVER,
    parameters,
    share_off_by,
    taken_for_right,
    worlds_of,
)

WORLDS = 50_000

SETS = {  # break-down and settlement per week, monitoring, days of a step, steps
    "watched": (0.30, 0.0, 0.8, 7, 9),
    "settling": (0.15, 0.12, 0.3, 7, 5),
    "daily": (0.60, 0.20, 0.2, 1, 8),
}


@cache
def seen(name):
    """Which truces hold after some steps, which broke and which became settlements.

    The truce is agreed on day 0; the day after is the first on which it may end. Both
    suffer so much from war that they accept, and later find a surplus to settle on.
    """
    z, pi, monitoring, days, steps = SETS[name]
    params = parameters(
        step_days=days,
        horizon_days=days * steps,
        parties__u__cost_of_war=0.3,
        parties__r__cost_of_war=0.3,
        truce__breakdown_per_week=z,
        truce__settlement_per_week=pi,
        negotiation__offers__peace__monitoring=monitoring,
        negotiation__repeat_after_days=3660,
        timeline=[{"date": "2025-03-13", "offer": "peace", "by": "w"}],
    )
    params["first_round"] = NEVER  # nothing is offered after a break-down
    worlds = worlds_of(params, WORLDS, seed=23)
    assert (worlds["first_full_truce"] == 0).all()
    return worlds["phase"] == TRUCE, worlds["broken"] > 0, worlds["phase"] == SETTLED


def hazard(name, effect=-1.5):
    z, _, monitoring, _, _ = SETS[name]
    return z * math.exp(effect * monitoring)


def shares(z, pi, weeks, chances):
    """Shares that hold, broke and settled after so many chances to end."""
    held = (1 - z - pi) ** (weeks * chances)
    return held, (1 - held) * z / (z + pi), (1 - held) * pi / (z + pi)


def one_by_one(z, pi, weeks, chances):
    """The same, if each step asked first for break-down and then for settlement."""
    broke = 1 - (1 - z) ** weeks
    settled = (1 - broke) * (1 - (1 - pi) ** weeks)
    held = (1 - broke - settled) ** chances
    gone = (1 - held) / (broke + settled)
    return held, gone * broke, gone * settled


def worst(name, expected):
    """Standard errors of the share that is furthest off."""
    return max(map(share_off_by, seen(name), expected))


@pytest.mark.parametrize("name", SETS)
def test_truces_hold_and_end_as_often_as_their_hazards_say(name):
    _, pi, _, days, steps = SETS[name]
    z, weeks = hazard(name), days / 7
    assert worst(name, shares(z, pi, weeks, steps - 1)) < LIMIT
    rate = (1 - math.exp(-z - pi)) / (z + pi)
    wrong = {
        "a day more": shares(z, pi, weeks, steps),
        "a day less": shares(z, pi, weeks, steps - 2),
        "rates for hazards": shares(z * rate, pi * rate, weeks, steps - 1),
        "monitoring that breaks truces": shares(
            min(hazard(name, 1.5), 0.95 - pi), pi, weeks, steps - 1
        ),
        "no monitoring": shares(hazard(name, 0.0), pi, weeks, steps - 1),
    }
    if pi > 0:
        wrong["hazards that do not compete"] = one_by_one(z, pi, weeks, steps - 1)
        wrong["settlement counted as break-down"] = shares(
            z + pi, 1e-9, weeks, steps - 1
        )
        wrong["hazards swapped"] = shares(pi, z, weeks, steps - 1)
    if days < 7:
        wrong["hazards of a week each day"] = shares(z, pi, 1.0, steps - 1)
        wrong["hazards divided by seven"] = shares(
            z * weeks, pi * weeks, 1.0, steps - 1
        )
    assert taken_for_right(wrong, lambda x: worst(name, x)) == []
