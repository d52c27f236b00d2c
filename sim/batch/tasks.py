"""Chunks of a sweep: pure functions of the plan, small enough to lose one.

A chunk of worlds is a cell and a range of replicates; a chunk of inputs is a cell and
a range of input sets; a chunk of a series is a cell and its first replicates. Which
chunks there are follows from the plan alone, so a sweep that is resumed finds those it
has, and nothing depends on threads or timing.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from statistics import NormalDist
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.batch import estimates
from sim.batch.cells import Cell, input_cells
from sim.batch.estimates import HALF, HEADLINES, SHARES
from sim.batch.inputs import with_inputs
from sim.batch.plan import Plan
from sim.batch.settings import shown
from sim.batch.timeseries import Series, series_of
from sim.errors import UsageError
from sim.model.engine import simulate
from sim.model.outcome import outcomes
from sim.model.trajectories import watch


class Gathered:
    """Room for the columns of so many worlds, and how many are there.

    Parts are not collected to be joined: for a while there would be twice as much.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.there = 0
        self._columns: dict[str, NDArray[Any]] = {}

    def put(self, first: int, part: Mapping[str, NDArray[Any]]) -> None:
        """Add the columns of the replicates from `first` on, each replicate once."""
        (count,) = {len(column) for column in part.values()}
        for name, column in part.items():
            if name not in self._columns:
                # Memory is taken as it is written to, so `most` may be generous.
                self._columns[name] = np.empty(self.most, column.dtype)
            self._columns[name][first : first + count] = column
        self.there += count

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the columns; those that are there have to be the first ones."""
        return {name: column[: self.there] for name, column in self._columns.items()}


BATCHES = 20

_LEAST = 1e-5


def check_precision(precision: float) -> None:
    """Raise UsageError if `precision` is no half-width that an interval can have."""
    if not _LEAST <= precision < 0.5:
        raise UsageError(f"--precision must be at least {_LEAST:g} and below 0.5")


def most_replicates(precision: float) -> int:
    """Return how many worlds are enough whatever the share.

    Wilson's interval is widest at a share of one half, where its half-width is
    z / (2 sqrt(n + z^2)).

    >>> most_replicates(0.01)
    9600
    """
    z2 = NormalDist().inv_cdf(0.975) ** 2
    return max(1, math.ceil(z2 / (2 * precision) ** 2 - z2))


def spent(
    manifest: Mapping[str, Any], rows: Mapping[int, Mapping[str, float]]
) -> dict[str, Any] | None:
    """Return what a precision took, as the manifest holds it; None without one.

    `cells` has the worlds of each cell, `cells_at_cap` those that took `cap`, as many
    as are enough for any share.
    """
    if manifest["precision"] is None:
        return None
    worlds = [int(rows[cell]["replicates"]) for cell in sorted(rows)]
    cap = manifest["replicates"]
    at_cap = [cell for cell, each in enumerate(worlds) if each == cap]
    total = sum(worlds)
    return {"worlds": total, "cells": worlds, "cap": cap, "cells_at_cap": at_cap}


def is_precise(row: Mapping[str, float], precision: float) -> bool:
    """Say whether the intervals of both headlines in a row are narrow enough."""
    widest = max(row[f"{name}_high"] - row[f"{name}_low"] for name in HEADLINES)
    return widest / 2 <= precision


# Steps of worlds in a chunk: half a second of one thread, or a second of the Mesa
# model with policies. They are not measured, since a sweep that is resumed has to find
# the same chunks.
CHUNK_STEPS = 1_000_000
POLICY_CHUNK_STEPS = 30_000
_WORLDS_AT_ONCE = 20_000  # whose records, 15 MB, a thread has in memory

Columns: TypeAlias = dict[str, NDArray[Any]]
"""Outcomes of worlds, arrays of shape (n_replicates,), as `outcomes` returns them."""
Row: TypeAlias = dict[str, float]
"""Numbers of one cell, or of one cell with one set of inputs, by column."""


@dataclass(frozen=True)
class Chunk(ABC):
    """Some replicates of one cell, or some sets of inputs in it."""

    cell: int
    first: int
    count: int

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return self.count

    @abstractmethod
    def compute(self, plan: Plan) -> "Result":
        """Return what comes of it, whichever process it is."""


class WorldChunk(Chunk):
    """Some replicates of one cell."""

    def compute(self, plan: Plan) -> Columns:
        """Run the worlds; return their outcomes in the order of replicates."""
        replicates = range(self.first, self.first + self.count)
        if plan.policies is None:
            return run_worlds(plan.cell(self.cell), plan.seed, replicates)
        return plan.policies.run(
            plan.scenario(self.cell), seed=plan.seed, replicates=replicates
        )


@dataclass(frozen=True)
class InputChunk(Chunk):
    """Some sets of inputs in one cell, `each` worlds of each."""

    each: int

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return self.count * self.each

    @property
    def sets(self) -> range:
        """Which sets of inputs."""
        return range(self.first, self.first + self.count)

    def compute(self, plan: Plan) -> list[Row]:
        """Run the worlds of each set; return inputs as used and shares, set by set."""
        half = self.each // 2
        rows = []
        for used, columns in self._run(plan):
            seen = estimates.events(columns, within_days=plan.within_days)
            row = dict(used)
            for name in SHARES:
                row[name] = estimates.share(seen[name]).estimate
                row[f"{name}{HALF}"] = estimates.share(seen[name][:half]).estimate
            rows.append(row)
        return rows

    def _run(self, plan: Plan) -> Iterator[tuple[Row, Columns]]:
        """Yield the inputs of each set as used, and what became of its worlds."""
        sets, replicates = plan.input_sets, range(self.each)
        assert sets is not None
        cell = plan.scenario(self.cell)
        if plan.policies is not None:
            for index in self.sets:
                loaded, used = with_inputs(cell, {}, sets.draw(index))
                yield (
                    used,
                    plan.policies.run(loaded, seed=plan.seed, replicates=replicates),
                )
            return
        draws = sets.draws[self.first : self.first + self.count]
        paths = [each.path for each in sets.inputs]
        known = self.cell in plan.with_any_set
        cells = input_cells(cell, paths, draws, first=self.first, are_scenarios=known)
        for one, used in cells:
            yield used, run_worlds(one, plan.seed, replicates)


class SeriesChunk(Chunk):
    """The first replicates of one cell, once more, day by day."""

    def compute(self, plan: Plan) -> Series:
        """Run the worlds and sum up their days."""
        cell, replicates = plan.cell(self.cell), range(self.count)
        if plan.policies is None:
            days = watch(cell.params, seed=plan.seed, replicates=replicates)
        else:
            days = plan.policies.days(
                plan.scenario(self.cell), seed=plan.seed, replicates=replicates
            )
        return series_of(self.cell, days, cell.labels)


Result: TypeAlias = Columns | list[Row] | Series


def named(chunk: Chunk, plan: Plan) -> str:
    """Return a chunk in words."""
    settings = plan.design.at(chunk.cell).items()
    listed = ", ".join(f"{path} {shown(each)}" for path, each in settings)
    cell = f"cell {chunk.cell} ({listed})" if listed else f"cell {chunk.cell}"
    if isinstance(chunk, SeriesChunk):
        return f"{cell}, series of {chunk.count} replicates"
    what = "replicates" if isinstance(chunk, WorldChunk) else "input sets"
    return f"{cell}, {what} {chunk.first} to {chunk.first + chunk.count - 1}"


def chunks_of(plan: Plan) -> Iterator[Chunk]:
    """Yield the chunks to do: of a whole sweep all, of a part its share."""
    cells = list(plan.order())
    every: Iterator[Chunk] = chain(
        chain.from_iterable(world_chunks(plan, cell) for cell in cells),
        chain.from_iterable(input_chunks(plan, cell) for cell in cells),
        series_chunks(plan),
    )
    return every if plan.part is None else plan.part.share(every)


def batches(plan: Plan) -> Iterator[range]:
    """Yield the replicates of a cell: all at once, or batches of nearly equal size."""
    most = plan.replicates
    at_once = most if plan.precision is None else math.ceil(most / BATCHES)
    yield from _shared_out(most, at_once)


def world_chunks(
    plan: Plan, cell: int, batch: range | None = None
) -> Iterator[WorldChunk]:
    """Yield the chunks of a cell, of nearly equal size, in the order of replicates."""
    for replicates in batches(plan) if batch is None else [batch]:
        for part in _shared_out(len(replicates), _worlds_per_chunk(plan, cell)):
            yield WorldChunk(cell, replicates.start + part.start, len(part))


def input_chunks(plan: Plan, cell: int) -> Iterator[InputChunk]:
    """Yield the chunks of input sets of a cell."""
    sets = plan.input_sets
    if sets is not None:
        at_once = max(1, _worlds_per_chunk(plan, cell) // sets.replicates)
        for part in _shared_out(len(sets), at_once):
            yield InputChunk(cell, part.start, len(part), sets.replicates)


def series_chunks(plan: Plan) -> Iterator[SeriesChunk]:
    """Yield the chunks of a series, a cell each."""
    if (count := plan.series) > 0:  # which looks at all cells
        for cell in plan.order():
            yield SeriesChunk(cell, 0, count)


def chunk_steps(plan: Plan) -> int:
    """Return how many steps of worlds a chunk has at most."""
    return CHUNK_STEPS if plan.policies is None else POLICY_CHUNK_STEPS


def _worlds_per_chunk(plan: Plan, cell: int) -> int:
    return max(1, chunk_steps(plan) // plan.cells[cell].steps)


def _shared_out(total: int, most: int) -> Iterator[range]:
    """Yield ranges of nearly equal length, none longer than `most`."""
    parts = math.ceil(total / most)
    for i in range(parts):
        yield range(total * i // parts, total * (i + 1) // parts)


def run_worlds(cell: Cell, seed: int, replicates: range) -> Columns:
    """Return the outcomes of worlds; the records of few of them are in memory."""
    gathered = Gathered(len(replicates))
    for part in _shared_out(len(replicates), _WORLDS_AT_ONCE):
        some = replicates[part.start : part.stop]
        worlds = simulate(
            cell.params, seed=seed, replicates=some, threads=1, chunk=len(some)
        )
        gathered.put(part.start, outcomes(worlds, cell.labels))
    return gathered.columns()
