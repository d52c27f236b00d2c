"""Value of war and of a chip held in it: reference values, a linear solve, signs."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.model.formulas.elementary import logit
from sim.model.formulas.odds import discounted_odds
from sim.model.formulas.war import (
    chip_time,
    equivalent_loss_hazard,
    front_drift,
    nash_share,
    peace_dividend,
    reservation_value,
    war_value,
)
from tests.formulas import oracles

EXACT = {"rel": 1e-8, "abs": 1e-9}

odds = st.floats(0.05, 0.95)
discounts = st.floats(0.5, 0.9995)
chances = st.floats(0.01, 1.0)
shares = st.floats(0.0, 1.0)
costs = st.floats(0.0, 0.5)


@st.composite
def fronts(draw):
    """A whole line inside a front of up to 30 steps."""
    lines = draw(st.integers(2, 30))
    return float(draw(st.integers(1, lines - 1))), float(lines)


def war(win, line, lines, discount, battle_chance, territory_flow, cost):
    """Value of war without chips, composed as the simulation composes it."""
    psi, phi = discounted_odds(logit(win), line, lines, discount, battle_chance)
    drift = front_drift(win, lines, discount, battle_chance, territory_flow)
    value = war_value(line / lines, psi, phi, drift, territory_flow)
    return value - cost * (1.0 - psi - phi)


@pytest.mark.parametrize(  # T17, T18: W_U and W_R
    ("lines", "win", "discount", "flows", "line", "own", "other"),
    [
        (6, 0.5, 0.9, (0.3, 0.3), 1, 0.1543014596, 0.7185647825),
        (6, 0.5, 0.9, (0.3, 0.3), 2, 0.2762254657, 0.530143961),
        (6, 0.5, 0.9, (0.3, 0.3), 3, 0.392866242, 0.392866242),
        (6, 0.5, 0.9, (0.3, 0.3), 4, 0.530143961, 0.2762254657),
        (6, 0.5, 0.9, (0.3, 0.3), 5, 0.7185647825, 0.1543014596),
        (10, 0.45, 0.95, (0.25, 0.35), 3, 0.1588434431, 0.6513830894),
        (10, 0.45, 0.95, (0.25, 0.35), 5, 0.2573367396, 0.5031817875),
        (10, 0.45, 0.95, (0.25, 0.35), 8, 0.5330458056, 0.2767320463),
    ],
)
def test_fighting_to_the_finish_with_constant_flows(
    lines, win, discount, flows, line, own, other
):
    k, n = float(line), float(lines)
    # a flow b while fighting is a cost of war -b
    assert war(win, k, n, discount, 1.0, 0.0, -flows[0]) == pytest.approx(own, **EXACT)
    value = war(1.0 - win, n - k, n, discount, 1.0, 0.0, -flows[1])
    assert value == pytest.approx(other, **EXACT)


def test_lazy_battles():  # T19
    own = war(0.45, 4.0, 9.0, 0.97, 0.3, 0.0, -0.2)
    other = war(0.55, 5.0, 9.0, 0.97, 0.3, 0.0, -0.3)
    assert own == pytest.approx(0.2002810686, **EXACT)
    assert other == pytest.approx(0.4455588487, **EXACT)


def test_fighting_with_the_flow_of_the_land_held():  # T22
    own = war(0.48, 8.0, 20.0, 0.98, 0.5, 1.0, 0.10)
    other = war(0.52, 12.0, 20.0, 0.98, 0.5, 1.0, 0.08)
    assert own == pytest.approx(0.2744273379, **EXACT)
    assert other == pytest.approx(0.5738741441, **EXACT)
    assert 1.0 - own - other == pytest.approx(0.151698518, **EXACT)
    assert peace_dividend(0.18, 1.0) == pytest.approx(0.18, **EXACT)


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


def test_time_a_chip_is_held():  # T33
    short = chip_time(logit(0.45), 4.0, 9.0, 0.97, 0.3, 0.05)
    assert short == pytest.approx(0.3475912439, **EXACT)
    endless = chip_time(0.0, 1e6, 2e6, 0.98, 0.5, 0.08)
    assert endless == pytest.approx(0.2032520325, **EXACT)


@given(odds, fronts(), discounts, chances, shares, costs)
def test_war_solves_the_chain_of_the_line(
    win, front, discount, battle_chance, territory_flow, cost
):
    line, lines = front
    value = war(win, line, lines, discount, battle_chance, territory_flow, cost)
    slow = oracles.war(win, int(lines), discount, battle_chance, territory_flow, cost)
    assert value == pytest.approx(slow[int(line)], rel=1e-8, abs=1e-11)


@given(odds, fronts(), discounts, chances, shares)
def test_time_of_a_chip_solves_the_chain_of_line_and_chip(
    win, front, discount, battle_chance, loss
):
    line, lines = front
    held = chip_time(logit(win), line, lines, discount, battle_chance, loss)
    slow = oracles.war(win, int(lines), discount, battle_chance, 0.0, 0.0, 1.0, loss)
    without = oracles.war(win, int(lines), discount, battle_chance, 0.0, 0.0)
    gained = slow[int(line)] - without[int(line)]
    assert held == pytest.approx(gained, rel=1e-8, abs=1e-11)


@given(odds, fronts(), discounts, chances, costs, costs)
def test_war_destroys_what_both_sides_pay_for_it(  # P1
    win, front, discount, battle_chance, cost, other_cost
):
    line, lines = front
    own = war(win, line, lines, discount, battle_chance, 1.0, cost)
    other = war(
        1.0 - win, lines - line, lines, discount, battle_chance, 1.0, other_cost
    )
    psi, phi = discounted_odds(logit(win), line, lines, discount, battle_chance)
    lost = (cost + other_cost) * (1.0 - psi - phi)
    assert own + other == pytest.approx(1.0 - lost, rel=1e-10, abs=1e-11)


@given(odds, fronts(), discounts, chances, shares, costs, st.floats(0.1, 10.0))
def test_a_larger_stake_with_larger_costs_is_the_same_war(  # P3
    win, front, discount, battle_chance, territory_flow, cost, stake
):
    line, lines = front
    value = war(win, line, lines, discount, battle_chance, territory_flow, cost)
    slow = oracles.war(
        win,
        int(lines),
        discount,
        battle_chance,
        territory_flow,
        stake * cost,
        stake=stake,
    )
    assert stake * value == pytest.approx(slow[int(line)], rel=1e-8, abs=1e-10)


@given(odds, fronts(), discounts, chances, shares, costs, costs)
def test_a_cost_of_war_never_raises_its_value(
    win, front, discount, battle_chance, territory_flow, first, second
):
    line, lines = front
    low, high = sorted((first, second))
    cheap = war(win, line, lines, discount, battle_chance, territory_flow, low)
    dear = war(win, line, lines, discount, battle_chance, territory_flow, high)
    assert dear <= cheap + 1e-15


@given(odds, odds, fronts(), discounts, chances, shares)
def test_better_odds_never_lower_the_value_of_war(
    first, second, front, discount, battle_chance, territory_flow
):
    line, lines = front
    low, high = sorted((first, second))
    worse = war(low, line, lines, discount, battle_chance, territory_flow, 0.0)
    better = war(high, line, lines, discount, battle_chance, territory_flow, 0.0)
    assert better >= worse - 1e-11


@given(odds, fronts(), discounts, chances, shares, shares)
def test_a_chip_that_melts_faster_is_held_for_a_shorter_time(
    win, front, discount, battle_chance, first, second
):
    line, lines = front
    low, high = sorted((first, second))
    slow = chip_time(logit(win), line, lines, discount, battle_chance, low)
    fast = chip_time(logit(win), line, lines, discount, battle_chance, high)
    assert 0.0 <= fast <= slow * (1.0 + 1e-12) <= 1.0 + 1e-12


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


@given(odds, fronts(), discounts, chances, costs, costs, shares)
def test_with_common_beliefs_an_offer_that_both_accept_exists(
    win, front, discount, battle_chance, cost, other_cost, weight
):
    line, lines = front
    own = war(win, line, lines, discount, battle_chance, 1.0, cost)
    other = war(
        1.0 - win, lines - line, lines, discount, battle_chance, 1.0, other_cost
    )
    surplus = 1.0 - own - other
    assume(surplus > 1e-9)
    dividend = peace_dividend(cost + other_cost, 1.0)
    least = reservation_value(own, weight, surplus, dividend, discount)
    other_least = reservation_value(other, 1.0 - weight, surplus, dividend, discount)
    assert least + other_least <= 1.0 + 1e-12
