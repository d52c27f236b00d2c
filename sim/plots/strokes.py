"""The strokes that figures are drawn with: bands, steps, marks, notes and keys."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.analysis.narrative.words import long_date
from sim.plots.provenance import short_date
from sim.plots.style import (
    INK,
    LIGHT_GREY,
    LINE_GREY,
    MID_GREY,
    UNKNOWN_HATCH,
    short_share,
)

# What is passed on to Matplotlib as it is: colour, width, order.
Look = dict[str, Any]

# Of bars: what is more is grey, what is less is hatched.
MORE: Look = {"facecolor": MID_GREY, "edgecolor": LINE_GREY, "linewidth": 0.6}
LESS: Look = {**MORE, "facecolor": "white", "hatch": UNKNOWN_HATCH}


def luck_band(axes: Axes, across: Any, low: Any, high: Any, **look: Any) -> None:
    """Fill what luck covers."""
    look = {"facecolor": LIGHT_GREY, "edgecolor": LINE_GREY, "linewidth": 0.4, **look}
    axes.fill_between(across, low, high, **look)


def step_line(
    axes: Axes, day: Any, values: Any, colour: str = INK, **look: Any
) -> None:
    """Draw a line that holds each value up to the next day."""
    look = {"linewidth": 1.5, **look}
    axes.plot(day, values, color=colour, drawstyle="steps-post", **look)


def marks(
    axes: Axes, across: Any, up: Any, marker: str = "o", size: float = 4, **look: Any
) -> None:
    """Draw marks, in ink unless said otherwise, whole even over the edge."""
    look = {"color": INK, "clip_on": False, **look}
    axes.plot(across, up, marker, markersize=size, **look)


def sign(marker: str, label: str, size: float, **look: Any) -> Line2D:
    """Return the entry of a mark in a key."""
    look = {"color": INK, "markersize": size, "label": label, **look}
    return Line2D([], [], linestyle="none", marker=marker, **look)


def note(
    axes: Axes, text: str, at: tuple[Any, Any], by: tuple[float, float], **look: Any
) -> None:
    """Write a text at a place of the data, moved `by` points to the right and up."""
    look = {"ha": "center", "va": "center", **look}
    axes.annotate(text, xy=at, xytext=by, textcoords="offset points", **look)


def note_below(axes: Axes, text: str, day: float, drop: float) -> None:
    """Write a text below the axes, `drop` points (less than 0) from their foot."""
    note(axes, text, (day, 0.0), (0.0, drop), xycoords=("data", "axes fraction"))


def name_below(axes: Axes, text: str, by: tuple[float, float]) -> None:
    """Write left of the axes what a row of numbers below them is."""
    look: Look = {"xycoords": "axes fraction", "ha": "right"}
    note(axes, text, (0.0, 0.0), by, **look)


def key_at(
    canvas: Canvas, entries: Sequence[Artist], top: float, columns: int, **look: Any
) -> None:
    """Put a key at a height of the figure, from the left."""
    canvas.legend(
        handles=entries,
        loc="upper left",
        bbox_to_anchor=(0.012, top),
        ncols=columns,
        frameon=False,
        borderaxespad=0.0,
        **look,
    )


def key_above(canvas: Canvas, entries: Sequence[Artist], columns: int = 0) -> None:
    """Put a key between the title and the axes, row by row from the left."""
    columns = min(columns or len(entries), len(entries))
    rows = -(-len(entries) // columns)
    # A legend fills column by column.
    blank = Line2D([], [], linestyle="none", label=" ")
    filled = [*entries, *[blank] * (rows * columns - len(entries))]
    cells = [filled[at + row * columns] for at in range(columns) for row in range(rows)]
    look: Look = {"handlelength": 1.4, "handletextpad": 0.5, "columnspacing": 1.4}
    key_at(canvas, cells, 0.932, columns, **look)


def count_shares(
    axis: Axis, most: int, steps: Sequence[float] = (1, 2, 5, 10), factor: float = 1.0
) -> None:
    """Write about `most` round shares along an axis; `factor` of its unit are one."""
    axis.set_major_locator(MaxNLocator(most, steps=list(steps)))
    axis.set_major_formatter(lambda number, _: short_share(number * factor))


def day_ticks(first: float, last: float) -> list[int]:
    """Return up to eight days a round number of weeks or months apart, 0 among them.

    >>> day_ticks(-1, 180)
    [0, 30, 60, 90, 120, 150, 180]
    """
    first, last = int(max(first, 0)), int(last)
    for step in (1, 2, 7, 14, 30, 60, 90, 180, 360, 720):
        if (last - first) / step <= 7:
            return list(range(first, last + 1, step))
    return [first, last]


def days_below(axes: Axes, start: date, ticks: list[int]) -> None:
    """Name the days since the start below the axes."""
    axes.set_xticks(ticks)
    axes.set_xlabel(f"days since {long_date(start.isoformat())}")


def dates_above(
    axes: Axes, start: date, ticks: list[int], *, raised: float = 2.5
) -> None:
    """Write the date of each tick above the axes, `raised` points from its top."""
    look: Look = {"xycoords": ("data", "axes fraction"), "annotation_clip": False}
    for tick in ticks:
        text = short_date(start + timedelta(days=tick))
        note(axes, text, (tick, 1.0), (0, raised), va="bottom", **look)


def days_across(
    axes: Axes,
    start: date,
    ticks: list[int] | tuple[float, float],
    *,
    raised: float = 13.0,
) -> None:
    """Name days below the axes and dates above; `ticks`, or the ends of the days."""
    if isinstance(ticks, tuple):
        ticks = day_ticks(*ticks)
    days_below(axes, start, ticks)
    dates_above(axes, start, ticks, raised=raised)


def room_beside(axes: Axes, first: float, last: float) -> None:
    """Run x over some days, with a little room on both sides."""
    edge = 0.012 * (last - first or 1.0)
    axes.set_xlim(first - edge, last + edge)
