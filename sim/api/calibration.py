"""A scenario and what was observed: fitted to it, and its forecasts of it scored.

Tables are files, or the bare names of those shipped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import pandas as pd

from sim.analysis.calibration.backtest import HORIZONS
from sim.analysis.calibration.calibrate import LINE_WEEKS
from sim.analysis.calibration.calibrate import calibrate as fit
from sim.analysis.calibration.fitted import Calibration
from sim.analysis.calibration.forecasts import PATHS
from sim.analysis.calibration.report import DIGITS, Trials, run_trials
from sim.api.inference import Inference, opened
from sim.api.result import Result, provenance, read_frame
from sim.batch.inputs import inputs_of
from sim.batch.sampled import draw_sets
from sim.errors import UsageError
from sim.scenario.arguments import day, place, several, whole, word
from sim.scenario.load import Loaded, load
from sim.scenario.observations import Series, read_record, read_series

FEWEST_PATHS, SEED = 100, 1
_MOST_DAYS, _FEWEST_WEEKS = 730, 8


@dataclass(frozen=True, eq=False)
class CalibrationResult(Result):
    """What was fitted to observations; `table` has one row a value.

    `found` has the fits it comes from, unless it was read from a folder.
    """

    kind = "calibration"
    figure = ""
    names_scenario = True
    table_names = ("values.csv",)

    table: pd.DataFrame = field(kw_only=True)
    found: Calibration | None = field(default=None, repr=False, kw_only=True)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The fitted values."""
        return {"values.csv": self.table}

    @property
    def fits(self) -> Calibration:
        """The fits; UsageError where only their values were kept."""
        if self.found is None:
            raise UsageError(f"{self.place}: contains values, not fits; fit it again")
        return self.found

    def write_scenario(self, file: str | Path) -> Loaded:
        """Write a scenario with the fitted values; as `Calibration.save`."""
        return self.fits.save(place("FILE", file), command=self.command)

    @classmethod
    def read(cls, folder: Path, manifest: dict[str, Any]) -> Self:
        """Return the values that a folder keeps."""
        table = read_frame(folder, "values.csv", manifest)
        return cls(manifest, folder=folder, table=table)


@dataclass(frozen=True, eq=False)
class BacktestResult(Result):
    """What was forecast and how it did.

    `scores` has one row a table, method and number of days, `skills` one more for each
    simple forecast that it is compared with, `forecasts` one row a forecast and
    `chances` one row an event and number of days.
    """

    kind = "back-test"
    figure = ""
    names_scenario = True
    table_names = ("forecasts.csv", "scores.csv", "skills.csv", "chances.csv")

    forecasts: pd.DataFrame = field(repr=False, kw_only=True)
    scores: pd.DataFrame = field(repr=False, kw_only=True)
    skills: pd.DataFrame = field(repr=False, kw_only=True)
    chances: pd.DataFrame = field(repr=False, kw_only=True)
    found: Trials | None = field(default=None, repr=False, kw_only=True)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Forecasts, with the digits worth writing, and how they did."""
        forecasts = self.forecasts.copy()
        for name, digits in DIGITS.items():
            forecasts[name] = forecasts[name].map(f"{{:.{digits}f}}".format)
        tables = (forecasts, self.scores, self.skills, self.chances)
        return dict(zip(self.table_names, tables, strict=True))


def calibrate(
    scenario: str | Path | Loaded,
    *observed: str | Path,
    chip: str | None = None,
    column: str | None = None,
    first: str | date | None = None,
    last: str | date | None = None,
    line_weeks: int = LINE_WEEKS,
    command: str = "",
) -> CalibrationResult:
    """Fit a scenario to observed areas of its chip, of its line, or of both.

    By maximum likelihood, with intervals of 90 %: of a chip from the profile of the
    likelihood, of the line for as many changes as those that resemble each other are
    worth.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before.
    observed
        Tables of areas, at most one of a chip and one of the line: paths of CSV files,
        or `kursk_held` and `russian_held_ukraine`, which are shipped.
    chip
        Whose table it is, where several chips have two regimes.
    column
        Of the chip's table, instead of `midpoint_km2`.
    first, last
        Days between which observations count, both included, as dates or as text such
        as "2025-02-28".
    line_weeks
        Weeks of the line's past to use.
    command
        Noted as what repeats it.

    Raises
    ------
    UsageError
        If a table does not fit the scenario, there are two of a kind or none, too few
        observations, or a day is none.
    InputMissingError
        If a table is missing or unreadable; names the lines that are wrong.
    ScenarioError
        As `load`.
    """
    loaded = load(scenario)
    found = fit(
        loaded,
        _read(observed, column),
        chip=None if chip is None else word("--chip", chip),
        first=None if first is None else day("--from", first),
        last=None if last is None else day("--until", last),
        line_weeks=whole("--line-weeks", line_weeks, _FEWEST_WEEKS),
    )
    about = provenance(loaded, seed=None, command=command)
    return CalibrationResult(
        {**about, **found.to_dict()}, table=found.table, found=found
    )


def backtest(
    scenario: str | Path | Loaded,
    *observed: str | Path,
    events: str | Path | None = None,
    chip: str | None = None,
    column: str | None = None,
    first: str | date | None = None,
    days: Sequence[int] = HORIZONS,
    paths: int = PATHS,
    seed: int = SEED,
    inputs: str | Path | Inference | None = None,
    command: str = "",
) -> BacktestResult:
    """Forecast what came from what was known before, and score it.

    From every seventh day of a table, with the numbers of the scenario and with those
    fitted to the observations before that day, against simple forecasts.

    Parameters
    ----------
    scenario, observed, chip, column
        As for `calibrate`; with `events` there need be no table of areas.
    events
        Table of dated events, of which `events` is shipped: their chances are scored.
    first
        First day to forecast from; earlier observations count as past.
    days
        How far ahead, rising.
    paths
        Of each forecast, from 100; also the worlds for the chances of events.
    inputs
        An inference (`sim.infer`), its folder or the name of a shipped one: chances of
        events are also those of inputs that fit the record, and of free ones.
    command
        Noted as what repeats it.

    Raises
    ------
    UsageError
        As `calibrate`, or if there is nothing to forecast from, or days lie beyond the
        scenario's horizon.
    InputMissingError, ScenarioError
        As `calibrate`.
    """
    asked = [whole("--days", each) for each in several("--days", days)]
    rising = all(one < next_one for one, next_one in pairwise(asked))
    if not asked or not rising or asked[0] < 1 or asked[-1] > _MOST_DAYS:
        listed = ",".join(map(str, asked))
        raise UsageError(
            f"--days {listed}: needs numbers of days from 1 to {_MOST_DAYS}, rising, "
            "such as 7,30"
        )
    paths = whole("--paths", paths, FEWEST_PATHS)
    seed = whole("--seed", seed)
    loaded = load(scenario)
    record = None if events is None else read_record(_table("--events", events))
    sets, more = None, {}
    if inputs is not None:
        if record is None:
            raise UsageError("--inputs is needed only for the chances of --events")
        fitted = opened(inputs, loaded)
        sets = {"free": _free(loaded, seed), "fitted": fitted.sets}
        more = {"fitted": fitted.digest(), "beside": fitted.beside}
    found = run_trials(
        loaded,
        _read(observed, column) if observed or record is None else [],
        record=record,
        chip=None if chip is None else word("--chip", chip),
        first=None if first is None else day("--from", first),
        horizons=asked,
        paths=paths,
        seed=seed,
        sets=sets,
    )
    about = provenance(loaded, seed=seed, command=command, more=("mesa",))
    tables: dict[str, Any] = found.tables
    return BacktestResult({**about, **more, **found.to_dict()}, found=found, **tables)


_FREE_SETS = 200


def _free(loaded: Loaded, seed: int) -> pd.DataFrame:
    """Return sets of inputs drawn between low and high, all of one weight."""
    inputs = inputs_of(loaded, without=())
    drawn = draw_sets(inputs, sets=_FREE_SETS, replicates=1, seed=seed)
    table = pd.DataFrame(drawn.draws, columns=[each.path for each in inputs])
    return table.assign(weight=1.0 / _FREE_SETS)


def _table(name: str, given: object) -> str | Path:
    """Return the bare name of a table that is shipped, or a path."""
    return given if isinstance(given, str) else place(name, given)


def _read(tables: Sequence[str | Path], column: str | None) -> list[Series]:
    """Read tables of areas; `column` is that of the chip's."""
    if not tables:
        raise UsageError("--observed CSV is needed: a table of observed areas")
    tables = [_table("--observed", each) for each in tables]
    read = [read_series(table) for table in tables]
    if column is None:
        return read
    column = word("--column", column)
    if all(each.party for each in read):
        raise UsageError(f"column {column}: there is no table of a chip's areas")
    return [
        each if each.party else read_series(table, column)
        for table, each in zip(tables, read, strict=True)
    ]
