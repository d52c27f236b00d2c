"""The commands by name; the module of a command is imported when it is used.

So `ceasefire --help` reads this table only, and waits for no library.
"""

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any, cast

import click

from sim import __version__
from sim.errors import CeasefireError, InputMissingError, ScenarioError
from sim.scenario.references import did_you_mean

PROGRAM = "ceasefire"

# A test holds each text equal to the first line of the command's own help.
COMMANDS = {
    "list": "Scenarios shipped, one line each.",
    "new": "A commented scenario file to start from.",
    "validate": "Check scenario files; silent when all is fine.",
    "show": "Every value of a scenario, and where it comes from.",
    "values": "What fighting on and each offer are worth at the start.",
    "run": "One world, told in words.",
    "why": "One decision taken apart, and the least change that turns it.",
    "compare": "Scenarios under the same luck, and what a change does.",
    "sweep": "Many worlds over a grid of settings.",
    "merge": "Parts of a sweep, joined.",
    "replay": "One world of a sweep again, told in words.",
    "plot": "Figures of a scenario, or of what was run and kept.",
    "page": "A sweep as one page for a class.",
    "dashboard": "A live page in the browser: one world, day by day.",
    "sensitivity": "Which assumptions move an outcome, and how far.",
    "conditions": "Where in the space of inputs a truce comes, or holds.",
    "calibrate": "Fit a scenario to observed areas, with intervals.",
    "backtest": "Forecast what came from what was known before, and score it.",
    "theory": "Published models as calculators.",
    "schema": "JSON Schema of a scenario file, for editors.",
    "cite": "How to cite this program, in words and as BibTeX.",
}

_DEBUG = "ceasefire.debug"


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
        return cast(click.Command, getattr(module, cmd_name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed, or name the nearest one."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(f"No such command {name!r}{did_you_mean(name, COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the commands from the table: importing them all would take seconds."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def note_debug(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    """Remember that the user wants to see where our faults happen."""
    if value:
        ctx.meta[_DEBUG] = True


def wants_debug(ctx: click.Context) -> bool:
    """Whether `--debug` was given, to the program or to its command."""
    return bool(ctx.meta.get(_DEBUG))


def debug_option(command: Any) -> Any:
    """Add `--debug`, which `main` reads."""
    return click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        callback=note_debug,
        help="Show a traceback if we made a mistake.",
    )(command)


@click.command(
    PROGRAM,
    cls=Commands,
    epilog="A run is a model's answer, not a forecast. COMMAND --help tells more.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
)
@click.version_option(__version__, prog_name=PROGRAM)
@debug_option
def program() -> None:
    """What brings warring parties to a ceasefire, simulated world by world."""


OUR_BUG, INTERRUPTED = 1, 130


def exit_code(arguments: Sequence[str]) -> int:
    """Run one command, or show the help; return the exit code, whatever ends it."""
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
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CeasefireError as error:
        # Each mistake of a file begins with its place, for editors to find.
        start = "" if isinstance(error, ScenarioError) else f"{PROGRAM}: "
        click.echo(f"{start}{error}", err=True)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo(f"{PROGRAM}: interrupted", err=True)
        return INTERRUPTED
    except PermissionError as error:
        # A folder on the way to a file that may not be entered, for instance.
        where = error.filename or "a file"
        click.echo(f"{PROGRAM}: {where} cannot be reached: {error.strerror}", err=True)
        return InputMissingError.exit_code
    except BrokenPipeError:
        # The reader has seen enough (`| head`). What is still in the buffer goes
        # nowhere, or Python would complain about it while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        _report(error, debug=wants_debug(context))
        return OUR_BUG
    return 0


def _report(error: Exception, *, debug: bool) -> None:
    """Ask for a report of what must be a fault of ours."""
    if debug:
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    click.echo(
        f"{PROGRAM}: this is a fault in ceasefire-sim ({what}); please report it with "
        "the command you typed"
        + ("" if debug else "; --debug shows where it happened"),
        err=True,
    )
