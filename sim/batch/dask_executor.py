"""Dask workers as the executor of a sweep, on this machine or on a cluster.

Each chunk is a task of Dask, which gives it to another worker if one is lost. Workers
return outcomes: this process alone writes the sweep, so that it resumes, with or
without a cluster, as always. With each chunk goes the name of the code that is to
compute it, since other code gives other bits.
"""

import gc
import logging
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import Any, TypeAlias

from sim.batch.dask_cluster import imported, local_cluster
from sim.batch.dask_worker import OtherCodeError, code, compute, dismiss, unlike
from sim.batch.executors import (
    SLOWLY,
    ChunkFailedError,
    Threads,
    local_executor,
    packed,
)
from sim.batch.plan import Plan
from sim.batch.tasks import Chunk, Result
from sim.errors import InputMissingError, UsageError, listed
from sim.model.engine import cores

LOCAL = "local"
CONNECT_SECONDS = 10.0
# A worker that was killed is replaced within seconds, if by anybody.
PATIENCE_SECONDS = 60.0

_AHEAD = 2  # chunks under way for each that can be computed at once
_RETRIES = 3  # of a chunk that a worker could not even begin
_LOOK_SECONDS = 1.0
_MOST_NAMED = 10
_ADDRESS = re.compile(r"(tcp|tls)://[^/\s]+:\d+")
# They tell at length, while it lasts, what an error of ours then says in a line.
_LOGGERS = ("distributed", "distributed.client", "tornado")


class Cluster:
    """The workers of a Dask scheduler.

    `scheduler` is its address, "tcp://HOST:PORT", or "tls://HOST:PORT" with the
    certificates that Dask's configuration names; or "local": a scheduler and `workers`
    processes (default: all processors) for this sweep, which let in nobody else.

    Raises UsageError if Dask is not installed, the address is none, or workers have
    other code, and InputMissingError if no scheduler answers, or it has no workers,
    after a minute at most.
    """

    def __init__(
        self, plan: Plan, scheduler: str, *, workers: int | None = None
    ) -> None:
        distributed = imported()
        if scheduler != LOCAL and not _ADDRESS.fullmatch(scheduler):
            raise UsageError(
                "--scheduler is tcp://HOST:PORT, tls://HOST:PORT or "
                f"'{LOCAL}', not '{scheduler}'"
            )
        if scheduler != LOCAL and workers is not None:
            raise UsageError(
                "--threads cannot change the number of workers of a scheduler"
            )
        self._plan = plan
        self._name, self._address, security = scheduler, scheduler, None
        self._killed: type[Exception] = distributed.KilledWorker
        self._workers = self._threads = 0
        self._looked, self._seen = 0.0, time.monotonic()
        with ExitStack() as tidying:
            tidying.enter_context(_quiet())
            if scheduler == LOCAL:
                started = local_cluster(
                    distributed, cores() if workers is None else workers
                )
                self._address, security = tidying.enter_context(started)
            self._client = self._connected(distributed, security)
            tidying.callback(self._part)
            self._wait_for_workers()
            self._code = code(plan.policies)
            self._check_workers()
            # A task, so that a worker lost with the only copy costs nothing either.
            name = uuid.uuid4().hex
            self._mine = packed((name, self._code, plan))
            with self._told_plainly():
                self._setup = self._client.submit(bytes, self._mine, pure=False)
                self._tasks = self._client.get_executor(pure=False, retries=_RETRIES)
            self._tidying = tidying.pop_all()

    def capacity(self) -> int:
        """Return how many chunks to have under way; errors as `_look`."""
        self._look()
        return max(1, _AHEAD * self._threads)

    def start(self, chunk: Chunk) -> Future[Result]:
        """Give a chunk to the scheduler."""
        found: Future[Result] = Future()
        with self._told_plainly():
            task = self._tasks.submit(compute, self._setup, chunk)
        task.add_done_callback(partial(self._settle, found))
        return found

    def words(self, chunks: int) -> str:
        """Say where worlds are run."""
        self._look()
        text = (
            f"{self._workers} Dask worker{'s' if self._workers != 1 else ''} of "
            f"{self._address}, {self._threads} "
            f"chunk{'s' if self._threads != 1 else ''} at once"
        )
        return text if self._plan.policies is None else f"{SLOWLY}; {text}"

    def stop(self) -> None:
        """Take back what is not computed yet, and end policies that are running."""
        with suppress(Exception):
            self._tasks.shutdown(wait=False)
        self._dismiss()

    def close(self) -> None:
        """Part from the scheduler; end it if it was ours."""
        self._dismiss()
        self._tidying.close()

    def _settle(self, found: Future[Result], task: Future[Any]) -> None:
        """Take what became of a task."""
        try:
            is_fine, result = task.result()
            if isinstance(result, OtherCodeError):
                raise result
        except CancelledError:
            found.set_exception(self._lost())
        except OtherCodeError as error:
            found.set_exception(self._refusal([str(error)]))
        except self._killed as error:
            killed: Any = error
            how = f"{killed.allowed_failures + 1} Dask workers ended, the last"
            error = ChunkFailedError(f"{how} {killed.last_worker.address}")
            found.set_exception(error)
        except Exception as error:
            # It never got to the code that computes; a fault there comes as a result.
            found.set_exception(self._refusal([f"{type(error).__name__}: {error}"]))
        else:
            (found.set_result if is_fine else found.set_exception)(result)

    def _connected(self, distributed: Any, security: Any) -> Any:
        how = {"timeout": CONNECT_SECONDS, "set_as_default": False}
        try:
            # Somebody else who listens there and says nothing: Dask waits for ever.
            return _within(
                CONNECT_SECONDS + 1.0,
                lambda: distributed.Client(self._address, security=security, **how),
            )
        except (ValueError, TypeError, FileNotFoundError) as error:
            # no such port; no certificates for tls
            raise UsageError(f"--scheduler {self._name}: {error}") from None
        except OSError:
            raise InputMissingError(
                f"--scheduler {self._name}: no Dask scheduler answers there within "
                f"{CONNECT_SECONDS:.0f} s"
            ) from None

    def _wait_for_workers(self) -> None:
        seconds = PATIENCE_SECONDS if self._name == LOCAL else PATIENCE_SECONDS / 2
        try:
            self._client.wait_for_workers(1, timeout=seconds)
        except (TimeoutError, OSError):
            what = "" if self._name == LOCAL else f" (dask worker {self._name})"
            raise InputMissingError(
                f"--scheduler {self._name}: has no workers{what}"
            ) from None

    def _check_workers(self) -> None:
        """Refuse workers that would compute something else, all at once and by name."""
        with self._told_plainly():
            found = self._client.run(code, self._plan.policies, on_error="return")
        wrong = [
            f"{worker}: {each}"
            for worker, has in found.items()
            if not isinstance(has, OSError)  # it has ended meanwhile
            for each in unlike(self._code, has)
        ]
        if wrong:
            raise self._refusal(wrong)

    def _look(self) -> None:
        """Count workers now and then; InputMissingError without any for a minute."""
        now = time.monotonic()
        if now < self._looked + _LOOK_SECONDS:
            return
        with self._told_plainly():
            threads = self._client.nthreads().values()
        self._workers, self._threads = len(threads), sum(threads)
        self._looked = now
        if self._threads:
            self._seen = now
        elif now > self._seen + PATIENCE_SECONDS:
            raise InputMissingError(
                f"{self._address}: no Dask worker has been left there for "
                f"{PATIENCE_SECONDS:.0f} s; the same command continues"
            )

    @contextmanager
    def _told_plainly(self) -> Iterator[None]:
        """Turn what a lost connection raises into our error."""
        try:
            yield
        except (OSError, RuntimeError, CancelledError):
            raise self._lost() from None

    def _lost(self) -> InputMissingError:
        return InputMissingError(
            f"{self._address}: the connection to the Dask scheduler was lost; what is "
            "finished is kept"
        )

    def _refusal(self, wrong: list[str]) -> UsageError:
        """Return the error that names workers with other code, a line each."""
        head = f"--scheduler {self._address}: workers cannot compute what this process"
        return UsageError(listed(f"{head} would", wrong, _MOST_NAMED))

    def _dismiss(self) -> None:
        """End the processes that workers keep for policies."""
        if self._plan.policies is not None:
            with suppress(Exception):
                self._client.run(dismiss, self._mine, on_error="ignore")

    def _part(self) -> None:
        with suppress(Exception):
            self._client.close(timeout=CONNECT_SECONDS)


Executor: TypeAlias = Threads | Cluster


def executor_of(
    plan: Plan, *, threads: int | None = None, scheduler: str | None = None
) -> Executor:
    """Return who computes the chunks of a plan; to be closed.

    They are so many `threads`, or worker processes for policies in files (by default as
    many as processors), or Dask workers: `Cluster` says which, and its errors.
    """
    if scheduler is None:
        return local_executor(plan, threads)
    if plan.policies is not None and not plan.policies.in_processes:
        raise UsageError(
            "--scheduler: policies given as objects cannot be sent to workers; give "
            "the class as text: policies={'PARTY': 'FILE.py:CLASS'}"
        )
    return Cluster(plan, scheduler, workers=threads)


def _within(seconds: float, make: Callable[[], Any]) -> Any:
    """Return what is made, or raise TimeoutError; what is made later is left alone.

    A client of Dask that failed closes itself when it is collected. While another one
    starts it would wait for that for ever; so it is collected here, before anybody
    knows that it failed.
    """
    made: Future[Any] = Future()

    def attempt() -> None:
        try:
            made.set_result(make())
            return
        except BaseException as error:
            failure = error
        # what has led to it holds the client
        failure.__traceback__ = failure.__context__ = failure.__cause__ = None
        gc.collect()
        made.set_exception(failure)

    threading.Thread(target=attempt, daemon=True).start()
    return made.result(timeout=seconds)


@contextmanager
def _quiet() -> Iterator[None]:
    """Let Dask not tell what is told in a line."""
    loggers = [logging.getLogger(each) for each in _LOGGERS]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for each, level in zip(loggers, levels, strict=True):
            each.setLevel(level)
