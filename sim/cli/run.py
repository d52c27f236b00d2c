"""`ceasefire run`: one world through the Mesa model."""

from pathlib import Path

import click

from sim.cli.common import (
    command_line,
    debug_option,
    force_option,
    json_option,
    json_text,
    open_scenario,
    policy_option,
    print_json,
    quiet_option,
    refuse_existing,
    replicate_option,
    say,
    scenario_argument,
    seed_option,
    set_option,
    writing,
)
from sim.cli.tables import paragraph


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
        refuse_existing(_files(out), force=force)
    from sim.api import run as run_world

    chosen = {}
    if policies:
        from sim.policy_files import load_policies

        chosen = load_policies(policies, loaded.scenario.parties)
    world = run_world(loaded, seed=seed, replicate=replicate, policies=chosen)
    words = [word for text in policies for word in ("--policy", text)]
    command = command_line(
        "run", scenario, *words, assignments=changes, seed=seed, replicate=replicate
    )
    data = {**world.to_dict(), "command": command}
    if out is not None:
        from sim.plots.result import save

        figure = world.plot(command=command)
        with writing(out):
            (out / "run.json").write_text(json_text(data), encoding="ascii")
            save(figure, out / "figures", metadata=_metadata(data))
        say(f"written to {out}: run.json, figures/{figure.name}.*", quiet=quiet)
    if as_json:
        print_json(data)
        return
    click.echo(click.style(loaded.scenario.title, bold=True))
    for part in world.story:
        click.echo(f"\n{paragraph(part)}")
    for party, policy in world.policies.items():
        click.echo(f"\npolicy of {party}: {policy['class']}, file {policy['sha256']}")
    click.echo(
        f"\nscenario {loaded.scenario.id}, hash {loaded.hash}, seed {seed}, "
        f"replicate {replicate}\nagain: {command}"
    )


def _files(out: Path) -> list[Path]:
    """Return the files that a run writes below a folder."""
    from sim.plots.result import FORMATS

    figures = [f"figures/story_of_a_run.{each}" for each in (*FORMATS, "txt")]
    return [out / name for name in ("run.json", *figures)]


def _metadata(data: dict[str, object]) -> dict[str, str]:
    """Return what each file of a run carries."""
    names = ("scenario", "scenario_hash", "seed", "replicate", "version", "command")
    versions = data["versions"]
    assert isinstance(versions, dict)
    return {name: str(data[name]) for name in names} | versions
