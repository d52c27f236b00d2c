"""Tables of actors as comma-separated files, read with a place for every mistake."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

from pydantic import PlainValidator, TypeAdapter

from sim.errors import InputMissingError, ScenarioError
from sim.scenario.csv_file import Table, cut, number
from sim.scenario.references import did_you_mean
from sim.theory.inputs import Range

TABLES: Final = Path(__file__).with_name("tables")
LARGEST_FILE: Final = 1_000_000  # bytes
MOST_ACTORS: Final = 200
LONGEST_NAME: Final = 100


class Row(NamedTuple):
    """A named row of numbers, and the line of the file it stands in."""

    line: int
    name: str
    numbers: tuple[float, ...]


def read_table(name: Path | str) -> Table:
    """Return a table from a path, or one of ours by its name; columns in lower case.

    Raises `InputMissingError` if it cannot be read, `ScenarioError` if it is no table.
    """
    shipped = {path.stem: path for path in sorted(TABLES.glob("*.csv"))}
    path = Path(name)
    if not path.exists():
        near = [*shipped, *(str(each) for each in path.parent.glob("*.csv"))]
        if name not in shipped:
            raise InputMissingError(
                f"there is no file {name}, and no table of that name is shipped "
                f"({', '.join(shipped)}){did_you_mean(name, near)}"
            )
        path = shipped[str(name)]
    table = Table.read(path, most_bytes=LARGEST_FILE, error=ScenarioError)
    return replace(table, columns=tuple(name.lower() for name in table.columns))


def rows_of(table: Table, columns: Mapping[str, Range]) -> list[Row]:
    """Return the rows of a table whose header is `actor`, then the `columns`.

    Names must differ, all other fields must be finite numbers in the range of their
    column. Each mistake begins with path and line.
    """
    names = ("actor", *columns)
    if table.columns != names:
        found = cut(",".join(table.columns))
        text = f"the header must be {','.join(names)}, not {found}"
        table.refuse([(table.line, text)])
    lines = [line for line, _ in table.rows]
    if len(lines) > MOST_ACTORS:
        table.refuse([(lines[MOST_ACTORS], f"more than {MOST_ACTORS} actors")])
    kinds = {column: _numbers(within) for column, within in columns.items()}
    actors, *numbers = table.values({"actor": _NAMES} | kinds)
    first = dict(zip(reversed(actors), reversed(lines), strict=True))
    table.refuse(
        [
            (line, f"{cut(name)} is already in line {first[name]}")
            for name, line in zip(actors, lines, strict=True)
            if line != first[name]
        ]
    )
    return list(map(Row, lines, actors, zip(*numbers, strict=True)))


def _name(text: str) -> str:
    if not text or len(text) > LONGEST_NAME or not text.isprintable():
        raise ValueError(
            f"needs a name of 1 to {LONGEST_NAME} printable characters, not {cut(text)}"
        )
    return text


_NAMES = TypeAdapter(list[Annotated[str, PlainValidator(_name)]])


def _numbers(within: Range) -> TypeAdapter[Any]:
    def checked(text: str) -> float:
        value = number(text)
        if not math.isfinite(value):
            raise ValueError(f"needs a finite number, not {cut(text)}")
        if problem := within.problem(value):
            raise ValueError(f"{problem} ({within})")
        return value

    return TypeAdapter(list[Annotated[float, PlainValidator(checked)]])
