"""How resolved those are who did not stay quiet: a ratio of normal tails.

A challenger knows two things that its opponent does not: what war is worth to it, w,
and what backing down is, a. It has challenged because the better of the two was above
some bar c. How likely is it that war is the better one? For independent normal w and a
of the same spread that is a ratio of two integrals, both of which may be far too small
to be computed as they stand. Here they are computed as logarithms.
"""

import math
from functools import lru_cache
from typing import Final

import numpy as np
from scipy.optimize import brentq
from scipy.special import log_ndtr, ndtr

_LOG_ROOT_TWO_PI: Final = 0.5 * math.log(2.0 * math.pi)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(96)


def chance_of_resolve(bar: float, war: float, backing_down: float) -> float:
    """Pr(w > a | max(w, a) > bar), for w, a normal with these means and spread 1.

    It moves one way with the bar: if `war` < `backing_down`, those who clear a higher
    bar are less resolved; if it is the other way round, more; if both are equal it is
    1/2. The reason is that the likelihood ratio of w > a to a > w, given that the
    larger is m, is h(m - war)/h(m - backing_down) with h = phi/Phi, whose logarithm has
    a decreasing slope -x - h(x).

    >>> round(chance_of_resolve(-math.inf, 0.5, -0.5), 10)  # Phi(1/sqrt(2))
    0.7602499389
    """
    if war == backing_down:
        return 0.5
    gap = log_tail(bar, war, backing_down) - log_tail(bar, backing_down, war)
    return 1.0 / (1.0 + math.exp(-gap)) if gap > -700.0 else math.exp(gap)


def chance_above(bar: float, first: float, second: float) -> float:
    """Pr(max(x, y) > bar) for x, y normal with these means and spread 1."""
    below = log_ndtr(bar - first) + log_ndtr(bar - second)
    return float(-np.expm1(below))


def log_tail(bar: float, larger: float, smaller: float) -> float:
    """Log of Pr(x > y, x > bar), x and y normal with means `larger` and `smaller`.

    The integrand phi(x - larger) Phi(x - smaller) has a concave logarithm that bends at
    least as much as that of phi, so beyond the interval taken here it is below e^-40 of
    its largest value; there it is smooth enough for 96 Gauss points.
    """
    if bar == math.inf:
        return -math.inf
    peak = _peak(larger, smaller)
    top = max(bar, peak)
    fall = max(0.0, (top - larger) - _hazard(top - smaller))  # downward slope at top
    low = max(bar, peak - 9.0)
    high = top + 80.0 / (fall + math.sqrt(fall * fall + 80.0))
    half = 0.5 * (high - low)
    x = low + half * (1.0 + _NODES)
    heights = -0.5 * (x - larger) ** 2 - _LOG_ROOT_TWO_PI + log_ndtr(x - smaller)
    most = heights.max()
    return float(most + np.log(half * (_WEIGHTS * np.exp(heights - most)).sum()))


def _hazard(x: float) -> float:
    """phi(x)/Phi(x), the slope of log Phi."""
    if x > -5.0:
        return float(math.exp(-0.5 * x * x - _LOG_ROOT_TWO_PI) / ndtr(x))
    return math.exp(-0.5 * x * x - _LOG_ROOT_TWO_PI - float(log_ndtr(x)))


@lru_cache(maxsize=64)
def _peak(larger: float, smaller: float) -> float:
    """Where phi(x - larger) Phi(x - smaller) is largest."""
    return float(
        brentq(
            lambda x: _hazard(x - smaller) - (x - larger),
            larger - 1e-9,
            max(larger, smaller) + 1.0,
        )
    )
