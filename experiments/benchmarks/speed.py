"""The engine against Mesa, against plain loops, and against the luck it uses."""

import resource
import time
from collections.abc import Callable

import numpy as np
from luck_used import count_luck, draw
from made_scenarios import FLAGSHIP
from mesa_worlds import run_batch
from plain_loop import plain_loop
from rows import Row, Run, Taken, in_turns, timed
from sizes import Sizes

from sim.model.engine import simulate
from sim.model.parameters import build
from sim.model.state import TABLE, WORLD, as_kernels_take_it, blank
from sim.scenario.load import load

CHECKED = 200  # worlds that must be those of the engine, bit by bit


def speed(sizes: Sizes) -> list[Row]:
    """Measure worlds of the flagship a second.

    Raises
    ------
    SystemExit
        If a plain loop gives other worlds than the engine.
    """
    loaded = load(FLAGSHIP)
    cell = as_kernels_take_it(build(loaded.scenario))
    table = blank(TABLE, 1)

    def engine(threads: int) -> Callable[[], Taken]:
        many = range(sizes.engine)
        return lambda: timed(
            lambda: simulate(cell, seed=1, replicates=many, threads=threads).size
        )

    def plain(*, keeping: bool) -> Callable[[], Taken]:
        loop, worlds = plain_loop(keeping=keeping), blank(WORLD, sizes.plain)
        checked = worlds[:CHECKED]
        loop(cell, checked, table, 1)
        expected = simulate(cell, seed=1, replicates=range(checked.size))
        if checked.tobytes() != expected.tobytes():
            raise SystemExit("a plain loop gives other worlds than the engine")

        def run() -> float:
            loop(cell, worlds, table, 1)
            return worlds.size

        return lambda: timed(run)

    luck = count_luck(cell, sizes.counted)
    space = np.empty((2, max(int(luck.max()), 1)))

    def floor() -> float:
        for seed in range(sizes.redrawn):
            draw(luck, seed, space)
        return sizes.counted * sizes.redrawn

    one, mesa = "engine, 1 thread", "Mesa batch_run, 1 process"
    in_engine, in_mesa = f"{sizes.engine:,} worlds", f"{sizes.mesa:,} worlds"
    in_plain = f"{sizes.plain:,} worlds"
    runs = [
        Run(mesa, in_mesa, "worlds", lambda: _mesa(sizes.mesa, loaded, 1)),
        Run(
            "Mesa batch_run, 2 processes",
            f"{in_mesa}, start included",
            "worlds",
            lambda: _mesa(sizes.mesa, loaded, 2),
            mesa,
        ),
        Run(one, in_engine, "worlds", engine(1), mesa),
        Run("engine, 2 threads", in_engine, "worlds", engine(2), one),
        Run("plain loop", in_plain, "worlds", plain(keeping=True), one),
        Run(
            "plain loop that keeps nothing",
            in_plain,
            "worlds",
            plain(keeping=False),
            one,
        ),
        Run(
            "only the luck that is used",
            f"{sizes.counted:,} worlds, {sizes.redrawn} times",
            "worlds",
            lambda: timed(floor),
            one,
        ),
    ]
    return in_turns("speed", runs, sizes.turns)


def _mesa(worlds: int, loaded: object, processes: int) -> Taken:
    """Run the Mesa model; processor time is that of the worker processes too."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall, processor = time.perf_counter(), time.process_time()
    done = run_batch(loaded, worlds, processes)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    of_workers = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(wall, processor + of_workers, done)
