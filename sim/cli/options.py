"""What commands share: their options, opening a scenario, printing, writing files."""

import atexit
import json
import os
import shlex
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.cli.group import PROGRAM, debug_option
from sim.errors import ScenarioError, UsageError, refuse_lost
from sim.scenario.arguments import LARGEST, whole
from sim.scenario.load import Loaded, load, refuse_overwriting
from sim.scenario.overrides import parse_assignment

if TYPE_CHECKING:
    from sim.api.result import Result

F = TypeVar("F", bound=Callable[..., Any])

FORECAST = "A model's answer, not a forecast."


class Whole(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A whole number, refused in the words of the Python functions."""

    name = "integer"

    def __init__(self, least: int = 0, most: int = LARGEST) -> None:
        self._least, self._most = least, most

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number in a text."""
        with suppress(ValueError):
            value = int(value)
        name = param.opts[0] if param is not None else self.name
        return whole(name, value, self._least, self._most)


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
    type=Whole(),
    default=1,
    show_default=True,
    help="Number that all luck is drawn from.",
)
replicate_option = click.option(
    "--replicate",
    type=Whole(),
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
    "Whole",
    "aside",
    "changes_of",
    "command_line",
    "data_of",
    "debug_option",
    "force_option",
    "give_result",
    "json_option",
    "json_text",
    "open_scenario",
    "policy_files",
    "policy_option",
    "print_json",
    "quiet_option",
    "refuse_existing",
    "refuse_result",
    "replicate_option",
    "say",
    "scenario_argument",
    "seed_option",
    "set_option",
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


def open_scenario(scenario: str, assignments: Sequence[str] = ()) -> Loaded:
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


@contextmanager
def aside(policies: Sequence[str]) -> Iterator[None]:
    """Send what policies of a user's own print to stderr, however they print it.

    Stdout is for data. Their rules for warnings are not ours, either.
    """
    if not policies:
        yield
        return
    own = [stream for stream in (sys.stdout, sys.__stdout__) if stream is not None]
    for stream in own:
        with suppress(ValueError):  # closed, or replaced by `process`
            stream.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr), warnings.catch_warnings():
            yield
    finally:
        for stream in own:
            with suppress(ValueError):
                stream.flush()
        os.dup2(kept, 1)
        os.close(kept)
        # Later than all that they have left for the end, so it is done before that.
        atexit.register(_close_stdout)


def _close_stdout() -> None:
    """Let what is printed from now on go to stderr."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        os.dup2(2, 1)


def print_json(data: Mapping[str, Any]) -> None:
    """Print the one object of a command called with `--json`."""
    click.echo(json_text(data), nl=False)


def json_text(data: Mapping[str, Any]) -> str:
    """Return data as JSON in plain ASCII; NaN and infinity are refused in words."""
    refuse_lost(data, str(data.get("scenario", "result")))
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


def refuse_existing(
    paths: Sequence[Path], *, reads: Iterable[Path], force: bool
) -> None:
    """See to it that no file is overwritten unless that was asked for.

    What the command reads is never overwritten, `force` or not.

    Raises
    ------
    UsageError
        If some of the files are there and `force` is false, or one of their folders is
        a file; if one of them is a link, or among those in `reads`.
    """
    refuse_overwriting(paths, reads)
    for folder in (folder for path in paths for folder in path.parents):
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} is a file, not a folder")
    for path in paths:
        if path.is_symlink():
            raise UsageError(
                f"{path} is a link, and nothing is written through links: remove it, "
                "or name another file"
            )
    there = [path for path in paths if path.exists()]
    if there and not force:
        more = f" and {len(there) - 1} more" if there[1:] else ""
        raise UsageError(f"{there[0]}{more} would be overwritten; --force allows it")


def data_of(folder: Path) -> list[Path]:
    """Return the data in a folder of what was run: not its figures and pages."""
    tables = [csv for csv in folder.glob("*.csv") if not _is_of_figure(csv)]
    kept = {".json", ".parquet"}
    return tables + [file for file in folder.rglob("*") if file.suffix in kept]


def _is_of_figure(table: Path) -> bool:
    return table.with_suffix(".svg").exists()


def policy_files(policies: Sequence[str]) -> list[Path]:
    """Return the files named by `--policy PARTY=FILE.py:CLASS`."""
    return [Path(text.partition("=")[2].rpartition(":")[0]) for text in policies]


def refuse_result(
    kind: "type[Result]", folder: Path | None, *, reads: Iterable[Path], force: bool
) -> None:
    """Refuse a folder to save a result to, as `refuse_existing`, before it is run."""
    if folder is not None:
        refuse_existing(kind.paths_in(folder), reads=reads, force=force)


def give_result(
    found: "Result", folder: Path | None, *, force: bool, quiet: bool
) -> None:
    """Save a result, if a folder is asked for, and name what was written."""
    if folder is None:
        return
    files = [file.relative_to(folder) for file in found.save(folder, force=force)]
    names = {
        f"{file.parent}/{file.stem}.*" if len(file.parts) > 1 else str(file)
        for file in files
    }
    say(f"written to {folder}: {', '.join(sorted(names))}", quiet=quiet)
