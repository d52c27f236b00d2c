"""Intervals for what is estimated from many worlds, each by the question asked.

The chance of an event: Wilson. The difference between two settings: paired, because
replicate 17 has the same luck in both. The middle of a time that may never come: order
statistics. Nothing here draws a random number, so the same worlds give the same
interval. All intervals are two-sided; 0.95 is the confidence unless another is asked
for. They cover luck only, never what is not known about the inputs.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]


class Interval(NamedTuple):
    """An estimate and the ends of its interval."""

    estimate: float
    low: float
    high: float


class Intervals(NamedTuple):
    """Many estimates and the ends of their intervals, arrays of one shape."""

    estimate: Floats
    low: Floats
    high: Floats


def wilson(
    successes: ArrayLike, trials: ArrayLike, confidence: float = 0.95
) -> Intervals:
    """Chance of an event seen `successes` times in `trials` (any equal shapes).

    Without trials the estimate is nan and the interval the whole of [0, 1].
    Source: Wilson (1927); Brown, Cai and DasGupta (2001), eq. 4.

    >>> share = wilson(20, 100)
    >>> [round(float(number), 3) for number in share]
    [0.2, 0.133, 0.289]
    """
    count = np.asarray(successes, dtype=np.float64)
    n = np.asarray(trials, dtype=np.float64)
    z2 = float(special.ndtri(0.5 + confidence / 2)) ** 2
    share = np.divide(
        count, n, out=np.full(np.broadcast(count, n).shape, np.nan), where=n > 0
    )
    centre = (count + z2 / 2) / (n + z2)
    spread = np.sqrt(z2 * (count * (n - count) / np.maximum(n, 1.0) + z2 / 4))
    low, high = centre - spread / (n + z2), centre + spread / (n + z2)
    # In exact arithmetic these two ends are 0 and 1; rounding leaves 1e-17.
    low = np.where(count == 0, 0.0, np.maximum(low, 0.0))
    high = np.where(count == n, 1.0, np.minimum(high, 1.0))
    return Intervals(share, low, high)


def paired_proportions(
    only_here: ArrayLike,
    only_there: ArrayLike,
    trials: ArrayLike,
    confidence: float = 0.95,
) -> Intervals:
    """Difference, here minus there, of two shares among the same replicates.

    `only_here` replicates have the event here and not there, `only_there` the other
    way round; the rest agree and say nothing about the difference. The estimate is the
    plain difference; the interval adds one replicate to each of the two counts, which
    keeps its coverage near the nominal where the plain Wald interval falls to .04
    (few replicates differ; see `tests/analysis/test_coverage.py`). Without trials:
    nan, and [-1, 1]. Source: Bonett and Price (2012), eq. 3.

    >>> difference = paired_proportions(30, 5, 100)
    >>> [round(float(number), 3) for number in difference]
    [0.25, 0.138, 0.352]
    """
    here = np.asarray(only_here, dtype=np.float64)
    there = np.asarray(only_there, dtype=np.float64)
    n = np.asarray(trials, dtype=np.float64)
    difference = np.divide(
        here - there,
        n,
        out=np.full(np.broadcast(here, there, n).shape, np.nan),
        where=n > 0,
    )
    centre = (here - there) / (n + 2)
    variance = ((here + there + 2) / (n + 2) - centre**2) / (n + 2)
    spread = special.ndtri(0.5 + confidence / 2) * np.sqrt(variance)
    return Intervals(
        difference,
        np.maximum(centre - spread, -1.0),
        np.minimum(centre + spread, 1.0),
    )


def unpaired_difference(first: Interval, second: Interval) -> Interval:
    """First minus second, of two shares known only by estimate and Wilson interval.

    For shares of independent worlds. Shares that have the same luck are mostly
    positively correlated; the interval is then wider than it need be, never too
    narrow. Source: Newcombe (1998), method 10.

    >>> a, b = Interval(0.6, 0.5, 0.7), Interval(0.4, 0.3, 0.5)
    >>> [round(number, 3) for number in unpaired_difference(a, b)]
    [0.2, 0.059, 0.341]
    """
    difference = first.estimate - second.estimate
    below = np.hypot(first.estimate - first.low, second.high - second.estimate)
    above = np.hypot(first.high - first.estimate, second.estimate - second.low)
    return Interval(difference, difference - float(below), difference + float(above))


def mean(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Mean of `values`, shape (n,), with Student's t interval.

    One value has a mean and no interval (nan). Equal values give an interval of no
    width: the sample then says nothing of how much the next might differ.
    Source: Student (1908).

    >>> [round(number, 3) for number in mean([1.0, 2.0, 3.0])]
    [2.0, -0.484, 4.484]
    """
    sample = np.asarray(values, dtype=np.float64)
    n = sample.size
    if n == 0:
        return Interval(np.nan, np.nan, np.nan)
    # A mean of equal values must be that value, or "no difference" is missed by 1e-17.
    centre = float(sample[0] if (sample == sample[0]).all() else sample.mean())
    if n == 1:
        return Interval(centre, np.nan, np.nan)
    off = sample - centre
    off *= off  # in place: samples may be large
    error = float(np.sqrt(np.mean(off) / (n - 1)))
    spread = float(special.stdtrit(n - 1, 0.5 + confidence / 2)) * error
    return Interval(centre, centre - spread, centre + spread)


def paired_means(
    here: ArrayLike, there: ArrayLike, confidence: float = 0.95
) -> Interval:
    """Mean of the differences, here minus there, of the same replicates, shapes (n,).

    >>> paired_means([3.0, 5.0], [2.0, 4.0])
    Interval(estimate=1.0, low=1.0, high=1.0)
    """
    return mean(
        np.asarray(here, np.float64) - np.asarray(there, np.float64), confidence
    )


def median(times: ArrayLike, confidence: float = 0.95) -> Interval:
    """First time by which half of the worlds have seen the event.

    `times` has shape (n,); nan or infinity is "not within the run", which counts as
    later than any time, so no world is dropped. An end that is not reached is
    infinite; so are both ends, -inf and inf, when there are too few worlds for this
    confidence (5 at .95). Distribution-free: the ends are two of the observed times,
    the coverage is at least the confidence.
    Source: Conover (1999), section 3.2; David and Nagaraja (2003), section 7.1.

    >>> median([5, 9, 2, 7, 1, 3, 8, 6, 4, float("nan")])
    Interval(estimate=5.0, low=2.0, high=9.0)
    """
    given = np.asarray(times, dtype=np.float64)
    reached = np.where(np.isnan(given), np.inf, given)
    n = reached.size
    if n == 0:
        return Interval(np.nan, -np.inf, np.inf)
    middle = (n + 1) // 2 - 1
    rank = _rank_below_median(n, (1 - confidence) / 2)
    if rank == 0:
        reached.partition(middle)
        return Interval(float(reached[middle]), -np.inf, np.inf)
    wanted = [rank - 1, middle, n - rank]
    reached.partition(wanted)
    low, estimate, high = reached[wanted]
    return Interval(float(estimate), float(low), float(high))


def median_difference(
    here: ArrayLike, there: ArrayLike, confidence: float = 0.95
) -> Interval:
    """Median time here minus median time there, shapes (n,) and (m,).

    The ends come from the two medians' own intervals, each at the confidence that
    leaves half of the error (Bonferroni). They hold whatever links the two samples
    and need no random numbers, but draw no profit from the common luck: wide, never
    too narrow. An end that depends on a time not reached is infinite; the difference
    of two medians that are both not reached is nan.

    >>> few, many = list(range(1, 11)), list(range(101, 111))
    >>> median_difference(many, few)
    Interval(estimate=100.0, low=93.0, high=107.0)
    """
    each = (1 + confidence) / 2
    first, second = median(here, each), median(there, each)
    return Interval(
        _minus(first.estimate, second.estimate),
        _minus(first.low, second.high, unknown=-np.inf),
        _minus(first.high, second.low, unknown=np.inf),
    )


def _minus(first: float, second: float, unknown: float = np.nan) -> float:
    if np.isinf(first) and np.isinf(second):
        return unknown if first == second else first
    return first - second


def _rank_below_median(n: int, tail: float) -> int:
    """Largest rank whose order statistic lies above the median with chance <= tail.

    The chance that at most rank - 1 of n values lie below the median is a binomial
    sum at 1/2. 0 if not even the smallest value will do.
    """
    # The inverse is approximate, and nan where even 0 is too many in some releases.
    rank = max(0, int(np.nan_to_num(special.bdtrik(tail, n, 0.5))))
    while rank < n and special.bdtr(rank, n, 0.5) <= tail:
        rank += 1
    while rank > 0 and special.bdtr(rank - 1, n, 0.5) > tail:
        rank -= 1
    return rank
