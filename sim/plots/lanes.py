"""The lanes of a run: who did what on which day, and the land held."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.narrative.sentences import ANSWERS, PROPOSALS
from sim.analysis.narrative.timeline import Moment, Story
from sim.plots.provenance import Context
from sim.plots.strokes import Look, note, room_beside
from sim.plots.style import INK, LIGHT_GREY, MID_GREY, PartyStyle

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
            markersize=4.5,
            markeredgewidth=1.2 if self.marker in "x|" else 0.9,
            clip_on=False,
            zorder=4,
            label=self.word,
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
            handles.append(mark.line(INK))
    if any(story.truces() for story in runs):
        handles.append(Patch(facecolor=LIGHT_GREY, label="truce"))
    if any(story.partial_truces() for story in runs):
        # Closer, so that the small area has more stripes than one.
        look: Look = {"edgecolor": MID_GREY, "hatch": 2 * PARTIAL_HATCH, "linewidth": 0}
        handles.append(Patch(facecolor="white", **look, label="partial truce"))
    return handles


def lane_actors(story: Story) -> list[str]:
    """Return who has a lane: both sides and who proposes or gives aid, in order."""
    acting = {
        moment.actor
        for moment in story.moments
        if moment.actor and moment.type in ("offer", "counter_offer", "aid", *ANSWERS)
    }
    return sorted(acting | {story.front_side, story.other_side})


# Heights where that of a party's lane is 1: the lane of a second land, and that of
# partial truces above all others.
_LESS, _PARTIAL = 0.55, 0.3

# Heights within a lane: numbers, proposals, answers, and last what would else lie on
# top of these on the same day or the day before.
_NUMBER, _PROPOSAL, _ANSWER, _LAST = 0.34, 0.06, -0.14, -0.34


class Lanes:
    """The lanes of one run: parties from the top in alphabetical order, then land.

    The first land carries the marks of the front as well; the others need less room.
    `context` says what they are called and counted in.
    """

    def __init__(
        self,
        story: Story,
        actors: list[str],
        styles: dict[str, PartyStyle],
        context: Context,
    ) -> None:
        self.story, self.styles, self._context = story, styles, context
        names = [*actors, *(story.chips_km2 or [""])]
        heights = [1.0 if at <= len(actors) else _LESS for at in range(len(names))]
        tops = sum(heights) - np.cumsum([0.0, *heights[:-1]])
        self.height = sum(heights) + (_PARTIAL if story.partial_truces() else 0.0)
        # By name, the middle of a lane and its height, in heights of a party's lane.
        self._rows = {
            name: (float(top) - height / 2, height)
            for name, top, height in zip(names, tops, heights, strict=True)
        }
        self._front, _ = self._rows[next(iter(story.chips_km2), "")]
        self.labels = [
            styles[name].name.replace(" ", "\n", 1)
            if name in styles
            else context.label(name) or "Front"
            for name in names
        ]

    def draw(self, axes: Axes, days: tuple[float, float], *, grey: float) -> None:
        """Draw the lanes over some days, without colour before day `grey`."""
        self._draw_truces(axes)
        for name, (middle, _) in self._rows.items():
            if name in self.styles:
                self._draw_party(axes, name, middle, grey)
        self._draw_front(axes, days[1], grey)
        self._finish(axes, days)

    def number_turns(self, axes: Axes) -> None:
        """Number the turning points beside their marks, side by side in a lane."""
        story = self.story
        width = float(story.day[-1] - story.day[0]) or 1.0
        taken: dict[float, float] = {}
        for moment in story.turns:
            row = self._front
            if moment.type in PARTY_MARKS and moment.actor in self._rows:
                row = self._rows[moment.actor][0]
            day = max(float(moment.day), taken.get(row, -width) + 0.032 * width)
            taken[row] = day
            # Legible on the stripes of a partial truce.
            paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
            look: Look = {"weight": "bold", "bbox": paper, "zorder": 1.5}
            at = day, row + _NUMBER
            axes.text(*at, str(moment.turn), ha="center", va="center", **look)

    def _draw_truces(self, axes: Axes) -> None:
        full: Look = {"facecolor": LIGHT_GREY, "linewidth": 0, "zorder": 0}
        partial: Look = {"facecolor": "none", "edgecolor": MID_GREY, "zorder": 0}
        partial |= {"hatch": PARTIAL_HATCH, "linewidth": 0.6}
        top, low = self.height, self.height - 0.75 * _PARTIAL
        looks = [(span, (0.0, top), full) for span in self.story.truces()]
        looks += [(span, (low, top), partial) for span in self.story.partial_truces()]
        for (first, last), ends, look in looks:
            axes.fill_between([first, max(last, first + 1)], *ends, **look)

    def _draw_party(self, axes: Axes, party: str, row: float, grey: float) -> None:
        for moment in self.story.moments:
            if moment.actor == party and moment.type in PARTY_MARKS:
                colour = self.styles[party].colour if moment.day >= grey else MID_GREY
                height = row + _row_within(moment)
                mark = PARTY_MARKS[moment.type]
                axes.add_line(mark.line(colour, moment.day, height))

    def _draw_front(self, axes: Axes, last: float, grey: float) -> None:
        story = self.story
        most: dict[str, float] = {}  # of what is counted in the same unit
        for chip, held in story.chips_km2.items():
            unit = self._context.units.get(chip, "km²")
            most[unit] = max(most.get(unit, 0.0), float(held.max()))
        for chip, held in story.chips_km2.items():
            middle, height = self._rows[chip]
            unit = self._context.units.get(chip, "km²")
            half = 0.36 * height * held / most[unit]
            look: Look = {"facecolor": MID_GREY, "linewidth": 0, "zorder": 1}
            axes.fill_between(story.day, middle - half, middle + half, **look)
            text = f"{held[0]:,.0f} to {held[-1]:,.0f} {unit}"
            look = {"ha": "left", "annotation_clip": False}
            note(axes, text, (last, middle), (4, 0), **look)
        for moment in story.moments:
            if moment.type in FRONT_MARKS:
                colour = INK if moment.day >= grey else MID_GREY
                mark = FRONT_MARKS[moment.type]
                axes.add_line(mark.line(colour, moment.day, self._front))

    def _finish(self, axes: Axes, days: tuple[float, float]) -> None:
        axes.spines[["left", "right", "bottom"]].set_visible(False)
        axes.spines["top"].set_color(MID_GREY)
        rows = list(self._rows.values())
        axes.set_ylim(0.0, self.height)
        for middle, height in rows if self.story.partial_truces() else rows[1:]:
            top = middle + height / 2
            axes.axhline(top, color=LIGHT_GREY, linewidth=0.6, zorder=0)
        middles = [middle for middle, _ in rows]
        axes.set_yticks(middles, self.labels)
        axes.tick_params(axis="both", length=0, labelbottom=False)
        room_beside(axes, *days)


def _row_within(moment: Moment) -> float:
    if moment.type in PROPOSALS:
        return _PROPOSAL
    return _ANSWER if moment.type in ANSWERS and not moment.of_counter else _LAST
