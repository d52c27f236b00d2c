"""What each side of a run would accept day by day, as a panel of figures 1 and 10."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.analysis.intervals import Floats
from sim.analysis.story import Story
from sim.analysis.words import display_name
from sim.plots.labels import label_ends
from sim.plots.style import (
    HEADROOM,
    LIGHT_GREY,
    LINE_GREY,
    PartyStyle,
    header,
    plain_axes,
    short_share,
)

# How strongly the lines are drawn that a side only believes of the other.
BELIEVED_ALPHA = 0.4


def draw_range(
    axes: Axes,
    story: Story,
    styles: dict[str, PartyStyle],
    *,
    believed: bool = False,
    label_gap: float = 0.27,
) -> None:
    """Draw both sides' limits, the line of contact, and the offers between them.

    The area between is grey where a line exists that both would accept, blank where
    none does. An offer is a mark of its author, filled if it was accepted. With
    `believed`, a fainter line shows what the other side believes of each limit;
    `label_gap` is that of `label_ends`.
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
    lines = [(front, story.least, 1.0), (other, story.most, 1.0)]
    if believed:
        lines += [
            (front, story.believed_least, BELIEVED_ALPHA),
            (other, story.believed_most, BELIEVED_ALPHA),
        ]
    for style, values, alpha in lines:
        axes.plot(
            story.day,
            values,
            color=style.colour,
            linestyle=style.dash,
            linewidth=1.5,
            alpha=alpha,
            drawstyle="steps-post",
            zorder=2.0 + alpha,
        )
    for moment in story.moments:
        if np.isfinite(moment.line) and moment.actor in styles:
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
    low, high = _limits(story, believed=believed)
    axes.set_ylim(low, high)
    share_axis(axes, display_name(story.front_side))
    lasts = {
        f"least {front.name}\naccepts": story.least,
        f"most {other.name}\nleaves": story.most,
        "line of\ncontact": story.share,
    }
    label_ends(
        axes,
        {text: _last(values) for text, values in lasts.items()},
        float(story.day[-1]),
        gap=label_gap,
    )


def share_axis(axes: Axes, front: str) -> None:
    """Count shares of the stake up the axes, and say so if they are cut."""
    low, high = axes.get_ylim()
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(lambda number, _: short_share(number))
    cut = "" if low <= 0.0 and high >= 1.0 else " (axis cut)"
    header(axes, f"share of the stake, {front}'s part{cut}")


def _last(values: Floats) -> float:
    """Return the last value that there is, or nan."""
    known = values[np.isfinite(values)]
    return float(known[-1]) if known.size else np.nan


def _limits(story: Story, *, believed: bool) -> tuple[float, float]:
    drawn = [story.least, story.most, story.share]
    drawn.append(np.array([each.line for each in story.moments]))
    if believed:
        drawn += [story.believed_least, story.believed_most]
    values = np.concatenate(drawn)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    room = max(0.02, 0.08 * (high - low))
    return low - room, high + room + HEADROOM * (high - low)
