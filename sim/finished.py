"""A finished sweep: its tables, the figures they make, and where they came from.

Nothing heavy is imported until it is used.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.given import whole

if TYPE_CHECKING:
    import pandas as pd

    from sim.plots.context import Context
    from sim.plots.curve_words import Observed
    from sim.plots.result import Figure
    from sim.scenario.load import Loaded
    from sim.sweep.design import Design


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
    def _design(self) -> "Design":
        from sim.sweep.design import Design

        return Design.read(self.manifest["design"])

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
        return read_table(self.folder, name, self.manifest)

    def plot(
        self,
        figure: str = "ceasefire_by_kursk",
        *,
        path: str | None = None,
        second: str | None = None,
        chip: str | None = None,
        more: bool = False,
    ) -> "Figure":
        """Draw a figure; other varied paths are held at their reference.

        Figures of runs day by day are of the cell nearest to the scenario as it was
        written, whose first runs are made again (`sim.drawing.RUNS` says how many);
        that of survival is of up to three settings of `path`.

        Parameters
        ----------
        figure
            One of `sim.sweep_figures.FIGURES`.
        path
            The varied path to draw against; default: the first with numbers.
        second
            The other one of `kursk_by_aid`; default: the next with numbers.
        chip
            Which land `kursk_fan` is of; default: the first held at the start.
        more
            What a figure shows only when asked: the median day beside `kursk_by_aid`,
            the collapse of ceasefires in `survival_of_fighting`.

        Raises
        ------
        UsageError
            If there is no such figure, or no varied path that it could show.
        """
        from sim.sweep_figures import draw

        return draw(self, figure, path=path, second=second, chip=chip, more=more)

    def scenario(self, cell: int) -> "Loaded":
        """Return the scenario of a cell.

        Raises
        ------
        UsageError
            If there is no such cell, or this version of the program reads its scenario
            as another one.
        """
        from sim.scenario.load import resolve

        cell = whole("--cell", cell, 0, len(self.cells) - 1)
        settings = self._design.changes(cell)
        base = self.scenario_written
        return resolve(base, settings) if settings else base

    @cached_property
    def scenario_written(self) -> "Loaded":
        """The scenario before anything is varied; errors as `scenario`."""
        from sim.scenario.load import rebuilt
        from sim.sweep.read import MANIFEST

        place = (self.folder or Path()) / MANIFEST
        base = rebuilt(self.manifest.get("written"), place)
        if base.hash != self.manifest["scenario_hash"]:
            raise UsageError(
                "to this version of the program the scenario of the sweep is another "
                "one; run the sweep again"
            )
        return base

    @cached_property
    def own_cell(self) -> int:
        """The cell whose settings are nearest to the values of the scenario itself.

        Distance is counted in ranges of a path; of equal cells the first, and the
        reference where a path is about no number.
        """
        import numpy as np

        from sim.sweep.inputs import number_at

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
    def numeric_paths(self) -> list[str]:
        """Varied paths whose settings are numbers."""
        return [
            name
            for name in self.paths
            if self.cells[name].dtype.kind == "f" and self.cells[name].notna().all()
        ]

    def numeric_path(self, path: str | None = None) -> str:
        """Return the varied path to draw against.

        Raises
        ------
        UsageError
            If it is not varied, or its settings are not numbers.
        """
        numeric = self.numeric_paths
        if path is None and numeric:
            return numeric[0]
        if path is not None and path in numeric:
            return path
        listed = ", ".join(numeric) or "nothing"
        asked = "" if path is None else f"{path}: "
        raise UsageError(f"{asked}the figure needs a varied number; there is {listed}")

    def along(
        self, table: "pd.DataFrame", *paths: str, at: int | None = None
    ) -> "pd.DataFrame":
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

    def context(self, *paths: str, at: int | None = None) -> "Context":
        """Return what the caption of a figure against some paths says about the runs.

        The other varied paths are named with the setting of the cell `at`, by default
        the reference, at which they are held; none is without `paths` or `at`.
        """
        from sim.plots.context import Context
        from sim.sweep.settings import shown

        made = self.manifest
        here = self._design.at(self.reference if at is None else at)
        names_them = bool(paths) or at is not None
        held = [other for other in self.paths if names_them and other not in paths]
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
            held={other: shown(here[other]) for other in held},
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
        cells=read_table(folder, CELLS, manifest),
        manifest=manifest,
        input_sets=read_table(folder, INPUTS, manifest) if has_inputs else None,
        folder=folder,
    )
