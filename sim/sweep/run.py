"""Run the chunks of a sweep; keep each as it comes; sum up cell by cell.

At most a few cells are in memory at a time, and the reference cell, which all others
are compared with replicate by replicate.
"""

from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from itertools import islice

from sim.engine.run import cores
from sim.errors import CheckFailedError
from sim.sweep.chunks import (
    Chunk,
    Columns,
    InputChunk,
    Result,
    Summarise,
    WorldChunk,
    chunks_of,
    joined,
    named,
    world_chunks,
)
from sim.sweep.crew import (
    ATTEMPTS,
    ChunkFailedError,
    Crew,
    crew_of,
    most_at_once,
)
from sim.sweep.keep import Keeper
from sim.sweep.plan import Plan
from sim.sweep.progress import Progress, Silent


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
        Or worker processes, for policies in files. Default: all processors. The result
        does not depend on it.

    Raises
    ------
    InputMissingError
        If something cannot be written.
    CheckFailedError
        If the processes of some chunks were killed again and again; all else is done.
    PolicyError
        If a policy fails.
    KeyboardInterrupt
        As soon as running chunks are done; all finished ones are kept.
    """
    told = progress or Silent()
    desk = _Desk(plan, summarise, keeper)
    todo = desk.open()
    worlds = sum(chunk.worlds for chunk in chunks_of(plan))
    for file in keeper.damaged:
        told.note(f"{file} is damaged or missing: its worlds are run again")
    workers = most_at_once(plan, threads if threads is not None else cores())
    if todo and plan.policies is not None:
        told.note(_where(plan, min(workers, len(todo))))
    told.start(worlds, worlds - sum(chunk.worlds for chunk in todo))
    crew = crew_of(plan, summarise)
    # Compiles: what the others would do at the same time, they find done.
    first = [WorldChunk(plan.design.reference, 0, 1)] if todo else []
    failed = []
    try:
        with closing(_computed(crew, first, 1)) as warm:
            list(warm)
        told.begin()
        with closing(_computed(crew, todo, workers)) as finished:
            for chunk, result in finished:
                if isinstance(result, ChunkFailedError):
                    failed.append(f"{named(chunk, plan)}: {result}")
                    told.note(f"left out: {failed[-1]}")
                    continue
                desk.done(chunk, result)
                told.advance(chunk.worlds)
    finally:
        crew.close()
        told.close()
    if failed:
        raise CheckFailedError(_failure(failed))


def _computed(
    crew: Crew, todo: Sequence[Chunk], workers: int
) -> Generator[tuple[Chunk, Result | ChunkFailedError], None, None]:
    """Yield chunks with their results, in the order in which they are finished."""
    queue = iter(todo)
    waiting: dict[Future[Result], Chunk] = {}
    pool = ThreadPoolExecutor(workers)
    try:
        while True:
            # A short queue: no more than these results can wait to be written.
            for chunk in islice(queue, 2 * workers - len(waiting)):
                waiting[pool.submit(crew.compute, chunk)] = chunk
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
        crew.stop()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _where(plan: Plan, workers: int) -> str:
    """Say that this is the slow way, and how it is gone."""
    how = "one after the other in this process"
    if plan.policies is not None and plan.policies.in_processes:
        how = f"in {workers} worker process{'es' if workers > 1 else ''}"
    return f"policies in Python: worlds run through the slower Mesa model, {how}"


def _failure(failed: list[str]) -> str:
    """Say which chunks are not there after everything else was done."""
    count = "a chunk" if len(failed) == 1 else f"{len(failed)} chunks"
    return "\n".join(
        [
            f"the worker processes of {count} ended {ATTEMPTS} times; all else is "
            "done, and the same command goes on from there",
            *(f"  {each}" for each in failed),
        ]
    )


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
        todo: list[Chunk] = []
        rows_missing = any(cell not in keeper.rows for cell in plan.order())
        for chunk in chunks_of(plan):
            if isinstance(chunk, InputChunk):
                sets = range(chunk.first, chunk.first + chunk.count)
                if not all((chunk.cell, index) in keeper.input_rows for index in sets):
                    todo.append(chunk)
                continue
            is_reference = chunk.cell == plan.design.reference
            wanted = chunk.cell not in keeper.rows or (is_reference and rows_missing)
            if not (wanted or plan.leaves_worlds):
                continue
            if not keeper.has(chunk):
                todo.append(chunk)
            elif wanted and plan.part is None:
                self._take(chunk, keeper.columns(chunk))
        return todo

    def done(self, chunk: Chunk, result: Result) -> None:
        """Keep a chunk just finished, and the row of its cell once that is whole."""
        if isinstance(chunk, WorldChunk):
            assert isinstance(result, dict)
            self.keeper.keep_worlds(chunk, result)
            if self.plan.part is None:  # a part sums nothing up
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
