"""Where the model must become a published one: the table of limits, row by row.

That a walk of small steps becomes the front stands with the calculators, in
`tests/theory`; that steps of a day and of a week agree, in `tests/statistics`.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.formulas.acceptance import acceptance_chance
from sim.model.formulas.beliefs import learned
from sim.model.formulas.front import discounted_odds, expected_gain
from sim.model.formulas.offers import UNENDING, annuity, settlement_chance, truce_value
from sim.model.formulas.war import (
    nash_share,
    peace_dividend,
    reservation_value,
    war_value,
)
from sim.theory.brownian_front import brownian_front

EXACT = {"rel": 1e-8, "abs": 1e-9}
STAKE = 8000.0


def war(drift, spread, held, stake=STAKE, *, rate=0.02, weeks=1.0, omega=0.0, cost=0.0):
    """Value of war and 1 - psi - phi."""
    psi, phi = discounted_odds(drift, spread, rate, held, stake)
    gain = expected_gain(drift, weeks, math.exp(-weeks * rate), omega)
    value = war_value(held, stake, psi, phi, gain, omega)
    fighting = 1.0 - psi - phi
    return value - cost * fighting, fighting


def both(drift, spread, held, stake=STAKE, *, costs=(0.0, 0.0), **more):
    """Values of war to both sides, and 1 - psi - phi."""
    own, fighting = war(drift, spread, held, stake, cost=costs[0], **more)
    other, _ = war(-drift, spread, stake - held, stake, cost=costs[1], **more)
    return own, other, fighting


def ruin(theta, held, stake=STAKE):
    """Chance that a Brownian motion of drift theta s^2 leaves the stake on top."""
    if theta == 0.0:
        return held / stake
    return math.expm1(-2.0 * theta * held) / math.expm1(-2.0 * theta * stake)


# drift per variance: odds of the ends up to e^16
thetas = st.integers(-1000, 1000).map(lambda n: n * 1e-6)
lines = st.floats(100.0, 7900.0)


# ---- a war that is over at once: Fearon (1995) ---------------------------------------


@given(thetas, lines, st.floats(0.0, 2400.0), st.floats(0.0, 2400.0))
def test_a_front_that_decides_at_once_is_a_costly_lottery(theta, held, cost, other):
    """What the war costs in all, c (1 - psi - phi), stays, however short it is."""
    variance = 1e13
    _, fighting = war(theta * variance, math.sqrt(variance), held)
    own, theirs, _ = both(
        theta * variance,
        math.sqrt(variance),
        held,
        costs=(cost / fighting, other / fighting),
    )
    chance = ruin(theta, held)
    # bounds on the line that neither would rather fight than accept
    assert own == pytest.approx(STAKE * chance - cost, abs=2e-3)
    assert STAKE - theirs == pytest.approx(STAKE * chance + other, abs=2e-3)


# ---- the gambler's ruin; the front of the calculators --------------------------------


@given(thetas, lines, st.floats(20.0, 300.0), st.floats(0.0, 1.0))
def test_patience_without_costs_leaves_the_chance_of_victory(theta, held, s, omega):
    """Whatever land is worth on the way: the line is what it brings on average."""
    value, _ = war(theta * s * s, s, held, rate=1e-11, omega=omega)
    assert value == pytest.approx(STAKE * ruin(theta, held), abs=0.02)


@given(
    st.floats(-60.0, 60.0),
    st.floats(20.0, 300.0),
    lines,
    st.floats(0.002, 0.05),
    st.floats(0.0, 2400.0),
)
def test_a_war_for_the_stake_is_that_of_the_calculator(drift, s, held, rate, cost):
    """Without flows of land: a cost a week, the stake for the victor."""
    value, fighting = war(drift, s, held, rate=rate, cost=cost)
    front = brownian_front(
        start=held,
        length=STAKE,
        drift=drift,
        volatility=s,
        rate=rate,
        cost=rate * cost,
        prize_at_zero=0.0,
        prize_at_length=STAKE,
    )
    assert value == pytest.approx(front["value"], rel=1e-9, abs=1e-8)
    odds = front["psi"] + front["phi"]
    assert fighting == pytest.approx(1.0 - odds, rel=1e-9, abs=1e-12)


@given(st.floats(-60.0, 60.0), st.floats(100.0, 300.0), lines)
def test_with_patience_what_a_war_costs_is_its_duration(drift, s, held):
    rate = 1e-9
    _, fighting = war(drift, s, held, rate=rate)
    front = brownian_front(
        start=held,
        length=STAKE,
        drift=drift,
        volatility=s,
        rate=0.0,
        cost=0.0,
        prize_at_zero=0.0,
        prize_at_length=1.0,
    )
    assert fighting / rate == pytest.approx(front["duration"], rel=2e-5)


# ---- bargaining while fighting: Rubinstein, Nash -------------------------------------


@given(
    st.floats(0.1, 0.9),
    st.floats(-30.0, 30.0),
    st.floats(0.5, 0.998),
    st.floats(-0.5, 0.3),
    st.floats(-0.5, 0.3),
)
def test_an_endless_front_gives_the_split_of_rubinstein(
    part, drift, discount, own_flow, other_flow
):
    """Alternating offers with inside flows, which a cost of war is, turned round.

    Who proposes leaves the other what it gets by refusing, its flow for a period and
    its own proposal after it; both settle at W + S/(1 + d) for who proposes.
    """
    stake = 1e6
    flows = own_flow * stake, other_flow * stake
    *wars, fighting = both(
        drift,
        61.0,
        part * stake,
        stake,
        rate=-math.log(discount),
        costs=[-flow for flow in flows],
    )
    assert fighting == pytest.approx(1.0, abs=1e-12)
    x = y = stake / 2
    for _ in range(math.ceil(-60.0 / math.log(discount))):
        x, y = (
            stake - (1.0 - discount) * flows[1] - discount * y,
            stake - (1.0 - discount) * flows[0] - discount * x,
        )
    surplus = stake - sum(wars)
    found = [value + surplus / (1.0 + discount) for value in wars]
    assert found == pytest.approx([x, y], rel=1e-8)


@given(
    st.floats(-60.0, 60.0),
    st.floats(20.0, 300.0),
    lines,
    st.floats(0.8, 0.998),
    st.floats(0.0, 2400.0),
    st.floats(0.0, 2400.0),
    st.floats(0.0, 1.0),
)
def test_weights_that_sum_to_one_give_the_nash_bargain(
    drift, s, held, discount, cost, other_cost, weight
):
    """A random proposer leaves each side W + alpha S on average, war if it fails.

    Who proposes offers the other its reservation value and keeps the rest; the mean
    over who proposes must be the Nash share.
    """
    rate = -math.log(discount)
    costs = cost, other_cost
    own, other, _ = both(drift, s, held, rate=rate, omega=1.0, costs=costs)
    surplus = STAKE - own - other
    dividend = peace_dividend(cost + other_cost, STAKE, 1.0)
    least = reservation_value(own, weight, surplus, dividend, discount)
    other_least = reservation_value(other, 1.0 - weight, surplus, dividend, discount)
    mean = weight * (STAKE - other_least) + (1.0 - weight) * least
    # unless so little is left that the next round is not worth waiting for
    if surplus >= (1.0 - discount) * dividend:
        nash = nash_share(own, 1.0 - weight, weight, surplus)
        assert mean == pytest.approx(nash, rel=1e-9, abs=1e-6)
    else:
        assert (least, other_least) == (own, other)


# ---- learning, truces, answers -------------------------------------------------------


@given(
    st.floats(-60.0, 60.0),
    st.floats(1.0, 200.0),
    st.floats(20.0, 300.0),
    st.lists(st.tuples(st.floats(-3.0, 3.0), st.floats(-40.0, 40.0)), max_size=20),
    st.sampled_from([1.0, 1.0 / 7.0]),
)
def test_learning_is_that_of_a_normal_mean(belief, weight, s, seen, weeks):
    """Bayes on a grid of drifts: mean of the posterior, and variance s^2/T.

    The line moves by its drift, known shifts of the drift and luck of spread s.
    """
    error = s / math.sqrt(weight)
    drifts = np.linspace(belief - 12.0 * error, belief + 12.0 * error, 4001)
    logs = -0.5 * ((drifts - belief) / error) ** 2
    mean, total = belief, weight
    for luck, known in seen:
        moved = (belief + known) * weeks + s * math.sqrt(weeks) * luck
        mean, total = learned(mean, total, moved, known, weeks, 1.0)
        miss = moved - (drifts + known) * weeks
        logs -= 0.5 * miss**2 / (s * s * weeks)
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    true = chances @ drifts
    assert mean == pytest.approx(true, abs=1e-6 * error)
    spread = chances @ (drifts - true) ** 2
    assert s * s / total == pytest.approx(spread, rel=1e-6)


@given(st.floats(-8000.0, 8000.0))
def test_without_private_costs_everybody_knows_whether_a_truce_may_settle(surplus):
    """Then there is one where there is a surplus, and else none."""
    assert settlement_chance(surplus, 0.0, 0.0) == (1.0 if surplus > 0.0 else 0.0)
    for narrow in (1e-3, 1e-9):
        near = settlement_chance(surplus, narrow, narrow)
        if abs(surplus) > 2.0 * narrow:
            assert near == (1.0 if surplus > 0.0 else 0.0)


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


@given(st.floats(0.0, 8000.0), st.floats(0.0, 8000.0), st.floats(0.5, 0.999))
def test_a_truce_of_one_period_delays_the_war(flow, war_after, discount):
    worth, end = annuity(discount, 0.0, 1.0)
    value = truce_value(flow, war_after, 0.0, 0.0, 0.0, worth, end, discount)
    delayed = (1.0 - discount) * flow + discount * war_after
    assert value == pytest.approx(delayed, rel=1e-12, abs=1e-11)


def test_without_noise_answers_are_exact_and_a_tie_accepts():
    assert acceptance_chance(1e-9, 1e-12) == pytest.approx(1.0)
    assert acceptance_chance(-1e-9, 1e-12) == pytest.approx(0.0)
    assert acceptance_chance(0.0, 0.0) == 1.0
