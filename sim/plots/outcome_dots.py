"""Figure 8: every run a dot, by the day on which its fighting stops and how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from textwrap import fill
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection
from matplotlib.figure import Figure as Canvas
from numpy.typing import NDArray

from sim.analysis.endings import NO_TRUCE, PAUSE_ENDED, ends_by_kind, run_ends
from sim.analysis.narrative.sentences import offers_in_words
from sim.analysis.narrative.words import counted, joined
from sim.batch.estimates import BEGUN, STOPPED
from sim.batch.intervals import Floats
from sim.model.labels import labels_of
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context
from sim.plots.strokes import Look, days_across, marks
from sim.plots.style import HEIGHT_MM, INK, LIGHT_GREY, MM_PER_INCH, WIDTH_MM, header

QUESTION = "What could happen, run by run?"
OF_ONE_RUN, APART = False, False


def packed(
    across: Floats, size: float, width: float, most: int
) -> tuple[Floats, NDArray[Any]]:
    """Places of dots, shapes (n,): along the row, and the level above its first.

    A dot takes the lowest level on which it touches none; beyond `most` levels it goes
    aside to the nearest free place of a lower one. `across`, `size` and `width` are in
    one unit; dots stay inside of the width.

    >>> places, level = packed(np.array([5.0, 5.0, 9.0]), 2.0, 20.0, 4)
    >>> places.tolist(), level.tolist()
    ([5.0, 5.0, 9.0], [0, 1, 0])
    """
    places = np.clip(across, size / 2, width - size / 2)
    level = np.zeros(across.size, np.int64)
    taken: list[list[float]] = [[] for _ in range(most)]
    for dot in np.argsort(across, kind="stable"):
        wanted = float(places[dot])
        options = [
            (abs(at - wanted), step, at)
            for step in range(most)
            for at in _free(taken[step], wanted, size, width)
        ]
        _, step, at = min(options) if options else (0.0, 0, wanted)
        taken[step].append(at)
        places[dot], level[dot] = at, step
    return places, level


def _free(taken: list[float], wanted: float, size: float, width: float) -> list[float]:
    """Places on a level nearest to the wanted one, to its left and right."""
    close = size - 1e-9
    tries = [wanted, *(each + way * size for each in taken for way in (-1.0, 1.0))]
    return [
        at
        for at in tries
        if size / 2 - 1e-9 <= at <= width - size / 2 + 1e-9
        and all(abs(at - each) >= close for each in taken)
    ]


def alternating(level: NDArray[Any]) -> Floats:
    """Return levels counted from the middle of a row: 0, up, down, further up ...

    >>> alternating(np.array([0, 1, 2])).tolist()
    [-0.0, 1.0, -1.0]
    """
    count = int(level.max()) + 1 if level.size else 1
    shift = 0.5 if count % 2 == 0 else 0.0
    steps = (level + 1) // 2 * np.where(level % 2 == 1, 1.0, -1.0)
    return np.asarray(steps - shift, np.float64)


# Share of the figure that the axes take: left, bottom, width, height; to their right,
# the block of runs without a truce.
_LEFT, _BOTTOM, _WIDTH, _HEIGHT = 0.215, 0.165, 0.545, 0.635
_BLOCK = 0.19

_GAP_MM = 0.25  # between two dots
_DOT_MM = 3.0
_LINE_MM = 3.5  # of a label of two or more
_ROW_LETTERS = 19


def outcome_dots(
    runs: pd.DataFrame,
    context: Context,
    *,
    horizon_days: int,
    start: date,
    ringed: int | None = None,
    offers: Mapping[str, str] = MappingProxyType({}),
) -> Figure:
    """Draw one dot a run.

    `runs` has one row a run, as `sim.batch.ensemble.Ensemble.runs`; 100 are meant. Days
    are simulated up to `horizon_days`; `start` is day 0. `ringed` is the replicate with
    a ring around its dot: the run that figure 10 tells. `offers` has the words of
    offers by id.
    """
    table = run_ends(runs, context.labels, offers)
    kinds = ends_by_kind(table)
    paused = table[table["kind"] != NO_TRUCE].reset_index(drop=True)
    words = DotsWords(table, kinds, horizon_days, context, ringed)
    with words.canvas() as canvas:
        axes = canvas.add_axes((_LEFT, _BOTTOM, _WIDTH, _HEIGHT))
        rows = kinds[kinds["kind"] != NO_TRUCE]
        _draw_rows(axes, paused, rows, horizon_days, ringed)
        axes.set_xlim(0.0, float(horizon_days))
        days_across(axes, start, (0, horizon_days), raised=25.0)
        header(axes, "\n".join(words.key()))
        _draw_block(canvas, table[table["kind"] == NO_TRUCE], horizon_days, ringed)
    return words.figure(canvas, table)


def _draw_rows(
    axes: Axes,
    table: pd.DataFrame,
    rows: pd.DataFrame,
    horizon_days: int,
    ringed: int | None,
) -> None:
    """Pack the dots of each kind around the middle of its row."""
    width, height = _WIDTH * WIDTH_MM, _HEIGHT * HEIGHT_MM
    day = table["day"].fillna(table["begun"]).to_numpy(np.float64)
    across = day / horizon_days * width
    members = [np.flatnonzero(table["row"] == row) for row in range(len(rows))]
    names = [
        fill(f"{kind}: {counted(int(number), 'run')}", _ROW_LETTERS)
        for kind, number in zip(rows["kind"], rows["runs"], strict=True)
    ]
    least = [_LINE_MM * (label.count("\n") + 1) + 1.0 for label in names]
    stacks = _fitting([across[ours] for ours in members], least, width, height)
    tall = [
        max(_DOT_MM * (stack.max() + 1), low)
        for (_, stack), low in zip(stacks, least, strict=True)
    ]
    pad = max(0.0, height - sum(tall)) / max(1, len(rows))
    top, middles = height, []
    kinds = rows["kind"].tolist()
    for (places, stack), ours, each in zip(stacks, members, tall, strict=True):
        middle = top - (pad + each) / 2
        middles.append(middle)
        _dots(
            axes,
            places / width * horizon_days,
            (middle + alternating(stack) * _DOT_MM) / height,
            _DOT_MM,
            "white" if kinds[len(middles) - 1] == PAUSE_ENDED else INK,
            table["replicate"].to_numpy()[ours] == ringed,
        )
        top -= pad + each
        if len(middles) < len(rows):
            axes.axhline(top / height, color=LIGHT_GREY, linewidth=0.6, zorder=0)
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([each / height for each in middles], names)
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    if rows.empty:
        axes.text(0.5, 0.5, "no full truce begins in any run", ha="center", va="center",
                  transform=axes.transAxes)  # fmt: skip


def _fitting(
    across: list[Floats], least: list[float], width: float, height: float
) -> list[tuple[Floats, NDArray[np.int64]]]:
    """Pack rows as high as they like, or with as many levels as fit all of them.

    `least` is the height of each row, in mm, that its label needs.
    """
    stacks = [packed(row, _DOT_MM, width, max(1, row.size)) for row in across]
    most = max((int(stack.max()) + 1 for _, stack in stacks if stack.size), default=1)
    while most > 1 and height < sum(
        max(_DOT_MM * min(most, int(stack.max()) + 1), low)
        for (_, stack), low in zip(stacks, least, strict=True)
    ):
        most -= 1
    return [packed(row, _DOT_MM, width, most) for row in across]


def _dots(
    axes: Axes,
    across: NDArray[Any],
    heights: NDArray[Any],
    size: float,
    face: str,
    ringed: NDArray[Any],
) -> None:
    """Draw dots of a size in mm at places of the axes."""
    if not across.size:
        return
    offsets = np.column_stack([across, heights])
    points = (size - _GAP_MM) / MM_PER_INCH * 72.0
    dots = EllipseCollection(
        np.full(across.size, points),
        np.full(across.size, points),
        np.zeros(across.size),
        units="points",
        offsets=offsets,
        offset_transform=axes.transData,
        facecolor=face,
        edgecolor=INK,
        linewidth=0.8,
        clip_on=False,
        zorder=3,
    )
    axes.add_collection(dots)
    ring: Look = {"markerfacecolor": "none", "markeredgewidth": 1.2, "zorder": 4}
    for across, up in offsets[ringed]:
        marks(axes, across, up, size=points + 4.5, **ring)


def _draw_block(
    canvas: Canvas, table: pd.DataFrame, horizon_days: int, ringed: int | None
) -> None:
    """Put the runs without a truce beside the days, in rows of ten from below."""
    axes = canvas.add_axes((_LEFT + _WIDTH + 0.035, _BOTTOM, _BLOCK, _HEIGHT))
    axes.set_axis_off()
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.0)
    width, height = _BLOCK * WIDTH_MM, _HEIGHT * HEIGHT_MM
    size = min(_DOT_MM, width / 10)
    places = np.arange(len(table))
    across, up = (
        (places % 10 + 0.5) * size / width,
        (places // 10 + 0.5) * size / height,
    )
    _dots(axes, across, up, size, "white", table["replicate"].to_numpy() == ringed)
    top = (-(-len(table) // 10) * size + 1.5) / height
    text = f"no full truce up to\nday {horizon_days} ({len(table)})"
    axes.text(0.0, top, text, ha="left", va="bottom")


@dataclass(frozen=True, eq=False)
class DotsWords(Words):
    """What the dots say."""

    table: pd.DataFrame
    kinds: pd.DataFrame
    horizon: int
    context: Context
    ringed: int | None
    name = "outcome_dots"
    title = QUESTION

    def key(self) -> list[str]:
        """Return what the dots mean, as far as there are such."""
        told = [
            "each dot is a run; filled: the day on which its fighting ends for good"
        ]
        if (self.table["kind"] == PAUSE_ENDED).any():
            told.append("hollow: the day on which a pause began that did not last")
        if self.ringed in self.table["replicate"].tolist():
            told.append(f"ring: run {self.ringed}")
        return [told[0], "; ".join(told[1:])] if told[1:] else told

    def answer(self) -> str:
        """Return the counts of both headlines, and of the pauses that ended."""
        table = self.table
        begun = int((table["begun"] <= self.context.within_days).sum())
        holds = int((table["kind"].str.startswith(("truce", "settlement"))).sum())
        ended, again = int(table["pause_ended"].sum()), table["kind"] == PAUSE_ENDED
        return (
            f"In {begun} of {len(table)} runs {self.context.happens(BEGUN)}; in "
            f"{holds} {self.context.happens(STOPPED)}. In {ended} a full truce began "
            f"and ended; {int(again.sum())} of these fight at the end."
        )

    def ring(self) -> str:
        """Return which run the ring marks."""
        found = self.table[self.table["replicate"] == self.ringed]
        if found.empty:
            return ""
        row = found.iloc[0]
        day = "" if np.isnan(row["day"]) else f" on day {row['day']:.0f}"
        return f"The ring is run {self.ringed}: {row['kind']}{day}."

    def caption(self) -> list[str]:
        """The answer, and how to read it."""
        told = [f"{row.kind} {row.runs}" for row in self.kinds.itertuples()]
        return [
            self.answer(),
            f"Ends: {'; '.join(told)}.",
            "Each dot is one run, and all are equally likely in the model: the "
            "spread of the dots is luck. A filled dot stands at the day on which the "
            "fighting ends for good. In a run with a hollow dot the fighting goes on "
            "at the end; the dot stands at the day on which a full truce first "
            "began, if one did. Dots of the same day lie side by side. Uncertainty "
            "about the inputs is not shown.",
            self.ring(),
        ]

    def alt_text(self) -> list[str]:
        """The picture in words."""
        kinds = self.kinds.sort_values("runs", ascending=False, kind="stable").head(2)
        most = joined([f"{row.kind} ({row.runs})" for row in kinds.itertuples()])
        return [
            f"Dot plot of {len(self.table)} runs, in rows by what holds at the end. "
            f"Across: day on which the fighting stops, 0 to {self.horizon}; hollow: "
            "still fighting.",
            self.answer(),
            f"The most frequent: {most}. The spread is luck.",
            self.ring(),
        ]


RUNS = 100


def of(source: Any) -> Figure:
    """Draw it of runs of a scenario, or of a cell of a sweep."""
    ensembles, context = source.ensembles("outcome_dots", RUNS)
    [ensemble] = ensembles.values()
    scenario = ensemble.loaded.scenario
    return outcome_dots(
        ensemble.runs,
        context,
        horizon_days=ensemble.horizon,
        start=scenario.start_date,
        ringed=None if source.of_many else source.replicate,
        offers=offers_in_words(scenario, labels_of(scenario)),
    )
