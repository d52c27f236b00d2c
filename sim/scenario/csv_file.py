"""Comma-separated values as rows with their lines, and never a crash.

The one reader of such files: what a cell may be is said by a type that pydantic checks,
and all mistakes are named together.
"""

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import TypeAdapter, ValidationError

from sim.errors import CeasefireError, InputMissingError
from sim.scenario.library import read_file

_MOST_PROBLEMS = 10
_MOST_BYTES = 16_000_000

Error: TypeAlias = Callable[[list[str]], CeasefireError]
"""Makes an exception of what is wrong in a file, line by line."""


@dataclass(frozen=True)
class Table:
    """A file of comma-separated values: its columns, and each row with its line."""

    file: Path
    line: int
    columns: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]
    error: Error

    @classmethod
    def read(
        cls,
        file: Path,
        *,
        most_bytes: int = _MOST_BYTES,
        comments: bool = False,
        error: Error = lambda problems: InputMissingError("\n".join(problems)),
    ) -> "Table":
        """Read a table; rows without any text are passed over.

        With `comments`, so are lines that begin with `#`. Raises `InputMissingError` if
        it cannot be read or is too large, and what `error` makes of it if there is no
        header, or it or rows are ragged.
        """
        try:
            raw = read_file(file, most_bytes)
            text = io.StringIO(raw.decode("utf-8-sig"), newline="")
        except UnicodeDecodeError as found:
            line = raw[: found.start].count(b"\n") + 1
            raise error([f"{file}:{line}: is not text in UTF-8"]) from None
        except (OSError, ValueError) as found:
            reason = getattr(found, "strerror", None) or found
            raise InputMissingError(f"{file} cannot be read: {reason}") from None
        reader = csv.reader(
            ("\n" if comments and each.lstrip()[:1] == "#" else each for each in text),
            skipinitialspace=True,
            strict=True,
        )
        try:
            lines = [
                (reader.line_num, cells)
                for row in reader
                if any(cells := [cell.strip() for cell in row])
            ]
        except csv.Error as found:
            raise error([f"{file}:{reader.line_num}: {found}"]) from None
        if not lines:
            raise error([f"{file}: is empty; its first line names the columns"])
        (at, header), *rest = lines
        columns = tuple(_without_blanks(header, 0))
        rows = [(line, _without_blanks(row, len(columns))) for line, row in rest]
        table = cls(file, at, columns, tuple(rows), error)
        table.refuse([(at, text) for text in _header_problems(columns)])
        table.refuse(
            [
                (line, f"has {_cells(len(row))}, the header {len(columns)}")
                for line, row in rows
                if len(row) != len(columns)
            ]
        )
        return table

    def refuse(self, problems: Sequence[tuple[int, str]]) -> None:
        """Raise an error if there is a problem: the first ten, each with its line."""
        texts = [f"{self.file}:{line}: {text}" for line, text in problems]
        more = len(texts) - _MOST_PROBLEMS
        tail = [f"and {more} more"] if more > 0 else []
        if texts:
            raise self.error(texts[:_MOST_PROBLEMS] + tail)

    def need(self, name: str) -> None:
        """See to it that there is a column, or name the one that may be meant."""
        if name not in self.columns:
            text = f"no column {name}; it has {listed(self.columns)}{self.hint(name)}"
            raise self.wrong(text)

    def wrong(self, text: str) -> CeasefireError:
        """Return the error that says what is wrong with the whole file."""
        return self.error([f"{self.file}: {text}"])

    def hint(self, name: str) -> str:
        """Return which column may stand for one that is missing, as a question."""
        for column in self.columns:
            if get_close_matches(column.lower()[:60], [name]):
                return f"; did you mean '{name}' by '{column[:60]}'?"
        return ""

    def values(self, kinds: Mapping[str, TypeAdapter[Any]]) -> list[list[Any]]:
        """Return some columns, each as a list of what its type makes of the texts.

        Errors as `refuse`, if some cells are not of the type.
        """
        found, wrong = [], []
        for name, kind in kinds.items():
            self.need(name)
            at = self.columns.index(name)
            try:
                found.append(kind.validate_python([row[at] for _, row in self.rows]))
            except ValidationError as error:
                for each in error.errors(include_url=False):
                    line, _ = self.rows[int(each["loc"][0])]
                    said = each.get("ctx", {}).get("error", each["msg"])
                    wrong.append((line, f"{name}: {said}"))
        self.refuse(sorted(wrong))
        return found


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _header_problems(columns: Sequence[str]) -> list[str]:
    for separator, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(columns) == 1 and separator in columns[0]:
            return [f"columns must be separated by commas, not by {name}"]
    nameless = [i for i, name in enumerate(columns, 1) if not name]
    twice = [name for name, times in Counter(columns).items() if name and times > 1]
    return [f"column {i} has no name" for i in nameless] + [
        f"the header has {cut(name)} twice" for name in twice
    ]


def _without_blanks(cells: Sequence[str], least: int) -> list[str]:
    """Return cells without the empty ones at the end, but for a number of them."""
    used = max((i + 1 for i, cell in enumerate(cells) if cell), default=0)
    return list(cells[: max(used, least)])


def number(text: str) -> float:
    """Return a cell as a number, NaN if it is none; Python itself would take 1_000."""
    try:
        return math.nan if "_" in text else float(text)
    except ValueError:
        return math.nan


def listed(names: Sequence[str]) -> str:
    """Return the names of columns, cut short."""
    text = ", ".join(names)
    return text if len(text) <= 300 else text[:297] + "..."


def cut(text: str) -> str:
    """Return what stands in a cell, in quotes and cut short."""
    return repr(text if len(text) <= 40 else text[:37] + "...")
