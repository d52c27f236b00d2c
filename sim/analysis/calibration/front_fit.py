"""Battle chance and odds of the line, from changes of the area held.

A step of dt days holds a battle with chance h y (y = dt/7), whose winner moves the line
by one step s. So the other side gains m = s h (1-2p) a week on average, with a variance
of s^2 h - m^2 y. Read backwards, mean and variance of a week's change give
h = (v + m^2 y)/s^2 and 1-2p = m/(s h). Odds within [0, 1] need s <= (v + m^2 y)/|m|:
with longer steps the model cannot move so steadily. At most one battle a step of time,
h y <= 1, needs s >= sqrt(y (v + m^2 y)), which is never longer than that.

A change is taken over the weeks g that it took, whether there is an observation a week
or one a month: its mean is g m and its variance g v, since steps of time are
independent. So m is all that was gained over all the time, and v the mean square of
(change - g m) / sqrt(g).

The likelihood takes changes as normal. Pushes last for months, so changes are not
independent: with a correlation r of one with the next, each counts for (1-r)/(1+r) of
one in the intervals, as for a mean of such a series. The simulated line has independent
weeks all the same; the back-test shows what that costs. Few battles a week make no
normal either: their excess kurtosis k makes a variance less well known, and as h
follows the variance, a change over g weeks counts for 2/(2+k/g) of one there.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.analysis.calibration.profile_likelihood import Profile, Task, profile
from sim.errors import UsageError
from sim.scenario.observations import Series

Floats = NDArray[np.float64]

FEWEST = 8  # changes
_MOST_LINES = 200  # steps that a stake may have
_ROUNDING = 1e-12  # of an area: less is no change


@dataclass(frozen=True)
class LineFit:
    """What changes of the area say of the front, per week; areas in km2.

    `changes` are what the other side gains. `shortest_step` and `longest_step` are the
    battle steps that fit their mean and spread, the longest infinite where nothing was
    gained. `win_probability` is that of `front.side`. `intervals` has the names
    `battles_per_week`, `win_probability`.
    """

    series: Series
    changes: "Changes"
    shortest_step: float
    longest_step: float
    step_km2: float
    battles_per_week: float
    win_probability: float
    intervals: dict[str, Profile]


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

    @property
    def off(self) -> Floats:
        """What changes differ from the mean by, for the time that each took."""
        return (self.km2 - self.gain * self.weeks) / np.sqrt(self.weeks)

    @property
    def variance(self) -> float:
        """Variance of a week's change."""
        return float(np.mean(self.off**2))

    @property
    def spread(self) -> float:
        """Standard deviation of a week's change."""
        return float(self.variance**0.5)

    @property
    def autocorrelation(self) -> float:
        """Correlation of a change with the one before."""
        off = self.off
        return float(np.sum(off[1:] * off[:-1]) / np.sum(off * off))

    def limits(self, step_days: int) -> tuple[float, float]:
        """Return the shortest and the longest battle step that fit."""
        y, gain = step_days / 7.0, self.gain
        square = self.variance + gain * gain * y
        return float(np.sqrt(y * square)), square / abs(gain) if gain else np.inf

    def battles(self, step_km2: float, step_days: int) -> tuple[float, float]:
        """Return battles a week, and the odds of the side that does not gain.

        Those with which a line of such steps has this mean and this variance. Where
        nothing moved there are no battles, and the odds are even.
        """
        y, gain = step_days / 7.0, self.gain
        battles = (self.variance + gain * gain * y) / step_km2**2
        if battles == 0.0:
            return 0.0, 0.5
        return battles, 0.5 * (1.0 - gain / (step_km2 * battles))


def fit_line(
    series: Series, *, step_km2: float, step_days: int = 1, weeks: int | None = None
) -> LineFit:
    """Fit h and p to the changes of what the other side holds.

    UsageError if there are fewer than eight changes, they are all the same, or the step
    is not one that mean and spread allow; it then names those that are.
    """
    changes = enough_changes(series, weeks)
    y = step_days / 7.0
    gain, variance = changes.gain, changes.variance
    if variance <= (_ROUNDING * float(series.area.max())) ** 2:
        said = f"by {gain:.3g} km2 a week all the time" if gain else "by nothing"
        raise UsageError(
            f"{series.name}: the area changed {said}, {len(changes)} times in a row: "
            "that tells nothing of who wins a battle"
        )
    shortest, longest = changes.limits(step_days)
    if not shortest <= step_km2 <= longest:
        raise UsageError(
            f"battle steps of {step_km2:g} km2 cannot give changes of {gain:.3g} km2 a "
            f"week with a spread of {variance**0.5:.3g}; those of {shortest:.4g} to "
            f"{longest:.4g} can"
        )
    battles, odds = changes.battles(step_km2, step_days)
    best = np.array([np.log(battles), odds])
    bounds = np.array([[best[0] - 5.0, best[0] + 5.0], [0.01, 0.99]])
    alike = max(changes.autocorrelation, 0.0)
    independent = (1.0 - alike) / (1.0 + alike)
    kurtosis = max(_excess_kurtosis(battles, odds, y), 0.0)
    normal = 2.0 / (2.0 + kurtosis * float(np.mean(1.0 / changes.weeks)))

    def ends(which: int, counts: float, first_step: float) -> Profile:
        task = Task(lambda at: counts * _loss(at, changes, step_km2, y), bounds)
        lowest = task.loss(best)
        return profile(task, best, lowest, which=which, first_step=first_step)

    logs = ends(0, independent * normal, 0.05)
    estimate, low, high = np.exp([logs.estimate, logs.low, logs.high]).tolist()
    intervals = {
        "battles_per_week": Profile(estimate, low, high),
        "win_probability": ends(1, independent, 0.02),
    }
    return LineFit(
        series, changes, shortest, longest, step_km2, battles, odds, intervals
    )


def enough_changes(series: Series, weeks: int | None = None) -> Changes:
    """Return the changes to fit to; UsageError if there are fewer than eight."""
    changes = Changes.of(series, weeks)
    if len(changes) < FEWEST:
        last = series.date(len(series) - 1)
        span = f"the {weeks} weeks to {last}" if weeks else f"all weeks to {last}"
        raise UsageError(
            f"{series.name}: {len(changes)} changes from one week to another in "
            f"{span}; a fit needs {FEWEST}"
        )
    return changes


def step_that_fits(
    series: Series,
    *,
    stake_km2: float,
    share: float,
    step_km2: float,
    step_days: int = 1,
    weeks: int | None = None,
) -> float:
    """Return a battle step with which the line can move as it was seen to.

    The scenario's own if it can. Else one that divides the stake and leaves the share a
    whole number of steps: the longest that is at most half of what fits, as at the very
    limit one side would win every battle; or, where the scenario's own is too short,
    the shortest that fits. If there is none, the shortest of all.
    """
    shortest, longest = enough_changes(series, weeks).limits(step_days)
    if shortest <= step_km2 <= longest:
        return step_km2
    whole = [
        stake_km2 / lines
        for lines in range(_MOST_LINES, 1, -1)
        if abs(share * lines - round(share * lines)) < 1e-6
        and (10 * stake_km2 / lines) % 1 < 1e-9
    ] or [step_km2]
    if step_km2 < shortest:
        return next((step for step in whole if step >= shortest), whole[-1])
    wanted = max(0.5 * longest, shortest)
    return next((step for step in reversed(whole) if step <= wanted), whole[0])


def _loss(at: Floats, changes: Changes, step: float, y: float) -> float:
    battles, odds = float(np.exp(at[0])), float(at[1])
    gain = step * battles * (1.0 - 2.0 * odds)
    variance = step * step * battles - gain * gain * y
    if variance <= 0.0:
        return np.inf
    off = (changes.km2 - gain * changes.weeks) ** 2 / changes.weeks
    return 0.5 * (len(changes) * float(np.log(variance)) + float(off.sum()) / variance)


def _excess_kurtosis(battles: float, odds: float, y: float) -> float:
    """Excess kurtosis of a week's change: about one by the number of battles.

    A sum over independent steps of time, whose cumulants add up.

    >>> round(_excess_kurtosis(0.5, 0.5, 1 / 7), 2)
    1.57
    """
    # Moments of one step of time, in battle steps; odd and even ones are alike.
    even = battles * y
    odd = even * (1.0 - 2.0 * odds)
    second = even - odd**2
    fourth = even - 4 * odd**2 - 3 * even**2 + 12 * even * odd**2 - 6 * odd**4
    return y * fourth / second**2
