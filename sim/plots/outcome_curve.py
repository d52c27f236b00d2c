"""Figure 3: the share of runs with a ceasefire against the land held at the start."""

from dataclasses import dataclass, replace
from datetime import date
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.analysis.curve import Curve, Difference, curve
from sim.analysis.narrative.words import long_date
from sim.batch.intervals import Floats
from sim.plots.figure import Figure
from sim.plots.provenance import Context, short_date
from sim.plots.style import (
    HEADROOM,
    INK,
    LIGHT_GREY,
    LINE_GREY,
    OBSERVED_HATCH,
    UNKNOWN_HATCH,
    figure_style,
    header,
    new_canvas,
    plain_axes,
    probability_axis,
    short_share,
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
class InputBand:
    """Range over sets of inputs at each setting of a curve, arrays (n_settings,).

    5 and 95 % quantiles over `sets` sets; the tenth of the sets outside is meant to be.
    Of the sets, `higher` have a larger share at the last setting than at the first, and
    `lower` a smaller one: the direction may be known where the level is not.
    """

    low: Floats
    high: Floats
    sets: int
    higher: int
    lower: int

    def direction(self, words: "CurveWords") -> str:
        """Return in how many sets the share rises, falls and stays."""
        same = self.sets - self.higher - self.lower
        return (
            f"Of {self.sets} sets of inputs, the share at {words.at(-1)} is larger "
            f"than at {words.at(0)} in {self.higher}, smaller in {self.lower} and "
            f"the same in {same}."
        )


@dataclass(frozen=True, eq=False)
class CurveWords:
    """Sentences about one curve, shared by caption, alternative text and terminal."""

    curve: Curve
    path: str
    outcome: str
    context: Context

    @property
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

    def title(self) -> str:
        """Return the question."""
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
                f"At {self.at(0)}: {counts.of(float(curve.share[0]))} with {self.event}"
                f", interval {counts.number(float(curve.low[0]))} to "
                f"{counts.number(float(curve.high[0]))}."
            )
        first, last = float(curve.share[0]), float(curve.share[-1])
        difference = curve.difference(len(curve) - 1, 0)
        return (
            f"From {curve.setting[0]:,.6g} to {self.at(-1)}: {counts.number(first)} to "
            f"{counts.of(last)} with {self.event}; {self._difference(difference)}."
        )

    def shape(self) -> str:
        """Return what lies between the ends; empty for two settings or one."""
        curve = self.curve
        if len(curve) < 3:
            return ""
        if np.ptp(curve.share) == 0.0:
            return "All settings have the same share."
        extremes = [
            self._extreme(word, index)
            for word, index in (
                ("largest", curve.inner_largest()),
                ("smallest", curve.inner_smallest()),
            )
            if index is not None
        ]
        return " ".join(extremes) if extremes else self._between()

    def brief(self) -> str:
        """Return the curve in one clause."""
        curve, counts = self.curve, self.counts
        shares = [float(share) for share in curve.share]
        clause = (
            f"The line goes from {counts.number(shares[0])} to {counts.of(shares[-1])}"
        )
        for word, index in (
            ("highest", curve.inner_largest()),
            ("lowest", curve.inner_smallest()),
        ):
            if index is not None:
                clause += (
                    f", {word} at {self.at(index)} with {counts.number(shares[index])}"
                )
        return f"{clause}."

    def _between(self) -> str:
        against, steps = self.curve.steps_against(), len(self.curve) - 1
        if self.curve.share[-1] == self.curve.share[0]:
            return "Both ends have the same share."
        way = "rises" if self.curve.share[-1] > self.curve.share[0] else "falls"
        if against == 0:
            return f"In between the share {way} or stays at every step."
        return (
            f"In between the share {way}, except at {against} of {steps} steps, "
            "where it goes the other way."
        )

    def _extreme(self, word: str, index: int) -> str:
        curve = self.curve
        to_ends = [curve.difference(index, 0), curve.difference(index, len(curve) - 1)]
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
        share = self.counts.number(float(curve.share[index]))
        return f"The {word} share, {share}, is at {self.at(index)}: {found}. {verdict}"

    def _difference(self, difference: Difference) -> str:
        interval = difference.interval
        kind = "paired" if difference.paired else "unpaired"
        text = f"{kind} difference {self.counts.difference(*interval)}"
        return text if difference.beyond_luck else f"{text}, which holds 0"


def caption(
    words: CurveWords, band: InputBand | None, observed: Observed | None
) -> str:
    """Return the answer in counts, what the bands cover, and the origin."""
    curve = words.curve
    sentences = [words.ends(), words.shape()]
    sentences.append(
        f"Grey band: luck, Wilson 95 % interval of {_runs(curve)} a setting; about "
        "5 of 100 such bands miss. Lower panel: difference from "
        f"{words.at(curve.reference)} run by run with the same luck, 95 % interval."
    )
    if band is None:
        sentences.append(
            "The figure shows luck only; what is not known about the inputs would "
            "widen it, and more runs would not help."
        )
    else:
        sentences.append(
            f"Hatched band: what is not known about the inputs, 5 to 95 % of "
            f"{band.sets} sets of inputs; 10 of 100 sets lie outside. More runs do "
            f"not narrow it. {band.direction(words)}"
        )
    if observed is not None:
        sentences.append(observed.sentence(chip_of(words.path) or words.path))
    sentences.append(about_path(words.path))
    answer = " ".join(sentence for sentence in sentences if sentence)
    return f"{answer}\n{words.context.last_line()}"


def alt_text(
    words: CurveWords, band: InputBand | None, observed: Observed | None
) -> str:
    """Return the picture in words."""
    curve = words.curve
    last = curve.difference(len(curve) - 1, 0)
    kind = "Paired" if last.paired else "Unpaired"
    sentences = [
        "Line chart; paired differences below.",
        f"Across: {path_label(words.path)}, {curve.setting[0]:,.6g} to "
        f"{curve.setting[-1]:,.6g}.",
        f"Up: share of runs with {words.event}, 0 to 1.",
        words.brief(),
        f"{kind} difference of the ends: {words.counts.difference(*last.interval)}.",
        f"The grey band is luck in {_runs(curve)} a setting;",
        "what is not known of the inputs is not shown."
        if band is None
        else f"the hatched band is the inputs, {band.sets} sets.",
    ]
    if observed is not None:
        sentences.append(f"A rule marks the {observed.midpoint_km2:,.0f} km² observed.")
    return " ".join(sentences)


def _runs(curve: Curve) -> str:
    fewest, most = int(curve.replicates.min()), int(curve.replicates.max())
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

    Parameters
    ----------
    cells : DataFrame
        Rows of `cells.parquet` that differ in `path` only, one of them the reference.
    context : Context
        Where the numbers come from.
    path, outcome : str
        Columns of `cells`: the varied quantity, and a share.
    input_sets : DataFrame, optional
        What is not known about the inputs: columns `path`, `input_set` and `outcome`,
        one row a setting and set of inputs. Left out, the figure shows luck only and
        says so.
    observed : Observed, optional
        What was held; drawn only when `path` is the area of a chip.

    Raises
    ------
    ValueError
        As `sim.analysis.curve.curve`; or if `input_sets` lacks a setting.
    """
    found = curve(cells, path, outcome)
    words = CurveWords(found, path, outcome, context)
    band = None if input_sets is None else _input_band(input_sets, found, path, outcome)
    seen = observed if chip_of(path) else None
    with figure_style():
        canvas = new_canvas(words.title(), context.footer())
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
        handles, labels = above.get_legend_handles_labels()
        canvas.legend(
            handles,
            labels,
            loc="upper left",
            bbox_to_anchor=(0.012, 0.925),
            ncols=2,
            frameon=False,
            borderaxespad=0.0,
            handlelength=1.8,
            columnspacing=1.5,
        )
    return Figure(
        name="outcome_curve",
        title=words.title(),
        figure=canvas,
        caption=caption(words, band, seen),
        alt_text=alt_text(words, band, seen),
        table=_table(found, band, path, outcome),
        origin=context.metadata(),
    )


def _draw_shares(axes: Axes, curve: Curve, band: InputBand | None) -> None:
    axes.fill_between(
        curve.setting,
        curve.low,
        curve.high,
        facecolor=LIGHT_GREY,
        edgecolor=LINE_GREY,
        linewidth=0.4,
        label="luck: 95 % interval",
    )
    if band is not None:
        axes.fill_between(
            curve.setting,
            band.low,
            band.high,
            facecolor="none",
            edgecolor=LINE_GREY,
            linewidth=0.6,
            hatch=UNKNOWN_HATCH,
            label=f"inputs not known: 90 of 100 sets ({band.sets} sets)",
        )
    axes.plot(curve.setting, curve.share, color=INK, linewidth=1.5, zorder=4)
    # Whiskers keep the interval legible where the band is thinner than the line.
    axes.vlines(curve.setting, curve.low, curve.high, color=INK, linewidth=0.8)
    axes.plot(
        curve.setting,
        curve.share,
        "o",
        color=INK,
        markersize=3,
        zorder=5,
        clip_on=False,
    )
    plain_axes(axes)
    probability_axis(axes)
    axes.tick_params(axis="x", length=0)


def _draw_differences(axes: Axes, curve: Curve) -> None:
    axes.axhline(0.0, color=LINE_GREY, linewidth=0.8)
    axes.vlines(
        curve.setting, curve.diff_low, curve.diff_high, color=INK, linewidth=0.8
    )
    axes.plot(
        curve.setting,
        curve.diff,
        "o",
        color=INK,
        markersize=2.2,
        clip_on=False,
    )
    # Caps show an interval that is hardly longer than its dot.
    for ends in (curve.diff_low, curve.diff_high):
        axes.plot(curve.setting, ends, "_", color=INK, markersize=5, clip_on=False)
    low = min(0.0, float(curve.diff_low.min()))
    high = max(0.0, float(curve.diff_high.max()))
    # Differences of a few runs in a hundred must not look like a cliff.
    room = max(0.0, 0.1 - (high - low)) / 2 + 0.08 * (high - low)
    axes.set_ylim(low - room, high + room)
    axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(lambda number, _: short_share(number))
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
    above.fill_betweenx(
        [1.0 + HEADROOM * 0.25, 1.0 + HEADROOM * 0.75],
        low,
        high,
        facecolor="white",
        edgecolor=INK,
        linewidth=0.6,
        hatch=OBSERVED_HATCH,
        zorder=3,
    )
    left, right = below.get_xlim()
    on_the_left = high > left + 0.53 * (right - left)
    gap = 0.01 * (right - left)
    above.text(
        low - gap if on_the_left else high + gap,
        (1.0 + top) / 2 - HEADROOM * 0.06,
        f"observed {short_date(observed.day)} {observed.day.year}: "
        f"{observed.midpoint_km2:,.0f} km² ({low:,.0f} to {high:,.0f})",
        ha="right" if on_the_left else "left",
        va="center",
    )


def _input_band(
    input_sets: pd.DataFrame, curve: Curve, path: str, outcome: str
) -> InputBand:
    by_setting = input_sets.groupby(path)[outcome]
    low, high = by_setting.quantile(0.05), by_setting.quantile(0.95)
    absent = [setting for setting in curve.setting if setting not in low.index]
    if absent:
        raise ValueError(f"input_sets has no rows with {path} = {absent[0]:g}")
    by_set = input_sets.pivot_table(index="input_set", columns=path, values=outcome)
    rise = by_set[curve.setting[-1]] - by_set[curve.setting[0]]
    return InputBand(
        low.loc[list(curve.setting)].to_numpy(np.float64),
        high.loc[list(curve.setting)].to_numpy(np.float64),
        sets=int(input_sets["input_set"].nunique()),
        higher=int((rise > 0.0).sum()),
        lower=int((rise < 0.0).sum()),
    )


def _table(
    curve: Curve, band: InputBand | None, path: str, outcome: str
) -> pd.DataFrame:
    columns = {
        path: curve.setting,
        "replicates": curve.replicates.astype(np.int64),
        outcome: curve.share,
        f"{outcome}_low": curve.low,
        f"{outcome}_high": curve.high,
        f"{outcome}_diff": curve.diff,
        f"{outcome}_diff_low": curve.diff_low,
        f"{outcome}_diff_high": curve.diff_high,
    }
    if band is not None:
        columns |= {
            "inputs_low": band.low,
            "inputs_high": band.high,
            "input_sets": np.full(len(curve), band.sets),
            "input_sets_higher_at_the_end": np.full(len(curve), band.higher),
            "input_sets_lower_at_the_end": np.full(len(curve), band.lower),
        }
    return pd.DataFrame(columns)


# Of a line, and of the bar in it where the numbers leave room for as many.
_WIDTH = 80
_BAR = 30


def text_curve(
    cells: pd.DataFrame,
    context: Context,
    *,
    path: str = "chips.kursk.area_km2",
    outcome: str = "full_truce_share",
    observed: Observed | None = None,
) -> str:
    """Return the curve as a table with a bar for each interval, and its answer.

    Arguments and errors as `sim.plots.outcome_curve.outcome_curve`. No line
    is longer than 80 characters.
    """
    found = curve(cells, path, outcome)
    words = CurveWords(found, path, outcome, context)
    counts = words.counts
    shares = zip(found.share, found.low, found.high, strict=True)
    differences = zip(found.diff, found.diff_low, found.diff_high, strict=True)
    rows = [
        (
            f"{setting:,.6g}",
            *_with_interval([counts.number(float(number)) for number in share]),
            *_with_interval([_signed(counts.number(float(d))) for d in difference]),
        )
        for setting, share, difference in zip(
            found.setting, shares, differences, strict=True
        )
    ]
    rows[found.reference] = (*rows[found.reference][:3], "reference", "")
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    columns = min(_BAR, _WIDTH - sum(widths) - 8)
    bars = [
        _bar(float(share), float(low), float(high), columns)
        for share, low, high in zip(found.share, found.low, found.high, strict=True)
    ]
    table = [
        f"{row[0]:>{widths[0]}}  {row[1]:>{widths[1]}} {row[2]:<{widths[2]}}  "
        f"{bar}  {row[3]:>{widths[3] if row[4] else 0}} {row[4]}".rstrip()
        for row, bar in zip(rows, bars, strict=True)
    ]
    bar_at = " " * (widths[0] + widths[1] + widths[2] + 5)
    scale = f"{0:<{columns // 2}}{counts.base // 2:<{columns - columns // 2}}"
    lines = [
        words.title(),
        "",
        f"{path_label(path)}: first column.",
        f"Runs of {counts.base} with {words.event} (95 % interval, luck only), and",
        f"the difference from {words.at(found.reference)} run by run, same luck.",
        "",
        f"{bar_at}{scale}{counts.base}",
        *table,
        "",
        *wrap(f"{words.ends()} {words.shape()}".strip(), 80),
    ]
    chip = chip_of(path)
    if observed is not None and chip:
        lines += wrap(observed.sentence(chip), 80)
    lines += wrap(context.last_line(), 80)
    return "\n".join(lines).replace("km²", "km2") + "\n"


def _with_interval(numbers: list[str]) -> tuple[str, str]:
    estimate, low, high = numbers
    return estimate, f"({low} to {high})"


def _signed(number: str) -> str:
    return number if number.startswith("-") or float(number) == 0 else f"+{number}"


def _bar(share: float, low: float, high: float, columns: int) -> str:
    """Draw an interval on a line of so many columns from 0 to 1.

    >>> _bar(0.5, 0.25, 0.75, 30)
    '|      -------o--------      |'
    """
    first, dot, last = (
        int(np.clip(round(number * (columns - 1)), 0, columns - 1))
        for number in (low, share, high)
    )
    cells = [" "] * columns
    cells[0] = cells[-1] = "|"
    cells[first : last + 1] = "-" * (last + 1 - first)
    cells[dot] = "o"
    return "".join(cells)


# Settings and runs of each, where a scenario is swept for the figure.
_AREAS, _RUNS = 11, 1000


def of(source: Any) -> Figure:
    """Draw it of the cells of a sweep in which only one path varies."""
    sweep = source.sweep(source.areas(_AREAS), _RUNS)
    path = sweep.numeric_path(next(iter(source.options.paths), None))
    cells, sets = sweep.alone(path), sweep.input_sets
    context, observed = sweep.context(path), sweep.observed(path)
    figure = outcome_curve(
        cells,
        context,
        path=path,
        input_sets=None if sets is None else sweep.along(sets, path),
        observed=observed,
    )
    text = text_curve(cells, context, path=path, observed=observed)
    return replace(figure, text=text)
