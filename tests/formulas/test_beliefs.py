"""Learning from answers: what they rule out of a private cost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.formulas.beliefs import narrowed


def test_a_refusal_leaves_the_costs_that_make_an_offer_a_loss():
    # gain = -0.05 + 0.5 c, negative below c = 0.1
    assert narrowed(0.06, 0.14, 0.08, -0.05, 0.5, 0.0, False) == pytest.approx(
        (0.06, 0.10)
    )


def test_an_acceptance_leaves_the_costs_that_make_it_a_gain():
    assert narrowed(0.06, 0.14, 0.08, -0.05, 0.5, 0.0, True) == pytest.approx(
        (0.10, 0.14)
    )


def test_who_gains_less_from_a_truce_the_dearer_the_war_is_read_the_other_way():
    # gain = 0.05 - 0.5 c
    assert narrowed(0.06, 0.14, 0.08, 0.05, -0.5, 0.0, False) == pytest.approx(
        (0.10, 0.14)
    )
    assert narrowed(0.06, 0.14, 0.08, 0.05, -0.5, 0.0, True) == pytest.approx(
        (0.06, 0.10)
    )


def test_a_margin_allows_for_noise_in_the_answer():
    # a margin of 0.01 in value is 0.02 in cost
    assert narrowed(0.06, 0.14, 0.08, -0.05, 0.5, 0.01, False) == pytest.approx(
        (0.06, 0.12)
    )


def test_an_answer_that_everybody_gives_teaches_nothing():
    assert narrowed(0.06, 0.14, 0.08, -0.05, 0.1, 0.0, False) == (0.06, 0.14)
    assert narrowed(0.06, 0.14, 0.08, 0.05, 0.1, 0.0, True) == (0.06, 0.14)


def test_an_answer_that_nobody_gives_leaves_a_tenth_at_the_nearest_end():
    # all costs would accept, and yet it was refused: nearest are the lowest
    assert narrowed(0.06, 0.14, 0.08, 0.05, 0.1, 0.0, False) == pytest.approx(
        (0.06, 0.068)
    )


@given(
    st.floats(0.0, 0.2),
    st.floats(1e-6, 0.2),
    st.lists(
        st.tuples(
            st.floats(-0.1, 0.1),
            st.floats(-1.0, 1.0),
            st.floats(0.0, 0.01),
            st.booleans(),
        ),
        max_size=10,
    ),
)
def test_no_answers_leave_less_than_a_tenth_nor_more_than_before(low, width, answers):
    first = low, low + width
    interval = first
    for intercept, slope, margin, accepted in answers:
        after = narrowed(*interval, width, intercept, slope, margin, accepted)
        assert after[0] >= interval[0]
        assert after[1] <= interval[1]
        interval = after
    # differences of numbers near 0.2 are rounded by some 1e-17
    assert interval[1] - interval[0] >= 0.1 * width - 1e-16


@given(st.floats(0.0, 1.0), st.floats(-0.1, 0.1), st.floats(-1.0, 1.0), st.booleans())
def test_the_true_cost_is_never_ruled_out(part, intercept, slope, noiseless):
    low, high = 0.06, 0.14
    cost = low + part * (high - low)
    noise = 0.0 if noiseless else 0.005
    for error in (-noise, noise):
        accepted = intercept + slope * cost + error >= 0.0
        kept = narrowed(low, high, high - low, intercept, slope, noise, accepted)
        assert kept[0] - 1e-15 <= cost <= kept[1] + 1e-15


def test_a_cost_that_is_no_secret_stays_known():
    assert narrowed(0.1, 0.1, 0.0, -0.05, 0.5, 0.0, True) == (0.1, 0.1)
