"""`ceasefire sweep`: many worlds over a grid of settings, or another design."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sim.api.sweep import carry_out, make_plan
from sim.batch.experiment import Experiment, experiment_file, read_experiment
from sim.batch.folder import check_folder, files_of_sweep
from sim.batch.limits import check_fits, check_memory, needs, pilot_seconds, size
from sim.batch.manifest import command_of, describe
from sim.batch.plan import Plan, parse_part
from sim.batch.policy_worlds import file_policies
from sim.batch.progress import Progress, duration
from sim.batch.settings import parse_vary
from sim.batch.tables import MANIFEST, SCHEMA_VERSION
from sim.cli import options
from sim.cli.cells import print_sweep
from sim.cli.tables import aligned
from sim.errors import ScenarioError, UsageError
from sim.scenario.arguments import MOST_DAYS
from sim.scenario.load import load, refuse_overwriting

_AMOUNTS = {"replicates", "precision"}


def _plan(
    scenario: str,
    policies: Sequence[str],
    *,
    vary: Sequence[str],
    design: str | None,
    changes: Sequence[str],
    reference: Sequence[str],
    part: str | None,
    keep_worlds: bool,
    **numbers: float | None,
) -> Plan:
    """Return the sweep that was typed, checked whole; an experiment says the rest."""
    file = experiment_file(scenario)
    experiment = (
        read_experiment(file) if file else Experiment.model_construct(scenario=scenario)
    )
    try:
        typed: dict[str, Any] = {}
        for path, settings in map(parse_vary, vary):
            if path in typed:
                raise UsageError(f"--vary gives {path} twice")
            typed[path] = settings
        set_here = options.changes_of(changes)
        for path in set_here:
            if path in typed:
                raise UsageError(f"{path} is given to both --set and --vary")
        given = {name: value for name, value in numbers.items() if value is not None}
        base = load(experiment.scenario, set={**experiment.set, **set_here})
        chosen = file_policies(policies, base.scenario.parties) if policies else None
        said: dict[str, Any] = experiment.numbers
        if given.keys() & _AMOUNTS:  # either replaces both
            said = {name: said[name] for name in said.keys() - _AMOUNTS}
        return make_plan(
            base,
            {**experiment.vary, **typed},
            design=experiment.design if design is None else design,
            reference={**experiment.reference, **_references(reference)},
            keep_worlds=keep_worlds,
            policies=chosen,
            part=None if part is None else parse_part(part),
            **{**said, **given},
        )
    except ScenarioError as error:
        raise (experiment.located(error) if file else error) from None


def _references(texts: Sequence[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for text in texts:
        path, settings = parse_vary(text)
        if not isinstance(settings, tuple) or len(settings) != 1:
            raise UsageError(f"--reference {path}: needs exactly one setting")
        found[path] = settings[0]
    return found


@click.command()
@click.argument("scenario", metavar="SCENARIO_OR_EXPERIMENT")
@options.repeated_option(
    "--vary",
    "PATH=FROM:TO:COUNT",
    "Settings of one input, or PATH=a,b,c; repeatable: all combinations are run.",
)
@click.option(
    "--design",
    metavar="DESIGN",
    help="Points to run instead of a grid: lhs:N or sobol:N, drawn from --vary "
    "PATH=FROM:TO, or FILE.csv.",
)
@options.set_option
@options.repeated_option(
    "--reference",
    "PATH=VALUE",
    "Setting to compare the others with; default: the first of each input.",
)
@options.number_option(
    "--replicates", "Number of worlds of each cell.  [default: 1000]", least=1
)
@click.option(
    "--precision",
    type=float,
    metavar="HALF-WIDTH",
    help="Instead of --replicates: run each cell until the 95 % intervals of both "
    "headlines have this half-width.",
)
@options.number_option("--seed", "Seed of all random numbers.  [default: 1]")
@options.number_option(
    "--within-days",
    "Day by which a first truce must begin to be counted.  [default: 90]",
    least=1,
    most=MOST_DAYS,
)
@options.number_option(
    "--input-sets",
    "Number of sets of inputs, drawn between their low and high, to separate "
    "uncertainty about inputs from luck.",
)
@click.option(
    "--inputs",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="Run as many sets of inputs that fit the record as well: a folder that "
    "`infer` wrote, or the shipped march-2025.",
)
@options.number_option(
    "--input-replicates",
    "Number of worlds of each set and cell.  [default: a tenth of the replicates, at "
    "least 200]",
    least=1,
)
@options.policy_option
@click.option(
    "--out",
    # If it cannot be read we say why, and end with 4.
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="Folder of the sweep; an unfinished sweep in it is continued.  [required]",
)
@click.option(
    "--part",
    metavar="K/N",
    help="Run only part K of N, for several jobs at once; `ceasefire merge DIR` "
    "joins the parts.",
)
@click.option("--keep-worlds", is_flag=True, help="Keep the outcome of every world.")
@options.number_option(
    "--series",
    "Number of worlds of each cell to record day by day.  [default: 400 if memory "
    "allows]",
)
@options.number_option(
    "--threads",
    "Number of threads, or of processes with --policy or --scheduler local.  "
    "[default: all processors]",
    least=1,
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Let Dask workers compute: tcp://HOST:PORT, or 'local' for workers on this "
    "machine.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Print the time, memory and disk space needed, and run nothing.",
)
@options.wide_option
@options.output_options("force", "json", "quiet")
def sweep(
    scenario: str,
    policies: tuple[str, ...],
    threads: int | None,
    scheduler: str | None,
    dry_run: bool,
    wide: bool,
    output: options.Output,
    **asked: Any,
) -> None:
    """Run many worlds over a grid of settings.

    The settings (cells) are all combinations of --vary; or, with --design, points drawn
    from the ranges of --vary as a Latin hypercube (lhs:N) or a Sobol sequence
    (sobol:N), or the lines of a CSV file whose header names inputs. Numbers, dates,
    words, and lists or mappings in brackets may vary.

    With --policy, worlds run through the Mesa model in worker processes, which takes
    much longer. The file is run as Python with all your rights.

    With --scheduler, worlds are run on other machines; the folder and the results are
    the same.
    """
    out = output.out
    if out is None and not dry_run:
        raise click.UsageError("Missing option '--out': the folder of the sweep.")
    with options.aside(policies):
        plan = _plan(scenario, policies, **asked)
    if plan.design.made.note:
        output.say(f"note: {plan.design.made.note}")
    if dry_run:
        _tell_needs(plan, output, threads, policies)
        return
    assert out is not None
    folder = out if plan.part is None else plan.part.folder(out)
    if not check_folder(folder, describe(plan), force=output.force):
        file, source = experiment_file(scenario), Path(plan.design.made.source)
        reads = [
            *plan.base.files,
            source,
            source / MANIFEST,
            *options.policy_files(policies),
        ]
        refuse_overwriting(files_of_sweep(folder), [*reads, *([file] if file else [])])
    output.say(
        f"{plan.base.scenario.title}\n"
        f"scenario {plan.base.scenario.id}, hash {plan.base.hash}, seed {plan.seed}\n"
        f"again: {command_of(plan, str(out), plan.part)}"
    )
    try:
        done = carry_out(
            plan,
            out,
            force=output.force,
            threads=threads,
            scheduler=scheduler,
            progress=Progress(None if output.quiet else sys.stderr),
        )
    except KeyboardInterrupt:
        options.say(
            f"stopped; what is finished is in {out}, and the same command continues "
            "from there"
        )
        raise
    if done is None:
        assert plan.part is not None
        output.say(
            f"in {folder}: part {plan.part}; when all {plan.part.of} parts are there: "
            f"{options.command_line('merge', str(out))}"
        )
        return
    print_sweep(done, output, wide=wide)
    tables = ", ".join(done.manifest["files"])
    output.say(f"in {out}: manifest.json, {tables}\n{options.FORECAST}")


def _tell_needs(
    plan: Plan, output: options.Output, threads: int | None, policies: Sequence[str]
) -> None:
    """Print what a sweep would take."""
    if plan.part is not None:
        check_memory(plan, threads)
    found = needs(plan, threads)
    most = ", at most" if plan.precision is not None else ""
    with options.aside(policies):
        seconds = pilot_seconds(plan, threads)
    data = {
        "schema_version": SCHEMA_VERSION,
        "scenario": plan.base.scenario.id,
        "scenario_hash": plan.base.hash,
        "cells": found.cells,
        "worlds": found.worlds,
        "input_worlds": found.input_worlds,
        "series_worlds": found.series_worlds,
        "seconds": round(seconds, 3),
        "disk_bytes": found.disk_bytes,
        "memory_bytes": found.memory_bytes,
    }
    rows = [
        ["cells", f"{found.cells:,}"],
        [f"worlds{most}", f"{found.worlds:,}"],
        ["worlds of input sets", f"{found.input_worlds:,}"],
        ["worlds recorded day by day", f"{found.series_worlds:,}"],
        [f"time, about{most}", duration(max(seconds, 0.1))],
        ["disk, at most", size(found.disk_bytes)],
        ["memory for results, at most", size(found.memory_bytes)],
    ]
    options.print_either(data, aligned(rows, right=[1]), as_json=output.as_json)
    check_fits(plan, output.out, threads)
