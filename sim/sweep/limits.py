"""What a sweep will need, before it starts: disk, memory and time."""

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.engine.run import cores
from sim.errors import CheckFailedError, UsageError
from sim.step.outcome import outcomes
from sim.step.record import WORLD
from sim.step.room import room
from sim.sweep.chunks import InputChunk, SeriesChunk, WorldChunk, chunks_of
from sim.sweep.crew import ChunkFailedError, crew_here, most_at_once
from sim.sweep.plan import Cell, Plan
from sim.sweep.tables import world_table

_PILOT_STEPS = {False: 36_000, True: 9_000}  # without and with policies: a moment
_CELLS_IN_MEMORY = 4  # the reference, one being summed up, its parts, working space


@dataclass(frozen=True)
class Needs:
    """What a sweep takes; `disk_bytes` is an upper bound of the worlds it keeps."""

    cells: int
    worlds: int
    input_worlds: int
    series_worlds: int
    disk_bytes: int
    memory_bytes: int


def needs(plan: Plan) -> Needs:
    """Return what a sweep takes; nothing is run."""
    each = bytes_per_world(plan.cells[plan.design.reference])
    worlds, input_worlds, series_worlds = _worlds(plan)
    # Unless they stay, the worlds of a few cells are on disk at a time.
    few = min(3, len(plan.cells)) * plan.replicates
    return Needs(
        cells=len(plan.design),
        worlds=worlds,
        input_worlds=input_worlds,
        series_worlds=series_worlds,
        disk_bytes=(worlds if plan.leaves_worlds else few) * each,
        memory_bytes=memory_bytes(plan),
    )


def memory_bytes(plan: Plan) -> int:
    """Return the memory that a sweep takes, at the most."""
    each = bytes_per_world(plan.cells[plan.design.reference])
    return _CELLS_IN_MEMORY * plan.replicates * each


def _worlds(plan: Plan) -> tuple[int, int, int]:
    """Return the worlds of cells, input sets and series; of a part, its share."""
    if plan.part is None:
        sets, cells = plan.input_sets, len(plan.design)
        of_sets = 0 if sets is None else len(sets) * sets.replicates
        return cells * plan.replicates, cells * of_sets, cells * plan.series
    found = {WorldChunk: 0, InputChunk: 0, SeriesChunk: 0}
    for chunk in chunks_of(plan):
        found[type(chunk)] += chunk.worlds
    return found[WorldChunk], found[InputChunk], found[SeriesChunk]


def bytes_per_world(cell: Cell) -> int:
    """Return the size of one world in a table of worlds, before it is compressed."""
    columns = outcomes(room(WORLD, 1), cell.lines, cell.labels)
    return int(world_table(WorldChunk(0, 0, 1), columns, cell.labels).nbytes)


def check_fits(plan: Plan, folder: Path | None) -> None:
    """Refuse a sweep that cannot fit.

    Raises
    ------
    UsageError
        With the sizes, and what to change.
    """
    memory, wanted = _memory(), memory_bytes(plan)
    if memory is not None and wanted > memory:
        raise UsageError(
            f"{plan.replicates:,} worlds of a cell take {size(wanted)} of "
            f"memory, and there are {size(memory)}: ask for fewer --replicates"
        )
    if folder is None:
        return
    found = needs(plan)
    free = shutil.disk_usage(_existing(folder)).free
    if found.disk_bytes > free:
        advice = "leave out --keep-worlds" if plan.keep_worlds else "another --out"
        raise UsageError(
            f"the worlds of this sweep take up to {size(found.disk_bytes)}, and "
            f"{folder} has {size(free)} free: {advice}, or ask for fewer --replicates"
        )


def pilot_seconds(plan: Plan, threads: int | None) -> float:
    """Return how long the sweep should take, judged by a few worlds of two cells.

    Worker processes take a while to start, which counts; compiling does not.
    """
    ends = (plan.design.reference, len(plan.design) - 1)
    steps = _PILOT_STEPS[plan.policies is not None]
    count = min(max(1, steps // plan.cells[ends[0]].steps), plan.replicates)
    first = WorldChunk(ends[0], 0, 1)
    _seconds(plan, [first])  # compiles
    starting, *running = _seconds(
        plan, [first, *(WorldChunk(cell, 0, count) for cell in ends)]
    )
    worlds = [chunk.worlds for chunk in chunks_of(plan)]
    at_once = max(1, min(most_at_once(plan, threads or cores()), len(worlds)))
    each = sum(running) / (count * len(ends))
    return starting + each * sum(worlds) / at_once


def _seconds(plan: Plan, chunks: Sequence[WorldChunk]) -> list[float]:
    """Return how long each chunk takes, one after the other, with a crew of its own."""
    crew = crew_here(plan, None, threads=1)
    found = []
    try:
        for chunk in chunks:
            began = time.perf_counter()
            crew.compute(chunk)
            found.append(time.perf_counter() - began)
    except ChunkFailedError as error:
        raise CheckFailedError(f"a few worlds to judge by: {error}") from None
    finally:
        crew.close()
    return found


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
    """Return the memory of the machine, None where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder
