"""One sweep at a time in a folder."""

import sys
from pathlib import Path
from typing import IO

from sim.errors import UsageError
from sim.sweep.files import append_to, told_plainly


def locked(path: Path) -> IO[bytes]:
    """Open a file and lock it until it is closed or the process ends, killed or not.

    Where the system has no such locks (Windows), nothing is locked.

    Raises
    ------
    UsageError
        If another process has it.
    """
    with told_plainly(path):
        stream = append_to(path)
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.close()
            raise UsageError(
                f"{path.parent.parent}: another process is working on this sweep"
            ) from None
        except OSError:
            pass  # a network file system without locks
    return stream
