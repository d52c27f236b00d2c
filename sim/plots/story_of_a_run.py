"""Figure 10: one run, lane by lane, and what each side would have accepted."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.analysis.story import ANSWERS, PROPOSALS, Moment, Story, story
from sim.analysis.words import display_name
from sim.plots import story_words
from sim.plots.calendar import dates_above, day_ticks, days_below
from sim.plots.context import Context
from sim.plots.marks import FRONT_MARKS, PARTIAL_HATCH, PARTY_MARKS, key_of
from sim.plots.range_panel import draw_range
from sim.plots.result import Figure
from sim.plots.style import (
    INK,
    LIGHT_GREY,
    MID_GREY,
    PartyStyle,
    figure_style,
    new_canvas,
    party_styles,
)

# Entries of the key that fit on one row.
_KEY_ROW = 7

# Height of the lane of a second land, where that of a party is 1.
_LESS = 0.55

# Heights within a lane: numbers, proposals, answers, and last what would else lie on
# top of these on the same day or the day before.
_NUMBER, _PROPOSAL, _ANSWER, _LAST = 0.34, 0.06, -0.14, -0.34


class _Lane(NamedTuple):
    """Where a lane lies, in heights of a party's lane."""

    middle: float
    height: float


def story_of_a_run(
    steps: pd.DataFrame,
    events: pd.DataFrame,
    context: Context,
    *,
    front_side: str,
    place: str | None = None,
) -> Figure:
    """Draw what each party did, the land held, and the range for a deal below.

    Parameters
    ----------
    steps, events : DataFrame
        Of one run, as `sim.analysis.story.story` takes them.
    context : Context
        Where the run comes from; its `replicate` says which run it is.
    front_side : str
        The party whose share of the stake is counted.
    place : str, optional
        Where the run stands among many ("earlier than 62 of 100 runs"), for the
        caption; inside one run there is no uncertainty to draw.

    Raises
    ------
    ValueError
        As `sim.analysis.story.story`.
    """
    told = story(steps, events, front_side=front_side)
    actors = story_words.lane_actors(told)
    styles = party_styles(actors)
    with figure_style():
        canvas = new_canvas(story_words.TITLE, context.footer())
        lanes, below = canvas.subplots(
            2, 1, sharex=True, gridspec_kw={"height_ratios": [1.75, 1], "hspace": 0.2}
        )
        rows = _lanes(actors, told)
        labels = [_lane_label(name, styles) for name in rows]
        longest = max(len(line) for label in labels for line in label.splitlines())
        canvas.subplots_adjust(
            left=max(0.1, 0.03 + 0.0108 * longest), right=0.82, top=0.815, bottom=0.145
        )
        _draw_truces(lanes, told, sum(row.height for row in rows.values()))
        for name, row in rows.items():
            if name in styles:
                _draw_party(lanes, told, styles[name], name, row.middle)
        _draw_front(lanes, told, rows, canvas_last=float(told.day[-1]))
        _draw_turns(lanes, told, rows)
        _finish_lanes(lanes, told, rows, labels)
        draw_range(below, told, styles)
        ticks = day_ticks(told.day[0], told.day[-1])
        days_below(below, _day_zero(told), ticks)
        dates_above(lanes, _day_zero(told), ticks)
        key = key_of(told)
        canvas.legend(
            handles=key,
            loc="upper left",
            bbox_to_anchor=(0.012, 0.932),
            ncols=len(key) if len(key) <= _KEY_ROW else -(-len(key) // 2),
            frameon=False,
            borderaxespad=0.0,
            handlelength=1.0,
            handletextpad=0.4,
            columnspacing=1.2,
        )
    return Figure(
        name="story_of_a_run",
        title=story_words.TITLE,
        figure=canvas,
        caption=story_words.caption(told, context, place),
        alt_text=story_words.alt_text(told),
        table=_table(told),
    )


def _lanes(actors: list[str], story: Story) -> dict[str, "_Lane"]:
    """Parties from the top in alphabetical order, then the land held outside.

    The first land carries the marks of the front as well; the others need less room.
    """
    names = [*actors, *(story.chips_km2 or [""])]
    heights = [1.0 if place <= len(actors) else _LESS for place in range(len(names))]
    tops = sum(heights) - np.cumsum([0.0, *heights[:-1]])
    return {
        name: _Lane(float(top) - height / 2, height)
        for name, top, height in zip(names, tops, heights, strict=True)
    }


def _row_within(moment: Moment) -> float:
    if moment.type in PROPOSALS:
        return _PROPOSAL
    return _ANSWER if moment.type in ANSWERS and not moment.of_counter else _LAST


def _draw_truces(axes: Axes, story: Story, height: float) -> None:
    for first, last in story.truces():
        axes.fill_between(
            [first, max(last, first + 1)],
            0.0,
            height,
            facecolor=LIGHT_GREY,
            linewidth=0,
            zorder=0,
        )
    for first, last in story.partial_truces():
        axes.fill_between(
            [first, max(last, first + 1)],
            0.0,
            height,
            facecolor="none",
            edgecolor=MID_GREY,
            hatch=PARTIAL_HATCH,
            linewidth=0,
            zorder=0,
        )


def _draw_party(
    axes: Axes, story: Story, style: PartyStyle, party: str, row: float
) -> None:
    for moment in story.moments:
        if moment.actor == party and moment.type in PARTY_MARKS:
            mark = PARTY_MARKS[moment.type]
            height = row + _row_within(moment)
            axes.add_line(mark.line(style.colour, moment.day, height))


def _draw_front(
    axes: Axes, story: Story, rows: dict[str, _Lane], *, canvas_last: float
) -> None:
    largest = max((float(km2.max()) for km2 in story.chips_km2.values()), default=1.0)
    for chip, km2 in story.chips_km2.items():
        middle, height = rows[chip]
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
            xy=(canvas_last, middle),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
        )
    front = rows[next(iter(story.chips_km2), "")].middle
    for moment in story.moments:
        if moment.type in FRONT_MARKS:
            mark = FRONT_MARKS[moment.type]
            axes.add_line(mark.line(INK, moment.day, front))


def _draw_turns(axes: Axes, story: Story, rows: dict[str, _Lane]) -> None:
    """Number the turning points beside their marks, side by side in a lane."""
    front = rows[next(iter(story.chips_km2), "")]
    width = float(story.day[-1] - story.day[0]) or 1.0
    taken: dict[float, float] = {}
    for moment in story.turns:
        lane = rows.get(moment.actor, front) if moment.type in PARTY_MARKS else front
        row = lane.middle
        day = max(float(moment.day), taken.get(row, -width) + 0.032 * width)
        taken[row] = day
        axes.text(
            day,
            row + _NUMBER,
            str(moment.turn),
            ha="center",
            va="center",
            weight="bold",
        )


def _finish_lanes(
    axes: Axes, story: Story, rows: dict[str, _Lane], labels: list[str]
) -> None:
    axes.spines[["left", "right", "bottom"]].set_visible(False)
    axes.spines["top"].set_color(MID_GREY)
    tops = [row.middle + row.height / 2 for row in rows.values()]
    axes.set_ylim(0.0, tops[0])
    for top in tops[1:]:
        axes.axhline(top, color=LIGHT_GREY, linewidth=0.6, zorder=0)
    axes.set_yticks([row.middle for row in rows.values()], labels, linespacing=0.95)
    axes.tick_params(axis="both", length=0)
    first, last = float(story.day[0]), float(story.day[-1])
    edge = 0.012 * (last - first or 1.0)
    axes.set_xlim(first - edge, last + edge)
    axes.tick_params(axis="x", labelbottom=False)


def _lane_label(name: str, styles: dict[str, PartyStyle]) -> str:
    if name in styles:
        return styles[name].name.replace(" ", "\n", 1)
    return display_name(name) if name else "Front"


def _day_zero(story: Story) -> date:
    """Return the date of day 0; a run's own table begins on the eve, day -1."""
    return date.fromisoformat(story.dates[0]) - timedelta(days=int(story.day[0]))


def _table(story: Story) -> pd.DataFrame:
    """One row a day: the lines and widths drawn, and what happened that day."""
    happened: dict[int, list[str]] = {}
    for moment in story.moments:
        number = f"{moment.turn}: " if moment.turn else ""
        happened.setdefault(moment.day, []).append(
            number + story_words.sentence(moment)
        )
    return pd.DataFrame(
        {
            "day": story.day,
            "date": story.dates,
            "phase": story.phase,
            "share": story.share,
            f"least_accepted.{story.front_side}": story.least,
            f"most_left_by.{story.other_side}": story.most,
            **{f"chips_km2.{chip}": km2 for chip, km2 in story.chips_km2.items()},
            "events": [" ".join(happened.get(day, [])) for day in story.day.tolist()],
        }
    )
