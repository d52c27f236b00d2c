"""Outcomes of worlds come back from a file as they went in."""

import numpy as np
import pytest

from sim.api.sweep import carry_out
from sim.batch.tables import decode, encode, world_columns, world_table
from sim.batch.tasks import WorldChunk
from sim.errors import UsageError
from tests.batch.small import plan


@pytest.mark.parametrize("cell", [1, 2])
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


def test_worlds_in_which_nothing_may_be_offered_have_a_table():
    # f04: no offer has a name, and none was made.
    a_plan = plan(set={"horizon_days": 30, "negotiation.offers": {}, "timeline": []})
    chunk = WorldChunk(0, 0, 5)
    columns = chunk.compute(a_plan)
    table = decode(encode(world_table(chunk, columns, a_plan.cells[0].labels), {}))
    assert table["truce_offer"].null_count == 5
    np.testing.assert_array_equal(
        world_columns(table)["truce_offer"], columns["truce_offer"]
    )
    assert carry_out(a_plan, None).cells["truce_share"].tolist() == [0.0] * 3


def test_cells_that_would_need_other_columns_are_refused():
    none = {"vary": {"chips": [{}, {"kursk": {"holder": "ukraine", "peak_km2": 9,
            "area_km2": 1}}]}, "set": {}}  # fmt: skip
    offers = {"negotiation.offers": {"freeze": {}}, "timeline": []}
    with pytest.raises(UsageError, match="different chips, none and kursk"):
        plan(**none | {"set": offers})
