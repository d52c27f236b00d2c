"""`ceasefire run`: one world through the Mesa model."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.api.run import run as run_world
from sim.batch.files import sealed, together
from sim.cli.options import (
    aside,
    command_line,
    debug_option,
    force_option,
    json_option,
    json_text,
    open_scenario,
    policy_files,
    policy_option,
    print_json,
    quiet_option,
    refuse_existing,
    replicate_option,
    say,
    scenario_argument,
    seed_option,
    set_option,
)
from sim.cli.tables import paragraph
from sim.model.policy_files import load_policies
from sim.plots.figure import FORMATS, files_of

if TYPE_CHECKING:
    from sim.api.run import Run


def give(
    world: "Run",
    command: str,
    *,
    out: Path | None,
    as_json: bool,
    quiet: bool,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Print a world, as words or as one JSON object, and write it to a folder.

    `command` repeats it; `more` is what else the object is to hold.
    """
    data = {**world.to_dict(), "command": command, **(more or {})}
    if out is not None:
        data = sealed(data)
        figure = world.plot(command=command)
        with together(out) as put:
            put(out / "run.json", json_text(data))
            drawn = files_of(figure, out / "figures", metadata=_metadata(data))
            for path, content in drawn.items():
                put(path, content)
        say(f"written to {out}: run.json, figures/{figure.name}.*", quiet=quiet)
    if as_json:
        print_json(data)
        return
    click.echo(click.style(world.loaded.scenario.title, bold=True))
    for part in world.story:
        click.echo(f"\n{paragraph(part)}")
    for party, policy in world.policies.items():
        click.echo(f"\npolicy of {party}: {policy['class']}, file {policy['sha256']}")
    click.echo(
        f"\nscenario {world.loaded.scenario.id}, hash {world.loaded.hash}, "
        f"seed {world.seed}, replicate {world.replicate}\nagain: {command}"
    )


def files_below(out: Path) -> list[Path]:
    """Return the files that `give` writes below a folder."""
    figures = [f"figures/run_timeline.{each}" for each in (*FORMATS, "txt")]
    return [out / name for name in ("run.json", *figures)]


def _metadata(data: Mapping[str, Any]) -> dict[str, str]:
    """Return what each file of a run carries."""
    names = ("scenario", "scenario_hash", "seed", "replicate", "version", "command")
    return {name: str(data[name]) for name in names} | dict(data["versions"])


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
    with aside(policies):
        chosen = {}
        if policies:
            chosen = load_policies(policies, loaded.scenario.parties)
        world = run_world(loaded, seed=seed, replicate=replicate, policies=chosen)
    words = [word for text in policies for word in ("--policy", text)]
    command = command_line(
        "run", scenario, *words, assignments=changes, seed=seed, replicate=replicate
    )
    give(world, command, out=out, as_json=as_json, quiet=quiet)
