"""A Dask cluster on this machine, for one sweep: `--scheduler local`.

It is a program of its own that ends when the sweep does, killed or not (`crew` says
why): that program starts the scheduler and the workers, which listen on loopback only.
"""

import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from tempfile import TemporaryDirectory

from sim.engine.run import cores
from sim.errors import CheckFailedError
from sim.sweep.crew import apart
from sim.sweep.pipe import packed, receive_object, send
from sim.sweep.worker import private_pipes

_PROGRAM = (
    "import sys; workers = int(sys.argv[1]); sys.path[:] = sys.argv[2:]; "
    "from sim.sweep.cluster_local import serve; serve(workers)"
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
