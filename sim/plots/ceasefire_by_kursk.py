"""Figure 3: the share of runs with a ceasefire against the land held at the start."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.analysis.curve import Curve, curve
from sim.plots.context import Context, short_date
from sim.plots.curve_words import (
    CurveWords,
    InputBand,
    Observed,
    alt_text,
    caption,
)
from sim.plots.result import Figure
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
from sim.plots.words import chip_of, path_label


def ceasefire_by_kursk(
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
        name="ceasefire_by_kursk",
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
