"""A study: a sweep run, summed up, kept if wanted, and drawn.

This is where the parts meet that do not know each other: `sweep` runs worlds,
`analysis` sums them up, `plots` draws the result. Nothing heavy is imported until it
is used.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.scenario.load import Loaded, load
from sim.scenario.names import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from sim.plots.context import Context
    from sim.plots.curve_words import Observed
    from sim.plots.result import Figure
    from sim.policies import Policy
    from sim.sweep.plan import Plan
    from sim.sweep.policies import Policies
    from sim.sweep.progress import Progress

REPLICATES, SEED, WITHIN_DAYS = 1000, 1, 90
FIGURES = ("ceasefire_by_kursk",)


@dataclass(frozen=True, eq=False)
class Sweep:
    """A finished sweep.

    `cells` has one row a cell with the columns of `cells.parquet`, `input_sets` one row
    a cell and set of inputs (None without sets), `manifest` is what manifest.json
    holds, `folder` where it is kept, if it is.
    """

    cells: "pd.DataFrame"
    manifest: dict[str, Any] = field(repr=False)
    input_sets: "pd.DataFrame | None" = field(default=None, repr=False)
    folder: Path | None = None

    @property
    def paths(self) -> list[str]:
        """Varied paths, columns of `cells`."""
        return list(self.manifest["design"]["paths"])

    @property
    def reference(self) -> int:
        """Cell that differences are taken from."""
        return int(self.manifest["design"]["reference"])

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
            self.along(self.cells, path),
            self.context(),
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

    def context(self) -> "Context":
        """Return what the caption of a figure says about the runs."""
        from sim.plots.context import Context

        made = self.manifest
        return Context(
            scenario_id=made["scenario_id"],
            scenario_title=made["scenario_title"],
            scenario_hash=made["scenario_hash"],
            seed=made["seed"],
            replicates=made["replicates"],
            version=made["versions"]["ceasefire-sim"],
            within_days=made["within_days"],
            command=made["command"],
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


def sweep(
    scenario: str | Path | Loaded,
    vary: Mapping[str, Iterable[object]] | None = None,
    replicates: int = REPLICATES,
    *,
    seed: int = SEED,
    within_days: int = WITHIN_DAYS,
    set: Mapping[str, object] | None = None,
    reference: Mapping[str, object] | None = None,
    input_sets: int = 0,
    input_replicates: int | None = None,
    policies: "Mapping[str, str | Policy] | None" = None,
    out: str | Path | None = None,
    keep_worlds: bool = False,
    force: bool = False,
    threads: int | None = None,
    progress: "Progress | None" = None,
) -> Sweep:
    """Run many worlds of a scenario in every combination of settings.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before.
    vary
        Settings by path: `{"chips.kursk.area_km2": range(0, 1001, 100)}`.
    replicates
        Worlds of each cell; replicate 17 has the same luck in all of them.
    within_days
        Day by which a first truce counts for the shares of truces.
    set
        Other values of the scenario by path, the same in all cells.
    reference
        Setting to compare with, by path; default: the first of each.
    input_sets, input_replicates
        Sets of inputs drawn between their `low` and `high`
        (`sim.sweep.inputs`), and the worlds of each set and cell (default: a tenth of
        `replicates`, at least 200).
    policies
        Policies of your own by party: `{"russia": "my_policy.py:Patient"}`, whose
        worlds are run by worker processes; or objects, as for `run`, whose worlds are
        run in this one and cannot be kept in a folder. Either is much slower.
    out
        Folder to keep the sweep in; an unfinished one there goes on. Default: nowhere.
    threads
        Default: all processors. The result does not depend on it.

    Raises
    ------
    ScenarioError
        If the scenario, or one of the cells, is not valid.
    UsageError
        If a number is out of range, the sweep does not fit, or `out` holds another.
    InputMissingError
        If there is no such scenario, or `out` cannot be written.
    PolicyError
        If a policy is none, or fails.
    CheckFailedError
        If worker processes were killed again and again.
    """
    base = load(scenario, set=set)
    chosen = None
    if policies:
        from sim.policy_worlds import policy_worlds

        chosen = policy_worlds(policies, base.scenario.parties)
        if out is not None and not chosen.in_processes:
            # Its command could not repeat it, nor could its folder tell it from others.
            raise UsageError(
                "a sweep with objects as policies is not kept in a folder; give the "
                "class as text: policies={'PARTY': 'FILE.py:CLASS'}"
            )
    plan = make_plan(
        base,
        vary or {},
        replicates=replicates,
        seed=seed,
        within_days=within_days,
        reference=reference,
        input_sets=input_sets,
        input_replicates=input_replicates,
        keep_worlds=keep_worlds,
        policies=chosen,
    )
    folder = None if out is None else Path(out)
    return carry_out(plan, folder, force=force, threads=threads, progress=progress)


def make_plan(
    base: Loaded,
    vary: Mapping[str, Iterable[object]],
    *,
    replicates: int = REPLICATES,
    seed: int = SEED,
    within_days: int = WITHIN_DAYS,
    reference: Mapping[str, object] | None = None,
    input_sets: int = 0,
    input_replicates: int | None = None,
    keep_worlds: bool = False,
    policies: "Policies | None" = None,
) -> "Plan":
    """Check a sweep whole; arguments and errors as `sweep`."""
    from sim.sweep.design import grid
    from sim.sweep.inputs import draw_sets, inputs_of
    from sim.sweep.plan import Plan

    design = grid(vary, reference)
    sets = None
    if input_sets:
        inputs = inputs_of(base, without=design.paths)
        if not inputs:
            raise UsageError("--input-sets: no value has a low or high to draw from")
        each = max(200, replicates // 10)
        sets = draw_sets(
            inputs,
            sets=input_sets,
            replicates=each if input_replicates is None else input_replicates,
            seed=seed,
        )
    return Plan(
        base,
        design,
        seed=seed,
        replicates=replicates,
        within_days=within_days,
        keep_worlds=keep_worlds,
        input_sets=sets,
        policies=policies,
    )


def carry_out(
    plan: "Plan",
    folder: Path | None,
    *,
    force: bool = False,
    threads: int | None = None,
    progress: "Progress | None" = None,
) -> Sweep:
    """Run what was planned, or what is left of it; arguments and errors as `sweep`."""
    from sim.analysis.cells import summarise
    from sim.sweep.about import describe
    from sim.sweep.keep import Memory
    from sim.sweep.limits import check_fits
    from sim.sweep.run import run
    from sim.sweep.store import Folder
    from sim.sweep.tables import cells_table, inputs_table

    manifest = describe(plan)
    if folder is None:
        check_fits(plan, None)
        memory = Memory()
        run(plan, summarise, memory, threads=threads, progress=progress)
        cells = cells_table(plan.design, memory.rows).to_pandas()
        inputs = None
        if plan.input_sets is not None:
            inputs = inputs_table(plan.design, memory.input_rows).to_pandas()
        return Sweep(cells, {**manifest, "complete": True}, inputs)
    check_fits(plan, folder)
    store = Folder(folder, plan, manifest, force=force)
    try:
        run(plan, summarise, store, threads=threads, progress=progress)
        store.finish()
    finally:
        store.close()
    return open_sweep(folder)


def open_sweep(folder: str | Path) -> Sweep:
    """Read a finished sweep.

    Raises
    ------
    InputMissingError
        If there is none in the folder, it is not finished, or it cannot be read.
    """
    from sim.sweep.store import CELLS, INPUTS, read_finished, read_table

    folder = Path(folder)
    manifest = read_finished(folder)
    has_inputs = INPUTS in manifest["files"]
    return Sweep(
        cells=read_table(folder / CELLS),
        manifest=manifest,
        input_sets=read_table(folder / INPUTS) if has_inputs else None,
        folder=folder,
    )
