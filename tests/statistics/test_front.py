"""Who wins a war fought to its end, and how long it takes: the gambler's ruin."""

import math
from functools import cache

import pytest
from sim.model.formulas.odds import discounted_odds, ruin

from sim.model.formulas.elementary import logit
from sim.model.state import DEFEAT
from tests.statistics.evidence import (
    LIMIT,
    front,
    off_by,
    parameters,
    share_off_by,
    taken_for_right,
    worlds_of,
)

WORLDS = 50_000
D = 0.98  # per week

SETS = {  # lines, line, win, battles per week, days of a step
    "weekly": (10, 4, 0.45, 0.5, 7),
    "often": (8, 5, 0.40, 0.6, 7),
    "daily": (12, 3, 0.52, 3.0, 1),
}


@cache
def fought(name):
    """Ended worlds, periods they took, and what winning was worth at the start."""
    lines, line, win, battles, days = SETS[name]
    params = parameters(talks=False, **front(lines, line, win, battles, days))
    worlds = worlds_of(params, WORLDS, seed=21)
    assert (worlds["phase"] == DEFEAT).all()
    won = worlds["defeated"] == 1
    return won, worlds["step"], worlds["present_worth"] * won


def chances(name):
    """The right chance to win, and wrong ones."""
    lines, line, win, *_ = SETS[name]
    k, n = float(line), float(lines)
    wrong = {
        "odds of the other side": ruin(1 - win, k, n)[0],
        "chance to lose": 1 - ruin(win, k, n)[0],
        "even battles": k / n,
        "one line too far": ruin(win, k + 1, n)[0],
    }
    return ruin(win, k, n)[0], wrong


def durations(name):
    """The right mean number of periods, and wrong ones."""
    lines, line, win, battles, days = SETS[name]
    k, n, h = float(line), float(lines), battles * days / 7
    count = ruin(win, k, n)[1]
    wrong = {
        "battles, not periods": count,
        "a hazard for the expected count": count / (1 - math.exp(-h)),
        "odds of the other side": ruin(1 - win, k, n)[1] / h,
        "even battles": k * (n - k) / h,
    }
    return count / h, wrong


def worths(name):
    """The right present worth of winning, and wrong ones."""
    lines, line, win, battles, days = SETS[name]
    h, d = battles * days / 7, D ** (days / 7)
    rest = float(line), float(lines)
    wrong = {
        "d in place of e": discounted_odds(logit(win), *rest, d, 1.0)[0],
        "worth of losing": discounted_odds(logit(win), *rest, d, h)[1],
        "a hazard for the expected count": discounted_odds(
            logit(win), *rest, d, 1 - math.exp(-h)
        )[0],
        "no discounting": ruin(win, *rest)[0],
    }
    return discounted_odds(logit(win), *rest, d, h)[0], wrong


@pytest.mark.parametrize("name", SETS)
def test_the_front_is_won_as_often_as_the_ruin_says(name):
    won, _, _ = fought(name)
    right, wrong = chances(name)
    assert share_off_by(won, right) < LIMIT
    assert taken_for_right(wrong, lambda x: share_off_by(won, x)) == []


@pytest.mark.parametrize("name", SETS)
def test_wars_last_as_long_as_the_ruin_says(name):
    _, periods, _ = fought(name)
    right, wrong = durations(name)
    assert off_by(periods, right) < LIMIT
    assert taken_for_right(wrong, lambda x: off_by(periods, x)) == []


@pytest.mark.parametrize("name", SETS)
def test_a_victory_is_worth_less_the_later_it_comes(name):
    _, _, worth = fought(name)
    right, wrong = worths(name)
    assert off_by(worth, right) < LIMIT
    assert taken_for_right(wrong, lambda x: off_by(worth, x)) == []
