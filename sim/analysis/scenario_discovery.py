"""Boxes of inputs in which an outcome is high: the patient rule induction method.

From the whole space a thin slice is peeled off again and again, the one whose removal
raises the mean most for the points it costs; then slices are pasted back as long as
that raises the mean. Every step is kept, since a small dense box and a large thin one
answer different questions. Bounds that chance could have drawn as well are taken off.
Sources: Friedman and Fisher (1999); Bryant and Lempert (2010) for coverage, density
and the quasi-p-value of a bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.batch.intervals import Floats

PEEL = 0.05  # share of the points in the box that one peel takes
LEAST = 0.05  # share of all points that a box keeps
LEAST_POINTS = 20
CHANCE = 0.05  # a bound with a larger quasi-p-value is taken off

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Box:
    """Bounds by input, arrays (inputs,); infinite where an input is free."""

    low: Floats
    high: Floats

    def holds(self, x: Floats) -> Mask:
        """Which points, array (n, inputs), lie inside, bounds included."""
        # Of many inputs few are bounded, and boxes are tried by the thousand.
        at = self.restricted
        bounded = x[:, at]
        inside = (bounded >= self.low[at]) & (bounded <= self.high[at])
        return np.asarray(inside.all(axis=1))

    @property
    def restricted(self) -> list[int]:
        """Inputs that are not free."""
        bounded = np.isfinite(self.low) | np.isfinite(self.high)
        return [int(at) for at in np.flatnonzero(bounded)]

    def free(self, at: int) -> "Box":
        """Return the box without the bounds of one input."""
        return self.with_bound(at, "low", -np.inf).with_bound(at, "high", np.inf)

    def with_bound(self, at: int, end: str, bound: float) -> "Box":
        """Return the box with one bound moved."""
        low, high = self.low.copy(), self.high.copy()
        (low if end == "low" else high)[at] = bound
        return Box(low, high)


class Worth(NamedTuple):
    """What a box is worth on some points.

    `density` is the mean of y in it, `coverage` the share of all y that it holds,
    `mass` the share of the points; `outside` the mean of y elsewhere.
    """

    density: float
    coverage: float
    mass: float
    outside: float
    points: int

    @property
    def balance(self) -> float:
        """Coverage beyond that of a box of the same size anywhere.

        Weighted relative accuracy, but for a factor: Lavrac, Flach and Zupan (1999).
        """
        return self.coverage - self.mass


def worth(box: Box, x: Floats, y: Floats, of: float | None = None) -> Worth:
    """Return what a box is worth on points x (n, inputs) with y (n,) of at least 0.

    Coverage is of the sum of y, or of a larger sum `of`.
    """
    inside = box.holds(x)
    count = int(np.count_nonzero(inside))
    total = float(y.sum()) if of is None else of
    return Worth(
        density=float(y[inside].mean()) if count else np.nan,
        coverage=float(y[inside].sum() / total) if total > 0 else np.nan,
        mass=count / len(y),
        outside=float(y[~inside].mean()) if count < len(y) else np.nan,
        points=count,
    )


def peel(x: Floats, y: Floats) -> list[Box]:
    """Return the boxes of one trajectory, from the whole space to the smallest.

    `x` has shape (n, inputs) and `y` (n,), from 0 to 1. The last box is the one that
    pasting has made of the smallest.
    """
    least = max(LEAST_POINTS, int(np.ceil(LEAST * len(y))))
    boxes = [Box(np.full(x.shape[1], -np.inf), np.full(x.shape[1], np.inf))]
    while smaller := _peeled(boxes[-1], x, y, least):
        boxes.append(smaller)
    pasted = _pasted(boxes[-1], x, y)
    return boxes if pasted is boxes[-1] else [*boxes, pasted]


def chosen(
    boxes: Sequence[Box], x: Floats, y: Floats, density: float | None = None
) -> Box:
    """Return the box with the best balance, or the largest at least so dense.

    If none is so dense, the densest. Bounds that could be chance are taken off before.
    """
    sound = [without_chance(box, x, y) for box in boxes]
    worths = [worth(box, x, y) for box in sound]
    if density is None:
        score = [each.balance for each in worths]
    elif any(each.density >= density for each in worths):
        score = [each.coverage * (each.density >= density) for each in worths]
    else:
        score = [each.density for each in worths]
    return sound[score.index(max(score))]


def quasi_p(box: Box, at: int, x: Floats, y: Floats) -> float:
    """Chance of so much y in so many points if one input had no bounds.

    A binomial tail: as if the points in the box were drawn from the larger box that
    leaves the input free. "Quasi" because the bounds were chosen with the same points.
    """
    inside, larger = box.holds(x), box.free(at).holds(x)
    count, seen = int(np.count_nonzero(inside)), float(y[inside].sum())
    rate = float(y[larger].mean())
    if seen <= 0.0 or count == np.count_nonzero(larger):
        return 1.0
    # The tail of a binomial is a beta integral, which also takes shares.
    return float(special.betainc(seen, count - seen + 1.0, rate))


def without_chance(box: Box, x: Floats, y: Floats) -> Box:
    """Take off the bounds of inputs that chance explains, the likeliest first."""
    while box.restricted:
        likely = {at: quasi_p(box, at, x, y) for at in box.restricted}
        most = max(likely, key=lambda at: likely[at])
        if likely[most] <= CHANCE:
            break
        box = box.free(most)
    return box


def _peeled(box: Box, x: Floats, y: Floats, least: int) -> Box | None:
    """Return the best box that is one slice smaller, None if there is none."""
    inside = box.holds(x)
    points, values = x[inside], y[inside]
    mean = values.mean()
    best, gain = None, 0.0
    for at in range(x.shape[1]):
        column = points[:, at]
        for end in ("low", "high"):
            kept, bound = _cut(column, end)
            count = int(np.count_nonzero(kept))
            if bound is None or count < least or count == len(column):
                continue
            # What the mean gains for each point given up: slices differ with ties.
            found = float((values[kept].mean() - mean) / (len(column) - count))
            if found > gain:
                best, gain = box.with_bound(at, end, bound), found
    return best


def _cut(column: Floats, end: str) -> tuple[Mask, float | None]:
    """Return which values a slice at one end leaves, and the new bound.

    The bound is half-way to the values cut off, so that it is not one of the sample.
    """
    if end == "high":
        kept, bound = _cut(-column, "low")
        return kept, None if bound is None else -bound
    ordered = np.sort(column)
    edge = ordered[min(len(ordered) - 1, max(1, int(PEEL * len(ordered))))]
    if edge == ordered[0]:  # more equal values than a slice: all of them, or none
        larger = ordered[ordered > edge]
        if not larger.size:
            return column >= edge, None
        edge = larger[0]
    kept = column >= edge
    return kept, float((column[~kept].max() + edge) / 2)


def _pasted(box: Box, x: Floats, y: Floats) -> Box:
    """Give back slices as long as that raises the mean."""
    while True:
        inside = box.holds(x)
        mean, best = y[inside].mean(), None
        for at in box.restricted:
            rest = box.free(at).holds(x) & ~inside
            column = x[rest, at]
            for end, nearest_first in (
                ("low", np.sort(column[column < box.low[at]])[::-1]),
                ("high", np.sort(column[column > box.high[at]])),
            ):
                if not nearest_first.size:
                    continue
                size = min(nearest_first.size, max(1, int(PEEL * inside.sum()))) - 1
                larger = box.with_bound(at, end, float(nearest_first[size]))
                found = y[larger.holds(x)].mean()
                if found > mean:
                    mean, best = found, larger
        if best is None:
            return box
        box = best
