"""Code of a user's own, run: what goes wrong in it is told in its own lines."""

import os
import sys
import sysconfig
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from sim.errors import PolicyError
from sim.scenario.arguments import shortly

_PACKAGE = Path(__file__).resolve().parents[1]
_LIBRARIES = ("stdlib", "platstdlib", "purelib", "platlib")
_NOT_THEIRS = tuple({sysconfig.get_path(name) for name in _LIBRARIES})
_MOST_LINES = 6  # of an error, so that all that is said has fewer than ten
_WIDEST = 300
_LONG_SECONDS = 10.0
_leave = os._exit


def told(error: BaseException, place: str = "") -> str:
    """Return what an exception says, after the lines of whoever wrote the policy.

    Frames of this package and of libraries are left out: they cannot be mended there.
    Without any, `place` is where to look.
    """
    if isinstance(error, PolicyError):
        said = [f"  {line}" for line in str(error).splitlines()]
    elif isinstance(error, SystemExit):
        said = [f"it left the program: sys.exit({shortly(error.code)})"]
    else:
        said = "".join(traceback.format_exception_only(error)).splitlines()
    if len(said) > _MOST_LINES - 2:
        said = [*said[: _MOST_LINES - 3], "  ..."]
    lines = _theirs(error, (_MOST_LINES - len(said)) // 2)
    lines = [*(lines or [f"  {place}"] if place else lines), *said]
    return "\n".join(line.rstrip()[:_WIDEST] for line in lines)


@contextmanager
def users_code(who: str, what: str = "", place: str = "") -> Iterator[None]:
    """Run code of a user's own; what else it changes is put back afterwards.

    That is the folder it is in and how numpy takes errors. A process that it forked and
    that comes back here ends. Whatever the code raises, an exit included, becomes a
    PolicyError that begins with `who` and `what`, and names `place` if there is no line
    to name; a KeyboardInterrupt stays one and says where it was.
    """
    process, here, watched = os.getpid(), _folder(), _at[0]
    _watch(who)

    def left(status: int) -> NoReturn:
        if os.getpid() != process:
            _leave(status)
        raise SystemExit(status)

    os._exit = left
    try:
        with np.errstate():
            yield
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt(f"in {who}:\n{told(error, place)}") from None
    except BaseException as error:
        raise PolicyError(f"{who}{what}:\n{told(error, place)}") from error
    finally:
        if os.getpid() != process:
            _leave(1)
        os._exit = _leave
        _at[0] = watched
        if here != _folder():
            with suppress(OSError):
                os.chdir(here)


def _theirs(error: BaseException, most: int) -> list[str]:
    """Return the last lines of a user's own that led to an exception."""
    outside = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if _PACKAGE not in Path(frame.filename).parents
        and not frame.filename.startswith("<frozen ")
    ]
    own = [each for each in outside if _is_own(each.filename)]
    lines = []
    for frame in (own or outside)[-most:] if most else []:
        lines.append(f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}')
        lines += [f"    {frame.line}"] if frame.line else []
    return lines


def _is_own(file: str) -> bool:
    """Say whether a file is neither of a library nor inside Python."""
    foreign = file.startswith(("<frozen ", *_NOT_THEIRS)) or "site-packages" in file
    return not foreign


def _folder() -> str:
    try:
        return str(Path.cwd())
    except OSError:  # it is deleted
        return ""


# ---- what takes long -----------------------------------------------------------------

# Who is at it in which thread, and since when; None if nobody is.
_Watched = tuple[str, int, float] | None
_at: list[_Watched] = [None]
_watching = threading.Lock()


def _watch(who: str) -> None:
    """Say of code that is about to run if it takes long."""
    _at[0] = who, threading.get_ident(), time.monotonic()
    if _watching.acquire(blocking=False):
        threading.Thread(target=_tell_of_long, daemon=True).start()


def _tell_of_long() -> None:
    said: _Watched = None
    while True:
        time.sleep(1.0)
        now = _at[0]
        if now is None or now is said or time.monotonic() - now[2] < _LONG_SECONDS:
            continue
        said = now
        who, thread, _ = now
        where = _where(sys._current_frames().get(thread))
        with suppress(Exception):
            sys.stderr.write(
                f"note: {who}{where}: has taken {_LONG_SECONDS:.0f} s so far and goes "
                "on; Ctrl-C ends it\n"
            )
            sys.stderr.flush()


def _where(frame: Any) -> str:
    """Return the innermost line of a user's own in a frame that runs."""
    while frame is not None:
        file = frame.f_code.co_filename
        if _PACKAGE not in Path(file).parents and _is_own(file):
            return f" ({file}, line {frame.f_lineno})"
        frame = frame.f_back
    return ""
