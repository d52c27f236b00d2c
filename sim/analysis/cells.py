"""One row for one cell of a sweep: what its worlds came to, against a reference.

The row's names are those of `cells.parquet`. An estimate stands in the column named
after the quantity, its 95 % interval in `_low` and `_high`; the difference to the
reference cell in `_diff`, `_diff_low`, `_diff_high`. Replicate 17 has the same luck in
both cells, so differences are taken replicate by replicate.

A number that is not there is nan: a median that fewer than half of the worlds reached,
the upper end of such an interval, a difference without a reference.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis import intervals
from sim.analysis.ends import DEFEAT, SETTLED, end_codes
from sim.analysis.intervals import Interval

Outcomes = Mapping[str, NDArray[Any]]
Condensed = Mapping[str, NDArray[Any]]
"""What `condense` returns."""
LUCK_GAIN = "full_truce_share_luck_gain"

_MEDIAN_OF = "first_full_truce_day"
_NONE = Interval(np.nan, np.nan, np.nan)
_SAME = Interval(0.0, 0.0, 0.0)


def summarise(
    outcomes: Outcomes, *, reference: Outcomes | None = None, within_days: float
) -> dict[str, float]:
    """Estimates, intervals and paired differences of one cell.

    Parameters
    ----------
    outcomes : mapping of str to array of shape (n_replicates,)
        The fields of a world's `outcome`, maps flattened with a dot
        (`chips_km2.kursk`, `payoff.russia`). Days are nan where there was none; `end`
        holds names or the codes of `sim.analysis.ends`.
    reference : mapping of the same kind, optional
        The cell to compare with, its replicates in the same order. When it is
        `outcomes` itself, all differences are exactly 0; without it they are nan. If
        one of the two has more replicates, differences are of those that both have.
    within_days : float
        `truce_share` and `full_truce_share` count first truces up to this day. All
        other quantities look at the whole run.

    Returns
    -------
    dict
        `replicates`, then six columns a quantity, and `LUCK_GAIN`: how many times
        smaller the common luck made the variance of the difference in
        `full_truce_share` (`luck_gain`).

    Raises
    ------
    ValueError
        If columns of one cell differ in their number of replicates.
    """
    here = condense(outcomes, within_days=within_days)
    if reference is None:
        return row_of(here)
    if reference is outcomes:
        return row_of(here, reference=here)
    return row_of(here, reference=condense(reference, within_days=within_days))


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
    is_reference = reference is here
    for name, seen in here.items():
        if seen.dtype != np.bool_:
            continue
        difference = _SAME
        if not is_reference:
            before = None if reference is None else reference[name][:both]
            difference = _share_difference(seen[:both], before)
        row |= _columns(name, share(seen), difference)
        if name == "full_truce_share":
            row |= _median_columns(here, reference)
    for name, source in means(here).items():
        values = here[source]
        if is_reference:
            difference = _SAME
        elif reference is None:
            difference = _NONE
        else:
            difference = intervals.paired_means(values[:both], reference[source][:both])
        row |= _columns(name, intervals.mean(values), difference)
    row[LUCK_GAIN] = np.nan
    if reference is not None and not is_reference:
        agreed, before = here["full_truce_share"], reference["full_truce_share"]
        row[LUCK_GAIN] = luck_gain(agreed[:both], before[:both])
    return row


def events(outcomes: Outcomes, *, within_days: float) -> dict[str, NDArray[np.bool_]]:
    """Which replicates count for each share of the row, arrays (n_replicates,)."""
    end = end_codes(outcomes["end"])
    # A comparison with nan is false: a truce that never came is not within any days.
    return {
        "truce_share": outcomes["first_truce_day"] <= within_days,
        "full_truce_share": outcomes["first_full_truce_day"] <= within_days,
        "broken_share": outcomes["truces_broken"] > 0,
        "settled_share": end == SETTLED,
        "defeat_share": end == DEFEAT,
        "fighting_stopped_share": np.isfinite(outcomes["fighting_stopped_day"]),
    }


def share(seen: NDArray[np.bool_]) -> Interval:
    """Share of replicates that count, with Wilson's interval.

    >>> share(np.array([True, False]))[0]
    0.5
    """
    found = intervals.wilson(np.count_nonzero(seen), seen.size)
    return Interval(*(float(number) for number in found))


def means(outcomes: Outcomes) -> dict[str, str]:
    """Column of the row -> field of the outcome it is the mean of."""
    mapped = sorted(
        name for name in outcomes if name.startswith(("chips_km2.", "payoff."))
    )
    return {f"{name}_mean": name for name in ("share", *mapped, "aid_given")}


def luck_gain(here: NDArray[np.bool_], there: NDArray[np.bool_]) -> float:
    """Variance of a difference of shares with separate luck, over that with common.

    3 means: with luck of their own, both cells would need three times the replicates
    for an interval as narrow. Arrays (n_replicates,); nan if no replicate differs.
    Source: Law (2015), section 11.2, with the sample's own variances.

    >>> gain = luck_gain(np.array([True, True, False]), np.array([True, False, False]))
    >>> round(gain, 3)
    2.0
    """
    first, second = float(np.mean(here)), float(np.mean(there))
    differing = float(np.mean(here != there))
    paired = differing - (first - second) ** 2
    separate = first * (1 - first) + second * (1 - second)
    return separate / paired if differing > 0 and paired > 0 else np.nan


def _share_difference(
    here: NDArray[np.bool_], there: NDArray[np.bool_] | None
) -> Interval:
    if there is None:
        return _NONE
    found = intervals.paired_proportions(
        np.count_nonzero(here & ~there), np.count_nonzero(there & ~here), here.size
    )
    return Interval(*(float(number) for number in found))


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
    numbers = {
        name: found.estimate,
        f"{name}_low": found.low,
        f"{name}_high": found.high,
        f"{name}_diff": difference.estimate,
        f"{name}_diff_low": difference.low,
        f"{name}_diff_high": difference.high,
    }
    return {
        column: float(number) if np.isfinite(number) else np.nan
        for column, number in numbers.items()
    }


def _replicates(outcomes: Outcomes) -> int:
    sizes = {len(values) for values in outcomes.values()}
    if len(sizes) != 1:
        raise ValueError(f"columns of one cell have {sorted(sizes)} replicates")
    return sizes.pop()
