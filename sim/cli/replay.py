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
    "--cell", "Which cell of a sweep, as in cells.parquet.", least=-LARGEST
)
@options.number_option("--replicate", "Which of its worlds.", least=-LARGEST)
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
    """One world that is kept again, told in words.

    DIR is a sweep, of which --cell and --replicate say which world, or what `run` or
    `play` has written: the moves of a game are played again, each on its day. The
    scenario and the settings of the cell are those in DIR/manifest.json. A file of
    Python is run only if --policy names it here, and only if it is the one of the
    sweep, byte for byte: read it first if it is not your own. What comes of the world
    is held against what was kept of it.
    """
    sweep = [folder / "manifest.json", *folder.rglob("*.parquet")]
    output.refuse(Run, [*sweep, *options.policy_files(policies)])
    kept = kept_run(folder)
    if kept is not None:
        if (cell, replicate) != (None, None):
            raise UsageError(f"{folder} keeps one world: leave out --cell, --replicate")
        with options.aside(policies):
            found = kept.again(policies)
        output.say("the same came of it again")
        output.give(found, told(found, numbers=numbers))
        return
    if cell is None or replicate is None:
        raise UsageError(f"{folder} is a sweep: --cell and --replicate say which world")
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
        output.say("its outcome is the one that the sweep kept")
    settings = {path: plain(each) for path, each in at.settings.items()}
    more = {"command": command, "cell": cell, "settings": settings}
    world = replace(world, manifest={**world.manifest, **more})
    output.give(world, told(world, numbers=numbers))
