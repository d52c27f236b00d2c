"""How long a sweep will take, judged by a few of its worlds; nothing is written."""

import time
from collections.abc import Sequence
from itertools import islice

from sim.engine.run import cores
from sim.errors import CheckFailedError
from sim.sweep.chunks import Chunk, InputChunk, Summarise, WorldChunk, chunks_of
from sim.sweep.crew import ChunkFailedError, crew_here, most_at_once
from sim.sweep.limits import worlds_of
from sim.sweep.plan import Plan

_STEPS = {False: 36_000, True: 9_000}  # without and with policies: a moment
_MOST_CELLS = 4


def pilot_seconds(plan: Plan, threads: int | None, summarise: Summarise) -> float:
    """Return how long the sweep should take, as busy as this machine is now.

    A few worlds of a few cells, far apart in the design, are timed after everything
    is compiled. Worker processes take a while to start, which counts; compiling does
    not. Reading sets of inputs is the work of one processor, their worlds that of all.
    """
    cells = _spread(len(plan.design))
    steps = _STEPS[plan.policies is not None] // len(cells)
    count = min(max(1, steps // plan.cells[0].steps), plan.replicates)
    first = WorldChunk(cells[0], 0, 1)
    of_worlds = [WorldChunk(cell, 0, count) for cell in cells]
    of_sets = _sets(plan, cells)
    # Compiles, and imports what is imported when it is first used.
    _seconds(plan, [first, *of_sets[:1]], summarise)
    starting, *running = _seconds(plan, [first, *of_worlds, *of_sets], summarise)
    each = sum(running[: len(cells)]) / (count * len(cells))
    reading = 0.0
    if of_sets and plan.input_sets is not None:
        of_set = sum(running[len(cells) :]) / len(of_sets)
        reading = max(0.0, of_set - plan.input_sets.replicates * each)
        reading *= len(plan.input_sets) * len(plan.design)
    workers = most_at_once(plan, threads or cores())
    at_once = max(1, len(list(islice(chunks_of(plan), workers))))
    return starting + each * sum(worlds_of(plan)) / at_once + reading


def _sets(plan: Plan, cells: Sequence[int]) -> list[InputChunk]:
    """Return a set of inputs of each cell; with policies none, their worlds are all."""
    sets = plan.input_sets
    if sets is None or plan.policies is not None:
        return []
    return [
        InputChunk(cell, i % len(sets), 1, worlds=sets.replicates)
        for i, cell in enumerate(cells)
    ]


def _spread(cells: int) -> list[int]:
    """Return some cells from the first to the last.

    >>> _spread(3), _spread(100)
    ([0, 1, 2], [0, 33, 66, 99])
    """
    some = min(cells, _MOST_CELLS)
    return [i * (cells - 1) // max(1, some - 1) for i in range(some)]


def _seconds(plan: Plan, chunks: Sequence[Chunk], summarise: Summarise) -> list[float]:
    """Return how long each chunk takes, one after the other, with a crew of its own."""
    crew = crew_here(plan, summarise, threads=1)
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
