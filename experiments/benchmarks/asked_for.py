"""How many values of each formula a world of the flagship asks for, on the average.

    NUMBA_DISABLE_JIT=1 python experiments/benchmarks/asked_for.py [WORLDS]

Functions are counted as plain Python calls them, hence the setting. Times the
nanoseconds that `suite.py --only formulas` measures, it is what no arrangement of loops
can save.
"""

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import numba
from made_scenarios import FLAGSHIP

from sim.model import rng
from sim.model.engine import simulate
from sim.model.parameters import build
from sim.model.stages import draws, start, valuation, wars
from sim.scenario.load import load

WORLDS = 200


def once(*_: Any) -> int:
    """Count a call as one value."""
    return 1


def lanes(*arguments: Any) -> int:
    """Count the values of a call on arrays, those too that fill up its last vector."""
    return int(arguments[-1].size)


# what is counted, and where kernels look for it
COUNTED: tuple[tuple[str, str, tuple[Any, ...], Callable[..., int]], ...] = (
    ("value of a front", "value_fronts", (wars,), lanes),
    ("value of a front", "add_chip", (wars,), lanes),
    ("normal deviate", "normal_quantile", (draws,), once),
    ("pair of uniforms", "uniform_pair", (rng, draws, start), once),
    ("chance of acceptance", "believed_acceptance", (valuation,), once),
)


def asked_for(worlds: int) -> dict[str, float]:
    """Return the values of each formula, for each of the first worlds of seed 1."""
    counts: Counter[str] = Counter()

    def watched(what: str, plain: Callable[..., Any], many: Callable[..., int]) -> Any:
        def call(*arguments: Any) -> Any:
            counts[what] += many(*arguments)
            return plain(*arguments)

        return call

    for what, name, modules, many in COUNTED:
        for module in modules:
            setattr(module, name, watched(what, getattr(module, name), many))
    params = build(load(FLAGSHIP).scenario)
    simulate(params, seed=1, replicates=range(worlds), threads=1)
    return {what: many / worlds for what, many in counts.items()}


if __name__ == "__main__":
    if not numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        raise SystemExit("compiled code cannot be counted: set NUMBA_DISABLE_JIT=1")
    for what, many in asked_for(int([*sys.argv, WORLDS][1])).items():
        print(f"{what:<24}{many:>8.1f}")
