"""Outcomes of worlds come back from a file as they went in."""

import numpy as np
import pytest

from sim.batch.tables import decode, encode, world_columns, world_table
from sim.batch.tasks import WorldChunk
from tests.batch.small import plan


@pytest.mark.parametrize("cell", [0, 2])
def test_outcomes_come_back_to_the_last_bit(cell):
    a_plan = plan(set={"horizon_days": 60})
    chunk = WorldChunk(cell, 5, 60)
    columns = chunk.compute(a_plan)
    labels = a_plan.cells[cell].labels
    content = encode(world_table(chunk, columns, labels), {"seed": "1"})
    again = world_columns(decode(content))
    assert list(again) == list(columns)
    for name, column in columns.items():
        assert again[name].dtype == column.dtype
        np.testing.assert_array_equal(again[name], column)
    # Both are among them: worlds with a truce, and worlds without.
    assert columns["truce_offer"].min() == -1 < columns["truce_offer"].max()
