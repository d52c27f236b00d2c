"""Two sets of lengths: distance, hazards, and a fit of who is in the population.

Lengths are begun weeks, 1 to HORIZON_WEEKS; what is longer counts as just that and as
not ended. Curves give, for each week, the share of wars over by its end.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from experiments.durations.population import HORIZON_WEEKS

Floats = NDArray[np.float64]

BINS = (0, 4, 13, 26, 52, 104, 208, HORIZON_WEEKS)  # weeks
TILTS = np.arange(-5.0, 5.01, 0.5)
RESAMPLED = 2_000


class Bounds(NamedTuple):
    """An estimate with the 95 % interval of a bootstrap."""

    estimate: float
    low: float
    high: float


def curve(weeks: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """Share of wars over by the end of each week, shape (HORIZON_WEEKS,).

    >>> curve([1, 2, 2, 600])[[0, 1, -1]].tolist()
    [0.25, 0.75, 0.75]
    """
    given = np.asarray(weeks, np.int64)
    each = np.ones(given.size) if weights is None else np.asarray(weights, np.float64)
    ended = given <= HORIZON_WEEKS
    counts = np.bincount(given[ended], each[ended], minlength=HORIZON_WEEKS + 1)
    return np.asarray(np.cumsum(counts)[1:] / each.sum(), np.float64)


def distance(one: Floats, other: Floats) -> Floats:
    """Kolmogorov distance: the largest gap between curves, along the last axis."""
    return np.asarray(np.abs(one - other).max(axis=-1), np.float64)


def quantile(weeks: ArrayLike, at: float, weights: ArrayLike | None = None) -> float:
    """First week by which a share of the wars is over; infinite if never."""
    reached = np.flatnonzero(curve(weeks, weights) >= at - 1e-12)
    return float(reached[0] + 1) if reached.size else float("inf")


def resampled_distances(
    seen: NDArray[np.int64],
    run: NDArray[np.int64],
    weights: Sequence[Floats | None],
    luck: np.random.Generator,
) -> tuple[list[Bounds], Bounds]:
    """Distance of observed and simulated lengths for each way to weigh the latter.

    Both are drawn anew, the same for all weights, each of the shape of `run`. Returns
    also how much the last distance is above the first. Drawing anew adds gaps, so
    intervals of distances lie high, and may even pass by the estimate; in the
    difference that cancels.
    """
    each = [np.ones(run.size) if some is None else some for some in weights]
    found = np.empty((RESAMPLED, len(each)))
    for row in found:
        theirs = curve(luck.choice(seen, seen.size))
        at = luck.choice(run.size, run.size)
        row[:] = [distance(theirs, curve(run[at], some[at])) for some in each]
    here = np.array([distance(curve(seen), curve(run, some)) for some in each])
    apart = [_bounds(*both) for both in zip(here, found.T, strict=True)]
    return apart, _bounds(here[-1] - here[0], found[:, -1] - found[:, 0])


def _bounds(estimate: float, drawn: Floats) -> Bounds:
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Bounds(float(estimate), float(low), float(high))


def by_luck_alone(
    run: NDArray[np.int64], wars: int, luck: np.random.Generator
) -> Floats:
    """Distances that as many wars would have if the model were true, sorted."""
    true = curve(run)
    found = [distance(curve(luck.choice(run, wars)), true) for _ in range(RESAMPLED)]
    return np.sort(np.asarray(found, np.float64))


def constant_hazard(seen: NDArray[np.int64]) -> Floats:
    """Curve of wars that end with the same chance every week, fitted to `seen`."""
    ended = (seen <= HORIZON_WEEKS).sum()
    chance = ended / np.minimum(seen, HORIZON_WEEKS).sum()
    return np.asarray(
        1.0 - (1.0 - chance) ** np.arange(1, HORIZON_WEEKS + 1), np.float64
    )


def hazards(weeks: NDArray[np.int64]) -> list[tuple[int, int, float]]:
    """In each bin: wars that entered it, that ended in it, and the chance a week."""
    rows = []
    for first, last in pairwise(BINS):
        entered = weeks[weeks > first]
        ended = int((entered <= last).sum())
        exposed = (np.minimum(entered, last) - first).sum()
        rows.append((entered.size, ended, ended / exposed if exposed else np.nan))
    return rows


def weibull_shape(weeks: NDArray[np.int64]) -> float:
    """Shape of a Weibull fitted by maximum likelihood; below 1 the hazard falls.

    Lengths are known to the week, those beyond the horizon as longer than it.
    """
    values, counts = np.unique(np.minimum(weeks, HORIZON_WEEKS + 1), return_counts=True)
    over = values > HORIZON_WEEKS

    def cost(parameters: Floats) -> float:
        shape, scale = np.exp(parameters)
        before = -((np.minimum(values - 1, HORIZON_WEEKS) / scale) ** shape)
        after = -((values / scale) ** shape)
        # log(exp(before) - exp(after)), without loss where both are near 0
        ended = before + np.log(-np.expm1(np.minimum(after - before, -1e-300)))
        return -float((counts * np.where(over, before, ended)).sum())

    start = np.array([0.0, np.log(weeks.mean())])
    return float(np.exp(optimize.minimize(cost, start, method="Nelder-Mead").x[0]))


def resampled_shape(weeks: NDArray[np.int64], luck: np.random.Generator) -> Bounds:
    """Shape with the interval of a bootstrap of a tenth of the usual size."""
    found = [
        weibull_shape(luck.choice(weeks, weeks.size)) for _ in range(RESAMPLED // 10)
    ]
    return _bounds(weibull_shape(weeks), np.array(found))


class Fit(NamedTuple):
    """Population parameters fitted on halves of the observed wars.

    `tilts` is the fit to all of them; distances are means over the splits, on the half
    that was fitted and on the half that was not.
    """

    tilts: tuple[float, float]
    fitted_before: float
    fitted_after: float
    tested_before: float
    tested_after: float
    better: float
    weights: Floats


def tilt(places: Floats, tilts: tuple[float, float]) -> Floats:
    """Weights of wars, shape (n,), that favour one end of two ranges.

    `places` (n, 2) lie in [0, 1]; the density along a range is that of exp(tilt u), of
    mean 1 when drawn uniformly.
    """
    both = np.asarray(tilts)
    return np.asarray(np.exp(places @ both) / np.prod(special.exprel(both)), np.float64)


def fit(
    seen: NDArray[np.int64],
    run: NDArray[np.int64],
    places: Floats,
    splits: int,
    luck: np.random.Generator,
) -> Fit:
    """Tilt two ranges so that the simulated lengths come nearest to the observed.

    Each split fits on one half of the observed wars, drawn by luck, and tests on the
    other. The untilted population is among the candidates.
    """
    candidates = [(float(a), float(b)) for a in TILTS for b in TILTS]
    curves = np.array([curve(run, tilt(places, tilts)) for tilts in candidates])
    plain = curve(run)
    rows = []
    for _ in range(splits):
        mixed = luck.permutation(seen)
        here, there = (curve(half) for half in np.array_split(mixed, 2))
        best = curves[int(distance(curves, here).argmin())]
        rows.append([distance(c, h) for h in (here, there) for c in (plain, best)])
    means = np.mean(rows, axis=0)
    table = np.array(rows)
    tilts = candidates[int(distance(curves, curve(seen)).argmin())]
    return Fit(
        tilts,
        *(float(mean) for mean in means),
        float((table[:, 3] < table[:, 2]).mean()),
        tilt(places, tilts),
    )
