"""Figure 10: one run, lane by lane, and what each side would have accepted."""

from datetime import date, timedelta
from textwrap import wrap
from typing import TYPE_CHECKING, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.story import Story, story
from sim.plots import story_words
from sim.plots.calendar import dates_above, day_ticks, days_below
from sim.plots.context import Context
from sim.plots.marks import key_of
from sim.plots.range_panel import draw_range
from sim.plots.result import Figure
from sim.plots.story_lanes import Lanes, part_line
from sim.plots.style import (
    TEXT_PT,
    WIDTH_MM,
    figure_style,
    new_canvas,
    party_styles,
)

if TYPE_CHECKING:
    from sim.analysis.twin_run import Twin

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


def story_of_a_run(
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
        Of one run, as `sim.analysis.story.story` takes them.
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
        As `sim.analysis.story.story`.
    """
    told = story(steps, events, front_side=front_side)
    other = None
    if twin is not None:
        other = story(twin.steps, twin.events, front_side=front_side)
    runs = [told] if other is None else [told, other]
    actors = sorted({actor for run in runs for actor in story_words.lane_actors(run)})
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
        name="story_of_a_run",
        title=story_words.TITLE,
        figure=page.canvas,
        caption=story_words.caption(told, context, place, twin),
        alt_text=story_words.alt_text(told, twin),
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
        self.canvas = new_canvas(story_words.TITLE, footer, height_mm=height)
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
        lines = wrap(
            story_words.brief(moment).replace(" %", "\N{NO-BREAK SPACE}%"), _LETTERS
        )
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
        story_words.twin_heading(twin),
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
