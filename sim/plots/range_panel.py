"""The panel with both sides' limits, which the figures of ranges and of a run share."""

import numpy as np
from matplotlib.axes import Axes

from sim.analysis.narrative.timeline import Story
from sim.batch.intervals import Floats
from sim.plots.strokes import Look, marks, step_line
from sim.plots.style import (
    HEADROOM,
    LIGHT_GREY,
    LINE_GREY,
    PartyStyle,
    header,
    label_ends,
    plain_axes,
)

# How strongly the lines are drawn that a side only believes of the other.
BELIEVED_ALPHA = 0.4


def draw_range(
    axes: Axes,
    story: Story,
    styles: dict[str, PartyStyle],
    *,
    believed: bool = False,
    label_gap: float = 0.32,
) -> None:
    """Draw both sides' limits, the line of contact, and the offers between them.

    The area between is grey where a line exists that both would accept, blank where
    none does. An offer is a mark of its author, filled if it was accepted. With
    `believed`, a fainter line shows what the other side believes of each limit;
    `label_gap` is that of `label_ends`.
    """
    front, other = styles[story.front_side], styles[story.other_side]
    grey: Look = {"facecolor": LIGHT_GREY, "linewidth": 0, "step": "post"}
    where = story.deal.tolist()
    axes.fill_between(story.day, story.least, story.most, where=where, **grey)
    step_line(axes, story.day, story.held_km2, LINE_GREY, linewidth=0.9)
    lines = [(front, story.least, 1.0), (other, story.most, 1.0)]
    if believed:
        lines += [
            (front, story.believed_least, BELIEVED_ALPHA),
            (other, story.believed_most, BELIEVED_ALPHA),
        ]
    for style, values, alpha in lines:
        look: Look = {"linestyle": style.dash, "alpha": alpha, "zorder": 2.0 + alpha}
        step_line(axes, story.day, values, style.colour, **look)
    for moment in story.moments:
        if np.isfinite(moment.line) and moment.actor in styles:
            style = styles[moment.actor]
            face = style.colour if moment.concluded else "white"
            look = {"markerfacecolor": face, "markeredgewidth": 1.0, "zorder": 4}
            at = moment.day, moment.line
            marks(axes, *at, style.marker, 3.6, color=style.colour, **look)
    offered = np.array([each.line for each in story.moments])
    drawn = [offered, story.held_km2, *(values for _, values, _ in lines)]
    land_axis(axes, np.concatenate(drawn), front.name, 0.08)
    lasts = [_last(values) for values in (story.least, story.most, story.held_km2)]
    names = zip(line_names(front, other), lasts, strict=True)
    label_ends(axes, dict(names), float(story.day[-1]), gap=label_gap)


def land_axis(axes: Axes, drawn: Floats, front: str, room: float) -> None:
    """Count land of the stake up the axes, km2, and say so if they are cut."""
    plain_axes(axes)
    low, high = float(np.nanmin(drawn)), float(np.nanmax(drawn))
    room = max(1.0, room * (high - low))
    axes.set_ylim(low - room, high + room + HEADROOM * (high - low))
    axes.yaxis.set_major_formatter(lambda number, _: f"{number:,.6g}")
    cut = "" if axes.get_ylim()[0] <= 0.0 else " (axis cut)"
    header(axes, f"land of the stake, {front}'s part, km²{cut}")


def line_names(front: PartyStyle, other: PartyStyle) -> list[str]:
    """Return what the three lines are called where they end."""
    least, most = f"least {front.name}\naccepts", f"most {other.name}\nleaves"
    return [least, most, "line of\ncontact"]


def _last(values: Floats) -> float:
    """Return the last value that there is, or nan."""
    known = values[np.isfinite(values)]
    return float(known[-1]) if known.size else np.nan
