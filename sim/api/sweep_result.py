"""A finished sweep: its tables, its cells, and the scenario of each."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from sim.analysis.narrative.labels import short_number
from sim.api.result import Result, called, only, scenario_of
from sim.batch.design import Design
from sim.batch.estimates import HEADLINES, common_luck
from sim.batch.inputs import number_at
from sim.batch.settings import shown
from sim.batch.tables import (
    CELLS,
    INPUTS,
    SERIES,
    SERIES_RUNS,
    read_finished,
    read_table,
)
from sim.errors import UsageError
from sim.plots.curve_words import Observed
from sim.plots.figure import Figure
from sim.plots.provenance import Context
from sim.scenario.arguments import whole
from sim.scenario.load import Loaded, resolve

_HORIZON = ("horizon_days", "horizon_days.value")


@dataclass(frozen=True, eq=False)
class Sweep(Result):
    """A finished sweep.

    `cells` has one row a cell with the columns of `cells.parquet`, `input_sets` one row
    a cell and set of inputs (None without sets). Of a sweep that is kept nowhere,
    `in_memory` has the larger tables by the names of their files.
    """

    kind = "sweep"
    figure = "outcome_curve"
    only_figure = False

    cells: pd.DataFrame = field(kw_only=True)
    input_sets: pd.DataFrame | None = field(default=None, repr=False, kw_only=True)
    in_memory: dict[str, pd.DataFrame] = field(
        default_factory=dict, repr=False, kw_only=True
    )

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Cells, and what else was asked for."""
        made = {CELLS: self.cells}
        if self.input_sets is not None:
            made[INPUTS] = self.input_sets
        if self.manifest.get("series"):
            made |= {SERIES: self.series, SERIES_RUNS: self.series_runs}
        return made

    def to_dict(self) -> dict[str, Any]:
        """Return the object of `sweep --json`; what there was not is null."""
        made = self.manifest
        gained = {
            name: common_luck(self.cells, self.reference, name) for name in HEADLINES
        }
        of_runs = ("seed", "replicates", "precision", "within_days", "command", "note")
        return {
            "schema_version": made["schema_version"],
            "scenario": made["scenario_id"],
            "scenario_hash": made["scenario_hash"],
            "version": self.versions["ceasefire-sim"],
            "versions": self.versions,
            **{name: made.get(name) for name in of_runs},
            "design": {name: made["design"][name] for name in ("kind", "note")},
            "vary": self.paths,
            "reference": self.reference,
            "spent": made["spent"],
            "common_luck": {
                name: None if found is None else found._asdict()
                for name, found in gained.items()
            },
            "cells": [
                {name: _plain(value) for name, value in row.items()}
                for row in self.cells.to_dict("records")
            ],
        }

    def in_brief(self) -> tuple[list[str], pd.DataFrame | None]:
        """Return the cells with both headlines."""
        found = [f"{name}{end}" for name in HEADLINES for end in ("", "_low", "_high")]
        return [], self.cells[[*self.paths, "replicates", *found]]

    def figures(self) -> list[Figure]:
        """Return no figure: `ceasefire plot` draws those that are wanted."""
        return []

    def of_figures(self, replicate: int, within_days: int) -> dict[str, Any]:
        """Return what figures know of the scenario: the cell nearest to it."""
        about = {**super().of_figures(replicate, within_days), "replicate": replicate}
        known = None if self.manifest.get("policies") else self.scenario(self.own_cell)
        return {**about, "loaded": known}

    @classmethod
    def read(cls, folder: Path, manifest: dict[str, Any]) -> Self:
        """Return the sweep that a folder keeps, if it is finished."""
        manifest = read_finished(folder)
        has_inputs = INPUTS in manifest["files"]
        return cls(
            manifest,
            folder=folder,
            cells=read_table(folder, CELLS, manifest),
            input_sets=read_table(folder, INPUTS, manifest) if has_inputs else None,
        )

    def to_xarray(self) -> Any:
        """Return the cells of a grid as an `xarray.Dataset`, a dimension for each path.

        UsageError if the cells are no grid; ImportError without the package xarray,
        which is no part of this one.
        """
        if not self.paths or not self.is_grid:
            raise UsageError(
                "to_xarray needs a grid; for other designs, use the table in cells"
            )
        return self.cells.set_index(self.paths).to_xarray()

    @property
    def paths(self) -> list[str]:
        """Varied paths, columns of `cells`."""
        return list(self.manifest["design"]["paths"])

    @property
    def reference(self) -> int:
        """Cell that differences are taken from."""
        return int(self.manifest["design"]["reference"])

    @cached_property
    def series(self) -> pd.DataFrame:
        """One row a cell and day: counts and quantiles, columns of `series.parquet`.

        UsageError if the sweep was run without; InputMissingError if the file is not
        there or damaged.
        """
        return self._table(SERIES)

    @cached_property
    def series_runs(self) -> pd.DataFrame:
        """A few single runs of each cell, one row a day; errors as `series`."""
        return self._table(SERIES_RUNS)

    @cached_property
    def _design(self) -> Design:
        return Design.read(self.manifest["design"])

    def _table(self, name: str) -> pd.DataFrame:
        if not self.manifest.get("series"):
            raise UsageError(
                "this sweep was run without recording its worlds day by day: run it "
                "with --series 400"
            )
        if self.folder is None:
            return self.in_memory[name]
        return read_table(self.folder, name, self.manifest)

    def scenario(self, cell: int) -> Loaded:
        """Return the scenario of a cell.

        UsageError if there is no such cell, or this version of the program reads its
        scenario as another one.
        """
        cell = whole("--cell", cell, 0, len(self.cells) - 1)
        settings = self._design.changes(cell)
        base = self.scenario_written
        return resolve(base, settings) if settings else base

    @cached_property
    def scenario_written(self) -> Loaded:
        """The scenario before anything is varied; errors as `scenario`."""
        return scenario_of(self.manifest, self.folder or Path())

    @cached_property
    def own_cell(self) -> int:
        """The cell whose settings are nearest to the values of the scenario itself.

        Distance is counted in ranges of a path; of equal cells the first, and the
        reference where a path is about no number.
        """
        written = self.scenario_written.scenario
        away = np.zeros(len(self.cells))
        for path in self.paths:
            column = self.cells[path]
            number = number_at(written, tuple(path.split(".")))
            if path in self.numeric_paths and number is not None:
                width = float(column.max() - column.min()) or 1.0
                away += np.abs(column.to_numpy(float) - number) / width
            else:
                words = [repr(each) for each in self._design.column(path)]
                away += [word != words[self.reference] for word in words]
        return int(np.argmin(away))

    @property
    def is_grid(self) -> bool:
        """Whether the cells are all combinations of settings."""
        return bool(self.manifest["design"]["kind"] == "grid")

    @property
    def numeric_paths(self) -> list[str]:
        """Varied paths whose settings are numbers."""
        return [
            name
            for name in self.paths
            if self.cells[name].dtype.kind == "f" and self.cells[name].notna().all()
        ]

    def numeric_path(self, path: str | None = None) -> str:
        """Return the varied path to draw against; UsageError if it is no number."""
        numeric = self.numeric_paths
        if path in numeric or (path is None and numeric):
            return path or numeric[0]
        listed = ", ".join(numeric) or "nothing"
        asked = "" if path is None else f"{path}: "
        raise UsageError(f"{asked}the figure needs a varied number; there is {listed}")

    def along(
        self, table: pd.DataFrame, *paths: str, at: int | None = None
    ) -> pd.DataFrame:
        """Return the rows of a table of cells in which only `paths` vary.

        The others are as in the cell `at`, by default the reference.
        """
        here = self.cells.iloc[self.reference if at is None else at]
        for other in self.paths:
            if other not in paths:
                same = table[other] == here[other]
                missing = here[other] is None or here[other] != here[other]
                table = table[table[other].isna() if missing else same]
        return table

    def alone(self, path: str) -> pd.DataFrame:
        """Return the cells in which only `path` varies.

        UsageError if they make no curve: one only, or several with the same setting.
        """
        cells = self.along(self.cells, path)
        if not self.is_grid and (len(cells) < 2 or cells[path].duplicated().any()):
            found = "only one cell" if len(cells) < 2 else "not one cell a setting"
            raise UsageError(
                f"{path}: the figure needs cells in which it alone differs from the "
                f"reference, as in a grid of --vary; this design has {found}"
            )
        return cells

    def context(self, *paths: str, at: int | None = None) -> Context:
        """Return what the caption of a figure against some paths says about the runs.

        The other varied paths are named with the setting of the cell `at`, by default
        the reference, at which they are held; none is without `paths` or `at`.
        """
        here = self._design.at(self.reference if at is None else at)
        names_them = bool(paths) or at is not None
        held = [other for other in self.paths if names_them and other not in paths]
        return self._context(
            replicates=int(self.cells["replicates"].max()),
            fewest=int(self.cells["replicates"].min()),
            policies={
                party: each["class"]
                for party, each in (self.manifest.get("policies") or {}).items()
            },
            held={
                other: short_number(each) if isinstance(each, float) else shown(each)
                for other, each in here.items()
                if other in held
            },
            horizon_days=only(self.last_days),
        )

    def _called(self) -> dict[str, dict[str, str]]:
        return called(self.manifest["scenario"])

    @property
    def last_days(self) -> list[int]:
        """The horizon of each cell, which may be varied itself."""
        days = [self.manifest["scenario"]["horizon_days"]] * len(self.cells)
        for name in reversed(_HORIZON):
            days = self.cells[name].tolist() if name in self.cells else days
        return [int(each) for each in days]

    def observed(self, path: str) -> Observed | None:
        """Return what was observed of a varied area: sourced, with both bounds."""
        known = self.manifest["known_values"].get(path)
        if known is None or None in known.values():
            return None
        return Observed(
            day=date.fromisoformat(self.manifest["scenario"]["start_date"]),
            midpoint_km2=known["value"],
            confirmed_held_km2=known["low"],
            upper_bound_km2=known["high"],
        )


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def open_sweep(folder: str | Path) -> Sweep:
    """Read a finished sweep; InputMissingError if there is none that can be read."""
    return Sweep.read(Path(folder), {})
