"""Cells: the parameters of one scenario, or of many that differ in numbers only.

To read and check a scenario takes longer than to run fifty worlds of it. So what
differs in numbers only is built in blocks: a scenario whose numbers are arrays, which
`build` turns into as many records. What the schema would refuse is found at corners of
a block. Each rule between fields becomes harder to meet as each number grows, or as it
falls: if the worst corners are scenarios, so is what lies between them. Where that is
not known, each set is checked by itself, and refused by its number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from sim.batch.inputs import (
    NO_SCENARIO,
    Input,
    Numbers,
    changes_of,
    fitted,
    number_at,
    value_at,
    with_inputs,
)
from sim.errors import ScenarioError
from sim.model.labels import Labels, labels_of
from sim.model.parameters import build
from sim.scenario.load import Loaded, changed
from sim.scenario.parties import PrivateCost
from sim.scenario.schema import Scenario

BLOCK = 1000  # sets that are built at once: 11 MB
_FEW = 4  # sets that are built one by one as fast


@dataclass(frozen=True, eq=False)
class Cell:
    """Parameters of one cell, shape (1,), and what their numbers stand for."""

    params: NDArray[np.void]
    labels: Labels

    @property
    def steps(self) -> int:
        """Steps to the horizon."""
        return int(self.params["steps"][0])


def input_cell(loaded: Loaded) -> Cell:
    """Return the parameters of a cell, perhaps with a set of inputs."""
    scenario = loaded.scenario
    return Cell(build(scenario), labels_of(scenario))


def input_cells(
    cell: Loaded,
    paths: Sequence[str],
    draws: NDArray[np.float64],
    *,
    first: int = 0,
    are_scenarios: bool = False,
) -> Iterator[tuple[Cell, dict[str, float]]]:
    """Yield a cell with each set of inputs, and the inputs as fitted.

    `draws` has shape (sets, inputs), in the order of `paths`; with `are_scenarios` it
    is known that the cell is one with each of them. What comes is what `with_inputs`
    and `input_cell` give. Raises ScenarioError at a set that is no scenario, by its
    number; that of the first one is `first`.
    """
    for start in range(0, len(draws), BLOCK):
        rows = draws[start : start + BLOCK]
        used = fitted(cell.scenario, dict(zip(paths, rows.T, strict=True)))
        changes = changes_of(cell.scenario, used)
        cells = cells_at_once(cell, changes, are_scenarios=are_scenarios)
        if cells is None:
            yield from _one_by_one(cell, paths, rows, first=first + start)
        else:
            columns = [used[path].tolist() for path in paths]
            for each, numbers in zip(cells, zip(*columns, strict=True), strict=True):
                yield each, dict(zip(paths, numbers, strict=True))


def _one_by_one(
    cell: Loaded, paths: Sequence[str], rows: NDArray[np.float64], *, first: int
) -> Iterator[tuple[Cell, dict[str, float]]]:
    for number, row in enumerate(rows.tolist(), start=first):
        try:
            loaded, used = with_inputs(cell, {}, dict(zip(paths, row, strict=True)))
            found = input_cell(loaded)
        except ScenarioError as error:
            wrong = [each.removeprefix(NO_SCENARIO) for each in error.problems]
            told = (f"input set {number}: {each}" for each in wrong)
            raise ScenarioError(told) from None
        yield found, used


def cells_at_once(
    cell: Loaded, changes: Mapping[str, Any], *, are_scenarios: bool = False
) -> list[Cell] | None:
    """Return the cells of a scenario with each of many changes.

    `changes` are as `resolve` takes them, but each number is an array of shape (n,).
    Returns None if the cells have to be built one by one: they are few, perhaps no
    scenarios (unless that is known), or something else in them follows from what is
    changed.
    """
    sets = min((len(_column(new)) for new in changes.values()), default=0)
    if sets < _FEW or not (are_scenarios or _is_known(cell, changes)):
        return None
    many = _with_numbers(cell.scenario, changes)
    if any(np.any(chip.size > chip.full) for chip in many.chips.values()):
        return None  # no matter of corners where both are fitted to each other
    try:
        return _parted(build(many, sets), labels_of(many))
    except ScenarioError:
        return None


def are_scenarios(
    cell: Loaded,
    inputs: Sequence[Input],
    varied: Mapping[str, NDArray[np.float64]] | None = None,
) -> bool:
    """Say whether a cell is known to be a scenario with any set of its inputs.

    With `varied`, numbers of shape (n,) by path, all cells that differ from it by
    these. If not, `check_inputs` says which cannot be, if any.
    """
    draw = {}
    for each in inputs:
        own = number_at(cell.scenario, tuple(each.path.split(".")))
        if own is None:
            return False
        draw[each.path] = np.array([each.low, own, each.high])
    changes: dict[str, Any] = dict(varied or {})
    for end in (np.min, np.max):
        ends = {path: end(numbers) for path, numbers in (varied or {}).items()}
        scenario = _with_numbers(cell.scenario, ends)
        for path, new in changes_of(scenario, fitted(scenario, draw)).items():
            changes[path] = _joined(changes[path], new) if path in changes else new
    return _is_known(cell, changes)


def _joined(one: Any, other: Any) -> Any:
    """Return a change to the numbers of one change and of another."""
    if not isinstance(one, dict):
        return np.append(one, other)
    ends = zip(one["private"], other["private"], strict=True)
    value = np.append(one["value"], other["value"])
    return {"value": value, "private": [np.append(*each) for each in ends]}


def _is_known(cell: Loaded, changes: Mapping[str, Any]) -> bool:
    """Say whether all between the ends of changes are scenarios, only numbers apart."""
    if not _can_be_arrays(cell.scenario, changes):
        return False
    for corner in _corners(changes):
        try:
            checked, _ = changed(cell, corner)
        except ScenarioError:
            return False
        if checked != _with_numbers(cell.scenario, corner):
            return False  # a default that follows from a number
    return True


def _parted(params: NDArray[np.void], about: Labels) -> list[Cell]:
    """Return the cells that records (n,) are of; peaks of chips may be arrays (n,)."""
    peaks = np.empty((params.size, len(about.fulls)))
    for j, full in enumerate(about.fulls):
        peaks[:, j] = full
    return [
        Cell(params[i : i + 1], replace(about, fulls=tuple(fulls)))
        for i, fulls in enumerate(peaks.tolist())
    ]


def _can_be_arrays(scenario: Scenario, changes: Mapping[str, Any]) -> bool:
    """Say whether changes are of numbers, and of such as only have bounds."""
    for path, new in changes.items():
        now, column = value_at(scenario, tuple(path.split("."))), _column(new)
        if not np.isfinite(column).all():
            return False
        if isinstance(now, bool) or not isinstance(now, int | float | PrivateCost):
            return False
        if isinstance(now, int) and (column != np.rint(column)).any():
            return False
        if path == "step_days" or ".private" in path:
            return False  # dates are counted in steps; an interval holds its cost
        if path == _ROUNDS and scenario.step_days > 1:
            return False  # a step has to divide it
    return True


def _column(new: Any) -> NDArray[np.float64]:
    """Return the numbers of a change, shape (n,): of a cost, those of its value."""
    return np.asarray(new["value"] if isinstance(new, dict) else new)


_ROUNDS = "negotiation.round_every_days"
# Where little is harder to meet than much, while others are high: what is held is
# within the stake, and only a front that shakes may drift.
_LEAST = frozenset({"front.stake_km2", "front.volatility_km2_per_week"})
# What shortens a truce by being high: one that cannot last a week is refused.
_BREAKING = ("breakdown_per_week", "settlement_per_week", "pressure_effect", "pressure")


def _corners(changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the changes at which rules between fields are hardest to meet.

    All low: weights and relief that sum to 0, a discount that a step makes too small,
    negative values of many stakes. All high: values of many stakes, terms that do not
    suit a partial truce. Then all high over a small stake and a front that hardly
    shakes, and the truce that is the shortest.
    """
    low = {path: _end(new, np.min) for path, new in changes.items()}
    high = {path: _end(new, np.max) for path, new in changes.items()}
    least = {path: low[path] for path in changes if path in _LEAST}
    breaking = {
        path: high[path] for path in changes if path.rpartition(".")[2] in _BREAKING
    }
    corners = [low, high]
    corners += [{**high, **least}] if least else []
    corners += [{**low, **breaking}] if breaking else []
    return corners


def _end(new: Any, least_or_most: Any) -> Any:
    """Return the least or the most of a change; the ends of a cost move with it."""
    if isinstance(new, dict):
        ends = [float(least_or_most(end)) for end in new["private"]]
        return {"value": float(least_or_most(new["value"])), "private": ends}
    return float(least_or_most(new))


def _with_numbers(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Return the scenario with other numbers, or arrays of them; nothing is checked."""
    here: Any = scenario
    for path, new in changes.items():
        here = _replaced(here, path.split("."), new)
    assert isinstance(here, Scenario)
    return here


def _replaced(now: Any, path: Sequence[str], new: Any) -> Any:
    if not path:
        return _like(now, new)
    name, rest = path[0], path[1:]
    inside = _replaced(value_at(now, (name,)), rest, new)
    if isinstance(now, BaseModel):
        return now.model_copy(update={name: inside})
    if isinstance(now, dict):
        return {**now, name: inside}
    assert isinstance(now, tuple)
    at = int(name)
    return (*now[:at], inside, *now[at + 1 :])


def _like(now: Any, new: Numbers) -> Any:
    """Return a number, or an array, of the kind that the schema makes of it."""
    if isinstance(now, PrivateCost):
        given = new if isinstance(new, dict) else {"value": new, "private": (new, new)}
        low, high = given["private"]
        private = _like(0.0, low), _like(0.0, high)
        return now.model_copy(
            update={"value": _like(0.0, given["value"]), "private": private}
        )
    kind = np.int64 if isinstance(now, int) else np.float64
    # -0.0 becomes 0.0, as it does when a scenario is read
    return np.asarray(new).astype(kind) + kind(0)
