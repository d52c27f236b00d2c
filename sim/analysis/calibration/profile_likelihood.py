"""Maximum likelihood within bounds, and intervals from the profile of the likelihood.

Source: Pawitan (2001), "In All Likelihood", sections 2.6 and 3.4.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
Loss = Callable[[Floats], float]

CONFIDENCE = 0.9
_WORST = 1e10  # stands for no likelihood at all: differences need a number
_NUDGE = 1e-6  # of a parameter, to see the slope
_ENOUGH = 1e-6  # of log-likelihood gained, twice in a row, ends a search
_MOST_STEPS, _MOST_CUTS = 150, 20


@dataclass(frozen=True)
class Profile:
    """Where a parameter is most likely, and between which values at a confidence.

    `open_low` and `open_high` say that the likelihood is still high at that bound of
    the search: the data set no limit there.
    """

    estimate: float
    low: float
    high: float
    open_low: bool = False
    open_high: bool = False


@dataclass(frozen=True)
class Task:
    """A negative log-likelihood of parameters in a box: `bounds` has shape (p, 2)."""

    loss: Loss
    bounds: Floats

    def descend(self, start: Floats, fixed: int | None = None) -> tuple[Floats, float]:
        """Return the nearest minimum and its loss; one parameter may be kept.

        Quasi-Newton steps (BFGS), cut at the bounds. The library's own routine for
        this spends most of its time waiting for threads of its linear algebra, which
        seven numbers do not need.
        """
        lower, upper = self.bounds.T
        point = np.clip(start, lower, upper)
        moves = np.arange(point.size) != (-1 if fixed is None else fixed)
        loss, curve, idle = self._finite(point), np.eye(point.size), 0
        slope = self._slope(point, loss, moves)
        for _ in range(_MOST_STEPS):
            stuck = ((point <= lower) & (slope > 0)) | ((point >= upper) & (slope < 0))
            free = moves & ~stuck
            step = np.where(free, -curve @ np.where(free, slope, 0.0), 0.0)
            step /= max(1.0, float(np.abs(step).max()))
            new, there = self._along(point, loss, step, slope)
            idle = idle + 1 if loss - there < _ENOUGH else 0
            if there >= loss:
                break
            if idle == 2:
                return new, there
            slope_there = self._slope(new, there, moves)
            curve = _updated(curve, new - point, slope_there - slope)
            point, loss, slope = new, there, slope_there
        return point, loss

    def _finite(self, point: Floats) -> float:
        value = self.loss(point)
        return value if np.isfinite(value) else _WORST

    def _slope(self, point: Floats, loss: float, moves: NDArray[np.bool_]) -> Floats:
        """Return the gradient by differences taken inwards from the bounds."""
        slope = np.zeros(point.size)
        for i in np.flatnonzero(moves):
            shift = _NUDGE if point[i] + _NUDGE <= self.bounds[i, 1] else -_NUDGE
            beside = point.copy()
            beside[i] += shift
            slope[i] = (self._finite(beside) - loss) / shift
        return slope

    def _along(
        self, point: Floats, loss: float, step: Floats, slope: Floats
    ) -> tuple[Floats, float]:
        """Return a better point in a direction, shortened until it is one."""
        for _ in range(_MOST_CUTS):
            new = np.clip(point + step, self.bounds[:, 0], self.bounds[:, 1])
            there = self._finite(new)
            if there < loss + 1e-4 * float(np.sum(slope * (new - point))):
                return new, there
            step = 0.4 * step
        return point, loss

    def minimum(self, starts: Sequence[Floats]) -> tuple[Floats, float]:
        """Return the best minimum found from the more promising half of some starts."""
        by_loss = sorted(starts, key=self.loss)[: max(1, len(starts) // 2)]
        return min((self.descend(start) for start in by_loss), key=lambda end: end[1])


def profile(
    task: Task, best: Floats, lowest: float, *, which: int, first_step: float
) -> Profile:
    """Return the interval of one parameter around the maximum of the likelihood.

    All others are fitted anew at each value tried. The ends are where twice the loss
    has risen by the quantile of chi-square with one degree of freedom.
    """
    limit = lowest + 0.5 * float(ndtri(0.5 + CONFIDENCE / 2)) ** 2
    low, open_low = _end(task, best, limit, which, -first_step)
    high, open_high = _end(task, best, limit, which, first_step)
    return Profile(float(best[which]), low, high, open_low, open_high)


def _end(
    task: Task, best: Floats, limit: float, which: int, step: float
) -> tuple[float, bool]:
    """Walk out from the maximum until the loss passes the limit, then close in."""
    bound = float(task.bounds[which, 0 if step < 0 else 1])
    inside, point = float(best[which]), best

    def at(value: float) -> tuple[Floats, float]:
        """Fit all others, from where they were last, to one value of this."""
        start = point.copy()
        start[which] = value
        return task.descend(start, fixed=which)

    while True:
        outside = inside + step
        at_bound = outside <= bound if step < 0 else outside >= bound
        outside = bound if at_bound else outside
        there, loss = at(outside)
        if loss > limit:
            break
        if at_bound:
            return bound, True
        inside, point, step = outside, there, 1.6 * step
    for _ in range(30):
        middle = 0.5 * (inside + outside)
        there, loss = at(middle)
        if loss > limit:
            outside = middle
        else:
            inside, point = middle, there
        if abs(outside - inside) < 0.02 * abs(middle - best[which]) + 1e-9:
            break
    return 0.5 * (inside + outside), False


def _updated(curve: Floats, moved: Floats, turned: Floats) -> Floats:
    """Return the inverse curvature after a step, by the formula of BFGS."""
    along = float(np.sum(moved * turned))
    if along <= 1e-12:
        return curve
    keep = np.eye(moved.size) - np.outer(moved, turned) / along
    return np.asarray(keep @ curve @ keep.T + np.outer(moved, moved) / along)
