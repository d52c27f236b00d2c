"""Which settings a sweep visits: one point a cell, and the cell to compare with."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from sim.errors import UsageError
from sim.scenario.names import did_you_mean
from sim.sweep.settings import Setting, settings, shown

MOST_CELLS = 20_000


@dataclass(frozen=True)
class Design:
    """Points of a sweep: `points[cell][i]` is the setting of `paths[i]`.

    Differences are taken from the cell `reference`. A grid is the first way to make
    one; whatever else makes points can be run in the same way.
    """

    paths: tuple[str, ...]
    points: tuple[tuple[Setting, ...], ...]
    reference: int = 0

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.points)

    def changes(self, cell: int) -> dict[str, Setting]:
        """Return the settings of a cell by path."""
        return dict(zip(self.paths, self.points[cell], strict=True))

    def column(self, path: str) -> list[Setting]:
        """Return the settings of one path, cell by cell."""
        at = self.paths.index(path)
        return [point[at] for point in self.points]

    def plain(self) -> dict[str, Any]:
        """Return the design as the manifest holds it."""
        return {
            "paths": list(self.paths),
            "points": [list(point) for point in self.points],
            "reference": self.reference,
        }

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> "Design":
        """Return the design that a manifest holds."""
        points = tuple(tuple(point) for point in plain["points"])
        return cls(tuple(plain["paths"]), points, plain["reference"])


def grid(
    vary: Mapping[str, Iterable[object]],
    reference: Mapping[str, object] | None = None,
) -> Design:
    """Return all combinations of settings, the last path varying fastest.

    The reference is the cell with the first setting of each path, unless `reference`
    names another one; paths left out of it keep their first.

    Raises
    ------
    UsageError
        If a path has no settings or the same twice, there are too many cells, or
        `reference` is not among them.

    >>> grid({"a": [0, 1], "b": ["x", "y"]}, {"a": 1}).points
    ((0.0, 'x'), (0.0, 'y'), (1.0, 'x'), (1.0, 'y'))
    """
    columns: dict[str, tuple[Setting, ...]] = {}
    for path, values in vary.items():
        try:
            columns[path] = settings(values)
        except (ValueError, TypeError) as error:
            raise UsageError(f"--vary {path}: {error}") from None
    cells = math.prod(len(column) for column in columns.values())
    if cells > MOST_CELLS:
        sizes = " x ".join(str(len(column)) for column in columns.values())
        raise UsageError(
            f"{sizes} settings are {cells:,} cells, more than {MOST_CELLS:,}"
        )
    index = 0
    wanted = _wanted(columns, reference or {})
    for path, column in columns.items():
        index = index * len(column) + wanted.get(path, 0)
    return Design(tuple(columns), tuple(product(*columns.values())), index)


def _wanted(
    columns: Mapping[str, tuple[Setting, ...]], reference: Mapping[str, object]
) -> dict[str, int]:
    """Return the position of the reference among the settings of each path named."""
    found = {}
    for path, value in reference.items():
        if path not in columns:
            hint = did_you_mean(path, columns)
            raise UsageError(f"--reference {path}: is not varied{hint}")
        try:
            (setting,) = settings([value])
        except ValueError as error:
            raise UsageError(f"--reference {path}: {error}") from None
        if setting not in columns[path]:
            known = ", ".join(shown(each) for each in columns[path])
            raise UsageError(
                f"--reference {path}: {shown(setting)} is none of its settings, {known}"
            )
        found[path] = columns[path].index(setting)
    return found
