"""Whole commands, as a user runs them: their time and their peak memory."""

import json
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from made_scenarios import FLAGSHIP
from rows import Row, Run, Taken, in_turns, timed
from sizes import Sizes

from sim.model.engine import simulate
from sim.model.parameters import build
from sim.scenario.load import load

ROOT = Path(__file__).resolve().parents[2]
PROCESS = Path(__file__).with_name("process.py")
GRID = ("--vary", "chips.kursk.area_km2=0:1040:27", "--vary", "aid.level=0.5,1,1.5")
CELLS = 27 * 3
PART = 50_000  # worlds that are in memory at once


def sweep(
    worlds: int, *words: str, cells: int = 1, cold: bool = False, threads: int = 2
) -> Taken:
    """Run `ceasefire sweep` of the flagship once: `worlds` in all, in so many cells.

    A cold start has an empty folder of compiled code, and compiles.

    Raises
    ------
    SystemExit
        If the command fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sim", "sweep", FLAGSHIP, *words, "--quiet"]
        command += ["--replicates", str(worlds // cells), "--threads", str(threads)]
        command += ["--out", str(Path(folder) / "out")]
        environment = dict(os.environ)
        if cold:
            environment["CEASEFIRE_CACHE_DIR"] = str(Path(folder) / "cache")
        reply = subprocess.run(
            [sys.executable, str(PROCESS), *command],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    if reply.returncode != 0:
        raise SystemExit(f"the sweep ended with {reply.returncode}")
    seconds, processor, peak_mb = json.loads(reply.stdout)
    return Taken(seconds, processor, done=worlds // cells * cells, peak_mb=peak_mb)


def memory(sizes: Sizes) -> list[Row]:
    """Measure time and peak memory of sweeps: of more cells, and of larger ones."""

    def run(cells: int, worlds: int) -> Run:
        area = "chips.kursk.area_km2="
        vary = f"{area}0:1000:{cells}" if cells > 1 else f"{area}0"
        return Run(
            f"sweep of {cells} x {worlds // cells:,} worlds",
            f"{worlds:,} worlds, 2 threads",
            "worlds",
            partial(sweep, worlds, "--vary", vary, cells=cells),
            f"sweep of {sizes.cells[0]} x {sizes.replicates:,} worlds",
        )

    sweep(1)  # whatever is not compiled yet is compiled here, which takes memory
    runs = [run(cells, cells * sizes.replicates) for cells in sizes.cells]
    runs += [run(1, worlds) for worlds in sizes.alone]
    return in_turns("memory", runs, 1, warm_up=False)


def starts(sizes: Sizes) -> list[Row]:
    """Measure a sweep of one cell as a command, warm and cold, against its kernels."""
    params = build(load(FLAGSHIP).scenario)
    many = sizes.started

    def kernels() -> float:
        for first in range(0, many, PART):
            part = range(first, min(first + PART, many))
            simulate(params, seed=1, replicates=part, threads=2)
        return many

    size, alone = f"{many:,} worlds, 2 threads", "kernels alone"
    runs = [
        Run(alone, size, "worlds", lambda: timed(kernels)),
        Run("command, warm", size, "worlds", partial(sweep, many), alone),
    ]
    if sizes.cold:
        cold = partial(sweep, many, cold=True)
        runs.append(Run("command, cold", size, "worlds", cold, alone))
    sweep(1)  # whatever is not compiled yet is compiled here
    return in_turns("start", runs, 1, warm_up=False)


def flagship_sweep(sizes: Sizes) -> list[Row]:
    """Measure the sweep of the flagship: 27 areas of Kursk, 3 levels of aid."""
    worlds = CELLS * sizes.flagship
    size, one = f"27 x 3 x {sizes.flagship:,} worlds", "flagship sweep, 1 thread"
    runs = [
        Run(one, size, "worlds", partial(sweep, worlds, *GRID, cells=CELLS, threads=1)),
        Run(
            "flagship sweep, 2 threads",
            size,
            "worlds",
            partial(sweep, worlds, *GRID, cells=CELLS),
            one,
        ),
    ]
    return in_turns("flagship sweep", runs, 1, warm_up=False)
