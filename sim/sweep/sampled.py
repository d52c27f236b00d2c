"""Designs drawn from ranges: Latin hypercube and Sobol points.

They follow from the seed of the sweep through a stream of their own, so they share
neither the luck of worlds nor the draws of input sets. Dates and whole numbers are
drawn whole, settings of a list with equal chance; `front.share` and `front.stake_km2`
are moved to the nearest whole step of the line.
"""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.scenario.kinds import is_whole
from sim.scenario.schema import Scenario
from sim.sweep.design import MOST_CELLS, Design, Made
from sim.sweep.inputs import fit_front
from sim.sweep.ranges import Range
from sim.sweep.settings import Choice, Setting, shown

METHODS = {"lhs": "Latin hypercube", "sobol": "Sobol points"}
_STREAM = 0x2F  # designs share the seed of a sweep, not its luck
_LINE = ("front.share", "front.stake_km2", "front.step_km2")


def sampled(
    scenario: Scenario,
    vary: Mapping[str, Choice],
    method: str,
    count: int,
    *,
    seed: int,
) -> Design:
    """Return `count` points drawn from ranges and lists of settings.

    Latin hypercube: of `count` equal parts of each range, each is drawn from once
    (McKay, Beckman and Conover 1979). Sobol: a scrambled net (Owen 1995), spread
    evenly over all ranges together if `count` is a power of two; others say what is
    lost.

    Raises
    ------
    UsageError
        If there is nothing to draw from, or `count` is none.
    """
    name = f"{method}:{count}"
    if not 1 <= count <= MOST_CELLS:
        raise UsageError(f"--design {name}: 1 to {MOST_CELLS:,} points")
    if not vary:
        raise UsageError(
            f"--design {name} draws from --vary PATH=FROM:TO or PATH=a,b,c"
        )
    whole = {path: is_whole(path) for path in vary}
    points = []
    for places in _places(method, count, len(vary), seed):
        point = {
            path: _drawn(choice, float(place), whole=whole[path])
            for (path, choice), place in zip(vary.items(), places, strict=True)
        }
        points.append(_fitted(scenario, vary, point))
    made = Made(
        kind=method,
        words=("--design", name, *_vary(vary)),
        note=_lost(count) if method == "sobol" else "",
        source=f"--design {name}",
        rows=tuple(f"--design {name}, row {i + 1}" for i in range(count)),
    )
    return Design(tuple(points[0]), tuple(tuple(p.values()) for p in points), made=made)


def _places(method: str, count: int, paths: int, seed: int) -> NDArray[np.float64]:
    """Return points of the unit cube, shape (count, paths)."""
    # Most of the time to import scipy.stats is spared to those who draw nothing.
    from scipy.stats import qmc

    draws = np.random.default_rng([seed, _STREAM])
    if method == "lhs":
        return np.asarray(qmc.LatinHypercube(paths, seed=draws).random(count))
    # The first points of the next power of two, which scipy draws without a warning.
    net = qmc.Sobol(paths, scramble=True, seed=draws)
    return np.asarray(net.random_base2(math.ceil(math.log2(count)))[:count])


def _drawn(choice: Choice, place: float, *, whole: bool) -> Setting:
    if isinstance(choice, Range):
        return choice.at(place, whole=whole)
    return choice[int(place * len(choice))]


def _fitted(
    scenario: Scenario, vary: Mapping[str, Choice], point: dict[str, Setting]
) -> dict[str, Setting]:
    """Return the point with what was drawn of the line in whole steps."""
    line = {
        path: number
        for path in _LINE
        if isinstance(vary.get(path), Range)
        and isinstance(number := point[path], float)
    }
    fit_front(scenario, line)
    return {**point, **line}


def _lost(count: int) -> str:
    """Return what a number of Sobol points loses, if anything."""
    below = 2 ** int(math.log2(count))
    if below == count:
        return ""
    return (
        f"sobol:{count} is not a power of two: its points are spread over the ranges "
        f"less evenly than {below} or {2 * below} would be"
    )


def _vary(vary: Mapping[str, Choice]) -> list[str]:
    words = []
    for path, choice in vary.items():
        text = (
            str(choice) if isinstance(choice, Range) else ",".join(map(shown, choice))
        )
        words += ["--vary", f"{path}={text}"]
    return words
