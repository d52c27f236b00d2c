"""A finished sweep: its tables, the figures they make, and where they came from.

Nothing heavy is imported until it is used.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.scenario.names import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from sim.plots.context import Context
    from sim.plots.curve_words import Observed
    from sim.plots.result import Figure

FIGURES = ("ceasefire_by_kursk",)


@dataclass(frozen=True, eq=False)
class Sweep:
    """A finished sweep.

    `cells` has one row a cell with the columns of `cells.parquet`, `input_sets` one row
    a cell and set of inputs (None without sets), `manifest` is what manifest.json
    holds, `folder` where it is kept, if it is. Of a sweep that is kept nowhere,
    `in_memory` has the larger tables by the names of their files.
    """

    cells: "pd.DataFrame"
    manifest: dict[str, Any] = field(repr=False)
    input_sets: "pd.DataFrame | None" = field(default=None, repr=False)
    folder: Path | None = None
    in_memory: dict[str, "pd.DataFrame"] = field(default_factory=dict, repr=False)

    @property
    def paths(self) -> list[str]:
        """Varied paths, columns of `cells`."""
        return list(self.manifest["design"]["paths"])

    @property
    def reference(self) -> int:
        """Cell that differences are taken from."""
        return int(self.manifest["design"]["reference"])

    @cached_property
    def series(self) -> "pd.DataFrame":
        """One row a cell and day: counts and quantiles, columns of `series.parquet`.

        Raises
        ------
        UsageError
            If the sweep was run without.
        InputMissingError
            If the file is not there or damaged.
        """
        from sim.sweep.read import SERIES

        return self._table(SERIES)

    @cached_property
    def series_runs(self) -> "pd.DataFrame":
        """A few single runs of each cell, one row a day; errors as `series`."""
        from sim.sweep.read import SERIES_RUNS

        return self._table(SERIES_RUNS)

    def _table(self, name: str) -> "pd.DataFrame":
        from sim.sweep.read import read_table

        if not self.manifest.get("series"):
            raise UsageError(
                "this sweep was run without series, which show it day by day: "
                "--series 400"
            )
        if self.folder is None:
            return self.in_memory[name]
        return read_table(self.folder / name)

    def plot(self, figure: str = FIGURES[0], *, path: str | None = None) -> "Figure":
        """Draw a figure; other varied paths are held at their reference.

        Parameters
        ----------
        figure
            One of `FIGURES`.
        path
            The varied path to draw against; default: the first with numbers.

        Raises
        ------
        UsageError
            If there is no such figure, or no varied path that it could show.
        """
        if figure not in FIGURES:
            listed = ", ".join(FIGURES)
            hint = did_you_mean(figure, FIGURES)
            raise UsageError(f"no figure '{figure}' of a sweep ({listed}){hint}")
        from sim.plots.ceasefire_by_kursk import ceasefire_by_kursk

        path = self.numeric_path(path)
        sets = self.input_sets
        return ceasefire_by_kursk(
            self._curve_along(path),
            self.context(path),
            path=path,
            input_sets=None if sets is None else self.along(sets, path),
            observed=self.observed(path),
        )

    def numeric_path(self, path: str | None = None) -> str:
        """Return the varied path to draw against.

        Raises
        ------
        UsageError
            If it is not varied, or its settings are not numbers.
        """
        numeric = [
            name
            for name in self.paths
            if self.cells[name].dtype.kind == "f" and self.cells[name].notna().all()
        ]
        if path is None and numeric:
            return numeric[0]
        if path is not None and path in numeric:
            return path
        listed = ", ".join(numeric) or "nothing"
        asked = "" if path is None else f"{path}: "
        raise UsageError(f"{asked}the figure needs a varied number; there is {listed}")

    def along(self, table: "pd.DataFrame", path: str) -> "pd.DataFrame":
        """Return the rows of a table of cells in which only `path` varies."""
        at = self.cells.iloc[self.reference]
        for other in self.paths:
            if other != path:
                same = table[other] == at[other]
                missing = table[other].isna() & (at[other] != at[other])
                table = table[same | missing]
        return table

    def _curve_along(self, path: str) -> "pd.DataFrame":
        """Return the cells in which only `path` varies, if they make a curve."""
        cells = self.along(self.cells, path)
        is_grid = self.manifest["design"]["kind"] == "grid"
        if not is_grid and (len(cells) < 2 or cells[path].duplicated().any()):
            found = "only one cell" if len(cells) < 2 else "not one cell a setting"
            raise UsageError(
                f"{path}: the figure needs cells in which it alone differs from the "
                f"reference, as in a grid of --vary; this design has {found}"
            )
        return cells

    def context(self, path: str | None = None) -> "Context":
        """Return what the caption of a figure against a path says about the runs."""
        from sim.plots.context import Context
        from sim.sweep.settings import settings, shown

        made = self.manifest
        at = self.cells.iloc[self.reference]
        held = [other for other in self.paths if path is not None and other != path]
        return Context(
            scenario_id=made["scenario_id"],
            scenario_title=made["scenario_title"],
            scenario_hash=made["scenario_hash"],
            seed=made["seed"],
            replicates=int(self.cells["replicates"].max()),
            fewest=int(self.cells["replicates"].min()),
            policies={
                party: each["class"]
                for party, each in (made.get("policies") or {}).items()
            },
            version=made["versions"]["ceasefire-sim"],
            within_days=made["within_days"],
            command=made["command"],
            held={other: shown(settings([at[other]])[0]) for other in held},
        )

    def observed(self, path: str) -> "Observed | None":
        """Return what was observed of a varied area: sourced, with both bounds."""
        from sim.plots.curve_words import Observed

        known = self.manifest["known_values"].get(path)
        if known is None or None in known.values():
            return None
        return Observed(
            day=date.fromisoformat(self.manifest["scenario"]["start_date"]),
            midpoint_km2=known["value"],
            confirmed_held_km2=known["low"],
            upper_bound_km2=known["high"],
        )


def open_sweep(folder: str | Path) -> Sweep:
    """Read a finished sweep.

    Raises
    ------
    InputMissingError
        If there is none in the folder, it is not finished, or it cannot be read.
    """
    from sim.sweep.read import CELLS, INPUTS, read_finished, read_table

    folder = Path(folder)
    manifest = read_finished(folder)
    has_inputs = INPUTS in manifest["files"]
    return Sweep(
        cells=read_table(folder / CELLS),
        manifest=manifest,
        input_sets=read_table(folder / INPUTS) if has_inputs else None,
        folder=folder,
    )
