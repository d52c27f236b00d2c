"""Figure 10: one run, lane by lane, and what each side would have accepted."""

from datetime import date

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.story import ANSWERS, PROPOSALS, Moment, Story, story
from sim.analysis.words import display_name, long_date
from sim.plots import story_words
from sim.plots.bargaining_range import draw_range
from sim.plots.context import Context, short_date
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

# Kind of mark -> marker, how it is filled, its word in the key. Who acts is the lane.
_MARKS = {
    "offer": ("D", "full", "offers"),
    "counter_offer": ("D", "none", "counter-offer"),
    "acceptance": ("o", "full", "accepts"),
    "conditional_acceptance": ("o", "left", "on conditions"),
    "rejection": ("x", "full", "refuses"),
    "aid": ("P", "full", "aid"),
    "commitment": ("*", "full", "commits"),
}
_FRONT_MARKS = {
    "breakdown": ("X", "full", "breaks down"),
    "expiry": ("|", "full", "term ends"),
    "settlement": ("*", "full", "settlement"),
    "defeat": ("s", "full", "defeat"),
    "capture": ("v", "full", "captured"),
}

# Entries of the key that fit on one row.
_KEY_ROW = 8

# Heights within a lane: numbers, proposals, answers, and last what would else lie on
# top of these on the same day or the day before.
_NUMBER, _PROPOSAL, _ANSWER, _LAST = 0.34, 0.06, -0.14, -0.34


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
        canvas.subplots_adjust(left=0.125, right=0.845, top=0.815, bottom=0.145)
        rows = _lane_rows(actors, told)
        _draw_truces(lanes, told, len(rows))
        for name, row in rows.items():
            if name in styles:
                _draw_party(lanes, told, styles[name], name, row)
        _draw_front(lanes, told, rows, canvas_last=float(told.day[-1]))
        _draw_turns(lanes, told, rows)
        _finish_lanes(lanes, told, rows, styles)
        draw_range(below, told, styles)
        below.set_xlabel(f"days since {long_date(told.dates[0])}")
        key = _key(told)
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


def _lane_rows(actors: list[str], story: Story) -> dict[str, float]:
    """Heights of the lanes, parties from the top in alphabetical order, then land."""
    names = [*actors, *(story.chips_km2 or [""])]
    return {name: float(len(names) - 1 - place) for place, name in enumerate(names)}


def _row_within(moment: Moment) -> float:
    if moment.type in PROPOSALS:
        return _PROPOSAL
    return _ANSWER if moment.type in ANSWERS and not moment.of_counter else _LAST


def _draw_truces(axes: Axes, story: Story, lanes: int) -> None:
    for first, last in story.truces():
        axes.fill_between(
            [first, max(last, first + 1)],
            -0.5,
            lanes - 0.5,
            facecolor=LIGHT_GREY,
            linewidth=0,
            zorder=0,
        )


def _draw_party(
    axes: Axes, story: Story, style: PartyStyle, party: str, row: float
) -> None:
    for moment in story.moments:
        if moment.actor == party and moment.type in _MARKS:
            marker, fill, _ = _MARKS[moment.type]
            _mark(
                axes, moment.day, row + _row_within(moment), marker, fill, style.colour
            )


def _draw_front(
    axes: Axes, story: Story, rows: dict[str, float], *, canvas_last: float
) -> None:
    largest = max((float(km2.max()) for km2 in story.chips_km2.values()), default=1.0)
    for chip, km2 in story.chips_km2.items():
        half = 0.36 * km2 / largest
        row = rows[chip]
        axes.fill_between(
            story.day, row - half, row + half, facecolor=MID_GREY, linewidth=0, zorder=1
        )
        axes.annotate(
            f"{km2[-1]:,.0f} km²",
            xy=(canvas_last, row),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
        )
    row = (
        min(rows.values()) if not story.chips_km2 else rows[next(iter(story.chips_km2))]
    )
    for moment in story.moments:
        if moment.type in _FRONT_MARKS:
            marker, fill, _ = _FRONT_MARKS[moment.type]
            _mark(axes, moment.day, row, marker, fill, INK)


def _mark(
    axes: Axes, day: float, height: float, marker: str, fill: str, colour: str
) -> None:
    axes.add_line(_marker(marker, fill, colour, day, height))


def _marker(
    marker: str, fill: str, colour: str, day: float = 0.0, height: float = 0.0
) -> Line2D:
    return Line2D(
        [day],
        [height],
        linestyle="none",
        marker=marker,
        color=colour,
        fillstyle="full" if fill == "none" else fill,  # type: ignore[arg-type]
        markerfacecolor="white" if fill == "none" else colour,
        markerfacecoloralt="white",
        markersize=4.5,
        markeredgewidth=1.2 if marker in "x|" else 0.9,
        clip_on=False,
        zorder=4,
    )


def _draw_turns(axes: Axes, story: Story, rows: dict[str, float]) -> None:
    """Number the turning points beside their marks, side by side in a lane."""
    front = rows[next(iter(story.chips_km2), "")]
    width = float(story.day[-1] - story.day[0]) or 1.0
    taken: dict[float, float] = {}
    for moment in story.turns:
        row = rows.get(moment.actor, front) if moment.type in _MARKS else front
        day = max(float(moment.day), taken.get(row, -width) + 0.024 * width)
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
    axes: Axes, story: Story, rows: dict[str, float], styles: dict[str, PartyStyle]
) -> None:
    axes.spines[["left", "right", "bottom"]].set_visible(False)
    axes.spines["top"].set_color(MID_GREY)
    axes.set_ylim(-0.5, len(rows) - 0.5)
    for height in range(1, len(rows)):
        axes.axhline(height - 0.5, color=LIGHT_GREY, linewidth=0.6, zorder=0)
    labels = [_lane_label(name, story, styles) for name in rows]
    axes.set_yticks(list(rows.values()), labels, linespacing=0.95)
    axes.tick_params(axis="both", length=0)
    first, last = float(story.day[0]), float(story.day[-1])
    edge = 0.012 * (last - first or 1.0)
    axes.set_xlim(first - edge, last + edge)
    ticks = _day_ticks(int(first), int(last))
    axes.set_xticks(ticks)
    axes.tick_params(axis="x", labelbottom=False)
    dates = dict(zip(story.day.tolist(), story.dates, strict=True))
    for tick in ticks:
        axes.annotate(
            short_date(date.fromisoformat(dates[tick])),
            xy=(tick, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2.5),
            textcoords="offset points",
            ha="center",
            va="bottom",
        )


def _lane_label(name: str, story: Story, styles: dict[str, PartyStyle]) -> str:
    if name in styles:
        return styles[name].name.replace(" ", "\n", 1)
    if name:
        return f"{display_name(name)}\n{story.chips_km2[name][0]:,.0f} km²"
    return "Front"


def _day_ticks(first: int, last: int) -> list[int]:
    """Return up to eight days a round number of weeks or months apart."""
    for step in (1, 2, 7, 14, 30, 60, 90, 180, 360):
        if (last - first) / step <= 7:
            return list(range(first, last + 1, step))
    return [first, last]


def _key(story: Story) -> list[Line2D | Patch]:
    seen = {moment.type for moment in story.moments}
    marks: list[Line2D | Patch] = []
    for kind, (marker, fill, word) in {**_MARKS, **_FRONT_MARKS}.items():
        if kind in seen:
            handle = _marker(marker, fill, INK)
            handle.set_label(word)
            marks.append(handle)
    if story.truces():
        marks.append(Patch(facecolor=LIGHT_GREY, label="truce"))
    return marks


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
            f"most_conceded.{story.other_side}": story.most,
            **{f"chips_km2.{chip}": km2 for chip, km2 in story.chips_km2.items()},
            "events": [" ".join(happened.get(day, [])) for day in story.day.tolist()],
        }
    )
