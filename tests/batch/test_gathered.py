"""Columns of a cell from parts in any order."""

import numpy as np
import pytest

from sim.batch.tasks import Gathered


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1], [1, 2, 0]])
def test_parts_stand_in_the_order_of_replicates_whenever_they_come(order):
    whole = {
        "day": np.array([1.0, np.nan, 3.0, 4.0, 5.0]),
        "agreed": np.array([True, False, True, False, True]),
    }
    parts = [range(2), range(2, 3), range(3, 5)]
    found = Gathered(1000)
    for i in order:
        at = slice(parts[i].start, parts[i].stop)
        found.put(at.start, {name: column[at] for name, column in whole.items()})
    assert found.there == 5
    for name, column in found.columns().items():
        assert column.dtype == whole[name].dtype
        np.testing.assert_array_equal(column, whole[name])
