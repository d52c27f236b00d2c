"""Forecasts from rolling origins, each from the data before it, scored afterwards.

At each origin a method is given what had been seen by that day, and what was seen later
is compared with its sample. So are the rivals of `sim.analysis.calibration.baselines`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.analysis.calibration.baselines import Past, rivals
from sim.analysis.calibration.scores import crps, interval_score, skill, transform
from sim.errors import UsageError
from sim.scenario.observations import Series

Floats = NDArray[np.float64]

HORIZONS = (7, 14, 30, 60, 90)
LEVELS = (0.5, 0.9)
EVERY = 7  # days between origins
LEAST_PAST = 28  # days of data that an origin needs
OLDEST = 6  # days that what was seen may be old: less than between two horizons
BINS = 5  # of the probability integral transform

# A method turns what was seen, and days ahead, into a sample for each of them.
Method = Callable[[Series, Sequence[int], np.random.Generator], list[Floats]]


@dataclass(frozen=True)
class Forecast:
    """One forecast and what came of it; areas in km2."""

    method: str
    origin: date
    days: int
    seen: float
    quantiles: tuple[float, ...]  # 5, 25, 50, 75, 95 percent
    crps: float
    transform: float

    def interval(self, level: float) -> tuple[float, float]:
        """Return the ends of a central interval: level 0.5 or 0.9."""
        place = {0.9: (0, 4), 0.5: (1, 3)}[level]
        return self.quantiles[place[0]], self.quantiles[place[1]]


@dataclass(frozen=True)
class Score:
    """What one method scored over all origins at one horizon."""

    method: str
    days: int
    origins: int
    crps: float
    error: float  # mean absolute error of the median
    bias: float  # mean of median minus seen
    interval_score: dict[str, float]
    coverage: dict[str, float]
    transform: list[float]  # share of transforms in each fifth of [0, 1]


@dataclass(frozen=True)
class Skill:
    """CRPS saved by a method against a rival: 1 - ratio, with its interval."""

    method: str
    rival: str
    days: int
    skill: float
    low: float
    high: float


@dataclass(frozen=True)
class Backtest:
    """All forecasts of one series, their scores and the skill of the model."""

    series: Series
    forecasts: list[Forecast]
    scores: list[Score]
    skills: list[Skill]


def backtest(
    series: Series,
    methods: dict[str, Method],
    *,
    first: date | None = None,
    horizons: Sequence[int] = HORIZONS,
    seed: int = 1,
    past_of: Callable[[Series], Series | None] = lambda seen: seen,
    enough: str = "enough",
) -> Backtest:
    """Forecast from every seventh day and score what can be scored.

    Parameters
    ----------
    first
        Origins before this date are left out; data before it still count as past.
    past_of
        What of the observations so far is looked at, by methods and rivals alike; None
        if it is not enough to forecast from.
    enough
        What that takes, in words.

    Raises
    ------
    UsageError
        If no origin has both a past to forecast from and something seen later.
    """
    rows: list[Forecast] = []
    for origin, so_far in _origins(series, first):
        past = past_of(so_far)
        if past is not None:
            rows += _forecasts(series, past, origin, methods, horizons, seed)
    if not rows:
        raise UsageError(
            f"{series.name}: no day"
            + (f" from {first} on" if first else "")
            + f" with {enough} seen before it, and something {min(horizons)} days "
            f"later; the table goes from {series.date(0)} to "
            f"{series.date(len(series) - 1)}"
        )
    names = list(dict.fromkeys(row.method for row in rows))
    scores = [
        _score(name, days, part)
        for days in horizons
        for name in names
        if (part := _of(rows, name, days))
    ]
    skills = [
        _skill(rows, method, rival, days, seed)
        for method in methods
        for rival in rivals()
        for days in horizons
        if _of(rows, method, days)
    ]
    return Backtest(series, rows, scores, skills)


def _origins(series: Series, first: date | None) -> Iterator[tuple[int, Series]]:
    """Yield days a week apart, counted from `first`, and what had been seen by each."""
    start = int(series.day[0]) + LEAST_PAST
    if first is not None:
        start = max(start, first.toordinal())
    for origin in range(start, int(series.day[-1]), EVERY):
        if series.latest(origin, origin - OLDEST) is not None:
            yield origin, series.take(series.day <= origin)


def _forecasts(
    series: Series,
    past: Series,
    origin: int,
    methods: dict[str, Method],
    horizons: Sequence[int],
    seed: int,
) -> Iterator[Forecast]:
    # What was last seen may be some days old, as may what is seen later: the forecast
    # goes from the one day to the other.
    begins = int(past.day[-1])
    places = {
        days: place
        for days in horizons
        if int(series.day[-1]) >= origin + days
        and (place := series.latest(origin + days, origin + days - OLDEST)) is not None
        and int(series.day[place]) > begins
    }
    if not places:
        return
    seen = {days: float(series.area[place]) for days, place in places.items()}
    ahead = [int(series.day[place]) - begins for place in places.values()]
    samples: dict[str, list[Floats]] = {}
    for spot, (name, method) in enumerate(methods.items()):
        rng = np.random.default_rng([seed, origin, spot])
        samples[name] = method(past, ahead, rng)
    for name, (rival, window) in rivals().items():
        known = Past.before(past, window)
        samples[name] = [rival(known, each) for each in ahead]
    for name, each in samples.items():
        for days, sample in zip(seen, each, strict=True):
            quantiles = np.percentile(sample, [5, 25, 50, 75, 95])
            yield Forecast(
                name,
                date.fromordinal(origin),
                days,
                seen[days],
                tuple(float(quantile) for quantile in quantiles),
                crps(sample, seen[days]),
                transform(sample, seen[days]),
            )


def _of(rows: Sequence[Forecast], method: str, days: int) -> list[Forecast]:
    return [row for row in rows if row.method == method and row.days == days]


def _score(method: str, days: int, rows: Sequence[Forecast]) -> Score:
    seen = np.array([row.seen for row in rows])
    off = np.array([row.quantiles[2] for row in rows]) - seen
    transforms = np.array([row.transform for row in rows])
    inside, widths = {}, {}
    for level in LEVELS:
        key = f"{level:.0%}".rstrip("%")
        # By the transform: where the line moves in steps, the ends of an interval are
        # areas of some chance themselves, which would count as inside at both ends.
        inside[key] = float(np.mean(np.abs(transforms - 0.5) <= 0.5 * level))
        widths[key] = float(
            np.mean(
                [interval_score(*row.interval(level), row.seen, level) for row in rows]
            )
        )
    counts, _ = np.histogram(transforms, BINS, (0.0, 1.0))
    return Score(
        method,
        days,
        len(rows),
        float(np.mean([row.crps for row in rows])),
        float(np.abs(off).mean()),
        float(off.mean()),
        widths,
        inside,
        [float(count) / len(rows) for count in counts],
    )


def _skill(
    rows: Sequence[Forecast], method: str, rival: str, days: int, seed: int
) -> Skill:
    ours = np.array([row.crps for row in _of(rows, method, days)])
    theirs = np.array([row.crps for row in _of(rows, rival, days)])
    # Errors of origins closer than the horizon overlap.
    block = max(1, -(-days // EVERY))
    return Skill(method, rival, days, *skill(ours, theirs, block=block, seed=seed))
