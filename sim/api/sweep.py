"""Sweep: check what is asked, run it or a part of it, and open what came of it."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sim.api.inference import Inference, opened
from sim.api.sweep_result import Sweep, open_sweep
from sim.batch.dask_executor import executor_of
from sim.batch.designs import Asked, is_method, make_design
from sim.batch.files import refuse_links
from sim.batch.folder import Folder, Memory
from sim.batch.inputs import inputs_of
from sim.batch.limits import check_fits, check_input_sets
from sim.batch.manifest import describe
from sim.batch.merge import check_beside
from sim.batch.merge import merge as join
from sim.batch.plan import Part, Plan
from sim.batch.policy_worlds import Policies, policy_worlds
from sim.batch.progress import Told
from sim.batch.runner import run, run_to_the_end
from sim.batch.sampled import draw_sets, with_fitted
from sim.batch.settings import Range, to_draw_from
from sim.batch.tables import cells_table, frame, inputs_table, series_tables
from sim.batch.tasks import check_precision, most_replicates, spent
from sim.errors import UsageError
from sim.model.policies import Policy
from sim.scenario.arguments import by_name, flag, number, place, whole, word
from sim.scenario.load import Loaded, load

REPLICATES, SEED, WITHIN_DAYS = 1000, 1, 90
FITTED_SETS = 200  # of inputs, where an inference is given and no number


def sweep(
    scenario: str | Path | Loaded,
    vary: Mapping[str, Iterable[object]] | None = None,
    replicates: int | None = None,
    *,
    design: Asked = None,
    precision: float | None = None,
    seed: int = SEED,
    within_days: int = WITHIN_DAYS,
    set: Mapping[str, object] | None = None,
    reference: Mapping[str, object] | None = None,
    input_sets: int = 0,
    input_replicates: int | None = None,
    inputs: str | Path | Inference | None = None,
    policies: Mapping[str, str | Policy] | None = None,
    out: str | Path | None = None,
    keep_worlds: bool = False,
    series: int | None = None,
    force: bool = False,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Told = None,
) -> Sweep:
    """Run many worlds of a scenario in every combination of settings, or a design.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before.
    vary
        Settings by path: `{"chips.kursk.area_km2": range(0, 1001, 100)}`; a setting
        may be a number, word, date, list or mapping. A text is read as after `--vary`:
        "0:1000:11", or "0:1000" for a design to draw from; with such a design a tuple,
        `(0, 1000)`, is that range, too, and a list is a list.
    design
        Other points than all combinations: "lhs:64" and "sobol:64" draw from `vary`; a
        CSV file, a list of mappings from path to value, a table of pandas, the folder
        of another sweep, or a `sim.batch.design.Design` name them.
    replicates
        Worlds of each cell, by default 1000; replicate 17 has the same luck in all.
    precision
        Instead: half-width of the 95 % intervals of both headlines. Each cell is run
        until it is reached; differences are of the replicates that a cell and the
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
    inputs
        An inference (`sim.infer`), or its folder: as many sets again, 200 by default,
        are drawn from those that fit the record.
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
    progress
        None tells how far it is where somebody sees it, on a terminal and in a
        notebook; False never does.

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
    varied = by_name("--vary", vary)
    if isinstance(design, str) and is_method(design):
        varied = {path: to_draw_from(path, each) for path, each in varied.items()}
    plan = make_plan(
        base,
        varied,
        design=design,
        replicates=replicates,
        precision=precision,
        seed=seed,
        within_days=within_days,
        reference=reference,
        input_sets=input_sets,
        input_replicates=input_replicates,
        inputs=inputs,
        keep_worlds=keep_worlds,
        series=0 if series is None and out is None else series,
        policies=chosen,
    )
    done = carry_out(
        plan,
        None if out is None else place("--out", out),
        force=force,
        threads=threads,
        scheduler=scheduler,
        progress=progress,
    )
    assert done is not None  # it is no part
    return done


def make_plan(
    base: Loaded,
    vary: Mapping[str, Iterable[object] | Range],
    *,
    design: Asked = None,
    replicates: int | None = None,
    precision: float | None = None,
    seed: int = SEED,
    within_days: int = WITHIN_DAYS,
    reference: Mapping[str, object] | None = None,
    input_sets: int = 0,
    input_replicates: int | None = None,
    inputs: str | Path | Inference | None = None,
    keep_worlds: bool = False,
    series: int | None = None,
    policies: Policies | None = None,
    part: Part | None = None,
) -> Plan:
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
            raise UsageError(
                "--precision itself decides how many replicates are "
                "run: give only one of --precision and --replicates"
            )
        replicates = most_replicates(precision)
    elif replicates is None:
        replicates = REPLICATES
    made = make_design(
        by_name("--vary", vary),
        design,
        reference=by_name("--reference", reference),
        seed=seed,
    )
    sets = None
    found = None if inputs is None else opened(inputs, base)
    if found is not None:
        input_sets = input_sets or FITTED_SETS
    if input_sets:
        ranges = inputs_of(base, without=made.paths)
        if not ranges:
            raise UsageError(
                "--input-sets: no value of the scenario has a low or a "
                "high to draw from"
            )
        many = input_sets if found is None else 2 * input_sets
        check_input_sets(len(made), many, len(ranges))
        each = input_replicates or max(200, replicates // 10)
        sets = draw_sets(ranges, sets=input_sets, replicates=each, seed=seed)
        if found is not None:
            sets = with_fitted(sets, found.sets, found.digest())
    return Plan(
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


def carry_out(
    plan: Plan,
    folder: Path | None,
    *,
    force: bool = False,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Told = None,
) -> Sweep | None:
    """Run what was planned, or what is left of it; None of a part, kept below `folder`.

    Arguments and errors as `sweep`; of a part also UsageError if `folder` holds a whole
    sweep, or parts of another one.
    """
    manifest = describe(plan)
    force = flag("--force", force)
    threads = None if threads is None else whole("--threads", threads, 1)
    scheduler = None if scheduler is None else word("--scheduler", scheduler)
    kept = folder
    if plan.part is not None:
        assert folder is not None
        kept = plan.part.folder(folder)
        check_beside(folder, manifest, plan.part)
        refuse_links(kept, folder)
    check_fits(plan, kept, threads)
    with closing(executor_of(plan, threads=threads, scheduler=scheduler)) as executor:
        if folder is None or kept is None:
            memory = Memory()
            run(plan, memory, executor, progress=progress)
            return _in_memory(plan, manifest, memory)
        with closing(Folder(kept, plan, manifest, force=force)) as store:
            run_to_the_end(plan, store, executor, progress=progress)
    return open_sweep(folder) if plan.part is None else None


def _in_memory(plan: Plan, manifest: dict[str, Any], memory: Memory) -> Sweep:
    held = manifest["inputs"]
    inputs = None
    if plan.input_sets is not None:
        inputs = frame(inputs_table(plan.design, memory.input_rows, held))
    series = series_tables(memory.series)
    return Sweep(
        {**manifest, "complete": True, "spent": spent(manifest, memory.rows)},
        cells=frame(cells_table(plan.design, memory.rows, memory.input_rows, held)),
        input_sets=inputs,
        in_memory={name: frame(table) for name, table in series.items()},
    )


def merge(sweep: Path, *, force: bool = False) -> Sweep:
    """Join the parts of a sweep; errors as `sim.batch.merge.merge`."""
    join(sweep, force=force)
    return open_sweep(sweep)
