"""Dask, and a cluster of its own on this machine for one sweep."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any

from sim.batch.executors import Child, packed, private_pipes, receive, send
from sim.errors import CheckFailedError, UsageError

_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from sim.batch.dask_cluster import serve; serve()"
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


@contextmanager
def local_cluster(distributed: Any, workers: int) -> Iterator[tuple[str, Any]]:
    """Start a scheduler and workers; yield its address, and what it lets in.

    They listen on loopback, and talk only to who has the key that is made here. Their
    program is one of its own, so that a script needs no guard (`executors` says why),
    and ends when this process does, killed or not.
    """
    try:
        security = distributed.Security.temporary()
    except ImportError:
        raise not_installed() from None
    child = Child(_PROGRAM)
    try:
        try:
            address = str(child.ask(packed((workers, security))))
        except (EOFError, OSError):
            how = child.end(_END_SECONDS)
            raise CheckFailedError(
                f"--scheduler local: Dask did not start ({how})"
            ) from None
        yield address, security
    finally:
        child.end(_END_SECONDS)


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
        workers, security = receive(jobs)
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


def imported() -> Any:
    """Return Dask's `distributed`; UsageError if it is not installed."""
    try:
        return import_module("distributed")
    except ImportError:
        raise not_installed() from None


def not_installed() -> UsageError:
    """Return the error that says how to install Dask."""
    return UsageError(
        "--scheduler needs Dask, which is not installed here: "
        "pip install 'ceasefire-sim[cluster]'"
    )
