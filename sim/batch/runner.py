"""Run the chunks of a sweep, whoever computes them; keep each as it comes.

At most a few cells are in memory at a time, and the reference cell, which all others
are compared with replicate by replicate.
"""

from collections import deque
from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing

from sim.batch import estimates
from sim.batch.dask_executor import Executor
from sim.batch.executors import ATTEMPTS, ChunkFailedError
from sim.batch.folder import Folder, Memory
from sim.batch.plan import Plan
from sim.batch.progress import Told, progress_of
from sim.batch.tasks import (
    Chunk,
    Columns,
    Gathered,
    Result,
    WorldChunk,
    batches,
    chunks_of,
    input_chunks,
    is_precise,
    named,
    series_chunks,
    world_chunks,
)
from sim.errors import CheckFailedError, InputMissingError, listed


class Schedule:
    """Collects outcomes until a cell is whole and the reference is known.

    `spared` counts the worlds that were planned at most and that a precision made
    unnecessary, `ahead` those that cells may need beyond the batch they are at.
    """

    def __init__(self, plan: Plan, keeper: Memory) -> None:
        self.plan = plan
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
            return [chunk for chunk in chunks_of(plan) if not self.keeper.has(chunk)]
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
                todo += [
                    chunk
                    for chunk in world_chunks(plan, cell)
                    if chunk.first < row["replicates"] and not self.keeper.has(chunk)
                ]
        self.ahead = sum(
            plan.replicates - self._batches[at].stop for at in self._at.values()
        )
        for cell in plan.order():
            todo += [
                each for each in input_chunks(plan, cell) if not self.keeper.has(each)
            ]
        todo += [each for each in series_chunks(plan) if not self.keeper.has(each)]
        return todo

    def done(self, chunk: Chunk, result: Result) -> list[Chunk]:
        """Keep a chunk, and the row of a whole cell; return what is to do then."""
        self.keeper.keep(chunk, result)
        if not isinstance(chunk, WorldChunk) or chunk.cell not in self._at:
            return []  # a part sums nothing up; or only the file was missing
        assert isinstance(result, dict)
        if not self._take(chunk, result) or self._closes(chunk.cell):
            return []
        self._at[chunk.cell] += 1
        return self._advance(chunk.cell)

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
        parts.put(chunk.first, estimates.condense(columns, within_days=days))
        return parts.there == self._batches[self._at[chunk.cell]].stop

    def _closes(self, cell: int) -> bool:
        """Sum a cell up if its batches so far are enough."""
        columns, precision = self._parts[cell].columns(), self.plan.precision
        if self._at[cell] < len(self._batches) - 1:  # only with a precision
            assert precision is not None
            if not is_precise(estimates.row_of(columns), precision):
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
                whole = self._whole.pop(ready)
                if ready not in self.keeper.rows:
                    row = estimates.row_of(whole, reference=self.reference)
                    self.keeper.keep_row(ready, row)
                if ready != self.plan.design.reference:
                    self.keeper.forget(list(world_chunks(self.plan, ready)))
        return True


def run_to_the_end(
    plan: Plan,
    folder: Folder,
    executor: Executor,
    *,
    progress: Told = None,
) -> None:
    """Do as `run`, make sure that nothing was lost meanwhile, and finish the folder.

    Raises CheckFailedError as `run`, also if files of finished chunks are deleted or
    changed again and again while the sweep runs.
    """
    try:
        for _ in range(ATTEMPTS):
            run(plan, folder, executor, progress=progress)
            lost = folder.lost()
            if not lost:
                folder.finish()
                return
    except InputMissingError as error:
        raise InputMissingError(
            f"{error}; finished chunks are kept, and the same command continues"
        ) from None
    raise CheckFailedError(
        f"{lost[0]} was deleted or changed while the sweep ran, and so were other "
        "files before it; everything else is done, and the same command continues"
    )


def run(
    plan: Plan,
    keeper: Memory,
    executor: Executor,
    *,
    progress: Told = None,
) -> None:
    """Do all chunks that the keeper does not have; then it has every row.

    The result does not depend on who computes (`sim.batch.dask_executor.executor_of`).
    Raises InputMissingError if something cannot be written, or a cluster is lost;
    CheckFailedError if the processes of some chunks were killed again and again, all
    else is done; PolicyError if a policy fails; and KeyboardInterrupt at once, all
    finished chunks are kept.
    """
    told = progress_of(progress)
    schedule = Schedule(plan, keeper)
    todo = deque(schedule.open())
    worlds = sum(chunk.worlds for chunk in chunks_of(plan))
    for file in keeper.damaged:
        told.note(f"{file} is damaged or missing and is made again")
    if todo and executor.words(len(todo)):
        told.note(executor.words(len(todo)))
    left = sum(chunk.worlds for chunk in todo) + schedule.ahead
    told.start(worlds - schedule.spared, worlds - schedule.spared - left)
    # Compiles: what the others would do at the same time, they find done.
    first: deque[Chunk] = deque()
    if todo:
        first.append(WorldChunk(plan.design.reference, 0, 1))
    failed = []
    try:
        with closing(_computed(executor, first)) as warm:
            list(warm)
        told.begin()
        with closing(_computed(executor, todo)) as finished:
            for chunk, result in finished:
                if isinstance(result, ChunkFailedError):
                    failed.append(f"{named(chunk, plan)}: {result}")
                    told.note(f"left out: {failed[-1]}")
                    continue
                # The next batch of a cell comes first: few cells are in memory then.
                todo.extendleft(reversed(schedule.done(chunk, result)))
                told.expect(worlds - schedule.spared)
                told.advance(chunk.worlds)
    finally:
        told.close()
    if failed:
        count = "a chunk" if len(failed) == 1 else f"{len(failed)} chunks"
        head = (
            f"the worker processes of {count} kept ending; everything else is done, "
            "and the same command continues from there"
        )
        raise CheckFailedError(listed(head, failed, len(failed)))


def _computed(
    executor: Executor, todo: deque[Chunk]
) -> Generator[tuple[Chunk, Result | ChunkFailedError], None, None]:
    """Yield chunks with results as they are finished; the caller may add to `todo`."""
    waiting: dict[Future[Result], Chunk] = {}
    try:
        while True:
            capacity = executor.capacity()
            while todo and len(waiting) < capacity:
                chunk = todo.popleft()
                waiting[executor.start(chunk)] = chunk
            if not waiting:
                return
            # With a time limit, Ctrl-C is noticed on every system.
            done, _ = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in done:
                chunk, error = waiting.pop(future), future.exception()
                if isinstance(error, ChunkFailedError):
                    yield chunk, error
                else:
                    yield chunk, future.result()
    except BaseException:
        executor.stop()
        raise
