"""Value of war and of a chip held in it: its equation on a grid, by hand, signs."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.model.formulas.front import discounted_odds, expected_gain
from sim.model.formulas.war import (
    discount_weighted_mean,
    equivalent_loss_hazard,
    nash_share,
    peace_dividend,
    reservation_value,
    time_held,
    war_value,
)
from tests.formulas import oracles
from tests.formulas.sane_worlds import (
    costs,
    drifts,
    fronts,
    loss_shares,
    shares,
    weekly_discounts,
)

EXACT = {"rel": 1e-8, "abs": 1e-9}

weeks_of_a_step = st.sampled_from([1.0, 1.0 / 7.0])


def war(front, omega, cost, weeks=1.0):
    """Value of war without chips and 1 - psi - phi, as the simulation composes them."""
    psi, phi = discounted_odds(**front)
    discount = math.exp(-weeks * front["rate"])
    gain = expected_gain(front["drift"], weeks, discount, omega)
    value = war_value(front["held"], front["stake"], psi, phi, gain, omega)
    fighting = 1.0 - psi - phi
    return value - cost * fighting, fighting


def mirrored(front):
    """The same front as the other side sees it."""
    held = front["stake"] - front["held"]
    return front | {"drift": -front["drift"], "held": held}


FAR = {  # both ends of it are out of reach
    "drift": -30.0,
    "volatility": 61.0,
    "rate": -math.log(0.98),
    "held": 1e6,
    "stake": 3e6,
}


def test_far_from_both_ends_war_is_the_land_its_drift_and_its_cost():
    value, fighting = war(FAR, 1.0, 800.0)
    assert fighting == 1.0
    # 30 km2 a week less, each week of 49 to come
    assert value == pytest.approx(1e6 - 30.0 * 49.0 - 800.0, rel=1e-12)
    value, _ = war(FAR, 0.8, 800.0)
    assert value == pytest.approx(0.8e6 - 0.8 * 30.0 * 49.0 - 800.0, rel=1e-12)


def test_so_the_room_for_a_deal_is_what_war_costs_less_what_sides_disagree_about():
    own, _ = war(FAR | {"drift": 4.0}, 1.0, 800.0)
    other, _ = war(mirrored(FAR | {"drift": -20.0}), 1.0, 640.0)
    room = FAR["stake"] - own - other
    assert room == pytest.approx(800.0 + 640.0 - (4.0 + 20.0) * 49.0, abs=1e-6)


@given(fronts(sharpest=40.0), shares, costs)
def test_war_solves_the_equation_of_the_front(front, omega, cost):
    """In steps too short to see, the value is that of flows until the war is over."""
    stake, rate, moment = front["stake"], front["rate"], 1e-7
    cost *= stake
    lines = np.linspace(0.0, stake, 1001)
    slow = oracles.on_a_grid(
        front["drift"],
        front["volatility"],
        rate,
        stake,
        rate * (omega * lines - cost),
        (0.0, stake),
    )
    # a period pays at the line it starts from: in steps the drift comes later
    value, _ = war(front, omega, cost, weeks=moment)
    place = round(1000 * front["held"] / stake)
    assert value == pytest.approx(slow[place], abs=2e-6 * stake)


@given(fronts(), costs, costs, weeks_of_a_step)
def test_war_destroys_what_both_sides_pay_for_it(front, cost, other_cost, weeks):  # P1
    stake = front["stake"]
    cost, other_cost = cost * stake, other_cost * stake
    own, fighting = war(front, 1.0, cost, weeks)
    other, _ = war(mirrored(front), 1.0, other_cost, weeks)
    lost = (cost + other_cost) * fighting
    assert own + other == pytest.approx(stake - lost, rel=1e-9)


@given(fronts(), shares, costs, st.sampled_from([2.0, 8.0, 0.25]))
def test_the_unit_of_land_does_not_matter(front, omega, cost, unit):  # P3
    """Powers of two as units, so that no rounding is added."""
    cost *= front["stake"]
    scaled = {name: unit * x for name, x in front.items()} | {"rate": front["rate"]}
    one, other = war(front, omega, cost), war(scaled, omega, unit * cost)
    assert other == (unit * one[0], one[1])


@given(fronts(), shares, costs, costs)
def test_a_cost_of_war_never_raises_its_value(front, omega, first, second):
    low, high = sorted((first * front["stake"], second * front["stake"]))
    assert war(front, omega, high)[0] <= war(front, omega, low)[0]


@given(fronts(), drifts, shares, weeks_of_a_step)
def test_a_better_drift_never_lowers_the_value_of_war(front, other, omega, weeks):
    low, high = sorted((front["drift"], other))
    worse, _ = war(front | {"drift": low}, omega, 0.0, weeks)
    better, _ = war(front | {"drift": high}, omega, 0.0, weeks)
    assert better >= worse - 1e-9 * front["stake"]


@given(fronts(), shares, shares, weeks_of_a_step)
def test_more_land_never_lowers_the_value_of_war(front, part, omega, weeks):
    low, high = sorted((front["held"], part * front["stake"]))
    behind, _ = war(front | {"held": low}, omega, 0.0, weeks)
    ahead, _ = war(front | {"held": high}, omega, 0.0, weeks)
    assert ahead >= behind - 1e-9 * front["stake"]


@given(fronts(), shares, weeks_of_a_step)
def test_without_cost_no_war_is_worth_less_than_nothing_or_more_than_all(
    front, omega, weeks
):
    value, _ = war(front, omega, 0.0, weeks)
    assert -1e-9 * front["stake"] <= value <= front["stake"] * (1.0 + 1e-9)


# ---- a chip --------------------------------------------------------------------------


def test_time_a_chip_is_held_in_an_endless_war():  # T33
    assert time_held(1.0, 0.98, 0.08) == pytest.approx(0.2032520325, **EXACT)


@given(weekly_discounts, shares, loss_shares, loss_shares)
def test_a_chip_that_melts_faster_is_held_for_a_shorter_time(
    discount, fighting, first, second
):
    low, high = sorted((first, second))
    slow, fast = (time_held(fighting, discount, loss) for loss in (low, high))
    assert 0.0 <= fast <= slow <= fighting


@given(shares, weekly_discounts)
def test_the_equivalent_hazard_of_one_regime_is_its_own(hazard, discount):
    held = oracles.chip_held([hazard], [[1.0]], discount)[0]
    assert equivalent_loss_hazard(held, discount) == pytest.approx(hazard, abs=1e-11)


@given(shares, shares, shares, shares, weekly_discounts)
def test_the_equivalent_hazard_lies_between_those_of_the_regimes(
    loss, other_loss, leave, back, discount
):
    switch = np.array([[1 - leave, leave], [back, 1 - back]])
    held = oracles.chip_held([loss, other_loss], switch, discount)
    low, high = sorted((loss, other_loss))
    for time in held:
        hazard = equivalent_loss_hazard(time, discount)
        assert low - 1e-11 <= hazard <= high + 1e-11


@given(shares, shares, weekly_discounts, shares)
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


# ---- bargaining over what peace would save -------------------------------------------


def test_the_dividend_of_peace_is_all_that_war_costs_and_keeps_from_use():
    assert peace_dividend(1440.0, 8000.0, 1.0) == 1440.0
    assert peace_dividend(1440.0, 8000.0, 0.75) == 3440.0


def test_a_random_proposer_shares_the_surplus_by_bargaining_weight():  # T22, of 8,000
    own, other = 8000 * 0.2744273379, 8000 * 0.5738741441
    surplus, dividend = 8000 * 0.151698518, 8000 * 0.18
    mine = nash_share(own, 0.65, 0.35, surplus)
    assert mine == pytest.approx(8000 * 0.3275218192, **EXACT)
    theirs = nash_share(other, 0.35, 0.65, surplus)
    assert theirs == pytest.approx(8000 * 0.6724781808, **EXACT)
    least = reservation_value(own, 0.35, surplus, dividend, 0.98)
    assert least == pytest.approx(8000 * 0.3262618192, **EXACT)
    least = reservation_value(other, 0.65, surplus, dividend, 0.98)
    assert least == pytest.approx(8000 * 0.6701381808, **EXACT)


@pytest.mark.parametrize(("weight", "share"), [(0.5, 0.42), (0.65, 0.45)])
def test_nash_bargain(weight, share):  # T07
    surplus = 1.0 - 0.32 - 0.48
    value = nash_share(0.32, 1.0 - weight, weight, surplus)
    assert value == pytest.approx(share, **EXACT)


def test_sides_without_bargaining_weight_halve_a_settlement():
    assert nash_share(2400.0, 0.0, 0.0, 1600.0) == 3200.0


worths = st.floats(0.0, 8000.0)


@given(worths, worths, worths, weekly_discounts)
def test_no_bargaining_weight_leaves_war_as_the_threat(
    war, dividend, surplus, discount
):
    assert reservation_value(war, 0.0, surplus, dividend, discount) == war


@given(worths, worths, st.floats(-8000.0, 8000.0), shares, shares, weekly_discounts)
def test_a_larger_weight_never_accepts_less(
    war, dividend, surplus, first, second, discount
):
    low, high = sorted((first, second))
    modest = reservation_value(war, low, surplus, dividend, discount)
    strong = reservation_value(war, high, surplus, dividend, discount)
    assert war <= modest <= strong


@given(fronts(), costs, costs, shares, weeks_of_a_step)
def test_with_common_beliefs_an_offer_that_both_accept_exists(
    front, cost, other_cost, weight, weeks
):
    stake = front["stake"]
    own, _ = war(front, 1.0, cost * stake, weeks)
    other, _ = war(mirrored(front), 1.0, other_cost * stake, weeks)
    surplus = stake - own - other
    assume(surplus > 1e-9 * stake)
    dividend = peace_dividend((cost + other_cost) * stake, stake, 1.0)
    discount = math.exp(-weeks * front["rate"])
    least = reservation_value(own, weight, surplus, dividend, discount)
    other_least = reservation_value(other, 1.0 - weight, surplus, dividend, discount)
    assert least + other_least <= stake * (1.0 + 1e-12)
