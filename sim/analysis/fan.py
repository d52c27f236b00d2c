"""How a quantity spreads over runs day by day, and how what was observed lies in it."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.analysis.calibration.scores import interval_score

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
COLUMNS = tuple(f"q{round(100 * level):02d}" for level in QUANTILES)

# Places in the order of depth of the runs that a fan shows: from the deepest, which is
# the most typical one, to one that lies far out.
DEPTHS = (1.0, 0.8, 0.6, 0.4, 0.2)

DOTS = 20


def fan(days: pd.DataFrame, column: str) -> pd.DataFrame:
    """Quantiles of a quantity over the runs without a ceasefire, day by day.

    `days` has one row a run and day: `replicate`, `day`, `before_truce` and the
    quantity, such as "chips_km2.kursk". Returns `day`, `runs` (those in which no
    ceasefire has come so far), `of` (all), and `q05`, `q25`, `q50`, `q75`, `q95`, nan
    on a day without runs.
    """
    values, inside, day, _ = _by_run(days, column)
    kept = np.where(inside, values, np.nan)
    quantiles = np.full((day.size, len(QUANTILES)), np.nan)
    some = inside.any(axis=0)
    quantiles[some] = np.nanquantile(kept[:, some], QUANTILES, axis=0).T
    counts = {"day": day, "runs": inside.sum(axis=0), "of": inside.shape[0]}
    return pd.DataFrame(counts | dict(zip(COLUMNS, quantiles.T, strict=True)))


def band_depth(days: pd.DataFrame, column: str) -> pd.DataFrame:
    """How deep each run lies among the others: modified band depth.

    The share of pairs of runs between which a run lies, averaged over the days on which
    it is in the fan, among those that are in it on the same day. High is typical.
    Source: Lopez-Pintado and Romo (2009), eq. 5, for pairs. Returns `replicate`, `days`
    (on which it is in the fan) and `depth` (nan without any), in the order of the runs.
    """
    values, inside, day, replicates = _by_run(days, column)
    total, count = np.zeros(len(replicates)), inside.sum(axis=1)
    for place in range(day.size):
        runs = np.flatnonzero(inside[:, place])
        if runs.size > 1:
            total[runs] += _share_of_pairs_around(values[runs, place])
        else:
            total[runs] += 1.0
    depth = np.divide(total, count, out=np.full(count.size, np.nan), where=count > 0)
    return pd.DataFrame({"replicate": replicates, "days": count, "depth": depth})


def runs_by_depth(days: pd.DataFrame, column: str) -> pd.DataFrame:
    """Single runs to show with a fan: those at some places in the order of depth.

    1 is the deepest run, 0.5 one that half of the runs are shallower than. Of equally
    deep runs the first is taken, and none twice. Returns `replicate`, `day`, `depth`
    and `value`, on the days on which it is in the fan.
    """
    ranked = band_depth(days, column).dropna()
    ranked = ranked.sort_values(["depth", "replicate"], ascending=[False, True])
    places = [round((1.0 - each) * (len(ranked) - 1)) for each in DEPTHS]
    chosen = ranked.iloc[list(dict.fromkeys(places))] if len(ranked) else ranked
    shown = days.loc[days["before_truce"].to_numpy(bool), ["replicate", "day", column]]
    table = chosen[["replicate", "depth"]].merge(shown, on="replicate")
    table = table.rename(columns={column: "value"})
    return table[["replicate", "day", "depth", "value"]]


def quantile_dots(values: ArrayLike) -> pd.DataFrame:
    """A distribution as equally likely dots, 20: quantiles at (i - 1/2) / dots.

    Fewer values than dots give a dot each. Source: Kay et al. (2016), quantile
    dotplots. Returns `chance` and `value`.

    >>> quantile_dots([1.0, 2.0]).value.tolist()
    [1.0, 2.0]
    """
    sample = np.sort(np.asarray(values, np.float64))
    count = min(DOTS, sample.size)
    chance = (np.arange(count) + 0.5) / max(count, 1)
    at = np.quantile(sample, chance, method="inverted_cdf") if count else sample
    return pd.DataFrame({"chance": chance, "value": at})


def observed_in_fan(observed: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """How observed values, by `day` and `value`, lie in the band of a fan.

    Days of the fan without runs are left out. Returns `day`, `value`, `q05`, `q95`,
    `inside` and `score`, the interval score of a band of 90 %, in the unit of
    the value, less is better. Source: Gneiting and Raftery (2007), eq. 43.
    """
    both = observed.merge(table[["day", "q05", "q95"]], on="day").dropna()
    inside = both["value"].between(both["q05"], both["q95"])
    score = interval_score(both["q05"], both["q95"], both["value"], 0.9)
    return both.assign(inside=inside, score=score).reset_index(drop=True)


def _by_run(
    days: pd.DataFrame, column: str
) -> tuple[
    NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]
]:
    """Values and whether in the fan, as (runs, days); the days; the runs."""
    ordered = days.sort_values(["replicate", "day"])
    replicates, day = ordered["replicate"].unique(), ordered["day"].unique()
    shape = (len(replicates), len(day))
    if len(ordered) != shape[0] * shape[1]:
        raise ValueError("every run needs a row for every day")
    values = ordered[column].to_numpy(np.float64).reshape(shape)
    inside = ordered["before_truce"].to_numpy(bool).reshape(shape)
    return values, inside, day.astype(np.int64), replicates.astype(np.int64)


def _share_of_pairs_around(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of pairs of values between which each lies, its own pairs included."""
    n = values.size
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    above = n - np.searchsorted(ordered, values, side="right")
    # All pairs but those that lie wholly below or wholly above.
    outside = below * (below - 1) / 2 + above * (above - 1) / 2
    return np.asarray(1.0 - outside / (n * (n - 1) / 2), np.float64)
