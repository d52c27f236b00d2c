"""The commands by name; the module of a command is imported when it is used.

So `ceasefire --help` reads this table only, and waits for no library.
"""

import errno
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import NamedTuple, cast

import click
from click.shell_completion import CompletionItem, shell_complete

from sim import __version__
from sim.cli.process import STANDARD_OUTPUT, is_interrupted, refuse_too_little_memory
from sim.errors import CeasefireError, InputMissingError, ScenarioError, printable
from sim.scenario.references import did_you_mean

PROGRAM = "ceasefire"


class Command(NamedTuple):
    """What a command does, the first line of its help, and what one would type."""

    does: str
    example: str


COMMANDS = {
    "list": Command(
        "List the shipped scenarios, one line each.",
        "ceasefire list",
    ),
    "new": Command(
        "Write a commented scenario file to start from.",
        "ceasefire new my-war.yaml --from winter-war-1940",
    ),
    "validate": Command(
        "Check scenario files; print nothing if they are correct.",
        "ceasefire validate my-war.yaml",
    ),
    "show": Command(
        "Show every value of a scenario and where it comes from.",
        "ceasefire show kursk-2025-03-13",
    ),
    "values": Command(
        "Show what fighting on and each offer are worth at the start.",
        "ceasefire values kursk-2025-03-13 --set chips.kursk.area_km2=400",
    ),
    "run": Command(
        "Run one world and tell it in words.",
        "ceasefire run kursk-2025-03-13 --replicate 7 --out out/run",
    ),
    "why": Command(
        "Explain a decision and the smallest change that reverses it.",
        "ceasefire why kursk-2025-03-13 --day 7",
    ),
    "compare": Command(
        "Compare scenarios under the same luck.",
        "ceasefire compare kursk-2025-03-13 no-incursion --set aid.level=0.5",
    ),
    "sweep": Command(
        "Run many worlds over a grid of settings.",
        "ceasefire sweep kursk-2025-03-13 --vary chips.kursk.area_km2=0:1000:11 "
        "--out out/sweep",
    ),
    "tournament": Command(
        "Set every pair of policies against each other.",
        "ceasefire tournament kursk-2025-03-13 --policies best_response,hardliner",
    ),
    "merge": Command(
        "Join the parts of a sweep.",
        "ceasefire merge out/sweep",
    ),
    "replay": Command(
        "Run a saved world again and tell it in words.",
        "ceasefire replay out/sweep --cell 3 --replicate 17",
    ),
    "play": Command(
        "Take a seat at the table and decide for one of the parties.",
        "ceasefire play kursk-2025-03-13 --as ukraine --out out/game",
    ),
    "plot": Command(
        "Draw figures of a scenario or of saved results.",
        "ceasefire plot kursk-2025-03-13 --figure survival",
    ),
    "page": Command(
        "Make a web page for a class from a sweep.",
        "ceasefire page out/sweep",
    ),
    "handout": Command(
        "Make sheets for a seminar in which a class plays the parties.",
        "ceasefire handout kursk-2025-03-13 --out out/handout",
    ),
    "dashboard": Command(
        "Watch one world day by day on a live page in the browser.",
        "ceasefire dashboard kursk-2025-03-13",
    ),
    "sensitivity": Command(
        "Find which assumptions change an outcome, and by how much.",
        "ceasefire sensitivity kursk-2025-03-13 --out out/drivers",
    ),
    "conditions": Command(
        "Find the conditions under which a truce comes or holds.",
        "ceasefire conditions out/drivers",
    ),
    "infer": Command(
        "Find which inputs fit what happened, and what they imply.",
        "ceasefire infer kursk-2025-03-13 --facts march-2025 --out out/inference",
    ),
    "calibrate": Command(
        "Fit a scenario to observed areas, with intervals.",
        "ceasefire calibrate kursk-2025-03-13 --observed kursk_held",
    ),
    "backtest": Command(
        "Test forecasts of the past against what happened.",
        "ceasefire backtest kursk-2025-03-13 --observed kursk_held",
    ),
    "lesson": Command(
        "Read a lesson and run its experiment.",
        "ceasefire lesson 1",
    ),
    "theory": Command(
        "Use published models as calculators.",
        "ceasefire theory ruin N=10 k=4 p=0.45",
    ),
    "convert": Command(
        "Convert a scenario file from schema_version 1 to version 2.",
        "ceasefire convert old.yaml new.yaml",
    ),
    "schema": Command(
        "Print the JSON Schema of a scenario file, for editors.",
        "ceasefire schema",
    ),
    "cite": Command(
        "Print how to cite this program, in words and as BibTeX.",
        "ceasefire cite",
    ),
}

_DEBUG = "ceasefire.debug"
_COMPLETE = "_CEASEFIRE_COMPLETE"  # by which click's scripts for shells ask


class Commands(click.Group):
    """A group whose commands live in modules of their names."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order in which a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command; None for a name that is not one."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"sim.cli.{cmd_name}")
        command = cast(click.Command, getattr(module, cmd_name))
        if all(each.name != "debug" for each in command.params):  # used before
            debug_option(command)
            command.epilog = f"\b\nExample:\n  {COMMANDS[cmd_name].example}"
        return command

    def shell_complete(
        self, ctx: click.Context, incomplete: str
    ) -> list[CompletionItem]:
        """Complete the name of a command from the table, without importing any."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [
            CompletionItem(name, help=command.does)
            for name, command in COMMANDS.items()
            if name.startswith(incomplete)
        ]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed, or name the nearest one."""
        refuse_too_little_memory()  # before its libraries are loaded
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(f"No such command {name!r}{did_you_mean(name, COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the commands from the table: importing them all would take seconds."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, each.does) for name, each in COMMANDS.items()])


def _note_debug(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[_DEBUG] = True


# Of the program and, last, of every command.
debug_option = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_note_debug,
    help="Show a Python traceback if the program itself fails.",
)


@click.command(
    PROGRAM,
    cls=Commands,
    epilog="A run is a model's answer, not a forecast. `ceasefire COMMAND --help` "
    "explains a command.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
)
@click.version_option(__version__, prog_name=PROGRAM)
@debug_option
def program() -> None:
    """What brings warring parties to a ceasefire, simulated world by world."""


_LONGEST_LINE = 2000
OUR_BUG, INTERRUPTED = 1, 130

_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


def complain(text: str) -> None:
    """Write what is wrong; what a file says in it cannot steer the terminal."""
    lines = (printable(line, _LONGEST_LINE) for line in text.split("\n"))
    click.echo("\n".join(lines), err=True)


def exit_code(arguments: Sequence[str]) -> int:
    """Run one command, or show the help; return the exit code, whatever ends it."""
    if wanted := os.environ.get(_COMPLETE):
        return shell_complete(program, {}, PROGRAM, _COMPLETE, wanted)
    # NO_COLOR counts when it is not empty: no-color.org.
    color = False if os.environ.get("NO_COLOR") else None
    context = click.Context(program, info_name=PROGRAM)
    try:
        given = list(arguments) or ["--help"]
        with program.make_context(PROGRAM, given, color=color) as context:
            context.command.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except (Exception, KeyboardInterrupt) as error:
        return _told(error, debug=bool(context.meta.get(_DEBUG)))
    return _told(KeyboardInterrupt(), debug=False) if is_interrupted() else 0


def _told(error: BaseException, *, debug: bool) -> int:
    """Say what ended a command; return its exit code."""
    # Ctrl-C within a library or its import may come out as any other error.
    kinds = (KeyboardInterrupt, click.Abort)
    if is_interrupted() or any(isinstance(each, kinds) for each in _chain(error)):
        # Code of a user's own that was interrupted says where it was.
        where = str(error) if type(error) is KeyboardInterrupt else ""
        click.echo(f"{PROGRAM}: interrupted {where}".rstrip(), err=True)
        return INTERRUPTED
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, CeasefireError):
        # Each mistake of a file begins with its place, for editors to find.
        start = "" if isinstance(error, ScenarioError) else f"{PROGRAM}: "
        complain(f"{start}{error}")
        return error.exit_code
    if debug:
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    words = _of_the_system(error)
    if words is not None:
        click.echo(f"{PROGRAM}: {_line(words)}", err=True)
        return InputMissingError.exit_code
    click.echo(
        f"{PROGRAM}: this is a fault in ceasefire-sim "
        f"({_line(f'{type(error).__name__}: {error}')}); please report it with "
        "the command you typed"
        + ("" if debug else "; --debug shows where it happened"),
        err=True,
    )
    return OUR_BUG


def _of_the_system(error: BaseException) -> str | None:
    """Say what the system or the installation refuses; None if that is not it."""
    if any(
        isinstance(each, MemoryError) or getattr(each, "errno", 0) == errno.ENOMEM
        for each in _chain(error)
    ):
        return (
            "the memory that this process may use is used up: ask for less at once "
            "(fewer replicates, sets of inputs, cells or --threads)"
        )
    for each in _chain(error):
        if isinstance(each, RuntimeError) and "start new thread" in str(each):
            return "the system will not start any more threads: its limit is reached"
        # Python's own failure within a library, most often for want of memory.
        inside = isinstance(each, SystemError)
        foreign = isinstance(each, ImportError) and (
            (each.name or "").partition(".")[0] != "sim"
        )
        if inside or foreign:
            return (
                f"a library that is needed cannot be loaded ({_line(str(each))}); the "
                "memory or a limit of the system may be too small for it, or the "
                "installation may be incomplete"
            )
    if isinstance(error, UnicodeEncodeError | UnicodeDecodeError):
        return f"a name or a file is not UTF-8 text ({error.reason})"
    return _refused(error) if isinstance(error, OSError) else None


def _refused(error: OSError) -> str:
    """Say which file, and why not."""
    reason = error.strerror or str(error)
    if error.filename is None:
        if isinstance(error, FileNotFoundError):
            return "the folder that you are in no longer exists"
        return f"the system refused something that the program needs: {reason}"
    where = os.fsdecode(error.filename) if not isinstance(error.filename, int) else ""
    if error.errno in _UNWRITABLE or where == STANDARD_OUTPUT:
        return f"{where} cannot be written: {reason}"
    return f"{where or 'a file'} cannot be reached: {reason}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, what it was made from, and so on."""
    each: BaseException | None = error
    seen: set[int] = set()
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        each = each.__cause__ or each.__context__


def _line(text: str) -> str:
    """Return the first line of a text that has something in it."""
    return next(iter(text.strip().splitlines()), "")
