"""A Dask scheduler as a sweep sees it: who works there, and with which code.

Chunks are the same bits wherever they are computed, if it is by the same code. So each
worker is asked which code it has, and refused if that is not the code here.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from sim.errors import InputMissingError, UsageError
from sim.sweep import cluster_worker
from sim.sweep.about import differing
from sim.sweep.cluster_local import LocalCluster
from sim.sweep.policies import Policies

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
            self.code = cluster_worker.code(policies)
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
            found = self.client.run(
                cluster_worker.code, self._policies, on_error="return"
            )
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
