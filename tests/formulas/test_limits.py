"""Where the model must become a published one: the table of limits, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.formulas.acceptance import acceptance_chance
from sim.model.formulas.offers import UNENDING, annuity, truce_value

EXACT = {"rel": 1e-8, "abs": 1e-9}


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
