"""`ceasefire replay`: one world of a sweep again, agent by agent."""

from dataclasses import replace
from pathlib import Path

import click

from sim.api.run import OTHER_CODE, run_again
from sim.batch.replay import address
from sim.batch.settings import shown
from sim.cli.options import (
    command_line,
    debug_option,
    force_option,
    json_option,
    policy_option,
    quiet_option,
    refuse_result,
    say,
)
from sim.cli.run import give


@click.command()
@click.argument(
    "folder", metavar="DIR", type=click.Path(path_type=Path, readable=False)
)
@click.option(
    "--cell", type=int, required=True, help="Which cell, as in cells.parquet."
)
@click.option("--replicate", type=int, required=True, help="Which of its worlds.")
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
def replay(
    folder: Path,
    cell: int,
    replicate: int,
    policies: tuple[str, ...],
    out: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """One world of a sweep again, told in words.

    The scenario and the settings of the cell are those in DIR/manifest.json, and so
    are the policies; --policy says where a file is now, if it is not where it was. If
    the sweep kept its worlds, what comes of this one is held against what was kept.
    """
    refuse_result(out, force=force)
    at = address(folder, cell, replicate)
    if not at.same_code:
        say(f"note: {OTHER_CODE}")
    world = run_again(at, policies)
    words = [word for text in policies for word in ("--policy", text)]
    command = command_line(
        "replay", str(folder), *words, cell=cell, replicate=replicate
    )
    listed = ", ".join(f"{path} {shown(each)}" for path, each in at.settings.items())
    say(f"cell {cell}{': ' if listed else ''}{listed}", quiet=quiet)
    if at.kept is not None:
        say("its outcome is the one that the sweep kept", quiet=quiet)
    more = {"command": command, "cell": cell, "settings": at.settings}
    world = replace(world, manifest={**world.manifest, **more})
    give(world, out=out, force=force, as_json=as_json, quiet=quiet)
