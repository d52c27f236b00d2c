"""What a sweep will need, before it starts: disk and memory; `pilot` tells the time."""

import math
import os
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sim.batch import estimates
from sim.batch.executors import ChunkFailedError, local_executor, most_at_once
from sim.batch.plan import Plan
from sim.batch.tables import world_table
from sim.batch.tasks import (
    Chunk,
    InputChunk,
    SeriesChunk,
    WorldChunk,
    chunks_of,
    input_chunks,
)
from sim.batch.timeseries import series_bytes
from sim.errors import CheckFailedError, UsageError
from sim.model.engine import cores
from sim.model.outcome import outcomes
from sim.model.state import SIDES, WORLD, blank

if sys.platform != "win32":
    import resource

_CELLS_IN_MEMORY = 2  # the reference, and the one that is gathered and summed up
_WORKING_BYTES = 16  # of a world: two of its numbers, sorted or subtracted
_WORLDS_MEASURED = 1000  # so that names, which a table has once, do not count
_NUMBERS_OF_A_CELL = 120  # columns of its row: estimates, intervals, differences
_BYTES_ON_DISK = 40  # of a number in a table, and in the journal of what is unfinished
_BYTES_IN_MEMORY = 100  # of a number in a row, with its place there


@dataclass(frozen=True)
class Needs:
    """What a sweep takes; `disk_bytes` and `memory_bytes` are upper bounds."""

    cells: int
    worlds: int
    input_worlds: int
    series_worlds: int
    disk_bytes: int
    memory_bytes: int


def needs(plan: Plan, threads: int | None = None) -> Needs:
    """Return what a sweep takes; `threads` as of `dask_executor.executor_of`."""
    each = math.ceil(_measured(plan).nbytes / _WORLDS_MEASURED)  # uncompressed
    worlds, input_worlds, series_worlds = worlds_of(plan)
    # Unless they stay, the worlds of a few cells are on disk at a time.
    few = min(3, len(plan.cells)) * plan.replicates
    return Needs(
        cells=len(plan.design),
        worlds=worlds,
        input_worlds=input_worlds,
        series_worlds=series_worlds,
        disk_bytes=(worlds if plan.leaves_worlds else few) * each
        + _series(plan)
        + _numbers(plan) * _BYTES_ON_DISK,
        memory_bytes=memory_bytes(plan, threads),
    )


def memory_bytes(plan: Plan, threads: int | None = None) -> int:
    """Return the memory that a sweep takes, at the most; arguments as of `needs`.

    Of the worlds of a cell, that is what its row needs; of a set of inputs that is
    being run, all outcomes of its worlds; of a series, all days of its worlds.
    """
    cell = plan.cells[plan.design.reference]
    columns = outcomes(blank(WORLD, _WORLDS_MEASURED), cell.labels)
    condensed = estimates.condense(columns, within_days=plan.within_days)
    whole, short = (
        math.ceil(sum(column.nbytes for column in each.values()) / _WORLDS_MEASURED)
        for each in (columns, condensed)
    )
    # Of a part as well: `merge` sums the cells up.
    cells = min(_CELLS_IN_MEMORY, len(plan.cells)) * short + _WORKING_BYTES
    of_sets = 0
    if plan.input_sets is not None:
        of_sets = plan.input_sets.replicates * (whole + 2 * short + _WORKING_BYTES)
    # Twice: as they were run, and cut to where each has ended; and working space.
    quantities = 1 + len(cell.labels.chips) + SIDES
    of_series = plan.series * (cell.steps + 1) * 8 * (2 * quantities + 5)
    at_once = most_at_once(plan, threads if threads is not None else cores())
    return (
        plan.replicates * cells
        + at_once * max(of_sets, of_series)
        + 2 * _series(plan)
        + _numbers(plan) * _BYTES_IN_MEMORY
    )


def check_input_sets(cells: int, sets: int, inputs: int) -> None:
    """Refuse more sets of inputs than there is room for, before they are drawn."""
    memory, needed = _memory(), cells * sets * (inputs + 4) * _BYTES_IN_MEMORY
    if memory is not None and needed > memory:
        raise UsageError(
            f"{cells:,} cells x {sets:,} sets of {inputs} inputs need {size(needed)} "
            f"of memory, and {size(memory)} is available: ask for fewer --input-sets"
        )


def _numbers(plan: Plan) -> int:
    """Return how many numbers are in the rows of cells and of sets of inputs."""
    sets = plan.input_sets
    of_inputs = 0 if sets is None else len(sets) * (len(sets.inputs) + 4)
    return len(plan.design) * (_NUMBERS_OF_A_CELL + of_inputs)


def _series(plan: Plan) -> int:
    """Return the size of the tables of series: those of all cells are joined."""
    chips = len(plan.cells[plan.design.reference].labels.chips)
    return series_bytes(plan.rows, chips) if plan.series else 0


def worlds_of(plan: Plan) -> tuple[int, int, int]:
    """Return the worlds of cells, input sets and series; of a part, its share."""
    if plan.part is None:
        sets, cells = plan.input_sets, len(plan.design)
        of_sets = 0 if sets is None else len(sets) * sets.replicates
        return cells * plan.replicates, cells * of_sets, cells * plan.series
    found = {WorldChunk: 0, InputChunk: 0, SeriesChunk: 0}
    for chunk in chunks_of(plan):
        found[type(chunk)] += chunk.worlds
    return found[WorldChunk], found[InputChunk], found[SeriesChunk]


def _measured(plan: Plan) -> Any:
    """Return a table of worlds, to see how large it is."""
    cell, worlds = plan.cells[plan.design.reference], blank(WORLD, _WORLDS_MEASURED)
    columns = outcomes(worlds, cell.labels)
    return world_table(WorldChunk(0, 0, worlds.size), columns, cell.labels)


def check_fits(plan: Plan, folder: Path | None, threads: int | None = None) -> None:
    """Raise UsageError for a sweep that cannot fit; arguments as of `needs`."""
    check_memory(plan, threads)
    if folder is None:
        return
    found = needs(plan, threads)
    absolute = folder.absolute()
    there = next(each for each in (absolute, *absolute.parents) if each.exists())
    free = shutil.disk_usage(there).free
    if found.disk_bytes > free:
        advice = "leave out --keep-worlds" if plan.keep_worlds else "another --out"
        raise UsageError(
            f"{_sizes(plan)} take up to {size(found.disk_bytes)}, and "
            f"{folder} has {size(free)} free: {advice}, or {_advice(plan)} or cells"
        )


def check_memory(plan: Plan, threads: int | None = None) -> None:
    """Raise UsageError if memory cannot hold a sweep; quick, also for a part."""
    memory, joining = _memory(), 2 * _series(plan)
    if memory is None:
        return
    if joining > memory:
        raise UsageError(
            f"series of {plan.rows:,} rows need {size(joining)} of memory, and "
            f"{size(memory)} is available: leave out --series"
        )
    if (needed := memory_bytes(plan, threads)) > memory:
        raise UsageError(
            f"{_sizes(plan)} need {size(needed)} of memory, and {size(memory)} is "
            f"available: {_advice(plan)}"
        )


def _sizes(plan: Plan) -> str:
    """Return how large a sweep is, in words."""
    cells, columns = len(plan.design), _measured(plan).num_columns
    text = f"{cells:,} cells x {plan.replicates:,} replicates x {columns} columns"
    if plan.input_sets is not None:
        text += f" and {cells:,} cells x {len(plan.input_sets):,} sets of inputs"
    return text


def _advice(plan: Plan) -> str:
    """Return what to ask for less of."""
    is_precise = plan.precision is not None
    fewer = "a larger --precision" if is_precise else "fewer --replicates"
    if plan.input_sets is not None:
        fewer += ", --input-replicates or --input-sets"
    if plan.series:
        fewer += " or --series"
    return f"ask for {fewer}"


def size(count: int) -> str:
    """Return a number of bytes as one reads it.

    >>> [size(each) for each in (900, 15_000, 2_500_000_000)]
    ['900 B', '15 kB', '2.5 GB']
    """
    number = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:,.3g} TB" if number < 1000 else f"{number:,.0f} TB"


def _memory() -> int | None:
    """Return the memory that this process may have, None where nobody says."""
    try:
        found = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
    if sys.platform == "win32":
        return found
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)  # `ulimit -v`
    return found if limit == resource.RLIM_INFINITY else min(found, limit)


_STEPS = {False: 36_000, True: 9_000}  # without and with policies: a moment
_MOST_CELLS, _MOST_SETS = 4, 200


def pilot_seconds(plan: Plan, threads: int | None) -> float:
    """Return how long the sweep should take, as busy as this machine is now.

    A few worlds of a few cells, far apart in the design, are timed after everything
    is compiled. Worker processes take a while to start, which counts; compiling does
    not. Reading sets of inputs is the work of one processor, their worlds that of all.
    """
    number, some = len(plan.design), min(len(plan.design), _MOST_CELLS)
    cells = [i * (number - 1) // max(1, some - 1) for i in range(some)]
    steps = _STEPS[plan.policies is not None] // some
    count = min(max(1, steps // plan.cells[0].steps), plan.replicates)
    of_worlds = [WorldChunk(cell, 0, count) for cell in cells]
    first, sets = WorldChunk(0, 0, 1), plan.input_sets
    of_sets, together, two = [], 1, 1
    if sets is not None and plan.policies is None:  # with them, worlds are all it takes
        # As many as are read together; two worlds of each tell how long that takes.
        together = min(next(input_chunks(plan, 0)).count, _MOST_SETS)
        two = min(2, sets.replicates)
        of_sets = [InputChunk(cell, 0, together, two) for cell in cells]
    # Compiles, and imports what is imported when it is first used.
    _seconds(plan, [first, *of_sets[:1]])
    starting, *running = _seconds(plan, [first, *of_worlds, *of_sets])
    each = sum(running[:some]) / (count * some)
    reading = 0.0
    if of_sets and sets is not None:
        of_set = sum(running[some:]) / (some * together)
        reading = max(0.0, of_set - two * each) * len(sets) * number
    workers = most_at_once(plan, threads or cores())
    at_once = max(1, len(list(islice(chunks_of(plan), workers))))
    return starting + each * sum(worlds_of(plan)) / at_once + reading


def _seconds(plan: Plan, chunks: Sequence[Chunk]) -> list[float]:
    """Return how long each chunk takes, one after the other."""
    found = []
    with closing(local_executor(plan, threads=1)) as executor:
        try:
            for chunk in chunks:
                began = time.perf_counter()
                executor.compute(chunk)
                found.append(time.perf_counter() - began)
        except ChunkFailedError as error:
            raise CheckFailedError(f"a few worlds to judge by: {error}") from None
    return found
