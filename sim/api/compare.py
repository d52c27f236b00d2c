"""Scenarios compared under the same luck, and two twin runs side by side.

This is where runs, their table, their figure and their twins meet. Nothing heavy is
imported until it is used.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim import __version__
from sim.analysis.changes import changed_fields
from sim.analysis.compare import (
    Setting,
    comparison_table,
    fighting_ends,
    first_to_differ,
)
from sim.analysis.decisions.paired_runs import parting
from sim.api.run import SCHEMA_VERSION, versions
from sim.api.sweep import REPLICATES, SEED, WITHIN_DAYS
from sim.batch.files import checksum, read_whole, sealed, together, unsealed
from sim.errors import InputMissingError, ScenarioError, UsageError
from sim.model.engine import simulate
from sim.model.outcome import outcomes
from sim.model.parameters import build, labels
from sim.model.world import walk
from sim.plots.comparison import MOST_ROWS, comparison
from sim.plots.figure import files_of
from sim.plots.provenance import Context
from sim.scenario.arguments import MOST_DAYS, by_name, several, whole
from sim.scenario.load import Loaded, load

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.changes import Change
    from sim.analysis.compare import Setting
    from sim.analysis.decisions.paired_runs import Parting
    from sim.plots.figure import Figure
    from sim.plots.provenance import Context


FIGURE = "comparison"
TOLD, TABLE = "compare.json", "compare.csv"
# What stands in every row of the table, behind the columns of the comparison.
_ASKED = ("command", "seed", "within_days", "version")
# What the figure looks at, each with interval and difference.
_DRAWN = (
    "full_truce_share",
    "first_full_truce_day_median",
    "days_fought_mean",
    "aid_given_mean",
)


@dataclass(frozen=True, eq=False)
class Compared:
    """The table of a comparison, and how it was made.

    `table` is that of `sim.analysis.compare.comparison_table`; `asked` has the command,
    seed, within_days and version, `versions` those of what it was made with.
    """

    table: "pd.DataFrame" = field(repr=False)
    asked: Mapping[str, str]
    versions: Mapping[str, str]

    def context(self) -> "Context":
        """Return what the caption of the figure says about the runs."""
        first = self.table.iloc[0]
        return Context(
            scenario_id=str(first["scenario"]),
            scenario_title=str(first["label"]),
            scenario_hash=str(first["scenario_hash"]),
            seed=int(self.asked["seed"]),
            replicates=int(self.table["replicates"].min()),
            version=self.asked["version"],
            within_days=int(self.asked["within_days"]),
            command=self.asked["command"],
        )

    @property
    def fits(self) -> bool:
        """Whether the figure has room for the rows."""
        return len(self.table) <= MOST_ROWS

    def plot(self) -> "Figure":
        """Draw figure 9, `comparison`.

        Raises
        ------
        UsageError
            If it has no room for so many rows.
        """
        try:
            return comparison(self.table, self.context())
        except ValueError as error:
            raise UsageError(f"{FIGURE}: {error}") from None

    def save(
        self, folder: Path, data: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Write the table and, if the rows fit, the figure; files are replaced.

        `data` are written with them, and are returned with the checksum of the table
        and their own.

        Raises
        ------
        InputMissingError
            If something cannot be written; what was there stays as it was.
        """
        whole = self.table.assign(**self.asked, **self.versions)
        text = whole.to_csv(index=False, lineterminator="\n")
        files = {TABLE: checksum(text.encode("utf-8"))}
        contents: dict[Path, bytes | str] = {folder / TABLE: text}
        if self.fits:
            figure = self.plot()
            metadata = {**figure.origin, **self.versions}
            contents |= files_of(figure, folder / "figures", metadata=metadata)
        told = sealed({**(data or {}), "files": files})
        contents[folder / TOLD] = json.dumps(told, indent=2, allow_nan=False) + "\n"
        with together(folder) as put:
            for path, content in contents.items():
                put(path, content)
        return told


def is_comparison(folder: Path) -> bool:
    """Say whether a folder holds a comparison, whole or damaged."""
    return any((folder / name).is_file() for name in (TOLD, TABLE))


def open_comparison(folder: Path) -> Compared:
    """Read the comparison that `ceasefire compare --out` has written.

    Raises
    ------
    InputMissingError
        If its files are not there, damaged or not whole.
    """
    file = folder / TABLE
    try:
        made_as = unsealed(folder / TOLD)["files"][TABLE]
    except (KeyError, TypeError):
        raise InputMissingError(f"{folder / TOLD} is not of a comparison") from None
    try:
        # The engine that reads every digit, in all versions of pandas.
        whole = pd.read_csv(io.BytesIO(read_whole(file, made_as)), engine="pyarrow")
        at = list(whole.columns).index(_ASKED[0])
        table, about = whole.iloc[:, :at], whole.iloc[0, at:]
        kept = {str(name): str(value) for name, value in about.items()}
        asked = {name: kept.pop(name) for name in _ASKED}
        found = Compared(table, asked, kept)
        found.context()
        _check(table)
    except (OSError, ValueError, KeyError, IndexError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputMissingError(f"{file} cannot be read: {reason}") from None
    return found


def _check(table: "pd.DataFrame") -> None:
    """Raise KeyError or ValueError if a column that the figure needs is not whole."""
    ends = ("", "_low", "_high", "_diff", "_diff_low", "_diff_high")
    counts = [f"ends_{each}" for each in ("earlier", "later", "same")]
    counts += ["ends_earlier_by_defeat", "horizon_days", "replicates"]
    needed = [f"{name}{end}" for name in _DRAWN for end in ends]
    table[needed].to_numpy(np.float64)
    if not np.isfinite(table[counts].to_numpy(np.float64)).all():
        raise ValueError("a count is missing")
    if len(table) < 2 or table["label"].isna().any():
        raise ValueError("a row is missing")


# Worlds whose records are in memory at once.
_AT_ONCE = 20_000
_MOST = 10_000_000
# Changed values that a label has room for.
_IN_LABEL = 2


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scenarios, each compared with the first.

    `table` has one row a scenario (`sim.analysis.compare.comparison_table`), `changes`
    the values of each that are not those of the first.
    """

    scenarios: "tuple[Loaded, ...]" = field(repr=False)
    seed: int
    replicates: int
    within_days: int
    table: "pd.DataFrame"
    changes: "tuple[tuple[Change, ...], ...]" = field(repr=False)
    first_to_differ: tuple[int | None, ...] = field(repr=False, default=())

    def twins(self, row: int = 1, replicate: int = 0) -> "Parting":
        """Run one replicate of the first and of another row; tell where they part."""
        row = whole("row", row, 0, len(self.scenarios) - 1)
        replicate = whole("--replicate", replicate)
        first, other = (
            walk(self.scenarios[place], self.seed, replicate) for place in (0, row)
        )
        return parting(first, other)

    def plot(self, *, command: str = "") -> "Figure":
        """Return figure 9; `command` repeats it."""
        return self.finished(command).plot()

    def finished(self, command: str = "") -> Compared:
        """Return what a folder keeps of it; `command` repeats it."""
        asked = {
            "command": command,
            "seed": str(self.seed),
            "within_days": str(self.within_days),
            "version": __version__,
        }
        return Compared(self.table, asked, versions())

    def to_dict(self) -> dict[str, Any]:
        """Return all but twins as plain data: the object of `compare --json`."""
        rows = self.table.astype(object).where(self.table.notna(), None)
        return {
            "schema_version": SCHEMA_VERSION,
            "version": __version__,
            "versions": versions(),
            "seed": self.seed,
            "replicates": self.replicates,
            "within_days": self.within_days,
            "rows": [
                {
                    **{str(name): value for name, value in row.items()},
                    "changes": [each.to_dict() for each in changes],
                    "first_replicate_that_ends_otherwise": differs,
                }
                for row, changes, differs in zip(
                    rows.to_dict("records"),
                    self.changes,
                    self.first_to_differ,
                    strict=True,
                )
            ],
        }


def compare(
    scenario: str | Path | Loaded,
    *others: str | Path | Loaded,
    changes: Sequence[Mapping[str, object]] = (),
    replicates: int = REPLICATES,
    seed: int = SEED,
    within_days: int = WITHIN_DAYS,
    threads: int | None = None,
) -> Comparison:
    """Compare scenarios under the same luck; the first is what others differ from.

    Replicate 17 has the same luck in all of them, so differences are taken run by run.

    Parameters
    ----------
    scenario, others
        Ids of shipped scenarios, paths of files, or scenarios loaded before.
    changes
        Each makes a row of its own: other values of `scenario`, by path, as in
        `[{"aid.level": 0.5}, {"chips.kursk.area_km2": 400}]`.
    within_days
        Day by which a first truce counts for the shares of truces.
    threads
        Default: all processors. The result does not depend on it.

    Raises
    ------
    UsageError
        If there is nothing to compare with, or a number is out of range.
    ScenarioError, InputMissingError
        As `load`.
    """
    replicates = whole("--replicates", replicates, 1, _MOST)
    seed = whole("--seed", seed)
    within_days = whole("--within-days", within_days, 1, MOST_DAYS)
    threads = None if threads is None else whole("--threads", threads, 1)
    made = [by_name("--set", each) for each in several("--set", changes)]
    if not others and not made:
        raise UsageError(
            "nothing to compare with: name another scenario, or a change (--set "
            "PATH=VALUE)"
        )
    first = load(scenario)
    scenarios = (
        first,
        *(load(other) for other in others),
        *(load(first, set=change) for change in made),
    )
    changed = tuple(tuple(changed_fields(each, first)) for each in scenarios)
    rows = [
        _setting(loaded, first, told, replicates, seed, threads)
        for loaded, told in zip(scenarios, changed, strict=True)
    ]
    return Comparison(
        scenarios,
        seed,
        replicates,
        within_days,
        comparison_table(rows, within_days=within_days),
        changed,
        tuple(first_to_differ(each, rows[0]) for each in rows),
    )


def _setting(
    loaded: Loaded,
    first: Loaded,
    changes: "tuple[Change, ...]",
    replicates: int,
    seed: int,
    threads: int | None,
) -> "Setting":
    """Run one row."""
    names = labels(loaded.scenario)
    try:
        params = build(loaded.scenario)
    except ScenarioError as error:
        raise ScenarioError(
            [f"{loaded.scenario.id}: {each}" for each in error.problems]
        ) from None
    parts, ends = [], []
    for start in range(0, replicates, _AT_ONCE):
        some = range(start, min(start + _AT_ONCE, replicates))
        worlds = simulate(params, seed=seed, replicates=some, threads=threads)
        parts.append(outcomes(worlds, float(params["lines"][0]), names))
        ends.append(fighting_ends(worlds, names))
    return Setting(
        _label(loaded, first, changes),
        loaded.scenario.id,
        loaded.hash,
        tuple(map(str, changes)),
        loaded.scenario.horizon_days,
        {name: np.concatenate([part[name] for part in parts]) for name in parts[0]},
        np.concatenate(ends),
    )


def _label(loaded: Loaded, first: Loaded, changes: "tuple[Change, ...]") -> str:
    """Name a row: the scenario if it is another one, and what is changed."""
    told = "; ".join(map(str, changes[:_IN_LABEL]))
    if len(changes) > _IN_LABEL:
        told = f"{len(changes)} values differ"
    if loaded.scenario.id == first.scenario.id:
        return told or loaded.scenario.id
    return f"{loaded.scenario.id} ({told or 'no value differs'})"
