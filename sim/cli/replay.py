"""`ceasefire replay`: one world of a sweep again, agent by agent."""

from dataclasses import replace
from pathlib import Path

import click

from sim.api.run import OTHER_CODE, Run, run_again
from sim.batch.design import plain
from sim.batch.replay import address
from sim.batch.settings import shown
from sim.cli.options import (
    Whole,
    aside,
    command_line,
    debug_option,
    force_option,
    json_option,
    policy_files,
    policy_option,
    quiet_option,
    refuse_result,
    say,
)
from sim.cli.run import give
from sim.scenario.arguments import LARGEST


@click.command()
@click.argument(
    "folder", metavar="DIR", type=click.Path(path_type=Path, readable=False)
)
@click.option(
    "--cell",
    type=Whole(-LARGEST),
    required=True,
    help="Which cell, as in cells.parquet.",
)
@click.option(
    "--replicate", type=Whole(-LARGEST), required=True, help="Which of its worlds."
)
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

    The scenario and the settings of the cell are those in DIR/manifest.json. A file of
    Python is run only if --policy names it here, and only if it is the one of the
    sweep, byte for byte: read it first if it is not your own. If the sweep kept its
    worlds, what comes of this one is held against what was kept.
    """
    sweep = [folder / "manifest.json", *folder.rglob("*.parquet")]
    reads = [*sweep, *policy_files(policies)]
    refuse_result(Run, out, reads=reads, force=force)
    at = address(folder, cell, replicate)
    if not at.same_code:
        say(f"note: {OTHER_CODE}")
    with aside(policies):
        world = run_again(at, policies)
    words = [word for text in policies for word in ("--policy", text)]
    command = command_line(
        "replay", str(folder), *words, cell=cell, replicate=replicate
    )
    listed = ", ".join(f"{path} {shown(each)}" for path, each in at.settings.items())
    say(f"cell {cell}{': ' if listed else ''}{listed}", quiet=quiet)
    if at.kept is not None:
        say("its outcome is the one that the sweep kept", quiet=quiet)
    settings = {path: plain(each) for path, each in at.settings.items()}
    more = {"command": command, "cell": cell, "settings": settings}
    world = replace(world, manifest={**world.manifest, **more})
    give(world, out=out, force=force, as_json=as_json, quiet=quiet)
