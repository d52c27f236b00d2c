"""Worlds day by day: where each stood, and what fighting on was worth to each side.

The worlds are those of the loop over worlds. A day is looked at when its stages are
over, on a table of its own, so that looking changes nothing.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.compile import kernel
from sim.model.engine import looped
from sim.model.schedule import STAGES
from sim.model.stages.outlook import outlook
from sim.model.state import (
    NEVER,
    SIDES,
    TABLE,
    WORLD,
    Params,
    Table,
    World,
    as_kernels_take_it,
    blank,
)


class Days(NamedTuple):
    """The days of n worlds: row 0 is the eve, row s + 1 the end of step s.

    `last` is the last row that a world has, `phases` its phase code, `agreed` whether
    there has been a full truce. `values` are the line in km2, each chip as a share of
    its full size, and each side's reservation value in km2, at its own cost of war.
    Rows after the last are left as they were.
    """

    last: NDArray[np.int64]  # shape (n,)
    phases: NDArray[np.int8]  # (n, steps + 1)
    agreed: NDArray[np.bool_]  # (n, steps + 1)
    values: NDArray[np.float64]  # (n, steps + 1, 1 + chips + 2)


def blank_days(params: NDArray[np.void], n: int) -> Days:
    """Return room for the days of n worlds; `params` has shape (1,)."""
    rows = int(params["steps"][0]) + 1
    return Days(
        np.zeros(n, np.int64),
        np.zeros((n, rows), np.int8),
        np.zeros((n, rows), np.bool_),
        np.zeros((n, rows, 1 + int(params["chips"][0]) + SIDES)),
    )


def look_glass() -> NDArray[np.void]:
    """Return a table, shape (1,), to look at worlds with."""
    glass = blank(TABLE, 1)
    glass["aid_known"] = -1.0
    return glass


def watch(params: NDArray[np.void], *, seed: int, replicates: range) -> Days:
    """Run worlds (seed, replicate) to their end and return all their days.

    `params` has shape (1,); `replicates` is a range of step 1.
    """
    n = len(replicates)
    days, cell = blank_days(params, n), as_kernels_take_it(params)
    worlds, kept = blank(WORLD, n), (look_glass(), *days[1:])
    run_watched(cell, worlds, blank(TABLE, 1), seed, replicates.start, kept)
    days.last[:] = worlds["step"]
    return days


@kernel
def look(
    params: Params,
    world: World,
    glass: Table,
    phases: Any,
    agreed: Any,
    values: Any,
) -> None:
    """Write how a world stands into the row of its step: (rows,), (rows,), (rows, m).

    The reservation value is the one that the chronicle quotes.
    """
    outlook(params, world, glass)
    row = world.step
    phases[row] = world.phase
    agreed[row] = world.first_full_truce != NEVER
    values[row, 0] = world.line
    for j in range(params.chips):
        values[row, 1 + j] = world.chip[j]
    for side in range(SIDES):
        own = world.cost[side] * glass.reservation_slope[side]
        values[row, 1 + params.chips + side] = glass.reservation[side] + own


@kernel
def look_at(
    params: Any, worlds: Any, glass: Any, phases: Any, agreed: Any, values: Any
) -> None:
    """Do as `look` with arrays of shape (1,), as Python has them."""
    look(params[0], worlds[0], glass[0], phases, agreed, values)


@kernel
def see_day(params: Params, world: World, i: int, kept: Any) -> None:
    """Look at world i: `kept` holds a table to look with and the arrays of `Days`."""
    glass, phases, agreed, values = kept
    look(params, world, glass[0], phases[i], agreed[i], values[i])


run_watched = looped(STAGES, see_day)
