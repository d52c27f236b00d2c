"""The two regimes of a chip, fitted to the areas that were observed."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.analysis.calibration.hidden_markov import (
    BLUR,
    LEAVING,
    LOSS,
    VOLATILITY,
    filtered,
)
from sim.analysis.calibration.profile_likelihood import Profile, Task, profile
from sim.errors import UsageError
from sim.scenario.observations import Series, news, since_its_peak

Floats = NDArray[np.float64]

# Losses are searched as rates -log(1-loss), which may be 0; volatilities and rates of
# leaving as logs. Without a least volatility, a regime that holds for one step of the
# map would be infinitely likely; a hundredth a week cannot be told from an idle map.
_VOLATILITIES, _LEAVING = (0.01, 1.5), (1e-3, 14.0)
_LOG_VOLATILITIES = (math.log(_VOLATILITIES[0]), math.log(_VOLATILITIES[1]))
_LOG_LEAVING = (math.log(_LEAVING[0]), math.log(_LEAVING[1]))
# By name: the bounds of the search, and the first step of a profile.
_SEARCHED = {
    "loss_slow": (0.0, 7.0, 0.01),
    "loss_fast": (0.0, 7.0, 0.1),
    "volatility_slow": (*_LOG_VOLATILITIES, 0.2),
    "volatility_fast": (*_LOG_VOLATILITIES, 0.2),
    "leaving_slow": (*_LOG_LEAVING, 0.5),
    "leaving_fast": (*_LOG_LEAVING, 0.5),
    "blur": (0.0, 1.0, 0.05),
}
INTERVALS = tuple(_SEARCHED)
BOUNDS = np.array([(low, high) for low, high, _ in _SEARCHED.values()])
ENOUGH = 8  # observations, to fit seven numbers at all
MOST = 5_000  # observations: some minutes
LONGEST_GAP = 183  # days between two of them, over which every path is counted out


@dataclass(frozen=True)
class Regimes:
    """Two regimes, the slower one first, in the units of a scenario.

    `loss` is the share lost per week, `volatility` the spread of the log after a week,
    `leaving` the rate per week of a switch to the other; `blur` is the error of an
    observation as a share of half the grey zone.
    """

    loss: tuple[float, float]
    volatility: tuple[float, float]
    leaving: tuple[float, float]
    blur: float

    @property
    def theta(self) -> Floats:
        """The same as the filter takes it."""
        rates = [-math.log1p(-loss) for loss in self.loss]
        return np.array([*rates, *self.volatility, *self.leaving, self.blur])


class Seen:
    """Observations as the filter takes them, arrays of shape (n,)."""

    def __init__(self, series: Series) -> None:
        self.gap = np.diff(series.day, prepend=series.day[:1] - 1).astype(np.int64)
        self.log_area = np.log(series.area)
        self.half_zone = 0.5 * (series.high - series.low) / series.area

    def filtered(self, theta: Floats) -> tuple[float, Floats]:
        """Return log-likelihood and, per regime, chance, mean and variance at the end.

        These have shape (2, 3) and are about the log of the area in km2.
        """
        state = np.empty((2, 3))
        value = filtered(theta, self.gap, self.log_area, self.half_zone, state)
        return float(value), state

    def loss(self, point: Floats) -> float:
        """Return minus the log-likelihood of a point of the search."""
        theta = point.copy()
        theta[VOLATILITY:BLUR] = np.exp(point[VOLATILITY:BLUR])
        return -self.filtered(theta)[0]


@dataclass(frozen=True)
class ChipFit:
    """What maximum likelihood says of a chip.

    `intervals` is empty unless asked for; else it has the names of `INTERVALS`.
    """

    series: Series
    regimes: Regimes
    log_likelihood: float
    state: Floats
    one_regime: float  # log-likelihood of the best single regime
    intervals: dict[str, Profile] = field(default_factory=dict)


def usable(series: Series, floor_km2: float = 0.0) -> Series:
    """Return what a fit uses: news since the peak, until the chip is gone.

    Before its peak the land was being taken, which is another process. A chip below its
    floor is gone, and has no log.
    """
    after = since_its_peak(series)
    gone = np.flatnonzero(after.area <= max(floor_km2, 0.0))
    return news(after.take(np.arange(gone[0] if gone.size else len(after))))


def fit_chip(series: Series, *, intervals: bool = True) -> ChipFit:
    """Fit two regimes to observations as `usable` returns them.

    UsageError if there are fewer than eight or more than 5,000, or half a year between
    two.
    """
    if len(series) < ENOUGH or len(series) > MOST:
        raise UsageError(
            f"{series.name}: {len(series):,} observations with news since the peak of "
            f"the area; a fit needs {ENOUGH} to {MOST:,}"
        )
    place = int(np.argmax(np.diff(series.day)))
    gap = int(series.day[place + 1] - series.day[place])
    if gap > LONGEST_GAP:
        before, after = series.date(place), series.date(place + 1)
        raise UsageError(
            f"{series.name}: there are no observations for the {gap:,} days from "
            f"{before} to {after}, and a fit can bridge at most {LONGEST_GAP}: "
            "correct the date, or use only the days before or after (--until, --from)"
        )
    seen = Seen(series)
    task = Task(seen.loss, BOUNDS)
    best, lowest = task.minimum(_starts(seen))
    if best[LOSS] > best[LOSS + 1]:  # the same process, the slower regime first
        best = best[[1, 0, 3, 2, 5, 4, BLUR]]
    found: dict[str, Profile] = {}
    if intervals:
        for which, (name, (*_, step)) in enumerate(_SEARCHED.items()):
            ends = profile(task, best, lowest, which=which, first_step=step)
            found[name] = _in_units(which, ends)
    regimes = Regimes(
        loss=(_share(best[LOSS]), _share(best[LOSS + 1])),
        volatility=(_exp(best[VOLATILITY]), _exp(best[VOLATILITY + 1])),
        leaving=(_exp(best[LEAVING]), _exp(best[LEAVING + 1])),
        blur=float(best[BLUR]),
    )
    value, state = seen.filtered(regimes.theta)
    return ChipFit(series, regimes, value, state, _one_regime(seen), found)


def _starts(seen: Seen) -> list[Floats]:
    """Return points to search from: slow and fast losses, rare and frequent switches.

    Losses are quantiles of those between observations: which of them is a step of the
    map, and which a regime, the data have to say.
    """
    weeks = seen.gap[1:] / 7.0
    losses = -np.diff(seen.log_area)
    whole = max(float(losses.sum() / weeks.sum()), 0.0)
    rates = np.maximum(losses / weeks, 0.0)
    rest = losses - whole * weeks
    spread = float(np.sqrt(np.sum(rest**2) / weeks.sum()))
    spread = min(max(spread, 2 * _VOLATILITIES[0]), 0.5 * _VOLATILITIES[1])
    starts = []
    for slow, quantile in ((0.7 * whole, 0.9), (0.2 * whole, 0.97), (0.9 * whole, 1.0)):
        fast = min(max(float(np.quantile(rates, quantile)), 1.5 * whole), 5.0)
        for leaving in ((0.05, 0.3), (0.5, 2.0)):
            for narrow in (0.3, 0.9):
                logs = np.log([narrow * spread, spread, *leaving])
                starts.append(np.array([slow, fast, *logs, 0.05]))
    return starts


def _in_units(which: int, ends: Profile) -> Profile:
    """Return an interval in the units of `Regimes`; a rate at its lower bound is 0."""
    if which == BLUR:
        return ends
    scale = _share if which < VOLATILITY else _exp
    estimate, low, high = (
        0.0 if which >= LEAVING and end <= BOUNDS[which, 0] else scale(end)
        for end in (ends.estimate, ends.low, ends.high)
    )
    return Profile(estimate, low, high, ends.open_low, ends.open_high)


def _share(rate: float) -> float:
    """Return the share lost in a week at a rate: 1 - exp(-rate)."""
    return -math.expm1(-rate)


def _exp(log: float) -> float:
    return float(np.exp(log))


def _one_regime(seen: Seen) -> float:
    """Return the largest log-likelihood of a chip that has one regime only."""
    never = _LOG_LEAVING[0]

    def alone(part: Floats) -> float:
        rate, volatility, blur = part
        whole = [rate, rate, volatility, volatility, never, never, blur]
        return seen.loss(np.array(whole))

    first = _starts(seen)[0]
    task = Task(alone, BOUNDS[[LOSS, VOLATILITY, BLUR]])
    starts = [first[[LOSS, VOLATILITY + i, BLUR]] for i in range(2)]
    return -task.minimum(starts)[1]
