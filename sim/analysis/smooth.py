"""A smooth line or surface through scattered points: local linear regression.

At each place a plane is fitted to the points around it, near ones counting more
(Fan and Gijbels 1996, Local Polynomial Modelling, sections 2.3 and 4.2). How wide
"around" is, is chosen so that each point is best predicted from all others. The
interval takes the points' scatter around the line as it is at each place; where the
truth bends within that width, the line cuts the bend and the interval does not say so.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WIDTHS = (0.1, 0.14, 0.2, 0.28, 0.42)
"""Spread of the weights, as a part of the range of each input."""

FEWEST = 8
"""Points below which no line is drawn."""

# Points by which a width is chosen: more would cost memory and change little.
_MOST_CHOOSING = 400
_95 = 1.959964


class Smooth(NamedTuple):
    """A line or surface at some places, arrays (n_places,); interval of 95 %."""

    estimate: Floats
    low: Floats
    high: Floats
    width: float


def smooth(points: Floats, values: Floats, places: Floats) -> Smooth:
    """Return the smooth course of `values` over `points`, at `places`.

    `points` has shape (n, d), `values` (n,) and `places` (m, d); n is at least
    `FEWEST`. Of inputs that never vary nothing is told: ValueError, as for too few
    points.
    """
    if len(points) < FEWEST:
        raise ValueError(f"{len(points)} points; a smooth line needs {FEWEST}")
    low, span = points.min(axis=0), np.ptp(points, axis=0)
    if not (span > 0.0).all():
        raise ValueError("an input has the same setting in all points")
    own, there = (points - low) / span, (places - low) / span
    some = np.linspace(0, len(own) - 1, min(len(own), _MOST_CHOOSING)).astype(int)
    width = min(WIDTHS, key=lambda each: _missed(own[some], values[some], each))
    weights = _weights(own, there, width)
    # A point's own scatter, as it is around a line that was drawn without it.
    fitted, leverage = _fit(own, values, width)
    scatter = (values - fitted) / np.maximum(1.0 - leverage, 0.05)
    estimate = weights @ values
    half = _95 * np.sqrt(np.square(weights) @ np.square(scatter))
    return Smooth(estimate, estimate - half, estimate + half, width)


def _missed(points: Floats, values: Floats, width: float) -> float:
    """Return the mean square by which the line of the others misses each point."""
    fitted, leverage = _fit(points, values, width)
    left = np.maximum(1.0 - leverage, 1e-3)
    return float(np.mean(np.square((values - fitted) / left)))


def _fit(points: Floats, values: Floats, width: float) -> tuple[Floats, Floats]:
    """Return the line at the points themselves, and how much each counts in its own."""
    fitted, leverage = np.empty(len(points)), np.empty(len(points))
    for start in range(0, len(points), _MOST_CHOOSING):
        part = slice(start, start + _MOST_CHOOSING)
        weights = _weights(points, points[part], width)
        fitted[part] = weights @ values
        here = np.arange(len(weights))
        leverage[part] = weights[here, start + here]
    return fitted, leverage


def _weights(points: Floats, places: Floats, width: float) -> Floats:
    """Return what each point counts at each place, (m, n): rows sum to 1."""
    away = points[None, :, :] - places[:, None, :]
    near = np.exp(-0.5 * np.square(away / width).sum(axis=2))
    plane = np.concatenate([np.ones((*away.shape[:2], 1)), away], axis=2)
    weighed = plane * near[:, :, None]
    normal = np.einsum("mnp,mnq->mpq", weighed, plane)
    # Where hardly a point is near, the plane is held level.
    ridge = 1e-6 * normal[:, :1, :1] * np.eye(normal.shape[1])
    ridge[:, 0, 0] = 0.0
    first = np.linalg.solve(normal + ridge, np.eye(normal.shape[1])[:, :1])
    found: Floats = np.einsum("mnp,mp->mn", weighed, first[:, :, 0])
    return found
