"""`ceasefire run`: one world through the Mesa model."""

from pathlib import Path

import click

import sim
from sim.api.run import Run
from sim.cli.options import (
    aside,
    command_line,
    debug_option,
    force_option,
    give_result,
    json_option,
    open_scenario,
    policy_files,
    policy_option,
    print_json,
    quiet_option,
    refuse_result,
    replicate_option,
    scenario_argument,
    seed_option,
    set_option,
)
from sim.cli.tables import paragraph
from sim.model.policy_files import load_policies


def give(
    world: Run, *, out: Path | None, force: bool, as_json: bool, quiet: bool
) -> None:
    """Print a world, as words or as one JSON object, and write it to a folder."""
    give_result(world, out, force=force, quiet=quiet)
    if as_json:
        print_json(world.to_dict())
        return
    click.echo(click.style(world.loaded.scenario.title, bold=True))
    for part in world.story:
        click.echo(f"\n{paragraph(part)}")
    for party, policy in world.policies.items():
        click.echo(f"\npolicy of {party}: {policy['class']}, file {policy['sha256']}")
    click.echo(
        f"\nscenario {world.loaded.scenario.id}, hash {world.loaded.hash}, "
        f"seed {world.seed}, replicate {world.replicate}\nagain: {world.command}"
    )


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
    help="Folder for the run, its tables and its figure.",
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
    reads = [*loaded.files, *policy_files(policies)]
    refuse_result(Run, out, reads=reads, force=force)
    words = [word for text in policies for word in ("--policy", text)]
    command = command_line(
        "run", scenario, *words, assignments=changes, seed=seed, replicate=replicate
    )
    with aside(policies):
        chosen = {}
        if policies:
            chosen = load_policies(policies, loaded.scenario.parties)
        world = sim.run(
            loaded, seed=seed, replicate=replicate, policies=chosen, command=command
        )
    give(world, out=out, force=force, as_json=as_json, quiet=quiet)
