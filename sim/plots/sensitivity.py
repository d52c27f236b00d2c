"""Figure 7: how far each assumption moves an outcome, alone and with the others."""

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from sim.analysis.narrative.labels import short_name, short_number
from sim.analysis.narrative.words import joined
from sim.analysis.outcomes import is_chance
from sim.plots.figure import Figure
from sim.plots.provenance import Context
from sim.plots.style import (
    INK,
    LIGHT_GREY,
    LINE_GREY,
    MID_GREY,
    TEXT_PT,
    UNKNOWN_HATCH,
    figure_style,
    header,
    new_canvas,
    short_share,
)
from sim.plots.words import Counts, counts_for, outcome_words

QUESTION = "Which assumptions move the answer most?"
OF_ONE_RUN, APART = False, True

_MUCH = 0.1  # a total index from here on is named


@dataclass(frozen=True, eq=False)
class Matters:
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

    title = "Which assumptions move the answer most?"

    @property
    def what(self) -> str:
        """The outcome in words: what runs have, or a mean."""
        if is_chance(self.outcome):
            return f"runs with {outcome_words(self.outcome, self.context.within_days)}"
        return self.outcome

    @property
    def left_header(self) -> str:
        """What the bars are the change of."""
        if is_chance(self.outcome):
            event = outcome_words(self.outcome, self.context.within_days)
            return f"change in the share with {event}"
        return f"change in {self.outcome}"

    @property
    def left_axis(self) -> str:
        """Where the bars start."""
        if is_chance(self.outcome):
            own = self.counts.of(self.estimate)
            return f"from {own} at the scenario's own values"
        return f"from {self.estimate:.4g} at the scenario's own values"

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
        if is_chance(self.outcome):
            return self.counts.of(number)
        return f"{number:.4g}"

    def difference(self, row: "pd.Series[float]") -> str:
        """Return the paired difference from low to high with its interval."""
        numbers = (row.across_diff, row.across_diff_low, row.across_diff_high)
        if is_chance(self.outcome):
            return self.counts.difference(*numbers)
        estimate, low, high = (f"{number:.4g}" for number in numbers)
        return f"{estimate}, interval {low} to {high}"

    @property
    def still(self) -> int:
        """Inputs of which neither end changes the outcome, one at a time."""
        return int((self.tornado["size"] == 0.0).sum())

    @property
    def large(self) -> pd.DataFrame:
        """Inputs with an index of their own that is large, beyond doubt of 0."""
        own = self.sobol[self.sobol.inputs == 1]
        return own[(own.total >= _MUCH) & (own.total_low > 0.0)]

    @property
    def not_told(self) -> int:
        """Inputs drawn whose total index cannot be told from 0."""
        return int((self.table.total_low <= 0.0).sum())

    @property
    def rest(self) -> "pd.Series[float] | None":
        """The row of all other inputs together, if there is one."""
        shared = self.sobol[self.sobol.inputs > 1]
        return None if shared.empty else shared.iloc[0]

    def unseen(self) -> list[str]:
        """Inputs that are not drawn, with a larger index than one that is."""
        drawn = self.sobol.path.isin(self.table.path)
        least = self.table.total.min()
        own = (self.sobol.inputs == 1) & ~drawn & (self.sobol.total > least)
        return list(self.sobol.path[own])


def caption(words: Matters) -> str:
    """Return the answer, and what each kind of uncertainty covers."""
    most = words.table.iloc[0]
    count = len(words.tornado)
    sentences = [
        f"Moved alone, {short_name(most.path)} does most: from "
        f"{short_number(most.low)} to {short_number(most.high)}, "
        f"{words.amount(most.at_low)} become {words.amount(most.at_high)} "
        f"({words.what}; paired difference {words.difference(most)}).",
    ]
    if words.still:
        sentences.append(
            f"Of {count} inputs {words.still} change nothing when moved alone."
        )
    large = words.large
    if len(large):
        named = joined(
            [
                f"{short_name(path)} ({total:.2f})"
                for path, total in zip(large.path[:3], large.total[:3], strict=True)
            ]
        )
        carry = "carries" if len(large) == 1 else "carry"
        sentences.append(
            f"{len(large)} of {count} inputs {carry} a tenth of the spread or more, "
            f"with others: {'first ' if len(large) > 3 else ''}{named}."
        )
    if words.not_told:
        sentences.append(
            f"{words.not_told} of the {len(words.table)} shown cannot be told from 0 "
            "with this many samples (light grey)."
        )
    if words.unseen():
        listed = joined([short_name(path) for path in words.unseen()])
        sentences.append(f"Not shown, but not smaller in total: {listed}.")
    rest = words.rest
    if rest is not None:
        sentences.append(
            f"The {int(rest.inputs)} other inputs together have a total of "
            f"{rest.total:.2f} ({rest.total_low:.2f} to {rest.total_high:.2f})."
        )
    if words.table.path.str.endswith("win_probability").any():
        sentences.append("Odds are those of the scenario's front.side in a battle.")
    share = f"{100 * words.inputs_share:.0f}"
    sentences += [
        f"Of the variance of a single run's outcome, {share} parts of 100 come from "
        "the inputs, the rest is luck, which the indices leave out.",
        "Bars: one input at its low or high value, all others at the scenario's own; "
        f"whiskers are luck, 95 % in {words.context.replicates:,} pairs of runs. Dots: "
        "all inputs drawn between their bounds; whiskers are 95 % intervals of "
        f"{words.rows:,} resampled rows of the design. A long rule between the dots: "
        "the input acts through others.",
    ]
    if words.rows_needed:
        sentences.append(
            f"About {words.rows_needed:,} rows would make all intervals of dots narrow "
            "(ceasefire sensitivity --samples)."
        )
    return f"{' '.join(sentences)}\n{words.context.last_line()}"


def alt_text(words: Matters) -> str:
    """Return the picture in words."""
    most = words.table.iloc[0]
    top = words.table.dropna(subset=["total"]).sort_values("total").tail(1)
    sentences = [
        f"Tornado of {len(words.table)} inputs beside dots of their Sobol' indices.",
        f"Bars: change in {words.what}, from {words.amount(words.estimate)}.",
        f"Longest: {short_name(most.path)}, {short_number(most.low)} to "
        f"{short_number(most.high)}, {words.difference(most)}; shortest: "
        f"{short_name(words.table.path.iloc[-1])}.",
    ]
    for row in top.itertuples():
        sentences.append(
            f"Largest total index: {short_name(str(row.path))}, {row.total:.2f} "
            f"({row.total_low:.2f} to {row.total_high:.2f})."
        )
    sentences.append("Whiskers are 95 % intervals: luck on bars, samples on dots.")
    return " ".join(sentences)


SHOWN = 10
_LABEL = 30  # characters of an input's name that fit beside the bars
_BAR = 0.62  # height of a bar, of a row
_APART = 0.25  # of two values one above the other, from the middle of the row


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

    Parameters
    ----------
    tornado, sobol : DataFrame
        As `sim.api.sensitivity.Sensitivity` has them; inputs of the tornado without a
        row in `sobol` have no dots.
    context : Context
        Where the numbers come from; `replicates` are those of the tornado.
    outcome : str
        The mean over worlds that is looked at.
    estimate, inputs_share : float
        That mean in the scenario as it is; the share of one world's variance that
        comes from the inputs.
    rows : int
        Of the Sobol' design.
    rows_needed : int
        How many would make the widest interval of a total index narrow enough.

    Raises
    ------
    ValueError
        If the tornado has no rows.
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
    with figure_style():
        canvas = new_canvas(words.title, context.footer())
        left, right = canvas.subplots(
            1, 2, sharey=True, gridspec_kw={"width_ratios": [5, 3], "wspace": 0.08}
        )
        canvas.subplots_adjust(left=0.325, right=0.975, top=0.81, bottom=0.155)
        _draw_swings(left, table, words)
        _draw_indices(right, table)
        _name_rows(left, table)
        # To the left it may run on over the names.
        left.set_title(words.left_header, loc="right", size=TEXT_PT, pad=3.0)
        header(right, "share of the spread")
        canvas.legend(
            handles=_key(),
            loc="upper left",
            bbox_to_anchor=(0.012, 0.925),
            ncols=4,
            frameon=False,
            borderaxespad=0.0,
            handlelength=1.5,
            columnspacing=1.2,
        )
    return Figure(
        name="sensitivity",
        title=words.title,
        figure=canvas,
        caption=caption(words),
        alt_text=alt_text(words),
        table=table,
        origin=context.metadata(),
    )


def _draw_swings(axes: Axes, table: pd.DataFrame, words: Matters) -> None:
    """Draw a bar to either end; where both lie on one side, each has half the row."""
    reach = max(
        float(table[[f"{end}_diff_low", f"{end}_diff_high"]].abs().to_numpy().max())
        for end in ("low", "high")
    )
    reach = reach or 1.0
    # Room for the values that stand at the ends.
    axes.set_xlim(
        min(0.0, float(table[["low_diff", "high_diff"]].min().min())) - 0.32 * reach,
        max(0.0, float(table[["low_diff", "high_diff"]].max().max())) + 0.27 * reach,
    )
    for place, row in enumerate(table.to_dict("records")):
        low, high = float(row["low_diff"]), float(row["high_diff"])
        same_side = low * high > 0.0
        height = _BAR / 2 if same_side else _BAR
        for end, other, at in (("high", low, -1), ("low", high, 1)):
            length = float(row[f"{end}_diff"])
            middle = place + (at * height / 2 if same_side else 0.0)
            hatched = end == "low"
            axes.add_patch(
                Rectangle(
                    (0.0, middle - height / 2),
                    length,
                    height,
                    facecolor="white" if hatched else MID_GREY,
                    edgecolor=LINE_GREY,
                    linewidth=0.6,
                    hatch=UNKNOWN_HATCH if hatched else None,
                    zorder=2,
                )
            )
            ends = float(row[f"{end}_diff_low"]), float(row[f"{end}_diff_high"])
            if length != 0.0:
                axes.hlines(middle, *ends, color=INK, linewidth=1.0, zorder=4)
            side = (
                np.sign(length) or -np.sign(other) or (1.0 if end == "high" else -1.0)
            )
            tip = max(ends, key=lambda each: each * side) if length != 0.0 else 0.0
            axes.annotate(
                short_number(float(row[end])),
                (tip, place + at * _APART if same_side else middle),
                xytext=(3.0 * side, 0.0),
                textcoords="offset points",
                ha="left" if side > 0 else "right",
                va="center",
            )
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=3)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda number, _: short_share(number))
    _plain(axes)
    axes.set_xlabel(words.left_axis)


def _draw_indices(axes: Axes, table: pd.DataFrame) -> None:
    """Draw both indices of each input; grey where 0 is in the interval."""
    for place, row in enumerate(table.to_dict("records")):
        if not np.isfinite(row["total"]):
            continue
        total_at, first_at = place - 0.13, place + 0.13
        axes.plot(
            [row["first"], row["total"]],
            [first_at, total_at],
            color=LINE_GREY,
            linewidth=0.6,
            zorder=2,
        )
        for name, at in (("total", total_at), ("first", first_at)):
            low, high = row[f"{name}_low"], row[f"{name}_high"]
            colour = MID_GREY if low <= 0.0 <= high else INK
            axes.hlines(at, low, high, color=colour, linewidth=0.8, zorder=3)
            axes.plot(
                row[name],
                at,
                "o",
                color=colour,
                markerfacecolor=colour if name == "total" else "white",
                markersize=4.2,
                markeredgewidth=0.9,
                zorder=4,
                clip_on=False,
            )
    ends = table[["first_low", "total_high"]].to_numpy(np.float64)
    low, high = np.nanmin([0.0, *ends[:, 0]]), np.nanmax([0.1, *ends[:, 1]])
    axes.set_xlim(float(low) - 0.02 * float(high - low), float(high) * 1.04)
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=1)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(lambda number, _: short_share(number))
    axes.set_xlabel("Sobol' index")
    _plain(axes)


def _name_rows(axes: Axes, table: pd.DataFrame) -> None:
    names = []
    for path in table.path:
        lines = wrap(short_name(path), _LABEL)
        names.append("\n".join([*lines[:1], " ".join(lines[1:])]).rstrip())
    axes.set_yticks(range(len(table)), names, linespacing=0.95)
    axes.set_ylim(len(table) - 0.5, -0.5)


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(visible=True, axis="x", color=LIGHT_GREY, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)


def _key() -> list[Patch | Line2D]:
    def dot(face: str, label: str) -> Line2D:
        return Line2D(
            [],
            [],
            linestyle="none",
            marker="o",
            color=INK,
            markerfacecolor=face,
            markersize=4.2,
            markeredgewidth=0.9,
            label=label,
        )

    return [
        Patch(
            facecolor=MID_GREY, edgecolor=LINE_GREY, linewidth=0.6, label="high value"
        ),
        Patch(
            facecolor="white",
            edgecolor=LINE_GREY,
            linewidth=0.6,
            hatch=UNKNOWN_HATCH,
            label="low value",
        ),
        dot(INK, "with others (total)"),
        dot("white", "alone (first order)"),
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
