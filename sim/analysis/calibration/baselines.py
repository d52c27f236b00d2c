"""Simple forecasts that a model has to beat, from the observations so far.

Each is a sample of equally likely areas, as quantiles of its distribution; two are
points. `window` days before the origin say how fast and how unsteadily the area moves.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.scenario.observations import Series

Floats = NDArray[np.float64]

WINDOWS = (28, 84)
_SAMPLE = 400


@dataclass(frozen=True)
class Past:
    """What a rival looks at: the last area, and its changes over a trailing window.

    `days` and `moves`, shape (n,), are the days between observations and the change of
    the area over them; `logs` are changes of its log.
    """

    area: float
    days: Floats
    moves: Floats
    logs: Floats

    @classmethod
    def before(cls, series: Series, window: int) -> "Past":
        """Return the past of the last observation of a series."""
        first = int(series.day[-1]) - window
        start = max(int(np.searchsorted(series.day, first, side="right")) - 1, 0)
        day, area = series.day[start:].astype(np.float64), series.area[start:].copy()
        # The area at the window's beginning is the one seen last in the week before
        # it; what is older than that stands at its own day.
        if first - day[0] <= 7:
            day[0] = max(day[0], first)
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.diff(np.log(area))
        return cls(float(area[-1]), np.diff(day), np.diff(area), logs)


def persistence(past: Past, ahead: int) -> Floats:
    """Nothing changes."""
    return np.array([past.area])


def constant_drift(past: Past, ahead: int) -> Floats:
    """The mean change per day of the window goes on."""
    drift, _ = _moments(past.moves, past.days)
    return np.array([max(past.area + drift * ahead, 0.0)])


def random_walk(past: Past, ahead: int) -> Floats:
    """Normal around the last area, as wide as the window's changes make it."""
    spread = np.sqrt(np.sum(past.moves**2) / np.sum(past.days))
    sample: Floats = past.area + spread * np.sqrt(ahead) * _normals()
    return np.maximum(sample, 0.0)


def log_random_walk(past: Past, ahead: int) -> Floats:
    """Shrinks or grows by the window's mean share a day, with the window's spread."""
    if not np.isfinite(past.logs).all():
        return random_walk(past, ahead)
    drift, spread = _moments(past.logs, past.days)
    log_change = drift * ahead + spread * np.sqrt(ahead) * _normals()
    return np.asarray(past.area * np.exp(np.minimum(log_change, 50.0)))


def baselines() -> dict[str, tuple[Callable[[Past, int], Floats], int]]:
    """Return rivals by name, each with its window; `persistence` needs none."""
    walks = (constant_drift, random_walk, log_random_walk)
    windows = {
        f"{rival.__name__}_{window}": (rival, window)
        for rival in walks
        for window in WINDOWS
    }
    return {"persistence": (persistence, WINDOWS[0]), **windows}


def _moments(changes: Floats, days: Floats) -> tuple[float, float]:
    """Return mean per day, and spread per root day around it."""
    drift = float(changes.sum() / days.sum())
    spread = float(np.sqrt(np.sum((changes - drift * days) ** 2) / days.sum()))
    return drift, spread


def _normals() -> Floats:
    """Return standard normal quantiles at the middles of equal shares."""
    return np.asarray(ndtri((np.arange(_SAMPLE) + 0.5) / _SAMPLE))
