"""A mistake in a scenario, and the place in a file that it stands at."""

from collections.abc import Iterable
from dataclasses import dataclass

from sim.errors import ScenarioError

KeyPath = tuple[str | int, ...]
"""Keys and list positions that lead to a value."""

_MOST_SHOWN = 50
_WIDEST_LINE = 120


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file, line and column from 1, and the line itself."""

    file: str
    line: int
    column: int
    text: str

    def caret(self) -> str:
        """Return the line, and below it a caret under the column."""
        line = "".join(c if c.isprintable() else " " for c in self.text)
        # A line too long for a terminal is cut to what surrounds the column.
        start = max(0, self.column - 1 - _WIDEST_LINE // 2)
        start = start if len(line) > _WIDEST_LINE else 0
        end = start + _WIDEST_LINE
        return f"    {line[start:end]}\n    {' ' * (self.column - 1 - start)}^"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the value at `path`; without a place it came from --set."""

    path: KeyPath
    message: str
    place: Place | None = None

    def __str__(self) -> str:
        """Return `FILE:LINE:COLUMN: path: message` with the line and a caret."""
        text = f"{dotted(self.path)}: {self.message}" if self.path else self.message
        if self.place is None:
            return f"--set: {text}"
        where = f"{self.place.file}:{self.place.line}:{self.place.column}"
        return f"{where}: {text}\n{self.place.caret()}"


def dotted(path: KeyPath) -> str:
    """Return a path as users write it.

    >>> dotted(("timeline", 0, "date"))
    'timeline.0.date'
    """
    text = ".".join(str(part) for part in path)
    return text if text.isprintable() and len(text) < 200 else ascii(text)[:200]


def report(problems: Iterable[Problem]) -> ScenarioError:
    """Return the error that names all problems, in the order of file and line."""

    def order(problem: Problem) -> tuple[str, int, int]:
        place = problem.place
        return (place.file, place.line, place.column) if place else ("", 0, 0)

    texts = list(dict.fromkeys(str(p) for p in sorted(problems, key=order)))
    if len(texts) > _MOST_SHOWN:
        rest = len(texts) - _MOST_SHOWN
        texts = [*texts[:_MOST_SHOWN], f"... and {rest} more problems"]
    return ScenarioError(texts)
