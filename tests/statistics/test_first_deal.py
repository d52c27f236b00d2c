"""How long it takes until beliefs are close enough for a deal.

War is worth to each side what it holds, what it expects to gain and what fighting costs
it; both together claim more than there is until what they disagree about is worth less
than the costs. In the simulation the line moves and teaches both.
"""

import math
from functools import cache

import numpy as np
import pytest

from sim.model.state import DEFEAT
from tests.agreement.paths import engine_paths
from tests.statistics.evidence import LIMIT, front, off_by, parameters, worlds_of

# Almost exact answers. With none at all the search for the best line, which begins with
# 65 lines over the stake, finds a range of agreements only once it holds one of them.
NOISE = 0.02

TALKS = {
    "parties__r__decision_noise_km2": NOISE,
    "truce__breakdown_per_week": 0,
    "negotiation__proposer_weights": {"u": 1, "r": 0, "w": 0},
    "negotiation__repeat_after_days": 7,
    "negotiation__offers__peace": {"line": "optimal", "duration_days": None},
}


def talks(place, beliefs, weight, costs, **more):
    """Parameters of such talks on a front, with beliefs of one weight, costs of war."""
    changes = place | TALKS | more
    for party, belief, cost in zip("ur", beliefs, costs, strict=True):
        changes[f"parties__{party}__cost_of_war_km2"] = cost
        changes[f"parties__{party}__belief"] = {
            "drift_km2_per_week": belief,
            "weight_weeks": weight,
            "learning_weight": 1,
        }
    return parameters(**changes)


# ---- far from both ends --------------------------------------------------------------

ENDLESS = {  # weeks of record, beliefs, costs, discount, days of a step
    "as in the flagship": (80, (0.0, -36.0), (800, 600), 0.98, 7),
    "by day": (80, (0.0, -36.0), (800, 600), 0.98, 1),
    "a short record": (6, (40.0, -20.0), (300, 300), 0.95, 7),
    "dear wars": (200, (-30.0, -48.0), (500, 370), 0.98, 7),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_far_from_both_ends_the_gap_alone_decides(name):  # T25
    """The gap closes as T/(T + n) on every path, so all worlds need the same n weeks.

    A drift that goes on is worth y D/(1-D) weeks of it, about 1/(1-d).
    """
    record, beliefs, costs, weekly, days = ENDLESS[name]
    weeks, discount = days / 7, weekly ** (days / 7)
    place = front(160_000, 80_000, -20.0, 61.0, days)
    patience = {"discount_factor_per_week": weekly}
    params = talks(place, beliefs, record, costs, **patience)
    worlds = worlds_of(params, 1000, seed=27)
    enough = sum(costs) / (weeks * discount / (1 - discount))
    needed = record * ((beliefs[0] - beliefs[1]) / enough - 1)
    # the first round that is not before
    expected = math.ceil(needed) / weeks
    agreed = worlds["first_full_truce"] / 1.0
    assert agreed.min() == expected
    # the noise of an answer makes some wait for another round
    assert (agreed > expected).mean() < 0.05
    for wrong in (expected + 7 / days, expected - 7 / days):
        assert off_by(agreed, wrong) > LIMIT


# ---- near the ends -------------------------------------------------------------------

STAKE, HELD, SPREAD = 3000, 1300, 130.0
SETS = {  # weeks of record, beliefs, costs
    "base": (40, (15.0, -30.0), (800, 700)),
    "less sure": (20, (15.0, -30.0), (700, 600)),
    "more optimistic": (40, (20.0, -40.0), (1000, 900)),
    "near defeat": (10, (-20.0, -60.0), (300, 250)),
}


@cache
def days_of(name):
    """What happened day by day in some worlds."""
    record, beliefs, costs = SETS[name]
    place = front(STAKE, HELD, -10.0, SPREAD)
    return engine_paths(talks(place, beliefs, record, costs), 26, range(60))


def room(line, belief, costs):
    """What is left to share at some lines, shape (n,), and beliefs, (n, 2)."""
    rate, left = -math.log(0.98), np.full(len(line), float(STAKE))
    for side in (0, 1):
        mu = belief[:, side] if side == 0 else -belief[:, side]
        z = line if side == 0 else STAKE - line
        k, t = np.sqrt(mu**2 + 2 * rate * SPREAD**2) / SPREAD**2, mu / SPREAD**2
        whole = np.sinh(k * STAKE)
        psi = np.exp(t * (STAKE - z)) * np.sinh(k * z) / whole
        phi = np.exp(-t * z) * np.sinh(k * (STAKE - z)) / whole
        left -= z + (49 * mu - costs[side]) * (1 - psi - phi)
    return left


@pytest.mark.parametrize("name", SETS)
def test_there_is_a_deal_on_the_first_day_that_leaves_something_to_share(name):
    """World by world, with what the sides have learned and where the line is."""
    _, beliefs, costs = SETS[name]
    deals = []
    for path in days_of(name):
        agreed = int(path["first_full_truce"][-1])
        assert agreed >= 0 or path["phase"][-1] == DEFEAT
        # the morning of a day is the evening before
        waited = agreed if agreed >= 0 else len(path) - 1
        line = np.concatenate([[HELD], path["line"]])[: waited + 1]
        belief = np.concatenate([[beliefs], path["belief"]])[: waited + 1]
        left = room(line, belief, costs)
        if agreed >= 0:
            assert left[-1] > -20 * NOISE
            deals.append(agreed)
            left = left[:-1]
        assert (left < 20 * NOISE).all()
    # not all on the same day
    assert len(deals) > 20
    assert len(np.unique(deals)) > 5
