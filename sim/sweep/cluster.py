"""Dask workers as the crew of a sweep, on this machine or on a cluster.

The scheduler is given chunks a few ahead of its workers, and they return the outcomes:
this process alone writes the sweep, as always, so that it resumes, with or without a
cluster, as always. A worker that is lost costs its chunks, which Dask gives to another.

Chunks are the same bits wherever they are computed, if it is by the same code. So each
worker is asked which code it has, at first and again with each chunk, and refused if
that is not the code here.
"""

import logging
import re
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from typing import Any

from sim.errors import InputMissingError, UsageError
from sim.sweep import cluster_worker
from sim.sweep.about import differing
from sim.sweep.chunks import Chunk, Result, Summarise
from sim.sweep.cluster_local import LocalCluster
from sim.sweep.crew import SLOWLY, ChunkFailedError
from sim.sweep.pipe import packed
from sim.sweep.plan import Plan

LOCAL = "local"
CONNECT_SECONDS = 10.0
# A worker that was killed is replaced within seconds, if by anybody.
PATIENCE_SECONDS = 60.0

# They tell at length, while it lasts, what an error of ours then says in a line.
_LOGGERS = ("distributed", "distributed.client", "tornado")
_LOOK_SECONDS = 1.0
_AHEAD = 2  # chunks under way for each that can be computed at once
_MOST_NAMED = 10
_ADDRESS = re.compile(r"\w+://[^/\s]+:\d+")


class Cluster:
    """The workers of a Dask scheduler.

    Parameters
    ----------
    scheduler
        Its address, "tcp://HOST:PORT", or "local": a scheduler on loopback that is
        started for this sweep, and `workers` processes (default: all processors).

    Raises
    ------
    UsageError
        If Dask is not installed, the address is none, or workers have other code.
    InputMissingError
        If no scheduler answers, or it has no workers; after a minute at most.
    """

    def __init__(
        self,
        plan: Plan,
        summarise: Summarise | None,
        scheduler: str,
        *,
        workers: int | None = None,
    ) -> None:
        distributed = _distributed()
        self._killed: type[Exception] = distributed.KilledWorker
        self._plan = plan
        self._key = uuid.uuid4().hex
        self._counting = threading.Lock()
        self._under_way = 0
        self._suspects: deque[_Begun] = deque()
        self._local: LocalCluster | None = None
        self._client: Any = None
        self._levels = {name: logging.getLogger(name).level for name in _LOGGERS}
        if scheduler == LOCAL:
            self._local = LocalCluster(workers)
            self._at = self._local.address
        elif not _ADDRESS.fullmatch(scheduler):
            raise UsageError(
                f"--scheduler is tcp://HOST:PORT or '{LOCAL}', not '{scheduler}'"
            )
        elif workers is not None:
            raise UsageError(
                "--threads: the workers of a scheduler are as many as they are"
            )
        else:
            self._at = scheduler
        try:
            for name in _LOGGERS:
                logging.getLogger(name).setLevel(logging.CRITICAL)
            self._client = self._connected(distributed)
            self._workers = self._threads = 0
            self._looked, self._seen = 0.0, time.monotonic()
            self._wait_for_workers()
            self._expected = cluster_worker.code(plan.policies)
            self._check_workers()
            self._executor = self._client.get_executor(pure=False)
            # A task, so that a worker lost with the only copy costs nothing either.
            self._setup = self._client.submit(
                bytes, packed((plan, summarise)), pure=False
            )
        except BaseException:
            self.close()
            raise

    def room(self) -> int:
        """Return how many chunks to have under way."""
        now = time.monotonic()
        if now >= self._looked + _LOOK_SECONDS:
            with self._told_plainly():
                threads = self._client.nthreads().values()
            self._workers, self._threads = len(threads), sum(threads)
            self._looked = now
            if self._threads:
                self._seen = now
            elif now > self._seen + PATIENCE_SECONDS:
                raise InputMissingError(
                    f"{self._at}: no Dask worker is left there, for "
                    f"{PATIENCE_SECONDS:.0f} s now; the same command goes on"
                )
        return max(1, _AHEAD * self._threads)

    def start(self, chunk: Chunk) -> Future[Result]:
        """Give a chunk to the scheduler."""
        begun = _Begun(chunk)
        self._submit(begun)
        return begun.future

    def words(self, chunks: int) -> str:
        """Say where worlds are run."""
        self.room()
        text = (
            f"{self._workers} Dask worker{'s' if self._workers != 1 else ''} of "
            f"{self._at}, {self._threads} chunk{'s' if self._threads != 1 else ''} "
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
        if self._client is not None:
            self._dismiss()
            with suppress(Exception):
                self._client.close(timeout=CONNECT_SECONDS)
            self._client = None
        if self._local is not None:
            self._local.end()
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)

    def _connected(self, distributed: Any) -> Any:
        how = {"timeout": CONNECT_SECONDS, "set_as_default": False}
        try:
            # Somebody else who listens there and says nothing: Dask waits for ever.
            return _within(
                CONNECT_SECONDS + 1.0, lambda: distributed.Client(self._at, **how)
            )
        except ValueError as error:  # tornado or dask: no such protocol, no such port
            raise UsageError(f"--scheduler {self._at}: {error}") from None
        except OSError:
            raise InputMissingError(
                f"--scheduler {self._at}: no Dask scheduler answers there within "
                f"{CONNECT_SECONDS:.0f} s"
            ) from None

    def _wait_for_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE_SECONDS / 2)
        except (TimeoutError, OSError):
            raise InputMissingError(
                f"--scheduler {self._at}: has no workers (dask worker {self._at})"
            ) from None

    def _check_workers(self) -> None:
        """Refuse workers that would compute something else."""
        with self._told_plainly():
            found = self._client.run(
                cluster_worker.code, self._plan.policies, on_error="return"
            )
        wrong = [
            f"  {worker}: {each}"
            for worker, code in found.items()
            for each in unlike(self._expected, code)
        ]
        if wrong:
            raise UsageError(_refusal(self._at, wrong))

    def _submit(self, begun: "_Begun") -> None:
        with self._counting:
            self._under_way += 1
        with self._told_plainly():
            task = self._executor.submit(
                cluster_worker.compute,
                self._key,
                self._expected,
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
        try:
            begun.settle(*task.result())
        except CancelledError:
            begun.fail(self._lost())
        except self._killed as error:
            if begun.is_alone:
                begun.fail(ChunkFailedError(_how(error)))
            else:
                self._suspects.append(begun)
        except cluster_worker.OtherCodeError as error:
            begun.fail(UsageError(_refusal(self._at, [f"  {error}"])))
        except Exception as error:
            # It never got to the code that computes; a fault there comes as a result.
            why = f"  {type(error).__name__}: {error}"
            begun.fail(UsageError(_refusal(self._at, [why])))
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
        if self._plan.policies is not None:
            with suppress(Exception):
                self._client.run(cluster_worker.dismiss, self._key, on_error="ignore")

    @contextmanager
    def _told_plainly(self) -> Iterator[None]:
        """Turn what a lost connection raises into our error."""
        try:
            yield
        except (OSError, RuntimeError, CancelledError):
            raise self._lost() from None

    def _lost(self) -> InputMissingError:
        return InputMissingError(
            f"{self._at}: the connection to the Dask scheduler is lost; what is "
            "finished is kept"
        )


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


def unlike(expected: dict[str, Any], found: Any) -> list[str]:
    """Return in words what is other code than expected, or why it does not tell."""
    if isinstance(found, BaseException):
        return [str(found)]
    return list(differing("", expected, found))


def _refusal(scheduler: str, wrong: list[str]) -> str:
    more = len(wrong) - _MOST_NAMED
    listed = wrong[:_MOST_NAMED] + ([f"  ... and {more} more"] if more > 0 else [])
    head = f"--scheduler {scheduler}: workers cannot compute what this process would"
    return "\n".join([head, *listed])


def _within(seconds: float, make: Callable[[], Any]) -> Any:
    """Return what is made, or raise TimeoutError; what is made later is left alone."""
    made: Future[Any] = Future()

    def attempt() -> None:
        try:
            made.set_result(make())
        except BaseException as error:
            made.set_exception(error)

    threading.Thread(target=attempt, daemon=True).start()
    return made.result(timeout=seconds)


def _how(killed: Any) -> str:
    ended = killed.allowed_failures + 1
    return f"{ended} Dask workers ended, the last {killed.last_worker.address}"


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        raise UsageError(
            "--scheduler needs Dask, which is not installed here: "
            "pip install 'ceasefire-sim[cluster]'"
        ) from None
