"""Drift and volatility of the line, from changes of the area held.

A front of constant drift m and volatility s, `sim.model.stages.front`, makes a change
over g weeks normal with mean g m and variance g s^2, and changes independent. So the
likelihood is exact whether there is an observation a week or one a month: m is all that
was gained over all the time, and s^2 the mean square of (change - g m) / sqrt(g), with
one degree of freedom less as m is fitted too.

Pushes last for months, so changes are not independent. `fit_line` keeps m and s, and
gives them the intervals of as many independent changes as these are worth: with a
correlation r of one with the next, n (1-r)/(1+r) for the mean (Zwiers and von Storch
1995, "Taking Serial Correlation into Account in Tests of the Mean", whose t has one
degree of freedom less), and n (1-r^2)/(1+r^2) for the variance (Bayley and Hammersley
1946, "The 'Effective' Number of Independent Observations in an Autocorrelated Time
Series", whose chi-square has as many).

`local_level` asks what the drift is now, if it wanders: a Brownian motion itself, whose
volatility q is fitted beside s. With q = 0 it is the constant drift; the larger q, the
more do recent changes count. Source: Harvey (1989), "Forecasting, Structural Time
Series Models and the Kalman Filter", chapters 4 and 9 (the local linear trend in
continuous time, here without error of observation).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, stdtrit

from sim.analysis.calibration.profile_likelihood import CONFIDENCE, Profile
from sim.errors import UsageError
from sim.scenario.observations import Series

Floats = NDArray[np.float64]

FEWEST = 8  # changes
SPANS = (1, 4, 13)  # changes in a row over which a spread is told
_ROUNDING = 1e-12  # of an area: less is no change
# Variance that the drift gathers in a week, in variances of a week's change.
_WANDERS = np.concatenate([[0.0], np.geomspace(1e-5, 10.0, 121)])


@dataclass(frozen=True)
class Changes:
    """What an area changed by between observations, and the weeks that each took."""

    km2: Floats
    weeks: Floats

    @classmethod
    def of(cls, series: Series, weeks: int | None = None) -> "Changes":
        """Return the changes of the last `weeks` weeks, counted from the last day.

        Of each week the last observation counts. What was seen before these weeks does
        not, however long before that was.
        """
        last, first = int(series.day[-1]), int(series.day[0])
        most = (last - first) // 7
        span = most if weeks is None else min(weeks, most)
        week = (last - series.day) // 7  # 0 is the one that ends on the last day
        ends = np.flatnonzero(np.diff(week, append=-1) != 0)
        ends = ends[week[ends] <= span]
        return cls(np.diff(series.area[ends]), np.diff(series.day[ends]) / 7.0)

    def __len__(self) -> int:
        """Return how many there are."""
        return int(self.km2.size)

    @property
    def gain(self) -> float:
        """Mean change a week."""
        return float(self.km2.sum() / self.weeks.sum())

    @cached_property
    def off(self) -> Floats:
        """What changes differ from the mean by, for the time that each took."""
        return np.asarray((self.km2 - self.gain * self.weeks) / np.sqrt(self.weeks))

    @property
    def spread(self) -> float:
        """Standard deviation of a week's change."""
        return float(np.sqrt(np.sum(self.off**2) / (len(self) - 1)))

    @property
    def autocorrelation(self) -> float:
        """Correlation of a change with the one before."""
        return float(np.sum(self.off[1:] * self.off[:-1]) / np.sum(self.off**2))

    def spread_over(self, span: int) -> float:
        """Standard deviation of so many changes in a row, for a root of their weeks.

        Independent changes have the same over any span.
        """
        window = np.ones(span)
        weeks = np.convolve(self.weeks, window, "valid")
        off = np.convolve(self.km2, window, "valid") - self.gain * weeks
        return float(np.sqrt(np.mean(off**2 / weeks) * len(self) / (len(self) - 1)))

    @property
    def independent(self) -> tuple[float, float]:
        """Independent changes that these are worth, for the mean and the variance."""
        n, r = len(self), max(self.autocorrelation, 0.0)
        of_mean = n * (1.0 - r) / (1.0 + r)
        of_variance = n * (1.0 - r * r) / (1.0 + r * r)
        return max(of_mean, 2.0), max(of_variance, 2.0)


@dataclass(frozen=True)
class LineFit:
    """What changes of the area say of the front, in km2 a week.

    `drift` is towards the party which holds the area; both have intervals.
    """

    series: Series
    changes: Changes
    drift: Profile
    volatility: Profile

    @property
    def error(self) -> float:
        """Standard error of the drift."""
        return self.changes.spread / float(np.sqrt(self.changes.independent[0]))

    @property
    def spread_over(self) -> dict[int, float]:
        """Spread over so many changes in a row, by their number, for a root week."""
        return {
            span: self.changes.spread_over(span)
            for span in SPANS
            if 2 * span <= len(self.changes)
        }

    @property
    def now(self) -> "LocalLevel":
        """Drift of the last day, if it wanders."""
        return local_level(self.changes)


def fit_line(series: Series, *, weeks: int | None = None) -> LineFit:
    """Fit drift and volatility to the changes of the last `weeks` weeks, or of all.

    UsageError if there are fewer than eight changes, or they are all the same.
    """
    changes = Changes.of(series, weeks)
    if len(changes) < FEWEST:
        last = series.date(len(series) - 1)
        span = f"the {weeks} weeks to {last}" if weeks else f"all weeks to {last}"
        raise UsageError(
            f"{series.name}: {len(changes)} changes from one week to another in "
            f"{span}; a fit needs {FEWEST}"
        )
    gain, spread = changes.gain, changes.spread
    if spread <= _ROUNDING * float(series.area.max()):
        said = f"by {gain:.3g} km2 a week all the time" if gain else "by nothing"
        raise UsageError(
            f"{series.name}: the area changed {said}, {len(changes)} times in a row: "
            "that says nothing about its spread"
        )
    of_mean, of_variance = changes.independent
    tail = 0.5 * (1.0 - CONFIDENCE)
    half = float(stdtrit(of_mean - 1.0, 1.0 - tail)) * spread / float(np.sqrt(of_mean))
    free = of_variance - 1.0
    low, high = (
        spread * float(np.sqrt(0.5 * free / gammaincinv(0.5 * free, part)))
        for part in (1.0 - tail, tail)
    )
    return LineFit(
        series,
        changes,
        Profile(gain, gain - half, gain + half),
        Profile(spread, low, high),
    )


@dataclass(frozen=True)
class LocalLevel:
    """Drift of the line on the last day, its standard error, and the volatility.

    All in km2 a week, the drift towards the party which holds the area. `wander` is the
    volatility of the drift itself: what it moves by in a week.
    """

    drift: float
    error: float
    volatility: float
    wander: float = 0.0


def local_level(changes: Changes) -> LocalLevel:
    """Return what the drift is now, by the Kalman filter at the likeliest q and s.

    Nothing is known of the drift before the first change, so the likelihood is that of
    all later ones. That of s is in closed form at each ratio q/s; of 122 ratios the
    likeliest is taken.
    """
    ratio = (
        _WANDERS  # of variances; everything below is in variances of a week's change
    )
    first = changes.weeks[0]
    drift = np.full(ratio.size, changes.km2[0] / first)
    known = 1.0 / first + ratio * first / 3.0
    squares, logs = np.zeros(ratio.size), np.zeros(ratio.size)
    for km2, g in zip(changes.km2[1:], changes.weeks[1:], strict=True):
        # The change is its drift, its noise, and what the drift wandered by meanwhile.
        variance = known * g * g + g + ratio * g**3 / 3.0
        shared = known * g + ratio * g * g / 2.0
        off = km2 - drift * g
        squares += off * off / variance
        logs += np.log(variance)
        drift = drift + shared / variance * off
        known = known + ratio * g - shared * shared / variance
    n = len(changes) - 1
    with np.errstate(divide="ignore"):  # no spread at all is infinitely likely
        best = int(np.argmin(n * np.log(squares) + logs))
    spread = float(np.sqrt(squares[best] / n))
    return LocalLevel(
        float(drift[best]),
        spread * float(np.sqrt(known[best])),
        spread,
        spread * float(np.sqrt(ratio[best])),
    )
