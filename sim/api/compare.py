"""Scenarios compared under the same luck, and two twin runs side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from sim.analysis.changes import Change, changed_fields
from sim.analysis.compare import (
    Setting,
    comparison_table,
    fighting_ends,
    first_to_differ,
)
from sim.analysis.decisions.paired_runs import Divergence, divergence
from sim.api.inference import Inference, opened
from sim.api.result import Result, only, provenance, read_frame
from sim.api.sweep import REPLICATES, SEED, WITHIN_DAYS
from sim.batch.cells import Cell
from sim.batch.estimates import HEADLINES
from sim.batch.sampled import shared_out
from sim.errors import ScenarioError, UsageError
from sim.model.engine import simulate
from sim.model.outcome import outcomes
from sim.model.world import walk
from sim.plots.comparison import MOST_ROWS
from sim.plots.figure import Figure
from sim.plots.provenance import Context
from sim.scenario.arguments import MOST_DAYS, by_name, several, whole
from sim.scenario.load import Loaded, load

TABLE = "compare.csv"

_MOST = 10_000_000
# Changed values that a label has room for.
_IN_LABEL = 2


@dataclass(frozen=True, eq=False)
class Comparison(Result):
    """Scenarios, each compared with the first.

    `table` has one row a scenario (`sim.analysis.compare.comparison_table`); `changes`
    the values of each that are not those of the first, and `scenarios` themselves, if
    they were run here and not read from a folder.
    """

    kind = "comparison"
    figure = "comparison"
    table_names = (TABLE,)

    table: pd.DataFrame = field(kw_only=True)
    scenarios: tuple[Loaded, ...] = field(default=(), repr=False, kw_only=True)
    changes: tuple[tuple[Change, ...], ...] = field(
        default=(), repr=False, kw_only=True
    )

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The table."""
        return {TABLE: self.table}

    @property
    def first_to_differ(self) -> list[int | None]:
        """Of each row, the first replicate that ends otherwise than in the first."""
        name = "first_replicate_that_ends_otherwise"
        return [each[name] for each in self.manifest["rows"]]

    def twins(self, row: int = 1, replicate: int = 0) -> Divergence:
        """Run one replicate of the first and of another row; tell where they part."""
        row = whole("row", row, 0, len(self.scenarios) - 1)
        replicate = whole("--replicate", replicate)
        first, other = (
            walk(self.scenarios[place], int(self.manifest["seed"]), replicate)
            for place in (0, row)
        )
        return divergence(first, other)

    def in_brief(self) -> tuple[list[str], pd.DataFrame | None]:
        """Return the rows with both headlines, and their differences from the first."""
        ends = ("", "_diff", "_diff_low", "_diff_high")
        found = [f"{name}{end}" for name in HEADLINES for end in ends]
        return [], self.table[["label", "replicates", *found]]

    @property
    def fits(self) -> bool:
        """Whether the figure has room for the rows."""
        return len(self.table) <= MOST_ROWS

    def figures(self) -> list[Figure]:
        """Return the figure, if the rows fit."""
        return [self.plot()] if self.fits else []

    def context(self) -> Context:
        """Return what the caption of the figure says about the runs."""
        return self._context(
            scenario_title=str(self.table.iloc[0]["label"]),
            replicates=int(self.table["replicates"].min()),
            horizon_days=only(self.table["horizon_days"]),
            fitted=self.manifest.get("fitted") is not None,
        )

    @classmethod
    def read(cls, folder: Path, manifest: dict[str, Any]) -> Self:
        """Return the comparison that a folder keeps."""
        return cls(manifest, folder=folder, table=read_frame(folder, TABLE, manifest))


def compare(
    scenario: str | Path | Loaded,
    *others: str | Path | Loaded,
    changes: Sequence[Mapping[str, object]] = (),
    replicates: int = REPLICATES,
    seed: int = SEED,
    within_days: int = WITHIN_DAYS,
    inputs: str | Path | Inference | None = None,
    threads: int | None = None,
    command: str = "",
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
    inputs
        An inference (`sim.infer`) of the first scenario, its folder or the name of a
        shipped one: each run then has a set of inputs that fits the record, the same in
        all rows, but for values that a row changes.
    threads
        Default: all processors. The result does not depend on it.
    command
        Noted as what repeats it.

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
            "there is nothing to compare with: name another scenario, or a change "
            "(--set PATH=VALUE)"
        )
    first = load(scenario)
    fitted = None if inputs is None else opened(inputs, first)
    scenarios = (
        first,
        *(load(other) for other in others),
        *(load(first, set=change) for change in made),
    )
    changed = tuple(tuple(changed_fields(each, first)) for each in scenarios)
    # What a row sets stays so, even to what the first has.
    asked = [(), *(() for _ in others), *(tuple(change) for change in made)]
    rows = [
        _setting(
            loaded,
            _label(loaded, first, told),
            tuple(map(str, told)),
            shared_out(
                loaded,
                replicates,
                None if fitted is None else fitted.sets,
                {*kept, *(each.path for each in told)},
            ),
            seed,
            threads,
        )
        for loaded, told, kept in zip(scenarios, changed, asked, strict=True)
    ]
    table = comparison_table(rows, within_days=within_days)
    plain = table.astype(object).where(table.notna(), None).to_dict("records")
    rows_told = [
        {
            **{str(name): value for name, value in row.items()},
            "changes": [each.to_dict() for each in changes],
            "first_replicate_that_ends_otherwise": first_to_differ(setting, rows[0]),
        }
        for row, changes, setting in zip(plain, changed, rows, strict=True)
    ]
    about = {
        "replicates": replicates,
        "within_days": within_days,
        "fitted": None if fitted is None else fitted.digest(),
        "rows": rows_told,
    }
    return Comparison(
        {**provenance(first, seed=seed, command=command), **about},
        table=table,
        scenarios=scenarios,
        changes=changed,
    )


def _setting(
    loaded: Loaded,
    label: str,
    changes: tuple[str, ...],
    cells: Iterator[tuple[Cell, range]],
    seed: int,
    threads: int | None,
) -> Setting:
    """Run one row: its cells, and which replicates of each."""
    parts, ends = [], []
    try:
        for cell, some in cells:
            worlds = simulate(cell.params, seed=seed, replicates=some, threads=threads)
            parts.append(outcomes(worlds, cell.labels))
            ends.append(fighting_ends(worlds, cell.labels))
    except ScenarioError as error:
        raise ScenarioError(
            [f"{loaded.scenario.id}: {each}" for each in error.problems]
        ) from None
    return Setting(
        label,
        loaded.scenario.id,
        loaded.hash,
        changes,
        loaded.scenario.horizon_days,
        {name: np.concatenate([part[name] for part in parts]) for name in parts[0]},
        np.concatenate(ends),
    )


def _label(loaded: Loaded, first: Loaded, changes: tuple[Change, ...]) -> str:
    """Name a row: the scenario if it is another one, and what is changed."""
    told = "; ".join(map(str, changes[:_IN_LABEL]))
    if len(changes) > _IN_LABEL:
        told = f"{len(changes)} values differ"
    if loaded.scenario.id == first.scenario.id:
        return told or loaded.scenario.id
    return f"{loaded.scenario.id} ({told or 'no value differs'})"
