"""What a grid of shares says: what makes up for what, and where counts are highest."""

from dataclasses import dataclass

import pandas as pd

from sim.analysis.grid import LEVELS, crossings, offset
from sim.plots.context import Context
from sim.plots.counts import Counts, counts_for
from sim.plots.curve_words import Observed
from sim.plots.words import (
    about_path,
    chip_of,
    outcome_words,
    path_label,
    short_label,
    subject_of,
    unit_of,
)


@dataclass(frozen=True, eq=False)
class GridWords:
    """The two quantities and the event, as sentences name them.

    `table` is that of `sim.analysis.grid.grid`; `across` and `up` are varied paths.
    """

    table: pd.DataFrame
    across: str
    up: str
    outcome: str
    context: Context

    @property
    def event(self) -> str:
        """What the runs are counted for."""
        return outcome_words(self.outcome, self.context.within_days)

    @property
    def counts(self) -> Counts:
        """Whole counts of runs: what fits a cell."""
        found = counts_for(
            int(self.table["replicates"].min()), self.table["low"], self.table["high"]
        )
        return Counts(found.base, 0)

    def title(self) -> str:
        """Return the question."""
        chip = chip_of(self.across)
        if chip and self.up == "aid.level":
            return "When do aid and territory replace each other?"
        ours, theirs = subject_of(self.across), subject_of(self.up)
        return f"When do {ours} and {theirs} replace each other?"

    def at(self, path: str, setting: float) -> str:
        """Return a setting with its unit."""
        return f"{setting:,.6g}{unit_of(path)}"

    def trade(self) -> str:
        """Return what one contour says about the two quantities."""
        found = offset(self.table)
        if found is None:
            return (
                "None of the lines at 25, 50 and 75 of 100 is crossed at two settings "
                f"of {subject_of(self.up)}: in these settings the one does not make up "
                "for the other."
            )
        more = found["other_across"] - found["across"]
        less = found["up"] - found["other_up"]
        way = "more" if more > 0 else "less"
        return (
            f"The line at {100 * found['level']:.0f} of 100: at "
            f"{subject_of(self.up)} {found['up']:.6g} it is at "
            f"{self.at(self.across, _rounded(found['across']))}, at "
            f"{found['other_up']:.6g} at "
            f"{self.at(self.across, _rounded(found['other_across']))}. So {less:.6g} "
            f"less {short_label(self.up)} is offset by about "
            f"{self.at(self.across, _rounded(abs(more)))} {way}, in this model."
        )

    def corners(self) -> str:
        """Return the largest and the smallest count."""
        table, counts = self.table, self.counts
        most = table.iloc[int(table["share"].to_numpy().argmax())]
        least = table.iloc[int(table["share"].to_numpy().argmin())]
        if most["share"] == least["share"]:
            return f"{counts.of(float(most['share']))} with {self.event} in every cell."
        return (
            f"{counts.of(float(most['share']))} with {self.event} at "
            f"{self._cell(most)}, the most; {counts.number(float(least['share']))} at "
            f"{self._cell(least)}, the fewest."
        )

    def _cell(self, row: "pd.Series[float]") -> str:
        return (
            f"{self.at(self.across, float(row['across']))} and {short_label(self.up)} "
            f"{row['up']:,.6g}"
        )


def caption(
    words: GridWords,
    observed: Observed | None,
    observed_up: float | None,
    *,
    days: bool,
) -> str:
    """Return the answer, how to read it, and the origin."""
    table = words.table
    width = float((table["high"] - table["low"]).max()) / 2
    lines = {0.25: "dotted 25", 0.5: "solid 50", 0.75: "dashed 75"}
    crossed = [lines[each] for each in LEVELS if each in set(crossings(table)["level"])]
    sentences = [
        words.trade(),
        words.corners(),
        f"Number in a cell: runs of {words.counts.base} with {words.event}, give or "
        f"take at most {width * words.counts.base:.0f} (luck, 95 % interval of "
        f"{table['replicates'].min():,} runs); in brackets where that interval spans "
        "one half. What is not known about the inputs is not shown.",
    ]
    if crossed:
        sentences.append(f"Lines: {', '.join(crossed)} of 100.")
    if days:
        sentences.append(
            "Beside it: the day by which half of the runs have a full truce; a dash "
            "where fewer than half have one within the run."
        )
    if observed is not None and observed_up is not None:
        sentences.append(
            f"Ring: {observed.sentence(chip_of(words.across) or words.across)} "
            f"{short_label(words.up).capitalize()} then: {observed_up:.6g}."
        )
    sentences += [about_path(words.across), about_path(words.up)]
    return f"{' '.join(filter(None, sentences))}\n{words.context.last_line()}"


def alt_text(
    words: GridWords, observed: Observed | None, observed_up: float | None
) -> str:
    """Return the picture in words."""
    table = words.table
    found = [
        f"Grid of {table['across'].nunique()} by {table['up'].nunique()} cells, "
        "lighter where the count is higher.",
        f"Across: {path_label(words.across)}, {table['across'].min():,.6g} to "
        f"{table['across'].max():,.6g}. Up: {path_label(words.up)}, "
        f"{table['up'].min():,.6g} to {table['up'].max():,.6g}.",
        words.corners(),
        f"Luck moves a number by at most "
        f"{50 * float((table['high'] - table['low']).max()):.0f} of 100.",
    ]
    if observed is not None and observed_up is not None:
        found.append(f"A ring marks {observed.midpoint_km2:,.0f} km² observed.")
    return " ".join(found)


def _rounded(number: float) -> float:
    """Return two digits of a number read off a line."""
    return float(f"{number:.2g}")
