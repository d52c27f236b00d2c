"""What `series.parquet` holds of the runs of each cell, day by day, for the page."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.web.cells import PER_MILLE
from sim.web.compact import packed

if TYPE_CHECKING:
    from sim.finished import Sweep

_FAN = ("q05", "q25", "q50", "q75", "q95")
_RANGE = ("q25", "q50", "q75")


def days_of(
    sweep: "Sweep",
    series: pd.DataFrame,
    *,
    front_side: str,
    other_side: str,
    every: int,
) -> dict[str, Any]:
    """Return quantiles over the runs that have had no full truce so far.

    Of every `every`-th day and the last; `fan` has for each chip that is ever held its
    area in km2, `range` what each side would accept in thousandths of the stake, both
    as `compact.packed` texts by quantile, cell by cell.
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
        "fan": {
            chip: [
                {
                    name: packed(rows[f"chips_km2.{chip}_before_truce_{name}"])
                    for name in _FAN
                }
                for rows in cells
            ]
            for chip in chips
        },
        "range": [_range(rows, front_side, other_side) for rows in cells],
    }


def _range(rows: pd.DataFrame, front_side: str, other_side: str) -> dict[str, str]:
    """Return the least that one side accepts, and the most that the other leaves."""
    found = {}
    for name in _RANGE:
        least = rows[f"reservation_value.{front_side}_before_truce_{name}"]
        most = (
            1.0 - rows[f"reservation_value.{other_side}_before_truce_{_turned(name)}"]
        )
        found[f"least_{name}"] = packed(least, per_unit=PER_MILLE)
        found[f"most_{name}"] = packed(most, per_unit=PER_MILLE)
    return found


def _turned(quantile: str) -> str:
    """Return the quantile of what is left when that of what is kept is asked for.

    >>> _turned("q25")
    'q75'
    """
    return f"q{100 - int(quantile[1:]):02}"


def _thinned(length: int, every: int) -> list[int]:
    """Return the places kept: every n-th one, and the last.

    >>> _thinned(10, 4)
    [0, 4, 8, 9]
    """
    return sorted({*range(0, length, every), length - 1} - {-1})
