"""Single formulas: many at a time, and one after the other.

Many at a time, nothing stands between the values of a loop, so the compiler makes
vector code of it where a formula has no branches. One after the other, each value is
handed to the next as next to nothing, so that it cannot.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from made_scenarios import FLAGSHIP
from rows import Row, Run, Taken, in_turns, timed
from sizes import Sizes

from sim.model.compile import kernel
from sim.model.formulas.acceptance import believed_acceptance
from sim.model.formulas.elementary import normal_quantile
from sim.model.parameters import build
from sim.model.rng import uniform_pair
from sim.model.stages.wars import value_front
from sim.model.state import as_kernels_take_it
from sim.scenario.load import load

MANY = 1024  # values in a row, which stay in the cache
NOTHING = 1e-300  # times a value: too little to change another, which nobody knows

# rows of what is given
DRIFT, HELD, UNIFORM = range(3)

Formula = Callable[[Any, Any, int, float], float]
Loop = Callable[[Any, Any, Any, int], float]


@kernel(inline="always")
def front(cell: Any, given: Any, i: int, nothing: float) -> float:
    """Value a war without chips."""
    value, _ = value_front(cell, given[DRIFT, i] + nothing, given[HELD, i])
    return value


@kernel(inline="always")
def normal(cell: Any, given: Any, i: int, nothing: float) -> float:
    """Turn a uniform into a standard normal deviate."""
    return normal_quantile(given[UNIFORM, i] + nothing)


@kernel(inline="always")
def pair(cell: Any, given: Any, i: int, nothing: float) -> float:
    """Draw two uniforms."""
    even, odd = uniform_pair(1, 0, i + int(nothing), 3)
    return even + odd


@kernel(inline="always")
def acceptance(cell: Any, given: Any, i: int, nothing: float) -> float:
    """Work out a chance of acceptance."""
    return believed_acceptance(given[HELD, i] - 1e3 + nothing, 2.0, 30.0, 90.0, 50.0)


FORMULAS: dict[str, Formula] = {
    "value of a front": front,
    "normal deviate": normal,
    "pair of uniforms": pair,
    "chance of acceptance": acceptance,
}


def many_at_a_time(formula: Formula) -> Loop:
    """Return a loop over values that have nothing to do with each other."""

    @kernel
    def loop(params: Any, given: Any, found: Any, times: int) -> float:
        for _ in range(times):
            for i in range(found.size):
                found[i] = formula(params[0], given, i, 0.0)
        return found[0]

    return loop


def one_by_one(formula: Formula) -> Loop:
    """Return a loop in which each value waits for the one before."""

    @kernel
    def loop(params: Any, given: Any, found: Any, times: int) -> float:
        last = 0.0
        for _ in range(times):
            for i in range(found.size):
                last = formula(params[0], given, i, NOTHING * last)
        return last

    return loop


def formula_loops(sizes: Sizes) -> list[Row]:
    """Measure values of single formulas a second."""
    params = as_kernels_take_it(build(load(FLAGSHIP).scenario))
    luck = np.random.default_rng(1)
    given = np.empty((3, MANY))
    given[DRIFT] = luck.normal(0.0, 60.0, MANY)
    given[HELD] = luck.uniform(0.0, params["stake"][0], MANY)
    given[UNIFORM] = luck.uniform(size=MANY)
    found = np.empty(MANY)

    def run(loop: Loop) -> Callable[[], Taken]:
        def work() -> float:
            loop(params, given, found, sizes.formulas)
            return float(sizes.formulas * MANY)

        return lambda: timed(work)

    size, runs = f"{sizes.formulas:,} x {MANY:,}", []
    for what, formula in FORMULAS.items():
        alone = f"{what}, one by one"
        runs.append(Run(alone, size, "values", run(one_by_one(formula))))
        runs.append(Run(what, size, "values", run(many_at_a_time(formula)), alone))
    return in_turns("formulas", runs, sizes.turns)
