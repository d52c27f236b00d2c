"""`ceasefire sweep`: many worlds over a grid of settings, or another design."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from sim.api.sweep import carry_out, carry_out_part, make_plan
from sim.batch.designs import Asked as AskedDesign
from sim.batch.experiment import experiment_file, read_experiment
from sim.batch.folder import check_folder, files_of_sweep
from sim.batch.limits import check_fits, check_memory, needs, pilot_seconds, size
from sim.batch.manifest import command_of, describe
from sim.batch.plan import Plan, parse_part
from sim.batch.policy_worlds import file_policies
from sim.batch.progress import Progress, duration
from sim.batch.settings import parse_vary
from sim.batch.tables import MANIFEST
from sim.cli.cells import print_sweep
from sim.cli.options import (
    FORECAST,
    Whole,
    aside,
    changes_of,
    command_line,
    debug_option,
    force_option,
    json_option,
    policy_files,
    policy_option,
    print_json,
    quiet_option,
    say,
    set_option,
)
from sim.cli.tables import aligned
from sim.errors import ScenarioError, UsageError
from sim.scenario.arguments import MOST_DAYS
from sim.scenario.load import load, refuse_overwriting


@dataclass(frozen=True)
class Asked:
    """What was typed; an experiment file says the rest."""

    scenario: str
    vary: Sequence[str]
    design: str | None
    changes: Sequence[str]
    reference: Sequence[str]
    numbers: Mapping[str, float | None]
    keep_worlds: bool
    policies: Sequence[str]
    part: str | None

    def plan(self) -> Plan:
        """Return the sweep asked for, checked whole.

        Raises
        ------
        CeasefireError
            As `sim.api.sweep.make_plan`, `load` and `read_experiment`.
        """
        file = experiment_file(self.scenario)
        if file is None:
            return self._plan(self.scenario, {}, None, {}, {}, {})
        experiment = read_experiment(file)
        try:
            return self._plan(
                experiment.scenario,
                experiment.vary,
                experiment.design,
                experiment.set,
                experiment.reference,
                experiment.numbers,
            )
        except ScenarioError as error:
            raise experiment.located(error) from None

    def _plan(
        self,
        scenario: str | Path,
        vary: dict[str, Any],
        design: AskedDesign,
        changes: dict[str, object],
        reference: dict[str, object],
        numbers: dict[str, Any],
    ) -> Plan:
        typed: dict[str, Any] = {}
        for path, settings in map(parse_vary, self.vary):
            if path in typed:
                raise UsageError(f"--vary gives {path} twice")
            typed[path] = settings
        set_here = changes_of(self.changes)
        for path in set_here:
            if path in typed:
                raise UsageError(f"{path} is given to --set and to --vary")
        given: dict[str, Any] = {
            name: value for name, value in self.numbers.items() if value is not None
        }
        base = load(scenario, set={**changes, **set_here})
        chosen = None
        if self.policies:
            chosen = file_policies(self.policies, base.scenario.parties)
        amounts = {"replicates", "precision"}
        if amounts & set(given):  # either replaces both
            numbers = {name: numbers[name] for name in set(numbers) - amounts}
        return make_plan(
            base,
            {**vary, **typed},
            design=design if self.design is None else self.design,
            reference={**reference, **_references(self.reference)},
            keep_worlds=self.keep_worlds,
            policies=chosen,
            part=None if self.part is None else parse_part(self.part),
            **{**numbers, **given},
        )


def _references(texts: Sequence[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for text in texts:
        path, settings = parse_vary(text)
        if not isinstance(settings, tuple) or len(settings) != 1:
            raise UsageError(f"--reference {path}: is one setting")
        found[path] = settings[0]
    return found


@click.command()
@click.argument("scenario", metavar="SCENARIO_OR_EXPERIMENT")
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH=FROM:TO:COUNT",
    help="Settings of one value, also as PATH=a,b,c; repeated, all combinations.",
)
@click.option(
    "--design",
    metavar="DESIGN",
    help="Other points: lhs:N or sobol:N, drawn from --vary PATH=FROM:TO; FILE.csv.",
)
@set_option
@click.option(
    "--reference",
    multiple=True,
    metavar="PATH=VALUE",
    help="Setting to compare with; default: the first of each path.",
)
@click.option(
    "--replicates", type=Whole(1), help="Worlds of each cell.  [default: 1000]"
)
@click.option(
    "--precision",
    type=float,
    metavar="HALF-WIDTH",
    help="Instead: half-width of the interval of the full truce share, cell by cell.",
)
@click.option(
    "--seed", type=Whole(), help="Number that all luck is drawn from.  [default: 1]"
)
@click.option(
    "--within-days",
    type=Whole(1, MOST_DAYS),
    help="Day by which a first truce counts.  [default: 90]",
)
@click.option(
    "--input-sets",
    type=Whole(0),
    help="Sets of inputs drawn between their low and high, run apart from luck.",
)
@click.option(
    "--input-replicates",
    type=Whole(1),
    help="Worlds of each set and cell.  [default: a tenth of the replicates, from 200]",
)
@policy_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, readable=False),  # we say why, and end with 4
    metavar="DIR",
    help="Folder of the sweep; an unfinished one goes on.  [required]",
)
@click.option(
    "--part",
    metavar="K/N",
    help="Only a share, for jobs side by side; then `ceasefire merge DIR`.",
)
@click.option("--keep-worlds", is_flag=True, help="Keep the outcome of every world.")
@click.option(
    "--series",
    type=Whole(0),
    help="Worlds of each cell to look at day by day.  [default: 400 where that fits]",
)
@click.option(
    "--threads",
    type=Whole(1),
    help="Or processes: --policy, --scheduler local.  [default: all processors]",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Let Dask workers compute: tcp://HOST:PORT, or 'local' for some here.",
)
@click.option(
    "--dry-run", is_flag=True, help="Say what it would take, and do nothing more."
)
@force_option
@json_option
@quiet_option
@debug_option
def sweep(
    scenario: str,
    vary: tuple[str, ...],
    design: str | None,
    changes: tuple[str, ...],
    reference: tuple[str, ...],
    policies: tuple[str, ...],
    out: Path | None,
    part: str | None,
    keep_worlds: bool,
    threads: int | None,
    scheduler: str | None,
    dry_run: bool,
    force: bool,
    as_json: bool,
    quiet: bool,
    **numbers: float | None,
) -> None:
    """Many worlds over a grid of settings.

    Cells are all combinations of --vary; or, with --design, a Latin hypercube (lhs:N)
    or Sobol points (sobol:N) drawn from it, or the lines of a CSV file whose header
    names paths. Numbers, dates, words, and lists or mappings in brackets may vary.

    With --policy they run through the Mesa model in worker processes, which takes much
    longer. The file is run as Python, with all rights that you have.

    With --scheduler worlds are run elsewhere; folder and result are the same.
    """
    if out is None and not dry_run:
        raise click.UsageError("Missing option '--out': the folder of the sweep.")
    asked = Asked(
        scenario=scenario,
        vary=vary,
        design=design,
        changes=changes,
        reference=reference,
        numbers=numbers,
        keep_worlds=keep_worlds,
        policies=policies,
        part=part,
    )
    with aside(policies):
        plan = asked.plan()
    if plan.design.made.note:
        say(f"note: {plan.design.made.note}", quiet=quiet)
    if dry_run:
        _tell_needs(plan, out, threads, policies, as_json=as_json)
        return
    assert out is not None
    folder = out if plan.part is None else plan.part.folder(out)
    if not check_folder(folder, describe(plan), force=force):
        reads = [*_reads(scenario, plan), *policy_files(policies)]
        refuse_overwriting(files_of_sweep(folder), reads)
    say(
        f"{plan.base.scenario.title}\n"
        f"scenario {plan.base.scenario.id}, hash {plan.base.hash}, seed {plan.seed}\n"
        f"again: {command_of(plan, str(out), plan.part)}",
        quiet=quiet,
    )
    how: dict[str, Any] = {
        "force": force,
        "threads": threads,
        "scheduler": scheduler,
        "progress": Progress(None if quiet else sys.stderr),
    }
    try:
        if plan.part is not None:
            carry_out_part(plan, out, **how)
            say(
                f"in {folder}: part {plan.part}; when all {plan.part.of} are there: "
                f"{command_line('merge', str(out))}",
                quiet=quiet,
            )
            return
        done = carry_out(plan, out, **how)
    except KeyboardInterrupt:
        say(f"stopped; what is finished is in {out}, the same command goes on from it")
        raise
    print_sweep(done, as_json=as_json, quiet=quiet)
    tables = ", ".join(done.manifest["files"])
    say(f"in {out}: manifest.json, {tables}\n{FORECAST}", quiet=quiet)


def _reads(scenario: str, plan: Plan) -> list[Path]:
    """Return the files that a sweep is made from, but for those of policies."""
    experiment, design = experiment_file(scenario), Path(plan.design.made.source)
    named = [experiment] if experiment is not None else []
    return [*plan.base.files, *named, design, design / MANIFEST]


def _tell_needs(
    plan: Plan,
    out: Path | None,
    threads: int | None,
    policies: Sequence[str],
    *,
    as_json: bool,
) -> None:
    """Print what a sweep would take."""
    if plan.part is not None:
        check_memory(plan, threads)
    found = needs(plan, threads)
    most = ", at most" if plan.precision is not None else ""
    with aside(policies):
        seconds = pilot_seconds(plan, threads)
    if as_json:
        print_json(
            {
                "schema_version": 1,
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
        )
    else:
        rows = [
            ["cells", f"{found.cells:,}"],
            [f"worlds{most}", f"{found.worlds:,}"],
            ["worlds of input sets", f"{found.input_worlds:,}"],
            ["worlds again, day by day", f"{found.series_worlds:,}"],
            [f"time, about{most}", duration(max(seconds, 0.1))],
            ["disk, at most", size(found.disk_bytes)],
            ["memory for results, at most", size(found.memory_bytes)],
        ]
        click.echo("\n".join(aligned(rows, right=[1])))
    check_fits(plan, out, threads)
