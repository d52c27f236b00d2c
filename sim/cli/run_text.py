"""One world, for a terminal, for another program, and as files."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.common import json_text, print_json, say
from sim.cli.tables import paragraph

if TYPE_CHECKING:
    from sim.api import Run


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
        from sim.plots.result import files_of
        from sim.sweep.files import sealed, together

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
    from sim.plots.result import FORMATS

    figures = [f"figures/story_of_a_run.{each}" for each in (*FORMATS, "txt")]
    return [out / name for name in ("run.json", *figures)]


def _metadata(data: Mapping[str, Any]) -> dict[str, str]:
    """Return what each file of a run carries."""
    names = ("scenario", "scenario_hash", "seed", "replicate", "version", "command")
    return {name: str(data[name]) for name in names} | dict(data["versions"])
