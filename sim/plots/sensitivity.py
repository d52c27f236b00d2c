"""Figure 7: how far each assumption moves an outcome, alone and with the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sim.analysis.narrative.labels import short_number
from sim.analysis.narrative.words import joined
from sim.analysis.outcomes import is_chance
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context
from sim.plots.strokes import LESS, MORE, Look, count_shares, key_at, marks, note, sign
from sim.plots.style import (
    INK,
    LINE_GREY,
    MID_GREY,
    TEXT_PT,
    header,
    plain_axes,
)
from sim.plots.words import Counts, counts_for
from sim.scenario.lookup import wording

QUESTION = "Which assumptions move the answer most?"
OF_ONE_RUN, APART = False, True

_MUCH = 0.1  # a total index from here on is named


@dataclass(frozen=True, eq=False)
class Matters(Words):
    """The numbers behind the sentences: `table` is what is drawn, the others all."""

    table: pd.DataFrame
    tornado: pd.DataFrame
    sobol: pd.DataFrame
    context: Context
    outcome: str
    estimate: float
    inputs_share: float
    rows: int
    rows_needed: int = 0
    name = "sensitivity"
    title = QUESTION

    @property
    def event(self) -> str | None:
        """What happens in a run, if the outcome is a share of them; else a mean."""
        return self.context.happens(self.outcome) if is_chance(self.outcome) else None

    @property
    def counts(self) -> Counts:
        """How shares are written."""
        return counts_for(
            self.context.replicates,
            self.table.across_diff_low,
            self.table.across_diff_high,
        )

    def amount(self, number: float) -> str:
        """Return the outcome, or a difference of it, with its unit."""
        return self.counts.of(number) if self.event else f"{number:.4g}"

    def difference(self, row: "pd.Series[float]") -> str:
        """Return the paired difference from low to high with its interval."""
        numbers = (row.across_diff, row.across_diff_low, row.across_diff_high)
        if self.event:
            return self.counts.difference(*numbers)
        estimate, low, high = (f"{number:.4g}" for number in numbers)
        return f"{estimate}, interval {low} to {high}"

    def unseen(self) -> list[str]:
        """Inputs that are not drawn, with a larger index than one that is."""
        drawn = self.sobol.path.isin(self.table.path)
        least = self.table.total.min()
        own = (self.sobol.inputs == 1) & ~drawn & (self.sobol.total > least)
        return [wording(path).label for path in self.sobol.path[own]]

    def caption(self) -> Iterator[str]:
        """The answer, and what each kind of uncertainty covers."""
        table, sobol = self.table, self.sobol
        most, count = table.iloc[0], len(self.tornado)
        yield (
            f"Of all inputs moved alone, {wording(most.path).label} has the largest "
            f"effect: from {short_number(most.low)} to {short_number(most.high)}, "
            f"{self.amount(most.at_low)} become {self.amount(most.at_high)} "
            f"({self._what()}; paired difference {self.difference(most)})."
        )
        still = int((self.tornado["size"] == 0.0).sum())
        if still:
            yield f"Of {count} inputs, {still} change nothing when moved alone."
        # An index of its own that is large, beyond doubt of 0.
        large = sobol[
            (sobol.inputs == 1) & (sobol.total >= _MUCH) & (sobol.total_low > 0.0)
        ]
        if len(large):
            first = zip(large.path[:3], large.total[:3], strict=True)
            named = joined(
                [f"{wording(path).label} ({total:.2f})" for path, total in first]
            )
            yield (
                f"{len(large)} of {count} inputs "
                f"{'carries' if len(large) == 1 else 'explain'} a tenth of the "
                "variance or more, together with others: "
                f"{'first ' if len(large) > 3 else ''}{named}."
            )
        not_told = int((table.total_low <= 0.0).sum())
        if not_told:
            yield (
                f"{not_told} of the {len(table)} shown cannot be distinguished from 0 "
                "with this many samples (light grey)."
            )
        if unseen := self.unseen():
            yield f"Not shown, although their total is not smaller: {joined(unseen)}."
        shared = sobol[sobol.inputs > 1]
        if len(shared):
            rest = shared.iloc[0]
            yield (
                f"The {int(rest.inputs)} other inputs together have a total of "
                f"{rest.total:.2f} ({rest.total_low:.2f} to {rest.total_high:.2f})."
            )
        if table.path.str.endswith("drift_km2_per_week").any():
            yield (
                "Drifts of the line count as positive if they favour the "
                "scenario's front.side."
            )
        yield (
            f"Of the variance between single runs, {100 * self.inputs_share:.0f} % "
            "comes from the inputs; the rest is luck, which the indices leave out."
        )
        yield (
            "Bars: one input is at its low or high value and all others are at the "
            "scenario's own; the whiskers show luck (95 % intervals from "
            f"{self.context.replicates:,} pairs of runs). Dots: all inputs are drawn "
            "between their bounds; the whiskers are 95 % intervals from "
            f"{self.rows:,} resampled rows of the design. A long line between the two "
            "dots means that the input acts through others."
        )
        if self.rows_needed:
            yield (
                f"About {self.rows_needed:,} rows would make the intervals of all "
                "dots narrow (ceasefire sensitivity --samples)."
            )

    def alt_text(self) -> list[str]:
        """The picture in words."""
        table = self.table
        most = table.iloc[0]
        top = table.dropna(subset=["total"]).sort_values("total").tail(1)
        return [
            f"Tornado of {len(table)} inputs beside dots of their Sobol' indices.",
            f"Bars: change in {self._what()}, from {self.amount(self.estimate)}.",
            f"Longest: {wording(most.path).label}, {short_number(most.low)} to "
            f"{short_number(most.high)}, {self.difference(most)}; shortest: "
            f"{wording(table.path.iloc[-1]).label}.",
            *(
                f"Largest total index: {wording(str(row.path)).label}, {row.total:.2f} "
                f"({row.total_low:.2f} to {row.total_high:.2f})."
                for row in top.itertuples()
            ),
            "Whiskers are 95 % intervals: luck on bars, samples on dots.",
        ]

    def _what(self) -> str:
        return f"runs in which {self.event}" if self.event else self.outcome


SHOWN = 10
_LABEL = 30  # characters of an input's name that fit beside the bars
_BAR = 0.62  # height of a bar, of a row
_APART = 0.25  # of two values one above the other, from the middle of the row


_DOT: Look = {"size": 4.2, "markeredgewidth": 0.9}


def sensitivity(
    tornado: pd.DataFrame,
    sobol: pd.DataFrame,
    context: Context,
    *,
    outcome: str,
    estimate: float,
    inputs_share: float,
    rows: int,
    rows_needed: int = 0,
) -> Figure:
    """Draw the ten largest swings beside the indices of the same inputs.

    `tornado` and `sobol` are as `sim.api.sensitivity.Sensitivity` has them; inputs of
    the tornado without a row in `sobol` have no dots. `context.replicates` are those of
    the tornado. `outcome` is the mean over worlds that is looked at, `estimate` that
    mean in the scenario as it is, `inputs_share` the share of one world's variance that
    comes from the inputs. The Sobol' design has so many `rows`; `rows_needed` would
    make the widest interval of a total index narrow enough. ValueError if the tornado
    has no rows.
    """
    if tornado.empty:
        raise ValueError("the tornado has no rows")
    shown = tornado.head(SHOWN).reset_index(drop=True)
    table = shown.merge(sobol, on="path", how="left", validate="one_to_one")
    words = Matters(
        table,
        tornado,
        sobol,
        context,
        outcome,
        estimate,
        inputs_share,
        rows,
        rows_needed,
    )
    event = words.event
    with words.canvas() as canvas:
        left, right = canvas.subplots(
            1, 2, sharey=True, gridspec_kw={"width_ratios": [5, 3], "wspace": 0.08}
        )
        canvas.subplots_adjust(left=0.325, right=0.975, top=0.81, bottom=0.155)
        _draw_swings(left, table)
        left.set_xlabel(f"from {words.amount(estimate)} at the scenario's own values")
        _draw_indices(right, table)
        _name_rows(left, table)
        # To the left it may run on over the names.
        change = f"change in {f'the share in which {event}' if event else outcome}"
        left.set_title(change, loc="right", size=TEXT_PT, pad=3.0)
        header(right, "share of the variance")
        key_at(canvas, _key(), 0.925, 4, handlelength=1.5, columnspacing=1.2)
    return words.figure(canvas, table)


def _draw_swings(axes: Axes, table: pd.DataFrame) -> None:
    """Draw a bar to either end; where both lie on one side, each has half the row."""
    swings = table[["low_diff", "high_diff"]]
    reach = float(table.filter(regex="^(low|high)_diff_").abs().to_numpy().max()) or 1.0
    # Room for the values that stand at the ends.
    axes.set_xlim(
        min(0.0, float(swings.min().min())) - 0.32 * reach,
        max(0.0, float(swings.max().max())) + 0.27 * reach,
    )
    for place, row in enumerate(table.to_dict("records")):
        low, high = float(row["low_diff"]), float(row["high_diff"])
        same_side = low * high > 0.0
        height = _BAR / 2 if same_side else _BAR
        for end, other, at in (("high", low, -1), ("low", high, 1)):
            length = float(row[f"{end}_diff"])
            middle = place + (at * height / 2 if same_side else 0.0)
            fill = LESS if end == "low" else MORE
            corner = 0.0, middle - height / 2
            axes.add_patch(Rectangle(corner, length, height, **fill, zorder=2))
            ends = float(row[f"{end}_diff_low"]), float(row[f"{end}_diff_high"])
            if length != 0.0:
                axes.hlines(middle, *ends, color=INK, linewidth=1.0, zorder=4)
            side = (
                np.sign(length) or -np.sign(other) or (1.0 if end == "high" else -1.0)
            )
            tip = max(ends, key=lambda each: each * side) if length != 0.0 else 0.0
            beside = tip, place + at * _APART if same_side else middle
            ha = "left" if side > 0 else "right"
            note(axes, short_number(float(row[end])), beside, (3.0 * side, 0.0), ha=ha)
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=3)
    count_shares(axes.xaxis, 5, [1, 2, 2.5, 5, 10])
    plain_axes(axes, "x")


def _draw_indices(axes: Axes, table: pd.DataFrame) -> None:
    """Draw both indices of each input; grey where 0 is in the interval."""
    for place, row in enumerate(table.to_dict("records")):
        if not np.isfinite(row["total"]):
            continue
        total_at, first_at = place - 0.13, place + 0.13
        both = [row["first"], row["total"]]
        axes.plot(both, [first_at, total_at], color=LINE_GREY, linewidth=0.6, zorder=2)
        for name, at in (("total", total_at), ("first", first_at)):
            low, high = row[f"{name}_low"], row[f"{name}_high"]
            colour = MID_GREY if low <= 0.0 <= high else INK
            axes.hlines(at, low, high, color=colour, linewidth=0.8, zorder=3)
            face = colour if name == "total" else "white"
            look: Look = {**_DOT, "color": colour, "markerfacecolor": face}
            marks(axes, row[name], at, **look, zorder=4)
    ends = table[["first_low", "total_high"]].to_numpy(np.float64)
    low, high = np.nanmin([0.0, *ends[:, 0]]), np.nanmax([0.1, *ends[:, 1]])
    axes.set_xlim(float(low) - 0.02 * float(high - low), float(high) * 1.04)
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=1)
    count_shares(axes.xaxis, 4)
    axes.set_xlabel("Sobol' index")
    plain_axes(axes, "x")


def _name_rows(axes: Axes, table: pd.DataFrame) -> None:
    names = []
    for path in table.path:
        lines = wrap(wording(path).label, _LABEL)
        names.append("\n".join([*lines[:1], " ".join(lines[1:])]).rstrip())
    axes.set_yticks(range(len(table)), names)
    axes.set_ylim(len(table) - 0.5, -0.5)


def _key() -> list[Patch | Line2D]:
    return [
        Patch(**MORE, label="high value"),
        Patch(**LESS, label="low value"),
        sign("o", "with others (total)", **_DOT, markerfacecolor=INK),
        sign("o", "alone (first order)", **_DOT, markerfacecolor="white"),
    ]


def of(source: Any) -> Figure:
    """Draw it of a sensitivity analysis, or of a rough one of a scenario."""
    found = source.sensitivity()
    made = found.manifest
    return sensitivity(
        found.tornado,
        found.sobol,
        found.context(),
        outcome=made["outcome"],
        estimate=made["estimate"]["estimate"],
        inputs_share=made["luck"]["inputs"]["estimate"],
        rows=made["samples"],
        rows_needed=made["advice"]["samples"] if found.is_wide else 0,
    )
