"""Which settings a sweep visits: one point a cell, and the cell to compare with."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sim.batch.settings import (
    HOW,
    Range,
    Setting,
    Structure,
    chosen,
    setting_of,
    settings,
    shown,
)
from sim.errors import UsageError
from sim.scenario.references import did_you_mean

MOST_CELLS = 20_000


@dataclass(frozen=True)
class Made:
    """How the points of a design were made.

    `words` of a command make them again, `note` says what may be lost. Messages about
    one point call it by its name in `rows`, and all of them together `source`.
    """

    kind: str = "points"
    words: tuple[str, ...] = ()
    note: str = ""
    source: str = "--design"
    rows: tuple[str, ...] = ()


GRID = Made("grid", source="--vary")


@dataclass(frozen=True)
class Design:
    """Points of a sweep: `points[cell][i]` is the setting of `paths[i]`.

    Differences are taken from the cell `reference`. Whatever makes points makes one of
    these: `grid`, `points.Points`, `sampled.sampled`, or a program of one's own.
    """

    paths: tuple[str, ...]
    points: tuple[tuple[Setting, ...], ...]
    reference: int = 0
    made: Made = field(default=Made(), compare=False)

    def __post_init__(self) -> None:
        """Raise UsageError for too many cells, or two paths to the same value."""
        if len(self.points) > MOST_CELLS:
            what = f"{self.made.source}: {len(self.points):,}"
            raise UsageError(f"{what} cells, more than {MOST_CELLS:,}")
        for path in self.paths:
            if f"{path}.value" in self.paths:
                text = f"{path} and {path}.value are the same value"
                raise UsageError(f"{self.made.source}: {text}")

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.points)

    def at(self, cell: int) -> dict[str, Setting]:
        """Return the settings of a cell by path."""
        return dict(zip(self.paths, self.points[cell], strict=True))

    def changes(self, cell: int) -> dict[str, object]:
        """Return the values of a cell by path, as plain data."""
        return {path: plain(setting) for path, setting in self.at(cell).items()}

    def column(self, path: str) -> list[Setting]:
        """Return the settings of one path, cell by cell."""
        at = self.paths.index(path)
        return [point[at] for point in self.points]

    def row(self, cell: int) -> str:
        """Return what messages call a cell."""
        rows = self.made.rows
        return rows[cell] if rows else f"{self.made.source}, point {cell + 1}"

    def plain(self) -> dict[str, Any]:
        """Return the design as the manifest holds it."""
        return {
            "kind": self.made.kind,
            "note": self.made.note,
            "paths": list(self.paths),
            "points": [[plain(each) for each in point] for point in self.points],
            "reference": self.reference,
        }

    @classmethod
    def read(cls, held: Mapping[str, Any]) -> "Design":
        """Return the design that a manifest holds."""
        points = tuple(tuple(map(setting_of, point)) for point in held["points"])
        made = Made(held["kind"], note=held["note"])
        return cls(tuple(held["paths"]), points, held["reference"], made)


def plain(setting: Setting) -> object:
    """Return a setting as plain data."""
    return setting.data if isinstance(setting, Structure) else setting


def grid(
    vary: Mapping[str, Iterable[object] | Range],
    reference: Mapping[str, object] | None = None,
) -> Design:
    """Return all combinations of settings, the last path varying fastest.

    The reference is the cell with the first setting of each path, unless `reference`
    names another one; paths left out of it keep their first. Raises UsageError if a
    path has no settings, the same twice or a range to draw from, there are too many
    cells, or `reference` is not among them.

    >>> grid({"a": [0, 1], "b": ["x", "y"]}, {"a": 1}).points
    ((0.0, 'x'), (0.0, 'y'), (1.0, 'x'), (1.0, 'y'))
    """
    columns: dict[str, tuple[Setting, ...]] = {}
    for path, values in vary.items():
        column = chosen(path, values)
        if isinstance(column, Range):
            hint = f"{HOW}; {column} is for --design lhs:N or sobol:N"
            raise UsageError(f"--vary {path}: {hint}")
        columns[path] = column
    cells = math.prod(len(column) for column in columns.values())
    if cells > MOST_CELLS:
        sizes = " x ".join(str(len(column)) for column in columns.values())
        raise UsageError(
            f"{sizes} settings are {cells:,} cells, more than {MOST_CELLS:,}"
        )
    first = {path: column[0] for path, column in columns.items()}
    for path, value in (reference or {}).items():
        first[path] = reference_setting(path, value, columns)
        if first[path] not in columns[path]:
            known = ", ".join(shown(each) for each in columns[path])
            raise UsageError(
                f"--reference {path}: {shown(first[path])} is not one of its "
                f"settings, {known}"
            )
    points = tuple(product(*columns.values()))
    return Design(tuple(columns), points, points.index(tuple(first.values())), GRID)


def reference_setting(path: str, value: object, paths: Iterable[str]) -> Setting:
    """Return a setting of the reference; UsageError if its path is not varied."""
    if path not in paths:
        hint = did_you_mean(path, paths)
        raise UsageError(f"--reference {path}: is not varied{hint}")
    try:
        (setting,) = settings([value])
    except ValueError as error:
        raise UsageError(f"--reference {path}: {error}") from None
    return setting
