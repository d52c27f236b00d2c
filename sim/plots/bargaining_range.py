"""Figure 1: when there is a deal that both sides could accept."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.narrative.sentences import PROPOSALS
from sim.analysis.narrative.timeline import Story, story
from sim.analysis.narrative.words import amount, counted, km2, long_date
from sim.analysis.ranges import deal_days, offers_in_range, range_of_run, range_of_runs
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context
from sim.plots.range_panel import (
    BELIEVED_ALPHA,
    draw_range,
    land_axis,
    line_names,
)
from sim.plots.strokes import (
    Look,
    day_ticks,
    days_across,
    days_below,
    key_above,
    luck_band,
    marks,
    room_beside,
    sign,
    step_line,
)
from sim.plots.style import (
    HEADROOM,
    INK,
    LIGHT_GREY,
    LINE_GREY,
    PartyStyle,
    header,
    label_ends,
    party_styles,
    plain_axes,
)
from sim.scenario.land import Front

QUESTION = "When is there a deal both could accept?"
OF_ONE_RUN, APART = True, False


@dataclass(frozen=True, eq=False)
class RangeWords(Words):
    """Sentences about the range of one run."""

    story: Story
    context: Context
    name = "bargaining_range"
    title = QUESTION

    def deals(self) -> str:
        """Return on how many days both could have accepted one line."""
        there, days = deal_days(self.story)
        return f"A deal both could accept existed on {there} of {days} days."

    def offers(self) -> str:
        """Return which offer first lay inside the range."""
        table = offers_in_range(self.story)
        if table.empty:
            return "Nothing was offered."
        inside = table[table["inside"]]
        of = counted(len(table), "offer")
        if inside.empty:
            return f"None of the {of} lay inside the range."
        return (
            f"The first offer inside the range came on day {inside['day'].iloc[0]}; "
            f"{len(inside)} of {of} lay inside."
        )

    def caption(self) -> list[str]:
        """The answer, and how to read it."""
        story = self.story
        front, other = map(self.context.label, (story.front_side, story.other_side))
        taken = int(offers_in_range(story)["concluded"].sum())
        return [
            self.deals(),
            self.offers(),
            f"Lines: the least land for which {front} would end the war for good "
            f"rather than fight on, and the most that {other} would leave it. Grey: "
            "both would prefer a line in between.",
            "The fainter lines show where the other side believes each limit to be."
            if np.isfinite(story.believed_least).any()
            else "",
            f"Each mark is an offer of a line, filled if it began a truce ({taken}). "
            "A truce of limited length, or one with conditions, may be accepted "
            "outside the range. This is one run, so no uncertainty is drawn.",
        ]

    def alt_text(self) -> list[str]:
        """The picture in words."""
        story = self.story
        front, other = map(self.context.label, (story.front_side, story.other_side))
        values = np.concatenate([story.least, story.most])
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        return [
            f"Step lines by day, {story.day[0]} to {story.day[-1]}, from "
            f"{long_date(story.dates[0])}. Up: land of the stake, {front}'s part; "
            f"both limits lie between {amount(low)} and {km2(high)}. One line: the "
            f"least {front} accepts, at first {amount(story.least[0])}, at last "
            f"{amount(story.least[-1])}. The other: the most {other} leaves, "
            f"{amount(story.most[0])} and {amount(story.most[-1])}. Grey between them "
            "where a deal exists.",
            self.deals(),
            self.offers(),
        ]


@dataclass(frozen=True, eq=False)
class RangeOfRunsWords(Words):
    """Sentences about the ranges of many runs; `front` and `other` as displayed."""

    table: pd.DataFrame
    context: Context
    front: str
    other: str
    name = "bargaining_range"
    title = QUESTION

    def caption(self) -> list[str]:
        """The answer, and what the bands cover."""
        return [
            self._deals(),
            f"Lines: the median of the least land for which {self.front} would end "
            "the war for good rather than fight on, and of the most that "
            f"{self.other} would leave it. Bands: the middle half of the runs without "
            "a ceasefire so far; they show luck, and more runs do not narrow them. "
            "Each line is a median of its own; the lower panel counts in how many "
            "runs a deal exists. Uncertainty about the inputs is not shown.",
        ]

    def last_line(self) -> str:
        """Return the origin, with the number of these runs."""
        runs = int(self.table["of"].iloc[0])
        told = "1 run" if runs == 1 else f"{runs:,} runs"
        return self.context.last_line().replace(self.context.runs(), told)

    def alt_text(self) -> list[str]:
        """The picture in words."""
        first, last = self._ends()
        return [
            f"Two lines with bands by day, {first['day']:.0f} to {last['day']:.0f}; "
            "below, the number of runs with a deal. Up: land of the stake, "
            f"{self.front}'s part. The median of the least {self.front} accepts goes "
            f"from {amount(first['least_q50'])} to {km2(last['least_q50'])}, that of "
            f"the most {self.other} leaves from {amount(first['most_q50'])} to "
            f"{km2(last['most_q50'])}. Bands: half of the runs without a ceasefire.",
            self._deals(),
        ]

    def _deals(self) -> str:
        first, last = self._ends()
        return (
            f"On day {first['day']:.0f} a deal both could accept existed in "
            f"{first['deals']:.0f} of {first['runs']:.0f} runs, on day "
            f"{last['day']:.0f} in {last['deals']:.0f} of the {last['runs']:.0f} "
            "without a ceasefire so far."
        )

    def _ends(self) -> "tuple[pd.Series[float], pd.Series[float]]":
        """Return the rows of the first day, and of the last with a run that fights."""
        some = self.table[(self.table["day"] >= 0) & (self.table["runs"] > 0)]
        return some.iloc[0], some.iloc[-1]


def bargaining_range(
    steps: pd.DataFrame, events: pd.DataFrame, context: Context, *, front: Front
) -> Figure:
    """Draw both limits of one run, what each side believes, and the offers.

    `steps` and `events` are of one run, as `sim.analysis.narrative.timeline.story`
    takes them, and its ValueErrors are those here; `front` is that of the scenario.
    """
    told = story(steps, events, front)
    words = RangeWords(told, context)
    acting = {each.actor for each in told.moments if each.type in (*PROPOSALS, "aid")}
    everyone = {front.side, told.other_side, *acting} - {""}
    styles = party_styles(everyone, context.labels)
    with words.canvas() as canvas:
        axes = canvas.subplots()
        canvas.subplots_adjust(left=0.065, right=0.815, top=0.76, bottom=0.165)
        draw_range(axes, told, styles, believed=True, label_gap=0.12)
        _draw_decisions(axes, told, styles)
        _set_days(axes, told.day, date.fromisoformat(told.dates[0]))
        key_above(canvas, _key(told, styles), columns=4)
    return words.figure(canvas, _table(told, context))


def bargaining_range_of_runs(
    table: pd.DataFrame,
    context: Context,
    *,
    front_side: str,
    other_side: str,
    start: date,
) -> Figure:
    """Draw the median of both limits over many runs, and how many have a deal.

    `table` is that of `sim.analysis.ranges.range_of_runs`; `front_side` is the party
    whose land is counted, `start` the date of day 0.
    """
    styles = party_styles([front_side, other_side], context.labels)
    front, other = styles[front_side], styles[other_side]
    words = RangeOfRunsWords(table, context, front.name, other.name)
    with words.canvas() as canvas:
        above, below = canvas.subplots(
            2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 1], "hspace": 0.26}
        )
        canvas.subplots_adjust(left=0.065, right=0.815, top=0.80, bottom=0.165)
        _draw_limits(above, table, front, other)
        _draw_deals(below, table)
        day = table["day"].to_numpy()
        _set_days(above, day, start + timedelta(days=int(day[0])))
        above.set_xlabel("")
        above.tick_params(axis="x", length=0)
        days_below(below, start, day_ticks(day[0], day[-1]))
        luck = "luck: half of the runs without a ceasefire so far"
        look: Look = {"facecolor": LIGHT_GREY, "edgecolor": LINE_GREY, "linewidth": 0.4}
        key_above(canvas, [Patch(**look, label=luck)])
    return words.figure(canvas, table)


def _set_days(axes: Axes, day: "np.ndarray", first: date) -> None:
    """Set the days; `first` is the date of the first of them."""
    ends = float(day[0]), float(day[-1])
    room_beside(axes, *ends)
    days_across(axes, first - timedelta(days=int(day[0])), ends)


def _draw_decisions(axes: Axes, story: Story, styles: dict[str, PartyStyle]) -> None:
    """Mark in the room above the data when talks begin and when aid is decided on."""
    low, high = axes.get_ylim()
    top = high - HEADROOM * 0.35 * (high - low)
    talks = [each.day for each in story.moments if each.type in PROPOSALS][:1]
    marks(axes, talks, [top] * len(talks), "|", 9, markeredgewidth=1.5)
    for moment in story.moments:
        if moment.type == "aid" and moment.actor in styles:
            marks(axes, moment.day, top, "P", 5, color=styles[moment.actor].colour)


def _key(story: Story, styles: dict[str, PartyStyle]) -> list[Line2D | Patch]:
    believed: Look = {"color": INK, "linewidth": 1.5, "alpha": BELIEVED_ALPHA}
    entries: list[Line2D | Patch] = [
        Patch(facecolor=LIGHT_GREY, label="a deal exists"),
        Line2D([], [], **believed, label="as the other side believes"),
    ]
    authors = {each.actor for each in story.moments if each.type in PROPOSALS}
    for party in sorted(authors & set(styles)):
        style = styles[party]
        look: Look = {"color": style.colour, "markerfacecolor": "white"}
        entries.append(sign(style.marker, f"offer of {style.name}", 4, **look))
    if authors:
        entries.append(sign("|", "talks begin", 8, markeredgewidth=1.5))
    if any(each.type == "aid" for each in story.moments):
        entries.append(sign("P", "aid decision", 5))
    return entries


def _draw_limits(
    axes: Axes, table: pd.DataFrame, front: PartyStyle, other: PartyStyle
) -> None:
    day = table["day"].to_numpy()
    lines = (("least", front), ("most", other))
    for name, _ in lines:
        low, high = table[f"{name}_q25"], table[f"{name}_q75"]
        luck_band(axes, day, low, high, step="post")
    step_line(axes, day, table["held_km2_q50"], LINE_GREY, linewidth=0.9)
    for name, style in lines:
        step_line(axes, day, table[f"{name}_q50"], style.colour, linestyle=style.dash)
    drawn = table.filter(regex="_q").to_numpy(np.float64)
    land_axis(axes, drawn, front.name, 0.05)
    known = table[table["runs"] > 0].iloc[-1]
    q50 = [float(known[f"{name}_q50"]) for name in ("least", "most", "held_km2")]
    names = zip(line_names(front, other), q50, strict=True)
    label_ends(axes, dict(names), float(known["day"]), gap=0.17)


def _draw_deals(axes: Axes, table: pd.DataFrame) -> None:
    some = table[table["runs"] > 0]
    step_line(axes, some["day"], some["deals"] / some["runs"])
    plain_axes(axes)
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0.0, 0.5, 1.0], ["0", ".5", "1"])
    header(axes, "share of these runs in which a deal both could accept exists")


def _table(story: Story, context: Context) -> pd.DataFrame:
    """One row a day, with the offers of the day in words."""
    table = range_of_run(story)
    found = offers_in_range(story)
    told: dict[int, list[str]] = {}
    for row in found.to_dict(orient="records"):
        where = "inside" if row["inside"] else "outside"
        told.setdefault(int(row["day"]), []).append(
            f"{context.label(row['actor'])}: {row['offer']}, {amount(row['line'])}, "
            f"{where}"
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
            front=run.loaded.scenario.front,
        )
    ensembles, context = source.ensembles("bargaining_range", _RUNS)
    [ensemble] = ensembles.values()
    front, other = ensemble.loaded.scenario.sides
    return bargaining_range_of_runs(
        range_of_runs(
            ensemble.limits, front=ensemble.loaded.scenario.front, other_side=other
        ),
        context,
        front_side=front,
        other_side=other,
        start=ensemble.loaded.scenario.start_date,
    )
