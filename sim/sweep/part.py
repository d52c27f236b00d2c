"""A share of a sweep, for machines or jobs that work on it side by side.

Part K of N has every N-th chunk of the plan, from the K-th on, so all parts have about
the same to do in every cell. It is a folder of its own below that of the sweep, with
journal and lock of its own, so that parts know nothing of each other until `merge`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sim.errors import UsageError

T = TypeVar("T")

MOST_PARTS = 99_999

_FOLDER = re.compile(r"part-(\d{5})-of-(\d{5})")


@dataclass(frozen=True)
class Part:
    """Part `number` of `of` parts, counted from 1.

    >>> list(Part(2, 3).share("abcdefgh"))
    ['b', 'e', 'h']
    """

    number: int
    of: int

    def __str__(self) -> str:
        """Return the part as it is typed."""
        return f"{self.number}/{self.of}"

    def share(self, chunks: Iterable[T]) -> Iterator[T]:
        """Yield what this part has to do."""
        return islice(chunks, self.number - 1, None, self.of)

    def folder(self, sweep: Path) -> Path:
        """Return the folder of the part below that of the sweep."""
        return sweep / f"part-{self.number:05}-of-{self.of:05}"


def parse_part(text: str) -> Part:
    """Return the part that `--part K/N` names.

    >>> parse_part("3/40")
    Part(number=3, of=40)

    Raises
    ------
    UsageError
        If it is none.
    """
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip(), re.ASCII)
    if found:
        part = Part(int(found[1]), int(found[2]))
        if 1 <= part.number <= part.of <= MOST_PARTS:
            return part
    raise UsageError(
        f"--part needs K/N, K from 1 to N and N up to {MOST_PARTS:,}, not {text!r}"
    )


def parts_in(sweep: Path) -> dict[Part, Path]:
    """Return the folders of parts below a folder, in the order of parts."""
    found = {}
    for path in sorted(sweep.iterdir()) if sweep.is_dir() else []:
        match = _FOLDER.fullmatch(path.name)
        if match:
            found[Part(int(match[1]), int(match[2]))] = path
    return found
