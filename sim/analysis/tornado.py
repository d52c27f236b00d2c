"""One input at a time: from its low to its high value, all others as they are."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.outcomes import refuse_nan
from sim.batch import intervals
from sim.batch.intervals import Interval

Worlds = NDArray[np.float64]


def swings(
    centre: Worlds,
    ends: Mapping[str, tuple[Worlds, Worlds]],
    bounds: Mapping[str, tuple[float, float, float]],
    *,
    chance: bool,
) -> pd.DataFrame:
    """Return what each input does, one row an input, the largest first.

    `centre` is the outcome of the worlds of the scenario as it is, shape (n,), `ends`
    of the same worlds with an input at its low and at its high, `bounds` low, the
    scenario's own and high of each input; `chance` says that the outcome is 0 or 1.

    Returns `path`, its bounds `low`, `value`, `high`, and the outcome at its ends,
    `at_low` and `at_high`; differences paired world by world with their intervals,
    `low_diff` and `high_diff` from the scenario as it is, `across_diff` of high from
    low; `size`, the outcome's range over low, the scenario and high, and `beyond_luck`,
    whether one of the three intervals leaves out 0. CheckFailedError if a number is
    NaN.
    """
    rows: list[dict[str, Any]] = []
    for path, (low, high) in ends.items():
        refuse_nan([centre, low, high], f"the outcome of worlds at {path}")
        found = {
            "low": paired(low, centre, chance=chance),
            "high": paired(high, centre, chance=chance),
            "across": paired(high, low, chance=chance),
        }
        row: dict[str, Any] = {"path": path}
        row["low"], row["value"], row["high"] = bounds[path]
        row |= {"at_low": float(low.mean()), "at_high": float(high.mean())}
        for name, change in found.items():
            row[f"{name}_diff"] = change.estimate
            row[f"{name}_diff_low"] = change.low
            row[f"{name}_diff_high"] = change.high
        reached = (0.0, row["low_diff"], row["high_diff"])
        row["size"] = max(reached) - min(reached)
        row["beyond_luck"] = any(
            not each.low <= 0.0 <= each.high for each in found.values()
        )
        rows.append(row)
    rows.sort(key=lambda row: (-row["size"], row["path"]))
    return pd.DataFrame(rows)


def paired(here: Worlds, there: Worlds, *, chance: bool) -> Interval:
    """Mean difference, here minus there, of the same worlds, arrays (n,).

    >>> paired(np.array([1.0, 1.0]), np.array([0.0, 1.0]), chance=True).estimate
    0.5
    """
    if not chance:
        return intervals.paired_means(here, there)
    more, less = np.count_nonzero(here > there), np.count_nonzero(here < there)
    found = intervals.paired_proportions(more, less, here.size)
    return Interval(*map(float, found))
