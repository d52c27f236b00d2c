"""Run the chunks of a sweep on threads; keep each as it comes; sum up cell by cell.

At most a few cells are in memory at a time, and the reference cell, which all others
are compared with replicate by replicate.
"""

from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from itertools import islice

from sim.engine.run import cores
from sim.sweep.chunks import (
    Columns,
    InputChunk,
    Row,
    Summarise,
    WorldChunk,
    input_chunks,
    joined,
    world_chunks,
)
from sim.sweep.keep import Keeper
from sim.sweep.plan import Plan
from sim.sweep.progress import Progress, Silent

Chunk = WorldChunk | InputChunk
Result = Columns | list[Row]


def run(
    plan: Plan,
    summarise: Summarise,
    keeper: Keeper,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Do all chunks that the keeper does not have; then it has every row.

    Parameters
    ----------
    summarise
        `sim.analysis.cells.summarise`: outcomes of a cell, and of the reference cell,
        to one row.
    threads
        Default: all processors. The result does not depend on it.

    Raises
    ------
    InputMissingError
        If something cannot be written.
    KeyboardInterrupt
        As soon as running chunks are done; all finished ones are kept.
    """
    told = progress or Silent()
    desk = _Desk(plan, summarise, keeper)
    todo = desk.open()
    worlds = plan.worlds + plan.input_worlds
    for file in keeper.damaged:
        told.note(f"{file} is damaged or missing: its worlds are run again")
    told.start(worlds, worlds - sum(chunk.worlds for chunk in todo))
    workers = max(1, threads if threads is not None else cores())
    try:
        if todo:
            WorldChunk(plan.design.reference, 0, 1).compute(plan)  # compiles
            told.begin()
        with closing(_computed(plan, summarise, todo, workers)) as finished:
            for chunk, result in finished:
                desk.done(chunk, result)
                told.advance(chunk.worlds)
    finally:
        told.close()


def _computed(
    plan: Plan, summarise: Summarise, todo: list[Chunk], workers: int
) -> Generator[tuple[Chunk, Result], None, None]:
    """Yield chunks with their results, in the order in which they are finished."""

    def compute(chunk: Chunk) -> Result:
        if isinstance(chunk, WorldChunk):
            return chunk.compute(plan)
        return chunk.compute(plan, summarise)

    queue = iter(todo)
    waiting: dict[Future[Result], Chunk] = {}
    pool = ThreadPoolExecutor(workers)
    try:
        while True:
            # A short queue: no more than these results can wait to be written.
            for chunk in islice(queue, 2 * workers - len(waiting)):
                waiting[pool.submit(compute, chunk)] = chunk
            if not waiting:
                return
            # With a time limit, Ctrl-C is noticed on every system.
            done, _ = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future), future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Desk:
    """Collects outcomes until a cell is whole and the reference is known."""

    def __init__(self, plan: Plan, summarise: Summarise, keeper: Keeper) -> None:
        self.plan = plan
        self.summarise = summarise
        self.keeper = keeper
        self.reference: Columns | None = None
        self.parts: dict[int, dict[int, Columns]] = {}
        self.whole: dict[int, Columns] = {}

    def open(self) -> list[Chunk]:
        """Return the chunks to do, and take up the outcomes of those that are done."""
        plan, keeper = self.plan, self.keeper
        cells = list(plan.order())
        todo: list[Chunk] = []
        rows_missing = any(cell not in keeper.rows for cell in cells)
        for cell in cells:
            is_reference = cell == plan.design.reference
            wanted = cell not in keeper.rows or (is_reference and rows_missing)
            for chunk in world_chunks(plan, cell):
                if not (wanted or plan.keep_worlds):
                    continue
                if not keeper.has(chunk):
                    todo.append(chunk)
                elif wanted:
                    self._take(chunk, keeper.columns(chunk))
        for cell in cells:
            for inputs in input_chunks(plan, cell):
                sets = range(inputs.first, inputs.first + inputs.count)
                if not all((cell, index) in keeper.input_rows for index in sets):
                    todo.append(inputs)
        return todo

    def done(self, chunk: Chunk, result: Result) -> None:
        """Keep a chunk just finished, and the row of its cell once that is whole."""
        if isinstance(chunk, WorldChunk):
            assert isinstance(result, dict)
            self.keeper.keep_worlds(chunk, result)
            self._take(chunk, result)
        else:
            assert isinstance(result, list)
            self.keeper.keep_inputs(chunk, result)

    def _take(self, chunk: WorldChunk, columns: Columns) -> None:
        cell = chunk.cell
        is_reference = cell == self.plan.design.reference
        if cell in self.keeper.rows and not is_reference:
            return  # its file was missing, its row is not
        parts = self.parts.setdefault(cell, {})
        parts[chunk.first] = columns
        if sum(len(part["end"]) for part in parts.values()) < self.plan.replicates:
            return
        self.whole[cell] = joined(self.parts.pop(cell))
        if is_reference:
            self.reference = self.whole[cell]
        if self.reference is not None:
            for ready in sorted(self.whole):
                self._sum_up(ready, self.whole.pop(ready), self.reference)

    def _sum_up(self, cell: int, columns: Columns, reference: Columns) -> None:
        if cell not in self.keeper.rows:
            row = self.summarise(
                columns, reference=reference, within_days=self.plan.within_days
            )
            self.keeper.keep_row(cell, dict(row))
        if cell != self.plan.design.reference:
            self.keeper.forget(list(world_chunks(self.plan, cell)))
