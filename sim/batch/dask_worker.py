"""What a Dask worker does: it computes chunks, if it has the code that is to."""

import pickle
import threading
from functools import lru_cache
from importlib import import_module
from typing import Any

from sim.batch import manifest
from sim.batch.executors import ChunkFailedError, Threads, local_executor, sendable
from sim.batch.policy_worlds import Policies
from sim.batch.tasks import Chunk


class OtherCodeError(Exception):
    """A worker has other code than the sweep; says which worker, and what differs."""


def code(policies: Policies | None) -> dict[str, Any]:
    """Return what decides here what comes of a chunk."""
    return {**manifest.code(policies), "sources": manifest.sources()}


def compute(setup: bytes, chunk: Chunk) -> tuple[bool, Any]:
    """Return (True, result) of a chunk, or (False, exception).

    An executor of the worker's own computes it: this thread, or processes for policies
    in files, which may end or never return.
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


def _own_executor(setup: bytes) -> Threads:
    with _hiring:
        return _hired(setup)


# So many sweeps are remembered although nobody may have told that they are over.
@lru_cache(maxsize=4)
def _hired(setup: bytes) -> Threads:
    _, expected, plan = pickle.loads(setup)
    wrong = unlike(expected, code(plan.policies))
    if wrong:
        address = import_module("distributed").get_worker().address
        raise OtherCodeError(f"{address}: {'; '.join(wrong)}")
    return local_executor(plan, threads=1)


_hiring = threading.Lock()


def unlike(expected: dict[str, Any], found: Any) -> list[str]:
    """Return in words what is other code than expected, or why it does not tell."""
    if isinstance(found, BaseException):
        return [str(found)]
    return list(manifest.differing("", expected, found))
