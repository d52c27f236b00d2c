"""How a command ends: what it raised, as words on stderr and an exit code.

0 fine, 1 our bug, 2 usage, 3 invalid scenario, 4 input missing, 5 a check failed, 130
interrupted.
"""

import os
import sys
import traceback
from collections.abc import Sequence

import click

from sim.cli.group import PROGRAM, program, wants_debug
from sim.errors import CeasefireError, InputMissingError, ScenarioError

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
    except (KeyboardInterrupt, click.Abort) as error:
        # Code of a user's own that was interrupted says where it was.
        click.echo(f"{PROGRAM}: interrupted {error}".rstrip(), err=True)
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
