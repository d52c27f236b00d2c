"""Truths that are known because they were drawn, and what would be seen of each.

A truth is a set of inputs from the prior. One world a scenario is run of it, with luck
that nothing else has, and what that world says of the facts is coded, now and then
wrongly. What is then inferred can be compared with the truth.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.analysis.inference.sets import Case, Seen, Space

Floats = NDArray[np.float64]
Pattern = tuple[int, ...]
"""Of each fact of a scenario whether it was seen to be so, 1 or 0."""

BLOCK = 256
_STREAM, _CODING, _LUCK = 0x71, 0x72, 0x73


@dataclass(frozen=True)
class Truths:
    """Sets of inputs (n, n_paths), and what was seen of each, scenario by scenario."""

    places: Floats
    patterns: tuple[NDArray[np.int64], ...]
    """Of each scenario an array (n, n_facts) of 1 and 0."""

    def pattern(self, truth: int) -> tuple[Pattern, ...]:
        """Return what was seen of a truth, one pattern a scenario."""
        return tuple(tuple(each[truth].tolist()) for each in self.patterns)

    def as_seen(self, wanted: tuple[Pattern, ...]) -> NDArray[np.int64]:
        """Return which truths were seen to be as `wanted`."""
        fits = [
            (each == np.array(row)).all(axis=1)
            for each, row in zip(self.patterns, wanted, strict=True)
        ]
        return np.flatnonzero(np.logical_and.reduce(fits))


def truths(space: Space, count: int, *, miscoded: float, seed: int) -> Truths:
    """Draw `count` truths independently from the prior, and run a world of each.

    The first n of many are the truths that n alone would be. Each has luck of its own,
    another in each scenario, as the likelihood has it.
    """
    width = len(space.paths)
    places = np.random.default_rng([seed, _STREAM]).random((count, width))
    found = []
    for at, case in enumerate(space.cases):
        # another key of the generator: nothing is shared with the sets, nor between
        one = replace(space, worlds=1, seed=_LUCK * 1_000_003 + seed * 101 + at)
        said = seen(one, case, places, own_luck=True).said[:, 0]
        coding = np.random.default_rng([seed, _CODING, at])
        wrong = coding.random(said.shape) < miscoded
        found.append(np.where(wrong, 1.0 - said, said).round().astype(np.int64))
    return Truths(places, tuple(found))


def seen(space: Space, case: Case, places: Floats, *, own_luck: bool = False) -> Seen:
    """Return what worlds of sets say of the facts, on all processors."""

    def some(start: int) -> Seen:
        block = places[start : start + BLOCK]
        return space.see(case, block, first=start, own_luck=own_luck)

    with ThreadPoolExecutor() as pool:
        parts = list(pool.map(some, range(0, len(places), BLOCK)))
    said, begun, stopped = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    return Seen(said, begun, stopped)
