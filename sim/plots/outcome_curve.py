"""Figure 3: the share of runs with a ceasefire against the land held at the start."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.analysis.curve import Curve, Difference, curve, input_band
from sim.analysis.narrative.words import long_date
from sim.plots.bar_table import WIDTH, bar_table
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context, short_date
from sim.plots.strokes import LESS, Look, count_shares, key_at, luck_band, marks
from sim.plots.style import (
    HEADROOM,
    INK,
    LINE_GREY,
    OBSERVED_HATCH,
    header,
    plain_axes,
    probability_axis,
)
from sim.plots.words import (
    Counts,
    about_path,
    chip_of,
    counts_for,
    outcome_words,
    path_label,
    subject_of,
    unit_of,
)

QUESTION = "Does holding more make a truce likelier?"
OF_ONE_RUN, APART = False, False


@dataclass(frozen=True)
class Observed:
    """What was observed on one day: best estimate, and its lower and upper bound."""

    day: date
    midpoint_km2: float
    confirmed_held_km2: float
    upper_bound_km2: float

    def sentence(self, chip: str) -> str:
        """Return the observation in words."""
        return (
            f"Observed on {long_date(str(self.day))}: "
            f"{self.midpoint_km2:,.0f} km² of {chip} held, "
            f"at least {self.confirmed_held_km2:,.0f} "
            f"and at most {self.upper_bound_km2:,.0f}."
        )


@dataclass(frozen=True, eq=False)
class CurveWords(Words):
    """Sentences about one curve, shared by caption, alternative text and terminal."""

    curve: Curve
    path: str
    outcome: str
    context: Context
    band: pd.DataFrame | None = None
    observed: Observed | None = None
    name = "outcome_curve"

    @cached_property
    def counts(self) -> Counts:
        """How shares are written here."""
        return counts_for(
            int(self.curve.replicates.min()),
            np.append(self.curve.low, self.curve.diff_low),
            np.append(self.curve.high, self.curve.diff_high),
        )

    @property
    def event(self) -> str:
        """What the runs are counted for."""
        return outcome_words(self.outcome, self.context.within_days)

    @property
    def title(self) -> str:
        """The question."""
        chip = chip_of(self.path)
        if self.outcome in ("truce_share", "full_truce_share"):
            if chip:
                return f"Does holding more of {chip} make a ceasefire more likely?"
            return f"Is a ceasefire more likely when {subject_of(self.path)} is higher?"
        return f"Does {subject_of(self.path)} change how many runs have {self.event}?"

    def at(self, index: int) -> str:
        """Return a setting with its unit."""
        return f"{self.curve.setting[index]:,.6g}{unit_of(self.path)}"

    def ends(self) -> str:
        """Return the two ends of the curve and the difference between them."""
        curve, counts = self.curve, self.counts
        if len(curve) == 1:
            return (
                f"At {self.at(0)}: {counts.of(curve.share[0])} with {self.event}"
                f", interval {counts.number(curve.low[0])} to "
                f"{counts.number(curve.high[0])}."
            )
        return (
            f"From {curve.setting[0]:,.6g} to {self.at(-1)}: "
            f"{counts.number(curve.share[0])} to {counts.of(curve.share[-1])} with "
            f"{self.event}; {self._difference(self._of_ends())}."
        )

    def shape(self) -> str:
        """Return what lies between the ends; empty for two settings or one."""
        share, steps = self.curve.share, len(self.curve) - 1
        if steps < 2:
            return ""
        if np.ptp(share) == 0.0:
            return "All settings have the same share."
        extremes = self._extremes("largest", "smallest")
        if extremes:
            return " ".join(self._extreme(word, index) for word, index in extremes)
        if share[-1] == share[0]:
            return "Both ends have the same share."
        way = "rises" if share[-1] > share[0] else "falls"
        against = self.curve.steps_against()
        if against == 0:
            return f"In between the share {way} or stays at every step."
        return (
            f"In between the share {way}, except at {against} of {steps} steps, "
            "where it goes the other way."
        )

    def brief(self) -> str:
        """Return the curve in one clause."""
        share, counts = self.curve.share, self.counts
        extremes = [
            f", {word} at {self.at(index)} with {counts.number(share[index])}"
            for word, index in self._extremes("highest", "lowest")
        ]
        return (
            f"The line goes from {counts.number(share[0])} to {counts.of(share[-1])}"
            f"{''.join(extremes)}."
        )

    def caption(self) -> list[str]:
        """The answer in counts, and what the bands cover."""
        return [
            self.ends(),
            self.shape(),
            f"Grey band: luck, Wilson 95 % interval of {self._runs()} a setting; about "
            "5 of 100 such bands miss. Lower panel: difference from "
            f"{self.at(self.curve.reference)} run by run with the same luck, 95 % "
            "interval.",
            self._inputs(),
            self._seen(),
            about_path(self.path),
        ]

    def alt_text(self) -> list[str]:
        """The picture in words."""
        setting, band, last = self.curve.setting, self.band, self._of_ends()
        kind = "Paired" if last.paired else "Unpaired"
        return [
            "Line chart; paired differences below.",
            f"Across: {path_label(self.path)}, {setting[0]:,.6g} to "
            f"{setting[-1]:,.6g}.",
            f"Up: share of runs with {self.event}, 0 to 1.",
            self.brief(),
            f"{kind} difference of the ends: {self.counts.difference(*last.interval)}.",
            f"The grey band is luck in {self._runs()} a setting;",
            "what is not known of the inputs is not shown."
            if band is None
            else f"the hatched band is the inputs, {band['input_sets'].iloc[0]} sets.",
            f"A rule marks the {self.observed.midpoint_km2:,.0f} km² observed."
            if self.observed
            else "",
        ]

    def text(self) -> str:
        """Return the curve as a table with a bar for each interval, and its answer.

        No line is longer than 80 characters.
        """
        found, base = self.curve, self.counts.base
        lines = [
            self.title,
            "",
            f"{path_label(self.path)}: first column.",
            f"Runs of {base} with {self.event} (95 % interval, luck only), and",
            f"the difference from {self.at(found.reference)} run by run, same luck.",
            "",
            *bar_table(found, self.counts),
            "",
            *wrap(f"{self.ends()} {self.shape()}".strip(), WIDTH),
        ]
        lines += wrap(self._seen(), WIDTH) + wrap(self.last_line(), WIDTH)
        return "\n".join(lines).replace("km²", "km2") + "\n"

    def _inputs(self) -> str:
        """Return what is said of the inputs: how wide they are, and the direction."""
        if self.band is None:
            return (
                "The figure shows luck only; what is not known about the inputs would "
                "widen it, and more runs would not help."
            )
        *_, sets, higher, lower = (int(each) for each in self.band.iloc[0])
        return (
            "Hatched band: what is not known about the inputs, 5 to 95 % of "
            f"{sets} sets of inputs; 10 of 100 sets lie outside. More runs do "
            f"not narrow it. Of {sets} sets of inputs, the share at {self.at(-1)} "
            f"is larger than at {self.at(0)} in {higher}, smaller in {lower} "
            f"and the same in {sets - higher - lower}."
        )

    def _seen(self) -> str:
        """Return what was observed, which is of a chip."""
        chip = chip_of(self.path)
        return self.observed.sentence(chip) if self.observed and chip else ""

    def _extremes(self, high: str, low: str) -> list[tuple[str, int]]:
        """Return what is higher or lower than both ends, by the words for it."""
        curve = self.curve
        found = ((high, curve.inner_largest()), (low, curve.inner_smallest()))
        return [(word, index) for word, index in found if index is not None]

    def _extreme(self, word: str, index: int) -> str:
        curve = self.curve
        to_ends = [curve.difference(index, end) for end in (0, len(curve) - 1)]
        found = "; ".join(
            f"against {self.at(end)} {self._difference(difference)}"
            for end, difference in zip((0, -1), to_ends, strict=True)
        )
        beyond = [difference.beyond_luck for difference in to_ends]
        if all(beyond):
            verdict = "More than luck at both ends."
        elif any(beyond):
            near = self.at(-1 if beyond[0] else 0)
            verdict = f"These runs do not tell it apart from {near}."
        else:
            verdict = "These runs do not tell it apart from either end."
        share = self.counts.number(curve.share[index])
        return f"The {word} share, {share}, is at {self.at(index)}: {found}. {verdict}"

    def _of_ends(self) -> Difference:
        return self.curve.difference(len(self.curve) - 1, 0)

    def _difference(self, difference: Difference) -> str:
        kind = "paired" if difference.paired else "unpaired"
        text = f"{kind} difference {self.counts.difference(*difference.interval)}"
        return text if difference.beyond_luck else f"{text}, which holds 0"

    def _runs(self) -> str:
        replicates = self.curve.replicates
        fewest, most = int(replicates.min()), int(replicates.max())
        return f"{most:,} runs" if fewest == most else f"{fewest:,} to {most:,} runs"


def outcome_curve(
    cells: pd.DataFrame,
    context: Context,
    *,
    path: str = "chips.kursk.area_km2",
    outcome: str = "full_truce_share",
    input_sets: pd.DataFrame | None = None,
    observed: Observed | None = None,
) -> Figure:
    """Draw the curve, its two kinds of uncertainty, and the paired differences.

    `cells` are rows of `cells.parquet` that differ in `path` only, one of them the
    reference; `outcome` is one of its shares. `input_sets` has columns `path`,
    `input_set` and `outcome`, one row a setting and set of inputs: what is not known
    about the inputs; without it the figure shows luck only and says so. `observed`,
    what was held, is drawn only when `path` is the area of a chip. ValueError as
    `sim.analysis.curve.curve`, or if `input_sets` lacks a setting.
    """
    found = curve(cells, path, outcome)
    band = None if input_sets is None else input_band(input_sets, found, path, outcome)
    seen = observed if chip_of(path) else None
    words = CurveWords(found, path, outcome, context, band, seen)
    with words.canvas() as canvas:
        above, below = canvas.subplots(
            2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 1], "hspace": 0.22}
        )
        canvas.subplots_adjust(left=0.06, right=0.97, top=0.835, bottom=0.165)
        _draw_shares(above, found, band)
        _draw_differences(below, found)
        if seen is not None:
            _draw_observed(above, below, seen)
        header(above, f"share of runs with {words.event}")
        header(
            below,
            f"difference from {words.at(found.reference)}, "
            "run by run with the same luck; 95 % interval",
        )
        below.set_xlabel(path_label(path))
        below.xaxis.set_major_formatter(lambda number, _: f"{number:,.6g}")
        entries, _ = above.get_legend_handles_labels()
        key_at(canvas, entries, 0.925, 2, handlelength=1.8, columnspacing=1.5)
    return words.figure(canvas, _table(found, band, path, outcome))


def _draw_shares(axes: Axes, curve: Curve, band: pd.DataFrame | None) -> None:
    luck_band(axes, curve.setting, curve.low, curve.high, label="luck: 95 % interval")
    if band is not None:
        label = f"inputs not known: 90 of 100 sets ({band['input_sets'].iloc[0]} sets)"
        ends = band["inputs_low"], band["inputs_high"]
        look: Look = {**LESS, "facecolor": "none", "label": label}
        axes.fill_between(curve.setting, *ends, **look)
    axes.plot(curve.setting, curve.share, color=INK, linewidth=1.5, zorder=4)
    # Whiskers keep the interval legible where the band is thinner than the line.
    axes.vlines(curve.setting, curve.low, curve.high, color=INK, linewidth=0.8)
    marks(axes, curve.setting, curve.share, size=3, zorder=5)
    plain_axes(axes)
    probability_axis(axes)
    axes.tick_params(axis="x", length=0)


def _draw_differences(axes: Axes, curve: Curve) -> None:
    axes.axhline(0.0, color=LINE_GREY, linewidth=0.8)
    lows, highs = curve.diff_low, curve.diff_high
    axes.vlines(curve.setting, lows, highs, color=INK, linewidth=0.8)
    marks(axes, curve.setting, curve.diff, size=2.2)
    # Caps show an interval that is hardly longer than its dot.
    for ends in (lows, highs):
        marks(axes, curve.setting, ends, "_", 5)
    low, high = min(0.0, float(lows.min())), max(0.0, float(highs.max()))
    # Differences of a few runs in a hundred must not look like a cliff.
    room = max(0.0, 0.1 - (high - low)) / 2 + 0.08 * (high - low)
    axes.set_ylim(low - room, high + room)
    count_shares(axes.yaxis, 3)
    plain_axes(axes)
    left = min(0.0, float(curve.setting[0]))
    width = float(curve.setting[-1]) - left or 1.0
    axes.set_xlim(left - 0.015 * width, left + 1.015 * width)


def _draw_observed(above: Axes, below: Axes, observed: Observed) -> None:
    low, high = observed.confirmed_held_km2, observed.upper_bound_km2
    left, right = below.get_xlim()
    below.set_xlim(min(left, low), max(right, high * 1.02))
    for axes in (above, below):
        axes.axvline(
            observed.midpoint_km2, ymax=0.96, color=INK, linewidth=0.8, zorder=1
        )
    top = above.get_ylim()[1]
    heights = [1.0 + HEADROOM * 0.25, 1.0 + HEADROOM * 0.75]
    look: Look = {"facecolor": "white", "edgecolor": INK, "hatch": OBSERVED_HATCH}
    above.fill_betweenx(heights, low, high, **look, linewidth=0.6, zorder=3)
    left, right = below.get_xlim()
    gap = 0.01 * (right - left)
    on_the_left = high > left + 0.53 * (right - left)
    at, ha = (low - gap, "right") if on_the_left else (high + gap, "left")
    text = (
        f"observed {short_date(observed.day)} {observed.day.year}: "
        f"{observed.midpoint_km2:,.0f} km² ({low:,.0f} to {high:,.0f})"
    )
    above.text(at, (1.0 + top) / 2 - HEADROOM * 0.06, text, ha=ha, va="center")


def _table(
    curve: Curve, band: pd.DataFrame | None, path: str, outcome: str
) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            path: curve.setting,
            "replicates": curve.replicates.astype(np.int64),
            outcome: curve.share,
            f"{outcome}_low": curve.low,
            f"{outcome}_high": curve.high,
            f"{outcome}_diff": curve.diff,
            f"{outcome}_diff_low": curve.diff_low,
            f"{outcome}_diff_high": curve.diff_high,
        }
    )
    return table if band is None else table.join(band)


# Settings and runs of each, where a scenario is swept for the figure.
_AREAS, _RUNS = 11, 1000


def of(source: Any) -> Figure:
    """Draw it of the cells of a sweep in which only one path varies."""
    sweep = source.sweep(source.areas(_AREAS), _RUNS)
    path = sweep.numeric_path(next(iter(source.options.paths), None))
    cells, sets = sweep.alone(path), sweep.input_sets
    return outcome_curve(
        cells,
        sweep.context(path),
        path=path,
        input_sets=None if sets is None else sweep.along(sets, path),
        observed=sweep.observed(path),
    )
