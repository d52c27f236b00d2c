"""Many worlds of one set of parameters, on threads."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.compile import kernel
from sim.model.schedule import NATURE, STAGES, Stage
from sim.model.stages.quiet_days import QUIET_STAGES, clear, is_quiet, next_round
from sim.model.stages.start import begin
from sim.model.state import (
    DEFEAT,
    SETTLED,
    TABLE,
    WORLD,
    Params,
    Table,
    World,
    as_kernels_take_it,
    blank,
)

Act = Callable[[Any, Any, Any], None]


def chained(stages: Sequence[Stage]) -> Act:
    """Return one compiled function that runs the stages in order.

    Stages are joined by fours, and the fours in turn: the compiler works on a function
    once more for each one around it, which a chain of single stages would make costly.
    """
    if len(stages) == 1:
        return stages[0].act
    quarter = -(-len(stages) // 4)
    parts = [stages[i : i + quarter] for i in range(0, len(stages), quarter)]
    acts = [chained(part) for part in parts] + [idle] * 3
    first, second, third, fourth = acts[:4]

    @kernel(inline="always")
    def run(params: Params, world: World, table: Table) -> None:
        first(params, world, table)
        second(params, world, table)
        third(params, world, table)
        fourth(params, world, table)

    return run


@kernel
def idle(params: Params, world: World, table: Table) -> None:
    """Do nothing."""
    return


@kernel
def ended(params: Params, world: World) -> bool:
    """Whether nothing more happens in a world."""
    return world.phase == SETTLED or world.phase == DEFEAT or world.step >= params.steps


@kernel
def unseen(params: Params, world: World, i: int, kept: None) -> None:
    """Look at no day: nobody asks for it."""
    return


@kernel
def keep_day(params: Params, world: World, i: int, days: Any) -> None:
    """Keep world i as it stands after each step, in `days` (n, steps)."""
    if world.step > 0:
        days[i, world.step - 1] = world


def looped(
    stages: Sequence[Stage], look: Callable[[Params, World, int, Any], None] = unseen
) -> Callable[..., None]:
    """Return a compiled loop that runs worlds from start to end, one after the other.

    Called as loop(params (1,), worlds (n,), tables (1,), seed, first, kept), it fills
    `worlds` with replicates first, first + 1, ... Each world is shown to `look` on its
    eve and after each step, as look(params, world, i, kept).
    """
    silent = [stage for stage in stages if stage.name in QUIET_STAGES]
    period, quiet = chained(stages), chained([Stage("clear", NATURE, clear), *silent])

    @kernel
    def loop(
        params: Any, worlds: Any, tables: Any, seed: int, first: int, kept: Any
    ) -> None:
        cell, table = params[0], tables[0]
        for i in range(worlds.size):
            world = worlds[i]
            begin(cell, world, table, seed, first + i)
            look(cell, world, i, kept)
            round_due = next_round(cell, world.step)
            while not ended(cell, world):
                if is_quiet(cell, world, round_due):
                    quiet(cell, world, table)
                else:
                    period(cell, world, table)
                    round_due = next_round(cell, world.step)
                look(cell, world, i, kept)

    return loop


run_worlds = looped(STAGES)
run_recorded = looped(STAGES, keep_day)


CHUNK = 512  # worlds per call: small enough to share out evenly, large enough to pay

_of_thread = threading.local()


def _table() -> NDArray[np.void]:
    """Return the table of this thread; a world that begins finds it as if blank."""
    if not hasattr(_of_thread, "table"):
        _of_thread.table = blank(TABLE, 1)
    table: NDArray[np.void] = _of_thread.table
    return table


def cores() -> int:
    """Number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def simulate(
    params: NDArray[np.void],
    *,
    seed: int,
    replicates: range,
    threads: int | None = None,
    chunk: int = CHUNK,
) -> NDArray[np.void]:
    """Run worlds (seed, replicate) for each replicate to their end.

    Parameters
    ----------
    params
        Shape (1,), dtype `PARAMS`, from `sim.model.parameters.build`.
    replicates
        A range of step 1; each world has its luck from (seed, replicate).
    threads
        Default: all processors. The result does not depend on it, nor on `chunk`.

    Returns
    -------
    array of shape (len(replicates),), dtype `WORLD`
        The worlds as they ended, in the order of `replicates`.
    """
    if replicates.step != 1:
        raise ValueError("replicates need step 1")
    worlds = blank(WORLD, len(replicates))
    cell = as_kernels_take_it(params)

    def run_chunk(start: int) -> None:
        part = worlds[start : start + chunk]
        run_worlds(cell, part, _table(), seed, replicates.start + start, None)

    starts = range(0, worlds.size, chunk)
    workers = threads if threads is not None else cores()
    if workers <= 1 or len(starts) == 1:
        for start in starts:
            run_chunk(start)
    else:
        with ThreadPoolExecutor(workers) as pool:
            # results are listed so that an error in a thread is raised here
            list(pool.map(run_chunk, starts))
    return worlds
