"""A study: a sweep run, summed up and kept if wanted.

This is where the parts meet that do not know each other: `sweep` runs worlds,
`analysis` sums them up, `finished` shows the result. Nothing heavy is imported until it
is used.
"""

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from sim.api.result import Result, scenario_of
from sim.batch.dask_executor import executor_of
from sim.batch.design import Design
from sim.batch.designs import draw_sets, make_design
from sim.batch.files import refuse_links
from sim.batch.inputs import check_inputs, inputs_of, number_at
from sim.batch.limits import check_fits, check_input_sets
from sim.batch.manifest import describe
from sim.batch.merge import check_beside
from sim.batch.merge import merge as join
from sim.batch.plan import Plan
from sim.batch.policy_worlds import policy_worlds
from sim.batch.runner import run, run_to_the_end
from sim.batch.settings import shown
from sim.batch.store import Folder, Memory, series_tables
from sim.batch.tables import (
    CELLS,
    INPUTS,
    SERIES,
    SERIES_RUNS,
    cells_table,
    frame,
    inputs_table,
    read_finished,
    read_table,
)
from sim.batch.tasks import check_precision, most_replicates, spent
from sim.errors import UsageError
from sim.plots.figure import Figure
from sim.plots.outcome_curve import Observed
from sim.plots.provenance import Context
from sim.scenario.arguments import by_name, flag, number, place, whole, word
from sim.scenario.load import Loaded, load, resolve

if TYPE_CHECKING:
    from sim.batch.designs import Asked
    from sim.batch.plan import Part, Policies
    from sim.batch.progress import Progress
    from sim.batch.settings import Range
    from sim.model.policies import Policy


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

        Raises
        ------
        UsageError
            If the sweep was run without.
        InputMissingError
            If the file is not there or damaged.
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
                "this sweep was run without series, which show it day by day: "
                "--series 400"
            )
        if self.folder is None:
            return self.in_memory[name]
        return read_table(self.folder, name, self.manifest)

    def scenario(self, cell: int) -> "Loaded":
        """Return the scenario of a cell.

        Raises
        ------
        UsageError
            If there is no such cell, or this version of the program reads its scenario
            as another one.
        """
        cell = whole("--cell", cell, 0, len(self.cells) - 1)
        settings = self._design.changes(cell)
        base = self.scenario_written
        return resolve(base, settings) if settings else base

    @cached_property
    def scenario_written(self) -> "Loaded":
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
        """Return the cells in which only `path` varies, if they make a curve.

        Raises
        ------
        UsageError
            If there is only one, or several have the same setting.
        """
        cells = self.along(self.cells, path)
        is_grid = self.manifest["design"]["kind"] == "grid"
        if not is_grid and (len(cells) < 2 or cells[path].duplicated().any()):
            found = "only one cell" if len(cells) < 2 else "not one cell a setting"
            raise UsageError(
                f"{path}: the figure needs cells in which it alone differs from the "
                f"reference, as in a grid of --vary; this design has {found}"
            )
        return cells

    def context(self, *paths: str, at: int | None = None) -> "Context":
        """Return what the caption of a figure against some paths says about the runs.

        The other varied paths are named with the setting of the cell `at`, by default
        the reference, at which they are held; none is without `paths` or `at`.
        """
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


def open_sweep(folder: str | Path) -> Sweep:
    """Read a finished sweep.

    Raises
    ------
    InputMissingError
        If there is none in the folder, it is not finished, or it cannot be read.
    """
    return Sweep.read(Path(folder), {})


def carry_out_part(
    plan: "Plan",
    sweep: Path,
    *,
    force: bool = False,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: "Progress | None" = None,
) -> Path:
    """Run the part of a plan, or what is left of it; return its folder below `sweep`.

    Errors as `sim.api.sweep.sweep`; also UsageError if `sweep` holds a whole sweep, or
    parts of another one.
    """
    assert plan.part is not None
    folder = plan.part.folder(sweep)
    manifest = describe(plan)
    check_beside(sweep, manifest, plan.part)
    refuse_links(folder, sweep)
    check_fits(plan, folder, threads)
    executor = executor_of(plan, threads=threads, scheduler=scheduler)
    with (
        closing(executor),
        closing(Folder(folder, plan, manifest, force=force)) as store,
    ):
        run_to_the_end(plan, store, executor, progress=progress)
    return folder


def merge(sweep: Path, *, force: bool = False) -> Sweep:
    """Join the parts of a sweep; errors as `sim.batch.merge.merge`."""
    join(sweep, force=force)
    return open_sweep(sweep)


REPLICATES, SEED, WITHIN_DAYS = 1000, 1, 90


def sweep(
    scenario: str | Path | Loaded,
    vary: Mapping[str, Iterable[object]] | None = None,
    replicates: int | None = None,
    *,
    design: "Asked" = None,
    precision: float | None = None,
    seed: int = SEED,
    within_days: int = WITHIN_DAYS,
    set: Mapping[str, object] | None = None,
    reference: Mapping[str, object] | None = None,
    input_sets: int = 0,
    input_replicates: int | None = None,
    policies: "Mapping[str, str | Policy] | None" = None,
    out: str | Path | None = None,
    keep_worlds: bool = False,
    series: int | None = None,
    force: bool = False,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: "Progress | None" = None,
) -> Sweep:
    """Run many worlds of a scenario in every combination of settings, or a design.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before.
    vary
        Settings by path: `{"chips.kursk.area_km2": range(0, 1001, 100)}`; a setting
        may be a number, word, date, list or mapping. A text is read as after `--vary`:
        "0:1000:11", or "0:1000" for a design to draw from.
    design
        Other points than all combinations: "lhs:64" and "sobol:64" draw from `vary`; a
        CSV file, a list of mappings from path to value, a table of pandas, the folder
        of another sweep, or a `sim.batch.design.Design` name them.
    replicates
        Worlds of each cell, by default 1000; replicate 17 has the same luck in all.
    precision
        Instead: half-width of the 95 % interval of `full_truce_share`. Each cell is
        run until it is reached; differences are of the replicates that a cell and the
        reference have in common.
    within_days
        Day by which a first truce counts for the shares of truces.
    set
        Other values of the scenario by path, the same in all cells.
    reference
        Setting to compare with, by path; default: the first of each.
    input_sets, input_replicates
        Sets of inputs drawn between their `low` and `high`
        (`sim.batch.inputs`), and the worlds of each set and cell (default: a tenth of
        `replicates`, at least 200).
    policies
        Policies of your own by party: `{"russia": "my_policy.py:Patient"}`, whose
        worlds are run by worker processes; or objects, as for `run`, whose worlds are
        run in this one and cannot be kept in a folder. Either is much slower.
    out
        Folder to keep the sweep in; an unfinished one there goes on. Default: nowhere.
    series
        How many worlds of each cell to look at day by day, for `Sweep.series`
        (`sim.batch.timeseries`). Default: none without `out`; with it 400, or none
        where that would be very many rows.
    threads
        Default: all processors. The result does not depend on it.
    scheduler
        Let Dask workers compute: those of the scheduler at "tcp://HOST:PORT", or with
        "local" some that are started on this machine, as many as `threads`. The result
        does not depend on it either.

    Raises
    ------
    ScenarioError
        If the scenario, or one of the cells, is not valid.
    UsageError
        If a number is out of range, the sweep does not fit, or `out` holds another.
    InputMissingError
        If there is no such scenario, `out` cannot be written, or no Dask scheduler or
        worker is to be reached.
    PolicyError
        If a policy is none, or fails.
    CheckFailedError
        If worker processes were killed again and again.
    """
    base = load(scenario, set=set)
    chosen = None
    if policies:
        chosen = policy_worlds(policies, base.scenario.parties)
        if out is not None and not chosen.in_processes:
            # Its command could not repeat it, nor could its folder tell it from others.
            raise UsageError(
                "a sweep with objects as policies is not kept in a folder; give the "
                "class as text: policies={'PARTY': 'FILE.py:CLASS'}"
            )
    plan = make_plan(
        base,
        by_name("--vary", vary),
        design=design,
        replicates=replicates,
        precision=precision,
        seed=seed,
        within_days=within_days,
        reference=reference,
        input_sets=input_sets,
        input_replicates=input_replicates,
        keep_worlds=keep_worlds,
        series=0 if series is None and out is None else series,
        policies=chosen,
    )
    folder = None if out is None else place("--out", out)
    return carry_out(
        plan,
        folder,
        force=force,
        threads=threads,
        scheduler=scheduler,
        progress=progress,
    )


def make_plan(
    base: Loaded,
    vary: "Mapping[str, Iterable[object] | Range]",
    *,
    design: "Asked" = None,
    replicates: int | None = None,
    precision: float | None = None,
    seed: int = SEED,
    within_days: int = WITHIN_DAYS,
    reference: Mapping[str, object] | None = None,
    input_sets: int = 0,
    input_replicates: int | None = None,
    keep_worlds: bool = False,
    series: int | None = None,
    policies: "Policies | None" = None,
    part: "Part | None" = None,
) -> "Plan":
    """Check a sweep whole; arguments and errors as `sweep`."""
    # What is not used here is checked by the plan, in the same words.
    seed = whole("--seed", seed)
    input_sets = whole("--input-sets", input_sets)
    if input_replicates is not None:
        input_replicates = whole("--input-replicates", input_replicates, 1)
    if replicates is not None:
        replicates = whole("--replicates", replicates, 1)
    if precision is not None:
        precision = number("--precision", precision)
        check_precision(precision)
        if replicates is not None:
            raise UsageError("--precision says how many --replicates: give one of them")
        replicates = most_replicates(precision)
    elif replicates is None:
        replicates = REPLICATES
    made = make_design(
        base.scenario,
        by_name("--vary", vary),
        design,
        reference=by_name("--reference", reference),
        seed=seed,
    )
    sets = None
    if input_sets:
        inputs = inputs_of(base, without=made.paths)
        if not inputs:
            raise UsageError("--input-sets: no value has a low or high to draw from")
        check_input_sets(len(made), input_sets, len(inputs))
        each = max(200, replicates // 10)
        sets = draw_sets(
            inputs,
            sets=input_sets,
            replicates=each if input_replicates is None else input_replicates,
            seed=seed,
        )
    plan = Plan(
        base,
        made,
        seed=seed,
        replicates=replicates,
        within_days=within_days,
        keep_worlds=flag("--keep-worlds", keep_worlds),
        input_sets=sets,
        policies=policies,
        precision=precision,
        part=part,
        series_asked=series,
    )
    if sets is not None:
        check_inputs(base, sets.inputs)
        for cell in range(len(made)):
            check_inputs(base, sets.inputs, made.at(cell))
    return plan


def carry_out(
    plan: "Plan",
    folder: Path | None,
    *,
    force: bool = False,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: "Progress | None" = None,
) -> Sweep:
    """Run what was planned, or what is left of it; arguments and errors as `sweep`."""
    manifest = describe(plan)
    force = flag("--force", force)
    threads = None if threads is None else whole("--threads", threads, 1)
    scheduler = None if scheduler is None else word("--scheduler", scheduler)
    check_fits(plan, folder, threads)
    executor = executor_of(plan, threads=threads, scheduler=scheduler)
    if folder is None:
        memory = Memory()
        with closing(executor):
            run(plan, memory, executor, progress=progress)
        held = manifest["inputs"]
        cells = frame(cells_table(plan.design, memory.rows, memory.input_rows, held))
        inputs = None
        if plan.input_sets is not None:
            inputs = frame(inputs_table(plan.design, memory.input_rows))
        series = {
            name: frame(table) for name, table in series_tables(memory.series).items()
        }
        done = {"complete": True, "spent": spent(manifest, memory.rows)}
        return Sweep(
            {**manifest, **done}, cells=cells, input_sets=inputs, in_memory=series
        )
    with (
        closing(executor),
        closing(Folder(folder, plan, manifest, force=force)) as store,
    ):
        run_to_the_end(plan, store, executor, progress=progress)
    return open_sweep(folder)
