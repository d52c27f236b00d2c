"""In which boxes of inputs does a truce come, or hold? Read from what was run before.

The points are sets of inputs: the samples of a sensitivity analysis, the input sets of
a sweep, or the cells of a sweep over a design. Boxes are found on one half of the
points and judged on the other; which half a point is in is drawn from its settings, so
neither the order of points or of options nor a design can line up with the halves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.util import hash_pandas_object

from sim.analysis.outcomes import check_outcome, is_chance, refuse_nan
from sim.analysis.scenario_discovery import Worth, chosen, peel, worth
from sim.api.result import Result, open_result
from sim.api.sensitivity import Sensitivity
from sim.api.sweep_result import Sweep
from sim.batch.tables import SCHEMA_VERSION
from sim.errors import CheckFailedError, InputMissingError, UsageError
from sim.scenario.arguments import flag, number, place, whole, word

LEAST_POINTS = 100
_BOXES = 10


class Bound(NamedTuple):
    """An input and between what it lies; None where it is free on that side."""

    path: str
    low: float | None
    high: float | None


@dataclass(frozen=True, eq=False)
class Condition:
    """A box: its bounds, and what it is worth on points that did not choose it."""

    bounds: tuple[Bound, ...]
    worth: Worth
    found_worth: Worth = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the box as plain data."""
        bounds = {path: {"low": low, "high": high} for path, low, high in self.bounds}
        found = self.found_worth._asdict()
        return {"bounds": bounds, **self.worth._asdict(), "where_found": found}


@dataclass(frozen=True, eq=False)
class Conditions(Result):
    """Boxes found one after the other, each without the points of those before it.

    Its manifest has the mean of the outcome over all points (`rate`), their number,
    half of which judged, and `left_out`, varied columns that are no numbers.
    """

    kind = "conditions"
    figure = ""
    table_names = ("boxes.csv",)

    boxes: tuple[Condition, ...] = field(kw_only=True)

    @property
    def outcome(self) -> str:
        """What is common in the boxes, or rare if `absent`."""
        return str(self.manifest["outcome"])

    @property
    def absent(self) -> bool:
        """Whether boxes are looked for in which the outcome is rare."""
        return bool(self.manifest["absent"])

    @property
    def rate(self) -> float:
        """Mean of the outcome over all points."""
        return float(self.manifest["rate"])

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """One row a box and bound."""
        rows = [
            {"box": number, **each._asdict(), **box.worth._asdict()}
            for number, box in enumerate(self.boxes, 1)
            for each in box.bounds
        ]
        return {"boxes.csv": pd.DataFrame(rows)}

    @classmethod
    def read(cls, folder: Path, manifest: dict[str, Any]) -> Self:
        """Return the boxes that a folder keeps."""
        boxes = []
        for box in manifest["boxes"]:
            bounds = [Bound(path, **ends) for path, ends in box["bounds"].items()]
            worth, found = (
                Worth(**{name: seen[name] for name in Worth._fields})
                for seen in (box, box["where_found"])
            )
            boxes.append(Condition(tuple(bounds), worth, found))
        return cls(manifest, folder=folder, boxes=tuple(boxes))


def conditions(
    ran: str | Path | Result,
    *,
    outcome: str = "full_truce_share",
    boxes: int = 2,
    density: float | None = None,
    absent: bool = False,
) -> Conditions:
    """Find boxes of inputs in which an outcome is common, or with `absent`, rare.

    Parameters
    ----------
    ran
        What was run: a sensitivity analysis, or the folder of one, of a sweep over a
        design or of one with input sets.
    outcome
        A share among its columns.
    boxes
        How many to look for, at most 10.
    density
        Least share of worlds in a box that have it, from 0 to 1; by default density
        and coverage are balanced.

    Raises
    ------
    InputMissingError
        If there is nothing of the kind in the folder.
    UsageError
        If an argument is out of range, or there are too few points.
    CheckFailedError
        If an outcome is NaN, or the same at every point.
    """
    outcome, absent = word("--outcome", outcome), flag("--absent", absent)
    boxes = whole("--boxes", boxes, 1, _BOXES)
    density = None if density is None else number("--density", density)
    if density is not None and not 0.0 < density <= 1.0:
        raise UsageError(f"--density is above 0 and at most 1, not {density:g}")
    table, places, paths, left_out, made = _points(ran)
    check_outcome(outcome, [name for name in table.columns if is_chance(name)])
    if len(table) < LEAST_POINTS:
        raise UsageError(
            f"{made['scenario_id']}: {len(table)} sets of inputs are too few to look "
            f"for conditions; at least {LEAST_POINTS} are needed, and 1,000 are "
            "better: use ceasefire sensitivity --out, or ceasefire sweep --input-sets"
        )
    paths = [path for path in paths if table[path].nunique() > 1]
    x = table[paths].to_numpy(np.float64)
    y = table[outcome].to_numpy(np.float64)
    refuse_nan(y, outcome)
    refuse_nan(x, "the inputs")
    y = 1.0 - y if absent else y
    if np.ptp(y) == 0.0:
        raise CheckFailedError(f"{outcome} is {y[0]:g} at every set of inputs")
    finds = places <= np.sort(places)[(len(y) - 1) // 2]
    judges = ~finds
    left = np.ones(len(y), dtype=bool)
    found = []
    for _ in range(boxes):
        here = finds & left
        if here.sum() < LEAST_POINTS // 2 or np.ptp(y[here]) == 0.0:
            break
        box = chosen(peel(x[here], y[here]), x[here], y[here], density)
        if not box.restricted:
            break
        # Coverage counts all there is, also what earlier boxes hold.
        bounds = tuple(
            Bound(paths[at], _finite(box.low[at]), _finite(box.high[at]))
            for at in box.restricted
        )
        known = [
            worth(box, x[half & left], y[half & left], of=float(y[half].sum()))
            for half in (judges, finds)
        ]
        found.append(Condition(bounds, *known))
        left &= ~box.holds(x)
    kept = ["scenario_id", "scenario_title", "scenario_hash", "versions", "seed"]
    kept += ["within_days", "command", "note", "written", "version"]
    return Conditions(
        {
            "schema_version": SCHEMA_VERSION,
            **{name: made[name] for name in kept if name in made},
            "outcome": outcome,
            "absent": absent,
            "points": len(y),
            "inputs": len(paths),
            "rate": float(y.mean()),
            "left_out": left_out,
            "boxes": [box.to_dict() for box in found],
        },
        boxes=tuple(found),
    )


def _finite(bound: float) -> float | None:
    return float(bound) if np.isfinite(bound) else None


def _points(
    ran: str | Path | Result,
) -> tuple[pd.DataFrame, NDArray[np.uint64], list[str], list[str], dict[str, Any]]:
    """Return sets of inputs with outcomes, and by what they are drawn into halves.

    Then the inputs, those that are no numbers, and the manifest. Nothing depends on the
    order in which points or inputs were given.
    """
    ran = ran if isinstance(ran, Result) else open_result(place("DIR", ran))
    made = ran.manifest
    if isinstance(ran, Sensitivity):
        table = ran.samples
        paths = shared = sorted(made["inputs"])
    elif isinstance(ran, Sweep):
        sets = ran.input_sets
        if sets is not None and "fitted" in sets:
            sets = sets[sets["fitted"]]
        table = ran.cells if sets is None else sets
        inputs = [] if sets is None else sorted(made["inputs"]["bounds"])
        paths = sorted([*ran.paths, *inputs])
        # One of many sets is in one half in all cells, or it would judge its own box.
        many = sets is not None and sets["input_set"].nunique() >= LEAST_POINTS
        shared = inputs if many else paths
    else:
        raise InputMissingError(
            f"{ran.place}: has no sets of inputs; use a sweep with --input-sets or a "
            "sensitivity analysis"
        )
    # A number for each row that looks random but follows from its settings.
    order = hash_pandas_object(table[paths], index=False).to_numpy()
    table = table.iloc[order.argsort(kind="stable")]
    places = hash_pandas_object(table[shared], index=False).to_numpy()
    numeric = [
        path
        for path in paths
        if table[path].dtype.kind in "fi" and table[path].notna().all()
    ]
    left_out = [path for path in paths if path not in numeric]
    return table, np.asarray(places, np.uint64), numeric, left_out, made
