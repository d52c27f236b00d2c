"""Values of wars: many listed and solved together, or one after the other."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model import wrappers
from sim.model.compile import kernel
from sim.model.stages.wars import forget_wars, new_war, value_wars
from sim.model.state import SIDES, TABLE, WORLD, as_kernels_take_it, blank

WARS = 32  # at once; a round of the flagship lists about ten


@kernel
def value_listed(
    params: Any, worlds: Any, tables: Any, times: int, together: bool
) -> float:
    """Value the same wars `times` over; return the sum of their values.

    They start from lines all over the stake, with all the chips that are held.
    """
    cell, world, table = params[0], worlds[0], tables[0]
    total = 0.0
    for _ in range(times):
        forget_wars(table)
        for war in range(WARS):
            if not together:
                forget_wars(table)
            line = cell.stake * (war + 1) / (WARS + 1)
            first, second = table.base_drift[0], table.base_drift[1]
            new_war(cell, world, table, line, world.rearmed, first, second)
            if not together:
                value_wars(cell, world, table)
                for lane in range(SIDES):
                    total += table.war_value[lane]
        if together:
            value_wars(cell, world, table)
            for lane in range(SIDES * WARS):
                total += table.war_value[lane]
    return total


class FirstMorning:
    """The first morning of world 0, seed 1: what beliefs and aid imply is known."""

    def __init__(self, params: NDArray[np.void]) -> None:
        self.params = as_kernels_take_it(params)
        self.world, self.table = blank(WORLD, 1), blank(TABLE, 1)
        wrappers.start(self.params, self.world, self.table, 1, 0)
        wrappers.see(self.params, self.world, self.table)

    def value(self, times: int, *, together: bool) -> float:
        """Value all wars `times` over, for both sides; return the sum of the values."""
        return value_listed(self.params, self.world, self.table, times, together)
