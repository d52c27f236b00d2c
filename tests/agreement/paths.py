"""Both ways to walk a world, step by step, for tests that hold them equal."""

from typing import Any

import numpy as np

from sim.model.engine import run_recorded, run_worlds
from sim.model.mesa_model import CeasefireModel
from sim.model.state import TABLE, WORLD, as_kernels_take_it, blank
from sim.scenario.load import Loaded


def mesa_path(scenario: Loaded, seed: int, replicate: int) -> np.ndarray:
    """The world's record after each step of the Mesa model, shape (steps,)."""
    model = CeasefireModel(scenario, seed=seed, replicate=replicate, collect=False)
    days = []
    while model.running:
        model.step()
        days.append(np.asarray(model.world).copy())
    return np.concatenate(days)


def engine_paths(
    params: np.ndarray, seed: int, replicates: range, loop: Any = run_recorded
) -> list[np.ndarray]:
    """The same from the compiled loop, one array a replicate.

    The loop that only keeps the ends must end each world with the same bits.
    """
    n = len(replicates)
    worlds = blank(WORLD, n)
    days = as_kernels_take_it(np.zeros((n, int(params["steps"][0])), WORLD))
    cell = as_kernels_take_it(params)
    loop(cell, worlds, blank(TABLE, 1), seed, replicates.start, days)
    if loop is run_recorded:
        ends = blank(WORLD, n)
        run_worlds(cell, ends, blank(TABLE, 1), seed, replicates.start, None)
        assert np.asarray(ends).tobytes() == np.asarray(worlds).tobytes()
    return [np.asarray(days[i, : int(worlds["step"][i])]) for i in range(n)]


def first_difference(one: np.ndarray, other: np.ndarray) -> str | None:
    """Where two paths part: step, field and both values; None if they are equal.

    Compared are the bytes of every field, so that 0.0 and -0.0 differ and nan does not.
    """
    if one.size != other.size:
        return f"{one.size} steps against {other.size}"
    if one.tobytes() == other.tobytes():
        return None
    for step in range(one.size):
        for name in WORLD.names:
            a, b = one[name][step], other[name][step]
            if np.asarray(a).tobytes() != np.asarray(b).tobytes():
                return f"step {step}, {name}: {a!r} against {b!r}"
    return None  # they differ in padding only
