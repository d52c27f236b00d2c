"""How long a chip is held while the war goes on, discounted."""

import math
from functools import cache

import pytest
from sim.model.formulas.odds import discounted_odds

from sim.model.formulas.elementary import logit
from sim.model.formulas.war import chip_time
from tests.formulas import oracles
from tests.statistics.evidence import (
    LIMIT,
    front,
    off_by,
    parameters,
    taken_for_right,
    worlds_of,
)

WORLDS = 50_000
D = 0.98

SETS = {  # lines, line, win, battles per week, loss per week, how it is lost
    "captured whole": (9, 6, 0.40, 0.9, 0.10, "capture"),
    "melting": (10, 3, 0.45, 0.8, 0.15, "loss"),
    "near defeat": (8, 2, 0.30, 0.6, 0.12, "capture"),
}


def run(lines, line, win, battles, chip):
    """Discounted time the chip is held in each world, by what it pays its holder.

    Land and fighting pay nothing here, so a payoff is the victory and the chip.
    """
    changes = front(lines, line, win, battles)
    changes |= {f"chips__land__{name}": value for name, value in chip.items()}
    params = parameters(
        talks=False, **changes, territory_flow=0, chips__land__area_km2=1000
    )
    params["chip_value"][0, 0, 0] = 1.0
    params["cost_low"] = params["cost_high"] = 0.0
    params["steps"] = 2000  # until every war has ended
    worlds = worlds_of(params, WORLDS, seed=22)
    assert (worlds["step"] < 2000).all()
    return worlds["payoff"][:, 0] - worlds["present_worth"] * (worlds["defeated"] == 1)


@cache
def held(name):
    *war, loss, way = SETS[name]
    only = {"loss_per_week": loss if way == "loss" else 0}
    capture = loss if way == "capture" else 0
    return run(*war, {"regimes": {"only": only}, "capture_per_week": capture})


def times(name):
    """The right discounted time, and wrong ones."""
    lines, line, win, h, loss, _ = SETS[name]
    walk = logit(win), float(line), float(lines)
    endless = (1 - D) / (1 - D * (1 - loss))
    right = chip_time(*walk, D, h, loss)
    wrong = {
        "d in place of d(1-lam) in the odds": endless
        * (1 - sum(discounted_odds(*walk, D, h))),
        "a war without end": endless,
        "lost before it pays": (1 - loss) * right,
        "a rate for the share": chip_time(*walk, D, h, 1 - math.exp(-loss)),
        "odds of the other side": chip_time(-walk[0], *walk[1:], D, h, loss),
    }
    return right, wrong


@pytest.mark.parametrize("name", SETS)
def test_a_chip_is_held_as_long_as_the_formula_says(name):
    right, wrong = times(name)
    assert off_by(held(name), right) < LIMIT
    assert taken_for_right(wrong, lambda x: off_by(held(name), x)) == []


REGIMES = {  # lines, line, win, battles per week, rates out of the lull and out of it
    "middle": (10, 5, 0.45, 0.8, 0.05, 0.30),
    "near defeat": (8, 2, 0.42, 0.6, 0.20, 0.30),
    "near victory": (8, 7, 0.55, 0.5, 0.10, 0.50),
}


@pytest.mark.parametrize("name", REGIMES)
def test_a_chip_with_regimes_is_held_as_long_as_its_joint_chain_says(name):
    lines, line, win, h, out, back = REGIMES[name]
    lull = {"loss_per_week": 0.03, "switch_per_week": {"storm": out}}
    storm = {"loss_per_week": 0.62, "switch_per_week": {"lull": back}}
    chip = {"regimes": {"lull": lull, "storm": storm}, "regime": "lull"}
    time = run(lines, line, win, h, chip)

    def joint(leave, come_back):
        switch = [[1 - leave, leave], [come_back, 1 - come_back]]
        loss = [0.03, 0.62]
        return oracles.chip_in_war(win, lines, D, h, loss, switch)[0, line]

    assert off_by(time, joint(1 - math.exp(-out), 1 - math.exp(-back))) < LIMIT
    wrong = {
        "the lull goes on": joint(0.0, 0.0),
        "no way back": joint(1 - math.exp(-out), 0.0),
        "switches swapped": joint(1 - math.exp(-back), 1 - math.exp(-out)),
    }
    assert taken_for_right(wrong, lambda x: off_by(time, x)) == []
