"""Many worlds of one set of parameters, on threads."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from sim.engine.period import TABLES, run_worlds
from sim.step.record import TABLE, WORLD
from sim.step.room import as_kernels_take_it, room

CHUNK = 512  # worlds per call: small enough to share out evenly, large enough to pay

_of_thread = threading.local()


def _tables() -> NDArray[np.void]:
    """Return the tables of this thread; a world that begins finds them as if blank."""
    if not hasattr(_of_thread, "tables"):
        _of_thread.tables = room(TABLE, TABLES)
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
        Shape (1,), dtype `PARAMS`, from `sim.scenario.build.build`.
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
    worlds = room(WORLD, len(replicates))
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
