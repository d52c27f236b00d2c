"""All that decides the result of a sweep, checked before anything is run or written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.batch.cells import BLOCK, Cell, are_scenarios, cells_at_once, input_cell
from sim.batch.design import Design
from sim.batch.inputs import Input, check_inputs, overlap
from sim.batch.policy_worlds import Policies
from sim.batch.settings import Setting
from sim.batch.timeseries import runs_of_series
from sim.errors import ScenarioError, UsageError
from sim.scenario.arguments import LARGEST, MOST_DAYS, option, whole
from sim.scenario.load import Loaded, resolve

T = TypeVar("T")

MOST_PARTS = 99_999

_FOLDER = re.compile(r"part-(\d{5})-of-(\d{5})")


@dataclass(frozen=True, eq=False)
class InputSets:
    """Draws of all inputs, shape (sets, inputs), and how often each set is run.

    The last sets are drawn from the result of an inference, if `fitted` says what it
    was: as many as there are others before them.
    """

    inputs: tuple[Input, ...]
    draws: NDArray[np.float64]
    replicates: int
    fitted: Mapping[str, Any] | None = None

    def __len__(self) -> int:
        """Return the number of sets."""
        return len(self.draws)

    def plain(self) -> dict[str, Any]:
        """Return what decides the sets, as the manifest holds it."""
        bounds = {each.path: [each.low, each.high] for each in self.inputs}
        found = {"sets": len(self), "replicates": self.replicates, "bounds": bounds}
        return found if self.fitted is None else {**found, "fitted": dict(self.fitted)}

    def are_in_bounds(self) -> bool:
        """Say whether no number is beyond the bounds of its input."""
        low = np.array([each.low for each in self.inputs])
        high = np.array([each.high for each in self.inputs])
        return bool(np.all((low <= self.draws) & (self.draws <= high)))

    def draw(self, index: int) -> dict[str, float]:
        """Return the numbers of one set by path."""
        paths = (each.path for each in self.inputs)
        return dict(zip(paths, self.draws[index].tolist(), strict=True))


@dataclass(frozen=True)
class Part:
    """Part `number` of `of` parts, counted from 1.

    >>> list(Part(2, 3).share("abcdefgh"))
    ['b', 'e', 'h']
    """

    number: int
    of: int

    def __str__(self) -> str:
        """Return the part as it is typed."""
        return f"{self.number}/{self.of}"

    def share(self, chunks: Iterable[T]) -> Iterator[T]:
        """Yield what this part has to do."""
        return islice(chunks, self.number - 1, None, self.of)

    def folder(self, sweep: Path) -> Path:
        """Return the folder of the part below that of the sweep."""
        return sweep / f"part-{self.number:05}-of-{self.of:05}"


def parse_part(text: str) -> Part:
    """Return the part that `--part K/N` names.

    >>> parse_part("3/40")
    Part(number=3, of=40)

    Raises UsageError if it is none.
    """
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip(), re.ASCII)
    if found:
        part = Part(int(found[1]), int(found[2]))
        if 1 <= part.number <= part.of <= MOST_PARTS:
            return part
    raise UsageError(
        f"--part needs K/N, K from 1 to N and N up to {MOST_PARTS:,}, not {text!r}"
    )


def parts_in(sweep: Path) -> dict[Part, Path]:
    """Return the folders of parts below a folder, in the order of parts."""
    paths = sorted(sweep.iterdir()) if sweep.is_dir() else []
    named = ((path, _FOLDER.fullmatch(path.name)) for path in paths)
    return {Part(int(name[1]), int(name[2])): path for path, name in named if name}


_MOST_PROBLEMS = 50


@dataclass(frozen=True, eq=False)
class Plan:
    """A sweep: which cells, how many worlds of each, and what is asked of them.

    `replicates` worlds of each cell are run, replicates 0, 1, ...; `within_days` is
    the day by which a first truce counts. With `policies`, parties decide by them. With
    `precision`, each cell ends as soon as its interval is that narrow
    (`sim.batch.tasks`), with `replicates` at most. With `part`, only its share of
    the worlds is run. `series_asked` is how many replicates of a cell to
    look at day by day, None for as many as is usual.
    """

    base: Loaded
    design: Design
    seed: int
    replicates: int
    within_days: int
    keep_worlds: bool = False
    input_sets: InputSets | None = None
    policies: Policies | None = None
    precision: float | None = None
    part: Part | None = None
    series_asked: int | None = None
    cells: tuple[Cell, ...] = field(init=False, repr=False)
    with_any_set: frozenset[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Check numbers, build every cell and check the bounds of inputs in each.

        Errors as `build_cells` and `check_inputs`.
        """
        for name, least, most in (
            ("seed", 0, LARGEST),
            ("replicates", 1, LARGEST),
            ("within_days", 1, MOST_DAYS),
        ):
            found = whole(option(name), getattr(self, name), least, most)
            object.__setattr__(self, name, found)
        if self.series_asked is not None:
            found = whole("--series", self.series_asked)
            object.__setattr__(self, "series_asked", found)
        if self.precision is not None and self.part is not None:
            raise UsageError(
                "--part with --precision: the number of worlds that a cell needs is "
                "known only while it runs, so the work cannot be divided beforehand; "
                "give --replicates instead"
            )
        object.__setattr__(self, "cells", build_cells(self.base, self.design))
        object.__setattr__(self, "with_any_set", self._known_with_inputs())

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the cells, the bulk of it; a worker process makes what it needs."""
        return {**self.__dict__, "cells": ()}

    def cell(self, index: int) -> Cell:
        """Return the parameters of a cell, in whatever process."""
        return self.cells[index] if self.cells else input_cell(self.scenario(index))

    def scenario(self, cell: int) -> Loaded:
        """Return the scenario of a cell."""
        changes = self.design.changes(cell)
        return resolve(self.base, changes) if changes else self.base

    def _known_with_inputs(self) -> frozenset[int]:
        """Return the cells known to be scenarios with any of the sets of inputs.

        Raises ScenarioError with all bounds that inputs cannot have in another cell.
        """
        if self.input_sets is None:
            return frozenset()
        inputs = self.input_sets.inputs
        known = are_scenarios(self.base, inputs)
        check_inputs(self.base, inputs, are_scenarios=known)
        every = frozenset(range(len(self.design)))
        left = set(every)
        for places, numbers in alike(self.design):
            if are_scenarios(self.scenario(places[0]), inputs, numbers):
                left.difference_update(places)
        for cell in sorted(left):
            if are_scenarios(self.scenario(cell), inputs):
                left.remove(cell)
            else:
                check_inputs(self.base, inputs, self.design.at(cell))
        return every - left if self.input_sets.are_in_bounds() else frozenset()

    @property
    def leaves_worlds(self) -> bool:
        """Whether outcomes of all worlds stay on disk: wanted, or for `merge`."""
        return self.keep_worlds or self.part is not None

    @property
    def rows(self) -> int:
        """Cells times days, with the eve of each."""
        return sum(cell.steps + 1 for cell in self.cells)

    @property
    def series(self) -> int:
        """How many replicates of each cell are looked at day by day."""
        return runs_of_series(
            self.series_asked, replicates=self.replicates, rows=self.rows
        )

    def order(self) -> Iterator[int]:
        """Yield the cells in the order to run them: the reference is needed first."""
        first = self.design.reference
        yield first
        yield from (cell for cell in range(len(self.design)) if cell != first)


def build_cells(base: Loaded, design: Design) -> tuple[Cell, ...]:
    """Return the parameters of every cell of a design.

    Raises ScenarioError with all that is wrong, each message once, and UsageError if
    cells differ in their parties or chips, each of which is a column.
    """
    built = dict(_built_at_once(base, design))
    cells: list[Cell] = []
    problems: dict[str, list[int]] = {}
    for index in range(len(design)):
        if index in built:
            cells.append(built[index])
            continue
        changes = design.changes(index)
        try:
            loaded = resolve(base, changes) if changes else base
            cells.append(input_cell(loaded))
        except ScenarioError as error:
            for text in error.problems:
                problems.setdefault(text, []).append(index)
            if sum(map(len, problems.values())) > _MOST_PROBLEMS:
                break
    if problems:
        raise ScenarioError(_told(problems, design, tried=index + 1))
    for what in ("parties", "chips"):
        names = {tuple(sorted(getattr(cell.labels, what))): 0 for cell in cells}
        if len(names) > 1:
            listed = " and ".join(", ".join(each) or "none" for each in [*names][:2])
            raise UsageError(
                f"{design.made.source}: cells have different {what}, {listed}, but a "
                "table needs the same columns for all cells: vary something about "
                "them, such as the area of a chip, or use compare"
            )
    return tuple(cells)


def _built_at_once(base: Loaded, design: Design) -> Iterator[tuple[int, Cell]]:
    """Yield cells that differ from each other in numbers only, with their places."""
    for places, numbers in alike(design):
        try:
            start = resolve(base, design.changes(places[0]))
        except ScenarioError:
            continue
        for first in range(0, len(places), BLOCK):
            block = slice(first, first + BLOCK)
            columns = {path: column[block] for path, column in numbers.items()}
            built = cells_at_once(start, columns) or ()
            yield from zip(places[block], built, strict=False)


def alike(
    design: Design,
) -> Iterator[tuple[list[int], dict[str, NDArray[np.float64]]]]:
    """Yield the cells that differ from each other in numbers only, with those by path.

    Yields nothing where one path is that of a part of another: which of them counts is
    decided by their order.
    """
    if any(overlap(one, other) for one, other in combinations(design.paths, 2)):
        return
    groups: dict[tuple[tuple[str, Setting], ...], list[int]] = {}
    for index in range(len(design)):
        at = design.at(index).items()
        words = tuple(each for each in at if not isinstance(each[1], float))
        groups.setdefault(words, []).append(index)
    for words, places in groups.items():
        rows = [design.at(index) for index in places]
        paths = [path for path in design.paths if path not in dict(words)]
        yield places, {path: np.array([row[path] for row in rows]) for path in paths}


def _told(
    problems: dict[str, list[int]], design: Design, *, tried: int
) -> Iterator[str]:
    """Yield what is wrong: with a path of a grid, with a point, or with all points."""
    source = design.made.source
    for text, cells in problems.items():
        wrong = text.removeprefix("--set: ")
        if design.made.kind == "grid" or len(cells) == tried:
            yield f"{source}: {wrong}"
        else:
            yield from (f"{design.row(cell)}: {wrong}" for cell in cells)
