"""Many paths of a chip and of the line, forward in time, as the engine moves them.

The same formulas as in `sim.model.stages`, chips and front, on arrays of paths, with
luck of their own: no truce, no aid cut, and no land held elsewhere that helps at the
front. So they are the scenario's war if it goes on as it is (a test holds their spread
to the engine's).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.analysis.calibration.area_fit import Regimes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def chip_paths(
    regimes: Regimes,
    area: Floats,
    regime: Ints,
    days: Sequence[int],
    *,
    cap: float,
    floor: float,
    rng: np.random.Generator,
) -> Floats:
    """Return areas in km2 of every path after each number of days, shape (days, paths).

    `area` and `regime` (0 or 1), shape (paths,), are where the paths start; `days`
    rises. An area is never above `cap`, and below `floor` it is gone.
    """
    loss, volatility, leaving = (
        np.array(pair) for pair in (regimes.loss, regimes.volatility, regimes.leaving)
    )
    sigma = volatility / np.sqrt(7.0)
    mean = np.log1p(-loss) / 7.0 - 0.5 * sigma**2
    leave = -np.expm1(-leaving / 7.0)
    held, now = area.astype(np.float64), regime.copy()
    out = np.empty((len(days), held.size))
    for day in range(1, days[-1] + 1):
        shock = rng.standard_normal(held.size)
        held = np.minimum(held * np.exp(mean[now] + sigma[now] * shock), cap)
        held[held < floor] = 0.0
        now = np.where(rng.random(held.size) < leave[now], 1 - now, now)
        if day in days:
            out[days.index(day)] = held
    return out


def line_paths(
    area: float,
    days: Sequence[int],
    *,
    drift: Floats,
    volatility: float,
    rng: np.random.Generator,
) -> Floats:
    """Return areas in km2 of every path after each number of days, shape (days, paths).

    `drift`, shape (paths,), is in km2 a week for the party which holds the area; `days`
    rises. Ends of the stake are too far to be met within months, and are left out.
    """
    weeks = np.diff(np.array(days, np.float64), prepend=0.0)[:, None] / 7.0
    chance = rng.standard_normal((len(days), drift.size))
    moves = drift * weeks + volatility * np.sqrt(weeks) * chance
    return np.asarray(area + np.cumsum(moves, axis=0))
