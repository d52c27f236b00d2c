"""Figure 10: one run, lane by lane, and what each side would have accepted."""

from datetime import date, timedelta
from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.narrative.timeline import (
    ANSWERS,
    PROPOSALS,
    Moment,
    Story,
    story,
    told_events,
)
from sim.analysis.narrative.words import counted, display_name, joined, long_date
from sim.plots.bargaining_range import deal_days, draw_range
from sim.plots.figure import Figure
from sim.plots.provenance import Context
from sim.plots.style import (
    FRONT_MARKS,
    INK,
    LIGHT_GREY,
    LINE_GREY,
    MID_GREY,
    PARTIAL_HATCH,
    PARTY_MARKS,
    TEXT_PT,
    WIDTH_MM,
    PartyStyle,
    dates_above,
    day_ticks,
    days_below,
    figure_style,
    key_of,
    new_canvas,
    party_styles,
)

if TYPE_CHECKING:
    from sim.analysis.decisions.paired_runs import Twin

QUESTION = "What happened in this run?"
OF_ONE_RUN, APART = True, False


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


# Lands that the picture in words names.
_LANDS = 2
# Letters that fit above the lanes of a twin, and what the runs are called.
_HEADING = 96
_RUNS = ("this run", "the twin")

TITLE = "What happened in this run, and where could it have turned?"


def sentence(moment: Moment) -> str:
    """Return the log's own sentence, or one made of who, what and why."""
    if moment.text:
        return moment.text.strip().rstrip(".") + "."
    reasons = (moment.accept, moment.fight_on)
    body = _happened(moment)
    if moment.type in ANSWERS and np.isfinite(reasons).all():
        body += (
            f"; accepting is worth {moment.accept:.4f} to it, "
            f"fighting on {moment.fight_on:.4f}"
        )
    return f"{body}."


def brief(moment: Moment) -> str:
    """Return the day and the log's sentence without reasons, for the figure itself."""
    body = (moment.short or moment.text).strip().rstrip(".") or _happened(moment)
    if moment.type in ANSWERS and np.isfinite((moment.accept, moment.fight_on)).all():
        body += f" (accepting {moment.accept:.4f}, fighting on {moment.fight_on:.4f})"
    return f"day {moment.day}: {body}"


def _happened(moment: Moment) -> str:
    actor = display_name(moment.actor) or "The front"
    offer = moment.offer.replace("_", " ")
    return {
        "offer": f"{actor} offers {offer}",
        "counter_offer": f"{actor} answers {offer} with a counter-offer",
        "acceptance": f"{actor} accepts {offer}",
        "conditional_acceptance": f"{actor} accepts {offer} on conditions",
        "rejection": f"{actor} refuses {offer}",
        "aid": f"{actor} changes its aid",
        "truce": f"A truce begins: {offer}",
        "breakdown": "The truce breaks down",
        "expiry": "The truce ends with its term",
        "extension": "The truce is extended",
        "settlement": "The truce becomes a settlement",
        "capture": f"What is left is taken: {actor}",
        "regime": f"The course of events changes: {actor}",
        "commitment": f"{actor} commits itself in public",
        "defeat": f"The line reaches its end: {actor} is defeated",
        "territory": f"Land changes hands: {actor}",
        "battle": f"{actor} moves the line",
    }.get(moment.type, f"{actor}: {moment.type.replace('_', ' ')}")


def twin_heading(twin: "Twin") -> str:
    """Return what stands above the lanes of the twin."""
    change = shorten(f"twin run, same luck, with {twin.change}", _HEADING)
    if twin.day is None:
        return f"{change}:\nnothing else differs on any day, so it is grey"
    grey = ", and is grey before" if twin.day > 0 else ""
    return f"{change}:\ndiffers from day {twin.day} on{grey}"


def caption(
    story: Story, context: Context, place: str | None, twin: "Twin | None" = None
) -> str:
    """Return the answer, the turning points one a line, the twin, and the origin."""
    lines = [
        f"{outcome(story)} {land(story)}{deal(story)}",
        *(
            f"{moment.turn} (day {moment.day}, {long_date(moment.date)}): "
            f"{sentence(moment)}"
            for moment in story.turns
        ),
        *([f"Twin run, with {twin.change}: {twin.words(_RUNS)}"] if twin else []),
        "One run, so no uncertainty is drawn; other luck gives other stories."
        + (f" Its place among them: {place.rstrip('.')}." if place else ""),
        context.last_line(),
    ]
    return "\n".join(lines)


def alt_text(story: Story, twin: "Twin | None" = None) -> str:
    """Return the picture in words."""
    actors = joined([display_name(actor) for actor in lane_actors(story)])
    chips = [
        f"{display_name(chip)} {km2[0]:,.0f} to {km2[-1]:,.0f} km²"
        for chip, km2 in story.chips_km2.items()
    ]
    if len(chips) > _LANDS:
        chips[_LANDS:] = [f"{len(chips) - _LANDS} more"]
    width = f", as wide as the land held: {joined(chips)}" if chips else ""
    return (
        f"Timeline of one run, days {story.day[0]} to {story.day[-1]}. Lanes: "
        f"offers and answers of {actors}; the front{width}. "
        f"{outcome(story)} Lower panel: the least share "
        f"{display_name(story.front_side)} accepts, the most "
        f"{display_name(story.other_side)} leaves. "
        f"{deal(story)}{_twin_in_words(twin)}"
    )


def _twin_in_words(twin: "Twin | None") -> str:
    if twin is None:
        return ""
    parts = "never parts" if twin.day is None else f"parts on day {twin.day}"
    return f" Below, a twin run with {twin.change} {parts}."


def outcome(story: Story) -> str:
    """Return how many offers and refusals there were and how the run ended."""
    offers = counted(story.count("offer", "counter_offer"), "offer")
    refused = counted(story.count("rejection", "conditional_acceptance"), "refusal")
    truces = " and ".join(
        f"{counted(len(days), noun)}, the first on day {days[0]}"
        for noun, days in (
            (
                noun,
                [m.day for m in story.moments if m.type == "truce" and m.partial is p],
            )
            for noun, p in (("truce", False), ("partial truce", True))
        )
        if days
    )
    truces = truces or "no truce"
    end = {
        "truce": "a truce holds",
        "settled": "there is a settlement",
        "defeat": "one side is defeated",
    }.get(story.phase[-1], "the fighting goes on")
    return f"{offers}, {refused}, {truces}; at the end {end}."


def land(story: Story) -> str:
    """Return the land held at the start and at the end, with a space behind it."""
    return "".join(
        f"{display_name(chip)}: {km2[0]:,.0f} km² held at the start, "
        f"{km2[-1]:,.0f} on day {story.day[-1]}. "
        for chip, km2 in story.chips_km2.items()
    )


def deal(story: Story) -> str:
    """Return on how many days both could have accepted one line."""
    there, days = deal_days(story)
    return f"A lasting line both could accept existed on {there} of {days} days."


def lane_actors(story: Story) -> list[str]:
    """Return who has a lane: both sides and who proposes or gives aid, in order."""
    acting = {
        moment.actor
        for moment in story.moments
        if moment.actor and moment.type in ("offer", "counter_offer", "aid", *ANSWERS)
    }
    return sorted(acting | {story.front_side, story.other_side})


# Entries of the key that fit on one row, and on each of several, which are columns.
_KEY_ROW, _KEY_COLUMNS = 7, 6
# Letters that fit the width beside a number, and lines for each sentence.
_LETTERS: Final = 96
_LINES: Final = 2

# From the top, in mm: title, key and dates; lanes; range for a deal; days; each line
# of the sentences; a twin's heading, lanes and days; and at the foot the origin.
_HEAD, _LANES, _APART, _RANGE, _DAYS = 18.5, 41.5, 6.5, 23.7, 11.0
_TWIN_HEAD, _TWIN_LANES, _TWIN_DAYS = 10.5, 34.0, 5.0
_LINE, _FOOT = 3.45, 7.0
_RIGHT: Final = 0.82


def run_timeline(
    steps: pd.DataFrame,
    events: pd.DataFrame,
    context: Context,
    *,
    front_side: str,
    place: str | None = None,
    twin: "Twin | None" = None,
) -> Figure:
    """Draw what each party did, the land held, and the range for a deal below.

    The turning points are numbered, and told in sentences below; so the figure is
    higher than others.

    Parameters
    ----------
    steps, events : DataFrame
        Of one run, as `sim.analysis.narrative.timeline.story` takes them.
    context : Context
        Where the run comes from; its `replicate` says which run it is.
    front_side : str
        The party whose share of the stake is counted.
    place : str, optional
        Where the run stands among many ("earlier than 62 of 100 runs"), for the
        caption; inside one run there is no uncertainty to draw.
    twin : Twin, optional
        The run with some values changed: its lanes follow, grey until the first day on
        which it differs.

    Raises
    ------
    ValueError
        As `sim.analysis.narrative.timeline.story`.
    """
    told = story(steps, events, front_side=front_side)
    other = None
    if twin is not None:
        other = story(twin.steps, twin.events, front_side=front_side)
    runs = [told] if other is None else [told, other]
    actors = sorted({actor for run in runs for actor in lane_actors(run)})
    styles = party_styles(actors)
    lines = _key_lines(told)
    days = float(told.day[0]), float(max(run.day[-1] for run in runs))
    with figure_style():
        lanes = [Lanes(run, actors, styles) for run in runs]
        key = key_of(runs)
        page = _Page(context, lanes, len(lines), _rows_of(len(key)))
        above = page.axes(_LANES)
        lanes[0].draw(above, days, grey=days[0])
        lanes[0].number_turns(above)
        page.down(_APART)
        below = page.axes(_RANGE)
        draw_range(below, told, styles)
        below.set_xlim(above.get_xlim())
        ticks = day_ticks(*days)
        days_below(below, _day_zero(told), ticks)
        dates_above(above, _day_zero(told), ticks)
        page.down(_DAYS)
        page.write(lines)
        if twin is not None:
            page.down(_TWIN_HEAD)
            beside = page.axes(_TWIN_LANES)
            _draw_twin(beside, twin, lanes[1], days, ticks)
            page.down(_TWIN_DAYS)
        page.draw_key(key)
    return Figure(
        name="run_timeline",
        title=TITLE,
        figure=page.canvas,
        caption=caption(told, context, place, twin),
        alt_text=alt_text(told, twin),
        table=_table(told, other),
        origin=context.metadata(),
    )


def _rows_of(entries: int) -> int:
    return 1 if entries <= _KEY_ROW else -(-entries // _KEY_COLUMNS)


class _Page:
    """The canvas, filled from the top in mm."""

    def __init__(
        self, context: Context, lanes: list[Lanes], lines: int, key_rows: int
    ) -> None:
        self._key_rows, self._at = key_rows, _HEAD + _LINE * (key_rows - 1)
        height = self._at + _LANES + _APART + _RANGE + _DAYS + _FOOT
        if len(lanes) > 1:
            height += _TWIN_HEAD + _TWIN_LANES + _TWIN_DAYS
        footer = context.footer()
        height += _LINE * (lines + footer.count("\n"))
        self.height = height
        self.canvas = new_canvas(TITLE, footer, height_mm=height)
        words = [
            line for run in lanes for each in run.labels for line in each.split("\n")
        ]
        self._left = max(0.1, 0.03 + 0.0108 * max(map(len, words)))

    def draw_key(self, key: list[Line2D | Patch]) -> None:
        self.canvas.legend(
            handles=key,
            loc="upper left",
            bbox_to_anchor=(0.012, 1.0 - 7.3 / self.height),
            ncols=max(1, -(-len(key) // self._key_rows)),
            frameon=False,
            borderaxespad=0.0,
            handlelength=1.0,
            handletextpad=0.4,
            columnspacing=1.2,
        )

    def down(self, space: float) -> None:
        self._at += space

    def axes(self, height: float) -> Axes:
        """Return axes of some height, and go on below them."""
        self._at += height
        bottom = 1.0 - self._at / self.height
        width = _RIGHT - self._left
        return self.canvas.add_axes((self._left, bottom, width, height / self.height))

    def write(self, lines: list[tuple[str, str]]) -> None:
        """Write lines of text, each with its number in front, if it has one."""
        for number, line in lines:
            y = 1.0 - self._at / self.height
            self.canvas.text(0.02, y, number, va="top", weight="bold")
            self.canvas.text(0.02 + 4.0 / WIDTH_MM, y, line, va="top")
            self._at += _LINE


def _key_lines(story: Story) -> list[tuple[str, str]]:
    """Return the turning points in words, line by line, with numbers in front."""
    found = []
    for moment in story.turns:
        # A number stays with its sign.
        lines = wrap(brief(moment).replace(" %", "\N{NO-BREAK SPACE}%"), _LETTERS)
        if len(lines) > _LINES:
            lines = wrap(f"{lines[0]} {lines[1]}", _LETTERS - 2)[:_LINES]
            lines[-1] += " …"
        numbers = [str(moment.turn), *[""] * (len(lines) - 1)]
        found += list(zip(numbers, lines, strict=True))
    return found


def _draw_twin(
    axes: Axes, twin: "Twin", lanes: Lanes, days: tuple[float, float], ticks: list[int]
) -> None:
    """Draw the lanes of the twin, in colour from the day on which it differs."""
    grey = days[1] + 1.0 if twin.day is None else float(twin.day)
    lanes.draw(axes, days, grey=grey)
    if twin.day is not None:
        part_line(axes, grey)
    axes.set_title(
        twin_heading(twin),
        loc="left",
        pad=3.0,
        size=TEXT_PT,
        linespacing=1.1,
    )
    axes.set_xticks(ticks)
    axes.tick_params(axis="x", labelbottom=True)


def _day_zero(story: Story) -> date:
    """Return the date of day 0; a run's own table begins on the eve, day -1."""
    return date.fromisoformat(story.dates[0]) - timedelta(days=int(story.day[0]))


def _table(story: Story, twin: Story | None) -> pd.DataFrame:
    """One row a day: lines and widths drawn, what happened; the same of the twin."""
    table = _one_table(story)
    if twin is None:
        return table
    beside = _one_table(twin).add_prefix("twin.").rename(columns={"twin.day": "day"})
    return table.merge(beside.drop(columns="twin.date"), on="day", how="outer")


def _one_table(story: Story) -> pd.DataFrame:
    happened: dict[int, list[str]] = {}
    for moment in story.moments:
        number = f"{moment.turn}: " if moment.turn else ""
        happened.setdefault(moment.day, []).append(number + sentence(moment))
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


def of(source: Any) -> Figure:
    """Draw it of a run, and of a twin of it if one is asked for."""
    run, twin = source.run, source.options.twin
    return run_timeline(
        run.steps,
        told_events(run.log),
        run.context(source.command),
        front_side=run.loaded.scenario.front.side,
        place=run.place_among() if source.options.among and not run.policies else None,
        twin=run.twin(twin) if twin else None,
    )
