"""A loop that watches worlds of the engine: the same stages, and what each of them did.

`watched` runs worlds as `sim.model.engine` does and changes nothing in them; what it
sees of a world goes to one record of `SEEN`. Tests hold the worlds equal to those of
the engine, and what was seen to the chronicles of the Mesa model.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from acts import ACTS
from bounds import BOUNDS
from limits import limits_of
from notes import NOTES, nothing
from numpy.typing import NDArray

from sim.model.compile import kernel
from sim.model.engine import CHUNK, cores, ended
from sim.model.schedule import STAGES, Stage
from sim.model.stages.start import begin
from sim.model.state import NEVER, SIDES, TABLE, WORLD, as_kernels_take_it, blank

KINDS = 2  # of truces: 0 partial, 1 full
BUSINESS = 5  # kinds of business, see `sim.model.state`

SEEN = np.dtype(
    [
        ("acted", "i8", len(STAGES)),  # 1 if the stage ever acted
        ("put", "i8", BUSINESS),  # days with an offer on the table, by business
        ("empty_rounds", "i8"),  # in which the author had nothing to propose
        # the first offer and what was said to it
        ("first_step", "i8"),
        ("first_offer", "i8"),
        ("first_author", "i8"),
        ("first_answer", "i8", SIDES),
        ("first_demands", "i8", SIDES),
        ("first_by_noise", "i8", SIDES),
        # all answers, and those in which noise turned the scale
        ("answers", "i8", SIDES),
        ("by_noise", "i8", SIDES),
        # truces by kind
        ("begun", "i8", KINDS),
        ("broken", "i8", KINDS),
        ("expired", "i8", KINDS),
        ("extended", "i8", KINDS),
        ("replaced", "i8", KINDS),  # a partial one by another, or by a full one
        ("broken_early", "i8"),  # within a week of their beginning
        ("partial_since", "i8"),
        ("truce_days", "i8"),  # of full truces
        ("moved_by_settlement", "f8"),  # share of the stake, towards side 0
        # talks that go in circles, see `repeats.py`
        ("hopeless", "i8"),
        ("put_again", "i8"),
        ("own_extension_refused", "i8"),
        ("own_terms_refused", "i8"),
        ("delayed_rounds", "i8"),
        ("asked_offer", "i8", SIDES),  # what each side named last, and when
        ("asked_demands", "i8", SIDES),
        ("asked_step", "i8", SIDES),
        # by the end
        ("cost_excluded", "i8", SIDES),  # the true cost lies outside its interval
        ("looked", "i8", len(BOUNDS)),
        ("missed", "i8", len(BOUNDS)),
        ("missed_at", "i8", len(BOUNDS)),
    ],
    align=True,
)


class Watched(NamedTuple):
    """Worlds as they ended, shape (n,), and what was seen of each, shape (n,)."""

    worlds: NDArray[np.void]
    seen: NDArray[np.void]


def watching(stage: Stage) -> Callable[..., None]:
    """Return a stage that also notes in `seen` what it did."""
    number = [each.name for each in STAGES].index(stage.name)
    act, changed = stage.act, ACTS[stage.name].changed
    note = NOTES.get(stage.name, nothing)

    @kernel
    def run(
        params: Any, world: Any, table: Any, before: Any, limits: Any, seen: Any
    ) -> None:
        before[0] = world
        act(params, world, table)
        if changed(before[0], world):
            seen.acted[number] = 1
        note(params, before[0], world, table, limits, seen)

    return run


def in_turn(acts: Sequence[Callable[..., None]]) -> Callable[..., None]:
    """Return one function that runs watching stages in order, joined by twos."""
    if len(acts) == 1:
        return acts[0]
    half = len(acts) // 2
    first, second = in_turn(acts[:half]), in_turn(acts[half:])

    @kernel
    def run(
        params: Any, world: Any, table: Any, before: Any, limits: Any, seen: Any
    ) -> None:
        first(params, world, table, before, limits, seen)
        second(params, world, table, before, limits, seen)

    return run


watched_period = in_turn([watching(stage) for stage in STAGES])


@kernel
def watched_worlds(
    params: Any,
    worlds: Any,
    tables: Any,
    before: Any,
    limits: Any,
    seen: Any,
    seed: int,
    first: int,
) -> None:
    """Run and watch replicates first, first + 1, ... to their ends."""
    for i in range(worlds.size):
        world, note = worlds[i], seen[i]
        note.first_step = NEVER
        note.asked_step[0] = note.asked_step[1] = NEVER
        begin(params[0], world, tables[0], seed, first + i)
        while not ended(params[0], world):
            watched_period(params[0], world, tables[0], before, limits[0], note)


def watch(params: NDArray[np.void], *, seed: int, replicates: range) -> Watched:
    """Run and watch worlds of a scenario, in chunks on threads; in order of number."""
    n = len(replicates)
    worlds, seen = blank(WORLD, n), blank(SEEN, n)
    cell, limits = as_kernels_take_it(params), limits_of(params)

    def run_chunk(start: int) -> None:
        part = slice(start, start + CHUNK)
        first = replicates.start + start
        watched_worlds(
            cell,
            worlds[part],
            blank(TABLE, 1),
            blank(WORLD, 1),
            limits,
            seen[part],
            seed,
            first,
        )

    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(run_chunk, range(0, n, CHUNK)))  # raises an error of a thread
    return Watched(worlds, seen)
