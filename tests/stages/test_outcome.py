"""Outcomes as columns."""

import numpy as np
import pytest

from sim.batch.plan import input_cell
from sim.errors import ScenarioError
from sim.model.outcome import outcomes
from sim.model.state import WORLD, blank
from sim.scenario.load import load


def test_outcomes_let_go_of_the_records_they_come_from():
    cell = input_cell(load("kursk-2025-03-13"))
    worlds = blank(WORLD, 3)
    columns = outcomes(worlds, cell.labels)
    assert not any(np.shares_memory(each, worlds) for each in columns.values())


@pytest.mark.parametrize(
    ("field", "told"), [("payoff", "payoff.ukraine"), ("aid_given", "aid_given")]
)
def test_a_world_that_ends_in_no_number_is_refused(field, told):
    cell = input_cell(load("kursk-2025-03-13"))
    worlds = blank(WORLD, 3)
    worlds[field][1] = np.nan
    with pytest.raises(ScenarioError, match=f"{told} cannot be computed from inputs"):
        outcomes(worlds, cell.labels)
