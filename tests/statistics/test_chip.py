"""How long a chip is held while the war goes on, discounted.

As in `test_front`, what is to be expected comes from a war that is lived step by step.
"""

import math
from functools import cache

import pytest

from tests.formulas.oracles import Steps
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
CERTAIN = [[1.0]]

SETS = {  # front: stake, held, drift, spread; loss per week, how it is lost
    "captured whole": ((1000, 700, -25.0, 120.0), 0.10, "capture"),
    "melting": ((800, 200, -10.0, 90.0), 0.15, "loss"),
    "near defeat": ((800, 120, -30.0, 80.0), 0.25, "capture"),
}


def run(place, chip):
    """Discounted time the chip is held in each world, by what it pays its holder.

    Land and fighting pay nothing here, so a payoff is the victory and the chip.
    """
    changes = front(*place)
    changes |= {f"chips__land__{name}": value for name, value in chip.items()}
    params = parameters(
        talks=False, **changes, territory_flow=0, chips__land__area_km2=1000
    )
    params["chip_value"][0, 0, 0] = 1.0
    params["cost_low"] = params["cost_high"] = 0.0
    params["steps"] = 2000  # until every war has ended
    worlds = worlds_of(params, WORLDS, seed=22)
    assert (worlds["step"] < 2000).all()
    won = worlds["defeated"] == 1
    return worlds["payoff"][:, 0] - worlds["present_worth"] * won * place[0]


@cache
def held(name):
    place, loss, way = SETS[name]
    only = {"loss_per_week": loss if way == "loss" else 0}
    capture = loss if way == "capture" else 0
    return run(place, {"regimes": {"only": only}, "capture_per_week": capture})


def times(name):
    """The right discounted time, and wrong ones."""
    (stake, line, drift, spread), loss, _ = SETS[name]
    steps = Steps(drift, spread, 1.0, stake)
    endless = (1 - D) / (1 - D * (1 - loss))

    def time(hazard, war=steps):
        return war.chip_time(line, D, [hazard], CERTAIN)[0]

    right = time(loss)
    fighting = 1 - steps.value(line, D, won=1.0, lost=1.0)
    wrong = {
        "d in place of d(1-lam) in the odds": endless * fighting,
        "a war without end": endless,
        "lost before it pays": (1 - loss) * right,
        "a rate for the share": time(1 - math.exp(-loss)),
        "a drift towards the other side": time(loss, Steps(-drift, spread, 1.0, stake)),
    }
    return right, wrong


@pytest.mark.parametrize("name", SETS)
def test_a_chip_is_held_as_long_as_it_lasts_and_the_war(name):
    right, wrong = times(name)
    assert off_by(held(name), right) < LIMIT
    assert taken_for_right(wrong, lambda x: off_by(held(name), x)) == []


REGIMES = {  # front, rates out of the lull and out of it
    "middle": ((1000, 500, -10.0, 120.0), 0.05, 0.30),
    "near defeat": ((800, 150, -10.0, 80.0), 0.20, 0.30),
    "near victory": ((800, 650, 10.0, 80.0), 0.10, 0.50),
}


@pytest.mark.parametrize("name", REGIMES)
def test_a_chip_with_regimes_is_held_as_long_as_its_joint_chain_says(name):
    place, out, back = REGIMES[name]
    lull = {"loss_per_week": 0.03, "switch_per_week": {"storm": out}}
    storm = {"loss_per_week": 0.62, "switch_per_week": {"lull": back}}
    chip = {"regimes": {"lull": lull, "storm": storm}, "regime": "lull"}
    time = run(place, chip)
    stake, line, drift, spread = place
    steps = Steps(drift, spread, 1.0, stake, cells=200)

    def joint(leave, come_back):
        switch = [[1 - leave, leave], [come_back, 1 - come_back]]
        return steps.chip_time(line, D, [0.03, 0.62], switch)[0]

    assert off_by(time, joint(1 - math.exp(-out), 1 - math.exp(-back))) < LIMIT
    wrong = {
        "the lull goes on": joint(0.0, 0.0),
        "no way back": joint(1 - math.exp(-out), 0.0),
        "switches swapped": joint(1 - math.exp(-back), 1 - math.exp(-out)),
    }
    assert taken_for_right(wrong, lambda x: off_by(time, x)) == []
