"""All that decides the result of a sweep, checked before anything is run or written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError, UsageError
from sim.given import LARGEST, MOST_DAYS, option, whole
from sim.scenario.build import build, labels
from sim.scenario.load import Loaded, resolve
from sim.step.labels import Labels
from sim.sweep.design import Design
from sim.sweep.inputs import InputSets
from sim.sweep.part import Part
from sim.sweep.policies import Policies
from sim.sweep.series import runs_of_series

_MOST_PROBLEMS = 50


@dataclass(frozen=True, eq=False)
class Cell:
    """Parameters of one cell, shape (1,), and what their numbers stand for."""

    params: NDArray[np.void]
    lines: float
    labels: Labels

    @property
    def steps(self) -> int:
        """Steps to the horizon."""
        return int(self.params["steps"][0])


@dataclass(frozen=True, eq=False)
class Plan:
    """A sweep: which cells, how many worlds of each, and what is asked of them.

    `replicates` worlds of each cell are run, replicates 0, 1, ...; `within_days` is
    the day by which a first truce counts. With `policies`, parties decide by them. With
    `precision`, each cell ends as soon as its interval is that narrow
    (`sim.sweep.precision`), with `replicates` at most. With `part`, only its share of
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

    def __post_init__(self) -> None:
        """Check numbers and build every cell.

        Raises
        ------
        UsageError
            If a number is out of its range.
        ScenarioError
            If some cells are no scenarios; it names all of what is wrong.
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
                "--part with --precision: how many worlds a cell needs shows while it "
                "is run, so it cannot be shared out before; give --replicates instead"
            )
        object.__setattr__(self, "cells", build_cells(self.base, self.design))

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the cells, the bulk of it; a worker process makes what it needs."""
        return {**self.__dict__, "cells": ()}

    def cell(self, index: int) -> Cell:
        """Return the parameters of a cell, in whatever process."""
        return self.cells[index] if self.cells else _cell(self.scenario(index))

    def scenario(self, cell: int) -> Loaded:
        """Return the scenario of a cell."""
        changes = self.design.changes(cell)
        return resolve(self.base, changes) if changes else self.base

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
        yield self.design.reference
        for cell in range(len(self.design)):
            if cell != self.design.reference:
                yield cell


def build_cells(base: Loaded, design: Design) -> tuple[Cell, ...]:
    """Return the parameters of every cell of a design.

    Raises
    ------
    ScenarioError
        With all that is wrong, each message once.
    UsageError
        If cells differ in their parties or chips, each of which is a column.
    """
    cells: list[Cell] = []
    problems: dict[str, list[int]] = {}
    for index in range(len(design)):
        changes = design.changes(index)
        try:
            loaded = resolve(base, changes) if changes else base
            cells.append(_cell(loaded))
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
                f"{design.made.source}: cells have different {what}, {listed}, but "
                "tables have the same columns for all: vary what one says of them, "
                "such as the area of a chip, or use compare"
            )
    return tuple(cells)


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


def _cell(loaded: Loaded) -> Cell:
    scenario = loaded.scenario
    return Cell(build(scenario), float(scenario.front.steps), labels(scenario))


def input_cell(loaded: Loaded) -> Cell:
    """Return the parameters of a cell with a set of inputs."""
    return _cell(loaded)
