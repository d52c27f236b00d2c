"""What a comparison of scenarios says, in counts of runs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.words import joined
from sim.plots.context import Context
from sim.plots.counts import Counts, counts_for
from sim.plots.words import outcome_words

if TYPE_CHECKING:
    from sim.plots.scenario_comparison import Column

_SHARE = "full_truce_share"


def letter(place: int) -> str:
    """Return the letter of a row: A is what the others are compared with."""
    return chr(ord("A") + place)


def caption(table: pd.DataFrame, columns: "Sequence[Column]", context: Context) -> str:
    """Return the counts of pairs, the differences, what the marks mean, the origin."""
    counts = _counts(table)
    rows = [_row(table, place, counts, context) for place in range(1, len(table))]
    named = [f"{letter(place)}: {label}." for place, label in enumerate(table["label"])]
    marks = (
        "Above, each estimate with its 95 % interval: luck in "
        f"{int(table['replicates'].min()):,} runs a row. Below, the difference from "
        "A, run by run with the same luck, with its 95 % interval. What is not known "
        "about the inputs is not shown. Two strokes mark an axis that does not begin "
        "at 0. A run ends with the truce or settlement that holds at its last day, or "
        "with a defeat."
    )
    if any(column.name.startswith("days_fought") for column in columns):
        marks += (
            " Days fought are counted up to the last day of the shorter run; a run "
            "that still fights then counts with all of them."
        )
    return "\n".join([*rows, " ".join(named), marks, context.last_line()])


def alt_text(table: pd.DataFrame, columns: "Sequence[Column]", context: Context) -> str:
    """Return the picture in words."""
    counts = _counts(table)
    heads = [column.header.replace("\n", " ") for column in columns]
    last = len(table) - 1
    row, first = table.iloc[1], table.iloc[0]
    event = outcome_words(_SHARE, context.within_days)
    return (
        f"Dot chart, rows A to {letter(last)}; columns: {joined(heads)}. Below, "
        "differences from A. With the same luck, "
        f"{pairs_in_words(row)} in B as in A; {counts.of(float(row[_SHARE]))} have "
        f"{event}, {counts.number(float(first[_SHARE]))} in A: paired difference "
        f"{_difference(row, counts)}. Whiskers: luck, 95 %."
    )


def _counts(table: pd.DataFrame) -> Counts:
    low = table[[f"{_SHARE}_low", f"{_SHARE}_diff_low"]].to_numpy(np.float64)
    high = table[[f"{_SHARE}_high", f"{_SHARE}_diff_high"]].to_numpy(np.float64)
    return counts_for(int(table["replicates"].min()), low.ravel(), high.ravel())


def _row(table: pd.DataFrame, place: int, counts: Counts, context: Context) -> str:
    row, first = table.iloc[place], table.iloc[0]
    event = outcome_words(_SHARE, context.within_days)
    return (
        f"With the same luck, {pairs_in_words(row)} "
        f"in {letter(place)} as in A. {counts.of(float(row[_SHARE]))} have {event} in "
        f"{letter(place)}, {counts.number(float(first[_SHARE]))} in A: paired "
        f"difference {_difference(row, counts)}."
    )


def _difference(row: "pd.Series[float]", counts: Counts) -> str:
    ends = [float(row[f"{_SHARE}_diff{end}"]) for end in ("", "_low", "_high")]
    return counts.difference(*ends)


def pairs_in_words(row: "pd.Series[float]") -> str:
    """Return of how many runs the fighting ends earlier, later and on the same day."""
    total, beaten = int(row["replicates"]), int(row["ends_earlier_by_defeat"])
    defeats = f" ({beaten:,} of them by a defeat)" if beaten else ""
    return (
        f"{int(row['ends_earlier']):,} of {total:,} runs end earlier{defeats}, "
        f"{int(row['ends_later']):,} later, {int(row['ends_same']):,} the same"
    )
