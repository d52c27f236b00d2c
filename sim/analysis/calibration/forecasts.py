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
from sim.analysis.calibration.front_fit import (
    FEWEST,
    Changes,
    LocalLevel,
    local_level,
)
from sim.analysis.calibration.process import chip_paths, line_paths
from sim.scenario.observations import Series, recent, since_its_peak

Floats = NDArray[np.float64]

FITTED, AS_WRITTEN = "fitted", "as_written"
PATHS = 2000
LEAST_PAST, MOST_PAST = 28, 1096  # days since the peak of a chip
LEAST_LINE_WEEKS = 26  # of the past that the line is fitted to


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
class LineMethod:
    """A front that moves all the time: fitted at each origin, or given.

    A fit takes the drift of the last day, which each path draws with its error, from
    all of the past (`sim.analysis.calibration.front_fit.local_level`), and keeps it.
    """

    given: LocalLevel | None = None
    paths: int = PATHS

    enough: ClassVar[str] = f"{LEAST_LINE_WEEKS} weeks with {FEWEST} changes"

    def __call__(
        self, past: Series, days: Sequence[int], rng: np.random.Generator
    ) -> list[Floats]:
        """Return what might be seen after each number of days."""
        front = self.given or self.fitted(past)
        drift = front.drift + front.error * rng.standard_normal(self.paths)
        return list(
            line_paths(
                float(past.area[-1]),
                days,
                drift=drift,
                volatility=front.volatility,
                rng=rng,
            )
        )

    def fitted(self, past: Series) -> LocalLevel:
        """Return what the past says of the front on its last day."""
        return local_level(Changes.of(past))

    def past_of(self, seen: Series) -> Series | None:
        """Return all observations, once there is half a year of them."""
        long = int(seen.day[-1] - seen.day[0]) >= 7 * LEAST_LINE_WEEKS
        return seen if long and len(Changes.of(seen)) >= FEWEST else None
