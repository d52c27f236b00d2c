"""The engine against the Mesa model on the flagship: world-days a second, one run.

    python experiments/benchmarks/engine_vs_mesa.py [REPEATS]

The Mesa model runs without data collection. Both run worlds of the same seed, in turns,
so that a busy machine slows both alike; each line is the median of the repeats.
"""

import statistics
import sys
import time

from sim.engine.run import simulate
from sim.model import CeasefireModel
from sim.scenario.build import build
from sim.scenario.load import load

MESA_WORLDS, ENGINE_WORLDS = 40, 10_000


def mesa(loaded: object) -> float:
    """World-days a second of the Mesa model, made and run in one process."""
    models = [
        CeasefireModel(loaded, replicate=replicate, collect=False)
        for replicate in range(MESA_WORLDS)
    ]
    began = time.perf_counter()
    for model in models:
        model.run()
    taken = time.perf_counter() - began
    return sum(int(model.world["step"][0]) for model in models) / taken


def engine(params: object, threads: int) -> float:
    """World-days a second of the engine."""
    began = time.perf_counter()
    worlds = simulate(params, seed=1, replicates=range(ENGINE_WORLDS), threads=threads)
    taken = time.perf_counter() - began
    return int(worlds["step"].sum()) / taken


def main() -> None:
    """Print the table."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    loaded = load("kursk-2025-03-13")
    params = build(loaded.scenario)
    runs = {
        "Mesa model": lambda: mesa(loaded),
        "engine, 1 thread": lambda: engine(params, 1),
        "engine, 2 threads": lambda: engine(params, 2),
    }
    speeds: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(repeats + 1):
        for name, run in runs.items():
            speed = run()
            if turn:  # the first turn compiles
                speeds[name].append(speed)
    medians = {name: statistics.median(each) for name, each in speeds.items()}
    for name, median in medians.items():
        ratio = median / medians["Mesa model"]
        print(f"{name:18} {median:12,.0f} world-days/s {ratio:7.1f} times Mesa")


if __name__ == "__main__":
    main()
