"""A worker process of a sweep: chunks in, results out, over its two standard pipes.

It is started as a program of its own (`crew.Processes`). Its first message is the plan
and the function that sums up, each further one a chunk; it answers the first with None
and a chunk with (True, result) or (False, exception).
"""

import os
import pickle
import sys
import threading
import traceback
from queue import SimpleQueue
from typing import BinaryIO

from sim.errors import CeasefireError, UsageError
from sim.sweep.chunks import computed
from sim.sweep.pipe import packed, receive, send

_leave = os._exit  # policies, which run in another thread, have it replaced


def serve() -> None:
    """Compute chunks until the other side is gone; never returns."""
    jobs, replies = private_pipes()
    messages: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(jobs, messages), daemon=True).start()
    try:
        plan, summarise = pickle.loads(messages.get())
        send(replies, packed(None))
        while True:
            chunk = pickle.loads(messages.get())
            try:
                reply = packed((True, computed(chunk, plan, summarise)))
            except BaseException as error:
                sys.stderr.flush()
                reply = packed((False, sendable(error)))
            send(replies, reply)
    except BrokenPipeError:
        _leave(1)


def _listen(jobs: BinaryIO, messages: "SimpleQueue[bytes]") -> None:
    """Take messages; when the sweep is gone, killed or not, be gone at once.

    The process may be deep in a policy that never returns.
    """
    try:
        while True:
            messages.put(receive(jobs))
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
    if isinstance(error, KeyboardInterrupt):  # Ctrl-C does not come here (`apart`)
        return UsageError(f"KeyboardInterrupt was raised {error}")
    # Where it happened is lost on the way; and not every exception can be sent.
    told = RuntimeError(f"{type(error).__name__}: {error}")
    told.add_note("".join(traceback.format_exception(error)))
    return told
