"""How the line moves, what is learned from it, and how a war on it ends.

The ends are looked at once a step, so what is to be expected of them comes from a war
that is lived step by step, not from the formulas, which take the line for one that is
seen all the time; `tests/formulas/test_joint_chain.py` says how far these are apart.
"""

from functools import cache

import numpy as np
import pytest

from sim.model.state import DEFEAT
from sim.model.trajectories import watch
from tests.formulas.oracles import Steps, odds
from tests.statistics.evidence import (
    LIMIT,
    front,
    off_by,
    parameters,
    share_off_by,
    spread_off_by,
    taken_for_right,
    worlds_of,
)

WORLDS = 20_000
D = 0.98  # per week

# ---- far from both ends --------------------------------------------------------------

WIDE, HALF = 160_000, 80_000
DRIFT, SPREAD, STEPS = -28.0, 61.0, 12
DAYS = pytest.mark.parametrize("days", [1, 7])

CAUSES = {  # what is set beside the true drift, and what it adds to it
    "nothing else": ({}, 0.0),
    "aid is cut by half": ({"aid__level": 0.5, "aid__revert_per_week": 0}, -30.0),
    "a chip ties down forces": (
        {
            "chips__land__area_km2": 400,
            "chips__land__drift_km2_per_week": 25,
            "chips__land__regimes": {"only": {}},
        },
        10.0,
    ),
}


@cache
def moved(cause, days):
    """How far the line has moved after some steps, and beliefs by then."""
    changes, _ = CAUSES[cause]
    settings = front(WIDE, HALF, DRIFT, SPREAD, days) | changes
    for party, belief in (("u", 10.0), ("r", -60.0)):
        settings[f"parties__{party}__belief"] = {
            "drift_km2_per_week": belief,
            "weight_weeks": 20,
        }
    params = parameters(talks=False, **settings)
    params["steps"] = STEPS
    worlds = worlds_of(params, WORLDS, seed=31)
    return worlds["line"] - HALF, worlds["belief"], worlds["belief_weight"]


@DAYS
@pytest.mark.parametrize("cause", CAUSES)
def test_the_line_drifts_as_fast_as_its_causes_say(cause, days):
    line, _, _ = moved(cause, days)
    weeks, added = STEPS * days / 7, CAUSES[cause][1]
    assert off_by(line, (DRIFT + added) * weeks) < LIMIT
    wrong = {
        "the other way": -(DRIFT + added) * weeks,
        "no drift": 0.0,
        "a step more": (DRIFT + added) * weeks * (STEPS + 1) / STEPS,
    }
    if days == 1:
        # of a week too, a twelfth of the way is lost in luck
        del wrong["a step more"]
        wrong["a week each day"] = (DRIFT + added) * STEPS
    if added:
        wrong["the cause counts for nothing"] = DRIFT * weeks
        wrong["or against"] = (DRIFT - added) * weeks
    assert taken_for_right(wrong, lambda x: off_by(line, x)) == []


@DAYS
def test_the_line_shakes_as_much_as_its_spread_says(days):
    line, _, _ = moved("nothing else", days)
    weeks = STEPS * days / 7
    assert spread_off_by(line, SPREAD * weeks**0.5) < LIMIT
    wrong = {
        "a step more": SPREAD * ((STEPS + 1) * days / 7) ** 0.5,
        "in proportion to time": SPREAD * weeks,
        "the variance for the spread": SPREAD**0.5 * weeks**0.5,
    }
    if days == 1:
        wrong["a week each day"] = SPREAD * STEPS**0.5
    assert taken_for_right(wrong, lambda x: spread_off_by(line, x)) == []


def test_moves_of_different_days_are_unrelated_and_normal():
    params = parameters(talks=False, **front(WIDE, HALF, DRIFT, SPREAD, 1))
    params["steps"] = 40
    line = watch(params, seed=32, replicates=range(1000)).values[:, :, 0]
    moves = (np.diff(line, axis=1) - DRIFT / 7) / (SPREAD / 7**0.5)
    for lag in (1, 2, 7):
        products = (moves[:, lag:] * moves[:, :-lag]).ravel()
        assert off_by(products, 0.0) < LIMIT
    assert off_by((moves[1:] * moves[:-1]).ravel(), 0.0) < LIMIT  # of two worlds
    for size, chance in ((1.0, 0.3173105), (2.0, 0.0455003), (3.0, 0.0026998)):
        assert share_off_by(abs(moves).ravel() > size, chance) < LIMIT


@DAYS
@pytest.mark.parametrize("cause", CAUSES)
def test_what_is_learned_is_what_the_line_did_beside_known_causes(cause, days):
    """On every path, to rounding: 20 weeks of record, and the weeks seen."""
    line, belief, weight = moved(cause, days)
    weeks, added = STEPS * days / 7, CAUSES[cause][1]
    for side, before in enumerate((10.0, -60.0)):
        expected = (20 * before + line - added * weeks) / (20 + weeks)
        assert abs(belief[:, side] - expected).max() < 1e-9
    assert abs(weight - 20 - weeks).max() < 1e-9


@DAYS
def test_beliefs_spread_as_those_of_different_records_do(days):
    _, belief, _ = moved("nothing else", days)
    weeks = STEPS * days / 7
    assert off_by(belief[:, 0], (20 * 10.0 + weeks * DRIFT) / (20 + weeks)) < LIMIT
    for side in (0, 1):
        spread = SPREAD * weeks**0.5 / (20 + weeks)
        assert spread_off_by(belief[:, side], spread) < LIMIT


# ---- to the end ----------------------------------------------------------------------

SETS = {  # stake, held, drift and spread, days of a step
    "weekly": (1000, 400, -10.0, 120.0, 7),
    "driven back": (800, 500, -35.0, 100.0, 7),
    "daily": (600, 150, 15.0, 110.0, 1),
}


@cache
def fought(name):
    """Ended worlds: who won, steps they took, and what winning was worth."""
    params = parameters(talks=False, **front(*SETS[name]))
    worlds = worlds_of(params, WORLDS, seed=21)
    assert (worlds["phase"] == DEFEAT).all()
    won = worlds["defeated"] == 1
    return won, worlds["step"], worlds["present_worth"] * won


def lived(name, **others):
    """The same war step by step, perhaps with another drift, spread or line."""
    stake, held, drift, spread, days = SETS[name]
    drift, spread = others.get("drift", drift), others.get("spread", spread)
    weeks = others.get("weeks", days / 7)
    return Steps(drift, spread, weeks, stake), others.get("held", held)


def chance(name, **others):
    steps, held = lived(name, **others)
    return steps.value(held, 1.0, won=1.0)


def duration(name, **others):
    steps, held = lived(name, **others)
    return steps.value(held, 1.0, pay=1.0)


def worth(name, discount=None, **others):
    steps, held = lived(name, **others)
    d = D ** (SETS[name][4] / 7) if discount is None else discount
    return steps.value(held, d, won=1.0)


@pytest.mark.parametrize("name", SETS)
def test_the_front_is_won_as_often_as_the_line_says(name):
    won, _, _ = fought(name)
    stake, held, drift, spread, _ = SETS[name]
    assert share_off_by(won, chance(name)) < LIMIT
    wrong = {
        "drift towards the other side": chance(name, drift=-drift),
        "chance to lose": 1 - chance(name),
        "no drift": held / stake,
        "a line 25 km2 further on": chance(name, held=held + 25),
        "half the spread": chance(name, spread=spread / 2),
    }
    assert taken_for_right(wrong, lambda x: share_off_by(won, x)) == []


@pytest.mark.parametrize("name", SETS)
def test_wars_last_as_long_as_the_line_says(name):
    _, steps, _ = fought(name)
    stake, held, drift, spread, _ = SETS[name]
    assert off_by(steps, duration(name)) < LIMIT
    weeks = SETS[name][4] / 7
    wrong = {
        "drift towards the other side": duration(name, drift=-drift),
        "no drift": duration(name, drift=0.0),
        "more spread by a tenth": duration(name, spread=1.1 * spread),
        "seen all the time, without drift": held * (stake - held) / spread**2 / weeks,
    }
    assert taken_for_right(wrong, lambda x: off_by(steps, x)) == []


@pytest.mark.parametrize("name", SETS)
def test_a_victory_is_worth_less_the_later_it_comes(name):
    _, _, worths = fought(name)
    stake, held, drift, spread, days = SETS[name]
    assert off_by(worths, worth(name)) < LIMIT
    wrong = {
        "drift towards the other side": worth(name, drift=-drift),
        "no discounting": chance(name),
        "discounted twice": worth(name, D ** (2 * days / 7)),
    }
    if days == 1:
        wrong["a week's discount each day"] = worth(name, D)
    else:
        # by day the difference is hidden in luck
        rate = -np.log(D)
        wrong["seen all the time"] = odds(drift, spread, rate, held, stake)[0]
    assert taken_for_right(wrong, lambda x: off_by(worths, x)) == []
