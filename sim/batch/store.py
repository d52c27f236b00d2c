"""What a sweep has finished so far, whoever keeps it: memory here, or a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from sim.batch.tasks import Columns, InputChunk, Row, SeriesChunk, WorldChunk
from sim.batch.timeseries import Series


class Keeper(Protocol):
    """What a sweep has finished so far."""

    rows: dict[int, Row]
    """Summary of each finished cell."""
    input_rows: dict[tuple[int, int], Row]
    """Shares by cell and set of inputs."""
    damaged: list[Path]
    """Files that were found harmed or missing; their chunks are done again."""

    def has(self, chunk: WorldChunk) -> bool:
        """Say whether the outcomes of a chunk are there, unharmed."""

    def columns(self, chunk: WorldChunk) -> Columns:
        """Return the outcomes of a chunk that is there."""

    def keep_worlds(self, chunk: WorldChunk, columns: Columns) -> None:
        """Keep the outcomes of a chunk until its cell is done, or for good."""

    def keep_row(self, cell: int, row: Row) -> None:
        """Keep the summary of a cell."""

    def keep_inputs(self, chunk: InputChunk, rows: Sequence[Row]) -> None:
        """Keep the shares of some sets of inputs."""

    def has_series(self, chunk: SeriesChunk) -> bool:
        """Say whether the series of a cell is there, unharmed."""

    def keep_series(self, chunk: SeriesChunk, series: Series) -> None:
        """Keep the series of a cell."""

    def forget(self, chunks: Sequence[WorldChunk]) -> None:
        """Let go of outcomes that are needed no more, unless they are kept for good."""


class Memory:
    """A sweep that is not written down."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.input_rows: dict[tuple[int, int], Row] = {}
        self.damaged: list[Path] = []
        self.series: dict[int, Series] = {}

    def has(self, chunk: WorldChunk) -> bool:
        """Return False: there is nothing to go on with."""
        return False

    def columns(self, chunk: WorldChunk) -> Columns:
        """Raise: no chunk is there."""
        raise KeyError(chunk)

    def keep_worlds(self, chunk: WorldChunk, columns: Columns) -> None:
        """Do nothing: `run` has the outcomes for as long as it needs them."""

    def keep_row(self, cell: int, row: Row) -> None:
        """Keep the summary of a cell."""
        self.rows[cell] = row

    def keep_inputs(self, chunk: InputChunk, rows: Sequence[Row]) -> None:
        """Keep the shares of some sets of inputs."""
        for index, row in enumerate(rows, chunk.first):
            self.input_rows[chunk.cell, index] = row

    def has_series(self, chunk: SeriesChunk) -> bool:
        """Say whether the series of a cell is there."""
        return chunk.cell in self.series

    def keep_series(self, chunk: SeriesChunk, series: Series) -> None:
        """Keep the series of a cell."""
        self.series[chunk.cell] = series

    def forget(self, chunks: Sequence[WorldChunk]) -> None:
        """Do nothing."""
