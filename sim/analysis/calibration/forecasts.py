"""How the model forecasts from a past: its process fitted to it, or as a scenario says.

What is simulated is the process of a scenario's chip and line (`process`) as long as
the war goes on, not the bargaining around it. `fitted` takes its numbers
from the past alone. `as_written` takes those of the scenario, which may rest on data
after the origin and then prove nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.analysis.calibration.area_fit import (
    ENOUGH,
    LONGEST_GAP,
    Regimes,
    Seen,
    fit_chip,
    usable,
)
from sim.analysis.calibration.front_fit import FEWEST, Changes
from sim.analysis.calibration.process import chip_paths, line_paths
from sim.scenario.observations import Series, recent, since_its_peak

Floats = NDArray[np.float64]

FITTED, AS_WRITTEN = "fitted", "as_written"
PATHS = 2000
LEAST_PAST, MOST_PAST = 28, 1096  # days since the peak of a chip
LINE_WEEKS = 26  # of the past that the line is fitted to


@dataclass(frozen=True)
class ChipMethod:
    """Paths of a chip's two regimes: fitted at each origin, or given.

    The peak in km2 may be left to the data, as the largest area so far; below
    `floor_share` of it the chip is gone.
    """

    regimes: Regimes | None
    floor_share: float
    peak: float | None = None
    paths: int = PATHS

    enough: ClassVar[str] = (
        f"{ENOUGH} areas with news in {LEAST_PAST} days or more since the peak"
    )

    def __call__(
        self, past: Series, days: Sequence[int], rng: np.random.Generator
    ) -> list[Floats]:
        """Return what might be seen after each number of days.

        Days since the last news, on which the map stayed as it was, tell nothing more.
        """
        peak = max(self.peak or 0.0, float(past.area.max()))
        news = usable(past, self.floor_share * peak)
        if self.regimes is None:
            fit = fit_chip(news, intervals=False)
            regimes, state = fit.regimes, fit.state
        else:
            regimes = self.regimes
            _, state = Seen(news).filtered(regimes.theta)
        regime = (rng.random(self.paths) < state[1, 0]).astype(np.int64)
        _, mean, variance = state[regime].T
        start = np.exp(mean + np.sqrt(variance) * rng.standard_normal(self.paths))
        floor = self.floor_share * peak
        areas = chip_paths(regimes, start, regime, days, cap=peak, floor=floor, rng=rng)
        # What a map would show of these areas, with the error of an observation.
        zone = 0.5 * float(news.high[-1] - news.low[-1]) / float(news.area[-1])
        error = regimes.blur * zone
        return list(areas * np.exp(error * rng.standard_normal(areas.shape)))

    def past_of(self, seen: Series) -> Series | None:
        """Return the observations since the peak, if four weeks and news enough.

        Of three years at most, and without what came before a gap that no fit bridges.
        """
        since = since_its_peak(seen)
        peak = max(self.peak or 0.0, float(since.area[0]))
        past = recent(since, gap=LONGEST_GAP, days=MOST_PAST)
        there = bool((past.area > self.floor_share * peak).all())
        long = int(past.day[-1] - past.day[0]) >= LEAST_PAST
        news = usable(past, self.floor_share * peak)
        return past if there and long and len(news) >= ENOUGH else None


@dataclass(frozen=True)
class Battles:
    """Battle step in km2, battles per week and odds of the side that is losing land."""

    step_km2: float
    per_week: float
    win_probability: float


@dataclass(frozen=True)
class LineMethod:
    """Battles along the line: fitted to the last half year of the past, or given.

    A fit keeps the step of the scenario where that fits, and else halves the longest
    that does (see `sim.analysis.calibration.front_fit`).
    """

    step_km2: float
    step_days: int = 1
    given: Battles | None = None
    paths: int = PATHS

    enough: ClassVar[str] = f"{LINE_WEEKS} weeks (the last with {FEWEST} changes)"

    def __call__(
        self, past: Series, days: Sequence[int], rng: np.random.Generator
    ) -> list[Floats]:
        """Return what might be seen after each number of days."""
        battles = self.given or self._fitted(past)
        areas = line_paths(
            float(past.area[-1]),
            days,
            step_km2=battles.step_km2,
            battles_per_week=battles.per_week,
            win_probability=battles.win_probability,
            paths=self.paths,
            rng=rng,
            step_days=self.step_days,
        )
        return list(areas)

    def _fitted(self, past: Series) -> Battles:
        changes = Changes.of(past, LINE_WEEKS)
        shortest, longest = changes.limits(self.step_days)
        fits = shortest <= self.step_km2 <= longest
        half = 0.5 * longest if np.isfinite(longest) else 0.0
        step = self.step_km2 if fits else max(half, shortest)
        battles, odds = changes.battles(step, self.step_days)
        return Battles(step, battles, min(max(odds, 0.0), 1.0))

    def past_of(self, seen: Series) -> Series | None:
        """Return all observations, once there is half a year of them."""
        long = int(seen.day[-1] - seen.day[0]) >= 7 * LINE_WEEKS
        return seen if long and len(Changes.of(seen, LINE_WEEKS)) >= FEWEST else None
