"""Outcomes as columns: land in km2, days, and chips in units of their own."""

import numpy as np
import pytest

from sim.batch.cells import input_cell
from sim.errors import ScenarioError
from sim.model.labels import labels_of
from sim.model.outcome import outcome, outcomes
from sim.model.state import NEVER, NOBODY, TRUCE, WORLD, blank
from sim.scenario.load import load
from tests.stages.worlds import told


@pytest.fixture
def cell():
    return input_cell(load("kursk-2025-03-13"))


CARS = {
    "chips__rail": {
        "holder": "r",
        "amount": 600,
        "peak": 800,
        "unit": "railway cars",
        "value_km2": {"u": 5, "r": 20},
    }
}


def ended(n=1):
    """Worlds that ended in the war in which they began, by hand."""
    worlds = blank(WORLD, n)
    for name in ("first_truce", "first_full_truce", "fighting_stopped"):
        worlds[name] = NEVER
    for name in ("defeated", "first_truce_offer", "first_truce_author"):
        worlds[name] = NOBODY
    return worlds


def test_outcomes_let_go_of_the_records_they_come_from(cell):
    worlds = blank(WORLD, 3)
    columns = outcomes(worlds, cell.labels)
    assert not any(np.shares_memory(each, worlds) for each in columns.values())


@pytest.mark.parametrize(
    ("field", "said"), [("payoff", "payoff.ukraine"), ("aid_given", "aid_given")]
)
def test_a_world_that_ends_in_no_number_is_refused(cell, field, said):
    worlds = blank(WORLD, 3)
    worlds[field][1] = np.nan
    with pytest.raises(ScenarioError, match=f"{said} cannot be computed from inputs"):
        outcomes(worlds, cell.labels)


def test_land_is_in_km2_and_a_chip_in_its_own_unit():
    names = labels_of(told(**CARS))
    worlds = ended()
    worlds["line"], worlds["chip"][:, :2] = 3123.4, (0.25, 0.5)
    found = outcome(worlds, names)
    assert found["held_km2"] == 3123.4
    assert found["chips_km2"] == {"land": 250.0, "rail": 400.0}
    assert (found["held_km2_at_agreement"], found["fighting_stopped_day"]) == (
        None,
        None,
    )
    assert found["chips_km2_at_agreement"] == {"land": None, "rail": None}
    assert found["longest_pause_days"] == 0.0


def test_an_agreement_keeps_its_line_its_chips_and_its_days():
    """Steps are of a week: 3 and 5 of them are days 21 and 35."""
    names = labels_of(told(**CARS))
    worlds = ended()
    worlds["phase"], worlds["line"] = TRUCE, 2900.0
    worlds["first_truce"], worlds["first_full_truce"] = 1, 3
    worlds["line_at_agreement"], worlds["chip_at_agreement"][:, :2] = 3000.0, (0, 0.75)
    worlds["fighting_stopped"], worlds["longest_pause"] = 5, 8
    found = outcome(worlds, names)
    assert (found["first_truce_day"], found["first_full_truce_day"]) == (7, 21)
    assert (found["held_km2_at_agreement"], found["held_km2"]) == (3000.0, 2900.0)
    assert found["chips_km2_at_agreement"] == {"land": 0.0, "rail": 600.0}
    assert (found["fighting_stopped_day"], found["longest_pause_days"]) == (35, 56.0)
    assert found["end"] == "truce"
