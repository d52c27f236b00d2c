"""The lanes of figure 10: what each party did, and the land held, day by day."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from sim.analysis.story import ANSWERS, PROPOSALS, Moment, Story
from sim.analysis.words import display_name
from sim.plots.marks import FRONT_MARKS, PARTIAL_HATCH, PARTY_MARKS
from sim.plots.style import INK, LIGHT_GREY, LINE_GREY, MID_GREY, PartyStyle

# Height of the lane of a second land, where that of a party is 1.
_LESS = 0.55

# Heights within a lane: numbers, proposals, answers, and last what would else lie on
# top of these on the same day or the day before.
_NUMBER, _PROPOSAL, _ANSWER, _LAST = 0.34, 0.06, -0.14, -0.34


class _Lane(NamedTuple):
    """Where a lane lies, in heights of a party's lane."""

    middle: float
    height: float


class Lanes:
    """The lanes of one run: parties from the top in alphabetical order, then land.

    The first land carries the marks of the front as well; the others need less room.
    """

    def __init__(
        self, story: Story, actors: list[str], styles: dict[str, PartyStyle]
    ) -> None:
        self.story, self.styles = story, styles
        names = [*actors, *(story.chips_km2 or [""])]
        heights = [1.0 if at <= len(actors) else _LESS for at in range(len(names))]
        self.height = sum(heights)
        tops = self.height - np.cumsum([0.0, *heights[:-1]])
        self._rows = {
            name: _Lane(float(top) - height / 2, height)
            for name, top, height in zip(names, tops, heights, strict=True)
        }
        self._front = self._rows[next(iter(story.chips_km2), "")].middle
        self.labels = [self._label(name) for name in names]

    def _label(self, name: str) -> str:
        if name in self.styles:
            return self.styles[name].name.replace(" ", "\n", 1)
        return display_name(name) if name else "Front"

    def draw(self, axes: Axes, days: tuple[float, float], *, grey: float) -> None:
        """Draw the lanes over some days, without colour before day `grey`."""
        self._draw_truces(axes)
        for name, row in self._rows.items():
            if name in self.styles:
                self._draw_party(axes, name, row.middle, grey)
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
                row = self._rows[moment.actor].middle
            day = max(float(moment.day), taken.get(row, -width) + 0.032 * width)
            taken[row] = day
            axes.text(
                day,
                row + _NUMBER,
                str(moment.turn),
                ha="center",
                va="center",
                weight="bold",
                # Legible on the stripes of a partial truce.
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
                zorder=1.5,
            )

    def _draw_truces(self, axes: Axes) -> None:
        looks = [(span, "") for span in self.story.truces()]
        looks += [(span, PARTIAL_HATCH) for span in self.story.partial_truces()]
        for (first, last), hatch in looks:
            axes.fill_between(
                [first, max(last, first + 1)],
                0.0,
                self.height,
                facecolor="none" if hatch else LIGHT_GREY,
                edgecolor=MID_GREY,
                hatch=hatch or None,
                linewidth=0,
                zorder=0,
            )

    def _draw_party(self, axes: Axes, party: str, row: float, grey: float) -> None:
        for moment in self.story.moments:
            if moment.actor == party and moment.type in PARTY_MARKS:
                colour = self.styles[party].colour if moment.day >= grey else MID_GREY
                height = row + _row_within(moment)
                mark = PARTY_MARKS[moment.type]
                axes.add_line(mark.line(colour, moment.day, height))

    def _draw_front(self, axes: Axes, last: float, grey: float) -> None:
        story = self.story
        largest = max(
            (float(km2.max()) for km2 in story.chips_km2.values()), default=1.0
        )
        for chip, km2 in story.chips_km2.items():
            middle, height = self._rows[chip]
            half = 0.36 * height * km2 / largest
            axes.fill_between(
                story.day,
                middle - half,
                middle + half,
                facecolor=MID_GREY,
                linewidth=0,
                zorder=1,
            )
            axes.annotate(
                f"{km2[0]:,.0f} to {km2[-1]:,.0f} km²",
                xy=(last, middle),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                annotation_clip=False,
            )
        for moment in story.moments:
            if moment.type in FRONT_MARKS:
                colour = INK if moment.day >= grey else MID_GREY
                low = self._front + (_LAST if moment.type == "battle" else 0.0)
                mark = FRONT_MARKS[moment.type]
                axes.add_line(mark.line(colour, moment.day, low))

    def _finish(self, axes: Axes, days: tuple[float, float]) -> None:
        axes.spines[["left", "right", "bottom"]].set_visible(False)
        axes.spines["top"].set_color(MID_GREY)
        rows = self._rows.values()
        axes.set_ylim(0.0, self.height)
        for row in list(rows)[1:]:
            top = row.middle + row.height / 2
            axes.axhline(top, color=LIGHT_GREY, linewidth=0.6, zorder=0)
        middles = [row.middle for row in rows]
        axes.set_yticks(middles, self.labels, linespacing=0.95)
        axes.tick_params(axis="both", length=0, labelbottom=False)
        edge = 0.012 * (days[1] - days[0] or 1.0)
        axes.set_xlim(days[0] - edge, days[1] + edge)


def part_line(axes: Axes, day: float) -> None:
    """Rule off the days before the one on which a twin first differs."""
    axes.axvline(day, color=LINE_GREY, linewidth=0.9, linestyle=(0, (3, 2)), zorder=3)


def _row_within(moment: Moment) -> float:
    if moment.type in PROPOSALS:
        return _PROPOSAL
    return _ANSWER if moment.type in ANSWERS and not moment.of_counter else _LAST
