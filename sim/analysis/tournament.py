"""A tournament of policies: which does best against which, run by run.

A pair is a policy of each belligerent. Replicate 17 has the same luck in all pairs, so
two policies of a party are compared with the same luck and the same opponent.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.narrative.words import amount, joined
from sim.batch.estimates import BEGUN, STOPPED
from sim.batch.intervals import paired_means

MEDIAN = "first_full_truce_day_median"
ENDS = ("", "_low", "_high")


def policy_of(party: str) -> str:
    """Return the column that names the policy of a party."""
    return f"policy.{party}"


def payoff_of(party: str) -> str:
    """Return the column of a party's mean payoff."""
    return f"payoff.{party}_mean"


def pairs_table(
    rows: Mapping[tuple[str, str], Mapping[str, float]], parties: Sequence[str]
) -> pd.DataFrame:
    """Return one row a pair, from rows of `sim.batch.estimates.row_of`.

    The keys are the policies of both `parties`, which are columns `policy.PARTY`. Then
    come `replicates` and, each with the ends of its interval in `_low` and `_high`,
    the payoff of each party, km2, both headlines and the median day of a first full
    truce, nan if fewer than half of the runs have one.
    """
    names = [*map(payoff_of, parties), BEGUN, STOPPED, MEDIAN]
    found = []
    for pair, row in rows.items():
        named: dict[str, object] = dict(zip(map(policy_of, parties), pair, strict=True))
        named["replicates"] = int(row["replicates"])
        named |= {f"{name}{end}": row[f"{name}{end}"] for name in names for end in ENDS}
        found.append(named)
    return pd.DataFrame(found)


def best_table(
    payoffs: Mapping[tuple[str, str], NDArray[np.float64]], parties: Sequence[str]
) -> pd.DataFrame:
    """Return which policy does best, one row a party and policy of the other.

    `payoffs` has by pair of policies an array (n_replicates, 2) of what the run came to
    for each of `parties`, km2. The columns are `party`, `other`, `against` (the
    other's policy), `best`, `payoff` (its mean), `next` (the best of the rest), `lead`,
    `lead_low`, `lead_high` (how much better `best` does than `next`, run by run with
    the same luck, with its 95 % interval) and `as_good`: policies, joined by "; ",
    whose difference from `best` has an interval that holds 0.
    """
    names = list(dict.fromkeys(pair[0] for pair in payoffs))
    found = []
    for seat, party in enumerate(parties):
        for against in names:
            runs = {
                name: payoffs[(name, against) if seat == 0 else (against, name)][
                    :, seat
                ]
                for name in names
            }
            # The order of the names decides between equals.
            ranked = sorted(names, key=lambda name: -float(runs[name].mean()))
            best, *rest = ranked
            leads = {name: paired_means(runs[best], runs[name]) for name in rest}
            found.append(
                {
                    "party": party,
                    "other": parties[1 - seat],
                    "against": against,
                    "best": best,
                    "payoff": float(runs[best].mean()),
                    "next": rest[0],
                    "lead": leads[rest[0]].estimate,
                    "lead_low": leads[rest[0]].low,
                    "lead_high": leads[rest[0]].high,
                    "as_good": "; ".join(
                        name
                        for name in names
                        if name in leads and not leads[name].low > 0.0
                    ),
                }
            )
    return pd.DataFrame(found)


def read_aloud(best: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    """Return in a sentence for each party which policy does best against which.

    `best` is as `best_table` makes it, `labels` says how the parties are called.
    """
    return [
        _of_party(rows.to_dict("records"), labels[str(party)])
        for party, rows in best.groupby("party")
    ]


def stopped_most(pairs: pd.DataFrame, labels: Mapping[str, str], clause: str) -> str:
    """Return in which pair the fighting has stopped most often, and in which least.

    `clause` says what that is: "the fighting has stopped at day 180".
    """
    seen = pairs[STOPPED].to_numpy()
    most, least = (pairs.iloc[int(at)] for at in (seen.argmax(), seen.argmin()))
    start = f"{clause[:1].upper()}{clause[1:]} in {_of_100(most)} runs"
    if most[STOPPED] == least[STOPPED]:
        return f"{start} of every pair."
    return (
        f"{start} with {_pair(most, labels)}, the most, and in {_of_100(least)} with "
        f"{_pair(least, labels)}, the fewest."
    )


def _of_100(row: "pd.Series[Any]") -> str:
    return f"{100 * float(row[STOPPED]):.0f} of 100"


def _pair(row: "pd.Series[Any]", labels: Mapping[str, str]) -> str:
    """Return a pair in words: "Russia as conceder and Ukraine as hardliner"."""
    names = [str(name) for name in row.index if str(name).startswith(policy_of(""))]
    return joined(
        [f"{labels[name.removeprefix(policy_of(''))]} as {row[name]}" for name in names]
    )


def _of_party(rows: Sequence[Mapping[Any, Any]], called: str) -> str:
    good = [{str(row["best"]), *_as_good(row)} for row in rows]
    found = dict.fromkeys(str(row["best"]) for row in rows)
    always = [name for name in found if all(name in each for each in good)]
    if always:
        name, *_ = always
        others = sorted(set.intersection(*good) - {name})
        also = f"; {joined(others)} cannot be told apart from it" if others else ""
        lead = ""
        if not any(row["as_good"] for row in rows):
            least = min(float(row["lead"]) for row in rows)
            lead = f", by {amount(least)} km2 or more over the next"
        return (
            "Against every policy of the other side, no policy does better for "
            f"{called} than {name}{lead}{also}."
        )
    by_best = sorted(rows, key=lambda row: str(row["best"]))
    parts = []
    for name, some in groupby(by_best, key=lambda row: str(row["best"])):
        met = list(some)
        level = sorted(set.intersection(*(set(_as_good(row)) for row in met)))
        also = (
            f" (or {joined(level)}, which cannot be told apart from it)"
            if level
            else ""
        )
        parts.append(f"{name}{also} against {joined([str(r['against']) for r in met])}")
    return (
        f"The best policy for {called} depends on the policy of the other side: "
        f"{'; '.join(parts)}."
    )


def _as_good(row: Mapping[Any, Any]) -> list[str]:
    return [each for each in str(row["as_good"]).split("; ") if each]
