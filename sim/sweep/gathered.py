"""The columns of a cell; parts come in any order, and each is written to its place."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Gathered:
    """Room for the columns of so many worlds, and how many are there.

    Parts are not collected to be joined: for a while there would be twice as much.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.there = 0
        self._columns: dict[str, NDArray[Any]] = {}

    def put(self, first: int, part: dict[str, NDArray[Any]]) -> None:
        """Add the columns of the replicates from `first` on, each replicate once."""
        (count,) = {len(column) for column in part.values()}
        for name, column in part.items():
            if name not in self._columns:
                # Memory is taken as it is written to, so `most` may be generous.
                self._columns[name] = np.empty(self.most, column.dtype)
            self._columns[name][first : first + count] = column
        self.there += count

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the columns; those that are there have to be the first ones."""
        return {name: column[: self.there] for name, column in self._columns.items()}
