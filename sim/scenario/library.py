"""Where scenarios are: those that come along by their id, a user's own by path."""

import errno
import os
import stat
from collections.abc import Callable
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from sim.errors import InputMissingError
from sim.scenario.arguments import place

_PACKAGE = Path(__file__).resolve().parents[1]
_SUFFIXES = (".yaml", ".yml")
_MOST_NEAR = 5  # names that have the word in them
_MOST_BESIDE = 1000  # files of a folder that are looked at for a near name


def shipped_folder() -> Path:
    """Return the folder of the shipped scenarios: in the wheel, or in a checkout."""
    in_wheel = _PACKAGE / "_data" / "scenarios"
    return in_wheel if in_wheel.is_dir() else _PACKAGE.parent / "scenarios"


def shipped() -> dict[str, Path]:
    """Return the files of the scenarios of the first case by id, alphabetically."""
    return _scenarios_in(shipped_folder())


def history() -> dict[str, Path]:
    """Return the files of the scenarios of past wars by id, alphabetically."""
    return _scenarios_in(shipped_folder() / "history")


def known() -> dict[str, Path]:
    """Return the files of all scenarios that come with the project, by id."""
    return shipped() | history()


def _scenarios_in(folder: Path) -> dict[str, Path]:
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def find(scenario: str | Path) -> Path:
    """Return the file of a scenario, given its id or a path.

    A bare word is an id; what has a folder or ends in .yaml is a path. Raises
    `InputMissingError`, with near names, if there is no such scenario, and `UsageError`
    if it is neither text nor path.
    """
    path = place("SCENARIO, unless it is an id,", scenario)
    is_path = (
        not isinstance(scenario, str) or path.suffix in _SUFFIXES or path.parts[1:]
    )
    if is_path:
        if exists(path.is_file):
            return path
        reason = not_a_file(path) or f"no such file{suggestion(path)}"
        raise InputMissingError(f"{scenario}: {reason}")
    files = known()
    if scenario in files:
        return files[str(scenario)]
    if exists(path.is_file):
        return path
    word = str(scenario)[:60]
    near = [name for name in files if word.lower() in name][:_MOST_NEAR]
    near = near or get_close_matches(word, files, n=3, cutoff=0.5)
    hint = f"; similar names: {', '.join(near)}" if near else ""
    raise InputMissingError(
        f"no scenario '{scenario}' in {shipped_folder()}, and no file of that name"
        f"{hint} (ceasefire list shows all)"
    )


def not_a_file(path: Path) -> str:
    """Return what stands at a path in place of a file; "" if nothing does."""
    if exists(path.is_dir):
        return "a folder, not a file"
    return "not a regular file" if exists(path.exists) else ""


def exists(ask: Callable[[], bool]) -> bool:
    """Ask the file system something; False where it cannot say."""
    try:
        return ask()
    except OSError:  # such as a name too long for the file system
        return False


def read_file(file: Path, most: int) -> bytes:
    """Return the bytes of a regular file, `most` at most; `OSError` for anything else.

    What stands for a file can come from anybody: a pipe would keep us waiting, a device
    has no end.
    """
    if not stat.S_ISREG(file.stat().st_mode):
        what = "a folder, not a file" if file.is_dir() else "not a regular file"
        raise OSError(errno.EINVAL, what, str(file))
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(file, flags), "rb") as stream:
        about = os.fstat(stream.fileno())
        raw = stream.read(most + 1) if stat.S_ISREG(about.st_mode) else b""
    if len(raw) > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes", str(file))
    if raw and not about.st_size:  # a window into the system, as in /proc
        raise OSError(errno.EINVAL, "not a regular file", str(file))
    return raw


def suggestion(path: Path) -> str:
    """Return near names for a path that is not there, as the end of a sentence."""
    folder = path.parent
    beside = folder.glob("*.y*ml") if exists(folder.is_dir) else ()
    names = {file.name: str(file) for file in sorted(islice(beside, _MOST_BESIDE))}
    names |= {file.name: name for name, file in known().items() if name not in names}
    near = [names[name] for name in get_close_matches(path.name[:60], names, n=3)]
    return f"; similar names: {', '.join(near)}" if near else ""
