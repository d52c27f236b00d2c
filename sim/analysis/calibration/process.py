"""Many paths of a chip and of the line, forward in time, as the engine moves them.

The same formulas as in `sim.model.stages`, chips and battle, on arrays of paths, with
luck of their own: no truce, no aid cut, no help for either side in battle. So they are
the scenario's war if it goes on as it is (a test holds their spread to the engine's).
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
    step_km2: float,
    battles_per_week: float,
    win_probability: float,
    paths: int,
    rng: np.random.Generator,
    step_days: int = 1,
) -> Floats:
    """Return areas in km2 that the other side holds, shape (days, paths).

    Each step of `step_days` brings a battle with chance h; whoever wins moves the line
    by `step_km2`. `win_probability` is that of the side that does not hold the area.
    Ends of the stake are too far to be met within months, and are left out.
    """
    chance = min(battles_per_week * step_days / 7.0, 1.0)
    out = np.empty((len(days), paths))
    gained, done = np.zeros(paths), 0
    for place, day in enumerate(days):
        fought = rng.binomial(day // step_days - done, chance, paths)
        lost = rng.binomial(fought, 1.0 - win_probability)
        gained += step_km2 * (2.0 * lost - fought)
        done = day // step_days
        out[place] = area + gained
    return out
