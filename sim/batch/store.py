"""What a sweep has finished so far, kept in memory; `folder.Folder` writes it down."""

from collections.abc import Sequence
from pathlib import Path

from sim.batch.tasks import (
    Chunk,
    Columns,
    InputChunk,
    Result,
    Row,
    SeriesChunk,
    WorldChunk,
)
from sim.batch.timeseries import Series


class Memory:
    """A sweep that is not written down.

    `rows` has the summary of each finished cell, `input_rows` the shares by cell and
    set of inputs. `damaged` are files that were found harmed or missing; their chunks
    are done again.
    """

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.input_rows: dict[tuple[int, int], Row] = {}
        self.series: dict[int, Series] = {}
        self.damaged: list[Path] = []

    def has(self, chunk: Chunk) -> bool:
        """Say whether the result of a chunk is there, unharmed."""
        if isinstance(chunk, InputChunk):
            return all((chunk.cell, index) in self.input_rows for index in chunk.sets)
        return isinstance(chunk, SeriesChunk) and chunk.cell in self.series

    def columns(self, chunk: WorldChunk) -> Columns:
        """Return the outcomes of a chunk that is there."""
        raise KeyError(chunk)

    def keep(self, chunk: Chunk, result: Result) -> None:
        """Keep the result of a chunk; `run` has outcomes for as long as it needs them.

        Of a folder, the outcomes are there until the cell is done, or for good.
        """
        if isinstance(result, Series):
            self.series[chunk.cell] = result
        elif isinstance(result, list):
            for index, row in enumerate(result, chunk.first):
                self.input_rows[chunk.cell, index] = row

    def keep_row(self, cell: int, row: Row) -> None:
        """Keep the summary of a cell."""
        self.rows[cell] = row

    def forget(self, chunks: Sequence[WorldChunk]) -> None:
        """Let go of outcomes that are needed no more, unless they are kept for good."""
