"""How much of what is not known is luck, and how much the inputs.

With sets of inputs X and luck L, the variance of whether a world has a truce is that of
its chance given the inputs, and the mean of what luck leaves: Var(Y) = Var(E[Y | X]) +
E[Var(Y | X)]. The first part over the sum is the part of the inputs.

The chance of a set is known from a limited number of worlds, whose luck would count as
spread of the inputs, and all sets have the same luck, so it is not independent either.
Both are met by halves: the first half of a set's worlds and the second have separate
luck, so the covariance of their shares over the sets is, on average, the variance of
the chance alone.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

SHARES = ("truce_share", "full_truce_share")
HALF = "_first_half"

_BAND = (0.05, 0.95)


def spread_columns(
    sets: Sequence[Mapping[str, float]], replicates: int
) -> dict[str, float]:
    """Return columns of a cell about its sets of inputs.

    Parameters
    ----------
    sets
        One row a set: each share over all `replicates` and, in the column with `HALF`,
        over the first half of them.

    Returns
    -------
    dict
        For each share `_inputs_low` and `_inputs_high`, between which 90 of 100 sets
        lie, and `_inputs_part`, the part of the inputs in the variance of one world,
        in [0, 1]; luck has the rest. It is nan with fewer than two sets or worlds, or
        if all worlds ended in the same way.
    """
    found = {}
    for name in SHARES:
        shares = np.array([row[name] for row in sets])
        halves = np.array([row[f"{name}{HALF}"] for row in sets])
        low, high = np.quantile(shares, _BAND)
        found[f"{name}_inputs_low"] = float(low)
        found[f"{name}_inputs_high"] = float(high)
        found[f"{name}_inputs_part"] = part_of_inputs(shares, halves, replicates)
    return found


def part_of_inputs(shares: Floats, first_half: Floats, replicates: int) -> float:
    """Return the part of the inputs in the variance of whether a world counts.

    Arrays (n_sets,): shares of all worlds, and of the first `replicates` // 2 of them.

    >>> shares = np.array([0.25, 0.75])
    >>> part_of_inputs(shares, shares, 200)
    0.5
    """
    half = replicates // 2
    mean = float(np.mean(shares))
    if len(shares) < 2 or half < 1 or not 0.0 < mean < 1.0:
        return math.nan
    second_half = (replicates * shares - half * first_half) / (replicates - half)
    inputs = float(np.cov(first_half, second_half)[0, 1])
    return min(max(inputs / (mean * (1.0 - mean)), 0.0), 1.0)
