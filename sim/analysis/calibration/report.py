"""A scenario's forecasts back-tested: of its chip, of its line, of dated events."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pandas as pd

from sim.analysis.calibration.area_fit import Regimes
from sim.analysis.calibration.backtest import (
    HORIZONS,
    LEVELS,
    QUANTILES,
    Backtest,
    backtest,
)
from sim.analysis.calibration.calibrate import (
    check_areas,
    check_holder,
    check_tables,
    chip_named,
    slow_and_fast,
)
from sim.analysis.calibration.events import EventScore, score_events
from sim.analysis.calibration.forecasts import (
    AS_WRITTEN,
    FITTED,
    PATHS,
    ChipMethod,
    LineMethod,
)
from sim.analysis.calibration.front_fit import LocalLevel
from sim.scenario.load import Loaded
from sim.scenario.observations import Record, Series
from sim.scenario.schema import Scenario

# Numbers of a forecast, with the digits after the point that are worth writing.
DIGITS = {
    "observed_km2": 1,
    **dict.fromkeys(QUANTILES, 1),
    "crps_km2": 3,
    "transform": 4,
}


@dataclass(frozen=True)
class Trials:
    """What was forecast and how it did, by table, and the scores of events."""

    tests: list[Backtest]
    events: list[EventScore]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables by name, with a row a forecast, score, skill or chance of an event.

        `low` and `high` of a skill are NaN where there are too few origins for them.
        """
        columns = ["table", "method", "origin", "days", *DIGITS]
        forecasts = [
            test.forecasts.assign(
                table=test.series.name,
                origin=test.forecasts["origin"].map(date.isoformat),
            )[columns]
            for test in self.tests
        ]
        scores = [
            {
                "table": test.series.name,
                "method": each.method,
                "days": each.days,
                "origins": each.origins,
                "crps_km2": each.crps,
                "error_km2": each.error,
                "bias_km2": each.bias,
                **{f"in_{level}": part for level, part in each.coverage.items()},
                **{f"score_{at}": one for at, one in each.interval_score.items()},
            }
            for test in self.tests
            for each in test.scores
        ]
        skills = [
            {"table": test.series.name, **asdict(each)}
            for test in self.tests
            for each in test.skills
        ]
        return {
            "forecasts": (
                pd.concat(forecasts, ignore_index=True)
                if forecasts
                else pd.DataFrame(columns=columns)
            ),
            "scores": pd.DataFrame(scores),
            "skills": pd.DataFrame(skills),
            "chances": pd.DataFrame(map(_event, self.events)),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return all that was found as plain data, as `backtest --json` has it.

        What cannot be told, such as an interval from too few origins, is None.
        """
        return {
            "tables": [_test(test) for test in self.tests],
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
    seed: int = 1,
    sets: Mapping[str, pd.DataFrame] | None = None,
) -> Trials:
    """Back-test a scenario on tables of areas and a record of events.

    `first` is the first origin; so many `paths` are drawn for each forecast of an area,
    and worlds for the chances of events; with `sets` of inputs as `score_events`, also
    of these. UsageError if a table does not fit the
    scenario or has nothing to forecast from, or days lie beyond the horizon.
    """
    check_tables(observed, chip)
    tests = []
    for series in observed:
        fitted, given = (
            _line(loaded.scenario, series, paths)
            if series.party
            else _chip(loaded.scenario, series, chip, paths)
        )
        tests.append(
            backtest(
                series,
                {FITTED: fitted, AS_WRITTEN: given},
                first=first,
                horizons=horizons,
                seed=seed,
                past_of=given.past_of,
                enough=given.enough,
            )
        )
    events = (
        score_events(
            loaded, record, days=horizons, replicates=paths, seed=seed, sets=sets
        )
        if record is not None
        else []
    )
    return Trials(tests, events)


def _chip(
    scenario: Scenario, series: Series, chip: str | None, paths: int
) -> tuple[ChipMethod, ChipMethod]:
    """Return the methods for a chip: its regimes to be fitted, and as written."""
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
    return fitted, ChipMethod(written, land.floor, land.full, paths)


def _line(
    scenario: Scenario, series: Series, paths: int
) -> tuple[LineMethod, LineMethod]:
    """Return the methods for the line: its front to be fitted, and as written."""
    front = scenario.front
    check_holder(scenario, series.party)
    sign = 1.0 if series.party == front.side else -1.0
    drift = sign * front.drift_km2_per_week
    written = LocalLevel(drift, 0.0, front.volatility_km2_per_week)
    return LineMethod(paths=paths), LineMethod(written, paths)


def _test(test: Backtest) -> dict[str, Any]:
    return {
        "table": test.series.name,
        "column": test.series.column,
        "observations": len(test.series),
        "first_origin": test.origins[0].isoformat(),
        "last_origin": test.origins[-1].isoformat(),
        "scores": [asdict(score) for score in test.scores],
        "skills": [
            {
                name: None if value != value else value  # NaN is not itself
                for name, value in asdict(each).items()
            }
            for each in test.skills
        ],
        "levels": [level for level, _, _ in LEVELS.values()],
    }


def _event(score: EventScore) -> dict[str, Any]:
    return {
        "inputs": score.inputs,
        "event": score.event,
        "start": score.start.isoformat(),
        "days": score.days,
        "chance": score.chance.estimate,
        "chance_low": score.chance.low,
        "chance_high": score.chance.high,
        "happened": score.happened,
        "brier": score.brier,
        "log_score": score.log_score,
    }
