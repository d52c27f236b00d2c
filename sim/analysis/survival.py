"""How long something lasts, from runs some of which are cut off before it ends.

A run that is still fighting at the last day is censored: it counts among those at risk
up to that day and is never dropped.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special

Numbers = NDArray[Any]

CONFIDENCE = 0.95  # of bands

COLLAPSE, SETTLEMENT = "collapse", "settlement"


def fighting_times(runs: pd.DataFrame, horizon_days: float) -> pd.DataFrame:
    """When the fighting first stops in each run: by a full truce or by a defeat.

    `runs` has one row a run with `first_full_truce_day`, nan where there was none, and,
    if defeats are to count, `defeat_day`. Returns `time` in days and `seen`, False for
    a run still fighting at the horizon, where it is censored; rows as in `runs`.
    """
    stops = runs["first_full_truce_day"].to_numpy(np.float64)
    if "defeat_day" in runs:
        stops = np.fmin(stops, runs["defeat_day"].to_numpy(np.float64))
    # A comparison with nan is false: what never came was not seen.
    seen = stops <= horizon_days
    time = np.where(seen, stops, float(horizon_days))
    return pd.DataFrame({"time": time, "seen": seen})


def kaplan_meier(times: pd.DataFrame) -> pd.DataFrame:
    """Share of runs in which something still goes on, by Kaplan and Meier (1958).

    `times` has `time` and `seen` as `fighting_times` returns them, one row a run. The
    band of 95 % is pointwise, with Greenwood's variance. Before the first event and
    after the last run it has no width, as the estimate has no variance there.

    Returns `day` 0 and each day with an event or a censored run, in order; `at_risk`
    just before, `events` and `censored` on it; `surviving` from that day on, with `low`
    and `high`. A step function: between two rows the first one holds.

    >>> two = pd.DataFrame({"time": [2.0, 5.0], "seen": [True, False]})
    >>> kaplan_meier(two).surviving.tolist()
    [1.0, 0.5, 0.5]
    """
    day, at_risk, events, censored = _risk_table(times["time"], times["seen"])
    surviving = np.cumprod(1.0 - events / np.maximum(at_risk, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
    return pd.DataFrame(
        {
            "day": day,
            "at_risk": at_risk,
            "events": events,
            "censored": censored,
            "surviving": surviving,
            **_band(surviving, greenwood, 1.0),
        }
    )


def still_at_risk(times: pd.DataFrame, days: ArrayLike) -> pd.DataFrame:
    """Number of runs in which it still goes on at the start of some days.

    Returns `day` and `at_risk`, the runs that have neither seen the event nor been
    censored before that day.
    """
    wanted = np.asarray(days, np.float64)
    time = np.sort(times["time"].to_numpy(np.float64))
    left = time.size - np.searchsorted(time, wanted, side="left")
    return pd.DataFrame({"day": wanted, "at_risk": left})


def median_day(curve: pd.DataFrame) -> float:
    """First day on which the curve of `kaplan_meier` is at 0.5 or below, or nan."""
    reached = curve["surviving"].to_numpy(np.float64) <= 0.5
    return float(curve["day"][reached].iloc[0]) if reached.any() else np.nan


def collapse_times(runs: pd.DataFrame, horizon_days: float) -> pd.DataFrame:
    """When a full truce first breaks down in each run, or can no longer.

    `runs` has one row a run with `first_collapse_day`, `settled_day` and `defeat_day`.
    Returns `time` in days since the start and `cause`: "collapse"; "settlement" or
    "defeat", after which none can come; or "" for a run that is censored.
    """
    days = runs[["first_collapse_day", "settled_day", "defeat_day"]].to_numpy(float)
    days = np.where(np.isnan(days), np.inf, days)
    first, which = days.min(axis=1), days.argmin(axis=1)
    causes = np.array([COLLAPSE, SETTLEMENT, "defeat"])[which]
    seen = first <= horizon_days
    return pd.DataFrame(
        {
            "time": np.where(seen, first, float(horizon_days)),
            "cause": np.where(seen, causes, ""),
        }
    )


def cumulative_incidence(times: pd.DataFrame, cause: str) -> pd.DataFrame:
    """Chance that something has happened by a day, other ends being possible.

    The other causes take runs out for good; treating them as censored, as 1 minus
    Kaplan-Meier would, overstates the chance. Estimate of Aalen and Johansen (1978);
    95 % band from its variance (Marubini and Valsecchi 1995, eq. 10.10).

    `times` has `time` and `cause`, "" for a censored run, as `collapse_times` returns
    them. Returns `day` 0 and each day with an event or a censored run; `at_risk`,
    `events` (of the cause), `other`, `censored`; `incidence` from that day on, `low`,
    `high`.

    >>> both = pd.DataFrame({"time": [1.0, 2.0], "cause": ["collapse", "settlement"]})
    >>> cumulative_incidence(both, "collapse").incidence.tolist()
    [0.0, 0.5, 0.5]
    """
    ours = (times["cause"] == cause).to_numpy()
    any_cause = (times["cause"] != "").to_numpy()
    day, at_risk, every, censored = _risk_table(times["time"], any_cause)
    events = _count(times["time"].to_numpy(np.float64)[ours], day)
    left = np.maximum(at_risk, 1)
    before = np.cumprod(np.r_[1.0, 1.0 - every / left])[:-1]
    incidence = np.cumsum(before * events / left)
    variance = _incidence_variance(incidence, before, left, events, every)
    return pd.DataFrame(
        {
            "day": day,
            "at_risk": at_risk,
            "events": events,
            "other": every - events,
            "censored": censored,
            "incidence": incidence,
            **_band(incidence, variance, incidence),
        }
    )


def _band(
    share: Numbers, variance: Numbers, weight: Numbers | float
) -> dict[str, Numbers]:
    """Ends of an interval on the scale of log(-log), so that they stay in [0, 1].

    `variance` is that of the share over its weight.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = special.ndtri(0.5 + CONFIDENCE / 2) * np.sqrt(variance)
        spread = spread / (weight * -np.log(share))
        ends = {"low": share ** np.exp(spread), "high": share ** np.exp(-spread)}
    flat = (share == 0.0) | (share >= 1.0) | (variance == 0.0)
    return {name: np.where(flat, share, end) for name, end in ends.items()}


def _incidence_variance(
    incidence: Numbers,
    before: Numbers,
    at_risk: Numbers,
    events: Numbers,
    every: Numbers,
) -> Numbers:
    """Variance of the cumulative incidence on each day, by the delta method."""
    n = at_risk.astype(np.float64)
    ends = np.where(n > every, every / np.maximum(n * (n - every), 1.0), 0.0)
    own = before**2 * events * (n - events) / n**3
    cross = before * events / n**2
    found = np.empty(n.size)
    for last in range(n.size):
        to_come = incidence[last] - incidence[: last + 1]
        found[last] = np.sum(
            to_come**2 * ends[: last + 1]
            + own[: last + 1]
            - 2.0 * to_come * cross[: last + 1]
        )
    return np.maximum(found, 0.0)


def _risk_table(
    times: ArrayLike, seen: ArrayLike
) -> tuple[
    NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]
]:
    """Days, and on each the runs at risk, those with an event, those cut off."""
    time, event = np.asarray(times, np.float64), np.asarray(seen, bool)
    day = np.unique(np.r_[0.0, time])
    at_risk = time.size - np.searchsorted(np.sort(time), day, side="left")
    return day, at_risk, _count(time[event], day), _count(time[~event], day)


def _count(time: NDArray[np.float64], day: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.bincount(np.searchsorted(day, time), minlength=day.size)
