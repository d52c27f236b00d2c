"""Points drawn from ranges: the cells of a sweep, and sets of inputs."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from sim.batch.cells import Cell, input_cell, input_cells
from sim.batch.design import MOST_CELLS, Design, Made
from sim.batch.inputs import Input, number_at
from sim.batch.plan import InputSets
from sim.batch.settings import Choice, Range, Setting, vary_words
from sim.errors import UsageError
from sim.scenario.load import Loaded
from sim.scenario.lookup import is_whole

METHODS = {"lhs": "Latin hypercube", "sobol": "Sobol points"}

_STREAM = 0x2F  # designs share the seed of a sweep, not its luck


def sampled(
    vary: Mapping[str, Choice],
    method: str,
    count: int,
    *,
    seed: int,
) -> Design:
    """Return `count` points drawn from ranges and lists of settings.

    Latin hypercube: of `count` equal parts of each range, each is drawn from once
    (McKay, Beckman and Conover 1979). Sobol: a scrambled net (Owen 1995), spread evenly
    over all ranges together if `count` is a power of two; others say what is lost.
    Raises UsageError if there is nothing to draw from, or `count` is none.
    """
    name = f"{method}:{count}"
    if not 1 <= count <= MOST_CELLS:
        raise UsageError(f"--design {name}: 1 to {MOST_CELLS:,} points")
    if not vary:
        raise UsageError(
            f"--design {name} draws from --vary PATH=FROM:TO or PATH=a,b,c"
        )
    whole = {path: is_whole(path) for path in vary}
    points: list[dict[str, Setting]] = []
    for places in _places(method, count, len(vary), [seed, _STREAM]).tolist():
        point = {
            path: choice.at(place, whole=whole[path])
            if isinstance(choice, Range)
            else choice[int(place * len(choice))]
            for (path, choice), place in zip(vary.items(), places, strict=True)
        }
        points.append(point)
    made = Made(
        kind=method,
        words=("--design", name, *vary_words(vary)),
        note=_lost(count) if method == "sobol" else "",
        source=f"--design {name}",
        rows=tuple(f"--design {name}, row {i + 1}" for i in range(count)),
    )
    return Design(tuple(points[0]), tuple(tuple(p.values()) for p in points), made=made)


def _places(
    method: str, count: int, paths: int, stream: Sequence[int]
) -> NDArray[np.float64]:
    """Return points of the unit cube, shape (count, paths)."""
    draws = np.random.default_rng(stream)
    if method == "lhs":
        return np.asarray(
            scipy.stats.qmc.LatinHypercube(paths, seed=draws).random(count)
        )
    # The first points of the next power of two, which scipy draws without a warning.
    net = scipy.stats.qmc.Sobol(paths, scramble=True, seed=draws)
    return np.asarray(net.random_base2(math.ceil(math.log2(count)))[:count])


def _lost(count: int) -> str:
    """Return what a number of Sobol points loses, if anything."""
    below = 2 ** int(math.log2(count))
    if below == count:
        return ""
    return (
        f"sobol:{count} is not a power of two: its points cover the ranges less "
        f"evenly than {below} or {2 * below} points would"
    )


_STREAM_OF_SETS = 0x1F  # sets of inputs share the seed of a sweep, not its luck


def draw_sets(
    inputs: tuple[Input, ...], *, sets: int, replicates: int, seed: int
) -> InputSets:
    """Draw sets by Latin hypercube.

    Of `sets` equal parts of each input's range, every part is drawn from once.
    Source: McKay, Beckman and Conover (1979).
    """
    low = np.array([each.low for each in inputs])
    high = np.array([each.high for each in inputs])
    unit = _places("lhs", sets, len(inputs), [seed, _STREAM_OF_SETS])
    return InputSets(inputs, low + unit * (high - low), replicates)


def with_fitted(
    sets: InputSets, fitted: pd.DataFrame, about: Mapping[str, Any]
) -> InputSets:
    """Return sets of inputs, and after them as many that are drawn by weight.

    `fitted` has a column a path, and `weight`. An input without a column keeps what it
    has in the sets before. `about` says where the weights come from.
    """
    drawn = fitted.iloc[resampled(fitted["weight"].to_numpy(np.float64), len(sets))]
    more = sets.draws.copy()
    for at, each in enumerate(sets.inputs):
        if each.path in drawn:
            more[:, at] = drawn[each.path].to_numpy(np.float64)
    draws = np.concatenate([sets.draws, more])
    return replace(sets, draws=draws, fitted=about)


def resampled(
    weights: NDArray[np.float64], count: int, place: float = 0.5
) -> NDArray[np.int64]:
    """Return places of `count` draws by weight, systematic, in ascending order.

    Each set comes up as often as its weight says, rounded down or up. `place` in [0, 1)
    is where in the first of `count` equal parts the drawing begins.

    >>> resampled(np.array([0.5, 0.25, 0.25]), 4).tolist()
    [0, 0, 1, 2]
    """
    ends = np.cumsum(weights)
    ends[-1] = np.inf
    at = (np.arange(count) + place) / count * float(weights.sum())
    return np.searchsorted(ends, at, side="right").astype(np.int64)


_AT_ONCE = 20_000  # worlds whose records are in memory at once
_SETS = 200  # that share out the worlds of a scenario


def shared_out(
    loaded: Loaded,
    replicates: int,
    sets: pd.DataFrame | None = None,
    without: Collection[str] = (),
) -> Iterator[tuple[Cell, range]]:
    """Yield the parameters of some worlds after the others, and which worlds these are.

    `sets`, drawn by their `weight`, have a column for each of some inputs; they share
    the worlds out evenly. Inputs that a scenario does not have, or `without`, are left
    as they are.
    """
    if sets is None:
        cell = input_cell(loaded)
        for start in range(0, replicates, _AT_ONCE):
            yield cell, range(start, min(start + _AT_ONCE, replicates))
        return
    count = min(_SETS, replicates)
    drawn = sets.iloc[resampled(sets["weight"].to_numpy(np.float64), count)]
    paths = [
        path
        for path in map(str, drawn)
        if path not in without
        and number_at(loaded.scenario, tuple(path.split("."))) is not None
    ]
    cells = input_cells(loaded, paths, drawn[paths].to_numpy(np.float64))
    for place, (cell, _) in enumerate(cells):
        start, stop = (replicates * each // count for each in (place, place + 1))
        yield cell, range(start, stop)
