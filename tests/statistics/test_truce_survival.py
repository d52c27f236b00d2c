"""How long truces hold, and whether they end in war or in a settlement.

A settlement needs a surplus S' > 0 at the true costs of both sides, which nobody knows
before; that there is one has the chance P+ of which everybody knows.
"""

import math
from functools import cache

import numpy as np
import pytest

from sim.model.parameters import build
from sim.model.state import SETTLED, TRUCE
from sim.scenario.load import load
from tests.agreement.paths import engine_paths
from tests.formulas import oracles
from tests.statistics.evidence import (
    LIMIT,
    NEVER,
    front,
    off_by,
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


def truces(name):
    """Parameters of a truce that is agreed on day 0, and none after it.

    Both suffer so much from war that they accept, and later find a surplus to settle
    on.
    """
    z, pi, monitoring, days, steps = SETS[name]
    params = parameters(
        step_days=days,
        horizon_days=days * steps,
        parties__u__cost_of_war_km2=2400,
        parties__r__cost_of_war_km2=2400,
        truce__breakdown_per_week=z,
        truce__settlement_per_week=pi,
        negotiation__offers__peace__monitoring=monitoring,
        negotiation__repeat_after_days=3660,
        timeline=[{"date": "2025-03-13", "offer": "peace", "by": "w"}],
    )
    params["first_round"] = NEVER  # nothing is offered after a break-down
    return params


@cache
def seen(name):
    """Which truces hold after some steps, which broke, which settled; their pauses.

    The day after it is agreed is the first on which a truce may end.
    """
    worlds = worlds_of(truces(name), WORLDS, seed=23)
    assert (worlds["first_full_truce"] == 0).all()
    ends = worlds["phase"] == TRUCE, worlds["broken"] > 0, worlds["phase"] == SETTLED
    return ends, worlds["longest_pause"]


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
    return max(map(share_off_by, seen(name)[0], expected))


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


# ---- settlement: only where there is something to share ------------------------------

LINE, STAKE, SPREAD, PATIENCE = 3200, 8000, 120.0, 0.98
YES = {
    "name": "scripted",
    "answers": [{"date": "2025-03-13", "offer": "peace", "answer": "accept"}],
}

PRIVATE = {  # beliefs of both; costs of both, lowest and highest; bargaining weights
    "both a little": ((5.0, -15.0), (300, 900), (200, 600), (0.0, 0.0)),
    "both much, a deficit": ((10.0, -25.0), (0, 1400), (100, 1300), (0.3, 0.1)),
    "one": ((0.0, -20.0), (600, 600), (0, 1000), (0.2, 0.6)),
    "near an end": ((-30.0, -40.0), (0, 900), (0, 600), (0.0, 0.5)),
}


@cache
def settled(name):
    """Worlds whose truce of day 0 is asked for a settlement sooner or later."""
    beliefs, *costs, weights = PRIVATE[name]
    line = 900 if name == "near an end" else LINE
    settings = front(STAKE, line, -20.0, SPREAD) | {
        "horizon_days": 7 * 60,
        "truce__breakdown_per_week": 0,
        "truce__settlement_per_week": 0.4,
        "timeline": [{"date": "2025-03-13", "offer": "peace", "by": "w"}],
    }
    for party, belief, (low, high), weight in zip(
        "ur", beliefs, costs, weights, strict=True
    ):
        settings |= {
            f"parties__{party}__belief": {"drift_km2_per_week": belief},
            f"parties__{party}__cost_of_war_km2": {
                "value": (low + high) / 2,
                "private": [low, high],
            },
            f"parties__{party}__bargaining_weight": weight,
            f"parties__{party}__policy": YES,
        }
    params = parameters(**settings)
    params["first_round"] = NEVER
    worlds = worlds_of(params, 5_000, seed=33)
    assert (worlds["first_full_truce"] == 0).all()
    assert np.isin(worlds["phase"], (TRUCE, SETTLED)).all()
    return worlds


def shared(name, costs):
    """S' at some costs of both sides (arrays), values of war, and 1 - psi - phi."""
    rate, line = -math.log(PATIENCE), 900 if name == "near an end" else LINE
    wars, fighting = [], []
    for side, belief in enumerate(PRIVATE[name][0]):
        drift, held = (belief, line) if side == 0 else (-belief, STAKE - line)
        psi, phi = oracles.odds(drift, SPREAD, rate, held, STAKE)
        gain = drift * PATIENCE / (1 - PATIENCE)
        fighting.append(1 - psi - phi)
        war = held + gain - gain * (psi + phi)
        wars.append(war - costs[side] * fighting[side])
    return STAKE - wars[0] - wars[1], wars, fighting


@pytest.mark.parametrize("name", PRIVATE)
def test_truces_are_settled_only_where_there_is_a_surplus_at_the_true_costs(name):
    """World by world; and on the line that shares it."""
    worlds = settled(name)
    surplus, wars, _ = shared(name, worlds["cost"].T)
    done = worlds["phase"] == SETTLED
    assert 0.02 < done.mean() < 0.98
    assert (done == (surplus > 0)).all()
    alpha = PRIVATE[name][3]
    part = alpha[0] / sum(alpha) if sum(alpha) else 0.5
    line = np.clip(wars[0] + part * surplus, 0, STAKE)
    assert abs(worlds["line"] - line)[done].max() < 1e-6


@pytest.mark.parametrize("name", PRIVATE)
def test_they_are_settled_as_often_as_everybody_expects(name):
    done = settled(name)["phase"] == SETTLED
    costs = PRIVATE[name][1:3]
    middle, _, fighting = shared(name, [sum(each) / 2 for each in costs])
    wide = [
        (high - low) / 2 * f for (low, high), f in zip(costs, fighting, strict=True)
    ]
    assert share_off_by(done, oracles.chance_of_settlement(middle, *wide)) < LIMIT
    wrong = {
        "always or never": float(middle > 0),
        "half of the time": 0.5,
        "a deficit for the surplus": oracles.chance_of_settlement(-middle, *wide),
        "twice the surplus": oracles.chance_of_settlement(2 * middle, *wide),
        "one cost for both": oracles.chance_of_settlement(middle, 2 * sum(wide), 0.0),
    }
    assert taken_for_right(wrong, lambda x: share_off_by(done, x)) == []


# ---- pauses --------------------------------------------------------------------------


def test_the_longest_pause_is_that_of_the_truce_that_held_longest():
    """World by world, day by day: truces break, run out, are extended, are settled."""
    changes = {
        "parties.russia.belief.drift_km2_per_week": -20,
        "truce.breakdown_per_week": 0.1,
        "truce.settlement_per_week": 0.05,
    }
    params = build(load("kursk-2025-03-13", set=changes).scenario)
    several = 0
    for path in engine_paths(params, 1, range(300)):
        pauses, ended = [0], 0
        for day in path:
            ends = day["broken"] + day["expired"]
            if ends > ended:  # perhaps another one began on the same day
                pauses.append(0)
                ended = ends
            if day["phase"] in (TRUCE, SETTLED):
                pauses[-1] += 1
        if day["phase"] == SETTLED:  # which it stays
            pauses[-1] += int(params["steps"][0]) - len(path)
        assert day["longest_pause"] == max(pauses)
        several += len([pause for pause in pauses if pause]) > 1
    assert several > 40


def test_pauses_last_as_long_as_their_hazard_lets_them():
    """The truce of day 0, and none after it: the mean of min(T, horizon)."""
    name = "watched"
    z, _, _, _, steps = SETS[name]
    leave = hazard(name)
    _, pause = seen(name)

    def mean(leave, steps):
        return sum((1 - leave) ** n for n in range(steps))

    assert off_by(pause, mean(leave, steps)) < LIMIT
    wrong = {
        "a step more": mean(leave, steps + 1),
        "no horizon": 1 / leave,
        "no monitoring": mean(z, steps),
    }
    assert taken_for_right(wrong, lambda x: off_by(pause, x)) == []
