"""The patron: what a truce is worth to it, and whether its threat is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.formulas.offers import annuity
from sim.model.formulas.patron import cost_of_cutting_aid, patron_gain

EXACT = {"rel": 1e-8, "abs": 1e-9}


def test_cost_of_carrying_out_a_threat():  # T43
    lost = 8000 * 0.08182842371
    cost = cost_of_cutting_aid(0.6, lost, 400.0, 1.0, 0.8691593139)
    assert cost == pytest.approx(8000 * 0.00563908853, **EXACT)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1600.0), st.floats(0.0, 1.0))
def test_aid_saved_makes_a_threat_cheaper(per_km2, aid_cost, fighting):
    harm = cost_of_cutting_aid(per_km2, 640.0, 0.0, 1.0, fighting)
    with_savings = cost_of_cutting_aid(per_km2, 640.0, aid_cost, 1.0, fighting)
    assert with_savings == pytest.approx(harm - aid_cost * fighting, abs=1e-9)
    assert with_savings <= harm


def test_a_truce_saves_the_patron_its_costs_for_as_long_as_it_lasts():
    worth, _ = annuity(0.98, 0.05, 4.0)
    gain = patron_gain(worth, 0.98, 160.0 + 400.0 + 0.6 * (3200.0 - 2800.0) - 80.0)
    # 4 periods, each reached with chance .95 more often than the next
    kept = 0.98 * 0.95
    periods = 1.0 + kept + kept**2 + kept**3
    assert gain == pytest.approx(0.02 * periods * 720.0, **EXACT)


def test_a_permanent_peace_is_worth_its_flow():
    worth, _ = annuity(0.98, 0.0, 0.0)
    assert patron_gain(worth, 0.98, 160.0) == pytest.approx(160.0, **EXACT)
