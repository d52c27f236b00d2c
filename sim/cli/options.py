"""What commands share: their options, opening a scenario, printing, writing files."""

import json
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.cli.group import PROGRAM, debug_option
from sim.errors import InputMissingError, ScenarioError, UsageError
from sim.scenario.load import load
from sim.scenario.overrides import parse_assignment

if TYPE_CHECKING:
    from sim.api.result import Result
    from sim.scenario.load import Loaded

F = TypeVar("F", bound=Callable[..., Any])

MANIFEST = "manifest.json"
FORECAST = "A model's answer, not a forecast."

# Luck is addressed by whole numbers of 63 bits.
_WHOLE = click.IntRange(0, 2**63 - 1)

scenario_argument = click.argument("scenario", metavar="SCENARIO")
set_option = click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change one value for this call: chips.kursk.area_km2=400; repeatable.",
)
seed_option = click.option(
    "--seed",
    type=_WHOLE,
    default=1,
    show_default=True,
    help="Number that all luck is drawn from.",
)
replicate_option = click.option(
    "--replicate",
    type=_WHOLE,
    default=0,
    show_default=True,
    help="Which of the worlds of this seed.",
)
policy_option = click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="PARTY=FILE.py:CLASS",
    help="Let a class in a file of yours decide for a party; repeatable.",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."
)
quiet_option = click.option("--quiet", is_flag=True, help="No words on stderr.")
force_option = click.option(
    "--force", is_flag=True, help="Replace files that are there already."
)

__all__ = [
    "FORECAST",
    "changes_of",
    "command_line",
    "debug_option",
    "force_option",
    "json_option",
    "json_text",
    "open_scenario",
    "policy_option",
    "print_json",
    "quiet_option",
    "give_result",
    "refuse_existing",
    "refuse_result",
    "replicate_option",
    "say",
    "scenario_argument",
    "seed_option",
    "set_option",
    "writing",
]


def changes_of(assignments: Sequence[str], option: str = "--set") -> dict[str, object]:
    """Return values by path from the texts given to `--set`, or to another option.

    Raises
    ------
    UsageError
        If one is not PATH=VALUE, or a path is given twice.
    ScenarioError
        With every value that is not YAML.
    """
    changes: dict[str, object] = {}
    problems: list[str] = []
    for text in assignments:
        try:
            path, value = parse_assignment(text, option)
        except ScenarioError as error:
            problems += error.problems
            continue
        if path in changes:
            raise UsageError(f"{option} gives {path} twice")
        changes[path] = value
    if problems:
        raise ScenarioError(problems)
    return changes


def open_scenario(scenario: str, assignments: Sequence[str] = ()) -> "Loaded":
    """Load a scenario by id or path, with what `--set` changes.

    Raises
    ------
    CeasefireError
        As `changes_of` and `sim.scenario.load.load`.
    """
    return load(scenario, set=changes_of(assignments))


def say(text: str, *, quiet: bool = False) -> None:
    """Write words for the person at the terminal."""
    if not quiet:
        click.echo(text, err=True)


def print_json(data: Mapping[str, Any]) -> None:
    """Print the one object of a command called with `--json`."""
    click.echo(json_text(data), nl=False)


def json_text(data: Mapping[str, Any]) -> str:
    """Return data as JSON in plain ASCII; NaN and infinity are refused."""
    return json.dumps(data, indent=2, allow_nan=False) + "\n"


def command_line(
    *words: str, assignments: Sequence[str] = (), **options: object
) -> str:
    """Return the command that repeats a call, quoted for a shell.

    >>> command_line("run", "kursk", assignments=["aid.level=0"], seed=1)
    'ceasefire run kursk --set aid.level=0 --seed 1'
    """
    parts = [PROGRAM, *words]
    for text in assignments:
        parts += ["--set", text]
    for name, value in options.items():
        parts += [f"--{name.replace('_', '-')}", str(value)]
    return shlex.join(parts)


def refuse_existing(paths: Sequence[Path], *, force: bool) -> None:
    """See to it that no file is overwritten unless that was asked for.

    Raises
    ------
    UsageError
        If some of the files are there and `force` is false, or one of their folders is
        a file.
    """
    for folder in (folder for path in paths for folder in path.parents):
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} is a file, not a folder")
    there = [path for path in paths if path.exists()]
    if there and not force:
        more = f" and {len(there) - 1} more" if there[1:] else ""
        raise UsageError(f"{there[0]}{more} would be overwritten; --force allows it")


def refuse_result(folder: Path | None, *, force: bool) -> None:
    """Refuse a folder that holds a result, before anything is run for it."""
    if folder is not None:
        refuse_existing([folder / MANIFEST], force=force)


def give_result(
    found: "Result", folder: Path | None, *, force: bool, quiet: bool
) -> None:
    """Save a result, if a folder is asked for, and name what was written."""
    if folder is None:
        return
    files = [file.relative_to(folder) for file in found.save(folder, force=force)]
    names = dict.fromkeys(
        f"{file.parent}/{file.stem}.*" if len(file.parts) > 1 else str(file)
        for file in files
    )
    say(f"written to {folder}: {', '.join(sorted(names))}", quiet=quiet)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Make a folder, and say in words why something could not be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        reason = error.strerror or error
        where = error.filename or folder
        raise InputMissingError(f"{where} cannot be written: {reason}") from None
