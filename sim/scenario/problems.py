"""A mistake in a scenario, and the place in a file that it stands at."""

from collections.abc import Iterable
from dataclasses import dataclass

from sim.errors import ScenarioError, printable

KeyPath = tuple[str | int, ...]
"""Keys and list positions that lead to a value."""

_MOST_SHOWN = 50
_WIDEST_LINE = 120
_LONGEST_PATH = 200
_LONGEST_MESSAGE = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file, line and column from 1, and the line itself."""

    file: str
    line: int
    column: int
    text: str

    def caret(self) -> str:
        """Return the line, and below it a caret under the column."""
        # A line too long for a terminal is cut to what surrounds the column.
        start = max(0, self.column - 1 - _WIDEST_LINE // 2)
        start = start if len(self.text) > _WIDEST_LINE else 0
        part = self.text[start : start + _WIDEST_LINE]
        line = "".join(c if c.isprintable() else " " for c in part)
        return f"    {line}\n    {' ' * (self.column - 1 - start)}^"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the value at `path`; without a place it came from --set."""

    path: KeyPath
    message: str
    place: Place | None = None

    def __str__(self) -> str:
        """Return `FILE:LINE:COLUMN: path: message` with the line and a caret."""
        text = f"{dotted(self.path)}: {self.message}" if self.path else self.message
        text = printable(text, _LONGEST_MESSAGE)
        if self.place is None:
            return f"--set: {text}"
        file = printable(self.place.file)
        where = f"{file}:{self.place.line}:{self.place.column}"
        return f"{where}: {text}\n{self.place.caret()}"


def dotted(path: KeyPath) -> str:
    """Return a path as users write it.

    >>> dotted(("timeline", 0, "date"))
    'timeline.0.date'
    """
    text = ".".join(str(part)[: _LONGEST_PATH + 1] for part in path)
    return printable(text, _LONGEST_PATH)


def report(problems: Iterable[Problem]) -> ScenarioError:
    """Return the error that names all problems, in the order of file and line."""

    def order(problem: Problem) -> tuple[str, int, int]:
        place = problem.place
        return (place.file, place.line, place.column) if place else ("", 0, 0)

    # Only what is shown is put into words: a file may have many mistakes on long lines.
    found = list(dict.fromkeys(sorted(problems, key=order)))
    texts = [str(problem) for problem in found[:_MOST_SHOWN]]
    if len(found) > _MOST_SHOWN:
        texts.append(f"... and {len(found) - _MOST_SHOWN} more problems")
    return ScenarioError(texts)
