"""What the page knows of each cell of a sweep, by column and in cell order.

Numbers that are there once a cell are lists; series of days are `compact.packed` texts.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.compare import fighting_ends
from sim.analysis.survival import fighting_times, kaplan_meier
from sim.api.sweep_result import Sweep
from sim.batch.design import Design
from sim.batch.estimates import HEADLINES, events
from sim.batch.intervals import paired_proportions
from sim.batch.plan import Plan
from sim.model.engine import simulate
from sim.model.labels import Labels
from sim.model.outcome import END_NAMES, outcomes
from sim.model.state import DEFEAT, NEVER, SETTLED, TRUCE, WAR
from sim.web.compact import by_column, packed

DOTS = 100
PER_MILLE = 1000.0
# A kind of end that the outcome of a world does not tell from war without a truce.
PAUSE = "pause"

_PARTS = ("", "_low", "_high", "_diff", "_diff_low", "_diff_high")


def estimates(sweep: Sweep) -> dict[str, Any]:
    """Return the columns of `cells.parquet` that figures 3, 4 and 9 need."""
    table = sweep.cells
    chips = [f"chips_km2.{chip}_mean" for chip in sweep.manifest["scenario"]["chips"]]
    median = "first_full_truce_day_median"
    means = ["held_km2_mean", "longest_pause_days_mean", *chips, "aid_given_mean"]
    names = [*HEADLINES, "truce_share", median, *means]
    columns: dict[str, Any] = {"replicates": [int(each) for each in table.replicates]}
    for name in (f"{name}{part}" for name in names for part in _PARTS):
        digits = 4 if "share" in name else 2
        columns[name] = [_number(each, digits) for each in table[name]]
    return columns


def unknown_inputs(sweep: Sweep, *, fitted: bool = False) -> dict[str, Any] | None:
    """Return what not knowing the inputs does to headlines; None without input sets.

    There are so many `sets`. By headline, `low` and `high` are the 5 and 95 % quantiles
    over them, cell by cell, and `mean` their mean; `along` has for each varied path,
    cell by cell, in how many sets the share at the last setting is higher, and in how
    many lower, than at the first, all else as in the cell. `fitted` sets are those that
    fit the record; how many `facts` that has is there too.
    """
    sets = sweep.input_sets
    if sets is None or (fitted and "fitted" not in sets):
        return None
    if "fitted" in sets:
        sets = sets[sets["fitted"] == fitted]
    found = {name: _unknown(sweep, sets, name) for name in HEADLINES}
    held = sweep.manifest["inputs"]
    facts = {"facts": held["fitted"]["facts"]} if fitted else {}
    return {"sets": int(sets["input_set"].nunique()), **facts, **found}


def _unknown(sweep: Sweep, sets: pd.DataFrame, headline: str) -> dict[str, Any]:
    by_set = sets.pivot(index="input_set", columns="cell", values=headline)
    shares = by_set.to_numpy(np.float64)
    low, high = np.quantile(shares, [0.05, 0.95], axis=0)
    along = []
    for rows in lines_along(sweep):
        rise = [shares[:, row[-1]] - shares[:, row[0]] for row in rows]
        along.append([[int((r > 0).sum()), int((r < 0).sum())] for r in rise])
    return {
        "low": [round(float(each), 4) for each in low],
        "high": [round(float(each), 4) for each in high],
        "mean": [round(float(each), 4) for each in shares.mean(axis=0)],
        "along": along,
    }


def lines_along(sweep: Sweep) -> list[list[list[int]]]:
    """Return for each varied path and cell the cells of its line, from left to right.

    The line of a cell along a path has all else as in the cell; numbers rise along it.
    """
    design = Design.read(sweep.manifest["design"])
    points = design.points
    found = []
    for at, path in enumerate(design.paths):
        lines: dict[str, list[int]] = {}
        keys = [repr((*point[:at], *point[at + 1 :])) for point in points]
        for cell, key in enumerate(keys):
            lines.setdefault(key, []).append(cell)
        if all(type(point[at]) is float for point in points):
            by_setting: dict[int, Any] = dict(enumerate(design.column(path)))
            for line in lines.values():
                line.sort(key=by_setting.__getitem__)
        found.append([lines[key] for key in keys])
    return found


def of_worlds(
    sweep: Sweep, plan: Plan, count: int
) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """Run the first `count` worlds of each cell; return what the page tells of them.

    `along`: by headline, for each varied path and cell, the difference to the first
    cell of its line, run by run, with its interval. `survival`: the Kaplan-Meier curve
    of the fighting on the days on which it changes. `ends`: of the first `DOTS` worlds
    the day on which the fighting stopped for good, the day on which a full truce first
    began, and the place of how it ended in `kinds`. Returned are also the first of
    these days of the reference cell.
    """
    seen: list[dict[str, NDArray[np.bool_]]] = []
    survival, ends, all_days = [], [], []
    kinds: dict[tuple[str, str], int] = {}
    for index in range(len(plan.cells)):
        cell = plan.cell(index)
        worlds = simulate(cell.params, seed=plan.seed, replicates=range(count))
        columns = outcomes(worlds, cell.labels)
        seen.append(events(columns, within_days=plan.within_days))
        days = fighting_ends(worlds, cell.labels)
        survival.append(_survival(columns, days, cell.steps * cell.labels.step_days))
        some = {name: column[:DOTS] for name, column in columns.items()}
        ends.append(_ends(worlds[:DOTS], some, days[:DOTS], cell.labels, kinds))
        all_days.append(days)
    told = {
        "count": count,
        "along": {
            name: [
                [
                    _difference(seen[cell][name], seen[row[0]][name])
                    for cell, row in enumerate(rows)
                ]
                for rows in lines_along(sweep)
            ]
            for name in HEADLINES
        },
        "survival": by_column(survival),
        "ends": by_column(ends),
        "kinds": [list(kind) for kind in kinds],
    }
    return told, all_days[sweep.reference]


def _survival(
    columns: dict[str, NDArray[Any]], ends: NDArray[np.float64], horizon: int
) -> dict[str, Any]:
    beaten = np.where(columns["end"] == DEFEAT, ends, np.nan)
    truce = columns["first_full_truce_day"]
    runs = pd.DataFrame({"first_full_truce_day": truce, "defeat_day": beaten})
    curve = kaplan_meier(fighting_times(runs, float(horizon)))
    return {
        "day": packed(curve["day"]),
        "at_risk": packed(curve["at_risk"]),
        **{
            name: packed(curve[name], per_unit=PER_MILLE)
            for name in ("surviving", "low", "high")
        },
    }


def _ends(
    worlds: NDArray[np.void],
    columns: dict[str, NDArray[Any]],
    days: NDArray[np.float64],
    labels: Labels,
    kinds: dict[tuple[str, str], int],
) -> dict[str, str]:
    """Return days and kinds of ends; a kind that is new is added to `kinds`."""
    places = []
    for world in worlds:
        phase, detail = int(world["phase"]), ""
        kind = END_NAMES[phase]
        if phase in (TRUCE, SETTLED):
            detail = labels.offer(int(world["truce_offer"])) or ""
        elif phase == DEFEAT:
            detail = labels.party(int(world["defeated"])) or ""
        elif phase == WAR and world["first_full_truce"] != NEVER:
            kind = PAUSE
        places.append(kinds.setdefault((kind, detail), len(kinds)))
    begun = columns["first_full_truce_day"]
    return {"day": packed(days), "begun": packed(begun), "kind": packed(places)}


def _difference(here: NDArray[np.bool_], there: NDArray[np.bool_]) -> list[float]:
    if here is there:
        return [0.0, 0.0, 0.0]
    only_here = np.count_nonzero(here & ~there)
    only_there = np.count_nonzero(there & ~here)
    found = paired_proportions(only_here, only_there, here.size)
    return [round(float(each), 4) for each in found]


def _number(value: float, digits: int) -> float | None:
    """Return a number for JSON, shorter; None for what there was not."""
    return round(float(value), digits) if np.isfinite(value) else None
