"""Labels at the ends of lines instead of a legend, kept apart from one another."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes

from sim.analysis.intervals import Floats
from sim.plots.style import INK, LINE_GREY


def label_ends(
    axes: Axes, lasts: Mapping[str, float], at: float, *, gap: float = 0.27
) -> None:
    """Write each label to the right of the axes, tied to the last value of its line.

    `lasts` has the value by label, nan for a line that has none, which is left out;
    `at` is where the lines end, and `gap` the least distance between two labels, as a
    share of the axes' height.
    """
    low, high = axes.get_ylim()
    ends = {
        text: (value - low) / (high - low)
        for text, value in lasts.items()
        if np.isfinite(value)
    }
    order = sorted(ends, key=lambda text: ends[text])
    places = apart(np.array([ends[text] for text in order]), gap)
    for text, place in zip(order, places, strict=True):
        axes.annotate(
            text,
            xy=(at, low + ends[text] * (high - low)),
            xycoords="data",
            xytext=(1.025, place),
            textcoords="axes fraction",
            va="center",
            ha="left",
            linespacing=0.95,
            color=INK,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": LINE_GREY, "linewidth": 0.5},
        )


def apart(places: Floats, gap: float, ceiling: float = 1.0) -> Floats:
    """Return rising places at least `gap` apart, moved up, then down from the ceiling.

    >>> apart(np.array([0.5, 0.55, 0.9]), 0.2).round(2).tolist()
    [0.5, 0.7, 0.9]
    >>> apart(np.array([0.9, 0.95]), 0.2).round(2).tolist()
    [0.8, 1.0]
    """
    moved = places.astype(np.float64)
    for here, above in pairwise(range(moved.size)):
        moved[above] = max(moved[above], moved[here] + gap)
    # What was pushed over the top comes back down, the whole pile with it.
    for index in reversed(range(moved.size)):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - gap
    return moved
