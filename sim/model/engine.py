"""Many worlds of one set of parameters, on threads."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.compile import kernel
from sim.model.schedule import LISTING, NATURE, STAGES, Stage
from sim.model.stages.fronts import hand_back, list_fronts, value_fronts
from sim.model.stages.quiet_days import QUIET_STAGES, clear, is_quiet, next_round
from sim.model.stages.start import begin
from sim.model.state import (
    DEFEAT,
    FRONTS,
    MOST_FRONTS,
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

BLOCK = 32
TABLES = BLOCK + 1  # that a loop needs: one for each world of a block, and the bench


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
def value_together(
    params: Params, worlds: Any, tables: Any, busy: Any, many: int, bench: Table
) -> None:
    """Value the listed wars of the first `many` worlds that `busy` names."""
    first = 0
    while first < many:
        fronts, stop = 0, first
        while stop < many and fronts + MOST_FRONTS <= FRONTS:
            i = busy[stop]
            bench.bench_from[stop] = fronts
            fronts = list_fronts(params, worlds[i], tables[i], bench, fronts)
            stop += 1
        value_fronts(params, bench, fronts)
        for place in range(first, stop):
            i = busy[place]
            after = bench.bench_from[place + 1] if place + 1 < stop else fronts
            hand_back(
                params, worlds[i], tables[i], bench, bench.bench_from[place], after
            )
        first = stop


def looped(stages: Sequence[Stage]) -> Callable[..., None]:
    """Return a compiled loop that runs worlds from start to end.

    Called as loop(params (1,), worlds (n,), tables (TABLES,), seed, first), it fills
    `worlds` with replicates first, first + 1, ...
    """
    names = [stage.name for stage in stages]
    one, two = (names.index(name) + 1 for name in LISTING)
    foresee, decide, conclude = map(
        chained, (stages[:one], stages[one:two], stages[two:])
    )
    silent = (stage for stage in stages if stage.name in QUIET_STAGES)
    quiet = chained([Stage("clear", NATURE, clear), *silent])

    @kernel
    def comes_to_business(params: Any, world: Any, table: Any) -> bool:
        """Run a world up to the day on which it has wars to value, or to its end."""
        round_due = next_round(params, world.step)
        while not ended(params, world):
            if is_quiet(params, world, round_due):
                quiet(params, world, table)
                continue
            foresee(params, world, table)
            if table.foreseen:
                return True
            decide(params, world, table)
            conclude(params, world, table)
            round_due = next_round(params, world.step)
        return False

    @kernel
    def loop(params: Any, worlds: Any, tables: Any, seed: int, first: int) -> None:
        cell, bench = params[0], tables[BLOCK]
        busy = np.empty(BLOCK, np.int64)
        for start in range(0, worlds.size, BLOCK):
            block = worlds[start : start + BLOCK]
            for i in range(block.size):
                begin(cell, block[i], tables[i], seed, first + start + i)
                busy[i] = i
            many = block.size
            while many > 0:
                left = 0
                for place in range(many):
                    i = busy[place]
                    if comes_to_business(cell, block[i], tables[i]):
                        busy[left] = i
                        left += 1
                many = left
                value_together(cell, block, tables, busy, many, bench)
                for place in range(many):
                    i = busy[place]
                    decide(cell, block[i], tables[i])
                value_together(cell, block, tables, busy, many, bench)
                for place in range(many):
                    i = busy[place]
                    conclude(cell, block[i], tables[i])

    return loop


def recorded(period: Act) -> Callable[..., None]:
    """Return a loop that keeps each world as it stood after every step.

    Called as loop(params (1,), worlds (n,), tables (1,), seed, first, days (n, steps));
    rows after the end of a world are left as they were.
    """

    @kernel
    def loop(
        params: Any, worlds: Any, tables: Any, seed: int, first: int, days: Any
    ) -> None:
        for i in range(worlds.size):
            world = worlds[i]
            begin(params[0], world, tables[0], seed, first + i)
            while not ended(params[0], world):
                today = world.step
                period(params[0], world, tables[0])
                days[i, today] = world

    return loop


period = chained(STAGES)
run_worlds = looped(STAGES)
run_recorded = recorded(period)


CHUNK = 512  # worlds per call: small enough to share out evenly, large enough to pay

_of_thread = threading.local()


def _tables() -> NDArray[np.void]:
    """Return the tables of this thread; a world that begins finds them as if blank."""
    if not hasattr(_of_thread, "tables"):
        _of_thread.tables = blank(TABLE, TABLES)
    tables: NDArray[np.void] = _of_thread.tables
    return tables


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
        run_worlds(cell, part, _tables(), seed, replicates.start + start)

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
