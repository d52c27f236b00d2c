"""What a sweep has finished, one line each, so that a killed one can go on.

A line is a checksum and a JSON object. The checksum is over the object and the sweep
that it is of, so a line tells by itself that it is whole and belongs here, whatever has
become of the manifest. A line that was cut off or damaged, or is of another sweep, does
not count, and what it was about is computed again.
"""

import errno
import hashlib
import json
import os
from pathlib import Path
from typing import IO, Any

from sim.sweep.files import append_to, read_whole, told_plainly, write_whole

_MARK = 16


class Journal:
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
        """Return the entries that are whole, and drop the others from the file.

        Raises
        ------
        InputMissingError
            If there is a file and it cannot be read, or written anew.
        """
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
