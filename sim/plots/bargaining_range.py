"""Figure 1, as a panel: what each side would accept, day by day."""

from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.analysis.intervals import Floats
from sim.analysis.story import PROPOSALS, Story
from sim.analysis.words import display_name
from sim.plots.style import (
    HEADROOM,
    INK,
    LIGHT_GREY,
    LINE_GREY,
    PartyStyle,
    header,
    plain_axes,
    short_share,
)

# Least distance between two labels at line ends, as a share of the axes' height.
_LABEL_GAP = 0.27


def draw_range(axes: Axes, story: Story, styles: dict[str, PartyStyle]) -> None:
    """Draw both sides' limits, the line of contact, and the offers between them.

    The area between is grey where a line exists that both would accept, blank where
    none does. An offer is a mark of its author, filled if it was accepted.
    """
    front, other = styles[story.front_side], styles[story.other_side]
    axes.fill_between(
        story.day,
        story.least,
        story.most,
        where=story.deal.tolist(),
        facecolor=LIGHT_GREY,
        linewidth=0,
        step="post",
    )
    axes.plot(
        story.day, story.share, color=LINE_GREY, linewidth=0.9, drawstyle="steps-post"
    )
    for style, values in ((front, story.least), (other, story.most)):
        axes.plot(
            story.day,
            values,
            color=style.colour,
            linestyle=style.dash,
            linewidth=1.5,
            drawstyle="steps-post",
        )
    for moment in story.moments:
        if moment.type in PROPOSALS and moment.actor in styles:
            style = styles[moment.actor]
            axes.plot(
                moment.day,
                moment.line,
                style.marker,
                color=style.colour,
                markerfacecolor=style.colour if moment.concluded else "white",
                markersize=3.6,
                markeredgewidth=1.0,
                clip_on=False,
                zorder=4,
            )
    plain_axes(axes)
    low, high = _limits(story)
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(_few_ticks())
    axes.yaxis.set_major_formatter(lambda number, _: short_share(number))
    cut = "" if low <= 0.0 and high >= 1.0 else " (axis cut)"
    header(axes, f"share of the stake, {display_name(story.front_side)}'s part{cut}")
    labels = {
        f"least {front.name}\naccepts": story.least,
        f"most {other.name}\nleaves": story.most,
        "line of\ncontact": story.share,
    }
    _label_ends(axes, labels, float(story.day[-1]))


def _limits(story: Story) -> tuple[float, float]:
    lines = [m.line for m in story.moments if m.type in PROPOSALS]
    values = np.concatenate([story.least, story.most, story.share, lines])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    room = max(0.02, 0.08 * (high - low))
    return low - room, high + room + HEADROOM * (high - low)


def _few_ticks() -> MaxNLocator:
    return MaxNLocator(4, steps=[1, 2, 5, 10])


def _label_ends(axes: Axes, labels: dict[str, Floats], day: float) -> None:
    """Write each label at the end of its line, pushed apart where they would touch."""
    low, high = axes.get_ylim()
    last = {
        text: (values[np.isfinite(values)][-1] - low) / (high - low)
        for text, values in labels.items()
        if np.isfinite(values).any()
    }
    order = sorted(last, key=lambda text: last[text])
    places = np.array([last[text] for text in order])
    for here, above in pairwise(range(places.size)):
        places[above] = max(places[above], places[here] + _LABEL_GAP)
    # What was pushed over the top comes back down, the whole pile with it.
    ceiling = 1.0
    for index in reversed(range(places.size)):
        places[index] = min(places[index], ceiling)
        ceiling = places[index] - _LABEL_GAP
    for text, place in zip(order, places, strict=True):
        axes.annotate(
            text,
            xy=(day, low + last[text] * (high - low)),
            xycoords="data",
            xytext=(1.025, place),
            textcoords="axes fraction",
            va="center",
            ha="left",
            linespacing=0.95,
            color=INK,
            arrowprops={"arrowstyle": "-", "color": LINE_GREY, "linewidth": 0.5},
        )
