"""A scenario's forecasts back-tested: of its chip, of its line, of dated events."""

import dataclasses
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from sim.analysis.calibration.area_fit import Regimes
from sim.analysis.calibration.backtest import (
    HORIZONS,
    LEVELS,
    Backtest,
    Method,
    backtest,
)
from sim.analysis.calibration.calibrate import (
    check_areas,
    check_chip_asked,
    check_holder,
    check_kinds,
    chip_named,
    slow_and_fast,
)
from sim.analysis.calibration.events import EventScore, score_events
from sim.analysis.calibration.forecasts import (
    AS_WRITTEN,
    FITTED,
    PATHS,
    Battles,
    ChipMethod,
    LineMethod,
)
from sim.scenario.load import Loaded
from sim.scenario.observations import Record, Series
from sim.scenario.schema import Scenario

# Numbers of a forecast, with the digits after the point that are worth writing.
DIGITS = {
    "observed_km2": 1,
    **dict.fromkeys(("q05", "q25", "q50", "q75", "q95"), 1),
    "crps_km2": 3,
    "transform": 4,
}

PastOf = Callable[[Series], Series | None]


@dataclass(frozen=True)
class Trials:
    """What was forecast and how it did, by table, and the scores of events."""

    loaded: Loaded = field(repr=False)
    seed: int
    tests: list[Backtest]
    events: list[EventScore]

    @property
    def scores(self) -> pd.DataFrame:
        """One row a table, method and number of days: CRPS and the like."""
        return _frame(
            {
                "table": test.series.name,
                **{name: each[name] for name in ("method", "days", "origins")},
                "crps_km2": each["crps"],
                "error_km2": each["error"],
                "bias_km2": each["bias"],
                **{f"in_{level}": part for level, part in each["coverage"].items()},
                **{f"score_{at}": one for at, one in each["interval_score"].items()},
            }
            for test in self.tests
            for each in map(dataclasses.asdict, test.scores)
        )

    @property
    def skills(self) -> pd.DataFrame:
        """One row a table, method, rival and number of days: CRPS saved.

        `low` and `high` are NaN where there are too few origins for an interval.
        """
        return _frame(
            {"table": test.series.name, **dataclasses.asdict(each)}
            for test in self.tests
            for each in test.skills
        )

    @property
    def forecasts(self) -> pd.DataFrame:
        """One row a forecast, with the columns of `forecasts.csv`."""
        rows = [
            (
                test.series.name,
                row.method,
                row.origin.isoformat(),
                row.days,
                row.seen,
                *row.quantiles,
                row.crps,
                row.transform,
            )
            for test in self.tests
            for row in test.forecasts
        ]
        names = ["table", "method", "origin", "days", *DIGITS]
        return pd.DataFrame(rows, columns=names)

    @property
    def chances(self) -> pd.DataFrame:
        """One row an event and number of days: its chance and Brier score."""
        return _frame(map(_event, self.events))

    def to_dict(self) -> dict[str, Any]:
        """Return all that was found as plain data, as `backtest --json` has it.

        What cannot be told, such as an interval from too few origins, is None.
        """
        return {
            "tables": [_table(test) for test in self.tests],
            "events": [_event(event) for event in self.events],
        }


def run_trials(
    loaded: Loaded,
    observed: Sequence[Series],
    *,
    record: Record | None = None,
    chip: str | None = None,
    first: date | None = None,
    horizons: Sequence[int] = HORIZONS,
    paths: int = PATHS,
    replicates: int = 2000,
    seed: int = 1,
) -> Trials:
    """Back-test a scenario on tables of areas and a record of events.

    `first` is the first origin; `paths` are drawn for each forecast of an area, and
    `replicates` worlds for the chances of events.

    Raises
    ------
    UsageError
        If a table does not fit the scenario or has nothing to forecast from, or a
        number of days lies beyond the horizon.
    """
    check_kinds(observed)
    check_chip_asked(observed, chip)
    tests = []
    for series in observed:
        methods, past_of, enough = (
            _line(loaded.scenario, series, paths)
            if series.party
            else _chip(loaded.scenario, series, chip, paths)
        )
        tests.append(
            backtest(
                series,
                methods,
                first=first,
                horizons=horizons,
                seed=seed,
                past_of=past_of,
                enough=enough,
            )
        )
    events = (
        score_events(loaded, record, days=horizons, replicates=replicates, seed=seed)
        if record is not None
        else []
    )
    return Trials(loaded, seed, tests, events)


def _chip(
    scenario: Scenario, series: Series, chip: str | None, paths: int
) -> tuple[dict[str, Method], PastOf, str]:
    name = chip_named(scenario, chip)
    land = scenario.chips[name]
    check_areas(land, name, series)
    lull, collapse = slow_and_fast(land)
    slow, fast = land.regimes[lull], land.regimes[collapse]
    written = Regimes(
        loss=(slow.loss_per_week, fast.loss_per_week),
        volatility=(slow.volatility_per_week, fast.volatility_per_week),
        leaving=(
            slow.switch_per_week.get(collapse, 0.0),
            fast.switch_per_week.get(lull, 0.0),
        ),
        blur=0.0,
    )
    fitted = ChipMethod(None, land.floor, paths=paths)
    given = ChipMethod(written, land.floor, land.peak_km2, paths)
    return {FITTED: fitted, AS_WRITTEN: given}, given.past_of, given.enough


def _line(
    scenario: Scenario, series: Series, paths: int
) -> tuple[dict[str, Method], PastOf, str]:
    front, step_days = scenario.front, scenario.step_days
    check_holder(scenario, series.party)
    odds = front.win_probability
    battles = Battles(
        front.step_km2,
        front.battles_per_week,
        1.0 - odds if series.party == front.side else odds,
    )
    fitted = LineMethod(front.step_km2, step_days, paths=paths)
    given = LineMethod(front.step_km2, step_days, battles, paths)
    return {FITTED: fitted, AS_WRITTEN: given}, given.past_of, given.enough


def _table(test: Backtest) -> dict[str, Any]:
    series = test.series
    origins = sorted({row.origin for row in test.forecasts})
    return {
        "table": series.name,
        "column": series.column,
        "observations": len(series),
        "first_origin": origins[0].isoformat(),
        "last_origin": origins[-1].isoformat(),
        "scores": [dataclasses.asdict(score) for score in test.scores],
        "skills": [
            {name: _or_none(value) for name, value in dataclasses.asdict(each).items()}
            for each in test.skills
        ],
        "levels": list(LEVELS),
    }


def _event(score: EventScore) -> dict[str, Any]:
    return {
        "event": score.event,
        "start": score.start.isoformat(),
        "days": score.days,
        "chance": score.chance.estimate,
        "chance_low": score.chance.low,
        "chance_high": score.chance.high,
        "happened": score.happened,
        "brier": score.brier,
    }


def _frame(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def _or_none(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
