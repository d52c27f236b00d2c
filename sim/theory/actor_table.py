"""Tables of actors as comma-separated files, read with a place for every mistake."""

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.scenario.library import read_file
from sim.theory.inputs import Range

LARGEST_FILE: Final = 1_000_000  # bytes
MOST_ACTORS: Final = 200
LONGEST_NAME: Final = 100


@dataclass(frozen=True)
class Row:
    """A named row of numbers, and the line of the file it stands in."""

    line: int
    name: str
    numbers: tuple[float, ...]


def read_header(path: Path | str) -> list[str]:
    """Return the names of the columns of a table, in lower case."""
    return _records(Path(path))[0][1]


def read_rows(path: Path | str, columns: Mapping[str, Range]) -> list[Row]:
    """Return the rows of a table whose header is `actor`, then the `columns`.

    Spaces around a field and empty lines do not matter; upper and lower case of the
    header neither. Names must differ, all other fields must be finite numbers in the
    range of their column.

    Raises
    ------
    ValueError
        If the file is no such table; the message begins with path and line.
    """
    place = str(path)
    (first, header), *records = _records(Path(path))
    names = ["actor", *columns]
    if header != names:
        raise ValueError(
            f"{place}:{first}: the header must be {','.join(names)},"
            f" not {_shown(','.join(header))}"
        )
    if len(records) > MOST_ACTORS:
        line = records[MOST_ACTORS][0]
        raise ValueError(f"{place}:{line}: more than {MOST_ACTORS} actors")
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for line, fields in records:
        here = f"{place}:{line}"
        if len(fields) != len(names):
            raise ValueError(
                f"{here}: has {len(fields)} fields, the header {len(names)}"
            )
        name = fields[0]
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise ValueError(
                f"{here}: actor needs a name of 1 to {LONGEST_NAME}"
                f" printable characters, not {_shown(name)}"
            )
        if name in seen:
            raise ValueError(f"{here}: {_shown(name)} is already in line {seen[name]}")
        seen[name] = line
        numbers = tuple(
            _number(text, f"{here}: {column}", within)
            for text, (column, within) in zip(fields[1:], columns.items(), strict=True)
        )
        rows.append(Row(line, name, numbers))
    return rows


def _records(path: Path) -> list[tuple[int, list[str]]]:
    """Return line number and fields of each line that is not empty, header first."""
    content = read_file(path, LARGEST_FILE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(f"{path}:{line}: is not UTF-8 text") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records = []
    try:
        for fields in reader:
            stripped = [field.strip() for field in fields]
            if any(stripped):
                records.append((reader.line_num, stripped))
    except csv.Error as error:
        raise ValueError(f"{path}:{reader.line_num}: {error}") from None
    if not records:
        raise ValueError(f"{path}:1: is empty; a header and actors are needed")
    line, header = records[0]
    return [(line, [name.lower() for name in header]), *records[1:]]


def _number(text: str, place: str, within: Range) -> float:
    try:
        value = math.nan if "_" in text else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{place} needs a finite number, not {_shown(text)}")
    if problem := within.problem(value):
        raise ValueError(f"{place}: {problem} ({within})")
    return value


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
