"""Figure 1: when there is a deal that both sides could accept."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.analysis.narrative.timeline import PROPOSALS, Story, story
from sim.analysis.narrative.words import counted, display_name, long_date
from sim.analysis.ranges import offers_in_range, range_of_run, range_of_runs
from sim.batch.intervals import Floats
from sim.plots.figure import Figure
from sim.plots.provenance import Context
from sim.plots.style import (
    HEADROOM,
    INK,
    LIGHT_GREY,
    LINE_GREY,
    PartyStyle,
    dates_above,
    day_ticks,
    days_below,
    figure_style,
    header,
    key_above,
    label_ends,
    new_canvas,
    party_styles,
    plain_axes,
    short_share,
)

QUESTION = "When is there a deal both could accept?"
OF_ONE_RUN, APART = True, False

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


TITLE = "When is there a deal both could accept?"


def deal_days(story: Story) -> tuple[int, int]:
    """Return on how many days a deal existed, and of how many days."""
    table = range_of_run(story)
    days = table[table["day"] >= 0]
    return int(days["deal"].sum()), len(days)


def deals(story: Story) -> str:
    """Return on how many days both could have accepted one line."""
    there, days = deal_days(story)
    return f"A deal both could accept existed on {there} of {days} days."


def offers(story: Story) -> str:
    """Return which offer first lay inside the range."""
    table = offers_in_range(story)
    if table.empty:
        return "Nothing was offered."
    inside = table[table["inside"]]
    of = f"{len(inside)} of {counted(len(table), 'offer')}"
    if inside.empty:
        return f"None of {counted(len(table), 'offer')} lay inside the range."
    return (
        f"The first offer inside the range came on day {inside['day'].iloc[0]}; "
        f"{of} lay inside."
    )


def caption(story: Story, context: Context) -> str:
    """Return the answer of one run, how to read it, and the origin."""
    front, other = display_name(story.front_side), display_name(story.other_side)
    concluded = offers_in_range(story)["concluded"]
    taken = f", filled if it began a truce ({int(concluded.sum())})"
    faint = (
        " Fainter: what the other side believes of each limit."
        if np.isfinite(story.believed_least).any()
        else ""
    )
    return (
        f"{deals(story)} {offers(story)} Lines: the least share {front} accepts for "
        f"good rather than fight on, and the most {other} leaves; grey where a line "
        f"between them suits both.{faint} A mark is an offer of a line{taken}; a truce "
        "for a time, or one with conditions, may be accepted outside the range. One "
        "run, so no uncertainty is drawn.\n"
        f"{context.last_line()}"
    )


def alt_text(story: Story) -> str:
    """Return the picture of one run in words."""
    front, other = display_name(story.front_side), display_name(story.other_side)
    values = np.concatenate([story.least, story.most])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return (
        f"Step lines by day, {story.day[0]} to {story.day[-1]}, from "
        f"{long_date(story.dates[0])}. Up: share of the stake, {front}'s part; both "
        f"limits lie between {low:.2f} and {high:.2f}. One line: the least {front} "
        f"accepts, at first {story.least[0]:.2f}, at last {story.least[-1]:.2f}. The "
        f"other: the most {other} leaves, {story.most[0]:.2f} and "
        f"{story.most[-1]:.2f}. Grey between them where a deal exists. {deals(story)} "
        f"{offers(story)}"
    )


def caption_of_runs(
    table: pd.DataFrame, context: Context, *, front: str, other: str
) -> str:
    """Return the answer of many runs, what the bands cover, and the origin."""
    runs = int(table["of"].iloc[0])
    return (
        f"{_deals(table)} Lines: the median of the least share {front} accepts for "
        f"good rather than fight on, and of the most {other} leaves. Bands: 25 to 75 % "
        "of the runs without a ceasefire so far, which is luck; half of them lie "
        "outside, and more runs do not narrow them. Each line has a median of its own: "
        "whether a deal exists is counted run by run, in the lower panel. What is not "
        "known about the inputs is not shown.\n"
        f"{context.last_line().replace(context.runs(), _number(runs))}"
    )


def alt_text_of_runs(table: pd.DataFrame, *, front: str, other: str) -> str:
    """Return the picture of many runs in words."""
    first, last = _ends(table)
    return (
        f"Two lines with bands by day, {first['day']:.0f} to {last['day']:.0f}; below, "
        "the number of runs with a deal. Up: share of the stake, "
        f"{front}'s part. The median of the least {front} accepts goes from "
        f"{first['least_q50']:.2f} to {last['least_q50']:.2f}, that of the most "
        f"{other} leaves from {first['most_q50']:.2f} to {last['most_q50']:.2f}. Bands "
        f"hold half of the runs without a ceasefire. {_deals(table)}"
    )


def _deals(table: pd.DataFrame) -> str:
    first, last = _ends(table)
    return (
        f"On day {first['day']:.0f} a deal both could accept existed in "
        f"{first['deals']:.0f} of {first['runs']:.0f} runs, on day {last['day']:.0f} "
        f"in {last['deals']:.0f} of the {last['runs']:.0f} without a ceasefire so far."
    )


def _ends(table: pd.DataFrame) -> "tuple[pd.Series[float], pd.Series[float]]":
    """Return the rows of the first day, and of the last on which a run still fights."""
    some = table[(table["day"] >= 0) & (table["runs"] > 0)]
    return some.iloc[0], some.iloc[-1]


def _number(runs: int) -> str:
    return "1 run" if runs == 1 else f"{runs:,} runs"


NAME = "bargaining_range"


def bargaining_range(
    steps: pd.DataFrame, events: pd.DataFrame, context: Context, *, front_side: str
) -> Figure:
    """Draw both limits of one run, what each side believes, and the offers.

    Parameters
    ----------
    steps, events : DataFrame
        Of one run, as `sim.analysis.narrative.timeline.story` takes them.
    context : Context
        Where the run comes from.
    front_side : str
        The party whose share of the stake is counted.

    Raises
    ------
    ValueError
        As `sim.analysis.narrative.timeline.story`.
    """
    told = story(steps, events, front_side=front_side)
    authors = {each.actor for each in told.moments if each.type in PROPOSALS}
    givers = {each.actor for each in told.moments if each.type == "aid"}
    styles = party_styles({front_side, told.other_side, *authors, *givers} - {""})
    with figure_style():
        canvas = new_canvas(TITLE, context.footer())
        axes = canvas.subplots()
        canvas.subplots_adjust(left=0.065, right=0.815, top=0.76, bottom=0.165)
        draw_range(axes, told, styles, believed=True, label_gap=0.12)
        _draw_decisions(axes, told, styles)
        _finish(axes, told.day, date.fromisoformat(told.dates[0]), raised=13.0)
        key_above(canvas, _key(told, styles), columns=4)
    return Figure(
        name=NAME,
        title=TITLE,
        figure=canvas,
        caption=caption(told, context),
        alt_text=alt_text(told),
        table=_table(told),
        origin=context.metadata(),
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
        canvas = new_canvas(TITLE, context.footer())
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
        title=TITLE,
        figure=canvas,
        caption=caption_of_runs(table, context, **words),
        alt_text=alt_text_of_runs(table, **words),
        table=table,
        origin=context.metadata(),
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


_RUNS = 200


def of(source: Any) -> Figure:
    """Draw it of one run; of a sweep, of the runs of a cell."""
    if not source.of_many:
        run = source.run
        return bargaining_range(
            run.steps,
            run.events,
            run.context(source.command),
            front_side=run.loaded.scenario.front.side,
        )
    ensembles, context = source.ensembles(NAME, _RUNS)
    [ensemble] = ensembles.values()
    front, other = ensemble.loaded.scenario.sides
    return bargaining_range_of_runs(
        range_of_runs(ensemble.limits, front_side=front, other_side=other),
        context,
        front_side=front,
        other_side=other,
        start=ensemble.loaded.scenario.start_date,
    )
