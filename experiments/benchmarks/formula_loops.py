"""Single formulas, many at a time: as vector code, and one after the other.

One after the other, each value is handed to the next as nothing, 0 times itself, so the
compiler cannot turn the loop into vector code.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from made_scenarios import FLAGSHIP
from rows import Row, Run, in_turns, timed
from sizes import Sizes

from sim.model.compile import kernel
from sim.model.formulas.acceptance import believed_acceptance
from sim.model.formulas.elementary import normal_quantile
from sim.model.formulas.front import discounted_odds, expected_gain
from sim.model.formulas.war import war_value
from sim.model.parameters import build
from sim.model.rng import uniform_pair
from sim.model.stages.wars import value_fronts
from sim.model.state import as_kernels_take_it
from sim.scenario.load import load

MANY = 1024  # values in a row, which stay in the cache

Loop = Callable[[Any, Any, Any, int], float]


@kernel
def fronts(params: Any, given: Any, found: Any, times: int) -> float:
    """Value fronts from rows of `given`: drift and held."""
    for _ in range(times):
        value_fronts(params[0], given[0], given[1], found[0], found[1])
    return found[0, 0]


@kernel
def fronts_in_a_row(params: Any, given: Any, found: Any, times: int) -> float:
    """Do the same one after the other."""
    cell, last = params[0], 0.0
    flow, weeks, discount = cell.territory_flow, cell.weeks, cell.discount
    for _ in range(times):
        for i in range(MANY):
            drift, held = given[0, i] + 0.0 * last, given[1, i]
            psi, phi = discounted_odds(
                drift, cell.front_volatility, cell.rate, held, cell.stake
            )
            gain = expected_gain(drift, weeks, discount, flow)
            last = war_value(held, cell.stake, psi, phi, gain, flow)
    return last


@kernel
def normals(params: Any, given: Any, found: Any, times: int) -> float:
    """Turn uniforms into standard normal deviates."""
    luck, deviates = given[2], found[0]
    for _ in range(times):
        for i in range(luck.size):
            deviates[i] = normal_quantile(luck[i])
    return deviates[0]


@kernel
def normals_in_a_row(params: Any, given: Any, found: Any, times: int) -> float:
    """Do the same one after the other."""
    last = 0.0
    for _ in range(times):
        for i in range(MANY):
            last = normal_quantile(given[2, i] + 0.0 * last)
    return last


@kernel
def luck(params: Any, given: Any, found: Any, times: int) -> float:
    """Draw pairs of uniforms, each as one value."""
    even, odd = found[0], found[1]
    for time in range(times):
        for i in range(even.size):
            even[i], odd[i] = uniform_pair(1, time, i, 3)
    return even[0]


@kernel
def luck_in_a_row(params: Any, given: Any, found: Any, times: int) -> float:
    """Do the same one after the other."""
    last = 0.0
    for time in range(times):
        for i in range(MANY):
            last, _ = uniform_pair(1, time, i + int(0.5 * last), 3)
    return last


@kernel
def acceptances(params: Any, given: Any, found: Any, times: int) -> float:
    """Work out chances of acceptance, which has branches: there is no vector code."""
    total = 0.0
    for _ in range(times):
        for i in range(MANY):
            total += believed_acceptance(given[1, i] - 1000.0, 2.0, 30.0, 90.0, 50.0)
    return total


LOOPS: dict[str, tuple[Loop, Loop | None]] = {
    "value of a front": (fronts, fronts_in_a_row),
    "normal deviate": (normals, normals_in_a_row),
    "pair of uniforms": (luck, luck_in_a_row),
    "chance of acceptance": (acceptances, None),
}


def formula_loops(sizes: Sizes) -> list[Row]:
    """Measure single formulas a second, in vectors and one after the other."""
    params = as_kernels_take_it(build(load(FLAGSHIP).scenario))
    draws = np.random.default_rng(1)
    drift, held = draws.normal(0.0, 60.0, MANY), draws.uniform(0.0, 1.0, MANY)
    given = np.array([drift, held * params["stake"][0], draws.uniform(size=MANY)])
    found = np.empty((2, MANY))
    size = f"{sizes.formulas:,} x {MANY:,}"

    def run(loop: Loop) -> Callable[[], Any]:
        def work() -> float:
            loop(params, given, found, sizes.formulas)
            return float(sizes.formulas * MANY)

        return lambda: timed(work)

    runs = []
    for what, (loop, one_by_one) in LOOPS.items():
        alone = f"{what}, one by one"
        if one_by_one is not None:
            runs.append(Run(alone, size, "values", run(one_by_one)))
        against = alone if one_by_one is not None else ""
        runs.append(Run(what, size, "values", run(loop), against))
    return in_turns("formulas", runs, sizes.turns)
