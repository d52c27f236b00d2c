"""Figure 12: policies against one another, each pair under the same luck."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from sim.analysis.narrative.words import amount
from sim.analysis.tournament import payoff_of, policy_of, read_aloud, stopped_most
from sim.batch.estimates import STOPPED
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context
from sim.plots.strokes import Look, key_at
from sim.plots.style import HEIGHT_MM, INK, TEXT_PT
from sim.plots.words import Counts, counts_for

QUESTION = "Which way of bargaining does best against which?"
OF_ONE_RUN, APART = False, True

MOST_IN_FIGURE: Final = 6
# A row of a matrix, and what stands above, between and below the two, mm.
_ROW_MM: Final = 10.5
_TOP_MM, _GAP_MM, _FOOT_MM = 27.0, 17.0, 8.0
# A line more in the names of columns, mm.
_LINE_MM: Final = 3.6
# Letters of a policy that fit beside a row, and above all columns together.
_BESIDE: Final = 18
_ABOVE: Final = 78
# Above this part of the colours' range, text on them is black, below it white.
_BLACK_ABOVE: Final = 0.55
_BEST: Look = {"linewidth": 1.5, "linestyle": "-"}
_AS_GOOD: Look = {"linewidth": 1.0, "linestyle": (0.0, (3.0, 2.0))}


@dataclass(frozen=True, eq=False)
class TournamentWords(Words):
    """Sentences about the pairs; tables are those of `sim.analysis.tournament`."""

    pairs: pd.DataFrame
    best: pd.DataFrame
    parties: Sequence[str]
    policies: Sequence[str]
    context: Context
    name = "tournament"
    title = QUESTION

    @property
    def counts(self) -> Counts:
        """Whole counts of runs: what fits a cell."""
        low, high = self.pairs[f"{STOPPED}_low"], self.pairs[f"{STOPPED}_high"]
        found = counts_for(int(self.pairs["replicates"].min()), low, high)
        return Counts(found.base, 0)

    def answer(self) -> list[str]:
        """Return which policy does best against which, and where fighting stops."""
        labels = {party: self.context.label(party) for party in self.parties}
        clause = self.context.happens(STOPPED)
        return [
            *read_aloud(self.best, labels),
            stopped_most(self.pairs, labels, clause),
        ]

    def caption(self) -> Iterator[str]:
        """The answer, and how to read it."""
        yield from self.answer()
        yield (
            "Each cell gives the mean payoff, in km2, of the party whose policy names "
            "the row, with its 95 % interval as \N{PLUS-MINUS SIGN} (luck only); then "
            f"{self.about_stopped().partition(': ')[2]}. A solid outline marks the "
            "best policy in its column, a dashed one policies that cannot be told "
            "apart from it, run by run with the same luck. Uncertainty about the "
            "inputs is not shown."
        )

    def about_stopped(self) -> str:
        """Return what the second number of a cell counts."""
        clause = self.context.happens(STOPPED)
        return f"stopped: runs of {self.counts.base} in which {clause}"

    def alt_text(self) -> Iterator[str]:
        """The picture in words."""
        yield (
            f"Two matrices of {len(self.policies)} policies each way, lighter where "
            f"the mean payoff of the row's party is higher: {self._range(0)}, "
            f"{self._range(1)}."
        )
        yield from self.answer()

    def _range(self, seat: int) -> str:
        party = self.parties[seat]
        found = self.pairs[payoff_of(party)]
        return (
            f"{amount(float(found.min()))} to {amount(float(found.max()))} km2 for "
            f"{self.context.label(party)}"
        )


def tournament(
    pairs: pd.DataFrame,
    best: pd.DataFrame,
    context: Context,
    *,
    parties: Sequence[str],
    policies: Sequence[str],
) -> Figure:
    """Draw a matrix for each of the two parties, the party's own policies as rows.

    `pairs` and `best` are as `sim.analysis.tournament` makes them. ValueError if there
    are more policies than fit.
    """
    count = len(policies)
    if count > MOST_IN_FIGURE:
        raise ValueError(f"the figure has room for {MOST_IN_FIGURE} policies")
    words = TournamentWords(pairs, best, parties, policies, context)
    above = [fill(each, _ABOVE // count) for each in policies]
    more = _LINE_MM * max(each.count("\n") for each in above)
    top, gap = _TOP_MM + more, _GAP_MM + more
    around = top + gap + _FOOT_MM
    tall = max(HEIGHT_MM, around + 2 * count * _ROW_MM)
    with words.canvas(height_mm=tall) as canvas:
        panels = canvas.subplots(2, 1)
        canvas.subplots_adjust(
            left=0.21, right=0.98, top=1.0 - top / tall, bottom=_FOOT_MM / tall,
            hspace=2.0 * gap / (tall - around),
        )  # fmt: skip
        for seat, axes in enumerate(panels):
            _draw(axes, words, seat)
            axes.set_xticks(range(count), above)
        look: Look = {"facecolor": "white", "edgecolor": INK}
        level = "cannot be told apart from the best"
        key = [
            Patch(**look, **_BEST, label="best policy in its column"),
            Patch(**look, **_AS_GOOD, label=level),
        ]
        key_at(canvas, key, 1.0 - 7.0 / tall, 2)
        canvas.text(0.02, 1.0 - 12.5 / tall, words.about_stopped(), va="top")
    return words.figure(canvas, pairs)


def _draw(axes: Axes, words: TournamentWords, seat: int) -> None:
    """Draw the matrix of one party: its payoff by its own and the other's policy."""
    party, other = words.parties[seat], words.parties[1 - seat]
    table = words.pairs.set_index([policy_of(party), policy_of(other)])
    means = np.array(
        [[table.loc[(a, b), payoff_of(party)] for b in words.policies]
         for a in words.policies],
        np.float64,
    )  # fmt: skip
    low, high = float(means.min()), float(means.max())
    part = (means - low) / (high - low) if high > low else 0.0 * means + 1.0
    colours = mpl.colormaps["cividis"]
    best = words.best[words.best["party"] == party].set_index("against")
    for row, own in enumerate(words.policies):
        for column, against in enumerate(words.policies):
            share = float(part[row, column])
            corner = (column - 0.5, row - 0.5)
            axes.add_patch(
                Rectangle(corner, 1, 1, facecolor=colours(share), edgecolor="white")
            )
            ink = "black" if share > _BLACK_ABOVE else "white"
            cell: pd.Series[Any] = table.loc[[(own, against)]].iloc[0]
            axes.text(
                column, row, _cell(cell, party, words.counts),
                ha="center", va="center", color=ink, size=TEXT_PT, linespacing=1.25,
            )  # fmt: skip
            told = best.loc[against]
            is_best = told["best"] == own
            if is_best or own in str(told["as_good"]).split("; "):
                look = _BEST if is_best else _AS_GOOD
                inside = (column - 0.46, row - 0.44)
                axes.add_patch(
                    Rectangle(inside, 0.92, 0.88, fill=False, edgecolor=ink, **look)
                )
    size = len(words.policies)
    axes.set_xlim(-0.5, size - 0.5)
    axes.set_ylim(size - 0.5, -0.5)
    axes.set_yticks(range(size), [fill(each, _BESIDE) for each in words.policies])
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    ours, theirs = words.context.label(party), words.context.label(other)
    text = f"Payoff of {ours}, km², by its policy (rows) and {theirs}'s (columns)"
    axes.set_title(text, loc="left", size=TEXT_PT, pad=7.0)


def _cell(row: "pd.Series[Any]", party: str, counts: Counts) -> str:
    name = payoff_of(party)
    half = (float(row[f"{name}_high"]) - float(row[f"{name}_low"])) / 2.0
    sign = "\N{MINUS SIGN}" if row[name] < 0 else ""
    mean = amount(abs(float(row[name])))
    sign = "" if mean == "0" else sign
    stopped = counts.number(float(row[STOPPED]))
    return f"{sign}{mean} \N{PLUS-MINUS SIGN} {amount(half)}\nstopped {stopped}"


def of(source: Any) -> Figure:
    """Draw it of a tournament, kept or of a scenario's built-in policies."""
    found = source.tournament()
    return tournament(
        found.pairs,
        found.best,
        found.context(),
        parties=found.parties,
        policies=found.policies,
    )
