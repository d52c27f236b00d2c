"""Files that are either there whole or not at all."""

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from sim.errors import InputMissingError

_TEMPORARY = ".tmp"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, then give it its own.

    A reader, or a process that starts after this one was killed, sees the old file or
    the new one, never half of it.

    Raises
    ------
    InputMissingError
        If the folder cannot be written to or the disk is full.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}{_TEMPORARY}")
    with told_plainly(path):
        try:
            beside.write_bytes(content)
            beside.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


def make_folder(path: Path) -> None:
    """Make a folder and those above it; errors as `write_whole`."""
    with told_plainly(path):
        path.mkdir(parents=True, exist_ok=True)


def is_temporary(path: Path) -> bool:
    """Say whether a file is what `write_whole` leaves behind when it is killed."""
    return path.name.startswith(".") and path.name.endswith(_TEMPORARY)


def checksum(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes, as `sha256sum` prints it."""
    return hashlib.sha256(content).hexdigest()


@contextlib.contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turn an error of the system into one line that names the file and the reason."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            reason = f"{reason}; finished chunks are kept, the same command goes on"
        raise InputMissingError(f"{path} cannot be written: {reason}") from None
