"""Where one published model becomes another, and a war of battles a moving front."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.formulas.front import discounted_odds, expected_gain, rate_while_held
from sim.model.formulas.war import time_held, war_value
from sim.theory.brownian_front import brownian_front
from sim.theory.crises import fearon_demand, fearon_range
from sim.theory.fighting import private_cost_demand, random_proposer
from sim.theory.ruin import ruin
from sim.theory.truces import chip_time
from sim.theory.walk import Walk, wars
from sim.theory.walk import discounted_odds as discounted_odds_of_walk
from tests.theory.oracles import walks

costs = st.floats(0.0, 0.3)

# ---- one battle that decides all: Fearon (1995) --------------------------------------

# The limit is off by 1 - d at most. Closer to 1, costs of C/(1-d) magnify the rounding
# of 1 - psi - phi: by 1e-13/(1-d).
DECISIVE = Walk(2.0, 1.0, 0.5, 1.0 - 1e-6)
PER_PERIOD, NEAR = 1.0 / (1.0 - DECISIVE.discount), 2e-6


@given(st.floats(0.1, 0.9), costs, costs)
def test_one_decisive_battle_gives_the_range_of_fearon(win, cost, other_cost):  # T46 c
    paid = cost * PER_PERIOD, other_cost * PER_PERIOD
    own, other, _ = wars(DECISIVE._replace(win=win), paid, 0.0)
    crisis = fearon_range(win=win, own_cost=cost, other_cost=other_cost)
    assert own == pytest.approx(crisis["low"], abs=NEAR)
    assert 1.0 - other == pytest.approx(crisis["high"], abs=NEAR)


def test_one_decisive_battle_gives_the_demand_of_fearon():  # T11 through the war
    crisis = fearon_demand(win=0.5, own_cost=0.1, low=0.0, high=0.4)
    war = private_cost_demand(
        **DECISIVE._asdict(),
        own_cost=0.1 * PER_PERIOD,
        low=0.0,
        high=0.4 * PER_PERIOD,
        territory_flow=0.0,
    )
    found = war["x"], war["refusal"], war["value"]
    assert found == pytest.approx((0.65, 0.375, 0.55625), abs=NEAR)
    assert found == pytest.approx(tuple(crisis.values()), abs=NEAR)


# ---- war of collapse: Powell (2004) --------------------------------------------------


@given(
    st.floats(0.01, 0.4),
    st.floats(0.01, 0.4),
    st.floats(-0.3, 0.5),
    st.floats(0.5, 0.99),
)
def test_value_of_a_war_of_collapse(own_collapse, other_collapse, flow, discount):
    """One battle decides; R, whose flow it is, wins if U collapses."""
    h = own_collapse + other_collapse
    walk = Walk(2.0, 1.0, other_collapse / h, discount, h)
    _, found, _ = wars(walk, (0.0, -flow), 0.0)
    closed = ((1.0 - discount) * flow + discount * own_collapse) / (
        1.0 - discount * (1.0 - h)
    )
    assert found == pytest.approx(closed, rel=1e-10, abs=1e-12)


# ---- Nash, and the gambler's ruin ----------------------------------------------------


@given(walks(), costs, costs, st.floats(0.0, 1.0))
def test_a_random_proposer_gives_the_nash_bargain_on_average(walk, own, other, weight):
    """Who proposes leaves the other its least and keeps the rest."""
    found = random_proposer(
        **walk._asdict(),
        own_cost=own,
        other_cost=other,
        weight=weight,
        other_weight=1.0 - weight,
    )
    mean = weight * (1.0 - found["R_R"]) + (1.0 - weight) * found["R_U"]
    assert mean == pytest.approx(found["V_U"], rel=1e-9, abs=1e-10)


@given(walks(odds=st.floats(0.2, 0.8)))
def test_patience_without_costs_leaves_the_chance_of_victory(walk):
    chance = ruin(lines=walk.lines, line=walk.line, win=walk.win)["win"]
    patient = walk._replace(discount=1.0 - 1e-12, battle_chance=1.0)
    value, _, _ = wars(patient, (0.0, 0.0), 0.0)
    assert value == pytest.approx(chance, abs=2e-9)


# ---- small steps: the front that moves all the time ----------------------------------


WARS = {  # drift, spread, rate, held, stake; omega, costs, rate at which a chip is lost
    "losing ground": (-10, 61, 0.02, 300, 800, 0.9, (80, 64), 0.3),
    "no drift": (0, 61, 0.02, 300, 800, 1.0, (80, 64), 0.3),
    "gaining, of land without use": (25, 61, 0.02, 200, 800, 0.0, (80, 64), 0.05),
    "March 2025, as U sees it": (0, 61, 0.0202, 3200, 8000, 1.0, (800, 640), 0.346),
    "March 2025, as R sees it": (-28, 61, 0.0202, 3200, 8000, 1.0, (800, 640), 0.346),
}


def on_the_front(war, weeks):
    """psi, phi, W_U, W_R and A_j of the simulated war, in periods of `weeks`."""
    drift, spread, rate, held, stake, omega, paid, loss = war
    psi, phi = discounted_odds(drift, spread, rate, held, stake)
    discount, fighting = math.exp(-rate * weeks), 1.0 - psi - phi
    gain = expected_gain(drift, weeks, discount, omega)
    own = war_value(held, stake, psi, phi, gain, omega) - paid[0] * fighting
    other = war_value(stake - held, stake, phi, psi, -gain, omega) - paid[1] * fighting
    hazard = 1.0 - math.exp(-loss * weeks)
    faster = rate_while_held(rate, hazard, weeks)
    still = 1.0 - sum(discounted_odds(drift, spread, faster, held, stake))
    return psi, phi, own, other, time_held(still, discount, hazard)


def by_battles(war, count, chance):
    """The same of a walk of `count` steps, and its period.

    The line of walk and front moves as far on average and shakes as much.
    """
    drift, spread, rate, held, stake, omega, paid, loss = war
    step = stake / count
    # a battle comes with `chance` in a period of y weeks: chance step edge = mu y and
    # chance step^2 - (mu y)^2 = s^2 y
    root = math.sqrt(spread**4 + 4.0 * drift**2 * chance * step**2)
    weeks = 2.0 * chance * step**2 / (spread**2 + root)
    win = 0.5 * (1.0 + drift * weeks / (chance * step))
    walk = Walk(count, held / step, win, math.exp(-rate * weeks), chance)
    own, other, _ = wars(walk, (paid[0] / stake, paid[1] / stake), omega)
    time = chip_time(**walk._asdict(), loss=1.0 - math.exp(-loss * weeks))["A"]
    psi, phi = discounted_odds_of_walk(walk)
    return (psi, phi, own * stake, other * stake, time), weeks


@pytest.mark.parametrize("chance", [1.0, 0.5])
@pytest.mark.parametrize("name", WARS)
def test_the_error_of_a_walk_falls_with_the_square_of_its_step(name, chance):
    def errors(count):
        found, weeks = by_battles(WARS[name], count, chance)
        true = on_the_front(WARS[name], weeks)
        assert found == pytest.approx(true, rel=1e-3, abs=1e-9)
        return [one - other for one, other in zip(found, true, strict=True)]

    for rough, smooth in zip(errors(1280), errors(2560), strict=True):
        if abs(rough) > 1e-10:  # else rounding is as large
            assert math.log2(rough / smooth) == pytest.approx(2.0, abs=0.02)


def test_a_walk_of_small_steps_ends_as_often_and_as_soon_as_the_front():  # T24
    front = {"start": 1.0, "length": 2.5, "drift": -0.1, "volatility": 0.8}
    free = {"rate": 0.0, "cost": 0.0, "prize_at_zero": 0.0, "prize_at_length": 1.0}
    true = brownian_front(**front, **free)

    def errors(count):
        step = 2.5 / count
        weeks = step**2 / 0.64
        found = ruin(lines=count, line=1.0 / step, win=(1 - 0.1 * step / 0.64) / 2)
        duration = found["duration"] * weeks
        return found["win"] - true["win"], duration - true["duration"]

    for rough, smooth in zip(errors(500), errors(5000), strict=True):
        assert abs(smooth) < 1e-7
        assert rough / smooth == pytest.approx(100.0, rel=0.01)


@given(
    st.floats(-60.0, 60.0),
    st.floats(5.0, 200.0),
    st.floats(0.001, 1.0),
    st.floats(0.01, 0.99),
    st.floats(100.0, 10_000.0),
)
def test_the_calculator_of_the_front_has_the_odds_of_the_simulated_one(
    drift, spread, rate, part, stake
):
    """Its unit of length is free; here it is a tenth of the stake."""
    unit = stake / 10.0
    found = brownian_front(
        start=10.0 * part,
        length=10.0,
        drift=drift / unit,
        volatility=spread / unit,
        rate=rate,
        cost=0.0,
        prize_at_zero=0.0,
        prize_at_length=1.0,
    )
    expected = discounted_odds(drift, spread, rate, part * stake, stake)
    assert (found["psi"], found["phi"]) == pytest.approx(expected, rel=1e-9)
