"""Where the model must become a published one: the table of limits, row by row."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.formulas.acceptance import acceptance_chance, believed_acceptance
from sim.model.formulas.bargaining import alternating_offers, bargaining_range
from sim.model.formulas.beliefs import learned
from sim.model.formulas.elementary import logit
from sim.model.formulas.odds import discounted_odds, ruin
from sim.model.formulas.offers import UNENDING, annuity, best_demand, truce_value
from sim.model.formulas.war import (
    front_drift,
    nash_share,
    peace_dividend,
    reservation_value,
    war_value,
)

EXACT = {"rel": 1e-8, "abs": 1e-9}

# The limit is off by 1 - d at most. Closer to 1, costs of C/(1-d) magnify the rounding
# of 1 - psi - phi: by 1e-13/(1-d).
ALMOST_PATIENT, NEAR = 1.0 - 1e-6, 2e-6


def war(
    win,
    line,
    lines,
    *,
    discount=0.98,
    battle_chance=1.0,
    territory_flow=0.0,
    cost=0.0,
):
    """Value of war and 1 - psi - phi."""
    psi, phi = discounted_odds(logit(win), line, lines, discount, battle_chance)
    drift = front_drift(win, lines, discount, battle_chance, territory_flow)
    value = war_value(line / lines, psi, phi, drift, territory_flow)
    fighting = 1.0 - psi - phi
    return value - cost * fighting, fighting


# ---- one battle that decides all: Fearon (1995) --------------------------------------


@given(st.floats(0.1, 0.9), st.floats(0.0, 0.3), st.floats(0.0, 0.3))
def test_one_decisive_battle_gives_the_range_of_fearon(win, cost, other_cost):  # T46 c
    d = ALMOST_PATIENT
    per_period = 1.0 / (1.0 - d)
    own, _ = war(win, 1.0, 2.0, discount=d, cost=cost * per_period)
    other, _ = war(1.0 - win, 1.0, 2.0, discount=d, cost=other_cost * per_period)
    expected = bargaining_range(win, win, cost, other_cost)
    assert (own, 1.0 - other) == pytest.approx(expected, abs=NEAR)


def test_one_decisive_battle_gives_the_demand_of_fearon():  # T11 through the war
    d = ALMOST_PATIENT
    per_period = 1.0 / (1.0 - d)
    own, _ = war(0.5, 1.0, 2.0, discount=d, cost=0.1 * per_period)
    other, fighting = war(0.5, 1.0, 2.0, discount=d)
    high = 0.4 * per_period
    demand = best_demand(other, fighting, 0.0, high, own)
    accepted = believed_acceptance(1.0 - demand - other, fighting, 0.0, high, 0.0)
    assert demand == pytest.approx(0.65, abs=NEAR)
    assert 1.0 - accepted == pytest.approx(0.375, abs=NEAR)
    worth = demand * accepted + own * (1.0 - accepted)
    assert worth == pytest.approx(0.55625, abs=NEAR)


# ---- war of collapse: Powell (2004) --------------------------------------------------


@pytest.mark.parametrize(
    ("flow", "value"), [(0.35, 0.3846153846), (0.10, 0.3076923077)]
)
def test_war_in_which_either_side_may_collapse(flow, value):  # T46 b, T23
    own_collapse, other_collapse = 0.10, 0.15
    h = own_collapse + other_collapse
    # the value is that of the other side, which wins when the own one collapses
    found, _ = war(
        own_collapse / h, 1.0, 2.0, discount=0.9, battle_chance=h, cost=-flow
    )
    assert found == pytest.approx(value, **EXACT)


@given(
    st.floats(0.01, 0.4),
    st.floats(0.01, 0.4),
    st.floats(-0.3, 0.5),
    st.floats(0.5, 0.99),
)
def test_value_of_a_war_of_collapse(own_collapse, other_collapse, flow, discount):
    h = own_collapse + other_collapse
    found, _ = war(
        own_collapse / h, 1.0, 2.0, discount=discount, battle_chance=h, cost=-flow
    )
    closed = ((1.0 - discount) * flow + discount * own_collapse) / (
        1.0 - discount * (1.0 - h)
    )
    assert found == pytest.approx(closed, rel=1e-10, abs=1e-12)


# ---- bargaining while fighting: Slantchev, Rubinstein, Nash --------------------------


def test_a_battle_each_period_and_no_flow_of_land_is_the_model_of_slantchev():  # T17
    own, fighting = war(0.5, 2.0, 6.0, discount=0.9, cost=-0.3)
    other, _ = war(0.5, 4.0, 6.0, discount=0.9, cost=-0.3)
    x, y = alternating_offers(0.0, 2.0, 6.0, 0.9, 1.0, own, other, 0.4)
    assert (x, y) == pytest.approx((0.3781362938, 0.6320547891), **EXACT)
    assert 1.0 - own - other == pytest.approx(0.4 * fighting, **EXACT)


@given(st.floats(0.5, 0.99), st.floats(0.0, 0.5), st.floats(0.0, 0.5))
def test_an_endless_front_gives_the_split_of_rubinstein(discount, flow, other_flow):
    n = 1e6
    own, _ = war(0.5, n / 2, n, discount=discount, cost=-flow)
    other, _ = war(0.5, n / 2, n, discount=discount, cost=-other_flow)
    dividend = 1.0 - flow - other_flow
    x, _ = alternating_offers(0.0, n / 2, n, discount, 1.0, own, other, dividend)
    split = (2.0 - (1.0 - discount) * (flow + other_flow)) / (1.0 + discount)
    assert x == pytest.approx(0.5 * (split + flow - other_flow), rel=1e-10)
    if flow == other_flow == 0.0:
        assert x == pytest.approx(1.0 / (1.0 + discount), rel=1e-10)


def test_an_endless_front_without_flows_gives_one_over_one_plus_d():
    x, _ = alternating_offers(0.0, 5e5, 1e6, 0.9, 1.0, 0.0, 0.0, 1.0)
    assert x == pytest.approx(1.0 / 1.9, **EXACT)


@given(
    st.floats(0.1, 0.9),
    st.integers(1, 19),
    st.floats(0.8, 0.99),
    st.floats(0.0, 0.3),
    st.floats(0.0, 0.3),
    st.floats(0.0, 1.0),
)
def test_weights_that_sum_to_one_give_the_nash_bargain(
    win, line, discount, cost, other_cost, weight
):
    """A random proposer leaves each side W + alpha S on average, war if it fails.

    Who proposes offers the other its reservation value and keeps the rest; the mean
    over who proposes must be the Nash share.
    """
    settings = {"discount": discount, "battle_chance": 0.5, "territory_flow": 1.0}
    own, _ = war(win, float(line), 20.0, cost=cost, **settings)
    other, _ = war(1.0 - win, 20.0 - line, 20.0, cost=other_cost, **settings)
    surplus = 1.0 - own - other
    dividend = peace_dividend(cost + other_cost, 1.0)
    least = reservation_value(own, weight, surplus, dividend, discount)
    other_least = reservation_value(other, 1.0 - weight, surplus, dividend, discount)
    mean = weight * (1.0 - other_least) + (1.0 - weight) * least
    nash = nash_share(own, 1.0 - weight, weight, surplus)
    assert mean == pytest.approx(nash, rel=1e-9, abs=1e-10)


# ---- the gambler's ruin: Smith and Stam; its limit of small steps --------------------


@given(st.floats(0.2, 0.8), st.integers(1, 9))
def test_patience_without_costs_leaves_the_chance_of_victory(win, line):
    chance, _ = ruin(win, float(line), 10.0)
    value, _ = war(win, float(line), 10.0, discount=1.0 - 1e-12)
    assert value == pytest.approx(chance, abs=1e-9)


def test_small_steps_give_the_brownian_front():  # T24
    z, length, mu, s, rate, cost = 1.0, 2.5, -0.1, 0.8, 0.05, 0.02

    def by_steps(n):
        step = length / n
        days = step * step / (s * s)  # variance of a step is s^2 times its time
        win = 0.5 * (1.0 + mu * step / (s * s))
        discount = math.exp(-rate * days)
        value, _ = war(win, z / step, float(n), discount=discount, cost=cost / rate)
        psi, phi = discounted_odds(logit(win), z / step, float(n), discount, 1.0)
        chance, battles = ruin(win, z / step, float(n))
        return psi, phi, value, chance, battles * days

    limit = (0.2719026369, 0.6254408678, 0.2308400388, 0.3097768029, 2.255579927)
    coarse, fine = by_steps(500), by_steps(5000)
    assert fine == pytest.approx(limit, abs=1e-7)
    for rough, smooth, true in zip(coarse, fine, limit, strict=True):
        # the error falls with the square of the step
        assert abs(rough - true) > 20.0 * abs(smooth - true)


# ---- learning, truces, answers -------------------------------------------------------


@given(st.integers(1, 50), st.integers(1, 50), st.lists(st.booleans(), max_size=40))
def test_without_aid_or_chips_learning_is_beta_binomial(a, b, outcomes):
    mean, weight = a / (a + b), float(a + b)
    for won in outcomes:
        mean, weight = learned(mean, weight, float(won), mean, 1.0)
    expected = (a + sum(outcomes)) / (a + b + len(outcomes))
    assert mean == pytest.approx(expected, rel=1e-12)


def test_a_shift_of_power_is_the_commitment_problem_of_powell():  # T46 a, T15
    d, p, shift, lost = 0.95, 0.3, 0.4, 0.2
    later_war = (p + shift) * (1.0 - lost)
    worth, end = annuity(d, 1.0, UNENDING)
    peace = truce_value(1.0, 0.0, 1.0 - later_war, 0.0, 1.0, worth, end, d)
    war_now = (1.0 - p) * (1.0 - lost)
    assert peace == pytest.approx(0.468, **EXACT)
    assert war_now == pytest.approx(0.56, **EXACT)
    # war iff (1-c)[d(p+D) - p] > c
    excess = (1.0 - lost) * (d * (p + shift) - p) - lost
    assert war_now - peace == pytest.approx(excess, **EXACT)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.5, 0.999))
def test_a_truce_of_one_period_delays_the_war(flow, war_after, discount):
    worth, end = annuity(discount, 0.0, 1.0)
    value = truce_value(flow, war_after, 0.0, 0.0, 0.0, worth, end, discount)
    delayed = (1.0 - discount) * flow + discount * war_after
    assert value == pytest.approx(delayed, rel=1e-12, abs=1e-14)


def test_without_noise_answers_are_exact_and_a_tie_accepts():
    assert acceptance_chance(1e-12, 1e-15) == pytest.approx(1.0)
    assert acceptance_chance(-1e-12, 1e-15) == pytest.approx(0.0)
    assert acceptance_chance(0.0, 0.0) == 1.0
