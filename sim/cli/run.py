"""`ceasefire run`: one world through the Mesa model."""

from pathlib import Path

import click

from sim.cli.common import (
    aside,
    command_line,
    debug_option,
    force_option,
    json_option,
    open_scenario,
    policy_files,
    policy_option,
    quiet_option,
    refuse_existing,
    replicate_option,
    scenario_argument,
    seed_option,
    set_option,
)
from sim.cli.run_text import files_below, give


@click.command()
@scenario_argument
@set_option
@seed_option
@replicate_option
@policy_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for run.json and the figure of the run.",
)
@force_option
@json_option
@quiet_option
@debug_option
def run(
    scenario: str,
    changes: tuple[str, ...],
    seed: int,
    replicate: int,
    policies: tuple[str, ...],
    out: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """One world, told in words.

    A file given to --policy is run as Python, with all rights that you have: read it
    first if it is not your own.
    """
    loaded = open_scenario(scenario, changes)
    if out is not None:
        reads = [*loaded.files, *policy_files(policies)]
        refuse_existing(files_below(out), reads=reads, force=force)
    from sim.api import run as run_world

    with aside(policies):
        chosen = {}
        if policies:
            from sim.policy_files import load_policies

            chosen = load_policies(policies, loaded.scenario.parties)
        world = run_world(loaded, seed=seed, replicate=replicate, policies=chosen)
    words = [word for text in policies for word in ("--policy", text)]
    command = command_line(
        "run", scenario, *words, assignments=changes, seed=seed, replicate=replicate
    )
    give(world, command, out=out, as_json=as_json, quiet=quiet)
