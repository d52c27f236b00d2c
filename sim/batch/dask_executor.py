"""Dask workers as the executor of a sweep, on this machine or on a cluster.

Each chunk is a task of Dask, which gives it to another worker if one is lost. Workers
return outcomes: this process alone writes the sweep, so that it resumes, with or
without a cluster, as always. With each chunk goes the name of the code that is to
compute it, since other code gives other bits.
"""

import logging
import pickle
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache, partial
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any

from sim.batch import manifest
from sim.batch.executors import (
    SLOWLY,
    ChunkFailedError,
    Executor,
    Pooled,
    apart,
    local_executor,
    packed,
    private_pipes,
    receive_object,
    send,
    sendable,
)
from sim.batch.plan import Plan, Policies
from sim.batch.tasks import Chunk, Result
from sim.errors import CheckFailedError, InputMissingError, UsageError
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

_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from sim.batch.dask_executor import serve; serve()"
)
_MEND_SECONDS = 0.5
_END_SECONDS = 10.0
_SETTINGS = {
    # One chunk at a time for each worker: none is blamed for the end of another's.
    "distributed.scheduler.worker-saturation": 1.0,
    # What is left of Dask's dashboards serves nothing.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.diagnostics.nvml": False,
}


def executor_of(
    plan: Plan,
    *,
    threads: int | None = None,
    scheduler: str | None = None,
) -> Executor:
    """Return who computes the chunks of a plan; to be closed.

    Parameters
    ----------
    threads
        Or worker processes, for policies in files. Default: all processors.
    scheduler
        Dask workers instead: `Cluster` says which, and its errors.
    """
    if scheduler is None:
        return local_executor(plan, threads)
    if plan.policies is not None and not plan.policies.in_processes:
        raise UsageError(
            "--scheduler: objects as policies stay in this process; give the "
            "class as text: policies={'PARTY': 'FILE.py:CLASS'}"
        )
    return Cluster(plan, scheduler, workers=threads)


class Cluster:
    """The workers of a Dask scheduler.

    Parameters
    ----------
    scheduler
        Its address, "tcp://HOST:PORT", or "tls://HOST:PORT" with the certificates that
        Dask's configuration names; or "local": a scheduler and `workers` processes
        (default: all processors) for this sweep, which let in nobody else.

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
        scheduler: str,
        *,
        workers: int | None = None,
    ) -> None:
        distributed = _distributed()
        if scheduler != LOCAL and not _ADDRESS.fullmatch(scheduler):
            raise UsageError(
                "--scheduler is tcp://HOST:PORT, tls://HOST:PORT or "
                f"'{LOCAL}', not '{scheduler}'"
            )
        if scheduler != LOCAL and workers is not None:
            raise UsageError(
                "--threads: the workers of a scheduler are as many as they are"
            )
        self._plan = plan
        self._name, self._address, security = scheduler, scheduler, None
        self._killed: type[Exception] = distributed.KilledWorker
        self._workers = self._threads = 0
        self._looked, self._seen = 0.0, time.monotonic()
        with ExitStack() as tidying:
            tidying.enter_context(_quiet())
            if scheduler == LOCAL:
                started = _local(distributed, cores() if workers is None else workers)
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
        """Return how many chunks to have under way."""
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
            found.set_exception(self._refusal([f"  {error}"]))
        except self._killed as error:
            found.set_exception(ChunkFailedError(_how(error)))
        except Exception as error:
            # It never got to the code that computes; a fault there comes as a result.
            found.set_exception(self._refusal([f"  {type(error).__name__}: {error}"]))
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
            f"  {worker}: {each}"
            for worker, has in found.items()
            if not isinstance(has, OSError)  # it has ended meanwhile
            for each in _unlike(self._code, has)
        ]
        if wrong:
            raise self._refusal(wrong)

    def _look(self) -> None:
        """Count workers and threads, from time to time.

        Raises
        ------
        InputMissingError
            If there have been none for a minute, or the scheduler is lost.
        """
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
                f"{self._address}: no Dask worker is left there, for "
                f"{PATIENCE_SECONDS:.0f} s now; the same command goes on"
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
            f"{self._address}: the connection to the Dask scheduler is lost; what is "
            "finished is kept"
        )

    def _refusal(self, wrong: list[str]) -> UsageError:
        """Return the error that names workers with other code, a line each."""
        more = len(wrong) - _MOST_NAMED
        listed = wrong[:_MOST_NAMED] + ([f"  ... and {more} more"] if more > 0 else [])
        head = f"--scheduler {self._address}: workers cannot compute what this process"
        return UsageError("\n".join([f"{head} would", *listed]))

    def _dismiss(self) -> None:
        """End the processes that workers keep for policies."""
        if self._plan.policies is not None:
            with suppress(Exception):
                self._client.run(dismiss, self._mine, on_error="ignore")

    def _part(self) -> None:
        with suppress(Exception):
            self._client.close(timeout=CONNECT_SECONDS)


# ---- on a worker ---------------------------------------------------------------------


class OtherCodeError(Exception):
    """A worker has other code than the sweep; says which worker, and what differs."""


def code(policies: Policies | None) -> dict[str, Any]:
    """Return what decides here what comes of a chunk."""
    return {**manifest.code(policies), "sources": manifest.sources()}


def compute(setup: bytes, chunk: Chunk) -> tuple[bool, Any]:
    """Return (True, result) of a chunk, or (False, exception).

    It is for an executor of the worker's own, one of those of a sweep without a
    cluster: this thread, or processes for policies in files. So a policy that ends its
    process, or never returns, does neither to the worker, and prints to the worker's
    stderr.
    """
    try:
        return True, _own_executor(setup).compute(chunk)
    except (ChunkFailedError, OtherCodeError) as error:
        return False, error
    except BaseException as error:
        return False, sendable(error)


def dismiss(setup: bytes) -> None:
    """End the executor of a sweep, whatever it is doing."""
    executor = _own_executor(setup)
    executor.stop()
    executor.close()


def _own_executor(setup: bytes) -> Pooled:
    with _hiring:
        return _hired(setup)


# So many sweeps are remembered although nobody may have told that they are over.
@lru_cache(maxsize=4)
def _hired(setup: bytes) -> Pooled:
    _, expected, plan = pickle.loads(setup)
    wrong = _unlike(expected, code(plan.policies))
    if wrong:
        address = import_module("distributed").get_worker().address
        raise OtherCodeError(f"{address}: {'; '.join(wrong)}")
    return local_executor(plan, threads=1)


_hiring = threading.Lock()


def _unlike(expected: dict[str, Any], found: Any) -> list[str]:
    """Return in words what is other code than expected, or why it does not tell."""
    if isinstance(found, BaseException):
        return [str(found)]
    return list(manifest.differing("", expected, found))


# ---- a cluster of its own ------------------------------------------------------------


@contextmanager
def _local(distributed: Any, workers: int) -> Iterator[tuple[str, Any]]:
    """Start a scheduler and workers; yield its address, and what it lets in.

    They listen on loopback, and talk only to who has the key that is made here. Their
    program is one of its own, so that a script needs no guard (`executors` says why),
    and ends when this process does, killed or not.
    """
    try:
        security = distributed.Security.temporary()
    except ImportError:
        raise _not_installed() from None
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        **apart(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        try:
            send(process.stdin, packed((workers, security)))
            address = str(receive_object(process.stdout))
        except (EOFError, OSError):
            raise CheckFailedError(
                f"--scheduler local: Dask did not start (exit code {process.wait()})"
            ) from None
        yield address, security
    finally:
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                stream.close()
        try:
            process.wait(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def serve() -> None:
    """Run scheduler and workers until the other side is gone."""
    jobs, replies = private_pipes()
    distributed = import_module("distributed")
    gone = threading.Event()
    logging.disable(logging.CRITICAL)
    # Whoever started this may be killed at any time.
    with (
        suppress(EOFError, BrokenPipeError),
        TemporaryDirectory() as scratch,
        import_module("dask").config.set(_SETTINGS),
    ):
        workers, security = receive_object(jobs)
        with distributed.LocalCluster(
            n_workers=0,
            threads_per_worker=1,
            host="127.0.0.1",
            security=security,
            # No dashboard; what is left of it would listen everywhere.
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            # A chunk is small; Dask would share out the memory and kill who takes more.
            memory_limit=0,
            local_directory=scratch,
            silence_logs="CRITICAL",
        ) as cluster:

            def mend() -> None:
                """Start workers that are missing; Dask gives up those killed early."""
                for name, worker in list(cluster.workers.items()):
                    if worker.status.name in ("closed", "failed"):
                        del cluster.workers[name]
                cluster.scale(workers)

            def wait() -> None:
                jobs.read()
                gone.set()

            threading.Thread(target=wait, daemon=True).start()
            send(replies, packed(cluster.scheduler_address))
            while not gone.is_set():
                cluster.loop.add_callback(mend)
                gone.wait(_MEND_SECONDS)


# ---- Dask itself ---------------------------------------------------------------------


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        raise _not_installed() from None


def _not_installed() -> UsageError:
    return UsageError(
        "--scheduler needs Dask, which is not installed here: "
        "pip install 'ceasefire-sim[cluster]'"
    )


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


def _how(killed: Any) -> str:
    ended = killed.allowed_failures + 1
    return f"{ended} Dask workers ended, the last {killed.last_worker.address}"
