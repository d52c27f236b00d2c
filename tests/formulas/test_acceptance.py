"""Acceptance: exact without noise, logistic with it, averaged over a private cost."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.model.formulas.acceptance import (
    acceptance_chance,
    believed_acceptance,
    decision_noise,
)

gains = st.floats(-1000.0, 1000.0)  # km2
noises = st.floats(0.1, 40.0)


def test_a_tie_accepts():  # P4
    assert acceptance_chance(0.0, 0.0) == 1.0
    assert believed_acceptance(0.0, 0.0, 480.0, 1120.0, 0.0) == 1.0


def test_without_noise_the_sign_of_the_gain_decides():
    assert acceptance_chance(-1e-300, 0.0) == 0.0
    assert acceptance_chance(1e-300, 0.0) == 1.0


@given(st.floats(-10.0, 10.0), st.floats(-10.0, 10.0), st.floats(0.0, 10.0))
@example(1.0, 1e-14, 1e-10)  # a difference of two large numbers
@example(-1.0, 2.0, 1e-310)  # gains that are infinite in units of the noise
def test_what_others_expect_is_a_chance_at_any_noise(intercept, slope, noise):
    chance = believed_acceptance(intercept, slope, 0.0, 1.0, noise)
    ends = [acceptance_chance(intercept + slope * c, noise) for c in (0.0, 1.0)]
    assert min(ends) - 1e-9 <= chance <= max(ends) + 1e-9 or noise < 1e-300
    assert 0.0 <= chance <= 1.0


@given(gains.filter(lambda gain: abs(gain) > 1e-3))
def test_as_noise_fades_the_answer_becomes_the_best_response(gain):  # P4
    exact = acceptance_chance(gain, 0.0)
    chances = [acceptance_chance(gain, noise) for noise in (10.0, 0.1, 1e-5)]
    errors = [abs(chance - exact) for chance in chances]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-40


@given(gains, noises, st.floats(1e-9, 1 - 1e-9))
def test_noise_accepts_as_often_as_the_chance_says(gain, noise, luck):
    """Gain plus noise is not negative iff the uniform is above 1 - chance."""
    chance = acceptance_chance(gain, noise)
    accepts = gain + decision_noise(noise, luck) >= 0.0
    if abs(luck - (1.0 - chance)) > 1e-12:
        assert accepts == (luck > 1.0 - chance)


def test_exact_response_has_no_noise():
    assert decision_noise(0.0, 0.01) == 0.0


@given(gains, gains, noises)
def test_a_larger_gain_is_never_accepted_less(first, second, noise):
    low, high = sorted((first, second))
    assert acceptance_chance(low, noise) <= acceptance_chance(high, noise)


def averaged(intercept, slope, low, high, noise):
    """Mean chance over the interval, by Gauss-Legendre quadrature on small pieces."""
    points, weights = np.polynomial.legendre.leggauss(20)
    pieces = np.linspace(low, high, 201)
    half = 0.5 * np.diff(pieces)[:, None]
    cost = 0.5 * (pieces[1:] + pieces[:-1])[:, None] + half * points
    # 1/(1+exp(-x)) in a form that cannot overflow
    chance = 0.5 * (1.0 + np.tanh(0.5 * (intercept + slope * cost) / noise))
    return float((half * weights * chance).sum() / (high - low))


@given(st.floats(-800.0, 800.0), st.floats(-1.0, 1.0), st.floats(8.0, 800.0))
def test_others_expect_the_mean_over_the_private_cost(intercept, slope, noise):
    found = believed_acceptance(intercept, slope, 480.0, 1120.0, noise)
    slow = averaged(intercept, slope, 480.0, 1120.0, noise)
    # where the slope is small, the closed form is a difference of nearly equal numbers
    assert found == pytest.approx(slow, abs=1e-10)


@given(st.floats(-800.0, 800.0), st.floats(-1.0, 1.0))
def test_without_noise_they_expect_the_share_of_costs_that_accept(intercept, slope):
    found = believed_acceptance(intercept, slope, 480.0, 1120.0, 0.0)
    costs = 480.0 + 640.0 * (np.arange(4000) + 0.5) / 4000
    assert found == pytest.approx(np.mean(intercept + slope * costs >= 0.0), abs=3e-4)


@given(gains, noises)
def test_a_known_cost_leaves_the_chance_of_one_answer(intercept, noise):
    found = believed_acceptance(intercept, 0.5, 800.0, 800.0, noise)
    assert found == acceptance_chance(intercept + 400.0, noise)


@given(
    # none so small that a unit would take bits from it
    st.integers(-(10**9), 10**9).map(lambda n: n * 1e-6),
    st.integers(-(10**9), 10**9).map(lambda n: n * 1e-9),
    st.sampled_from([0.0, 4.0, 160.0]),
    st.sampled_from([2.0, 8.0, 0.25]),
)
def test_the_unit_of_value_does_not_matter(intercept, slope, noise, unit):  # P3
    """Powers of two as units, so that no rounding is added."""
    one = believed_acceptance(intercept, slope, 480.0, 1120.0, noise)
    costs = unit * 480.0, unit * 1120.0
    other = believed_acceptance(unit * intercept, slope, *costs, unit * noise)
    assert other == one
