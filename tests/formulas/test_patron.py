"""The patron: what a truce is worth to it, and whether its threat is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.formulas.offers import annuity
from sim.model.formulas.patron import cost_of_cutting_aid, patron_gain

EXACT = {"rel": 1e-8, "abs": 1e-9}


def test_cost_of_carrying_out_a_threat():  # T43
    cost = cost_of_cutting_aid(0.6, 0.08182842371, 0.05, 1.0, 0.8691593139)
    assert cost == pytest.approx(0.00563908853, **EXACT)


@given(st.floats(0.0, 1.0), st.floats(0.0, 0.2), st.floats(0.0, 1.0))
def test_aid_saved_makes_a_threat_cheaper(outcome, aid_cost, fighting):
    harm = cost_of_cutting_aid(outcome, 0.08, 0.0, 1.0, fighting)
    with_savings = cost_of_cutting_aid(outcome, 0.08, aid_cost, 1.0, fighting)
    assert with_savings == pytest.approx(harm - aid_cost * fighting, abs=1e-15)
    assert with_savings <= harm


def test_a_truce_saves_the_patron_its_costs_for_as_long_as_it_lasts():
    worth, _ = annuity(0.98, 0.05, 4.0)
    gain = patron_gain(worth, 0.98, 0.02 + 0.05 + 0.6 * (0.40 - 0.35) - 0.01)
    # 4 periods, each reached with chance .95 more often than the next
    kept = 0.98 * 0.95
    periods = 1.0 + kept + kept**2 + kept**3
    assert gain == pytest.approx(0.02 * periods * (0.02 + 0.05 + 0.03 - 0.01), **EXACT)


def test_a_permanent_peace_is_worth_its_flow():
    worth, _ = annuity(0.98, 0.0, 0.0)
    assert patron_gain(worth, 0.98, 0.02) == pytest.approx(0.02, **EXACT)
