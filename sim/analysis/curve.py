"""A share against one varied quantity, and what may be said about its shape."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.batch.intervals import Floats, Interval, unpaired_difference


class Difference(NamedTuple):
    """Difference of two settings; `paired` if taken replicate by replicate."""

    interval: Interval
    paired: bool

    @property
    def beyond_luck(self) -> bool:
        """Whether the interval leaves out 0."""
        return not self.interval.low <= 0.0 <= self.interval.high


@dataclass(frozen=True, eq=False)
class Curve:
    """Settings in rising order, all arrays of shape (n_settings,).

    `share`, `low`, `high` and the paired `diff`, `diff_low`, `diff_high` are shares of
    runs; `reference` is the index of the setting the differences are taken from, None
    if it is on another curve.
    """

    reference: int | None
    setting: Floats
    replicates: Floats
    share: Floats
    low: Floats
    high: Floats
    diff: Floats
    diff_low: Floats
    diff_high: Floats

    def __len__(self) -> int:
        """Return the number of settings."""
        return self.setting.size

    def difference(self, here: int, there: int) -> Difference:
        """Share at setting `here` minus share at setting `there`.

        Paired if one of them is the reference. A table of cells does not say how many
        replicates two other settings have in common; the interval between those is the
        wider one of separate luck.
        """
        if there == self.reference:
            ends = (self.diff[here], self.diff_low[here], self.diff_high[here])
            return Difference(Interval(*map(float, ends)), paired=True)
        if here == self.reference:
            turned = self.difference(there, here).interval
            found = Interval(-turned.estimate, -turned.high, -turned.low)
            return Difference(found, paired=True)
        shares = (
            Interval(*map(float, (self.share[at], self.low[at], self.high[at])))
            for at in (here, there)
        )
        return Difference(unpaired_difference(*shares), paired=False)

    def inner_largest(self) -> int | None:
        """Index of the largest share, if it lies between the ends and above both."""
        return self._inner(int(np.argmax(self.share)))

    def inner_smallest(self) -> int | None:
        """Index of the smallest share, if it lies between the ends and below both."""
        return self._inner(int(np.argmin(self.share)))

    def steps_against(self) -> int:
        """Number of neighbouring settings between which the share goes the other way.

        The way is that from the left end to the right; with equal ends, 0.
        """
        way = np.sign(self.share[-1] - self.share[0])
        return int(np.count_nonzero(np.sign(np.diff(self.share)) * way < 0))

    def _inner(self, index: int) -> int | None:
        ends = self.share[[0, -1]]
        return None if (ends == self.share[index]).any() else index


def curve(cells: pd.DataFrame, path: str, outcome: str) -> Curve:
    """Read the curve of `outcome` against the column `path` out of cells.

    The cells must differ in `path` only; one of them may be the reference.
    ValueError if a column is missing or a setting occurs twice.
    """
    endings = ("", "_low", "_high", "_diff", "_diff_low", "_diff_high")
    # In the order of the arrays of a curve.
    wanted = [path, "replicates", *(outcome + ending for ending in endings)]
    missing = [name for name in wanted if name not in cells.columns]
    if missing:
        raise ValueError(f"the cells have no column {missing[0]!r}")
    if cells.empty:
        raise ValueError("there are no cells to draw")
    table = cells[wanted].astype(np.float64).sort_values(path)
    if table[path].duplicated().any():
        twice = table.loc[table[path].duplicated(), path].iloc[0]
        raise ValueError(
            f"{path} = {twice:g} occurs twice: pass the cells in which everything "
            "else that varies is at its reference"
        )
    # The reference alone differs from itself by nothing, with no width.
    same = (table[wanted[5:]] == 0.0).all(axis=1).to_numpy()
    arrays = [table[name].to_numpy(np.float64) for name in wanted]
    return Curve(int(np.argmax(same)) if same.any() else None, *arrays)


def input_band(
    input_sets: pd.DataFrame,
    curve: Curve,
    path: str,
    outcome: str,
    reference: "pd.Series[float] | None" = None,
) -> pd.DataFrame:
    """Return the range over sets of inputs at each setting of a curve, as columns.

    `low` and `high` are the 5 and 95 % quantiles over the `sets`, `low_half` and
    `high_half` those between which half of them lie, `mean` is their mean; `diff` and
    its quantiles are set by set from `reference`, the outcome by set. Where some
    sets were drawn because they fit the record (`fitted`), all this is of them, and
    `free_low` and `free_high` are of the others. Of the sets, `higher` have a larger
    share at the last setting than at the first and `lower` a smaller one: the direction
    may be known where the level is not.
    """
    counted, free = input_sets, None
    if "fitted" in input_sets:
        counted = input_sets[input_sets["fitted"]]
        free = input_sets[~input_sets["fitted"]]
    there = set(counted[path])
    absent = [each for each in curve.setting if each not in there]
    if absent:
        raise ValueError(f"input_sets has no rows with {path} = {absent[0]:g}")
    by_set = counted.pivot_table(index="input_set", columns=path, values=outcome)
    by_set = by_set[list(curve.setting)]
    rise = by_set.iloc[:, -1] - by_set.iloc[:, 0]
    columns: dict[str, Any] = {"mean": by_set.mean().to_numpy(np.float64)}
    for name, share in _QUANTILES.items():
        columns[name] = by_set.quantile(share).to_numpy(np.float64)
    if free is not None:
        others = free.groupby(path)[outcome]
        for name in ("low", "high"):
            at = others.quantile(_QUANTILES[name]).loc[list(curve.setting)]
            columns[f"free_{name}"] = at.to_numpy(np.float64)
    if reference is not None:
        apart = by_set.sub(reference, axis=0)
        columns["diff"] = apart.mean().to_numpy(np.float64)
        for name in ("low", "high"):
            at = apart.quantile(_QUANTILES[name])
            columns[f"diff_{name}"] = at.to_numpy(np.float64)
    columns |= {
        "sets": len(by_set),
        "higher": int((rise > 0.0).sum()),
        "lower": int((rise < 0.0).sum()),
    }
    return pd.DataFrame(columns)


_QUANTILES = {"low": 0.05, "low_half": 0.25, "high_half": 0.75, "high": 0.95}
