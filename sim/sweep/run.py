"""Run the chunks of a sweep, several at a time; keep each as it comes.

At most a few cells are in memory at a time, and the reference cell, which all others
are compared with replicate by replicate.
"""

from collections import deque
from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing

from sim.engine.run import cores
from sim.errors import CheckFailedError
from sim.sweep.chunks import (
    Chunk,
    Result,
    Summarise,
    WorldChunk,
    chunks_of,
    named,
)
from sim.sweep.crew import (
    ATTEMPTS,
    ChunkFailedError,
    Crew,
    crew_of,
    most_at_once,
)
from sim.sweep.desk import Desk
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
    desk = Desk(plan, summarise, keeper)
    todo = deque(desk.open())
    worlds = sum(chunk.worlds for chunk in chunks_of(plan))
    for file in keeper.damaged:
        told.note(f"{file} is damaged or missing: its worlds are run again")
    workers = most_at_once(plan, threads if threads is not None else cores())
    if todo and plan.policies is not None:
        told.note(_where(plan, min(workers, len(todo))))
    left = sum(chunk.worlds for chunk in todo) + desk.ahead
    told.start(worlds - desk.spared, worlds - desk.spared - left)
    crew = crew_of(plan, summarise)
    # Compiles: what the others would do at the same time, they find done.
    first: deque[Chunk] = deque()
    if todo:
        first.append(WorldChunk(plan.design.reference, 0, 1))
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
                # The next batch of a cell comes first: few cells are in memory then.
                todo.extendleft(reversed(desk.done(chunk, result)))
                told.expect(worlds - desk.spared)
                told.advance(chunk.worlds)
    finally:
        crew.close()
        told.close()
    if failed:
        raise CheckFailedError(_failure(failed))


def _computed(
    crew: Crew, todo: deque[Chunk], workers: int
) -> Generator[tuple[Chunk, Result | ChunkFailedError], None, None]:
    """Yield chunks with their results, in the order in which they are finished.

    Whoever takes them may add to `todo`.
    """
    waiting: dict[Future[Result], Chunk] = {}
    pool = ThreadPoolExecutor(workers)
    try:
        while True:
            # A short queue: no more than these results can wait to be written.
            while todo and len(waiting) < 2 * workers:
                chunk = todo.popleft()
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
