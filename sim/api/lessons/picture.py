"""The figure of a lesson: panels side by side, lines told apart without colour."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.api.lessons.definition import Lesson, Line, Panel
from sim.api.lessons.marks import Numbers, written_out
from sim.api.lessons.sources import Source
from sim.plots.figure import Figure
from sim.plots.style import (
    INK,
    LIGHT_GREY,
    LINE_GREY,
    Dash,
    figure_style,
    header,
    new_canvas,
    party_styles,
    plain_axes,
    probability_axis,
)

FORECAST = "a model's answer, not a forecast"

# Colour, dash and marker of lines that are no party's, in order.
_LOOKS: tuple[tuple[str, Dash, str], ...] = (
    (INK, "-", "o"),
    (LINE_GREY, (0.0, (5.0, 2.0)), "s"),
    (INK, (0.0, (1.0, 1.5)), "^"),
    (LINE_GREY, (0.0, (6.0, 2.0, 1.2, 2.0)), "D"),
)
# More points than this are a curve and bear no markers.
_MOST_MARKERS = 15


def draw(lesson: Lesson, sources: Mapping[str, Source], numbers: Numbers) -> Figure:
    """Draw a lesson's figure; its words are written from the numbers."""
    picture = lesson.figure
    used = {line.source: None for panel in picture.panels for line in panel.lines}
    origins = list(dict.fromkeys(sources[name].origin for name in used))
    simulated = [each for each in origins if "runs" in each]
    told = simulated or origins
    footer = f"{'; '.join(told[:2])}:\n{FORECAST}"
    tables = []
    with figure_style():
        canvas = new_canvas(picture.title, footer)
        many = len(picture.panels)
        all_axes = canvas.subplots(1, many, squeeze=False)[0]
        canvas.subplots_adjust(
            left=0.07, right=0.975, top=0.73, bottom=0.21, wspace=0.2
        )
        for axes, panel in zip(all_axes, picture.panels, strict=True):
            tables += _draw_panel(axes, panel, sources)
    last = f"{'; '.join(origins)}: {FORECAST}."
    whiskers = ["Bars: 95 % interval, luck only."] if simulated else []
    return Figure(
        name="figure",
        title=picture.title,
        figure=canvas,
        caption="\n".join([written_out(picture.caption, numbers), *whiskers, last]),
        alt_text=written_out(picture.alt, numbers),
        table=pd.concat(tables, ignore_index=True),
    )


def _draw_panel(
    axes: Axes, panel: Panel, sources: Mapping[str, Source]
) -> list[pd.DataFrame]:
    styles = party_styles(line.party for line in panel.lines if line.party)
    looks = iter(_LOOKS)
    drawn = [_points(panel, line, sources[line.source]) for line in panel.lines]
    if panel.shade:
        first, second = drawn[:2]
        axes.fill_between(
            first["x"],
            first["y"],
            second["y"],
            where=(second["y"] >= first["y"]).tolist(),
            facecolor=LIGHT_GREY,
            linewidth=0,
        )
    for line, points in zip(panel.lines, drawn, strict=True):
        if line.party:
            own = styles[line.party]
            colour, dash, marker = own.colour, own.dash, own.marker
        else:
            colour, dash, marker = next(looks)
        axes.vlines(points["x"], points["low"], points["high"], colour, linewidth=0.8)
        axes.plot(
            points["x"],
            points["y"],
            color=colour,
            linestyle=dash,
            marker=marker if len(points) <= _MOST_MARKERS else None,
            markersize=3.5,
            linewidth=1.5,
            label=line.label,
            clip_on=False,
        )
    plain_axes(axes)
    if panel.share:
        probability_axis(axes)
    else:
        axes.yaxis.set_major_formatter(_tick)
        low, high = axes.get_ylim()
        if low < 0.0 < high:
            axes.axhline(0.0, color=LINE_GREY, linewidth=0.8)
    axes.set_xlabel(panel.x_label)
    axes.xaxis.set_major_formatter(_tick)
    header(axes, panel.header)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.09),
        frameon=False,
        borderaxespad=0.0,
        handlelength=3.2,
        labelspacing=0.35,
    )
    return drawn


def _tick(number: float, _: float) -> str:
    return f"{number:,.6g}".replace("-", "\N{MINUS SIGN}")


def _points(panel: Panel, line: Line, source: Source) -> pd.DataFrame:
    """Return the points of a line: x, y, and the ends of the interval if there is one.

    A column that begins with `1 - ` is a share turned round, interval and all.
    """
    table = source.table
    for path, setting in line.at.items():
        table = table[table[path] == setting]
    y, turned = line.y.removeprefix("1 - "), line.y.startswith("1 - ")
    x = line.x or next(each for each in source.varied if each not in line.at)
    nothing = np.full(len(table), np.nan)
    found = {end: table.get(f"{y}{end}", nothing) for end in ("", "_low", "_high")}
    if turned:
        found = {
            "": 1 - found[""],
            "_low": 1 - found["_high"],
            "_high": 1 - found["_low"],
        }
    return pd.DataFrame(
        {
            "panel": panel.header,
            "line": line.label,
            "x": table[x].to_numpy(float),
            "y": np.asarray(found[""], float),
            "low": np.asarray(found["_low"], float),
            "high": np.asarray(found["_high"], float),
        }
    )
