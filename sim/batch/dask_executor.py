"""Dask workers as the crew of a sweep, on this machine or on a cluster.

The scheduler (`cluster_scheduler`) is given chunks a few ahead of its workers, and they
return the outcomes: this process alone writes the sweep, as always, so that it resumes,
with or without a cluster, as always. A worker that is lost costs its chunks, which Dask
gives to another. With each chunk goes the name of the code that is to compute it.
"""

import logging
import pickle
import re
import subprocess
import sys
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any

from sim.batch import manifest
from sim.batch.executors import (
    SLOWLY,
    ChunkFailedError,
    Pooled,
    apart,
    crew_here,
    packed,
    private_pipes,
    receive_object,
    send,
    sendable,
)
from sim.batch.manifest import differing
from sim.batch.plan import Plan, Policies
from sim.batch.tasks import Chunk, Result, Summarise
from sim.errors import CheckFailedError, InputMissingError, UsageError
from sim.model.engine import cores

_PROGRAM = (
    "import sys; workers = int(sys.argv[1]); sys.path[:] = sys.argv[2:]; "
    "from sim.batch.dask_executor import serve; serve(workers)"
)
_END_SECONDS = 10.0

_SETTINGS = {
    # A chunk that has ended one worker more is given back to us.
    "distributed.scheduler.allowed-failures": 1,
    "distributed.diagnostics.nvml": False,
}


class LocalCluster:
    """A scheduler and workers, started; `address` is that of the scheduler.

    Raises
    ------
    CheckFailedError
        If they do not start.
    """

    def __init__(self, workers: int | None) -> None:
        count = workers if workers is not None else cores()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(count), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            **apart(),
        )
        assert self._process.stdout is not None
        try:
            self.address = str(receive_object(self._process.stdout))
        except (EOFError, OSError):
            code = self._process.wait()
            raise CheckFailedError(
                f"--scheduler local: Dask did not start (exit code {code})"
            ) from None
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """End scheduler and workers."""
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        try:
            self._process.wait(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def serve(workers: int) -> None:
    """Run scheduler and workers until the other side is gone."""
    jobs, replies = private_pipes()
    config = import_module("dask").config
    distributed = import_module("distributed")
    with (
        TemporaryDirectory() as scratch,
        config.set(_SETTINGS),
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            # No dashboard; what is left of it would listen everywhere.
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            # A chunk is small; Dask would share out the memory and kill who takes more.
            memory_limit=0,
            local_directory=scratch,
            silence_logs="CRITICAL",
        ) as cluster,
        suppress(BrokenPipeError),  # a sweep that was killed meanwhile
    ):
        send(replies, packed(cluster.scheduler_address))
        jobs.read()


# Sweeps that a worker remembers although nobody has told it that they are over.
_MOST_CREWS = 4


class OtherCodeError(Exception):
    """A worker has other code than the sweep; says which worker, and what differs."""


@dataclass
class _Hired:
    """A crew, and how many chunks it is at."""

    crew: Pooled
    busy: int = 0


_hired: dict[str, _Hired] = {}
_hiring = threading.Lock()


def code(policies: Policies | None) -> dict[str, Any]:
    """Return what decides here what comes of a chunk."""
    return {**manifest.code(policies), "sources": manifest.sources()}


def compute(
    sweep: str, expected: dict[str, Any], setup: bytes, chunk: Chunk
) -> tuple[bool, Any]:
    """Return (True, result) of a chunk, or (False, exception).

    `sweep` is any name of its own, `setup` the plan and the function that sums up,
    `expected` what `code` returns where the sweep was started.
    """
    try:
        with _crew(sweep, expected, setup) as crew:
            return True, crew.compute(chunk)
    except (ChunkFailedError, OtherCodeError) as error:
        return False, error
    except BaseException as error:
        return False, sendable(error)


def dismiss(sweep: str) -> None:
    """End the crew of a sweep, whatever it is doing."""
    with _hiring:
        hired = _hired.pop(sweep, None)
    if hired is not None:
        hired.crew.stop()
        hired.crew.close()


@contextmanager
def _crew(sweep: str, expected: dict[str, Any], setup: bytes) -> Iterator[Pooled]:
    """Give the crew of a sweep something to do; dismiss those of forgotten sweeps."""
    with _hiring:
        if sweep not in _hired:
            _hired[sweep] = _Hired(_hire(expected, setup))
        hired = _hired[sweep]
        hired.busy += 1
        idle = [name for name, each in _hired.items() if not each.busy]
        forgotten = idle[: max(0, len(_hired) - _MOST_CREWS)]
    for name in forgotten:
        dismiss(name)
    try:
        yield hired.crew
    finally:
        with _hiring:
            hired.busy -= 1


def _hire(expected: dict[str, Any], setup: bytes) -> Pooled:
    plan, summarise = pickle.loads(setup)
    wrong = list(manifest.differing("", expected, code(plan.policies)))
    if wrong:
        address = import_module("distributed").get_worker().address
        raise OtherCodeError(f"{address}: {'; '.join(wrong)}")
    return crew_here(plan, summarise, threads=1)


LOCAL = "local"
CONNECT_SECONDS = 10.0
# A worker that was killed is replaced within seconds, if by anybody.
PATIENCE_SECONDS = 60.0

# They tell at length, while it lasts, what an error of ours then says in a line.
_LOGGERS = ("distributed", "distributed.client", "tornado")
_LOOK_SECONDS = 1.0
_MOST_NAMED = 10
_ADDRESS = re.compile(r"\w+://[^/\s]+:\d+")


class Scheduler:
    """A connection to a scheduler that has workers; to be closed.

    `client` is Dask's, `code` what each worker must have, `workers` and `threads` how
    many there were when `look` was called last.

    Parameters
    ----------
    name
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
        self, name: str, *, workers: int | None, policies: Policies | None
    ) -> None:
        distributed = _distributed()
        self.killed: type[Exception] = distributed.KilledWorker
        self.client: Any = None
        self.workers = self.threads = 0
        self._local: LocalCluster | None = None
        self._levels = {each: logging.getLogger(each).level for each in _LOGGERS}
        self._policies = policies
        if name == LOCAL:
            self._local = LocalCluster(workers)
            self.address = self._local.address
        elif not _ADDRESS.fullmatch(name):
            raise UsageError(
                f"--scheduler is tcp://HOST:PORT or '{LOCAL}', not '{name}'"
            )
        elif workers is not None:
            raise UsageError(
                "--threads: the workers of a scheduler are as many as they are"
            )
        else:
            self.address = name
        try:
            for each in _LOGGERS:
                logging.getLogger(each).setLevel(logging.CRITICAL)
            self.client = self._connected(distributed)
            self._looked, self._seen = 0.0, time.monotonic()
            self._wait_for_workers()
            self.code = code(policies)
            self._check_workers()
        except BaseException:
            self.close()
            raise

    def look(self) -> None:
        """Count workers and threads, from time to time.

        Raises
        ------
        InputMissingError
            If there have been none for a minute, or the scheduler is lost.
        """
        now = time.monotonic()
        if now < self._looked + _LOOK_SECONDS:
            return
        with self.told_plainly():
            threads = self.client.nthreads().values()
        self.workers, self.threads = len(threads), sum(threads)
        self._looked = now
        if self.threads:
            self._seen = now
        elif now > self._seen + PATIENCE_SECONDS:
            raise InputMissingError(
                f"{self.address}: no Dask worker is left there, for "
                f"{PATIENCE_SECONDS:.0f} s now; the same command goes on"
            )

    def refusal(self, wrong: list[str]) -> UsageError:
        """Return the error that names workers with other code, a line each."""
        more = len(wrong) - _MOST_NAMED
        listed = wrong[:_MOST_NAMED] + ([f"  ... and {more} more"] if more > 0 else [])
        head = (
            f"--scheduler {self.address}: workers cannot compute what this process "
            "would"
        )
        return UsageError("\n".join([head, *listed]))

    def lost(self) -> InputMissingError:
        """Return the error that says that the connection is lost."""
        return InputMissingError(
            f"{self.address}: the connection to the Dask scheduler is lost; what is "
            "finished is kept"
        )

    @contextmanager
    def told_plainly(self) -> Iterator[None]:
        """Turn what a lost connection raises into our error."""
        try:
            yield
        except (OSError, RuntimeError, CancelledError):
            raise self.lost() from None

    def close(self) -> None:
        """Part from the scheduler; end it if it was ours."""
        if self.client is not None:
            with suppress(Exception):
                self.client.close(timeout=CONNECT_SECONDS)
            self.client = None
        if self._local is not None:
            self._local.end()
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)

    def _connected(self, distributed: Any) -> Any:
        how = {"timeout": CONNECT_SECONDS, "set_as_default": False}
        try:
            # Somebody else who listens there and says nothing: Dask waits for ever.
            return _within(
                CONNECT_SECONDS + 1.0, lambda: distributed.Client(self.address, **how)
            )
        except ValueError as error:  # tornado or dask: no such protocol, no such port
            raise UsageError(f"--scheduler {self.address}: {error}") from None
        except OSError:
            raise InputMissingError(
                f"--scheduler {self.address}: no Dask scheduler answers there within "
                f"{CONNECT_SECONDS:.0f} s"
            ) from None

    def _wait_for_workers(self) -> None:
        try:
            self.client.wait_for_workers(1, timeout=PATIENCE_SECONDS / 2)
        except (TimeoutError, OSError):
            raise InputMissingError(
                f"--scheduler {self.address}: has no workers "
                f"(dask worker {self.address})"
            ) from None

    def _check_workers(self) -> None:
        """Refuse workers that would compute something else."""
        with self.told_plainly():
            found = self.client.run(code, self._policies, on_error="return")
        wrong = [
            f"  {worker}: {each}"
            for worker, code in found.items()
            for each in unlike(self.code, code)
        ]
        if wrong:
            raise self.refusal(wrong)


def unlike(expected: dict[str, Any], found: Any) -> list[str]:
    """Return in words what is other code than expected, or why it does not tell."""
    if isinstance(found, BaseException):
        return [str(found)]
    return list(differing("", expected, found))


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


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        raise UsageError(
            "--scheduler needs Dask, which is not installed here: "
            "pip install 'ceasefire-sim[cluster]'"
        ) from None


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
                compute,
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
        except OtherCodeError as error:
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
                client.run(dismiss, self._key, on_error="ignore")


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
        elif isinstance(result, OtherCodeError):
            raise result
        else:
            self.fail(result)

    def fail(self, error: Exception) -> None:
        """Say that there is no result, and why."""
        self.future.set_exception(error)


def _how(killed: Any) -> str:
    ended = killed.allowed_failures + 1
    return f"{ended} Dask workers ended, the last {killed.last_worker.address}"
