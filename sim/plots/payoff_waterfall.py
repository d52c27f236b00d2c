"""Figure 2: one decision, part by part, and what would turn it."""

from textwrap import fill
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.analysis.decisions.decision import Decision, Span
from sim.analysis.decisions.words import (
    in_words,
    is_of_patron,
    names_compared,
    part_in_words,
    question,
    turn_in_words,
)
from sim.analysis.narrative.labels import input_in_words, number_in_words
from sim.analysis.narrative.words import amount, counted, joined, km2, more_or_less
from sim.model.stages.terms import TERM_PARTS
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context
from sim.plots.strokes import LESS, MORE, Look, marks, note
from sim.plots.style import INK, LINE_GREY, header, plain_axes

QUESTION = "Why was this offer accepted or refused?"
OF_ONE_RUN, APART = True, False

# In the order in which they are told; what a decision does not have is left out.
PART_LABELS: Final = {
    "territory": "territory",
    "chips": "chips",
    "aid": "aid",
    "cost_of_fighting": "cost of\nfighting",
    "audience_cost": "audience\ncost",
    "rearmament": "rearming",
    "distrust_of_truce": "distrust\nof truce",
    **{part: part.replace("_", "\n") for part in TERM_PARTS},
    "settlement_prospects": "settle-\nment",
    "price_of_refusal": "price of\nrefusal",
    "harm_forgone": "harm\nforgone",
    "partial_truce": "partial\ntruce",
    "offers": "best\noffer",
    "reputation": "repu-\ntation",
}
# A part that is smaller than this share of the largest has no bar.
_SMALL: Final = 1e-3
# What is less, in km2, is nothing.
_LEAST: Final = 1e-3
MINUS: Final = "\N{MINUS SIGN}"


class Bar(NamedTuple):
    """A part as drawn: from where the bars before it end, to where it ends."""

    name: str
    value: float
    start: float
    end: float


def waterfall(decision: Decision) -> list[Bar]:
    """Return the parts that have a bar, in order; they end at the first worth."""
    parts = decision.parts
    order = [name for name in {**PART_LABELS, **parts} if name in parts]
    largest = max((abs(value) for value in parts.values()), default=0.0)
    level, bars = decision.account.second.worth, []
    for name in order:
        if abs(parts[name]) > _SMALL * largest:
            bars.append(Bar(name, parts[name], level, level + parts[name]))
        level += parts[name]
    return bars


def needed_worth(decision: Decision) -> float:
    """Return the worth of the first at which the choice would turn."""
    told = decision.account
    return told.second.worth + told.aspiration - told.noise


def extremes(decision: Decision) -> tuple[Span, Span] | None:
    """Return the inputs at an end that make the difference smallest and largest."""
    known = [s for s in decision.spans if np.isfinite([s.first, s.second]).all()]
    if not known:
        return None
    ranked = sorted(known, key=lambda span: span.gap)
    return ranked[0], ranked[-1]


class WaterfallWords(Words):
    """A decision as bars, and the sentences about it; worths are in km2."""

    name = "payoff_waterfall"

    def __init__(self, decision: Decision, context: Context) -> None:
        self.decision, self.context = decision, context
        self.told = decision.account
        self.bars = waterfall(decision)
        self.needed = needed_worth(decision)
        self.ends = extremes(decision)
        self.first, self.second = names_compared(decision)
        self.of_patron = is_of_patron(decision)

    def difference(self) -> str:
        """Return how much more or less the first is worth, beside the second."""
        gap = self.decision.difference
        if abs(gap) < _LEAST:
            return "no difference"
        return f"{more_or_less(gap)}{self.part_of_second(', ')}"

    def part_of_second(self, before: str) -> str:
        """Return the difference as a part of the second worth, if it is one."""
        second, gap = self.told.second.worth, abs(self.decision.difference)
        if not _LEAST <= gap <= second:
            return ""
        part = 100.0 * gap / second
        shown = f"{part:.0f}" if part >= 1.0 else f"{part:.1g}"
        whose = f"is worth to {self.decision.called}"
        return f"{before}{shown}\N{NO-BREAK SPACE}% of what {self.second} {whose}"

    @property
    def title(self) -> str:
        """The question."""
        return question(self.decision)

    def caption(self) -> list[str]:
        """The answer, what turns it, and what the marks mean."""
        decision = self.decision
        drawn = {bar.name for bar in self.bars}
        none = [self._part(name) for name in decision.parts if name not in drawn]
        return [
            in_words(decision),
            turn_in_words(decision, decision.smallest),
            f"{part}." if (part := self.part_of_second("That is ")) else "",
            f"Bars lead from {self.second} to {self.first}: a grey bar adds to its "
            "worth, a hatched bar takes away from it.",
            f"These are 0 or nearly 0 and have no bar: {joined(none)}." if none else "",
            f"The dotted line at {km2(self.needed)} is the worth of {self.first} at "
            f"which the choice turns{self._why_there()}.",
            self._unknown(),
            "This is one decision of one run, so no luck is shown.",
        ]

    def alt_text(self) -> list[str]:
        """The picture in words."""
        decision, told, ends = self.decision, self.told, self.ends
        large = sorted(self.bars, key=lambda bar: -abs(bar.value))[:2]
        weights = [f"{self._part(bar.name)} {_signed(bar.value)}" for bar in large]
        return [
            f"Waterfall chart of a decision of {decision.called} on day "
            f"{decision.day}, in km²{', axis cut' if self.is_cut else ''}.",
            f"{counted(len(self.bars), 'bar')} from {self.second}, "
            f"{km2(told.second.worth)}, to {self.first}, "
            f"{km2(told.first.worth)}: {self.difference()}.",
            f"Largest: {joined(weights)}." if weights else "",
            f"A dotted rule at {km2(self.needed)} shows where the choice turns.",
            "There is no whisker, because no input has a low and a high."
            if ends is None
            else "Whisker, one input at its low or high: difference "
            f"{_signed(ends[0].gap)} to {_signed(ends[1].gap)}.",
        ]

    @property
    def levels(self) -> tuple[float, float]:
        """Ends of the axis: what the bars need, more for the whisker as far as fits.

        0 is among them if the totals are not much longer than what the bars need.
        """
        worths = [self.told.first.worth, self.told.second.worth, self.needed]
        found = [*worths, *(level for bar in self.bars for level in bar[2:])]
        low, high = min(found), max(found)
        height = max(high - low, _LEAST)
        bottom, top = low, high
        if self.ends is not None:
            ends = [self.told.second.worth + span.gap for span in self.ends]
            low = max(min(low, ends[0]), low - _WIDEST / 2 * height)
            high = min(max(high, ends[1]), high + _WIDEST / 2 * height)
        room = max(high - low, top - bottom, height)
        if 0.0 < low < room or -room < high < 0.0:
            low, high = min(low, 0.0), max(high, 0.0)
            room = high - low
        foot = low if low == 0.0 < high else low - 0.18 * room
        return foot, high if high == 0.0 > low else high + 0.2 * room

    @property
    def is_cut(self) -> bool:
        """Whether 0 is not on the axis, so that the totals are longer than drawn."""
        low, high = self.levels
        return not low <= 0.0 <= high

    def _part(self, name: str) -> str:
        return part_in_words(name, of_patron=self.of_patron)

    def _why_there(self) -> str:
        words = []
        if self.told.aspiration:
            words.append(f"it wants {km2(self.told.aspiration)} more")
        if self.told.noise:
            words.append(f"its error of judgement is {_signed(self.told.noise)}")
        return f" ({joined(words)})" if words else ""

    def _unknown(self) -> str:
        if self.ends is None:
            return (
                "There is no whisker, because no input of this decision has a low "
                "and a high."
            )
        decision, told = self.decision, self.told
        turned = [
            span
            for span in decision.spans
            if (span.gap + told.noise >= told.aspiration) != (decision.weighed >= 0.0)
        ]
        labels = decision.labels
        at = [
            f"{_signed(span.gap)} ({input_in_words(span.path, labels)} "
            f"{number_in_words(span.path, span.number, labels)})"
            for span in self.ends
        ]
        return (
            "The whisker shows uncertainty about the inputs. With one of them at its "
            f"low or its high, {self.first} less {self.second} runs from {at[0]} to "
            f"{at[1]}; {len(turned)} of {len(decision.spans)} such values change its "
            "sign."
        )


def _signed(worth: float) -> str:
    return km2(worth, "+")


def table_of(words: WaterfallWords) -> pd.DataFrame:
    """One row a part, worth, input at an end, and change that turns the choice."""
    decision, told = words.decision, words.told
    drawn = {bar.name: (bar.start, bar.end) for bar in words.bars}
    nan, none = np.nan, (np.nan, np.nan)
    rows: list[tuple[object, ...]] = [
        ("part", name, value, *drawn.get(name, none), nan, nan)
        for name, value in decision.parts.items()
    ]
    rows += [
        ("worth", each.name, each.worth, *none, nan, nan)
        for each in (told.first, told.second)
    ]
    rows.append(("turns", "worth of the first", words.needed, *none, nan, nan))
    rows += [
        (f"input {span.end}", span.path, span.gap, *none, span.number, nan)
        for span in decision.spans
    ]
    rows += [
        ("flip", flip.input.path, flip.size, *none, flip.at, flip.becomes)
        for flip in decision.flips
        if flip.at is not None
    ]
    columns = ["row", "name", "value", "start", "end", "input", "becomes"]
    return pd.DataFrame(rows, columns=columns)


_BAR: Final = 0.66
# The whisker may widen the axis to so many times what the bars need.
_WIDEST: Final = 2.0
# Names below the bars that fit side by side.
_MANY: Final = 8
_PAPER: Final = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}


def payoff_waterfall(decision: Decision, context: Context) -> Figure:
    """Draw the parts of a decision between the two worths that it compares.

    From the left the second worth (fighting on), bars that lead from it to the first
    (accepting), grey up and hatched down, and the first; beside it the difference in
    words. The dotted rule is the worth at which the choice would turn. The whisker on
    the first is what is not known about the inputs: the largest and the smallest
    difference with one of them at its low or its high.
    """
    words = WaterfallWords(decision, context)
    with words.canvas() as canvas:
        axes = canvas.subplots()
        canvas.subplots_adjust(left=0.085, right=0.815, top=0.845, bottom=0.2)
        axes.set_ylim(*words.levels)
        _draw_bars(axes, words)
        _draw_totals(axes, words)
        axes.axhline(
            words.needed, color=INK, linewidth=1.0, linestyle=(0, (1, 2)), zorder=4
        )
        if words.ends is not None:
            _draw_unknown(axes, words, words.ends)
        _label(axes, words)
        _draw_difference(axes, words)
    return words.figure(canvas, table_of(words))


def _said(worth: float, sign: str = "") -> str:
    """Return a worth as it stands at a bar."""
    known = worth if abs(worth) >= _LEAST else 0.0
    return amount(known, sign).replace("-", MINUS)


def _draw_bars(axes: Axes, words: WaterfallWords) -> None:
    for place, bar in enumerate(words.bars, 1):
        up = bar.value > 0.0
        low, high = sorted((bar.start, bar.end))
        look = MORE if up else LESS
        axes.bar(place, abs(bar.value), _BAR, bottom=low, **look, zorder=3)
        at, by, va = (high, 2, "bottom") if up else (low, -2, "top")
        note(axes, _said(bar.value, "+"), (place, at), (0, by), va=va, zorder=5)
        ends = [place + _BAR / 2, place + 1 - _BAR / 2]
        axes.plot(ends, [bar.end, bar.end], color=LINE_GREY, linewidth=0.6)


def _draw_totals(axes: Axes, words: WaterfallWords) -> None:
    """Draw both worths from 0, or from the end of an axis that is cut and says so."""
    low, high = axes.get_ylim()
    second, first = words.told.second.worth, words.told.first.worth
    place = len(words.bars) + 1
    for at, worth in ((0, second), (place, first)):
        base = min(max(0.0, low), high)
        axes.bar(
            at, worth - base, _BAR, bottom=base, facecolor=INK, linewidth=0, zorder=3
        )
        if words.is_cut:  # the bar goes on beyond
            across, way = [at - _BAR / 2, at + _BAR / 2], 1 if base == low else -1
            for rise in (0.022, 0.034):
                up = [base + way * each * (high - low) for each in (rise, rise + 0.018)]
                axes.plot(across, up, color="white", linewidth=1.2, zorder=4)
        by, va = (2, "bottom") if worth >= base else (-2, "top")
        note(axes, _said(worth), (at, worth), (0, by), va=va, zorder=7, bbox=_PAPER)
    across = [_BAR / 2, place + _BAR / 2]
    axes.plot(across, [second] * 2, color=LINE_GREY, linewidth=0.6, zorder=2)


def _draw_unknown(axes: Axes, words: WaterfallWords, ends: tuple[Span, Span]) -> None:
    """Draw the whisker beside the first total; an arrow where it leaves the axis."""
    second = words.told.second.worth
    bottom, top = axes.get_ylim()
    room = 0.03 * (top - bottom)
    at = len(words.bars) + 1 + _BAR / 2 + 0.1
    levels = [second + span.gap for span in ends]
    shown = [min(max(level, bottom + room), top - room) for level in levels]
    axes.plot([at, at], shown, color=LINE_GREY, linewidth=1.0, zorder=5)
    look: Look = {"color": LINE_GREY, "markerfacecolor": "white", "zorder": 6}
    for level, here, marker in zip(levels, shown, "v^", strict=True):
        marks(axes, at, here, "o" if level == here else marker, 4.2, **look)
        if level != here:
            text = f"to {_said(level - second, '+')}"
            note(axes, text, (at, here), (-5, 0), ha="right", zorder=8, bbox=_PAPER)


def _draw_difference(axes: Axes, words: WaterfallWords) -> None:
    """Write beside the axis, between both worths, by how much they differ."""
    low, high = axes.get_ylim()
    middle = (words.told.first.worth + words.told.second.worth) / 2
    text = fill(words.difference().replace("km2", "km²"), 17)
    lines = text.count("\n") + 1
    # Within the height of the axes.
    half = min(0.5, lines * 0.03)
    place = min(max((middle - low) / (high - low), half), 1.0 - half)
    axes.text(1.03, place, text, transform=axes.transAxes, va="center", ha="left")


def _label(axes: Axes, words: WaterfallWords) -> None:
    named = dict(PART_LABELS)
    if words.of_patron:
        named |= {"territory": "outcome", "cost_of_fighting": "cost of\nthe war"}
    labels = [named.get(bar.name, bar.name.replace("_", "\n")) for bar in words.bars]
    ends = [
        fill(name.removeprefix("making "), 9, break_long_words=False)
        for name in (words.second, words.first)
    ]
    labels = [ends[0], *labels, ends[1]]
    # Where there are many, every other one stands lower.
    every = 2 if len(labels) > _MANY else 1
    axes.set_xticks(range(0, len(labels), every), labels[::every])
    if every > 1:
        axes.set_xticks(range(1, len(labels), 2), labels[1::2], minor=True)
    axes.tick_params(axis="x", length=0)
    axes.tick_params(axis="x", which="minor", length=0, pad=26)
    axes.set_xlim(-0.6, len(labels) - 0.4)
    plain_axes(axes)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(
        lambda number, _: f"{number:,.7g}".replace("-", MINUS)
    )
    cut = " (axis cut)" if words.is_cut else ""
    unknown = "; open dots: one input at its low or its high" if words.ends else ""
    header(
        axes,
        f"{words.decision.called}, day {words.decision.day}: worth in km²{cut}\n"
        f"dotted rule: where the choice turns{unknown}",
    )


def of(source: Any) -> Figure:
    """Draw it of a decision that was taken apart, or of the first refusal in a run."""
    return payoff_waterfall(*source.decision())
