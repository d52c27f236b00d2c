"""The series of a sweep on disk: two files a cell, and two in all once it is finished.

So a sweep that is killed loses no more than the cells that it was at.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputMissingError
from sim.sweep.chunks import SeriesChunk
from sim.sweep.files import checksum, read_whole, write_whole
from sim.sweep.read import SERIES, SERIES_RUNS
from sim.sweep.series import Series
from sim.sweep.tables import decode, encode, series_table, stacked

TABLES = (SERIES, SERIES_RUNS)


class SeriesFiles:
    """Files of single cells in a folder, with their checksums."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._checksums: dict[int, list[str]] = {}

    def remember(self, entry: Mapping[str, Any]) -> None:
        """Take up what the journal says of a cell."""
        self._checksums[entry["cell"]] = entry["sha256"]

    def harmed(self, cell: int) -> Path | None:
        """Return a file of a cell that is not as it was written; None if all are."""
        for file, made_as in zip(self._files(cell), self._checksums[cell], strict=True):
            try:
                read_whole(file, made_as)
            except InputMissingError:
                return file
        return None

    def lost(self) -> list[Path]:
        """Return a file of each cell that is no longer as it was written."""
        return [file for file in map(self.harmed, self._checksums) if file is not None]

    def knows(self, chunk: SeriesChunk) -> bool:
        """Say whether the series of a cell was written, harmed since or not."""
        return chunk.cell in self._checksums

    def keep(self, cell: int, series: Series) -> dict[str, Any]:
        """Write the series of a cell; return what the journal is to say of it."""
        checksums = []
        for file, columns in zip(self._files(cell), series, strict=True):
            content = encode(series_table(columns), {})
            write_whole(file, content, lasting=False)
            checksums.append(checksum(content))
        self._checksums[cell] = checksums
        return {"cell": cell, "sha256": checksums}

    def tables(self) -> dict[str, Any]:
        """Return the tables of all cells, by the names of their files; or nothing."""
        cells = sorted(self._checksums)
        if not cells:
            return {}
        return {
            name: stacked(
                decode(read_whole(self._files(cell)[i], self._checksums[cell][i]))
                for cell in cells
            )
            for i, name in enumerate(TABLES)
        }

    def _files(self, cell: int) -> list[Path]:
        return [self._folder / f"{cell:05}-{name}" for name in TABLES]


def tables_of(series: Mapping[int, Series]) -> dict[str, Any]:
    """Return the series of cells as such tables; or nothing."""
    if not series:
        return {}
    return {
        name: stacked(series_table(series[cell][i]) for cell in sorted(series))
        for i, name in enumerate(TABLES)
    }


def joined_series(tables: Iterable[Any]) -> Any:
    """Return the tables of parts, each with cells of its own, as that of the whole."""
    by_cell = {}
    for table in tables:
        cells = table["cell"].to_numpy()
        starts = np.flatnonzero(np.diff(cells, prepend=-1))
        for start, end in zip(starts, [*starts[1:], cells.size], strict=True):
            by_cell[int(cells[start])] = table.slice(start, end - start)
    return stacked(by_cell[cell] for cell in sorted(by_cell))
