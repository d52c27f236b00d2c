"""Forecasts from rolling origins, each from the data before it, scored afterwards.

At each origin a method is given what had been seen by that day, and what was seen later
is compared with its sample. So are the rivals of `sim.analysis.calibration.baselines`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.calibration.baselines import Past, baselines
from sim.analysis.calibration.scores import crps, interval_score, skill, transform
from sim.errors import UsageError
from sim.scenario.observations import Series

Floats = NDArray[np.float64]

HORIZONS = (7, 14, 30, 60, 90)
EVERY = 7  # days between origins
LEAST_PAST = 28  # days of data that an origin needs
OLDEST = 6  # days that what was seen may be old: less than between two horizons
BINS = 5  # of the probability integral transform
# Central intervals that are scored, by their percentage: the level and the ends.
LEVELS = {"50": (0.5, "q25", "q75"), "90": (0.9, "q05", "q95")}
QUANTILES = {"q05": 5, "q25": 25, "q50": 50, "q75": 75, "q95": 95}

# A method turns what was seen, and days ahead, into a sample for each of them.
Method = Callable[[Series, Sequence[int], np.random.Generator], list[Floats]]


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
    """All forecasts of one series, their scores and the skill of the model.

    `forecasts` has one row each: `method`, `origin`, `days`, `observed_km2`, quantiles
    in km2, `crps_km2` and `transform`.
    """

    series: Series
    forecasts: pd.DataFrame
    scores: list[Score]
    skills: list[Skill]

    @property
    def origins(self) -> list[date]:
        """Days from which something was forecast, in order."""
        return sorted(set(self.forecasts["origin"]))


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
    """Forecast from every seventh day, from `first` on, and score what can be scored.

    `past_of` says what of the observations so far is looked at, by methods and rivals
    alike; None if it is not enough to forecast from, which takes what `enough` says in
    words. UsageError if no origin has both that and something seen later.
    """
    rows: list[dict[str, Any]] = []
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
    forecasts = pd.DataFrame(rows)
    parts = dict(list(forecasts.groupby(["method", "days"])))
    names = forecasts["method"].unique()
    scores = [
        _score(name, days, parts[name, days])
        for days in horizons
        for name in names
        if (name, days) in parts
    ]
    skills = [
        Skill(method, rival, days, *_skill(parts, method, rival, days, seed))
        for method in methods
        for rival in baselines()
        for days in horizons
        if (method, days) in parts
    ]
    return Backtest(series, forecasts, scores, skills)


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
) -> Iterator[dict[str, Any]]:
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
    for name, (rival, window) in baselines().items():
        known = Past.before(past, window)
        samples[name] = [rival(known, each) for each in ahead]
    for name, each in samples.items():
        for days, sample in zip(seen, each, strict=True):
            quantiles = np.percentile(sample, list(QUANTILES.values()))
            yield {
                "method": name,
                "origin": date.fromordinal(origin),
                "days": days,
                "observed_km2": seen[days],
                **dict(zip(QUANTILES, quantiles.tolist(), strict=True)),
                "crps_km2": crps(sample, seen[days]),
                "transform": transform(sample, seen[days]),
            }


def _score(method: str, days: int, rows: pd.DataFrame) -> Score:
    """Score the forecasts of one method at one horizon."""
    seen = rows["observed_km2"].to_numpy()
    off = rows["q50"].to_numpy() - seen
    transforms = rows["transform"].to_numpy()
    counts, _ = np.histogram(transforms, BINS, (0.0, 1.0))
    return Score(
        method,
        days,
        len(rows),
        crps=float(np.mean(rows["crps_km2"].to_numpy())),
        error=float(np.abs(off).mean()),
        bias=float(off.mean()),
        interval_score={
            key: float(interval_score(rows[low], rows[high], seen, level).mean())
            for key, (level, low, high) in LEVELS.items()
        },
        # By the transform: a chip that is gone has an area of some chance, 0, which as
        # an end of an interval would count as inside at both ends.
        coverage={
            key: float(np.mean(np.abs(transforms - 0.5) <= 0.5 * level))
            for key, (level, _, _) in LEVELS.items()
        },
        transform=[float(count) / len(rows) for count in counts],
    )


def _skill(
    parts: dict[Any, pd.DataFrame], method: str, rival: str, days: int, seed: int
) -> tuple[float, float, float]:
    ours, theirs = (
        parts[name, days]["crps_km2"].to_numpy() for name in (method, rival)
    )
    # Errors of origins closer than the horizon overlap.
    return skill(ours, theirs, block=max(1, -(-days // EVERY)), seed=seed)
