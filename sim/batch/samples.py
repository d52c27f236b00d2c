"""Samples: one scenario with a draw of its inputs, and the worlds run of it.

What a sweep is for settings, this is for inputs when each draw is wanted once: a
design of a sensitivity analysis. Nothing is kept on the way; samples of the same
replicates have the same luck, whatever their inputs.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.batch.cells import Cell, input_cells
from sim.batch.inputs import Input, inputs_of, number_at
from sim.batch.progress import Progress, Told, progress_of
from sim.batch.tasks import run_worlds
from sim.errors import ScenarioError
from sim.model.engine import cores
from sim.scenario.load import Loaded, changed, resolve

Measured: TypeAlias = dict[str, NDArray[Any]]
"""What is measured of each world of a sample, arrays of shape (n_replicates,)."""
Measure: TypeAlias = Callable[[Mapping[str, NDArray[Any]]], Measured]

# Samples that are built together. As many wait for a thread, so that all are busy while
# the next are built.
_TOGETHER = 256


@dataclass(frozen=True)
class Sample:
    """Numbers of inputs by path, and which worlds to run; `settings` are of a cell."""

    draw: Mapping[str, float]
    replicates: range
    settings: Mapping[str, object] = field(default_factory=dict)


def all_inputs(
    base: Loaded, ranges: Mapping[str, Sequence[float]]
) -> tuple[Input, ...]:
    """Return the inputs of a scenario, those of `ranges` from least to greatest there.

    An experiment that varies a number says how far it may go; that range takes the
    place of `low` and `high` in the scenario. Raises ScenarioError if it varies what is
    no number in the scenario.
    """
    for path, numbers in ranges.items():
        if number_at(base.scenario, tuple(path.split("."))) is None:
            try:
                changed(base, {path: numbers[0]})  # says what is wrong with the path
            except ScenarioError as error:
                wrong = (each.replace("--set", "--vary", 1) for each in error.problems)
                raise ScenarioError(wrong) from None
            raise ScenarioError(
                f"--vary: {path}: is not a number in the scenario {base.scenario.id}, "
                "so there is nothing to compare with"
            )
    wider = [
        Input(path, min(numbers), max(numbers))
        for path, numbers in ranges.items()
        if min(numbers) < max(numbers)
    ]
    known = inputs_of(base, without=tuple(ranges))
    return tuple(sorted([*known, *wider], key=lambda each: each.path))


def values_of(base: Loaded, inputs: Sequence[Input]) -> dict[str, float]:
    """Return the scenario's own number of each input, by path."""
    found = {}
    for each in inputs:
        number = number_at(base.scenario, tuple(each.path.split(".")))
        assert number is not None
        found[each.path] = number
    return found


def run_samples(
    base: Loaded,
    samples: Iterable[Sample],
    measure: Measure,
    *,
    seed: int,
    threads: int | None = None,
    progress: Told = None,
) -> Iterator[tuple[dict[str, float], Measured]]:
    """Yield inputs as fitted and what was measured, in the order of samples.

    Raises ScenarioError at a sample that is no scenario, by its number from 0.
    """
    told = progress_of(progress)
    workers = threads or cores()

    def measured(cell: Cell, replicates: range) -> Measured:
        return measure(run_worlds(cell, seed, replicates))

    waiting: deque[tuple[dict[str, float], Future[Measured]]] = deque()
    # Compiled code releases the lock: while threads run worlds, this one builds.
    pool = ThreadPoolExecutor(workers)
    try:
        for cell, used, replicates in _built(base, samples):
            waiting.append((used, pool.submit(measured, cell, replicates)))
            if len(waiting) > _TOGETHER:
                yield _next(waiting, told)
        while waiting:
            yield _next(waiting, told)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _built(
    base: Loaded, samples: Iterable[Sample]
) -> Iterator[tuple[Cell, dict[str, float], range]]:
    """Yield the cell of each sample, its inputs as fitted and its replicates."""
    first = 0
    for some in _together(samples):
        settings, paths = some[0].settings, list(some[0].draw)
        cell = resolve(base, settings) if settings else base
        draws = np.array([[one.draw[path] for path in paths] for one in some])
        built = input_cells(cell, paths, draws, first=first)
        for one, (each, used) in zip(some, built, strict=True):
            yield each, used, one.replicates
        first += len(some)


def _together(samples: Iterable[Sample]) -> Iterator[list[Sample]]:
    """Yield samples that follow each other and differ in numbers of the draw only."""
    some: list[Sample] = []
    for sample in samples:
        if some and (len(some) == _TOGETHER or not _alike(some[0], sample)):
            yield some
            some = []
        some.append(sample)
    if some:
        yield some


def _alike(one: Sample, other: Sample) -> bool:
    return one.settings == other.settings and one.draw.keys() == other.draw.keys()


def _next(
    waiting: deque[tuple[dict[str, float], Future[Measured]]], told: Progress
) -> tuple[dict[str, float], Measured]:
    used, future = waiting.popleft()
    found = future.result()
    told.advance(len(next(iter(found.values()))))
    return used, found
