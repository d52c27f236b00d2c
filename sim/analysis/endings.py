"""How each run ends and when its fighting stopped, one row a run."""

from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.narrative.words import joined
from sim.scenario.defaults import called
from sim.scenario.negotiation import TERMS

NO_TRUCE, PAUSE_ENDED = "no full truce", "fighting again after a pause"
FIGHTING = (PAUSE_ENDED, NO_TRUCE)

# Kinds of end in the order of rows: what holds, what does not, the last one below.
_KINDS = ("settled", "truce", "defeat", "war")
_MOST_KINDS = 6


def run_ends(
    runs: pd.DataFrame,
    labels: Mapping[str, str] = MappingProxyType({}),
    offers: Mapping[str, str] = MappingProxyType({}),
) -> pd.DataFrame:
    """Return the end of each run in words, and the day that its end is known from.

    `runs` has one row a run: `replicate`, `end`, `first_full_truce_day`,
    `fighting_stopped_day`, `terms`, `conditions`, `defeated` and `defeat_day`, as
    `Ensemble.runs`; `labels` are those of parties and `offers` the words of offers, by
    id. Six kinds of end are told apart; the rarest truces are put together as "other
    terms" to keep to it. Returns `replicate`; `kind` (in words); `day`, on which the
    fighting stopped, nan for a run still fighting; `begun`, the day on which a first
    full truce began, nan without one; `pause_ended`, whether that one ended; and
    `row`, the place of the kind from the top: settlements, truces by how many runs they
    hold in, defeats, then those still fighting, after a pause or without one.
    """
    stopped = runs["fighting_stopped_day"].to_numpy(np.float64)
    begun = runs["first_full_truce_day"].to_numpy(np.float64)
    ended = np.isfinite(begun) & ~(begun == stopped)
    kind = [
        _in_words(run, labels, offers, pause=bool(pause))
        for run, pause in zip(runs.to_dict(orient="records"), ended, strict=True)
    ]
    defeat = runs["defeat_day"].to_numpy(np.float64)
    table = pd.DataFrame(
        {
            "replicate": runs["replicate"].to_numpy(),
            "kind": kind,
            "day": np.where(runs["end"] == "defeat", defeat, stopped),
            "begun": begun,
            "pause_ended": ended,
            "of": [_KINDS.index(end) for end in runs["end"]],
        }
    )
    table.loc[table["kind"].isin(FIGHTING), "day"] = np.nan
    _make_few(table)
    sizes = table.groupby(["of", "kind"]).size().reset_index(name="runs")
    sizes["last"] = sizes["kind"].str.endswith("other terms") | (
        sizes["kind"] == NO_TRUCE
    )
    order = ["of", "last", "runs", "kind"]
    ordered = sizes.sort_values(order, ascending=[True, True, False, True])
    row = {kind: place for place, kind in enumerate(ordered["kind"])}
    table["row"] = table["kind"].map(row)
    return table.drop(columns="of")


def ends_by_kind(table: pd.DataFrame) -> pd.DataFrame:
    """Count the runs of each kind of end, in the order of rows: `kind`, `runs`."""
    counted = table.groupby(["row", "kind"]).size().reset_index(name="runs")
    return counted[["kind", "runs"]]


def place_among(runs: pd.DataFrame, day: float | None) -> str:
    """Return where a run stands among others, by the day on which its fighting stops.

    `runs` are the others, as for `run_ends`; `day` is None if the run still fights.
    """
    days = run_ends(runs)["day"].to_numpy(np.float64)
    count = days.size
    if day is None:
        same = int(np.isnan(days).sum())
        return f"as in {same} of {count} runs, the fighting goes on at the end"
    later = int(np.count_nonzero(~(days <= day)))
    return f"its fighting stops earlier than in {later} of {count} runs"


def _in_words(
    run: Mapping[Hashable, Any],
    labels: Mapping[str, str],
    offers: Mapping[str, str],
    *,
    pause: bool,
) -> str:
    end, offer = run["end"], str(run["terms"] or "")
    terms = offers.get(offer, offer.replace("_", " "))
    terms = terms.removeprefix("an ").removeprefix("a ")
    if end == "war":
        return PAUSE_ENDED if pause else NO_TRUCE
    if end == "defeat":
        name = str(run["defeated"])
        return f"defeat of {labels.get(name) or called(name)}"
    named = [TERMS[name].said for name in str(run["conditions"]).split(", ") if name]
    added = f", {joined(named)}" if named else ""
    return f"settlement after {terms}{added}" if end == "settled" else f"{terms}{added}"


def _make_few(found: pd.DataFrame) -> None:
    """Put the rarest kinds of truce together, and of settlement if need be."""
    for of, word in ((1, "truce on other terms"), (0, "settlement on other terms")):
        sizes = found[found["of"] == of]["kind"].value_counts()
        sizes = sizes.sort_index().sort_values(ascending=False, kind="stable")
        over = found["kind"].nunique() - _MOST_KINDS
        if over > 0 and len(sizes) > 1:
            rare = sizes.index[max(1, len(sizes) - over - 1) :]
            found.loc[found["kind"].isin(rare), "kind"] = word
