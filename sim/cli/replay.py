"""`ceasefire replay`: one world that is kept on disk again, agent by agent."""

from dataclasses import replace
from pathlib import Path

import click

from sim.api.run import OTHER_CODE, Run, kept_run, run_again
from sim.batch.design import plain
from sim.batch.replay import address
from sim.batch.settings import shown
from sim.cli import options
from sim.cli.run import told
from sim.errors import UsageError
from sim.scenario.arguments import LARGEST


@click.command()
@options.folder_argument
@options.number_option(
    "--cell", "Number of the cell of a sweep, as in cells.parquet.", least=-LARGEST
)
@options.number_option(
    "--replicate", "Number of the world in that cell.", least=-LARGEST
)
@options.policy_option
@options.numbers_option
@options.result_options("Folder for the run, its tables and its figure.")
def replay(
    folder: Path,
    cell: int | None,
    replicate: int | None,
    policies: tuple[str, ...],
    numbers: bool,
    output: options.Output,
) -> None:
    """Run a saved world again and tell it in words.

    DIR is a sweep, in which --cell and --replicate choose the world, or a folder that
    `run` or `play` has written; the moves of a game are then played again, each on its
    day. The scenario and the settings are those in DIR/manifest.json. A Python file is
    run only if --policy names it here, and only if it is identical to the one that the
    sweep used: read it first if it is not your own. The outcome is checked against the
    saved one.
    """
    sweep = [folder / "manifest.json", *folder.rglob("*.parquet")]
    output.refuse(Run, [*sweep, *options.policy_files(policies)])
    kept = kept_run(folder)
    if kept is not None:
        if (cell, replicate) != (None, None):
            raise UsageError(
                f"{folder} contains only one world: leave out --cell and --replicate"
            )
        with options.aside(policies):
            found = kept.again(policies)
        output.say("the outcome is the same as the saved one")
        output.give(found, told(found, numbers=numbers))
        return
    if cell is None or replicate is None:
        raise UsageError(
            f"{folder} is a sweep: choose a world with --cell and --replicate"
        )
    at = address(folder, cell, replicate)
    if not at.same_code:
        options.say(f"note: {OTHER_CODE}")
    with options.aside(policies):
        world = run_again(at, policies)
    command = options.command_line(
        "replay", str(folder), policy=policies, cell=cell, replicate=replicate
    )
    listed = ", ".join(f"{path} {shown(each)}" for path, each in at.settings.items())
    output.say(f"cell {cell}{': ' if listed else ''}{listed}")
    if at.kept is not None:
        output.say("the outcome is the same as the one that the sweep saved")
    settings = {path: plain(each) for path, each in at.settings.items()}
    more = {"command": command, "cell": cell, "settings": settings}
    world = replace(world, manifest={**world.manifest, **more})
    output.give(world, told(world, numbers=numbers))
