"""The desk of a sweep: which chunks are to do, and what is made of those that are done.

A cell is done batch by batch (one batch, unless a precision is asked for). Once it is
whole, and the reference cell too, its row is summed up.
"""

from sim.sweep.chunks import (
    Chunk,
    Columns,
    InputChunk,
    Result,
    SeriesChunk,
    Summary,
    WorldChunk,
    batches,
    chunks_of,
    input_chunks,
    series_chunks,
    world_chunks,
)
from sim.sweep.gathered import Gathered
from sim.sweep.keep import Keeper
from sim.sweep.plan import Plan
from sim.sweep.precision import is_precise
from sim.sweep.series import Series


class Desk:
    """Collects outcomes until a cell is whole and the reference is known.

    `spared` counts the worlds that were planned at most and that a precision made
    unnecessary, `ahead` those that cells may need beyond the batch they are at.
    """

    def __init__(self, plan: Plan, summary: Summary, keeper: Keeper) -> None:
        self.plan = plan
        self.summary = summary
        self.keeper = keeper
        self.spared = self.ahead = 0
        self.reference: Columns | None = None
        self._batches = list(batches(plan))
        self._at: dict[int, int] = {}
        self._parts: dict[int, Gathered] = {}
        self._whole: dict[int, Columns] = {}

    def open(self) -> list[Chunk]:
        """Return the chunks to do, and take up the outcomes of those that are done."""
        plan = self.plan
        if plan.part is not None:
            return [chunk for chunk in chunks_of(plan) if not self._has(chunk)]
        todo: list[Chunk] = []
        rows_missing = any(cell not in self.keeper.rows for cell in plan.order())
        for cell in plan.order():
            is_reference = cell == plan.design.reference
            row = self.keeper.rows.get(cell)
            if row is not None:
                self.spared += plan.replicates - int(row["replicates"])
            if row is None or (is_reference and rows_missing):
                todo += self._advance(cell)
            elif plan.keep_worlds:
                todo += self._lost(cell, int(row["replicates"]))
        self.ahead = sum(
            plan.replicates - self._batches[at].stop for at in self._at.values()
        )
        for cell in plan.order():
            todo += [each for each in input_chunks(plan, cell) if not self._has(each)]
        todo += [each for each in series_chunks(plan) if not self._has(each)]
        return todo

    def done(self, chunk: Chunk, result: Result) -> list[Chunk]:
        """Keep a chunk just finished; return those that are to do because of it.

        The row of a cell is kept once that is whole.
        """
        if isinstance(chunk, InputChunk):
            assert isinstance(result, list)
            self.keeper.keep_inputs(chunk, result)
            return []
        if isinstance(chunk, SeriesChunk):
            assert isinstance(result, Series)
            self.keeper.keep_series(chunk, result)
            return []
        assert isinstance(result, dict)
        self.keeper.keep_worlds(chunk, result)
        if chunk.cell not in self._at:
            return []  # a part sums nothing up; or only the file was missing
        if not self._take(chunk, result) or self._closes(chunk.cell):
            return []
        self._at[chunk.cell] += 1
        return self._advance(chunk.cell)

    def _has(self, chunk: Chunk) -> bool:
        if isinstance(chunk, WorldChunk):
            return self.keeper.has(chunk)
        if isinstance(chunk, SeriesChunk):
            return self.keeper.has_series(chunk)
        sets = range(chunk.first, chunk.first + chunk.count)
        return all((chunk.cell, index) in self.keeper.input_rows for index in sets)

    def _lost(self, cell: int, spent: int) -> list[Chunk]:
        """Return the chunks of a cell with a row whose files are not there."""
        return [
            chunk
            for chunk in world_chunks(self.plan, cell)
            if chunk.first < spent and not self.keeper.has(chunk)
        ]

    def _advance(self, cell: int) -> list[Chunk]:
        """Take up batches of a cell that are there; return what the next one lacks."""
        at = self._at.setdefault(cell, 0)
        for i, batch in enumerate(self._batches[at:], at):
            self._at[cell] = i
            missing: list[Chunk] = []
            for chunk in world_chunks(self.plan, cell, batch):
                if self.keeper.has(chunk):
                    self._take(chunk, self.keeper.columns(chunk))
                else:
                    missing.append(chunk)
            if missing:
                return missing
            if self._closes(cell):
                break
        return []

    def _take(self, chunk: WorldChunk, columns: Columns) -> bool:
        """Add outcomes to those of their cell; say whether its batch is whole.

        Only what its row needs is kept: a cell may have millions of worlds.
        """
        days = self.plan.within_days
        parts = self._parts.setdefault(chunk.cell, Gathered(self.plan.replicates))
        parts.put(chunk.first, self.summary.condense(columns, within_days=days))
        return parts.there == self._batches[self._at[chunk.cell]].stop

    def _closes(self, cell: int) -> bool:
        """Sum a cell up if its batches so far are enough."""
        columns = self._parts[cell].columns()
        is_last = self._at[cell] == len(self._batches) - 1
        if not is_last and not self._is_precise(columns):
            return False
        spent = self._batches[self._at[cell]].stop
        if cell not in self.keeper.rows:
            self.spared += self.plan.replicates - spent
        del self._parts[cell], self._at[cell]
        self._whole[cell] = columns
        if cell == self.plan.design.reference:
            self.reference = columns
        if self.reference is not None:
            for ready in sorted(self._whole):
                self._sum_up(ready, self._whole.pop(ready), self.reference)
        return True

    def _is_precise(self, columns: Columns) -> bool:
        assert self.plan.precision is not None
        return is_precise(self.summary.row_of(columns), self.plan.precision)

    def _sum_up(self, cell: int, columns: Columns, reference: Columns) -> None:
        if cell not in self.keeper.rows:
            row = self.summary.row_of(columns, reference=reference)
            self.keeper.keep_row(cell, row)
        if cell != self.plan.design.reference:
            self.keeper.forget(list(world_chunks(self.plan, cell)))
