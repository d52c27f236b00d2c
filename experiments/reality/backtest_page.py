"""docs/reports/backtest.md: the values that its words in the template ask for."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.reality.calibration_page import FLAGSHIP, KURSK, LINE
from experiments.sanity.writing import Template
from sim import load
from sim.analysis.calibration.backtest import Backtest, Skill, backtest
from sim.analysis.calibration.forecasts import (
    AS_WRITTEN,
    FITTED,
    LEAST_LINE_WEEKS,
    LineMethod,
)
from sim.analysis.calibration.front_fit import Changes, LocalLevel
from sim.analysis.calibration.report import run_trials
from sim.scenario.observations import EVENTS, Series, read_record, read_series

Floats = NDArray[np.float64]

WALKS = ("random_walk_28", "random_walk_84")
HARDEST = ("log_random_walk_28", "log_random_walk_84")
SHOWN = ("persistence", "constant_drift_28", "random_walk_84", *HARDEST)
DAY = 1.0 / 7.0  # in weeks
LATER, AHEAD = date(2024, 5, 1), (7, 30, 90)
EVENT_DAYS = {
    "kursk-2024-08-20": (30, 60, 90),
    "kursk-2025-03-03": (7, 8, 10),
    FLAGSHIP: (7, 30, 90),
}
CAME = {True: "yes", False: "no", None: "not in the record"}
TEMPLATE = Template(Path(__file__).with_suffix(".md"))


class Mean(LineMethod):
    """The mean and the spread of the last 26 weeks, taken for certain."""

    def fitted(self, past: Series) -> LocalLevel:
        """Return mean and spread."""
        changes = Changes.of(past, LEAST_LINE_WEEKS)
        return LocalLevel(changes.gain, 0.0, changes.spread)


class MeanInDoubt(LineMethod):
    """The same, and the standard error of the mean."""

    def fitted(self, past: Series) -> LocalLevel:
        """Return mean, error and spread."""
        changes = Changes.of(past, LEAST_LINE_WEEKS)
        error = changes.spread / changes.independent[0] ** 0.5
        return LocalLevel(changes.gain, error, changes.spread)


class WandersOn(LineMethod):
    """The drift wanders after the origin as it did before, which the model's does not.

    Of a drift that is a Brownian motion itself, drift and line after a day are normal
    together: what the drift wandered by is on average half in the line by then.
    """

    def __call__(
        self, past: Series, days: Sequence[int], rng: np.random.Generator
    ) -> list[Floats]:
        """Return what might be seen after each number of days."""
        now = self.fitted(past)
        drift = now.drift + now.error * rng.standard_normal(self.paths)
        area, out = np.full(self.paths, past.area[-1]), []
        for day in range(1, days[-1] + 1):
            turn, bridge, noise = rng.standard_normal((3, self.paths))
            turn *= now.wander * DAY**0.5
            area += (drift + turn / 2) * DAY + now.volatility * DAY**0.5 * noise
            area += now.wander * (DAY**3 / 12) ** 0.5 * bridge
            drift += turn
            if day in days:
                out.append(area.copy())
        return out


WAYS: dict[str, type[LineMethod]] = {
    "mean of 26 weeks": Mean,
    "mean, in doubt": MeanInDoubt,
    FITTED: LineMethod,
    "wanders on": WandersOn,
}


def page(command: str, paths: int) -> str:
    """The page as text."""
    loaded, series = load(FLAGSHIP), [read_series(KURSK), read_series(LINE)]
    chip, line = run_trials(loaded, series, paths=paths).tests
    ways = backtest(
        series[1],
        {name: way(paths=paths) for name, way in WAYS.items()},
        past_of=LineMethod().past_of,
    )
    record = read_record("events")
    events = [
        (name, score)
        for name, days in EVENT_DAYS.items()
        for score in run_trials(
            load(name), [], record=record, horizons=days, paths=paths
        ).events
        if score.event in EVENTS
    ]
    worst_in, worst = max(
        (each for each in events if each[1].brier is not None),
        key=lambda each: each[1].brier or 0.0,
    )
    return TEMPLATE.page(
        command=command,
        paths=paths,
        chip_so=_compared(chip),
        line_so=_compared(line),
        written=_written(line),
        later=LATER,
        way=_ways(ways),
        covered_on=_covered(ways, "wanders on"),
        worst=worst,
        worst_in=worst_in,
        worst_came="came" if worst.happened else "did not come",
        flagship=FLAGSHIP,
        kursk=KURSK,
        line=LINE,
        chip_tables=_tables(chip),
        line_tables=_tables(line),
        event=[
            (
                name,
                score,
                CAME[score.happened],
                "-" if score.brier is None else f"{score.brier:.3f}",
            )
            for name, score in events
        ],
    )


def _compared(test: Backtest) -> str:
    """Say how the fitted process compares with rivals, and what its intervals held."""
    skills = [each for each in test.skills if each.method == FITTED]
    easy = [each.skill for each in skills if each.rival == "persistence"]
    return TEMPLATE.words(
        "compared",
        low=min(easy),
        high=max(easy),
        walks=_told(skills, WALKS),
        hardest=_told(skills, HARDEST),
        covered=_covered(test, FITTED),
    )


def _told(skills: Sequence[Skill], rivals: Sequence[str]) -> str:
    """Say in how many comparisons with an interval a method was better, or worse."""
    told = [e for e in skills if e.rival in rivals and e.low == e.low]
    better, worse = sum(e.low > 0 for e in told), sum(e.high < 0 for e in told)
    return TEMPLATE.words("told", better=better, worse=worse, all=len(told))


def _covered(test: Backtest, method: str) -> str:
    return ", ".join(
        f"{score.coverage['90']:.2f} at {score.days} days"
        for score in test.scores
        if score.method == method
    )


def _ways(test: Backtest) -> list[dict[str, Any]]:
    """Mean CRPS and coverage of each way, of the earlier and the later origins."""
    rows = test.forecasts
    rows = rows.assign(
        inside=(rows["transform"] - 0.5).abs() <= 0.45, late=rows["origin"] >= LATER
    )
    told = rows.groupby(["late", "days", "method"])[["crps_km2", "inside"]].mean()
    return [
        {
            "name": name.replace("_", " "),
            "half": "later" if late else "earlier",
            "crps": [told.loc[(late, days, name), "crps_km2"] for days in AHEAD],
            "inside": [told.loc[(late, days, name), "inside"] for days in AHEAD],
        }
        for late in (False, True)
        for name in (*WAYS, *HARDEST)
    ]


def _written(test: Backtest) -> str:
    skills = [each for each in test.skills if each.method == AS_WRITTEN]
    return TEMPLATE.words(
        "as written", walks=_told(skills, WALKS), hardest=_told(skills, HARDEST)
    )


def _tables(test: Backtest) -> str:
    origins = test.origins
    return TEMPLATE.filled(
        "tables",
        origins=len(origins),
        first=origins[0],
        last=origins[-1],
        score=[
            (
                score,
                score.interval_score["90"],
                score.coverage["50"],
                score.coverage["90"],
                " ".join(map(_fifth, score.transform)),
            )
            for score in test.scores
            if score.method in (FITTED, AS_WRITTEN, *SHOWN)
        ],
        skill=[(each, _interval(each)) for each in test.skills if each.rival in SHOWN],
    )


def _fifth(share: float) -> str:
    return f"{share:.2f}"[-3:] if share < 1 else "1"


def _interval(each: Skill) -> str:
    return "-" if each.low != each.low else f"{each.low:+.2f} to {each.high:+.2f}"
