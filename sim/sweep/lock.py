"""One sweep at a time in a folder."""

import errno
from pathlib import Path

from filelock import FileLock, Timeout

from sim.errors import UsageError
from sim.sweep.files import refuse_links, told_plainly

# What a network file system without locks says.
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


def locked(path: Path) -> FileLock:
    """Lock a file until it is released or the process ends, killed or not.

    Raises
    ------
    UsageError
        If another process has it.
    """
    refuse_links(path, path.parent)
    lock = FileLock(path, timeout=0, thread_local=False)
    with told_plainly(path):
        try:
            lock.acquire()
        except Timeout:
            raise UsageError(
                f"{path.parent.parent}: another process is working on this sweep"
            ) from None
        except NotImplementedError:
            pass
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
    return lock
