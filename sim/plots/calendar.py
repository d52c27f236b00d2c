"""Days below an axis, dates above it."""

from datetime import date, timedelta

from matplotlib.axes import Axes

from sim.analysis.words import long_date
from sim.plots.context import short_date


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
    for tick in ticks:
        axes.annotate(
            short_date(start + timedelta(days=tick)),
            xy=(tick, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, raised),
            textcoords="offset points",
            ha="center",
            va="bottom",
            annotation_clip=False,
        )
