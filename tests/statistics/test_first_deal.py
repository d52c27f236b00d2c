"""How many battles it takes until beliefs are close enough for a deal.

T28 of the reference values moves both beliefs by the mean outcome of a battle and
leaves the line where it is. In the simulation the line moves and outcomes are luck.
Beliefs depend on the numbers of battles and of victories alone, so the distribution of
the first deal can be worked out exactly, victory by victory, without simulation.
"""

from functools import cache

import numpy as np
import pytest

from sim.model.state import DEFEAT
from tests.formulas import oracles
from tests.statistics.evidence import (
    LIMIT,
    front,
    off_by,
    parameters,
    taken_for_right,
    worlds_of,
)

WORLDS = 1_000
D, H, LINES, LINE, WIN = 0.98, 0.5, 20, 8, 0.47

# Almost exact answers. With none at all the search for the best line, which begins with
# 65 lines over the stake, finds a range of agreements only once it holds one of them.
NOISE = 2.5e-5

SETS = {  # costs, beliefs, weight of both, battles by T28
    "base": ((0.10, 0.08), (0.56, 0.40), 40, 43),
    "less sure": ((0.10, 0.08), (0.56, 0.40), 20, 22),
    "more optimistic": ((0.10, 0.08), (0.60, 0.40), 40, 66),
    "costlier": ((0.15, 0.12), (0.56, 0.40), 40, 16),
}


@cache
def battles(name):
    """Battles in each world until a deal, or until a defeat without one."""
    costs, beliefs, weight, _ = SETS[name]
    known = [
        {"win_probability": belief, "weight_battles": weight, "learning_weight": 1}
        for belief in beliefs
    ]
    settings = front(LINES, LINE, WIN, H) | {
        "parties__u__belief": known[0],
        "parties__r__belief": known[1],
    }
    params = parameters(
        **settings,
        parties__u__cost_of_war=costs[0],
        parties__r__cost_of_war=costs[1],
        parties__r__decision_noise=NOISE,
        truce__breakdown_per_week=0,
        negotiation__proposer_weights={"u": 1, "r": 0, "w": 0},
        negotiation__repeat_after_days=7,
        negotiation__offers__peace__line="optimal",
    )
    worlds = worlds_of(params, WORLDS, seed=26)
    assert ((worlds["first_full_truce"] >= 0) | (worlds["phase"] == DEFEAT)).all()
    return worlds["belief_weight"][:, 0] - weight


@cache
def wars(belief, cost, pace, side):
    """Values of war to a side at every line of side 0, as it believes."""
    win = belief if side == 0 else 1 - belief
    value = oracles.war(win, LINES, D, pace, 1.0, cost)
    return value if side == 0 else value[::-1]


def learned(name, fought, won, weight):
    return [(weight * prior + won) / (weight + fought) for prior in SETS[name][1]]


def agree(name, fought, won, line, weight, pace):
    """Whether some division is worth war to both sides, after so many battles."""
    costs = SETS[name][0]
    after = learned(name, fought, won, weight)
    values = [wars(after[i], costs[i], pace, i)[line] for i in (0, 1)]
    return sum(values) <= 1


def by_mean_outcome(name):
    """T28: battles if each brings the mean outcome and the line stays."""
    fought = 0
    weight = SETS[name][2]
    while not agree(name, fought, WIN * fought, LINE, weight, H):
        fought += 1
    return fought


@cache
def mean_battles(name, *, weight=None, pace=H, win=WIN, learn=True):
    """Exact mean number of battles until a deal or a defeat."""
    weight = SETS[name][2] if weight is None else weight
    chances, total, fought = {0: 1.0}, 0.0, 0  # by victories, of wars that go on
    while chances and fought < 600:
        ahead = {}
        for won, chance in chances.items():
            line = LINE + 2 * won - fought
            if not 0 < line < LINES:
                continue
            seen = won if learn else WIN * fought
            if agree(name, fought, seen, line, weight, pace):
                continue
            total += chance
            ahead[won + 1] = ahead.get(won + 1, 0.0) + chance * win
            ahead[won] = ahead.get(won, 0.0) + chance * (1 - win)
        chances = {won: chance for won, chance in ahead.items() if chance > 1e-9}
        fought += 1
    return total


@pytest.mark.parametrize("name", SETS)
def test_by_mean_outcomes_it_takes_the_battles_of_the_reference(name):  # T28
    assert by_mean_outcome(name) == SETS[name][3]


LONGEST = "base", "more optimistic"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow) if name in LONGEST else name
        for name in SETS
    ],
)
def test_by_luck_it_takes_the_battles_of_the_exact_distribution(name):
    """Fewer than by mean outcomes: of many paths some bring the deal early."""
    weight = SETS[name][2]
    seen = battles(name)
    right = mean_battles(name)
    assert off_by(seen, right) < LIMIT
    assert right < by_mean_outcome(name)
    wrong = {
        "mean outcomes on a line that stays": by_mean_outcome(name),
        "mean outcomes on a line that moves": mean_battles(name, learn=False),
        "slower learning": mean_battles(name, weight=1.5 * weight),
        "d in place of e": mean_battles(name, pace=1.0),
        "battles won by the other side": mean_battles(name, win=1 - WIN),
    }
    assert taken_for_right(wrong, lambda x: off_by(seen, x)) == []


ENDLESS = {  # weight of both beliefs, gap between them, gap at which there is a deal
    "quick": (2, 0.30, 0.11),
    "slow": (6, 0.30, 0.19),
    "nearly": (4, 0.24, 0.15),
}
LONG, IMPATIENT, OFTEN = 60, 0.85, 0.8


@pytest.mark.parametrize("name", ENDLESS)
def test_far_from_both_ends_the_gap_alone_decides(name):  # T25
    """The gap closes as n0 / (n0 + n) on every path, so all worlds need the same n.

    War is worth the land held, less its cost, and the gain that the moving line brings,
    which is in proportion to the odds: both together claim more than there is as long
    as the gap times twice the discounted number of battles over N exceeds the costs.
    """
    weight, gap, enough = ENDLESS[name]
    per_gap = 2 * IMPATIENT * OFTEN / (LONG * (1 - IMPATIENT))
    settings = front(LONG, LONG // 2, 0.5, OFTEN)
    for party, sign in (("u", 1), ("r", -1)):
        settings[f"parties__{party}__cost_of_war"] = per_gap * enough / 2
        settings[f"parties__{party}__belief"] = {
            "win_probability": 0.5 + sign * gap / 2,
            "weight_battles": weight,
            "learning_weight": 1,
        }
    params = parameters(
        **settings,
        discount_factor_per_week=IMPATIENT,
        parties__r__decision_noise=NOISE,
        truce__breakdown_per_week=0,
        negotiation__proposer_weights={"u": 1, "r": 0, "w": 0},
        negotiation__repeat_after_days=7,
        negotiation__offers__peace__line="optimal",
    )
    worlds = worlds_of(params, WORLDS, seed=27)
    needed = int(np.ceil(weight * (gap / enough - 1)))
    more = worlds["belief_weight"][:, 0] - weight - needed
    assert more.min() == 0
    assert (more > 0).mean() < 0.05  # the noise of an answer
    weeks = worlds["first_full_truce"]
    assert off_by(weeks, needed / OFTEN) < LIMIT
    wrong = {
        "a battle more": (needed + 1) / OFTEN,
        "a battle less": (needed - 1) / OFTEN,
        "a battle each week": needed,
        "a hazard for the count": needed / (1 - np.exp(-OFTEN)),
    }
    assert taken_for_right(wrong, lambda x: off_by(weeks, x)) == []
