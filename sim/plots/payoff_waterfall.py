"""Figure 2: one decision, part by part, and what would turn it."""

from textwrap import fill
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

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
from sim.analysis.narrative.words import counted, joined, km2
from sim.model.stages.terms import TERM_PARTS
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context
from sim.plots.strokes import LESS, MORE, Look, count_shares, marks, note
from sim.plots.style import (
    INK,
    LINE_GREY,
    header,
    plain_axes,
    short_share,
)

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
MINUS: Final = "\N{MINUS SIGN}"
_NAMED: Final = {0: "shares", 6: "millionths", 9: "billionths"}


class Bar(NamedTuple):
    """A part as drawn: from where the bars before it end, to where it ends."""

    name: str
    value: float
    start: float
    end: float


def waterfall(decision: Decision) -> list[Bar]:
    """Return the parts that have a bar, in order; they end at the first worth."""
    parts = decision.parts
    order = [
        *(n for n in PART_LABELS if n in parts),
        *(n for n in parts if n not in PART_LABELS),
    ]
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
    ranked = sorted(known, key=_gap)
    return ranked[0], ranked[-1]


class WaterfallWords(Words):
    """A decision as bars, and the sentences about it.

    Worths are written in shares of the stake, or in `unit`: `factor` of them are one.
    """

    name = "payoff_waterfall"

    def __init__(self, decision: Decision, context: Context) -> None:
        self.decision, self.context = decision, context
        self.told = decision.account
        self.bars = waterfall(decision)
        self.needed = needed_worth(decision)
        self.ends = extremes(decision)
        self.first, self.second = names_compared(decision)
        self.of_patron = is_of_patron(decision)
        self.worths = [self.told.first.worth, self.told.second.worth]
        parts = [abs(value) for value in decision.parts.values()]
        largest, power = max([*map(abs, self.worths), *parts]), 0
        if 0.0 < largest < 1e-3:  # in steps of a thousand, but for thousandths
            power = max(6, 3 * int(np.ceil(-np.log10(largest) / 3)))
        self.unit = _NAMED.get(power, f"10^-{power} parts")
        self.factor = 10.0**power
        # As many decimals as show three digits of the largest part.
        part = max(parts, default=0.0) * self.factor
        self.digits = int(np.clip(2 - np.floor(np.log10(part)), 1, 8)) if part else 4

    def signed(self, worth: float) -> str:
        """Return a worth in the unit with its sign and as many decimals as parts."""
        value = worth * self.factor
        text = f"{abs(value):.{self.digits}f}"
        text = text.removeprefix("0") if abs(value) < 1.0 else text
        return f"{'+' if value > 0.0 else MINUS}{text}"

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
            f"Bars lead from {self.second} to {self.first}: grey adds, hatched takes "
            "away.",
            f"No bar, being 0 or nearly: {joined(none)}." if none else "",
            f"Dotted: {self.first} at {km2(self.needed)}, where the choice "
            f"turns{self._why_there()}.",
            self._unknown(),
            "One decision of one run: no luck is shown.",
        ]

    def alt_text(self) -> list[str]:
        """The picture in words."""
        decision, told, ends = self.decision, self.told, self.ends
        large = sorted(self.bars, key=lambda bar: -abs(bar.value))[:3]
        weights = [f"{self._part(bar.name)} {_signed(bar.value)}" for bar in large]
        return [
            f"Waterfall chart of a decision of {decision.called} on day "
            f"{decision.day}, in shares of the stake, axis cut.",
            f"{counted(len(self.bars), 'bar')} from {self.second}, "
            f"{km2(told.second.worth)}, to {self.first}, "
            f"{km2(told.first.worth)}.",
            f"Largest: {joined(weights)}." if weights else "",
            f"A dotted rule at {km2(self.needed)} is where the choice turns.",
            "No whisker: no input has a low and a high."
            if ends is None
            else "The whisker, inputs at their low and high, runs from "
            f"{_signed(_gap(ends[0]))} to {_signed(_gap(ends[1]))} over "
            f"{self.second}.",
        ]

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
                "No input of this decision has a low and a high to draw a whisker from."
            )
        decision, told = self.decision, self.told
        turned = [
            span
            for span in decision.spans
            if (_gap(span) + told.noise >= told.aspiration) != (decision.weighed >= 0.0)
        ]
        labels = decision.labels
        at = [
            f"{_signed(_gap(span))} ({input_in_words(span.path, labels)} "
            f"{number_in_words(span.path, span.number, labels)})"
            for span in self.ends
        ]
        return (
            "Whisker: what is not known about the inputs. With one of them at its low "
            f"or its high, {self.first} less {self.second} runs from {at[0]} to "
            f"{at[1]}; {len(turned)} of {len(decision.spans)} such values turn the "
            "sign."
        )


def _signed(worth: float) -> str:
    return km2(worth, "+")


def _gap(span: Span) -> float:
    return span.first - span.second


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
        (f"input {span.end}", span.path, _gap(span), *none, span.number, nan)
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
_MANY: Final = 9
_FAR: Final = 1e4


def payoff_waterfall(decision: Decision, context: Context) -> Figure:
    """Draw the parts of a decision between the two worths that it compares.

    Bars go from the second worth (fighting on) to the first (accepting): grey up,
    hatched down. The dotted rule is the worth at which the choice would turn. The
    whisker on the first is what is not known about the inputs: the largest and the
    smallest difference with one of them at its low or its high.
    """
    words = WaterfallWords(decision, context)
    with words.canvas() as canvas:
        axes = canvas.subplots()
        canvas.subplots_adjust(left=0.085, right=0.985, top=0.845, bottom=0.2)
        _draw_bars(axes, words)
        _set_height(axes, words)
        _draw_totals(axes, words)
        axes.axhline(
            words.needed, color=INK, linewidth=1.0, linestyle=(0, (1, 2)), zorder=4
        )
        if words.ends is not None:
            _draw_unknown(axes, words, words.ends)
        _label(axes, words)
    return words.figure(canvas, table_of(words))


def _draw_bars(axes: Axes, words: WaterfallWords) -> None:
    for place, bar in enumerate(words.bars):
        up = bar.value > 0.0
        low, high = sorted((bar.start, bar.end))
        look = MORE if up else LESS
        axes.bar(place, abs(bar.value), _BAR, bottom=low, **look, zorder=3)
        at, by, va = (high, 2, "bottom") if up else (low, -2, "top")
        note(axes, words.signed(bar.value), (place, at), (0, by), va=va, zorder=5)
        ends = [place + _BAR / 2, place + 1 - _BAR / 2]
        axes.plot(ends, [bar.end, bar.end], color=LINE_GREY, linewidth=0.6)


def _set_height(axes: Axes, words: WaterfallWords) -> None:
    """Set the axis: what the bars need, more for the whisker as far as it goes."""
    levels = [*words.worths, words.needed]
    levels += [level for bar in words.bars for level in (bar.start, bar.end)]
    low, high = min(levels), max(levels)
    height = high - low or max(abs(high), 1.0) * 0.01
    base, top = low, high
    if words.ends is not None:
        whisker = [words.worths[1] + span.first - span.second for span in words.ends]
        low = max(min(low, whisker[0]), low - _WIDEST / 2 * height)
        high = min(max(high, whisker[1]), high + _WIDEST / 2 * height)
    room = max(high - low, top - base, height)
    axes.set_ylim(low - 0.18 * room, high + 0.2 * room)


def _draw_totals(axes: Axes, words: WaterfallWords) -> None:
    """Draw both worths from the foot of the axis, which is cut and says so."""
    foot = axes.get_ylim()[0]
    place = len(words.bars)
    for at, worth in enumerate(words.worths, place):
        axes.bar(
            at, worth - foot, _BAR, bottom=foot, facecolor=INK, linewidth=0, zorder=3
        )
        height = axes.get_ylim()[1] - foot
        for rise in (0.022, 0.034):  # the bar goes on below
            across = [at - _BAR / 2, at + _BAR / 2]
            up = [foot + rise * height, foot + (rise + 0.018) * height]
            axes.plot(across, up, color="white", linewidth=1.2, zorder=4)
    across = [-_BAR / 2, place + 1 - _BAR / 2]
    axes.plot(across, [words.worths[1]] * 2, color=LINE_GREY, linewidth=0.6, zorder=2)


def _draw_unknown(axes: Axes, words: WaterfallWords, ends: tuple[Span, Span]) -> None:
    """Draw the whisker beside the first total; an arrow where it leaves the axis."""
    second = words.worths[1]
    bottom, top = axes.get_ylim()
    room = 0.03 * (top - bottom)
    at = len(words.bars) + _BAR / 2 + 0.06
    levels = [second + span.first - span.second for span in ends]
    shown = [min(max(level, bottom + room), top - room) for level in levels]
    axes.plot([at, at], shown, color=LINE_GREY, linewidth=1.0, zorder=5)
    look: Look = {"color": LINE_GREY, "markerfacecolor": "white", "zorder": 6}
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    for level, here, marker in zip(levels, shown, "v^", strict=True):
        marks(axes, at, here, "o" if level == here else marker, 4.2, **look)
        beyond = level - second
        # What is too far off to be written in the unit of the axis is in the caption.
        if level != here and abs(beyond * words.factor) < _FAR:
            by, ha = (-5, "right") if marker == "^" else (5, "left")
            text = f"to {words.signed(beyond)}"
            note(axes, text, (at, here), (by, 0), ha=ha, zorder=8, bbox=paper)


def _label(axes: Axes, words: WaterfallWords) -> None:
    named = dict(PART_LABELS)
    if words.of_patron:
        named |= {"territory": "outcome", "cost_of_fighting": "cost of\nthe war"}
    labels = [named.get(bar.name, bar.name.replace("_", "\n")) for bar in words.bars]
    labels += [fill(_short(name), 11) for name in (words.first, words.second)]
    labels = [
        f"\n\n{label}" if len(labels) > _MANY and i % 2 else label
        for i, label in enumerate(labels)
    ]
    axes.set_xticks(range(len(labels)), labels)
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.6, len(labels) - 0.4)
    plain_axes(axes)
    count_shares(axes.yaxis, 5, factor=words.factor)
    for at, worth in enumerate(words.worths, len(words.bars)):
        text = short_share(round(worth * words.factor, words.digits))
        note(axes, text, (at, worth), (0, -3), va="top", color="white", zorder=7)
    header(
        axes,
        f"{words.decision.called}, day {words.decision.day}: worth in "
        f"{words.unit} of the stake (axis cut)\ndotted rule: where the choice turns; "
        "open dots: one input at its low or its high",
    )


def _short(name: str) -> str:
    for start in ("offering ", "making "):
        name = name.removeprefix(start)
    return name.strip("«»")


def of(source: Any) -> Figure:
    """Draw it of a decision that was taken apart, or of the first refusal in a run."""
    return payoff_waterfall(*source.decision())
