"""Run the chunks of a sweep, whoever computes them; keep each as it comes.

At most a few cells are in memory at a time, and the reference cell, which all others
are compared with replicate by replicate.
"""

from collections import deque
from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing

from sim.errors import CheckFailedError, InputMissingError
from sim.sweep.chunks import (
    Chunk,
    Result,
    Summary,
    WorldChunk,
    chunks_of,
    named,
)
from sim.sweep.crew import ATTEMPTS, ChunkFailedError, Crew
from sim.sweep.desk import Desk
from sim.sweep.keep import Keeper
from sim.sweep.plan import Plan
from sim.sweep.progress import Progress, Silent
from sim.sweep.store import Folder


def run_to_the_end(
    plan: Plan,
    summary: Summary,
    folder: Folder,
    crew: Crew,
    *,
    progress: Progress | None = None,
) -> None:
    """Do as `run`, make sure that nothing was lost meanwhile, and finish the folder.

    Raises
    ------
    CheckFailedError
        As `run`; also if files of finished chunks are deleted or changed again and
        again while the sweep runs.
    """
    try:
        for _ in range(ATTEMPTS):
            run(plan, summary, folder, crew, progress=progress)
            lost = folder.lost()
            if not lost:
                folder.finish()
                return
    except InputMissingError as error:
        raise InputMissingError(
            f"{error}; finished chunks are kept, the same command goes on"
        ) from None
    raise CheckFailedError(
        f"{lost[0]} was deleted or changed while the sweep ran, and so were files "
        "before it, again and again; all else is done, the same command goes on"
    )


def run(
    plan: Plan,
    summary: Summary,
    keeper: Keeper,
    crew: Crew,
    *,
    progress: Progress | None = None,
) -> None:
    """Do all chunks that the keeper does not have; then it has every row.

    Parameters
    ----------
    summary
        `sim.analysis.cells`: outcomes of a cell, and of the reference cell, to one row.
    crew
        Who computes (`sim.sweep.cluster.crew_of`). The result does not depend on it.

    Raises
    ------
    InputMissingError
        If something cannot be written, or a cluster is lost.
    CheckFailedError
        If the processes of some chunks were killed again and again; all else is done.
    PolicyError
        If a policy fails.
    KeyboardInterrupt
        At once; all finished chunks are kept.
    """
    told = progress or Silent()
    desk = Desk(plan, summary, keeper)
    todo = deque(desk.open())
    worlds = sum(chunk.worlds for chunk in chunks_of(plan))
    for file in keeper.damaged:
        told.note(f"{file} is damaged or missing: it is made again")
    if todo and crew.words(len(todo)):
        told.note(crew.words(len(todo)))
    left = sum(chunk.worlds for chunk in todo) + desk.ahead
    told.start(worlds - desk.spared, worlds - desk.spared - left)
    # Compiles: what the others would do at the same time, they find done.
    first: deque[Chunk] = deque()
    if todo:
        first.append(WorldChunk(plan.design.reference, 0, 1))
    failed = []
    try:
        with closing(_computed(crew, first)) as warm:
            list(warm)
        told.begin()
        with closing(_computed(crew, todo)) as finished:
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
        told.close()
    if failed:
        raise CheckFailedError(_failure(failed))


def _computed(
    crew: Crew, todo: deque[Chunk]
) -> Generator[tuple[Chunk, Result | ChunkFailedError], None, None]:
    """Yield chunks with their results, in the order in which they are finished.

    Whoever takes them may add to `todo`.
    """
    waiting: dict[Future[Result], Chunk] = {}
    try:
        while True:
            room = crew.room()
            while todo and len(waiting) < room:
                chunk = todo.popleft()
                waiting[crew.start(chunk)] = chunk
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


def _failure(failed: list[str]) -> str:
    """Say which chunks are not there after everything else was done."""
    count = "a chunk" if len(failed) == 1 else f"{len(failed)} chunks"
    return "\n".join(
        [
            f"the worker processes of {count} ended again and again; all else is "
            "done, and the same command goes on from there",
            *(f"  {each}" for each in failed),
        ]
    )
