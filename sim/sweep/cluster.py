"""Dask workers as the crew of a sweep, on this machine or on a cluster.

The scheduler (`cluster_scheduler`) is given chunks a few ahead of its workers, and they
return the outcomes: this process alone writes the sweep, as always, so that it resumes,
with or without a cluster, as always. A worker that is lost costs its chunks, which Dask
gives to another. With each chunk goes the name of the code that is to compute it.
"""

import threading
import uuid
from collections import deque
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial
from typing import Any

from sim.errors import InputMissingError
from sim.sweep import cluster_worker
from sim.sweep.chunks import Chunk, Result, Summarise
from sim.sweep.cluster_scheduler import Scheduler
from sim.sweep.crew import SLOWLY, ChunkFailedError
from sim.sweep.pipe import packed
from sim.sweep.plan import Plan

_AHEAD = 2  # chunks under way for each that can be computed at once


class Cluster:
    """The workers of a Dask scheduler; parameters and errors as `Scheduler`."""

    def __init__(
        self,
        plan: Plan,
        summarise: Summarise | None,
        scheduler: str,
        *,
        workers: int | None = None,
    ) -> None:
        self._plan = plan
        self._key = uuid.uuid4().hex
        self._counting = threading.Lock()
        self._under_way = 0
        self._suspects: deque[_Begun] = deque()
        self._scheduler = Scheduler(scheduler, workers=workers, policies=plan.policies)
        try:
            client = self._scheduler.client
            self._executor = client.get_executor(pure=False)
            # A task, so that a worker lost with the only copy costs nothing either.
            self._setup = client.submit(bytes, packed((plan, summarise)), pure=False)
        except BaseException:
            self.close()
            raise

    def room(self) -> int:
        """Return how many chunks to have under way."""
        self._scheduler.look()
        return max(1, _AHEAD * self._scheduler.threads)

    def start(self, chunk: Chunk) -> Future[Result]:
        """Give a chunk to the scheduler."""
        begun = _Begun(chunk)
        self._submit(begun)
        return begun.future

    def words(self, chunks: int) -> str:
        """Say where worlds are run."""
        at = self._scheduler
        at.look()
        text = (
            f"{at.workers} Dask worker{'s' if at.workers != 1 else ''} of "
            f"{at.address}, {at.threads} chunk{'s' if at.threads != 1 else ''} "
            "at once"
        )
        return text if self._plan.policies is None else f"{SLOWLY}; {text}"

    def stop(self) -> None:
        """Take back what is not computed yet, and end policies that are running."""
        with suppress(Exception):
            self._executor.shutdown(wait=False)
        self._dismiss()

    def close(self) -> None:
        """Part from the scheduler; end it if it was ours."""
        self._dismiss()
        self._scheduler.close()

    def _submit(self, begun: "_Begun") -> None:
        with self._counting:
            self._under_way += 1
        with self._scheduler.told_plainly():
            task = self._executor.submit(
                cluster_worker.compute,
                self._key,
                self._scheduler.code,
                self._setup,
                begun.chunk,
            )
        task.add_done_callback(partial(self._settle, begun))

    def _settle(self, begun: "_Begun", task: Future[Any]) -> None:
        """Take what became of a task.

        Dask blames the end of a worker on every chunk that it had been given. Those
        that it gives back to us are begun again one by one, when nothing else is under
        way: then only the chunk that ends workers fails.
        """
        scheduler = self._scheduler
        try:
            begun.settle(*task.result())
        except CancelledError:
            begun.fail(scheduler.lost())
        except scheduler.killed as error:
            if begun.is_alone:
                begun.fail(ChunkFailedError(_how(error)))
            else:
                self._suspects.append(begun)
        except cluster_worker.OtherCodeError as error:
            begun.fail(scheduler.refusal([f"  {error}"]))
        except Exception as error:
            # It never got to the code that computes; a fault there comes as a result.
            begun.fail(scheduler.refusal([f"  {type(error).__name__}: {error}"]))
        with self._counting:
            self._under_way -= 1
            next_alone = self._suspects and not self._under_way
        if next_alone:
            suspect = self._suspects.popleft()
            suspect.is_alone = True
            try:
                self._submit(suspect)
            except InputMissingError as error:
                suspect.fail(error)

    def _dismiss(self) -> None:
        """End the processes that workers keep for policies."""
        client = self._scheduler.client
        if self._plan.policies is not None and client is not None:
            with suppress(Exception):
                client.run(cluster_worker.dismiss, self._key, on_error="ignore")


class _Begun:
    """A chunk under way, and the future of its result."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self.future: Future[Result] = Future()
        self.is_alone = False

    def settle(self, is_fine: bool, result: Any) -> None:
        """Take the reply of a worker."""
        if is_fine:
            self.future.set_result(result)
        elif isinstance(result, cluster_worker.OtherCodeError):
            raise result
        else:
            self.fail(result)

    def fail(self, error: Exception) -> None:
        """Say that there is no result, and why."""
        self.future.set_exception(error)


def _how(killed: Any) -> str:
    ended = killed.allowed_failures + 1
    return f"{ended} Dask workers ended, the last {killed.last_worker.address}"
