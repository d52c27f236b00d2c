"""Which inputs the spread of an outcome comes from: Sobol' indices, free of luck.

A row of the design is a block of samples: A, B, and for each input (or group of inputs
that move together) AB, which is A with that input taken from B. All samples of a row
have the same r worlds of luck, each row has others. So

- a difference within a row is that of the inputs, world by world with the same luck;
- rows are independent of one another, in inputs and in luck, and resampling them
  shows what both leave open;
- what luck adds to a mean of r worlds, or to the square of a difference of two, shows
  in the spread among the r worlds, and is taken off. The indices are those of the
  chance itself, of which a mean of r worlds is an estimate, for any r from 2.

Sources: Saltelli et al. (2010), eq. (b) of table 2 for the first order; Jansen (1999)
for the total; both as SALib computes them. Sun, Apley and Staum (2011) for taking
luck off the variance of means of few worlds.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from SALib.analyze import sobol
from SALib.sample import sobol as sampling

from sim.analysis.outcomes import refuse_nan
from sim.batch.intervals import Floats, Interval, Intervals
from sim.errors import CheckFailedError

RESAMPLES = 1000
CONFIDENCE = 0.95

# Of the resampled designs, so many must show that the inputs matter at all.
_MUST_SHOW = 0.99


class Luck(NamedTuple):
    """The variance of one world's outcome, and the shares of it, which add up to 1.

    `inputs`: of the chance, from one set of inputs to another. `alone`: of luck that
    would do the same under any inputs. `together`: of luck that does something under
    some inputs only.
    """

    variance: Interval
    inputs: Interval
    alone: Interval
    together: Interval


@dataclass(frozen=True, eq=False)
class Indices:
    """Indices by group, arrays (groups,), with the number of rows they rest on."""

    names: tuple[str, ...]
    first: Intervals
    total: Intervals
    luck: Luck
    rows: int

    @property
    def widest(self) -> float:
        """Width of the widest interval of a total index."""
        return float(np.max(self.total.high - self.total.low))


def sobol_design(
    groups: Mapping[str, str], rows: int, seed: int
) -> tuple[tuple[str, ...], Floats]:
    """Return the groups in order and the samples, each input from 0 to 1.

    `groups` says of each input which group it moves with, its own or a shared one;
    `rows` is a power of 2, as a Sobol' sequence needs. The samples have shape (rows,
    groups + 2, inputs): per row A, AB of each group, and B.
    """
    problem = {
        "num_vars": len(groups),
        "names": list(groups),
        "bounds": [[0.0, 1.0]] * len(groups),
        "groups": list(groups.values()),
    }
    samples = sampling.sample(problem, rows, calc_second_order=False, seed=seed)
    # SALib takes the groups in the order in which they come first.
    names = tuple(dict.fromkeys(groups.values()))
    return names, samples.reshape(rows, len(names) + 2, len(groups))


def sobol_indices(names: Sequence[str], worlds: Floats, *, seed: int) -> Indices:
    """Estimate first and total indices, with percentile intervals of resampled rows.

    `worlds`, shape (rows, groups + 2, r) with r at least 2, is the outcome of each
    world of each sample of `sobol_design`. CheckFailedError if a number is NaN, or the
    outcome hardly depends on any input.
    """
    refuse_nan(worlds, "the outcome of worlds")
    rows, _, replicates = worlds.shape
    parts = _Parts(worlds)
    drawn = np.random.default_rng(seed).integers(rows, size=(rows, RESAMPLES))
    everything = np.arange(rows)[:, np.newaxis]
    between = parts.between(everything)[0]
    again = parts.between(drawn)
    if not (between > 0.0 and np.mean(again > 0.0) >= _MUST_SHOW):
        raise CheckFailedError(
            f"in {rows:,} rows of {replicates} worlds, the inputs change this outcome "
            "too little to distinguish it from luck; ask for another outcome, or for "
            "more worlds"
        )
    again = np.where(again > 0.0, again, np.nan)
    found = []  # of each group, first and total
    for group in range(len(names)):
        kinds = parts.numerators(group, everything), parts.numerators(group, drawn)
        pairs = zip(*kinds, strict=True)
        found.append([_interval(one[0] / between, many / again) for one, many in pairs])
    first, total = (Intervals(*kind.T) for kind in np.array(found).swapaxes(0, 1))
    shares = zip(parts.luck(everything), parts.luck(drawn), strict=True)
    luck = Luck(*(_interval(one[0], many) for one, many in shares))
    return Indices(tuple(names), first, total, luck, rows)


def rows_needed(found: Indices, width: float) -> int:
    """Return how many rows make the widest interval of a total index this narrow.

    The width falls with the root of the rows; a power of 2 is returned.
    """
    wanted = found.rows * (found.widest / width) ** 2
    return int(2 ** max(0, int(np.ceil(np.log2(max(wanted, 1.0))))))


def indices_table(found: Indices, groups: Mapping[str, str]) -> pd.DataFrame:
    """Return one row a group, the largest total first, shared groups last.

    `groups` as for `sobol_design`.
    """
    sizes = Counter(groups.values())
    table = pd.DataFrame(
        {
            "path": found.names,
            "inputs": [sizes[name] for name in found.names],
            "first": found.first.estimate,
            "first_low": found.first.low,
            "first_high": found.first.high,
            "total": found.total.estimate,
            "total_low": found.total.low,
            "total_high": found.total.high,
            "shared": [name not in groups for name in found.names],
        }
    )
    order = ["shared", "total", "path"]
    table = table.sort_values(order, ascending=[True, False, True], ignore_index=True)
    return table.drop(columns="shared")


class _Parts:
    """What each row gives: means over its worlds, and what luck adds to them."""

    def __init__(self, worlds: NDArray[np.float64]) -> None:
        a, b, ab = worlds[:, 0], worlds[:, -1], worlds[:, 1:-1]
        replicates = worlds.shape[2]
        centre = worlds[:, [0, -1]].mean()
        self.a = a.mean(axis=1) - centre
        self.b = b.mean(axis=1) - centre
        self.ab = ab.mean(axis=2) - centre
        change = ab - a[:, np.newaxis]
        self.within = (_covariance(a, a) + _covariance(b, b)) / 2
        self.common = _covariance(a, b)
        self.luck_of_mean = self.within / replicates
        self.luck_of_first = _covariance(b[:, np.newaxis], change) / replicates
        self.luck_of_total = _covariance(change, change) / (2 * replicates)

    def between(self, rows: NDArray[np.int64]) -> Floats:
        """Variance of the chance over inputs, for each column of rows."""
        return np.asarray(self._raw(rows) - self.luck_of_mean[rows].mean(axis=0))

    def numerators(self, group: int, rows: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Variance that a group brings alone, and in all, for each column of rows."""
        a, b, ab = self.a[rows], self.b[rows], self.ab[rows, group]
        raw = self._raw(rows)
        first = sobol.first_order(a, ab, b) * raw
        total = sobol.total_order(a, ab, b) * raw
        return (
            first - self.luck_of_first[rows, group].mean(axis=0),
            total - self.luck_of_total[rows, group].mean(axis=0),
        )

    def luck(self, rows: NDArray[np.int64]) -> tuple[Floats, ...]:
        """Variance and shares as `Luck` has them, for each column of rows."""
        between = self.between(rows)
        within = self.within[rows].mean(axis=0)
        common = self.common[rows].mean(axis=0)
        whole = between + within
        return whole, between / whole, common / whole, (within - common) / whole

    def _raw(self, rows: NDArray[np.int64]) -> Floats:
        """Variance of the means of worlds, as SALib divides by."""
        return np.asarray(np.var(np.r_[self.a[rows], self.b[rows]], axis=0))


def _covariance(one: Floats, other: Floats) -> Floats:
    """Unbiased covariance over worlds, the last axis."""
    off, other_off = (each - each.mean(axis=-1, keepdims=True) for each in (one, other))
    return np.asarray((off * other_off).sum(axis=-1) / (one.shape[-1] - 1))


def _interval(estimate: float, resampled: Floats) -> Interval:
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.nanpercentile(resampled, [tail, 100 - tail])
    return Interval(float(estimate), float(low), float(high))
