"""What commands share: their options, opening a scenario, printing, writing files."""

import atexit
import json
import os
import shlex
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.cli.group import PROGRAM
from sim.errors import ScenarioError, UsageError, refuse_lost
from sim.scenario.arguments import LARGEST, whole
from sim.scenario.library import known
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


def number_option(
    name: str, help: str, least: int = 0, most: int = LARGEST, **more: Any
) -> Callable[[F], F]:
    """Add an option that takes a whole number; `more` as for `click.option`."""
    has_default = more.get("default") is not None
    kind = Whole(least, most)
    return click.option(name, type=kind, help=help, show_default=has_default, **more)


def repeated_option(names: str, metavar: str, help: str) -> Callable[[F], F]:
    """Add an option that may be given again; `names` are its own and the argument's."""
    return click.option(*names.split(), multiple=True, metavar=metavar, help=help)


def _scenarios(_: object, __: object, incomplete: str) -> list[str]:
    """Complete the id of a shipped scenario."""
    return [name for name in known() if name.startswith(incomplete)]


scenario_argument = click.argument(
    "scenario", metavar="SCENARIO", shell_complete=_scenarios
)
folder_argument = click.argument(
    "folder", metavar="DIR", type=click.Path(path_type=Path, readable=False)
)
set_option = repeated_option(
    "--set changes",
    "PATH=VALUE",
    "Change one value for this call, such as chips.kursk.area_km2=400; repeatable.",
)
seed_option = number_option("--seed", "Seed of all random numbers.", default=1)
replicate_option = number_option(
    "--replicate", "Number of the world among those of this seed.", default=0
)
policy_option = repeated_option(
    "--policy policies",
    "PARTY=FILE.py:CLASS",
    "Let a class in your own Python file decide for a party; repeatable.",
)
numbers_option = click.option(
    "--numbers",
    is_flag=True,
    help="Tell every event, and what each answer was worth to each party.",
)
wide_option = click.option(
    "--wide", is_flag=True, help="Show all columns, however wide the table becomes."
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."
)
quiet_option = click.option(
    "--quiet", is_flag=True, help="Print no messages on stderr."
)
force_option = click.option("--force", is_flag=True, help="Replace existing files.")


def out_option(help: str) -> Callable[[F], F]:
    """Add `--out DIR`."""
    kind = click.Path(path_type=Path)
    return click.option("--out", type=kind, metavar="DIR", help=help)


@dataclass(frozen=True)
class Output:
    """Where things go: what `--out`, `--force`, `--json` and `--quiet` ask for."""

    out: Path | None = None
    force: bool = False
    as_json: bool = False
    quiet: bool = False

    def say(self, text: str) -> None:
        """Write words for the person at the terminal, unless they want none."""
        say(text, quiet=self.quiet)

    def again(self, command: str) -> str:
        """Return a command that repeats the call, with the folder asked for."""
        words = command.removesuffix(" --out DIR")
        if self.out is None:
            return words
        return f"{words} --out {shlex.quote(str(self.out))}"

    def refuse(self, kind: "type[Result]", reads: Iterable[Path]) -> None:
        """Refuse the folder as `refuse_existing`, before anything is run."""
        if self.out is not None:
            paths = kind.paths_in(self.out)
            refuse_existing(paths, reads=reads, force=self.force)

    def give(self, found: "Result", lines: Iterable[str]) -> None:
        """Save a result, if a folder is asked for; print lines, or one JSON object."""
        if self.out is not None:
            self._save(found, self.out)
        print_either(found.to_dict(), lines, as_json=self.as_json)

    def _save(self, found: "Result", folder: Path) -> None:
        """Save a result, and name what was written."""
        saved = found.save(folder, force=self.force)
        files = [file.relative_to(folder) for file in saved]
        names = {
            f"{file.parent}/{file.stem}.*" if len(file.parts) > 1 else str(file)
            for file in files
        }
        self.say(f"written to {folder}: {', '.join(sorted(names))}")


_OF_OUTPUT = {"force": force_option, "json": json_option, "quiet": quiet_option}


def output_options(*names: str) -> Callable[[Callable[..., None]], Any]:
    """Add some of `--force`, `--json` and `--quiet`, given as `output`, as is `out`."""

    def added(command: Callable[..., None]) -> Any:
        @wraps(command)
        def run(**asked: Any) -> None:
            fields = asked.keys() & Output.__dataclass_fields__.keys()
            output = Output(**{name: asked.pop(name) for name in fields})
            command(output=output, **asked)

        made: Any = run
        for name in reversed(names):
            made = _OF_OUTPUT[name](made)
        return made

    return added


def result_options(help: str) -> Callable[[Callable[..., None]], Any]:
    """Add `--out DIR`, `--force`, `--json` and `--quiet`, given as `output`."""
    others = output_options("force", "json", "quiet")
    return lambda command: out_option(help)(others(command))


def changes_of(assignments: Sequence[str], option: str = "--set") -> dict[str, object]:
    """Return values by path from the texts given to `--set`, or to another option.

    UsageError if one is not PATH=VALUE, or a path is given twice; ScenarioError with
    every value that is not YAML.
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
    """Load a scenario by id or path, with what `--set` changes."""
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
    """Print the one object of a command called with `--json`, in plain ASCII.

    NaN and infinity are refused in words.
    """
    refuse_lost(data, str(data.get("scenario", "result")))
    click.echo(json.dumps(data, indent=2, allow_nan=False))


def print_either(
    data: Mapping[str, Any], lines: Iterable[str], *, as_json: bool
) -> None:
    """Print lines or, with `--json`, the one object."""
    if as_json:
        print_json(data)
    else:
        click.echo("\n".join(lines))


def command_line(*words: str, **options: object) -> str:
    """Return the command that repeats a call, quoted for a shell.

    An option that is None or False is left out, True is a flag, and one that is
    repeatable has a tuple.

    >>> command_line("run", "kursk", set=("aid.level=0",), seed=1, together=False)
    'ceasefire run kursk --set aid.level=0 --seed 1'
    """
    parts = [PROGRAM, *words]
    for name, given in options.items():
        for each in given if isinstance(given, tuple) else (given,):
            if each is not None and each is not False:
                parts.append(f"--{name.replace('_', '-')}")
                parts += [] if each is True else [str(each)]
    return shlex.join(parts)


def refuse_existing(
    paths: Sequence[Path], *, reads: Iterable[Path], force: bool
) -> None:
    """See to it that no file is overwritten unless that was asked for.

    What the command reads is never overwritten, `force` or not, nor a link, nor a
    file that a folder would replace: UsageError.
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
    tables = folder.glob("*.csv")
    of_no_figure = [csv for csv in tables if not csv.with_suffix(".svg").exists()]
    kept = {".json", ".parquet"}
    return of_no_figure + [file for file in folder.rglob("*") if file.suffix in kept]


def policy_files(policies: Sequence[str]) -> list[Path]:
    """Return the files named by `--policy PARTY=FILE.py:CLASS`."""
    return [Path(text.partition("=")[2].rpartition(":")[0]) for text in policies]
