"""What `series.parquet` holds of the runs of each cell, day by day, for the page."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.api.sweep_result import Sweep
from sim.batch.plan import Plan
from sim.batch.timeseries import series_of
from sim.model.trajectories import watch
from sim.web.compact import packed

SERIES_RUNS = 200
_FAN = ("q05", "q25", "q50", "q75", "q95")
_RANGE = ("q25", "q50", "q75")


def series_of_sweep(sweep: Sweep, plan: Plan) -> pd.DataFrame:
    """Return the sweep's series, or that of its first worlds if it has kept none."""
    if sweep.manifest.get("series"):
        return sweep.series
    runs = range(min(SERIES_RUNS, plan.replicates))
    tables = []
    for index, cell in enumerate(plan.cells):
        days = watch(cell.params, seed=plan.seed, replicates=runs)
        found = series_of(index, days, cell.labels).days
        columns = {name: list(each) for name, each in found.items()}
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def days_of(
    sweep: Sweep, series: pd.DataFrame, *, sides: tuple[str, str], every: int
) -> dict[str, Any]:
    """Return quantiles over the runs that have had no full truce so far.

    Of every `every`-th day and the last; `fan` has for each chip that is ever held its
    size, `range` the land of the stake that each side would accept, km2, both as
    `compact.packed` texts by quantile, with a list of the cells. `dots` of a fan are
    as many equal shares of the runs on the last day.
    """
    first = series[series["cell"] == 0]
    at = _thinned(len(first), every)
    cells = [rows.iloc[at] for _, rows in series.groupby("cell", sort=True)]
    chips = [
        chip
        for chip in sweep.manifest["scenario"]["chips"]
        if (series[f"chips_km2.{chip}_q95"] > 0).any()
    ]
    return {
        "every": every,
        "runs": int(first["runs"].iloc[0]),
        "all": packed(first["day"]),
        "day": packed(first["day"].iloc[at]),
        "in_fan": [packed(rows["before_truce"]) for rows in cells],
        "fan": {chip: _fan(cells, f"chips_km2.{chip}_before_truce") for chip in chips},
        "range": _range(cells, *sides, sweep.manifest["scenario"]["front"]),
    }


def _fan(cells: list[pd.DataFrame], name: str) -> dict[str, list[str]]:
    return {
        **{each: [packed(rows[f"{name}_{each}"]) for rows in cells] for each in _FAN},
        "dots": [_shares(rows[f"{name}_dots"]) for rows in cells],
    }


def _shares(dots: pd.Series) -> str:
    """Return the dots of the last day; none without a run, where a file has null."""
    last = dots.iloc[-1]
    return packed([] if last is None else [each for each in last if each == each])


def _range(
    cells: list[pd.DataFrame],
    front_side: str,
    other_side: str,
    front: Mapping[str, Any],
) -> dict[str, list[str]]:
    """Return the least that one side accepts, and the most that the other leaves.

    A high quantile of what is left is a low one of what is kept.
    """
    found: dict[str, list[str]] = {}
    for place, quantile in enumerate(_RANGE):
        own = f"reservation_value.{front_side}_before_truce_{quantile}"
        others = f"reservation_value.{other_side}_before_truce_{_RANGE[-1 - place]}"
        for name, values in (
            ("least", [rows[own] for rows in cells]),
            ("most", [front["stake_km2"] - rows[others] for rows in cells]),
        ):
            found[f"{name}_{quantile}"] = list(map(packed, values))
    return found


def _thinned(length: int, every: int) -> list[int]:
    """Return the places kept: every n-th one, and the last.

    >>> _thinned(10, 4)
    [0, 4, 8, 9]
    """
    return sorted({*range(0, length, every), length - 1} - {-1})
