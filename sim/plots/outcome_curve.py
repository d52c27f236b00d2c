"""Figure 3: both headlines against one varied quantity: a truce begins; it holds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.analysis.curve import curve, input_band
from sim.batch.estimates import HEADLINES
from sim.errors import UsageError
from sim.plots.curve_words import CurveWords, Line, Observed
from sim.plots.figure import Figure
from sim.plots.provenance import Context, short_date
from sim.plots.strokes import LESS, Look, count_shares, key_at, marks, sign
from sim.plots.style import (
    INK,
    LINE_GREY,
    OBSERVED_HATCH,
    header,
    headline_look,
    plain_axes,
    probability_axis,
)
from sim.plots.words import held_of, path_label, unit_of

QUESTION = "With more of it, does a truce begin, and does the fighting stop?"
OF_ONE_RUN, APART = False, False

# Lines of one headline, told apart by their marks: so many can be.
_MARKS = (("o", True), ("o", False), ("^", True))
MOST_LINES = len(_MARKS)


def outcome_curve(
    cells: pd.DataFrame,
    context: Context,
    *,
    path: str = "chips.kursk.area_km2",
    by: str | None = None,
    input_sets: pd.DataFrame | None = None,
    observed: Observed | None = None,
) -> Figure:
    """Draw both headlines side by side, and below them the paired differences.

    `cells` are rows of `cells.parquet` that differ in `path` only, or also in `by`, of
    which each of up to three settings has a line; one of them is the reference.
    `input_sets` has columns `path`, `input_set` and the headlines (with `by`, also
    that), one row a setting and set of inputs: what is not known about the inputs,
    drawn if there is one line; without it the figure shows luck only and says so. Where
    some of the sets fit the record (`fitted`), lines are their means, with bands in
    which half and nine in ten of them lie, and free inputs are an outline. `observed`,
    what was held, is drawn only when `path` is the area of a chip. ValueError as
    `sim.analysis.curve.curve`, if `input_sets` lacks a setting, none of the cells is
    the reference, or there are more lines than marks.
    """
    lines, reference = _lines(cells, path, by, input_sets, context)
    held = held_of(path, context)
    seen = observed if held is not None and held.unit == "km²" else None
    words = CurveWords(lines, path, context, by, reference, seen)
    with words.canvas() as canvas:
        heights = {"height_ratios": [3, 1], "hspace": 0.27, "wspace": 0.11}
        panels = canvas.subplots(2, 2, sharex=True, sharey="row", gridspec_kw=heights)
        key = _key(words)
        rows = 1 if len(key) < 3 else 2
        canvas.subplots_adjust(
            left=0.06, right=0.97, top=0.845 - 0.042 * rows, bottom=0.175
        )
        for (above, below), (headline, own) in zip(
            panels.T, words.by_headline().items(), strict=True
        ):
            _draw_shares(above, own)
            _draw_differences(below, own)
            clause = context.happens(headline)
            above.set_title("")
            header(above, f"share of runs in which\n{clause}")
        _set_room(panels[1], lines)
        if seen is not None:
            _draw_observed(panels.ravel(), seen)
        header(
            panels[1, 0],
            f"difference from {reference}, "
            + (
                "set by set; nine in ten sets of inputs"
                if lines[0].is_fitted
                else "run by run with the same luck; 95 % interval"
            ),
        )
        canvas.supxlabel(path_label(path, context), y=0.085, va="bottom", size=8)
        key_at(canvas, key, 0.93, 2, handlelength=2.4, columnspacing=1.5)
    return words.figure(canvas, _table(lines, path, by))


def _lines(
    cells: pd.DataFrame,
    path: str,
    by: str | None,
    input_sets: pd.DataFrame | None,
    context: Context,
) -> tuple[list[Line], str]:
    """Return the lines, headline by headline, and what differences are from."""
    parts = {"": cells}
    if by is not None:
        parts = {str(name): rows for name, rows in cells.groupby(by, sort=False)}
    if len(parts) > MOST_LINES:
        raise ValueError(f"{by} has {len(parts)} settings; {MOST_LINES} can be drawn")
    fit = input_sets is not None and "fitted" in input_sets
    found, reference = [], None
    for headline in HEADLINES:
        curves = {among: curve(rows, path, headline) for among, rows in parts.items()}
        own_sets = None
        for among, own in curves.items():
            if own.reference is not None:
                at = float(own.setting[own.reference])
                setting = f"{at:,.6g}{unit_of(path, context)}"
                reference = setting if by is None else f"{setting}, «{among}»"
                if input_sets is not None and fit:
                    rows = _among(input_sets, by, among)
                    rows = rows[rows[path] == at].set_index("input_set")
                    own_sets = rows[headline]
        for among, own in curves.items():
            band = None
            if input_sets is not None and (fit or len(parts) == 1):
                sets = _among(input_sets, by, among)
                band = input_band(sets, own, path, headline, own_sets)
            found.append(Line(headline, own, among, band))
    if reference is None:
        raise ValueError("none of the cells is the reference of the differences")
    return found, reference


def _among(rows: pd.DataFrame, by: str | None, among: str) -> pd.DataFrame:
    """Return the rows of one line."""
    return rows if by is None else rows[rows[by].astype(str) == among]


def _draw_shares(axes: Axes, lines: Sequence[Line]) -> None:
    for line, (marker, filled) in zip(lines, _MARKS, strict=False):
        own, look = line.curve, headline_look(line.headline)
        colour = str(look["color"])
        if line.is_fitted:
            _draw_fitted(axes, line, alone=len(lines) == 1, first=line is lines[0])
            face = colour if filled else "white"
            marks(axes, own.setting, line.middle, marker, 3.4, color=colour,
                  markerfacecolor=face, zorder=5)  # fmt: skip
            continue
        if line.band is not None:
            low, high = line.band["low"], line.band["high"]
            axes.fill_between(own.setting, low, high, **{**LESS, "facecolor": "none"})
        axes.plot(own.setting, own.share, **look, zorder=4)
        axes.vlines(own.setting, own.low, own.high, color=colour, linewidth=1.0)
        for ends in (own.low, own.high):
            marks(axes, own.setting, ends, "_", 4, color=colour)
        face = colour if filled else "white"
        marks(axes, own.setting, own.share, marker, 3.4, color=colour,
              markerfacecolor=face, zorder=5)  # fmt: skip
    plain_axes(axes)
    probability_axis(axes)
    axes.tick_params(axis="x", length=0)


def _draw_fitted(axes: Axes, line: Line, *, alone: bool, first: bool) -> None:
    """Draw the mean of the sets that fit, and where half and nine in ten of them lie.

    One line alone has both bands, and what free inputs say as an outline; of several
    the first has its half filled, the others theirs between thin lines.
    """
    band, look = line.band, headline_look(line.headline)
    assert band is not None
    across, colour = line.curve.setting, str(look["color"])
    half = band["low_half"], band["high_half"]
    if alone:
        axes.fill_between(
            across, band["low"], band["high"], color=colour, alpha=0.16, linewidth=0.0
        )
        for end in ("free_low", "free_high"):
            axes.plot(across, band[end], color=LINE_GREY, linewidth=0.8, zorder=3)
    if first:
        axes.fill_between(across, *half, color=colour, alpha=0.3, linewidth=0.0)
    else:
        for each in half:
            axes.plot(across, each, color=colour, linewidth=0.7, zorder=3)
    axes.plot(across, line.middle, **look, zorder=4)


def _draw_differences(axes: Axes, lines: Sequence[Line]) -> None:
    axes.axhline(0.0, color=LINE_GREY, linewidth=0.8)
    for line, (marker, filled) in zip(lines, _MARKS, strict=False):
        own, colour = line.curve, str(headline_look(line.headline)["color"])
        middle, low, high = line.differences
        axes.vlines(own.setting, low, high, color=colour, linewidth=1)
        # Caps show an interval that is hardly longer than its dot.
        for ends in (low, high):
            marks(axes, own.setting, ends, "_", 5, color=colour)
        face = colour if filled else "white"
        marks(axes, own.setting, middle, marker, 2.6, color=colour,
              markerfacecolor=face)  # fmt: skip
    plain_axes(axes)


def _set_room(below: Sequence[Axes], lines: Sequence[Line]) -> None:
    """Set the axes of differences, the same for both headlines."""
    curves = [line.curve for line in lines]
    low = min(0.0, *(float(line.differences[1].min()) for line in lines))
    high = max(0.0, *(float(line.differences[2].max()) for line in lines))
    # Differences of a few runs in a hundred must not look like a cliff.
    room = max(0.0, 0.1 - (high - low)) / 2 + 0.08 * (high - low)
    left = min(0.0, *(float(each.setting[0]) for each in curves))
    right = max(float(each.setting[-1]) for each in curves)
    width = right - left or 1.0
    for axes in below:
        axes.set_ylim(low - room, high + room)
        count_shares(axes.yaxis, 3)
        axes.set_xlim(left - 0.025 * width, left + 1.025 * width)
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(lambda number, _: f"{number:,.6g}")


_SEEN: Look = {"facecolor": "white", "edgecolor": INK, "hatch": OBSERVED_HATCH}


def _draw_observed(panels: Sequence[Axes], observed: Observed) -> None:
    """Mark what was observed: a rule in each panel, its bounds above the shares."""
    low, high = observed.confirmed_held_km2, observed.upper_bound_km2
    left, right = panels[0].get_xlim()
    panels[0].set_xlim(min(left, low), max(right, high * 1.02))
    for axes in panels:
        axes.axvline(
            observed.midpoint_km2, ymax=0.96, color=INK, linewidth=0.8, zorder=1
        )
    for axes in panels[:2]:
        heights = [1.035, 1.095]
        axes.fill_betweenx(heights, low, high, **_SEEN, linewidth=0.6, zorder=3)


def _key(words: CurveWords) -> list[Artist]:
    """Return what the marks mean."""
    entries: list[Artist] = []
    lines, by, observed = words.lines, words.by, words.observed
    if by is not None:
        own = [line for line in lines if line.headline == HEADLINES[0]]
        for line, (marker, filled) in zip(own, _MARKS, strict=False):
            label = f"{path_label(by, words.context)}: {line.among}"
            look: Look = {"markerfacecolor": INK if filled else "white"}
            entries.append(sign(marker, label, 3.4, **look))
    sets = [line.band["sets"].iloc[0] for line in lines if line.band is not None]
    if lines[0].is_fitted:
        one = len(lines) == len(HEADLINES)
        shade: Look = {"facecolor": LINE_GREY, "linewidth": 0.0}
        label = f"half of {sets[0]} sets of inputs that fit"
        entries.append(Patch(**shade, alpha=0.5, label=label))
        if one:
            entries.append(Patch(**shade, alpha=0.22, label="nine in ten of them"))
            outline: Look = {"color": LINE_GREY, "linewidth": 0.8}
            entries.append(Line2D([], [], **outline, label="nine in ten free sets"))
        sets = []
    else:
        entries.append(sign("|", "whisker: luck, 95 % interval", 8))
    if sets:
        label = f"inputs not known: 90 of 100 of {sets[0]} sets"
        entries.append(Patch(**{**LESS, "facecolor": "none"}, label=label))
    if observed is not None:
        low, high = observed.confirmed_held_km2, observed.upper_bound_km2
        label = (
            f"observed {short_date(observed.day)} {observed.day.year}: "
            f"{observed.midpoint_km2:,.0f} km² ({low:,.0f} to {high:,.0f})"
        )
        entries.append(Patch(**_SEEN, linewidth=0.6, label=label))
    return entries


def _table(lines: Sequence[Line], path: str, by: str | None) -> pd.DataFrame:
    """One row a setting, with both headlines."""
    tables = []
    for among in dict.fromkeys(line.among for line in lines):
        own = [line for line in lines if line.among == among]
        columns: dict[str, Any] = {path: own[0].curve.setting}
        if by is not None:
            columns = {by: among, **columns}
        columns["replicates"] = own[0].curve.replicates.astype(np.int64)
        for line in own:
            found, name = line.curve, line.headline
            columns |= {
                name: found.share,
                f"{name}_low": found.low,
                f"{name}_high": found.high,
                f"{name}_diff": found.diff,
                f"{name}_diff_low": found.diff_low,
                f"{name}_diff_high": found.diff_high,
            }
            if line.band is not None:
                band = line.band.add_prefix(f"{name}_inputs_")
                columns |= {str(each): band[each].to_numpy() for each in band}
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


# Settings and runs of each, where a scenario is swept for the figure.
_AREAS, _RUNS = 11, 1000


def of(source: Any) -> Figure:
    """Draw it of the cells of a sweep in which one path varies, or two.

    The second is the one asked for, or one whose settings are a few words.
    """
    sweep = source.sweep(source.areas(_AREAS), _RUNS)
    asked, by = (*source.options.paths, None, None)[:2]
    path = sweep.numeric_path(asked)
    if by is not None and by not in sweep.paths:
        raise UsageError(f"{by}: is not varied in this sweep")
    if by is None:
        worded = [each for each in sweep.paths if each not in sweep.numeric_paths]
        few = [each for each in worded if sweep.cells[each].nunique() <= MOST_LINES]
        by = few[0] if few and sweep.is_grid else None
    sets = sweep.input_sets
    if sets is not None and by is not None and "fitted" not in sets:
        sets = None
    paths = (path,) if by is None else (path, by)
    return outcome_curve(
        sweep.alone(path) if by is None else sweep.along(sweep.cells, path, by),
        sweep.context(*paths),
        path=path,
        by=by,
        input_sets=None if sets is None else sweep.along(sets, *paths),
        observed=sweep.observed(path),
    )
