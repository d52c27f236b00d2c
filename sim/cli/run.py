"""`ceasefire run`: one world through the Mesa model."""

import sys
from collections.abc import Iterator

import click

import sim
from sim.api.run import Run
from sim.batch.progress import Progress
from sim.cli import options
from sim.cli.tables import paragraph
from sim.model.policy_files import load_policies


@click.command()
@options.scenario_argument
@options.set_option
@options.seed_option
@options.replicate_option
@options.policy_option
@options.numbers_option
@options.result_options("Folder for the run with its tables and figure.")
def run(
    scenario: str,
    changes: tuple[str, ...],
    seed: int,
    replicate: int,
    policies: tuple[str, ...],
    numbers: bool,
    output: options.Output,
) -> None:
    """Run one world and tell it in words.

    The story says how the world ends, what decided it, and what happened day by day.

    A file given to --policy is run as Python with all your rights: read it first if it
    is not your own.
    """
    loaded = options.open_scenario(scenario, changes)
    output.refuse(Run, [*loaded.files, *options.policy_files(policies)])
    Progress(None if output.quiet else sys.stderr).note_first_start()
    world = {"seed": seed, "replicate": replicate}
    command = options.command_line(
        "run", scenario, policy=policies, set=changes, **world
    )
    with options.aside(policies):
        chosen = load_policies(policies, loaded.scenario.parties)
        found = sim.run(loaded, **world, policies=chosen, command=command)
    output.give(found, told(found, numbers=numbers))


def told(world: Run, *, numbers: bool) -> Iterator[str]:
    """Yield a world in words; with `numbers`, every event and its reasons."""
    yield click.style(world.loaded.scenario.title, bold=True)
    for part in world.tell(numbers=numbers):
        yield f"\n{paragraph(part)}"
    for party, policy in world.policies.items():
        file = f", file {policy['sha256']}" if policy["sha256"] else ""
        yield f"\npolicy of {party}: {policy['class']}{file}"
    yield (
        f"\nscenario {world.loaded.scenario.id}, hash {world.loaded.hash}, "
        f"seed {world.seed}, replicate {world.replicate}\nagain: {world.command}"
    )
