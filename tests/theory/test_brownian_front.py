"""The Brownian front: reference values, and the equations it solves, on a grid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import solve_banded

from sim.theory.brownian_front import brownian_front

T24 = {
    "start": 1.0,
    "length": 2.5,
    "drift": -0.1,
    "volatility": 0.8,
    "rate": 0.05,
    "cost": 0.02,
    "prize_at_zero": 0.0,
    "prize_at_length": 1.0,
}


def results(front):
    return tuple(front.values())


def test_reference_odds_duration_and_value():  # T24
    expected = (
        0.3097768029,
        2.255579927,
        0.2719026369,
        0.6254408678,
        0.2308400388,
    )
    assert results(brownian_front(**T24)) == pytest.approx(expected, rel=1e-8)


def on_a_grid(steps, start, length, drift, volatility, rate, cost, ends):
    """Solution at `start` of s^2 f''/2 + mu f' - r f = cost with given ends."""
    step = length / steps
    diffusion, half = volatility**2 / 2 / step**2, drift / 2 / step
    n = steps - 1
    bands = np.zeros((3, n))
    bands[0, 1:] = diffusion + half
    bands[1] = -2 * diffusion - rate
    bands[2, :-1] = diffusion - half
    right = np.full(n, float(cost))
    right[0] -= (diffusion - half) * ends[0]
    right[-1] -= (diffusion + half) * ends[1]
    inner = solve_banded((1, 1), bands, right)
    values = np.concatenate([[ends[0]], inner, [ends[1]]])
    return values[round(start * steps)]


def extrapolated(fraction, length, drift, volatility, rate, cost, ends):
    """Two grids, the error of order step^2 removed."""
    coarse, fine = (
        on_a_grid(n, fraction, length, drift, volatility, rate, cost, ends)
        for n in (1000, 2000)
    )
    return fine + (fine - coarse) / 3


@given(
    st.integers(1, 9),
    st.floats(0.5, 5.0),
    st.floats(-0.5, 0.5) | st.just(0.0),
    st.floats(0.4, 2.0),
    st.floats(0.0, 0.5) | st.just(0.0),
    st.floats(0.0, 0.3),
    st.floats(-1.0, 1.0),
    st.floats(-1.0, 1.0),
)
def test_all_results_solve_their_equations(
    tenth, length, drift, volatility, rate, cost, at_zero, at_length
):
    fraction = tenth / 10
    front = brownian_front(
        start=fraction * length,
        length=length,
        drift=drift,
        volatility=volatility,
        rate=rate,
        cost=cost,
        prize_at_zero=at_zero,
        prize_at_length=at_length,
    )
    world = fraction, length, drift, volatility
    expected = (
        extrapolated(*world, 0.0, 0.0, (0.0, 1.0)),
        extrapolated(*world, 0.0, -1.0, (0.0, 0.0)),
        extrapolated(*world, rate, 0.0, (0.0, 1.0)),
        extrapolated(*world, rate, 0.0, (1.0, 0.0)),
        extrapolated(*world, rate, cost, (at_zero, at_length)),
    )
    assert results(front) == pytest.approx(expected, rel=2e-7, abs=2e-8)


@given(st.floats(1e-12, 1e-3), st.floats(0.01, 0.99))
def test_nearly_no_drift_or_discount_is_as_none(small, start):
    world = {**T24, "start": start, "length": 1.0}
    without = brownian_front(**{**world, "drift": 0.0, "rate": 0.0})
    assert without["win"] == pytest.approx(start)
    assert without["duration"] == pytest.approx(start * (1.0 - start) / 0.64)
    nearly = brownian_front(**{**world, "drift": small, "rate": small})
    assert results(nearly) == pytest.approx(results(without), abs=5.0 * small + 1e-9)


@given(st.floats(0.0, 2.5), st.floats(-50.0, 50.0), st.floats(0.0, 1e3))
def test_odds_are_odds_however_strong_the_drift(start, drift, rate):
    front = brownian_front(**{**T24, "start": start, "drift": drift, "rate": rate})
    assert 0.0 <= front["win"] <= 1.0
    assert front["duration"] >= -1e-12
    assert 0.0 <= front["psi"] <= front["win"] + 1e-12
    assert 0.0 <= front["phi"] <= 1.0 - front["win"] + 1e-12


def test_the_ends_are_the_end_of_the_war():
    for start, prize in ((0.0, -0.5), (2.5, 0.75)):
        world = {**T24, "start": start, "prize_at_zero": -0.5, "prize_at_length": 0.75}
        front = brownian_front(**world)
        assert (front["duration"], front["value"]) == pytest.approx((0.0, prize))
