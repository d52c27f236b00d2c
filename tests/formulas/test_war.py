"""What surrounds the value of war: chips that melt, and the least a side accepts."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sim.model.formulas.odds import discount_weighted_mean

from sim.model.formulas.war import (
    equivalent_loss_hazard,
    nash_share,
    peace_dividend,
    reservation_value,
)
from tests.formulas import oracles

EXACT = {"rel": 1e-8, "abs": 1e-9}

discounts = st.floats(0.5, 0.9995)
shares = st.floats(0.0, 1.0)
costs = st.floats(0.0, 0.5)


@given(shares, shares, discounts, shares)
def test_weighted_mean_is_the_sum_over_the_days_until_the_jump(
    now, later, discount, hazard
):
    mean = discount_weighted_mean(now, later, discount, hazard)
    # the rest after so many periods is below 1e-13 of the whole
    days = np.arange(math.ceil(-30.0 / math.log(discount)))
    still = (1.0 - hazard) ** days
    worth = (1.0 - discount) * discount**days
    slow = np.sum(worth * (still * now + (1.0 - still) * later))
    assert mean == pytest.approx(slow, rel=1e-9, abs=1e-12)


@given(shares, discounts)
def test_the_equivalent_hazard_of_one_regime_is_its_own(hazard, discount):
    held = oracles.chip_held([hazard], [[1.0]], discount)[0]
    assert equivalent_loss_hazard(held, discount) == pytest.approx(hazard, abs=1e-11)


@given(shares, shares, shares, shares, discounts)
def test_the_equivalent_hazard_lies_between_those_of_the_regimes(
    loss, other_loss, leave, back, discount
):
    switch = np.array([[1 - leave, leave], [back, 1 - back]])
    held = oracles.chip_held([loss, other_loss], switch, discount)
    low, high = sorted((loss, other_loss))
    for time in held:
        hazard = equivalent_loss_hazard(time, discount)
        assert low - 1e-11 <= hazard <= high + 1e-11


def test_peace_saves_the_costs_and_what_land_does_not_bring():
    assert peace_dividend(0.18, 1.0) == pytest.approx(0.18)
    assert peace_dividend(0.18, 0.7) == pytest.approx(0.48)


def test_a_random_proposer_shares_the_surplus_by_bargaining_weight():  # T22
    own, other = 0.2744273379, 0.5738741441
    surplus = 0.151698518
    assert nash_share(own, 0.65, 0.35, surplus) == pytest.approx(0.3275218192, **EXACT)
    v_other = nash_share(other, 0.35, 0.65, surplus)
    assert v_other == pytest.approx(0.6724781808, **EXACT)
    r_own = reservation_value(own, 0.35, surplus, 0.18, 0.98)
    r_other = reservation_value(other, 0.65, surplus, 0.18, 0.98)
    assert r_own == pytest.approx(0.3262618192, **EXACT)
    assert r_other == pytest.approx(0.6701381808, **EXACT)


@pytest.mark.parametrize(("weight", "share"), [(0.5, 0.42), (0.65, 0.45)])
def test_nash_bargain(weight, share):  # T07
    surplus = 1.0 - 0.32 - 0.48
    value = nash_share(0.32, 1.0 - weight, weight, surplus)
    assert value == pytest.approx(share, **EXACT)


def test_sides_without_bargaining_weight_halve_a_settlement():
    assert nash_share(0.3, 0.0, 0.0, 0.2) == pytest.approx(0.4)


@given(shares, shares, costs, discounts, shares)
def test_weights_that_sum_to_one_give_the_nash_bargain(
    own, other, dividend, discount, weight
):
    """A random proposer leaves each side W + alpha S on average, war if it fails.

    Who proposes offers the other its reservation value and keeps the rest; the mean
    over who proposes must be the Nash share.
    """
    surplus = 1.0 - own - other
    assume(surplus > (1.0 - discount) * dividend)  # else waiting costs more than war
    least = reservation_value(own, weight, surplus, dividend, discount)
    other_least = reservation_value(other, 1.0 - weight, surplus, dividend, discount)
    mean = weight * (1.0 - other_least) + (1.0 - weight) * least
    nash = nash_share(own, 1.0 - weight, weight, surplus)
    assert mean == pytest.approx(nash, rel=1e-9, abs=1e-10)


@given(shares, costs, st.floats(0.0, 1.0), discounts)
def test_no_bargaining_weight_leaves_war_as_the_threat(
    war, dividend, surplus, discount
):
    assert reservation_value(war, 0.0, surplus, dividend, discount) == war


@given(shares, costs, st.floats(-1.0, 1.0), shares, shares, discounts)
def test_a_larger_weight_never_accepts_less(
    war, dividend, surplus, first, second, discount
):
    low, high = sorted((first, second))
    modest = reservation_value(war, low, surplus, dividend, discount)
    strong = reservation_value(war, high, surplus, dividend, discount)
    assert war <= modest <= strong
