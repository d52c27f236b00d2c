"""What a Dask worker does for a sweep: the chunks it is given, with a crew of its own.

The crew is one of those of a local sweep: this very thread, or, for policies in files,
worker processes. So a policy that ends its process, or never returns, does neither to
the Dask worker; and what a policy prints goes to the worker's stderr.
"""

import pickle
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sim.sweep import about
from sim.sweep.chunks import Chunk
from sim.sweep.crew import ChunkFailedError, Pooled, crew_here
from sim.sweep.policies import Policies
from sim.sweep.worker import sendable

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
    return {**about.code(policies), "sources": about.sources()}


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
    wrong = list(about.differing("", expected, code(plan.policies)))
    if wrong:
        address = import_module("distributed").get_worker().address
        raise OtherCodeError(f"{address}: {'; '.join(wrong)}")
    return crew_here(plan, summarise, threads=1)
