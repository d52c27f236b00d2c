"""Who computes the chunks of a sweep: threads here, worker processes, or a cluster.

Compiled code releases the interpreter's lock, so threads are all that the engine needs.
A policy in Python needs processes. They are programs of their own that talk over pipes
(`serve`), not those of `multiprocessing`, because then

- a script that calls `sim.sweep` is not run again by each worker, so it needs no
  `__main__` guard, and a notebook works on every system;
- a worker that is killed is an end of file, which hangs nobody;
- a sweep that is killed is an end of file to its workers, which end with it.

A cluster (`dask_executor`) has workers of its own, each with an executor of here.
"""

import os
import pickle
import subprocess
import sys
import threading
import traceback
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import IO, Any, BinaryIO

from sim.batch.plan import Plan
from sim.batch.tasks import Chunk, Result
from sim.errors import CeasefireError, CheckFailedError, UsageError
from sim.model.engine import cores


def packed(thing: object) -> bytes:
    """Return an object as bytes, which `receive` reads."""
    return pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)


def send(stream: IO[bytes], content: bytes) -> None:
    """Write what is `packed`; OSError if nobody is there to read it."""
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read an object; EOFError if the other side is gone, perhaps in the middle."""
    try:
        return pickle.load(stream)
    except pickle.UnpicklingError:
        raise EOFError("the other side is gone") from None


ATTEMPTS = 3
SLOWLY = "with policies in Python, worlds run through the slower Mesa model"

# The worker finds modules where this process does, wherever it is started.
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from sim.batch.executors import serve; serve()"
)


class ChunkFailedError(Exception):
    """The processes that were to compute a chunk have ended, each time; says how."""


def local_executor(plan: Plan, threads: int | None = None) -> "Threads":
    """Return who computes the chunks of a plan on this machine; to be closed."""
    workers = most_at_once(plan, threads if threads is not None else cores())
    in_processes = plan.policies is not None and plan.policies.in_processes
    return (Processes if in_processes else Threads)(plan, workers)


def most_at_once(plan: Plan, workers: int) -> int:
    """Return how many chunks to compute at once: one, if Python cannot do more."""
    return 1 if _stays_here(plan) else max(1, workers)


def _stays_here(plan: Plan) -> bool:
    """Say whether policies are objects, which no other process can have."""
    return plan.policies is not None and not plan.policies.in_processes


class Threads:
    """An executor on this machine: threads, which compute or wait for who does.

    Who computes makes no difference to results.
    """

    def __init__(self, plan: Plan, workers: int = 1) -> None:
        self._plan = plan
        self._workers = workers
        self._pool = ThreadPoolExecutor(workers)
        self._dropped = False

    def compute(self, chunk: Chunk) -> Result:
        """Return the result of a chunk; any thread may ask."""
        return chunk.compute(self._plan)

    def capacity(self) -> int:
        """Return how many chunks to have under way.

        More than are computed at once, so that nobody waits, but few: no more results
        can wait to be written.
        """
        return 1 if _stays_here(self._plan) else 2 * self._workers

    def start(self, chunk: Chunk) -> Future[Result]:
        """Begin a chunk; of objects, finish it: Ctrl-C comes to this thread only."""
        if not _stays_here(self._plan):
            return self._pool.submit(self.compute, chunk)
        done: Future[Result] = Future()
        try:
            done.set_result(self.compute(chunk))
        except Exception as error:
            done.set_exception(error)
        return done

    def words(self, chunks: int) -> str:
        """Say who computes that many chunks, if there is something to say."""
        if self._plan.policies is None:
            return ""
        return f"{SLOWLY}, one after the other in this process"

    def stop(self) -> None:
        """Begin nothing more; a running kernel cannot be dropped."""
        self._dropped = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Wait for what is running; not if it was dropped: nobody takes its result."""
        waits = not self._dropped
        self.stop()
        self._pool.shutdown(wait=waits)


class Processes(Threads):
    """Worker processes, started when there is a chunk for one."""

    def __init__(self, plan: Plan, workers: int = 1) -> None:
        super().__init__(plan, workers)
        self._setup = packed(plan)
        self._idle: deque[Child] = deque()
        self._all: set[Child] = set()
        self._changing = threading.Lock()
        self._stopped = self._could_start = False

    def compute(self, chunk: Chunk) -> Result:
        """Let a worker compute a chunk; if that ends, another one."""
        job = packed(chunk)
        how = ""
        for _ in range(ATTEMPTS):
            worker = self._worker()
            try:
                is_fine, result = worker.ask(job)
            except (EOFError, OSError):
                how = self._end(worker)
                continue
            self._idle.append(worker)
            if not is_fine:
                raise result
            found: Result = result
            return found
        raise ChunkFailedError(how)

    def words(self, chunks: int) -> str:
        """Say how many processes go the slow way."""
        count = min(self._workers, chunks)
        return f"{SLOWLY}, in {count} worker process{'es' if count > 1 else ''}"

    def stop(self) -> None:
        """Kill the workers; no new one is started."""
        with self._changing:
            self._stopped = True
            for worker in self._all:
                worker.kill()
        super().stop()

    def close(self) -> None:
        """End the workers that wait."""
        super().close()
        while self._idle:
            self._end(self._idle.popleft())

    def _worker(self) -> "Child":
        """Return a worker that waits, or start one."""
        with suppress(IndexError):
            return self._idle.popleft()
        how = ""
        for _ in range(ATTEMPTS):
            with self._changing:
                if self._stopped:
                    break
                worker = Child(_PROGRAM)
                self._all.add(worker)
            try:
                worker.ask(self._setup)
            except (EOFError, OSError):
                how = self._end(worker)
                continue
            self._could_start = True
            return worker
        if self._could_start:
            # Somebody kills them; it is not that they cannot be started here.
            raise ChunkFailedError(how)
        raise CheckFailedError(f"worker processes end as soon as they start ({how})")

    def _end(self, worker: "Child") -> str:
        with self._changing:
            self._all.discard(worker)
        return worker.end()


class Child:
    """A process that runs a program, and the two pipes to it."""

    def __init__(self, program: str) -> None:
        # Ctrl-C in a terminal does not reach it: the sweep is interrupted and ends its
        # workers; they are not to complain.
        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", program, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                **apart,
            )
        except OSError as error:
            raise CheckFailedError(
                f"no worker process could be started: {error}"
            ) from None

    def ask(self, message: bytes) -> Any:
        """Send a message and wait for the answer; EOFError or OSError if it ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        send(self._process.stdin, message)
        return receive(self._process.stdout)

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()

    def end(self, patience: float = 1.0) -> str:
        """End the process, killed if it takes longer, and say how it ended."""
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        try:
            code = self._process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


_leave = os._exit  # policies, which run in another thread, have it replaced


def serve() -> None:
    """Compute chunks until the other side is gone; never returns."""
    jobs, replies = private_pipes()
    messages: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(jobs, messages), daemon=True).start()
    try:
        plan = messages.get()
        send(replies, packed(None))
        while True:
            chunk: Chunk = messages.get()
            try:
                reply = packed((True, chunk.compute(plan)))
            except BaseException as error:
                sys.stderr.flush()
                reply = packed((False, sendable(error)))
            send(replies, reply)
    except BrokenPipeError:
        _leave(1)


def _listen(jobs: BinaryIO, messages: "SimpleQueue[Any]") -> None:
    """Take messages; when the sweep is gone, end at once, deep in a policy or not."""
    try:
        while True:
            messages.put(receive(jobs))
    except BaseException as error:
        if not isinstance(error, EOFError):
            traceback.print_exc()
    finally:
        _leave(1)


def private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for chunks: a policy prints to stderr, and reads nothing."""
    jobs = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return jobs, replies


def sendable(error: BaseException) -> Exception:
    """Return an exception to send to the other side and raise again there."""
    if isinstance(error, CeasefireError | OSError):
        return error
    if isinstance(error, MemoryError):
        return MemoryError(str(error))  # of numpy, it is another class
    if isinstance(error, KeyboardInterrupt):  # Ctrl-C does not come here (`Child`)
        return UsageError(f"KeyboardInterrupt was raised {error}")
    # Where it happened is lost on the way; and not every exception can be sent.
    told = RuntimeError(f"{type(error).__name__}: {error}")
    told.add_note("".join(traceback.format_exception(error)))
    return told
