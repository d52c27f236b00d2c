"""How a command ends: what it raised, as words on stderr and an exit code.

0 fine, 1 our bug, 2 usage, 3 invalid scenario, 4 input missing or the system refuses,
5 a check failed, 130 interrupted.
"""

import errno
import os
import sys
import traceback
from collections.abc import Iterator, Sequence

import click

from sim.cli.common import complain
from sim.cli.group import PROGRAM, program, wants_debug
from sim.cli.process import STANDARD_OUTPUT, is_interrupted
from sim.errors import CeasefireError, InputMissingError, ScenarioError

OUR_BUG, INTERRUPTED = 1, 130

_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


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
    except (Exception, KeyboardInterrupt) as error:
        return _told(error, debug=wants_debug(context))
    return _told(KeyboardInterrupt(), debug=False) if is_interrupted() else 0


def _told(error: BaseException, *, debug: bool) -> int:
    """Say what ended a command; return its exit code."""
    # Ctrl-C within a library or its import may come out as any other error.
    if is_interrupted() or _has(error, (KeyboardInterrupt, click.Abort)):
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
            "the memory that this process may have is used up: ask for less at once "
            "(fewer replicates, sets of inputs, cells or --threads)"
        )
    for each in _chain(error):
        if isinstance(each, RuntimeError) and "start new thread" in str(each):
            return "the system starts no more threads for you; its limit is reached"
        # Python's own failure within a library, most often for want of memory.
        inside = isinstance(each, SystemError)
        foreign = isinstance(each, ImportError) and not _is_ours(each.name)
        if inside or foreign:
            return (
                f"a library that is needed cannot be loaded ({_line(str(each))}); "
                "memory or a limit of the system may be too small for it, or the "
                "installation incomplete"
            )
    if isinstance(error, UnicodeEncodeError | UnicodeDecodeError):
        return f"a name or a file is not UTF-8 text ({error.reason})"
    return _refused(error) if isinstance(error, OSError) else None


def _refused(error: OSError) -> str:
    """Say which file, and why not."""
    reason = error.strerror or str(error)
    if error.filename is None:
        if isinstance(error, FileNotFoundError):
            return "the folder that you are in is not there any more"
        return f"the system refuses something that is needed: {reason}"
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


def _has(error: BaseException, kinds: type | tuple[type, ...]) -> bool:
    return any(isinstance(each, kinds) for each in _chain(error))


def _is_ours(module: str | None) -> bool:
    return module is not None and module.partition(".")[0] == "sim"


def _line(text: str) -> str:
    """Return the first line of a text that has something in it."""
    return next(iter(text.strip().splitlines()), "")
