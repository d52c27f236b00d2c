"""The front: reference values, its equation on a grid, to sixty digits, its limits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.formulas.front import discounted_odds, expected_gain, rate_while_held
from sim.model.formulas.war import time_held
from tests.formulas import oracles
from tests.formulas.sane_worlds import (
    drifts,
    fronts,
    loss_shares,
    shares,
    spreads,
    weekly_discounts,
)

# the tolerance of the reference values: relative 1e-8, absolute 1e-9 below 0.1
EXACT = {"rel": 1e-8, "abs": 1e-9}
ROUNDING = 1e-12  # relative; of an exponent of up to 745 it leaves some 1e-13


def mirrored(front):
    """The same front as the other side sees it."""
    held = front["stake"] - front["held"]
    return front | {"drift": -front["drift"], "held": held}


def test_victory_and_defeat_count_less_the_later_they_come():  # T24
    psi, phi = discounted_odds(-0.1, 0.8, 0.05, 1.0, 2.5)
    assert psi == pytest.approx(0.2719026369, **EXACT)
    assert phi == pytest.approx(0.6254408678, **EXACT)


def test_without_drift_the_odds_are_hyperbolic_sines():
    rate = 0.5 * (math.log(2.0) / 100.0) ** 2 * 61.0**2  # k = ln 2 / 100
    psi, phi = discounted_odds(0.0, 61.0, rate, 100.0, 300.0)
    assert psi == pytest.approx((2 - 1 / 2) / (8 - 1 / 8), rel=1e-12)
    assert phi == pytest.approx((4 - 1 / 4) / (8 - 1 / 8), rel=1e-12)


@given(fronts(), st.floats(0.001, 0.999))
def test_odds_are_exact_to_rounding(front, part):
    front["held"] = part * front["stake"]
    found, exact = discounted_odds(**front), oracles.odds(**front)
    for odds, true in zip(found, exact, strict=True):
        assert odds == pytest.approx(true, rel=1e-9, abs=1e-300)


@given(fronts(sharpest=40.0))
def test_odds_solve_the_equation_of_the_front(front):
    """The error that is left by a grid of 2,000 lines is below a millionth."""
    place = round(1000 * front["held"] / front["stake"])
    equation = [front[name] for name in ("drift", "volatility", "rate", "stake")]
    nothing = np.zeros(1001)
    won = oracles.on_a_grid(*equation, nothing, (0.0, 1.0))[place]
    lost = oracles.on_a_grid(*equation, nothing, (1.0, 0.0))[place]
    assert discounted_odds(**front) == pytest.approx((won, lost), abs=1e-6)


@given(fronts())
def test_odds_of_one_side_are_the_mirror_of_the_others(front):
    psi, phi = discounted_odds(**front)
    other = discounted_odds(**mirrored(front))
    # stake - held is rounded, and an exponent of hundreds magnifies it
    assert other == pytest.approx((phi, psi), rel=1e-9, abs=1e-300)


@given(fronts(), st.floats(0.0, 1.0))
def test_odds_never_sum_to_more_than_one(front, part):
    psi, phi = discounted_odds(**front | {"held": part * front["stake"]})
    assert psi >= 0.0
    assert phi >= 0.0
    assert psi + phi <= 1.0


@given(fronts(), weekly_discounts)
def test_who_waits_less_for_the_end_gets_more_of_both(front, other):
    low, high = sorted((front["rate"], -math.log(other)))
    early = discounted_odds(**front | {"rate": high})
    late = discounted_odds(**front | {"rate": low})
    assert late[0] >= early[0] * (1.0 - ROUNDING)
    assert late[1] >= early[1] * (1.0 - ROUNDING)


@given(fronts(), drifts)
def test_a_better_drift_never_lowers_the_odds_of_winning(front, other):
    low, high = sorted((front["drift"], other))
    worse = discounted_odds(**front | {"drift": low})
    better = discounted_odds(**front | {"drift": high})
    assert better[0] >= worse[0] * (1.0 - ROUNDING)
    assert better[1] <= worse[1] * (1.0 + ROUNDING)


@given(fronts(), shares)
def test_a_line_further_on_never_lowers_the_odds_of_winning(front, part):
    low, high = sorted((front["held"], part * front["stake"]))
    behind = discounted_odds(**front | {"held": low})
    ahead = discounted_odds(**front | {"held": high})
    assert ahead[0] >= behind[0] * (1.0 - ROUNDING)
    assert ahead[1] <= behind[1] * (1.0 + ROUNDING)


@given(fronts(), spreads)
def test_a_line_that_shakes_more_reaches_both_ends_sooner(front, other):
    front["drift"] = 0.0
    low, high = sorted((front["volatility"], other))
    calm = discounted_odds(**front | {"volatility": low})
    wild = discounted_odds(**front | {"volatility": high})
    assert wild[0] >= calm[0] * (1.0 - ROUNDING)
    assert wild[1] >= calm[1] * (1.0 - ROUNDING)


@given(fronts(), spreads)
def test_chance_is_the_hope_of_the_side_that_is_driven_back(front, other):
    front["drift"] = -abs(front["drift"])
    low, high = sorted((front["volatility"], other))
    calm, _ = discounted_odds(**front | {"volatility": low})
    wild, _ = discounted_odds(**front | {"volatility": high})
    assert wild >= calm * (1.0 - ROUNDING)


def test_the_ends_of_the_front_are_victory_and_defeat():
    for drift, spread in ((30.0, 61.0), (-30.0, 61.0), (0.0, 61.0), (0.0, 1e-3)):
        at_home = drift, spread, 0.02
        for beyond in (0.0, 500.0):
            assert discounted_odds(*at_home, 8000.0 + beyond, 8000.0) == (1.0, 0.0)
            assert discounted_odds(*at_home, -beyond, 8000.0) == (0.0, 1.0)


@pytest.mark.parametrize("spread", [0.0, 1e-9, 1e-3])
def test_a_line_that_does_not_shake_arrives_when_its_drift_says(spread):
    weeks = 4800.0 / 200.0
    psi, phi = discounted_odds(200.0, spread, 0.02, 3200.0, 8000.0)
    assert (psi, phi) == (pytest.approx(math.exp(-0.02 * weeks), rel=1e-9), 0.0)
    psi, phi = discounted_odds(-200.0, spread, 0.02, 4800.0, 8000.0)
    assert (psi, phi) == (0.0, pytest.approx(math.exp(-0.02 * weeks), rel=1e-9))


def test_a_line_that_cannot_move_never_ends_the_war():
    assert discounted_odds(0.0, 0.0, 0.02, 3200.0, 8000.0) == (0.0, 0.0)


@pytest.mark.parametrize("rate", [1e-12, 1e-300])
def test_patience_without_end_and_no_drift_leave_the_shares_of_the_stake(rate):
    odds = discounted_odds(0.0, 61.0, rate, 3200.0, 8000.0)
    assert odds == pytest.approx((0.4, 0.6), rel=1e-6)


@pytest.mark.parametrize("drift", [-1e6, -1e-6, 0.0, 1e-6, 1e6])
def test_extreme_fronts_overflow_nothing(drift):
    for stake in (1e-9, 1.0, 1e9):
        for spread in (0.0, 1e-9 * stake, stake, 1e3 * stake):
            for rate in (1e-7, 1.0, 700.0):
                odds = discounted_odds(drift, spread, rate, 0.4 * stake, stake)
                assert all(0.0 <= x <= 1.0 for x in odds)
                # hardly any time is left to discount, and what is, is rounded
                assert sum(odds) <= 1.0 + 1e-9


# ---- a chip on the front, and land that a drift brings -------------------------------


@given(weekly_discounts, loss_shares, st.sampled_from([1.0, 1.0 / 7.0]))
def test_to_hold_what_melts_is_to_wait_with_less_patience(weekly, loss, weeks):
    """What is left of a unit after a period, whether discount or loss took the rest."""
    rate = rate_while_held(-math.log(weekly), loss, weeks)
    assert math.exp(-rate * weeks) == pytest.approx(weekly**weeks * (1.0 - loss))


def test_a_chip_that_is_surely_lost_pays_once():
    rate = rate_while_held(0.02, 1.0, 1.0)
    assert math.isfinite(rate)
    odds = discounted_odds(-36.0, 61.0, rate, 3200.0, 8000.0)
    assert sum(odds) < 1e-30
    assert time_held(1.0 - sum(odds), 0.98, 1.0) == pytest.approx(0.02)


@given(drifts, weekly_discounts, shares, st.sampled_from([1.0, 1.0 / 7.0]))
def test_the_land_a_drift_brings_is_summed_over_all_periods(
    drift, weekly, omega, weeks
):
    discount = weekly**weeks
    # the rest after so many periods is below 1e-12 of the whole
    n = np.arange(math.ceil(-40.0 / math.log(discount)))
    slow = np.sum((1.0 - discount) * discount**n * omega * drift * weeks * n)
    found = expected_gain(drift, weeks, discount, omega)
    assert found == pytest.approx(slow, rel=1e-10, abs=1e-12)
