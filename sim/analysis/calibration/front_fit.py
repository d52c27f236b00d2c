"""Battle chance and odds of the line, from weekly changes of the area held.

A step of dt days holds a battle with chance h y (y = dt/7), whose winner moves the line
by one step s. So the other side gains m = s h (1-2p) a week on average, with a variance
of s^2 h - m^2 y. Read backwards, mean and variance of the weekly changes give
h = (v + m^2 y)/s^2 and 1-2p = m/(s h). Odds within [0, 1] need s <= (v + m^2 y)/|m|:
with longer steps the model cannot move so steadily. At most one battle a step of time,
h y <= 1, needs s >= sqrt(y (v + m^2 y)), which is never longer than that.

The likelihood takes changes as normal. Pushes last for months, so weeks are not
independent: with a correlation r of one week with the next, each counts for
(1-r)/(1+r) of a week in the intervals, as for a mean of such a series. The simulated
line has independent weeks all the same; the back-test shows what that costs. Few
battles a week make no normal either: their excess kurtosis k makes a variance less
well known, and as h follows the variance, each week counts for 2/(2+k) of one there.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.analysis.calibration.profile_likelihood import Profile, Task, profile
from sim.errors import UsageError
from sim.scenario.observations import Series

Floats = NDArray[np.float64]

_FEWEST = 8  # changes
_MOST_LINES = 200  # steps that a stake may have


@dataclass(frozen=True)
class LineFit:
    """What weekly changes say of the front, per week; areas in km2.

    `gain` and `spread` are mean and standard deviation of what the other side gains.
    `longest_step` is the longest battle step that fits both. `win_probability` is that
    of `front.side`. `intervals` has the names `battles_per_week`, `win_probability`.
    """

    series: Series
    weeks: int
    gain: float
    spread: float
    autocorrelation: float
    longest_step: float
    step_km2: float
    battles_per_week: float
    win_probability: float
    intervals: dict[str, Profile] = field(default_factory=dict)


def weekly_changes(series: Series, weeks: int | None = None) -> Floats:
    """Return the changes over the last `weeks` weeks, counted back from the last day.

    Of each week the last observation counts; a week without one joins the next, whose
    change is then spread evenly over both.
    """
    last = int(series.day[-1])
    first = int(series.day[0])
    most = (last - first) // 7
    span = most if weeks is None else min(weeks, most)
    ends = last - 7 * np.arange(span, -1, -1)
    place = np.searchsorted(series.day, ends, side="right") - 1
    area = np.interp(ends, series.day[np.unique(place)], series.area[np.unique(place)])
    return np.diff(area)


def fit_line(
    series: Series,
    *,
    step_km2: float,
    step_days: int = 1,
    weeks: int | None = None,
    intervals: bool = True,
    confidence: float = 0.9,
) -> LineFit:
    """Fit h and p to the weekly changes of what the other side holds.

    Raises
    ------
    UsageError
        If there are fewer than eight changes, nothing changed, or the step is not
        one that mean and spread allow; it then names those that are.
    """
    changes = weekly_changes(series, weeks)
    if changes.size < _FEWEST:
        raise UsageError(
            f"{series.name}: {changes.size} weekly changes; a fit needs {_FEWEST}"
        )
    y = step_days / 7.0
    gain, variance = float(changes.mean()), float(changes.var())
    if variance == 0.0:
        raise UsageError(f"{series.name}: the area changed by the same every week")
    shortest, longest = _limits(gain, variance, y)
    if not shortest <= step_km2 <= longest:
        raise UsageError(
            f"battle steps of {step_km2:g} km2 cannot give changes of {gain:.3g} km2 a "
            f"week with a spread of {variance**0.5:.3g}; those of {shortest:.4g} to "
            f"{longest:.4g} can"
        )
    battles = (variance + gain * gain * y) / step_km2**2
    odds = 0.5 * (1.0 - gain / (step_km2 * battles))
    best = np.array([np.log(battles), odds])
    found: dict[str, Profile] = {}
    if intervals:
        alike = max(_autocorrelation(changes), 0.0)
        independent = (1.0 - alike) / (1.0 + alike)
        normal = 2.0 / (2.0 + max(_excess_kurtosis(battles, odds, y), 0.0))

        def weighed(counts: float) -> Task:
            return Task(
                lambda at: counts * _loss(at, changes, step_km2, y), _bounds(battles)
            )

        ends = [
            profile(
                task,
                best,
                task.loss(best),
                which=which,
                first_step=(0.05, 0.02)[which],
                confidence=confidence,
            )
            for which, task in enumerate(
                (weighed(independent * normal), weighed(independent))
            )
        ]
        estimate, low, high = np.exp([ends[0].estimate, ends[0].low, ends[0].high])
        found = {
            "battles_per_week": Profile(float(estimate), float(low), float(high)),
            "win_probability": ends[1],
        }
    return LineFit(
        series,
        changes.size,
        gain,
        variance**0.5,
        _autocorrelation(changes),
        longest,
        step_km2,
        battles,
        odds,
        found,
    )


def steps_that_fit(
    series: Series, *, step_days: int = 1, weeks: int | None = None
) -> tuple[float, float]:
    """Return the shortest and the longest battle step that fit the weekly changes."""
    changes = weekly_changes(series, weeks)
    return _limits(float(changes.mean()), float(changes.var()), step_days / 7.0)


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

    The scenario's own if it can. Else the longest that divides the stake, leaves the
    share a whole number of steps, and is at most half of what fits: at the very limit
    one side would win every battle. The shortest allowed if none is so short.
    """
    shortest, longest = steps_that_fit(series, step_days=step_days, weeks=weeks)
    if shortest <= step_km2 <= longest:
        return step_km2
    wanted = max(0.5 * longest, shortest)
    whole = [
        lines
        for lines in range(2, _MOST_LINES + 1)
        if abs(share * lines - round(share * lines)) < 1e-6
        and (10 * stake_km2 / lines) % 1 < 1e-9
    ]
    short = [lines for lines in whole if stake_km2 / lines <= wanted]
    return stake_km2 / (short[0] if short else whole[-1])


def _limits(gain: float, variance: float, y: float) -> tuple[float, float]:
    square = variance + gain * gain * y
    return float(np.sqrt(y * square)), square / abs(gain) if gain else np.inf


def _loss(at: Floats, changes: Floats, step: float, y: float) -> float:
    battles, odds = float(np.exp(at[0])), float(at[1])
    gain = step * battles * (1.0 - 2.0 * odds)
    variance = step * step * battles - gain * gain * y
    if variance <= 0.0:
        return np.inf
    off = float(np.sum((changes - gain) ** 2))
    return 0.5 * (changes.size * float(np.log(variance)) + off / variance)


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


def _bounds(battles: float) -> Floats:
    centre = float(np.log(battles))
    return np.array([[centre - 5.0, centre + 5.0], [0.01, 0.99]])


def _autocorrelation(changes: Floats) -> float:
    """Return the correlation of a week's change with that of the week before."""
    off = changes - changes.mean()
    return float(np.sum(off[1:] * off[:-1]) / np.sum(off * off))
