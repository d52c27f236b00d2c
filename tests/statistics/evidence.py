"""How far what many worlds show is from what a formula says, in standard errors.

A formula passes within 4 of them, which chance alone exceeds once in 16,000 tests. The
wrong versions of a formula must miss by more than 4 with the same worlds: a test that
could not tell them apart would prove nothing. Seeds and numbers of worlds are fixed in
the files, so each test always gives the same answer. Settings were chosen so that the
wrong versions differ from the right one; where they coincide nothing could be shown.
"""

import math

import numpy as np

from sim.model.engine import simulate
from sim.model.parameters import build
from tests.stages.worlds import REFERENCE, scenario

LIMIT = 4.0
NEVER = 10**6

# the reference world, with nothing to trade and common beliefs that are true
PLAIN = {
    "horizon_days": 3660,
    "aid.level": 1,
    "chips.land.area_km2": 0,
    "chips.land.drift_km2_per_week": 0,
    "parties.u.belief": {"drift_km2_per_week": -20, "learning_weight": 0},
    "parties.r.belief": {"drift_km2_per_week": -20, "learning_weight": 0},
}


def plain(**changes):
    """Scenario `PLAIN` with other values; `__` in a name stands for a dot."""
    dotted = {name.replace("__", "."): value for name, value in changes.items()}
    return scenario(REFERENCE, PLAIN | dotted)


def parameters(talks=True, **changes):
    """Parameters of `PLAIN` with other values."""
    params = build(plain(**changes))
    if not talks:
        params["first_round"] = NEVER
    return params


def front(stake, held, drift, spread, days=7):
    """Changes that make such a front, in km2 and weeks, with common and true beliefs.

    The offer of the reference world draws its line where the front is.
    """
    belief = {"drift_km2_per_week": drift, "learning_weight": 0}
    return {
        "step_days": days,
        "front__stake_km2": stake,
        "front__held_km2": held,
        "front__drift_km2_per_week": drift,
        "front__volatility_km2_per_week": spread,
        "parties__u__belief": belief,
        "parties__r__belief": belief,
        "negotiation__offers__peace__line": "in_place",
    }


def worlds_of(params, count, seed):
    """`count` worlds run to their end."""
    return simulate(params, seed=seed, replicates=range(count))


def off_by(seen, expected):
    """Standard errors between the mean of a sample and what it should be."""
    error = np.std(seen, ddof=1) / math.sqrt(len(seen))
    return abs(np.mean(seen) - expected) / error


def share_off_by(seen, chance):
    """Standard errors between how often something was seen, and its chance."""
    error = math.sqrt(chance * (1.0 - chance) / len(seen))
    miss = abs(np.mean(seen) - chance)
    return miss / error if error > 0.0 else math.inf if miss > 0.0 else 0.0


def spread_off_by(seen, expected):
    """Standard errors between the spread of a normal sample and what it should be."""
    error = expected / math.sqrt(2 * (len(seen) - 1))
    return abs(np.std(seen, ddof=1) - expected) / error


def taken_for_right(wrong, off):
    """Wrong versions that these worlds could not tell from the right one, by name.

    `off` is the test statistic: standard errors between what is seen and a formula.
    """
    return [name for name, expected in wrong.items() if off(expected) <= LIMIT]
