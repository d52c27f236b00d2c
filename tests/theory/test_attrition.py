"""The war of attrition: reference values, indifference day by day, simulated ends."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.attrition import attrition

T32 = {"costs": (0.03, 0.05), "better": (0.7, 0.8), "worse": (0.3, 0.2), "rate": 0.04}


def of_pairs(*, costs, better, worse, rate):
    """The calculator with (side 1, side 2) for each input that both sides have."""
    return attrition(
        cost=costs[0],
        other_cost=costs[1],
        better=better[0],
        other_better=better[1],
        worse=worse[0],
        other_worse=worse[1],
        rate=rate,
    )


pair = st.tuples(st.floats(0.01, 1.0), st.floats(0.01, 1.0))


def test_reference_rates_and_delay():  # T32
    found = of_pairs(**T32)
    assert list(found.values()) == pytest.approx(
        [0.09666666667, 0.105, 4.958677686, 0.479338843, 0.520661157], rel=1e-8
    )


def hold_out(until, cost, better, worse, rate, other_rate):
    """Worth of holding out to day `until`, by quadrature over the other's last day."""
    nodes, weights = np.polynomial.legendre.leggauss(80)
    t = 0.5 * until * (1.0 + nodes)
    paid = -np.expm1(-rate * t) / rate if rate > 0.0 else t
    density = other_rate * np.exp(-other_rate * t)
    won = 0.5 * until * (weights * density * (better * np.exp(-rate * t) - cost * paid))
    last = -math.expm1(-rate * until) / rate if rate > 0.0 else until
    lost = worse * math.exp(-rate * until) - cost * last
    return won.sum() + math.exp(-other_rate * until) * lost


@given(pair, pair, pair, st.floats(0.001, 0.5) | st.just(0.0), st.floats(0.01, 10.0))
def test_no_day_to_give_in_is_better_than_another(costs, worse, gains, rate, until):
    better = (worse[0] + gains[0], worse[1] + gains[1])
    found = of_pairs(costs=costs, better=better, worse=worse, rate=rate)
    for i in (0, 1):
        other = found[f"rate_{2 - i}"]
        until = min(until, 20.0 / other)
        worth = hold_out(until, costs[i], better[i], worse[i], rate, other)
        assert worth == pytest.approx(worse[i], rel=1e-8, abs=1e-9)


def test_simulated_wars_end_as_the_rates_say():
    found = of_pairs(**T32)
    luck = np.random.default_rng(5).exponential(size=(2, 200_000))
    ends = luck / np.array([[found["rate_1"]], [found["rate_2"]]])
    delay, second = ends.min(axis=0), ends[1] < ends[0]
    error = delay.std() / math.sqrt(delay.size)
    assert abs(delay.mean() - found["delay"]) < 4.0 * error
    chance = found["first_2"]
    error = math.sqrt(chance * (1.0 - chance) / second.size)
    assert abs(second.mean() - chance) < 4.0 * error


@given(pair, pair, pair, st.floats(0.0, 0.5))
def test_swapped_sides_give_swapped_results(costs, worse, gains, rate):
    better = (worse[0] + gains[0], worse[1] + gains[1])
    found = of_pairs(costs=costs, better=better, worse=worse, rate=rate)
    swapped = of_pairs(
        costs=costs[::-1], better=better[::-1], worse=worse[::-1], rate=rate
    )
    assert (swapped["rate_1"], swapped["rate_2"]) == (found["rate_2"], found["rate_1"])
    assert swapped["first_1"] == pytest.approx(found["first_2"])
