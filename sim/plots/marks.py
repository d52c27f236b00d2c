"""The marks of a run's story: what each kind of event looks like, and their key."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.story import Story
from sim.plots.style import INK, LIGHT_GREY, MID_GREY

# Of days on which some kinds of attack only are stopped.
PARTIAL_HATCH = "||"


class Mark(NamedTuple):
    """A marker, its word in the key, and how much of it is filled."""

    marker: str
    word: str
    fill: Literal["full", "left", "none"] = "full"

    def line(self, colour: str, day: float = 0.0, height: float = 0.0) -> Line2D:
        """Return the mark at a day and height of the axes."""
        return Line2D(
            [day],
            [height],
            linestyle="none",
            marker=self.marker,
            color=colour,
            # An empty mark is white inside, so that rules do not run through it.
            fillstyle="left" if self.fill == "left" else "full",
            markerfacecolor="white" if self.fill == "none" else colour,
            markerfacecoloralt="white",
            markersize=6.5 if self.marker == "1" else 4.5,
            markeredgewidth=1.2 if self.marker in "x|1" else 0.9,
            clip_on=False,
            zorder=4,
        )


# In the lane of who acts, in the colour of the party.
PARTY_MARKS = {
    "offer": Mark("D", "offers"),
    "counter_offer": Mark("D", "counter-offer", "none"),
    "acceptance": Mark("o", "accepts"),
    "conditional_acceptance": Mark("o", "on conditions", "left"),
    "rejection": Mark("x", "refuses"),
    "aid": Mark("P", "aid"),
    "commitment": Mark("*", "commits"),
}

# In the lane of the front, in ink: nobody's doing alone.
FRONT_MARKS = {
    "battle": Mark("1", "line moves"),
    "breakdown": Mark("X", "breaks down"),
    "expiry": Mark("|", "term ends"),
    "settlement": Mark("*", "settlement"),
    "defeat": Mark("s", "defeat"),
    "capture": Mark("v", "captured"),
}


def key_of(runs: Sequence[Story]) -> list[Line2D | Patch]:
    """Return the key, with an entry for each kind of mark that one of the runs has."""
    seen = {moment.type for story in runs for moment in story.moments}
    handles: list[Line2D | Patch] = []
    for kind, mark in {**PARTY_MARKS, **FRONT_MARKS}.items():
        if kind in seen:
            handle = mark.line(INK)
            handle.set_label(mark.word)
            handles.append(handle)
    if any(story.truces() for story in runs):
        handles.append(Patch(facecolor=LIGHT_GREY, label="truce"))
    if any(story.partial_truces() for story in runs):
        handles.append(
            Patch(
                facecolor="white",
                edgecolor=MID_GREY,
                # Closer, so that the small area has more stripes than one.
                hatch=2 * PARTIAL_HATCH,
                linewidth=0,
                label="partial truce",
            )
        )
    return handles
