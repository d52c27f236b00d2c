"""What a sweep has finished, one line each, so that a killed one can go on.

A line is a checksum and a JSON object. A line that was cut off or damaged does not
count, and what it was about is computed again.
"""

import errno
import hashlib
import json
import os
from io import FileIO
from pathlib import Path
from typing import Any

from sim.errors import InputMissingError
from sim.sweep.files import told_plainly, write_whole


class Journal:
    """An append-only list of JSON objects in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: FileIO | None = None

    def read(self) -> list[dict[str, Any]]:
        """Return the entries that are whole, and drop the others from the file.

        Raises
        ------
        InputMissingError
            If there is a file and it cannot be read, or written anew.
        """
        try:
            lines = self.path.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return []
        except OSError as error:
            reason = error.strerror or error
            raise InputMissingError(f"{self.path} cannot be read: {reason}") from None
        whole = [line for line in lines if _is_whole(line)]
        if len(whole) < len(lines):
            # What is appended must start a line of its own.
            write_whole(self.path, b"".join(whole))
        return [json.loads(line[_MARK + 1 :]) for line in whole]

    def append(self, entry: dict[str, Any]) -> None:
        """Add an entry; it is in the file when this returns."""
        text = json.dumps(entry, separators=(",", ":")).encode("ascii")
        line = _mark(text) + b" " + text + b"\n"
        with told_plainly(self.path):
            if self._stream is None:
                self._stream = self.path.open("ab", buffering=0)
            if self._stream.write(line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        """Close the file, if anything was appended."""
        if self._stream is not None:
            with told_plainly(self.path):
                self._stream.close()
            self._stream = None


_MARK = 16


def _mark(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest()[:_MARK].encode("ascii")


def _is_whole(line: bytes) -> bool:
    return (
        line.endswith(b"\n")
        and line[_MARK : _MARK + 1] == b" "
        and line[:_MARK] == _mark(line[_MARK + 1 : -1])
    )
