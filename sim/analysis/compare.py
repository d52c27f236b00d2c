"""Scenarios side by side under the same luck: one row each, against the first.

Replicate 17 has the same luck in every row, so each run has a twin in the first row,
and differences are taken twin by twin.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.batch import intervals
from sim.batch.estimates import Outcomes, end_codes, summarise
from sim.batch.intervals import Floats
from sim.model.labels import Labels
from sim.model.state import DEFEAT

FOUGHT = "days_fought_mean"


@dataclass(frozen=True, eq=False)
class Setting:
    """One row of a comparison: what was run, and what became of its runs.

    `label` names it in one line, `changes` what is not as in the first row. `outcomes`
    are arrays (n_replicates,) as `sim.model.outcome.outcomes` gives them, `ends` the
    days on which the fighting ended (`fighting_ends`).
    """

    label: str
    scenario: str
    scenario_hash: str
    changes: tuple[str, ...]
    horizon_days: int
    outcomes: Outcomes
    ends: Floats


class Pairs(NamedTuple):
    """Of how many pairs of twins the second ends earlier, later, and on the same day.

    Two runs that both still fight when time is up count as the same.
    """

    earlier: int
    later: int
    same: int


def fighting_ends(worlds: NDArray[np.void], labels: Labels) -> Floats:
    """Day on which the fighting of each ended world stopped for good, shape (n,).

    That is the first day of the truce or settlement in force at the end, or the day of
    a defeat; nan for a world that still fights.
    """
    stopped = worlds["fighting_stopped"].astype(np.float64)
    stopped[stopped < 0] = np.nan
    beaten = worlds["phase"] == DEFEAT  # found out at the end of the day before
    days = np.where(beaten, worlds["step"] - 1.0, stopped)
    return np.asarray(days * labels.step_days, np.float64)


def pairs(ends: Floats, reference: Floats, horizon_days: float) -> Pairs:
    """Count twins by which of the two ends first; arrays (n,), nan for never.

    Ends after `horizon_days`, up to which both were run, count as never.

    >>> never = float("nan")
    >>> here, there = np.array([5, never, 9, never]), np.array([7, 8, 9, never])
    >>> pairs(here, there, 180)
    Pairs(earlier=1, later=1, same=2)
    """
    here, there = (
        np.where(days <= horizon_days, days, np.inf) for days in (ends, reference)
    )
    earlier = int(np.count_nonzero(here < there))
    later = int(np.count_nonzero(here > there))
    return Pairs(earlier, later, here.size - earlier - later)


def comparison_table(rows: Sequence[Setting], *, within_days: float) -> pd.DataFrame:
    """Return one row a setting, compared with the first; all of the same replicates.

    A first truce counts for `truce_share` and `full_truce_share` up to `within_days`.
    The columns are `label`, `scenario`, `scenario_hash`, `changes` (joined by "; "),
    `horizon_days`; those of `sim.batch.estimates.summarise` (each estimate with `_low`,
    `_high`, `_diff`, `_diff_low`, `_diff_high`; nan where one of the two has no such
    quantity); `days_fought_mean`, the mean day on which the fighting ended, runs that
    still fight counted with the last day; and `ends_earlier`, `ends_later`,
    `ends_same`, which sum to `replicates`, and how many of the first are defeats,
    `ends_earlier_by_defeat`; the same of the first full truce, `truce_earlier` and so
    on.
    """
    first = rows[0]
    return pd.DataFrame([_row(each, first, within_days) for each in rows])


def _row(here: Setting, first: Setting, within_days: float) -> dict[str, Any]:
    common = min(here.horizon_days, first.horizon_days)
    ends = pairs(here.ends, first.ends, common)
    beaten = end_codes(here.outcomes["end"]) == DEFEAT
    by_defeat = pairs(here.ends[beaten], first.ends[beaten], common)
    day = "first_full_truce_day"
    truces = pairs(here.outcomes[day], first.outcomes[day], common)
    return {
        "label": here.label,
        "scenario": here.scenario,
        "scenario_hash": here.scenario_hash,
        "changes": "; ".join(here.changes),
        "horizon_days": here.horizon_days,
        **_summary(here, first, within_days),
        **_fought(here, first, common),
        **{f"ends_{name}": count for name, count in ends._asdict().items()},
        "ends_earlier_by_defeat": by_defeat.earlier,
        **{f"truce_{name}": count for name, count in truces._asdict().items()},
    }


def _summary(
    here: Setting, first: Setting, within_days: float
) -> Mapping[str, float | int]:
    """Return the columns of `summarise`; what the first row lacks differs by nan."""
    reference = first.outcomes
    if here is not first:
        absent = {
            name: np.full(len(values), np.nan)
            for name, values in here.outcomes.items()
            if name not in reference
        }
        reference = {**reference, **absent}
    found = summarise(here.outcomes, reference=reference, within_days=within_days)
    return {**found, "replicates": int(found["replicates"])}


def _fought(here: Setting, first: Setting, horizon: float) -> dict[str, float]:
    """Return the mean days of fighting up to the shorter of two horizons.

    A mean over a limited time (restricted mean survival time) needs no run to have
    ended, where a median does. Source: Royston and Parmar (2013).
    """
    days, twin = (
        np.minimum(np.nan_to_num(each.ends, nan=np.inf), horizon)
        for each in (here, first)
    )
    numbers = (*intervals.mean(days), *intervals.paired_means(days, twin))
    endings = ("", "_low", "_high", "_diff", "_diff_low", "_diff_high")
    return {
        f"{FOUGHT}{ending}": number
        for ending, number in zip(endings, numbers, strict=True)
    }


def first_to_differ(here: Setting, first: Setting) -> int | None:
    """Return the first replicate whose fighting ends on another day; None if none."""
    common = min(here.horizon_days, first.horizon_days)
    one, other = (
        np.where(each.ends <= common, each.ends, np.inf) for each in (here, first)
    )
    differ = np.flatnonzero(one != other)
    return int(differ[0]) if differ.size else None
