"""One row for one cell of a sweep: what its worlds came to, against a reference.

The row's names are those of `cells.parquet`. An estimate stands in the column named
after the quantity, its 95 % interval in `_low` and `_high`; the difference to the
reference cell in `_diff`, `_diff_low`, `_diff_high`. Replicate 17 has the same luck in
both cells, so differences are taken replicate by replicate.

A number that is not there is nan: a median that fewer than half of the worlds reached,
the upper end of such an interval, a difference without a reference.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.batch import intervals
from sim.batch.intervals import Floats, Interval
from sim.model.outcome import END_NAMES as _NAMES
from sim.model.outcome import MEANS
from sim.model.state import DEFEAT, SETTLED

# By code: the phases of the world record.
END_NAMES: Final = tuple(_NAMES[code] for code in sorted(_NAMES))


def end_codes(ends: ArrayLike) -> NDArray[np.int8]:
    """Codes of ends given as names or as codes, shape (n,).

    Raises ValueError if a name or a code stands for no end.

    >>> end_codes(["truce", "war"]).tolist()
    [1, 0]
    """
    given = np.asarray(ends)
    codes = given
    if given.dtype.kind not in "iu":
        codes = pd.Index(END_NAMES).get_indexer(pd.Index(given))
    wrong = (codes < 0) | (codes >= len(END_NAMES))
    if wrong.any():
        raise ValueError(f"an end is one of {END_NAMES}, not {given[wrong][0]!r}")
    return codes.astype(np.int8)


Outcomes = Mapping[str, NDArray[Any]]
Condensed = Mapping[str, NDArray[Any]]
"""What `condense` returns."""
# Two answers to one question, told side by side wherever one of them is: a full truce
# begins by the day asked for; a truce or a settlement holds at the last day.
BEGUN: Final = "full_truce_share"
STOPPED: Final = "fighting_stopped_share"
HEADLINES: Final = (BEGUN, STOPPED)
GAIN: Final = "_luck_gain"

_MEDIAN_OF = "first_full_truce_day"
_NONE = Interval(np.nan, np.nan, np.nan)
_SAME = Interval(0.0, 0.0, 0.0)


def summarise(
    outcomes: Outcomes, *, reference: Outcomes | None = None, within_days: float
) -> dict[str, float]:
    """Estimates, intervals and paired differences of one cell.

    `outcomes` has the fields of a world's `outcome`, arrays (n_replicates,), maps
    flattened with a dot (`chips_km2.kursk`, `payoff.russia`). Days are nan where there
    was none; `end` holds names or codes. `reference` is the cell to compare with, its
    replicates in the same order. When it is `outcomes` itself, all differences are
    exactly 0; without it they are nan. If one of the two has more replicates,
    differences are of those that both have. `truce_share` and `full_truce_share` count
    first truces up to day `within_days`; all other quantities look at the whole run.

    Returns `replicates`, then six columns a quantity, and of each of `HEADLINES` the
    one with `GAIN`: how many times smaller the common luck made the variance of its
    difference (`variance_ratio`). Raises ValueError if columns of one cell differ in
    their number of replicates.
    """
    here = there = condense(outcomes, within_days=within_days)
    if reference is None:
        return row_of(here)
    if reference is not outcomes:
        there = condense(reference, within_days=within_days)
    return row_of(here, reference=there)


def condense(outcomes: Outcomes, *, within_days: float) -> Condensed:
    """Return what the row of a cell needs of outcomes: a third of their size.

    It may be taken of some replicates at a time. Returns arrays (n_replicates,): the
    events of each share, and as they are the fields of which a row has a mean or the
    median.
    """
    fields = [_MEDIAN_OF, *means(outcomes).values()]
    seen = events(outcomes, within_days=within_days)
    return {**seen, **{name: outcomes[name] for name in fields}}


def row_of(here: Condensed, *, reference: Condensed | None = None) -> dict[str, float]:
    """Return the row of a cell, as `summarise` does, from what `condense` returned."""
    row: dict[str, float] = {"replicates": _replicates(here)}
    both = min(_replicates(here), _replicates(reference or here))
    for name, seen in here.items():
        if seen.dtype == np.bool_:
            difference = _difference(here, reference, name, both)
            row |= _columns(name, share(seen), difference)
            if name == BEGUN:
                row |= _median_columns(here, reference)
    for name, source in means(here).items():
        difference = _difference(here, reference, source, both)
        row |= _columns(name, intervals.mean(here[source]), difference)
    for name in HEADLINES:
        row[f"{name}{GAIN}"] = (
            np.nan
            if reference is None or reference is here
            else variance_ratio(here[name][:both], reference[name][:both])
        )
    return row


def _difference(
    here: Condensed, reference: Condensed | None, name: str, both: int
) -> Interval:
    """Return the paired difference of a share or a mean, over `both` worlds."""
    if reference is None:
        return _NONE
    if reference is here:
        return _SAME
    one, other = here[name][:both], reference[name][:both]
    if one.dtype != np.bool_:
        return intervals.paired_means(one, other)
    only_here, only_there = (one & ~other).sum(), (other & ~one).sum()
    found = intervals.paired_proportions(only_here, only_there, both)
    return Interval(*map(float, found))


def events(outcomes: Outcomes, *, within_days: float) -> dict[str, NDArray[np.bool_]]:
    """Which replicates count for each share of the row, arrays (n_replicates,)."""
    end = end_codes(outcomes["end"])
    # A comparison with nan is false: a truce that never came is not within any days.
    return {
        "truce_share": outcomes["first_truce_day"] <= within_days,
        BEGUN: outcomes["first_full_truce_day"] <= within_days,
        "broken_share": outcomes["truces_broken"] > 0,
        "settled_share": end == SETTLED,
        "defeat_share": end == DEFEAT,
        STOPPED: np.isfinite(outcomes["fighting_stopped_day"]),
    }


def share(seen: NDArray[np.bool_]) -> Interval:
    """Share of replicates that count, with Wilson's interval.

    >>> share(np.array([True, False]))[0]
    0.5
    """
    return Interval(*map(float, intervals.wilson(np.count_nonzero(seen), seen.size)))


def means(outcomes: Outcomes) -> dict[str, str]:
    """Column of the row -> field of the outcome it is the mean of."""
    mapped = sorted(
        name for name in outcomes if name.startswith(("chips_km2.", "payoff."))
    )
    line, *others = MEANS
    return {f"{name}_mean": name for name in (line, *mapped, *others)}


def variance_ratio(here: NDArray[np.bool_], there: NDArray[np.bool_]) -> float:
    """Variance of a difference of shares with separate luck, over that with common.

    3 means: with luck of their own, both cells would need three times the replicates
    for an interval as narrow. Arrays (n_replicates,); nan if no replicate differs.
    Source: Law (2015), section 11.2, with the sample's own variances.

    >>> here, there = np.array([True, True, False]), np.array([True, False, False])
    >>> round(variance_ratio(here, there), 3)
    2.0
    """
    first, second = float(np.mean(here)), float(np.mean(there))
    differing = float(np.mean(here != there))
    paired = differing - (first - second) ** 2
    separate = first * (1 - first) + second * (1 - second)
    return separate / paired if differing > 0 and paired > 0 else np.nan


def _median_columns(here: Condensed, reference: Condensed | None) -> dict[str, float]:
    field = _MEDIAN_OF
    found = intervals.median(here[field])
    if reference is None:
        difference = _NONE
    elif reference is here and np.isfinite(found.estimate):
        difference = _SAME
    else:
        difference = intervals.median_difference(here[field], reference[field])
    # Too few worlds for an interval: no day is before the first.
    low = max(found.low, 0.0)
    return _columns(f"{field}_median", found._replace(low=low), difference)


def _columns(name: str, found: Interval, difference: Interval) -> dict[str, float]:
    numbers = [*found, *difference]
    ends = ("", "_low", "_high", "_diff", "_diff_low", "_diff_high")
    return {
        f"{name}{end}": float(number) if np.isfinite(number) else np.nan
        for end, number in zip(ends, numbers, strict=True)
    }


def _replicates(outcomes: Outcomes) -> int:
    sizes = {len(values) for values in outcomes.values()}
    if len(sizes) != 1:
        raise ValueError(f"columns of one cell have {sorted(sizes)} replicates")
    return sizes.pop()


class CommonLuck(NamedTuple):
    """How many times the worlds separate luck would need for the same differences.

    Of the cells but the reference: `median`, `lowest` and `highest` over the `cells`
    in which it is known, and the number of cells, `same`, where it is not since all
    worlds came to the same in both.
    """

    median: float
    lowest: float
    highest: float
    cells: int
    same: int


def common_luck(
    cells: pd.DataFrame, reference: int, headline: str
) -> CommonLuck | None:
    """Return what common luck gained differences in a headline, cell by cell.

    None if there is no cell beside the reference in which it is known. The gain of a
    cell (`variance_ratio`) is a ratio of variances estimated from its worlds; where few
    worlds differ it is rough.
    """
    others = cells.loc[cells["cell"] != reference, f"{headline}{GAIN}"]
    known = others.dropna()
    if known.empty:
        return None
    return CommonLuck(
        float(known.median()),
        float(known.min()),
        float(known.max()),
        cells=len(known),
        same=len(others) - len(known),
    )


SHARES = ("truce_share", *HEADLINES)
HALF = "_first_half"

_BAND = (0.05, 0.95)


def spread_columns(
    sets: Sequence[Mapping[str, float]], replicates: int
) -> dict[str, float]:
    """Return columns of a cell about its sets of inputs.

    `sets` has one row a set: each share over all `replicates` and, in the column with
    `HALF`, over the first half of them. Returns for each share `_inputs_low` and
    `_inputs_high`, between which 90 of 100 sets lie, and `_inputs_part`, the part of
    the inputs in the variance of one world, in [0, 1]; luck has the rest. It is nan
    with fewer than two sets or worlds, or if all worlds ended in the same way.
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
