"""Figure 9: scenarios side by side, and what each differs from the first by."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.analysis.compare import FOUGHT
from sim.batch.estimates import BEGUN, HEADLINES, STOPPED
from sim.batch.intervals import Floats
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context
from sim.plots.strokes import Look, marks
from sim.plots.style import (
    HEIGHT_MM,
    INK,
    LIGHT_GREY,
    LINE_GREY,
    TEXT_PT,
    headline_look,
    short_share,
)
from sim.plots.words import counts_for

QUESTION = "What does this one change do?"
OF_ONE_RUN, APART = False, True


def letter(place: int) -> str:
    """Return the letter of a row: A is what the others are compared with."""
    return chr(ord("A") + place)


@dataclass(frozen=True, eq=False)
class ComparisonWords(Words):
    """Sentences about the rows of a table, of which the first is row A."""

    table: pd.DataFrame
    columns: "Sequence[Column]"
    context: Context
    name = "comparison"
    title = QUESTION
    between = "\n"

    def caption(self) -> list[str]:
        """The counts of pairs, the differences, and what the marks mean."""
        table = self.table
        labels = enumerate(table["label"])
        fought = any(column.name.startswith("days_fought") for column in self.columns)
        return [
            *(self._row(place) for place in range(1, len(table))),
            " ".join(f"{letter(place)}: {label}." for place, label in labels),
            "Above: each estimate with its 95 % interval, which shows luck in "
            f"{int(table['replicates'].min()):,} runs of each row. Below: the "
            "difference from A, run by run with the same luck, with its 95 % "
            "interval. "
            + (
                "Each run has a set of inputs that fits the record, the same in all "
                "rows. "
                if self.context.fitted
                else "Uncertainty about the inputs is not shown. "
            )
            + "Two strokes mark an axis that does not begin at 0. A run ends with "
            "the truce or settlement that still holds on its last day, or with a "
            "defeat."
            + (
                " Days of fighting are counted up to the last day of the shorter run."
                if fought
                else ""
            ),
        ]

    def alt_text(self) -> list[str]:
        """The picture in words."""
        told = " ".join(self._share(1, headline) for headline in HEADLINES)
        return [
            f"Dot chart, rows A to {letter(len(self.table) - 1)}, "
            f"{len(self.columns)} columns; below, differences from A. With the same "
            f"luck, {pairs_in_words(self.table.iloc[1])} in B as in A. {told}"
        ]

    def _row(self, place: int) -> str:
        told = " ".join(self._share(place, headline) for headline in HEADLINES)
        return (
            f"With the same luck, {pairs_in_words(self.table.iloc[place])} in "
            f"{letter(place)} as in A. {told}"
        )

    def _share(self, place: int, headline: str) -> str:
        """Return the count of a headline in a row and in A, and the difference."""
        table, row = self.table, self.table.iloc[place]
        ends = ("", "_diff")
        low = table[[f"{headline}{end}_low" for end in ends]].to_numpy(np.float64)
        high = table[[f"{headline}{end}_high" for end in ends]].to_numpy(np.float64)
        counts = counts_for(int(table["replicates"].min()), low, high)
        numbers = (float(row[f"{headline}_diff{e}"]) for e in ("", "_low", "_high"))
        clause = self.context.happens(headline)
        return (
            f"{clause[:1].upper()}{clause[1:]} in {counts.of(row[headline])} of "
            f"{letter(place)}, in {counts.number(table[headline].iloc[0])} of A: "
            f"difference {counts.difference(*numbers)}."
        )


def pairs_in_words(row: "pd.Series[float]") -> str:
    """Return of how many runs the fighting ends earlier, later and on the same day."""
    total, beaten = int(row["replicates"]), int(row["ends_earlier_by_defeat"])
    defeats = f" ({beaten:,} of them by a defeat)" if beaten else ""
    return (
        f"{int(row['ends_earlier']):,} of {total:,} runs end earlier{defeats}, "
        f"{int(row['ends_later']):,} later, {int(row['ends_same']):,} the same"
    )


MOST_ROWS: Final = 6
# Letters that fit on a line of a row label, and lines that fit on a row.
_LETTERS: Final = 24
_LINES: Final = 3
# Rows that fit the usual height, and what each further one adds, above and below.
_FEW_ROWS: Final = 3
_ROW_MM: Final = 25.0
_MOST_TICKS: Final = 3


class Column(NamedTuple):
    """A quantity of the table, and how its axis is headed."""

    name: str
    header: str
    is_share: bool = False

    @property
    def colour(self) -> str:
        """That of a headline; ink for the rest."""
        return str(headline_look(self.name)["color"]) if self.name in HEADLINES else INK


def comparison(table: pd.DataFrame, context: Context) -> Figure:
    """Draw each row's estimates above, and its differences from the first below.

    `table` is as `sim.analysis.compare.comparison_table` makes it; the scenario of
    `context` is that of the first row. ValueError if there is nothing to compare, or
    more than `MOST_ROWS` rows.
    """
    rows = len(table)
    if not 2 <= rows <= MOST_ROWS:
        raise ValueError(f"the figure has room for 2 to {MOST_ROWS} rows, not {rows}")
    columns = shown_columns(table, context)
    words = ComparisonWords(table, columns, context)
    tall = HEIGHT_MM + _ROW_MM * max(0, rows - _FEW_ROWS)
    scale = HEIGHT_MM / tall
    with words.canvas(height_mm=tall) as canvas:
        heights = {"height_ratios": [rows, rows - 0.85], "hspace": 0.52 * scale}
        grid = canvas.subplots(2, len(columns), squeeze=False, gridspec_kw=heights)
        canvas.subplots_adjust(
            left=0.29, right=0.98, top=1.0 - 0.16 * scale, bottom=0.125 * scale,
            wspace=0.28,
        )  # fmt: skip
        for place, column in enumerate(columns):
            _draw_values(grid[0, place], table, column)
            _draw_differences(grid[1, place], table.iloc[1:], column)
        rows_of = [*enumerate(table.to_dict("records"))]
        labels = [f"{letter(i)}  {wrapped(row['label'])}" for i, row in rows_of]
        _label_rows(grid[0, 0], labels)
        pairs = [_pairs_label(i, row) for i, row in rows_of[1:]]
        _label_rows(grid[1, 0], pairs)
        at = 0.02, grid[1, 0].get_position().y1 + 0.022
        canvas.text(*at, "difference from A, run by run", va="bottom", ha="left")
    return words.figure(canvas, table)


def shown_columns(table: pd.DataFrame, context: Context) -> list[Column]:
    """Return the quantities that have a column.

    Both headlines come first. The days are the median day of a first full truce where
    half of the runs of every row have one, with an interval; else the mean days of
    fighting. Last comes land held at the end, or the aid where none is held.
    """
    last = context.horizon_days
    columns = [
        Column(BEGUN, f"full truce begun\nby day {context.within_days}", True),
        Column(
            STOPPED,
            f"fighting stopped\nat {'the end' if last is None else f'day {last}'}",
            True,
        ),
    ]
    median = "first_full_truce_day_median"
    ends = [f"{median}{end}" for end in ("", "_low", "_high")]
    if np.isfinite(table[ends].to_numpy(np.float64)).all():
        columns.append(Column(median, "first full truce,\nmedian day"))
    else:
        until = int(table["horizon_days"].min())
        columns.append(Column(FOUGHT, f"days fought, mean\nup to day {until}"))
    held = table.filter(regex=r"^chips_km2\.\w+_mean$").fillna(0.0).max()
    if len(held) and held.max() > 0.0:
        largest = str(held.idxmax())
        chip = largest.removeprefix("chips_km2.").removesuffix("_mean")
        unit = context.units.get(chip, "km²")
        head = f"{context.label(chip)} held\nat the end, {unit}"
        columns.append(Column(largest, head))
    elif float(table["aid_given_mean"].max()) > 0.0:
        columns.append(Column("aid_given_mean", "aid given,\nweeks of norm"))
    return columns


def _draw_values(axes: Axes, table: pd.DataFrame, column: Column) -> None:
    found, low, high = _estimates(table, column.name)
    if column.is_share:
        axes.set_xlim(-0.03, 1.03)
    else:
        known = np.concatenate([found, low, high])
        _room(axes, float(np.nanmin(known)), float(np.nanmax(known)))
    if axes.get_xlim()[0] > 0.0:
        _cut(axes)
    axes.set_title(column.header, loc="left", size=TEXT_PT, pad=3.0)
    _plain(axes, found, column)
    _dots(axes, found, low, high, column.colour)


def _draw_differences(axes: Axes, rest: pd.DataFrame, column: Column) -> None:
    found, low, high = _estimates(rest, f"{column.name}_diff")
    axes.axvline(0.0, color=LINE_GREY, linewidth=0.8, zorder=1)
    _dots(axes, found, low, high, column.colour)
    known = np.abs(np.concatenate([found, low, high, [0.0]]))
    widest = float(np.nanmax(known)) or 1.0
    axes.set_xlim(-1.15 * widest, 1.15 * widest)
    _plain(axes, found, column)


def _estimates(table: pd.DataFrame, name: str) -> list[Floats]:
    """Return estimates with their lower and upper ends."""
    ends = ("", "_low", "_high")
    return [table[f"{name}{end}"].to_numpy(np.float64) for end in ends]


def _dots(
    axes: Axes, found: Floats, low: Floats, high: Floats, colour: str = INK
) -> None:
    places = np.arange(found.size)
    look: Look = {"color": colour, "clip_on": True}
    axes.hlines(places, low, high, color=colour, linewidth=1.2, zorder=3)
    for ends in (low, high):
        marks(axes, ends, places, "|", 5, zorder=3, **look)
    marks(axes, found, places, size=3.8, zorder=4, **look)


def _cut(axes: Axes) -> None:
    """Break the foot of an axis that does not begin at 0."""
    for left in (0.025, 0.055):
        across = [left - 0.015, left + 0.015]
        look: Look = {"transform": axes.transAxes, "color": INK, "linewidth": 0.8}
        axes.plot(across, [-0.035, 0.035], **look, clip_on=False, zorder=5)


def _room(axes: Axes, low: float, high: float) -> None:
    """Set an axis that shows small differences, from 0 where 0 is near."""
    width = high - low or max(abs(high), 1.0) * 0.1
    low = 0.0 if 0.0 <= low < 2.0 * width else low - 0.15 * width
    axes.set_xlim(low - 0.05 * width, high + 0.15 * width)


def _plain(axes: Axes, found: Floats, column: Column) -> None:
    """Rule the rows, name the ticks, and say so where a row has no such quantity."""
    rows = np.arange(found.size)
    axes.set_ylim(rows.size - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines[["top", "right", "left"]].set_visible(False)
    along = axes.get_yaxis_transform()
    look: Look = {"color": LIGHT_GREY, "linewidth": 0.6, "zorder": 0}
    axes.hlines(rows, 0.0, 1.0, transform=along, **look)
    axes.set_xticks(_few_ticks(*axes.get_xlim()))
    written = short_share if column.is_share else _number
    axes.xaxis.set_major_formatter(lambda number, _: written(number))
    axes.tick_params(axis="x", length=2, width=0.6)
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
    look = {"ha": "center", "va": "center", "color": LINE_GREY, "bbox": paper}
    for row in rows[np.isnan(found)]:
        axes.text(0.5, row, "none", transform=along, **look)


def _few_ticks(low: float, high: float) -> list[float]:
    """Return two or three round numbers between the ends of an axis.

    >>> _few_ticks(165.8, 174.6), _few_ticks(-0.03, 1.03)
    ([166.0, 170.0, 174.0], [0.0, 0.5, 1.0])
    """
    found = [
        round(float(tick), 12)
        for tick in MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(low, high)
        if low <= tick <= high
    ]
    while len(found) > _MOST_TICKS:
        # Thinned so that a 0 stays, in the middle of an axis of differences.
        zero = found.index(0.0) if 0.0 in found else 0
        found = [tick for i, tick in enumerate(found) if (i - zero) % 2 == 0]
    return found


def _number(number: float) -> str:
    text = f"{abs(number):,.6g}"
    return f"\N{MINUS SIGN}{text}" if number < 0 and text != "0" else text


def _label_rows(axes: Axes, labels: list[str]) -> None:
    _, bottom, _, height = axes.get_position().bounds
    look: Look = {"va": "center", "ha": "left"}
    for place, label in enumerate(labels):
        up = bottom + height * (1.0 - (place + 0.5) / len(labels))
        axes.figure.text(0.02, up, label, **look)


def _pairs_label(place: int, row: dict[Hashable, Any]) -> str:
    label = (
        f"{letter(place)}  ends earlier {row['ends_earlier']:,},\n"
        f"later {row['ends_later']:,}, same {row['ends_same']:,}"
    )
    beaten = row["ends_earlier_by_defeat"]
    if beaten:
        label += f"\n(earlier by defeat: {beaten:,})"
    return label


def wrapped(text: str, most_lines: int = _LINES) -> str:
    r"""Return a label in lines, broken at spaces and behind the dots of a path.

    >>> wrapped("parties.russia.claimed_km2 4500, was 4800")
    'parties.russia.\nclaimed_km2 4500, was\n4800'
    """
    lines, line = [], ""
    for piece in re.findall(r"[^\s.]+(?:\.(?=\d)[^\s.]+)*\.?\s*|\s+", text):
        if line and len(line) + len(piece.rstrip()) > _LETTERS:
            lines.append(line.rstrip())
            line = ""
        line += piece
    lines.append(line.rstrip())
    if len(lines) > most_lines:
        lines = [*lines[: most_lines - 1], f"{lines[most_lines - 1]} …"]
    return "\n".join(lines)


def of(source: Any) -> Figure:
    """Draw it of a comparison, or of a scenario and the same with one change."""
    compared = source.compared()
    return comparison(compared.table, compared.context())
