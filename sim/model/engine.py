"""Many worlds of one set of parameters, on threads."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.compile import kernel
from sim.model.schedule import LISTING, STAGES, Stage
from sim.model.stages.close import close
from sim.model.stages.fronts import hand_back, list_fronts, value_fronts
from sim.model.stages.lanes import enter, leave, meet
from sim.model.stages.start import begin
from sim.model.stages.truce import wake_broken
from sim.model.state import (
    DEFEAT,
    FRONTS,
    LANES,
    MOST_FRONTS,
    SETTLED,
    TABLE,
    TOGETHER,
    WAR,
    WORLD,
    Params,
    Table,
    World,
    as_kernels_take_it,
    blank,
)

Act = Callable[[Any, Any, Any], None]

TABLES = LANES + 1  # that a loop needs: one for each world of a block, and the bench


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
            i, fronts = busy[place], bench.bench_from[place]
            hand_back(params, worlds[i], tables[i], bench, fronts)
        first = stop


@kernel
def unseen(params: Params, world: World, i: int, kept: Any) -> None:
    """Look at no day: nobody asks for it."""


@kernel
def keep_day(params: Params, world: World, i: int, days: Any) -> None:
    """Keep world i as it stood after each step, in `days` (n, steps)."""
    if world.step > 0:
        days[i, world.step - 1] = world


def looped(
    stages: Sequence[Stage], look: Callable[..., None] = unseen
) -> Callable[..., None]:
    """Return a compiled loop that runs worlds from start to end, some side by side.

    Called as loop(params (1,), worlds (n,), tables (TABLES,), seed, first, kept), it
    fills `worlds` with replicates first, first + 1, ... and lets `look` see each of
    them on its eve and after each step, called as look(params, world, i, kept).
    """
    names = [stage.name for stage in stages]
    one, two = (names.index(name) + 1 for name in LISTING)
    three = names.index("flows")
    foresee, decide, conclude, pay = map(
        chained, (stages[:one], stages[one:two], stages[two:three], stages[three:])
    )
    wait, fight = in_lanes(stages[:three]), in_lanes(stages[three:])
    seen = look is not unseen

    @kernel
    def bargain(params: Params, worlds: Any, tables: Any, busy: Any, some: int) -> None:
        bench = tables[LANES]
        for place in range(some):
            i = busy[place]
            foresee(params, worlds[i], tables[i])
        value_together(params, worlds, tables, busy, some, bench)
        for place in range(some):
            i = busy[place]
            decide(params, worlds[i], tables[i])
        value_together(params, worlds, tables, busy, some, bench)
        for place in range(some):
            i = busy[place]
            conclude(params, worlds[i], tables[i])

    @kernel
    def live_day(params: Params, worlds: Any, tables: Any, busy: Any) -> None:
        lanes = tables[LANES].lanes
        n = (worlds.size + TOGETHER - 1) // TOGETHER * TOGETHER
        wake_broken(lanes, n)
        some = 0
        for i in range(worlds.size):
            if lanes.inside[i] and lanes.wakes[i] <= lanes.step:
                leave(params, worlds[i], lanes, i, lanes.step - lanes.since[i] - 1)
                lanes.inside[i] = 0
            if not lanes.inside[i] and not ended(params, worlds[i]):
                busy[some] = i
                some += 1
        wait(params, lanes, n)
        bargain(params, worlds, tables, busy, some)
        for place in range(some):
            i = busy[place]
            if worlds[i].phase == WAR:
                enter(params, worlds[i], lanes, i)
                lanes.inside[i] = 1
            else:
                pay(params, worlds[i], tables[i])
        fight(params, lanes, n)

    @kernel
    def loop(
        params: Any, worlds: Any, tables: Any, seed: int, first: int, kept: Any
    ) -> None:
        cell, lanes = params[0], tables[LANES].lanes
        busy = np.empty(LANES, np.int64)
        for i in range(LANES):
            lanes.everybody[i] = i
        for start in range(0, worlds.size, LANES):
            block = worlds[start : start + LANES]
            for i in range(block.size):
                begin(cell, block[i], tables[i], seed, first + start + i)
                look(cell, block[i], start + i, kept)
                lanes.inside[i] = 0
            meet(block[0], lanes)
            while lanes.step < cell.steps:
                live_day(cell, block, tables, busy)
                last = lanes.step + 1 == cell.steps
                for i in range(block.size):
                    if lanes.inside[i]:
                        line = lanes.line[i]
                        ends = last or line <= 0.0 or line >= cell.stake
                        if ends or seen:
                            days = lanes.step - lanes.since[i]
                            leave(cell, block[i], lanes, i, days)
                            close(cell, block[i], tables[i])
                            lanes.inside[i] = not ends
                    if seen and block[i].step == lanes.step + 1:
                        look(cell, block[i], start + i, kept)
                lanes.step += 1
                lanes.present_worth *= cell.discount

    return loop


def in_lanes(stages: Sequence[Stage]) -> Act:
    """Return one compiled function that runs in lanes those stages that can."""
    return chained(
        [stage._replace(act=stage.in_lanes) for stage in stages if stage.in_lanes]
    )


run_worlds = looped(STAGES)
run_recorded = looped(STAGES, keep_day)


CHUNK = 512  # worlds per call: small enough to share out evenly, large enough to pay

_of_thread = threading.local()


def tables() -> NDArray[np.void]:
    """Return the tables of this thread; a world that begins finds them as if blank."""
    if not hasattr(_of_thread, "tables"):
        _of_thread.tables = blank(TABLE, TABLES)
    found: NDArray[np.void] = _of_thread.tables
    return found


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
        run_worlds(cell, part, tables(), seed, replicates.start + start, None)

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
