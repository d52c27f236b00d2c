"""One input at a time: from its low to its high value, all others as they are."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.outcomes import refuse_nan
from sim.batch import intervals
from sim.batch.intervals import Interval

Worlds = NDArray[np.float64]


class Swing(NamedTuple):
    """What an input does to an outcome; differences are paired world by world.

    `at_low` and `at_high` are the outcome at the ends, `low` and `high` the
    differences of these from the scenario as it is, `across` that of high from low.
    """

    path: str
    at_low: float
    at_high: float
    low: Interval
    high: Interval
    across: Interval

    @property
    def size(self) -> float:
        """Length of the bar: the outcome's range over low, the scenario, and high."""
        ends = (self.low.estimate, self.high.estimate)
        return max(0.0, *ends) - min(0.0, *ends)

    @property
    def beyond_luck(self) -> bool:
        """Whether one of the three intervals leaves out 0."""
        return any(
            not each.low <= 0.0 <= each.high
            for each in (self.low, self.high, self.across)
        )


def swings(
    centre: Worlds, ends: Mapping[str, tuple[Worlds, Worlds]], *, chance: bool
) -> list[Swing]:
    """Return what each input does, the largest first.

    Parameters
    ----------
    centre : array of shape (n,)
        The outcome of the worlds of the scenario as it is.
    ends : mapping of str to pair of arrays of shape (n,)
        The same worlds with an input at its low and at its high.
    chance : bool
        Whether the outcome is 0 or 1 in each world.

    Raises
    ------
    CheckFailedError
        If a number is NaN.
    """
    found = []
    for path, (low, high) in ends.items():
        refuse_nan([centre, low, high], f"the outcome of worlds at {path}")
        found.append(
            Swing(
                path,
                float(low.mean()),
                float(high.mean()),
                low=paired(low, centre, chance=chance),
                high=paired(high, centre, chance=chance),
                across=paired(high, low, chance=chance),
            )
        )
    return sorted(found, key=lambda each: (-each.size, each.path))


def paired(here: Worlds, there: Worlds, *, chance: bool) -> Interval:
    """Mean difference, here minus there, of the same worlds, arrays (n,).

    >>> paired(np.array([1.0, 1.0]), np.array([0.0, 1.0]), chance=True).estimate
    0.5
    """
    if not chance:
        return intervals.paired_means(here, there)
    more, less = np.count_nonzero(here > there), np.count_nonzero(here < there)
    found = intervals.paired_proportions(more, less, here.size)
    return Interval(*(float(number) for number in found))


def swings_table(
    found: Sequence[Swing], bounds: Mapping[str, tuple[float, float, float]]
) -> pd.DataFrame:
    """Return one row an input; `bounds` has low, value and high by path."""
    rows = []
    for swing in found:
        low, value, high = bounds[swing.path]
        row: dict[str, object] = {
            "path": swing.path,
            "low": low,
            "value": value,
            "high": high,
            "at_low": swing.at_low,
            "at_high": swing.at_high,
        }
        for name in ("low", "high", "across"):
            change: Interval = getattr(swing, name)
            row |= {
                f"{name}_diff": change.estimate,
                f"{name}_diff_low": change.low,
                f"{name}_diff_high": change.high,
            }
        rows.append(row | {"size": swing.size, "beyond_luck": swing.beyond_luck})
    return pd.DataFrame(rows)
