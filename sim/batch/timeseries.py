"""A cell day by day: how many runs still fight, and quantiles of where they stand.

The runs are the first ones of the cell. Those of a sweep are not kept day by day, so
these are run once more, which changes nothing: a run is a function of its address.

A run whose war is over stays in the counts and keeps its line and its areas for the
days that are left. Columns with `before_truce` are about the runs in which no full
truce has come so far and no side is defeated: the ones to set beside a war that goes
on. Reservation values are of the runs that are not over.
"""

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.batch.estimates import END_NAMES
from sim.batch.intervals import Floats
from sim.model.labels import Labels
from sim.model.state import DEFEAT, SETTLED, SIDES, TRUCE, WAR
from sim.model.trajectories import Days

RUNS = 400
MOST_ROWS = 50_000  # of a series that nobody asked for: some seconds of work
LEVELS = (5, 25, 50, 75, 95)  # per cent
DOTS = 20
SINGLE_RUNS = 5

Table: TypeAlias = dict[str, NDArray[Any]]
"""Columns of a table by name, arrays of shape (rows,); of dots (rows, DOTS)."""


class Series(NamedTuple):
    """Rows of `series.parquet` and of `series_runs.parquet`, of one cell."""

    days: Table
    runs: Table


def runs_of_series(asked: int | None, *, replicates: int, rows: int) -> int:
    """Return how many runs of a cell the series has, of so many rows; 0 for none."""
    if asked is None:
        asked = RUNS if rows <= MOST_ROWS else 0
    return min(asked, replicates)


def series_bytes(rows: int, chips: int) -> int:
    """Return the size of both tables, uncompressed; `rows` are cells times days."""
    quantities = 1 + chips + SIDES
    counts, of_run = 9, 8  # columns beside those of quantities
    of_day = counts + 2 * len(LEVELS) * quantities
    return 8 * rows * (of_day + SINGLE_RUNS * (of_run + quantities))


def series_of(cell: int, days: Days, labels: Labels) -> Series:
    """Return the series of a cell from its days."""
    row, last = np.arange(days.phases.shape[1]), days.last[:, np.newaxis]
    there = np.minimum(row, last)

    def staying(values: NDArray[Any]) -> NDArray[Any]:
        return np.take_along_axis(values, there, axis=1)

    phases = staying(days.phases)
    fan = (phases == WAR) & ~staying(days.agreed)
    named: dict[str, Floats] = {"held_km2": staying(days.values[:, :, 0])}
    chips = zip(labels.chips, labels.fulls, strict=True)
    for at, (name, full) in enumerate(chips, 1):
        named[f"chips_km2.{name}"] = staying(days.values[:, :, at]) * full
    for at, name in enumerate(labels.sides, 1 + len(labels.chips)):
        values = np.where(row > last, np.nan, days.values[:, :, at])
        named[f"reservation_value.{name}"] = values
    return Series(
        _day_rows(cell, phases, fan, named, labels),
        _run_rows(cell, days.last, phases, fan, named, labels),
    )


def _day_rows(
    cell: int,
    phases: NDArray[np.int8],
    fan: NDArray[np.bool_],
    named: dict[str, Floats],
    labels: Labels,
) -> Table:
    runs, rows = phases.shape
    columns: Table = {
        "cell": np.full(rows, cell, np.int32),
        **_calendar(np.arange(rows), labels),
        "runs": np.full(rows, runs, np.int64),
        "fighting": (phases == WAR).sum(axis=0),
        "in_truce": (phases == TRUCE).sum(axis=0),
        "settled": (phases == SETTLED).sum(axis=0),
        "defeated": (phases == DEFEAT).sum(axis=0),
        "before_truce": fan.sum(axis=0),
    }
    for name, values in named.items():
        in_fan = np.where(fan, values, np.nan)
        for prefix, of in ((name, values), (f"{name}_before_truce", in_fan)):
            found = quantiles(of, np.array(LEVELS) / 100.0)
            for level, row in zip(LEVELS, found, strict=True):
                columns[f"{prefix}_q{level:02}"] = row
        if name.startswith("chips_km2."):
            dots = np.full((rows, DOTS), np.nan)
            levels = (np.arange(DOTS) + 0.5) / DOTS
            dots[-1] = quantiles(in_fan[:, -1:], levels)[:, 0]
            columns[f"{name}_before_truce_dots"] = dots
    return columns


def _run_rows(
    cell: int,
    last: NDArray[np.int64],
    phases: NDArray[np.int8],
    fan: NDArray[np.bool_],
    named: dict[str, Floats],
    labels: Labels,
) -> Table:
    """Return the days of a few runs, chosen so that each stands for as many others.

    Runs are ordered by their depth, from the most central to the outermost, and the
    middle one of each fifth is taken.
    """
    areas = [named[name] for name in named if name.startswith("chips_km2.")]
    moving = [values for values in areas if values.any()] or [named["held_km2"]]
    depths = np.mean([depth(values) for values in moving], axis=0)
    order = np.argsort(-depths, kind="stable")
    count = min(SINGLE_RUNS, order.size)
    chosen = order[((np.arange(count) + 0.5) / count * order.size).astype(int)]
    run = np.repeat(chosen, last[chosen] + 1)
    row = np.concatenate([np.arange(last[each] + 1) for each in chosen])
    return {
        "cell": np.full(run.size, cell, np.int32),
        "replicate": run,
        "depth": depths[run],
        **_calendar(row, labels),
        "phase": np.array(END_NAMES)[phases[run, row]],
        "before_truce": fan[run, row],
        **{name: values[run, row] for name, values in named.items()},
    }


def _calendar(rows: NDArray[np.int64], labels: Labels) -> Table:
    """Return day and date of rows; the first row is the eve, as in the chronicle."""
    dates = np.array([labels.date(int(row) - 1).isoformat() for row in rows])
    return {"day": ((rows - 1) * labels.step_days).astype(np.int32), "date": dates}


def quantiles(values: Floats, levels: Floats) -> Floats:
    """Return quantiles over the runs of each day, shape (levels, days).

    `values` has shape (runs, days); nan does not count, and where all are nan so is
    the quantile. Between two runs it is read off the straight line between them.

    >>> quantiles(np.array([[1.0], [3.0], [np.nan]]), np.array([0.5]))
    array([[2.]])
    """
    ordered = np.sort(values.T, axis=1)  # nan goes last
    most = np.isfinite(ordered).sum(axis=1) - 1
    place = levels[:, np.newaxis] * np.maximum(most, 0)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, np.maximum(most, 0))
    day = np.arange(ordered.shape[0])
    low, high = ordered[day, below], ordered[day, above]
    found: Floats = low + (high - low) * (place - below)
    return found


def depth(values: Floats) -> Floats:
    """Return how central each run is, in (0, 1]: its modified band depth.

    The share of pairs of runs whose band holds the run, averaged over the days.
    `values` has shape (runs, days). Source: Lopez-Pintado and Romo (2009), "On the
    concept of depth for functional data", with bands of two curves.

    >>> depth(np.array([[0.0], [1.0], [2.0]]))
    array([0.66666667, 1.        , 0.66666667])
    """
    n, days = values.shape
    if n < 2:
        return np.ones(n)
    total = np.zeros(n)
    for column in values.T:
        ordered = np.sort(column)
        below = np.searchsorted(ordered, column, side="left")
        above = n - np.searchsorted(ordered, column, side="right")
        total += _pairs(n) - _pairs(below) - _pairs(above)
    mean: Floats = total / (_pairs(n) * days)
    return mean


def _pairs(count: NDArray[np.int64] | int) -> NDArray[np.float64] | float:
    return count * (count - 1) / 2
