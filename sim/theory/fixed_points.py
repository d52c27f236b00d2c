"""All fixed points of an increasing function of a probability, none missed.

A grid of values finds the places where f(x) - x changes its sign, and misses two that
lie between neighbours. If f never decreases, more can be said: on [l, u] it stays
within [f(l), f(u)], so that a fixed point there lies in both intervals. The search
cuts [0, 1] in halves, drops every part whose two intervals do not meet, and shrinks the
others. What is left in the end are parts no wider than the resolution; everywhere else
there is *proof* that no fixed point exists.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from scipy.optimize import brentq, minimize_scalar

# The errors of f are assumed to be below this.
_ROUNDING: Final = 1e-12

# A narrow part in which f - x keeps its sign is cut on, to this share of the
# resolution: most such parts can then be dropped.
_CLOSER_LOOK: Final = 1.0 / 128.0

# Values of f after which only the resolution counts; twenty times as many are too many.
_PATIENCE: Final = 20_000

Function = Callable[[float], float]


@dataclass(frozen=True)
class FixedPoints:
    """Fixed points in rising order, and where a closer look would be needed.

    `candidates` are the parts of [0, 1] to which proof did not extend; each point lies
    in one of them. A part without a point holds a near miss: f comes close to the
    diagonal there and, as far as can be told, does not touch it.
    """

    points: tuple[float, ...]
    candidates: tuple[tuple[float, float], ...]


def increasing_fixed_points(f: Function, resolution: float = 1e-6) -> FixedPoints:
    """Every fixed point in [0, 1] of a function that does not decrease.

    `f` maps [0, 1] into itself. Fixed points that lie closer together than `resolution`
    may be reported as one; no other one is missed. Raises `ArithmeticError` if `f` is
    close to the diagonal almost everywhere.

    >>> found = increasing_fixed_points(lambda x: x * x * (3.0 - 2.0 * x))
    >>> [round(point, 9) for point in found.points]
    [0.0, 0.5, 1.0]
    """
    if not 1e-9 <= resolution <= 0.1:
        raise ValueError(f"resolution: {resolution!r} is not between 1e-9 and 0.1")
    known: dict[float, float] = {}

    def value(x: float) -> float:
        if x not in known:
            known[x] = f(x)
        return known[x]

    open_parts, parts = [(0.0, 1.0)], []
    while open_parts:
        low, high = open_parts.pop()
        low = max(low, value(low) - _ROUNDING)
        high = min(high, value(high) + _ROUNDING)
        if low > high:
            continue
        width = high - low
        crosses = (value(low) - low) * (value(high) - high) <= 0.0
        final = crosses or len(known) > _PATIENCE or width <= resolution * _CLOSER_LOOK
        if width <= resolution and final:
            parts.append((low, high))
            continue
        if len(known) > 20 * _PATIENCE:
            raise ArithmeticError(
                "the function follows the diagonal too closely to tell its fixed"
                " points apart; a coarser resolution may do"
            )
        middle = 0.5 * (low + high)
        open_parts += [(middle, high), (low, middle)]
    candidates = joined(parts, resolution)
    points = [point for part in candidates for point in _within(value, *part)]
    return FixedPoints(tuple(sorted(set(points))), tuple(candidates))


def joined(
    parts: Iterable[tuple[float, float]], apart: float
) -> list[tuple[float, float]]:
    """Parts with no more than `apart` between them become one."""
    found: list[tuple[float, float]] = []
    for low, high in sorted(parts):
        if found and low - found[-1][1] <= apart:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _within(f: Function, low: float, high: float) -> list[float]:
    """Fixed points in a candidate part: f - x changes its sign there, or touches 0."""
    # A margin, so that a point at the edge of the part is between signs.
    low, high = max(0.0, low - 2.0 * _ROUNDING), min(1.0, high + 2.0 * _ROUNDING)

    def excess(x: float) -> float:
        return f(x) - x

    at_low, at_high = excess(low), excess(high)
    if abs(at_low) <= _ROUNDING and abs(at_high) <= _ROUNDING:
        return [0.5 * (low + high) if low > 0.0 and high < 1.0 else float(low > 0.0)]
    if at_low * at_high <= 0.0:
        return [float(brentq(excess, low, high, xtol=1e-15, rtol=1e-15))]
    sign = 1.0 if at_low > 0.0 else -1.0
    nearest = minimize_scalar(
        lambda x: sign * excess(x),
        bounds=(low, high),
        method="bounded",
        options={"xatol": 1e-12},
    )
    turn, gap = float(nearest.x), float(nearest.fun)
    if gap > _ROUNDING:
        return []
    if gap >= -_ROUNDING:
        return [turn]
    return [float(brentq(excess, low, turn)), float(brentq(excess, turn, high))]
