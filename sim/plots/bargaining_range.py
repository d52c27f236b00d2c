"""Figure 1: when there is a deal that both sides could accept."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.ranges import offers_in_range, range_of_run
from sim.analysis.story import PROPOSALS, Story, story
from sim.analysis.words import display_name
from sim.plots import range_words
from sim.plots.calendar import dates_above, day_ticks, days_below
from sim.plots.context import Context
from sim.plots.labels import label_ends
from sim.plots.range_panel import BELIEVED_ALPHA, draw_range, share_axis
from sim.plots.result import Figure
from sim.plots.style import (
    HEADROOM,
    INK,
    LIGHT_GREY,
    LINE_GREY,
    PartyStyle,
    figure_style,
    header,
    key_above,
    new_canvas,
    party_styles,
    plain_axes,
)

NAME = "bargaining_range"


def bargaining_range(
    steps: pd.DataFrame, events: pd.DataFrame, context: Context, *, front_side: str
) -> Figure:
    """Draw both limits of one run, what each side believes, and the offers.

    Parameters
    ----------
    steps, events : DataFrame
        Of one run, as `sim.analysis.story.story` takes them.
    context : Context
        Where the run comes from.
    front_side : str
        The party whose share of the stake is counted.

    Raises
    ------
    ValueError
        As `sim.analysis.story.story`.
    """
    told = story(steps, events, front_side=front_side)
    authors = {each.actor for each in told.moments if each.type in PROPOSALS}
    givers = {each.actor for each in told.moments if each.type == "aid"}
    styles = party_styles({front_side, told.other_side, *authors, *givers} - {""})
    with figure_style():
        canvas = new_canvas(range_words.TITLE, context.footer())
        axes = canvas.subplots()
        canvas.subplots_adjust(left=0.065, right=0.815, top=0.76, bottom=0.165)
        draw_range(axes, told, styles, believed=True, label_gap=0.12)
        _draw_decisions(axes, told, styles)
        _finish(axes, told.day, date.fromisoformat(told.dates[0]), raised=13.0)
        key_above(canvas, _key(told, styles), columns=4)
    return Figure(
        name=NAME,
        title=range_words.TITLE,
        figure=canvas,
        caption=range_words.caption(told, context),
        alt_text=range_words.alt_text(told),
        table=_table(told),
    )


def bargaining_range_of_runs(
    table: pd.DataFrame,
    context: Context,
    *,
    front_side: str,
    other_side: str,
    start: date,
) -> Figure:
    """Draw the median of both limits over many runs, and how many have a deal.

    Parameters
    ----------
    table : DataFrame
        As `sim.analysis.ranges.range_of_runs` returns it.
    context : Context
        Where the runs come from.
    front_side, other_side : str
        The party whose share of the stake is counted, and the other one.
    start : date
        Day 0.
    """
    styles = party_styles([front_side, other_side])
    front, other = styles[front_side], styles[other_side]
    words = {"front": front.name, "other": other.name}
    with figure_style():
        canvas = new_canvas(range_words.TITLE, context.footer())
        above, below = canvas.subplots(
            2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 1], "hspace": 0.26}
        )
        canvas.subplots_adjust(left=0.065, right=0.815, top=0.80, bottom=0.165)
        _draw_limits(above, table, front, other)
        _draw_deals(below, table)
        day = table["day"].to_numpy()
        _finish(above, day, start + timedelta(days=int(day[0])), raised=13.0)
        above.set_xlabel("")
        above.tick_params(axis="x", length=0)
        days_below(below, start, day_ticks(day[0], day[-1]))
        key_above(
            canvas,
            [
                Patch(facecolor=LIGHT_GREY, edgecolor=LINE_GREY, linewidth=0.4,
                      label="luck: half of the runs without a ceasefire so far")
            ],
        )  # fmt: skip
    return Figure(
        name=NAME,
        title=range_words.TITLE,
        figure=canvas,
        caption=range_words.caption_of_runs(table, context, **words),
        alt_text=range_words.alt_text_of_runs(table, **words),
        table=table,
    )


def _finish(axes: Axes, day: "np.ndarray", first: date, *, raised: float) -> None:
    """Set the days; `first` is the date of the first of them."""
    start = first - timedelta(days=int(day[0]))
    edge = 0.012 * (float(day[-1] - day[0]) or 1.0)
    axes.set_xlim(float(day[0]) - edge, float(day[-1]) + edge)
    ticks = day_ticks(day[0], day[-1])
    days_below(axes, start, ticks)
    dates_above(axes, start, ticks, raised=raised)


def _draw_decisions(axes: Axes, story: Story, styles: dict[str, PartyStyle]) -> None:
    """Mark in the room above the data when talks begin and when aid is decided on."""
    low, high = axes.get_ylim()
    top = high - HEADROOM * 0.35 * (high - low)
    talks = [each.day for each in story.moments if each.type in PROPOSALS][:1]
    axes.plot(
        talks, [top] * len(talks), "|", color=INK, markersize=9, markeredgewidth=1.5,
        clip_on=False,
    )  # fmt: skip
    for moment in story.moments:
        if moment.type == "aid" and moment.actor in styles:
            axes.plot(
                moment.day, top, "P", color=styles[moment.actor].colour,
                markersize=5, clip_on=False,
            )  # fmt: skip


def _key(story: Story, styles: dict[str, PartyStyle]) -> list[Line2D | Patch]:
    entries: list[Line2D | Patch] = [
        Patch(facecolor=LIGHT_GREY, label="a deal exists"),
        Line2D([], [], color=INK, linewidth=1.5, alpha=BELIEVED_ALPHA,
               label="as the other side believes"),
    ]  # fmt: skip
    authors = {each.actor for each in story.moments if each.type in PROPOSALS}
    for party, style in styles.items():
        if party in authors:
            entries.append(
                Line2D([], [], linestyle="none", marker=style.marker,
                       color=style.colour, markerfacecolor="white", markersize=4,
                       label=f"offer of {style.name}")
            )  # fmt: skip
    if authors:
        entries.append(
            Line2D([], [], linestyle="none", marker="|", color=INK, markersize=8,
                   markeredgewidth=1.5, label="talks begin")
        )  # fmt: skip
    if any(each.type == "aid" for each in story.moments):
        entries.append(
            Line2D([], [], linestyle="none", marker="P", color=INK, markersize=5,
                   label="aid decision")
        )  # fmt: skip
    return entries


def _draw_limits(
    axes: Axes, table: pd.DataFrame, front: PartyStyle, other: PartyStyle
) -> None:
    day = table["day"].to_numpy()
    lines = (("least", front), ("most", other))
    for name, _ in lines:
        axes.fill_between(
            day, table[f"{name}_q25"], table[f"{name}_q75"], step="post",
            facecolor=LIGHT_GREY, edgecolor=LINE_GREY, linewidth=0.4,
        )  # fmt: skip
    axes.plot(
        day, table["share_q50"], color=LINE_GREY, linewidth=0.9, drawstyle="steps-post"
    )
    for name, style in lines:
        axes.plot(
            day, table[f"{name}_q50"], color=style.colour, linestyle=style.dash,
            linewidth=1.5, drawstyle="steps-post",
        )  # fmt: skip
    plain_axes(axes)
    drawn = table.filter(regex="_q").to_numpy(np.float64)
    low, high = float(np.nanmin(drawn)), float(np.nanmax(drawn))
    room = max(0.02, 0.05 * (high - low))
    axes.set_ylim(low - room, high + room + HEADROOM * (high - low))
    share_axis(axes, front.name)
    known = table[table["runs"] > 0].iloc[-1]
    lasts = {
        f"least {front.name}\naccepts": float(known["least_q50"]),
        f"most {other.name}\nleaves": float(known["most_q50"]),
        "line of\ncontact": float(known["share_q50"]),
    }
    label_ends(axes, lasts, float(known["day"]), gap=0.17)


def _draw_deals(axes: Axes, table: pd.DataFrame) -> None:
    some = table[table["runs"] > 0]
    axes.plot(
        some["day"], some["deals"] / some["runs"], color=INK, linewidth=1.5,
        drawstyle="steps-post",
    )  # fmt: skip
    plain_axes(axes)
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0.0, 0.5, 1.0], ["0", ".5", "1"])
    header(axes, "share of these runs in which a deal both could accept exists")


def _table(story: Story) -> pd.DataFrame:
    """One row a day, with the offers of the day in words."""
    table = range_of_run(story)
    found = offers_in_range(story)
    told: dict[int, list[str]] = {}
    for row in found.to_dict(orient="records"):
        where = "inside" if row["inside"] else "outside"
        told.setdefault(int(row["day"]), []).append(
            f"{display_name(row['actor'])}: {row['offer']}, {row['line']:.4f}, {where}"
        )
    offered = ["; ".join(told.get(day, [])) for day in table["day"].tolist()]
    return table.assign(offers=offered)
