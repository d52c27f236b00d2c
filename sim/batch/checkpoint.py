"""What an unfinished sweep goes on from: a journal of what is done, and its lock.

In the folder of a sweep, `unfinished/journal.jsonl` has a line for each finished chunk,
with a checksum that names the sweep as well; one process at a time writes to it.
"""

import errno
import hashlib
import json
import os
from pathlib import Path
from typing import IO, Any

from filelock import FileLock, Timeout

from sim.batch.files import (
    append_to,
    read_whole,
    refuse_links,
    told_plainly,
    write_whole,
)
from sim.errors import UsageError

_MARK = 16

# What a network file system without locks says.
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


def locked(path: Path) -> FileLock:
    """Lock a file until the process ends, killed or not; UsageError if one has it."""
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


class Checkpoint:
    """An append-only list of JSON objects in a file; `of` names the sweep."""

    def __init__(self, path: Path, of: str = "") -> None:
        self.path = path
        self._of = of.encode("utf-8")
        self._stream: IO[bytes] | None = None

    @property
    def is_begun(self) -> bool:
        """Whether a chunk of this very sweep is in the file; False if it has none."""
        return any(map(self._is_whole, self._lines()))

    def read(self) -> list[dict[str, Any]]:
        """Return the entries that are whole, and drop the others from the file."""
        lines = self._lines()
        whole = [line for line in lines if self._is_whole(line)]
        if len(whole) < len(lines):
            # What is appended must start a line of its own.
            write_whole(self.path, b"".join(whole))
        return [json.loads(line[_MARK + 1 :]) for line in whole]

    def append(self, entry: dict[str, Any]) -> None:
        """Add an entry; it is in the file when this returns."""
        text = json.dumps(entry, separators=(",", ":")).encode("ascii")
        line = self._mark(text) + b" " + text + b"\n"
        with told_plainly(self.path):
            if self._stream is None:
                self._stream = append_to(self.path)
            if self._stream.write(line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        """Close the file, if anything was appended."""
        if self._stream is not None:
            with told_plainly(self.path):
                self._stream.close()
            self._stream = None

    def _lines(self) -> list[bytes]:
        if not self.path.exists():
            return []
        return read_whole(self.path).splitlines(keepends=True)

    def _mark(self, text: bytes) -> bytes:
        return hashlib.sha256(self._of + text).hexdigest()[:_MARK].encode("ascii")

    def _is_whole(self, line: bytes) -> bool:
        return (
            line.endswith(b"\n")
            and line[_MARK : _MARK + 1] == b" "
            and line[:_MARK] == self._mark(line[_MARK + 1 : -1])
        )
