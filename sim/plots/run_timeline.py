"""Figure 10: one run, lane by lane, and what each side would have accepted."""

from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.narrative.sentences import ANSWERS
from sim.analysis.narrative.timeline import (
    Moment,
    Story,
    story,
    told_events,
)
from sim.analysis.narrative.words import counted, joined, km2, long_date
from sim.analysis.ranges import deal_days
from sim.plots.figure import Figure, Words, squared
from sim.plots.lanes import Lanes, key_of, lane_actors
from sim.plots.provenance import Context
from sim.plots.range_panel import draw_range
from sim.plots.strokes import Look, dates_above, day_ticks, days_below, key_at
from sim.plots.style import (
    LINE_GREY,
    TEXT_PT,
    WIDTH_MM,
    figure_style,
    new_canvas,
    party_styles,
)
from sim.scenario.land import Front

if TYPE_CHECKING:
    from sim.analysis.decisions.paired_runs import Twin

QUESTION = "What happened in this run?"
OF_ONE_RUN, APART = True, False


# Lands that the picture in words names.
_LANDS = 2
# Letters that fit above the lanes of a twin, and what the runs are called.
_HEADING = 96
_RUNS = ("this run", "the twin")

TITLE = "What happened in this run, and where could it have turned?"

# What happened, where the log has no sentence of its own.
_HAPPENED = {
    "offer": "{actor} offers {offer}",
    "counter_offer": "{actor} answers {offer} with a counter-offer",
    "acceptance": "{actor} accepts {offer}",
    "conditional_acceptance": "{actor} accepts {offer} on conditions",
    "rejection": "{actor} refuses {offer}",
    "aid": "{actor} changes its aid",
    "truce": "A truce begins: {offer}",
    "breakdown": "The truce breaks down",
    "expiry": "The truce runs out",
    "extension": "The truce is extended",
    "settlement": "The truce becomes a settlement",
    "capture": "The last of the land is taken from {actor}",
    "regime": "The course of events changes: {actor}",
    "commitment": "{actor} commits itself in public",
    "defeat": "The line reaches its end: {actor} is defeated",
    "territory": "Land changes hands: {actor}",
    "battle": "{actor} moves the line",
}


def sentence(moment: Moment, context: Context) -> str:
    """Return the log's own sentence, or one made of who, what and why."""
    if moment.text:
        return moment.text.strip().rstrip(".") + "."
    body = _happened(moment, context)
    if _has_reasons(moment):
        body += (
            f"; for that party, accepting is worth {km2(moment.accept)} and fighting "
            f"on {km2(moment.fight_on)}"
        )
    return f"{body}."


def brief(moment: Moment, context: Context) -> str:
    """Return the day and the log's sentence without reasons, for the figure itself."""
    told = (moment.short or moment.text).strip().rstrip(".")
    body = told or _happened(moment, context)
    if _has_reasons(moment):
        body += f" (accepting {km2(moment.accept)}, fighting on {km2(moment.fight_on)})"
    return squared(f"day {moment.day}: {body}")


def _has_reasons(moment: Moment) -> bool:
    reasons = moment.accept, moment.fight_on
    return moment.type in ANSWERS and bool(np.isfinite(reasons).all())


def _happened(moment: Moment, context: Context) -> str:
    actor = context.label(moment.actor) or "The front"
    other = f"{{actor}}: {moment.type.replace('_', ' ')}"
    offer = moment.offer.replace("_", " ")
    return _HAPPENED.get(moment.type, other).format(actor=actor, offer=offer)


@dataclass(frozen=True, eq=False)
class TimelineWords(Words):
    """Sentences about one run, and its twin; `place` is where it stands among many."""

    story: Story
    context: Context
    place: str | None
    twin: "Twin | None"
    name = "run_timeline"
    title = TITLE
    between = "\n"

    def caption(self) -> list[str]:
        """The answer, the turning points one a line, and the twin."""
        twin, place = self.twin, self.place
        return [
            f"{self.outcome()} {self.land()}{self.deal()}",
            *(
                f"{moment.turn} (day {moment.day}, {long_date(moment.date)}): "
                f"{sentence(moment, self.context)}"
                for moment in self.story.turns
            ),
            f"Twin run, with {twin.change}: {twin.words(_RUNS)}" if twin else "",
            "This is one run, so no uncertainty is drawn; with other luck the story "
            "would be different."
            + (f" Compared with other runs: {place.rstrip('.')}." if place else ""),
        ]

    def alt_text(self) -> list[str]:
        """The picture in words."""
        story, twin = self.story, self.twin
        label = self.context.label
        actors = joined([label(actor) for actor in lane_actors(story)])
        chips = [
            f"{label(chip)} {held[0]:,.0f} to {held[-1]:,.0f} {self._unit(chip)}"
            for chip, held in story.chips_km2.items()
        ]
        if len(chips) > _LANDS:
            chips[_LANDS:] = [f"{len(chips) - _LANDS} more"]
        width = f", as wide as the land held: {joined(chips)}" if chips else ""
        parts = (
            "never parts"
            if twin is None or twin.day is None
            else (f"parts on day {twin.day}")
        )
        return [
            f"Timeline of one run, days {story.day[0]} to {story.day[-1]}. Lanes: "
            f"offers and answers of {actors}; the front{width}.",
            self.outcome(),
            f"Lower panel: the least land {label(story.front_side)} accepts, the most "
            f"{label(story.other_side)} leaves.",
            self.deal(),
            f"Below, a twin run with {twin.change} {parts}." if twin else "",
        ]

    def outcome(self) -> str:
        """Return how many offers and refusals there were and how the run ended."""
        story = self.story
        offers = counted(story.count("offer", "counter_offer"), "offer")
        refused = counted(story.count("rejection", "conditional_acceptance"), "refusal")
        begun = [moment for moment in story.moments if moment.type == "truce"]
        truces = [
            f"{counted(len(days), noun)}, the first on day {days[0]}"
            for noun, partial in (("truce", False), ("partial truce", True))
            if (days := [each.day for each in begun if each.partial is partial])
        ]
        end = {
            "truce": "a truce holds",
            "settled": "there is a settlement",
            "defeat": "one side is defeated",
        }.get(story.phase[-1], "the fighting goes on")
        return (
            f"{offers}, {refused}, {' and '.join(truces) or 'no truce'}; "
            f"at the end {end}."
        )

    def land(self) -> str:
        """Return what is held at the start and at the end, with a space behind it."""
        return "".join(
            f"{self.context.label(chip)}: {held[0]:,.0f} {self._unit(chip)} held at "
            f"the start, {held[-1]:,.0f} on day {self.story.day[-1]}. "
            for chip, held in self.story.chips_km2.items()
        )

    def _unit(self, chip: str) -> str:
        return self.context.units.get(chip, "km²")

    def deal(self) -> str:
        """Return on how many days both could have accepted one line."""
        there, days = deal_days(self.story)
        return (
            f"A lasting line that both could accept existed on {there} of {days} days."
        )


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
    front: Front,
    place: str | None = None,
    twin: "Twin | None" = None,
) -> Figure:
    """Draw what each party did, the land held, and the range for a deal below.

    The turning points are numbered, and told in sentences below; so the figure is
    higher than others. `steps` and `events` are of one run, as
    `sim.analysis.narrative.timeline.story` takes them, and its ValueErrors are those
    here; `front` is that of the scenario. `place` is where the run stands among many
    ("earlier than 62 of 100 runs"), for the caption: inside one run there is no
    uncertainty to draw. `twin` is the run with some values changed: its lanes follow,
    grey until the first day on which it differs.
    """
    told = story(steps, events, front)
    other = None
    if twin is not None:
        other = story(twin.steps, twin.events, front)
    runs = [told] if other is None else [told, other]
    actors = sorted({actor for run in runs for actor in lane_actors(run)})
    styles = party_styles(actors, context.labels)
    lines = _key_lines(told, context)
    days = float(told.day[0]), float(max(run.day[-1] for run in runs))
    with figure_style():
        lanes = [Lanes(run, actors, styles, context) for run in runs]
        key = key_of(runs)
        rows = 1 if len(key) <= _KEY_ROW else -(-len(key) // _KEY_COLUMNS)
        page = _Page(context, lanes, len(lines), rows)
        above = page.axes(_LANES)
        lanes[0].draw(above, days, grey=days[0])
        lanes[0].number_turns(above)
        below = page.axes(_RANGE, above=_APART, below=_DAYS)
        draw_range(below, told, styles)
        below.set_xlim(above.get_xlim())
        ticks = day_ticks(*days)
        # A run's own table begins on the eve, day -1.
        eve = date.fromisoformat(told.dates[0])
        days_below(below, eve - timedelta(days=int(told.day[0])), ticks)
        dates_above(above, eve - timedelta(days=int(told.day[0])), ticks)
        page.write(lines)
        if twin is not None:
            beside = page.axes(_TWIN_LANES, above=_TWIN_HEAD)
            _draw_twin(beside, twin, lanes[1], days, ticks)
        page.draw_key(key)
    words = TimelineWords(told, context, place, twin)
    return words.figure(page.canvas, _table(told, other, context))


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
        words = "\n".join(label for run in lanes for label in run.labels).split("\n")
        self._left = max(0.1, 0.03 + 0.0108 * max(map(len, words)))

    def draw_key(self, key: list[Line2D | Patch]) -> None:
        top, columns = 1.0 - 7.3 / self.height, max(1, -(-len(key) // self._key_rows))
        look: Look = {"handlelength": 1.0, "handletextpad": 0.4, "columnspacing": 1.2}
        key_at(self.canvas, key, top, columns, **look)

    def axes(self, height: float, *, above: float = 0.0, below: float = 0.0) -> Axes:
        """Return axes of some height with room above and below, and go on below."""
        self._at += above + height
        bottom = 1.0 - self._at / self.height
        width = _RIGHT - self._left
        self._at += below
        return self.canvas.add_axes((self._left, bottom, width, height / self.height))

    def write(self, lines: list[tuple[str, str]]) -> None:
        """Write lines of text, each with its number in front, if it has one."""
        for number, line in lines:
            y = 1.0 - self._at / self.height
            self.canvas.text(0.02, y, number, va="top", weight="bold")
            self.canvas.text(0.02 + 4.0 / WIDTH_MM, y, line, va="top")
            self._at += _LINE


def _key_lines(story: Story, context: Context) -> list[tuple[str, str]]:
    """Return the turning points in words, line by line, with numbers in front."""
    found = []
    for moment in story.turns:
        # A number stays with its sign.
        told = brief(moment, context).replace(" %", "\N{NO-BREAK SPACE}%")
        lines = wrap(told.replace(" km²", "\N{NO-BREAK SPACE}km²"), _LETTERS)
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
    heading = shorten(f"twin run, same luck, with {twin.change}", _HEADING)
    if twin.day is None:
        lanes.draw(axes, days, grey=days[1] + 1.0)
        heading += ":\nnothing else ever differs, so it is grey"
    else:
        lanes.draw(axes, days, grey=float(twin.day))
        rule: Look = {"color": LINE_GREY, "linewidth": 0.9, "linestyle": (0, (3, 2))}
        axes.axvline(float(twin.day), **rule, zorder=3)
        before = ", and is grey before" if twin.day > 0 else ""
        heading += f":\ndiffers from day {twin.day} on{before}"
    axes.set_title(heading, loc="left", pad=3.0, size=TEXT_PT)
    axes.set_xticks(ticks)
    axes.tick_params(axis="x", labelbottom=True)


def _table(story: Story, twin: Story | None, context: Context) -> pd.DataFrame:
    """One row a day: lines and widths drawn, what happened; the same of the twin."""
    table = _one_table(story, context)
    if twin is None:
        return table
    beside = _one_table(twin, context).add_prefix("twin.")
    beside = beside.rename(columns={"twin.day": "day"})
    return table.merge(beside.drop(columns="twin.date"), on="day", how="outer")


def _one_table(story: Story, context: Context) -> pd.DataFrame:
    happened: dict[int, list[str]] = {}
    for moment in story.moments:
        number = f"{moment.turn}: " if moment.turn else ""
        told = number + sentence(moment, context)
        happened.setdefault(moment.day, []).append(told)
    return pd.DataFrame(
        {
            "day": story.day,
            "date": story.dates,
            "phase": story.phase,
            "held_km2": story.held_km2,
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
        told_events(run.log, run.labels),
        run.context(source.command),
        front=run.loaded.scenario.front,
        place=run.place_among() if source.options.among and not run.policies else None,
        twin=run.twin(twin) if twin else None,
    )
