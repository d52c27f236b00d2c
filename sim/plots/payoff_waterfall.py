"""Figure 2: one decision, part by part, and what would turn it."""

from collections.abc import Sequence
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
from sim.analysis.narrative.labels import (
    input_in_words,
    number_in_words,
    worth_in_words,
)
from sim.analysis.narrative.words import counted, display_name, joined
from sim.model.stages.terms import TERM_PARTS
from sim.plots.figure import Figure
from sim.plots.provenance import Context
from sim.plots.style import (
    INK,
    LINE_GREY,
    MID_GREY,
    UNKNOWN_HATCH,
    figure_style,
    header,
    new_canvas,
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


class Unit(NamedTuple):
    """What worths are written in, and how many of them a share of the stake is."""

    name: str
    factor: float


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
    ranked = sorted(known, key=lambda span: span.first - span.second)
    return ranked[0], ranked[-1]


def unit_of(decision: Decision) -> Unit:
    """Return the unit in which the worths and their parts are written."""
    told = decision.account
    numbers = [told.first.worth, told.second.worth, *decision.parts.values()]
    largest = max(abs(number) for number in numbers)
    power = 0
    if 0.0 < largest < 1e-3:  # in steps of a thousand, but for thousandths
        power = max(6, 3 * int(np.ceil(-np.log10(largest) / 3)))
    return Unit(_NAMED.get(power, f"10^-{power} parts"), 10.0**power)


def digits_of(decision: Decision) -> int:
    """Return how many decimals show the parts: three digits of the largest."""
    largest = max((abs(value) for value in decision.parts.values()), default=0.0)
    largest *= unit_of(decision).factor
    return int(np.clip(2 - np.floor(np.log10(largest)), 1, 8)) if largest else 4


def signed(value: float, decision: Decision) -> str:
    """Return a number of the unit with its sign and as many decimals as parts have."""
    digits = digits_of(decision)
    text = f"{abs(value):.{digits}f}"
    text = text.removeprefix("0") if abs(value) < 1.0 else text
    sign = "+" if value > 0.0 else "\N{MINUS SIGN}"
    return f"{sign}{text}"


def left_out(decision: Decision, bars: list[Bar]) -> list[str]:
    """Return the parts that have no bar."""
    drawn = {bar.name for bar in bars}
    return [name for name in decision.parts if name not in drawn]


def table_of(decision: Decision, bars: list[Bar], needed: float) -> pd.DataFrame:
    """One row a part, worth, input at an end, and change that turns the choice."""
    told = decision.account
    drawn = {bar.name: bar for bar in bars}
    rows: list[dict[str, object]] = []
    for name, value in decision.parts.items():
        bar = drawn.get(name)
        rows.append(
            {
                "row": "part",
                "name": name,
                "value": value,
                "start": bar.start if bar else np.nan,
                "end": bar.end if bar else np.nan,
            }
        )
    rows += [
        {"row": "worth", "name": each.name, "value": each.worth}
        for each in (told.first, told.second)
    ]
    rows.append({"row": "turns", "name": "worth of the first", "value": needed})
    rows += [
        {
            "row": f"input {span.end}",
            "name": span.path,
            "value": span.first - span.second,
            "input": span.number,
        }
        for span in decision.spans
    ]
    rows += [
        {
            "row": "flip",
            "name": flip.input.path,
            "value": flip.size,
            "input": flip.at,
            "becomes": flip.becomes,
        }
        for flip in decision.flips
        if flip.at is not None
    ]
    columns = ["row", "name", "value", "start", "end", "input", "becomes"]
    return pd.DataFrame(rows, columns=columns)


Ends = tuple[Span, Span]


def caption(
    decision: Decision,
    context: Context,
    needed: float,
    ends: Ends | None,
    left_out: Sequence[str],
) -> str:
    """Return the answer, what turns it, what the marks mean, and the origin."""
    first, second = names_compared(decision)
    patron = is_of_patron(decision)
    none = [part_in_words(name, of_patron=patron) for name in left_out]
    sentences = [
        in_words(decision),
        turn_in_words(decision, decision.smallest),
        f"Bars lead from {second} to {first}: grey adds, hatched takes away.",
        f"No bar, being 0 or nearly: {joined(none)}." if none else "",
        f"Dotted: {first} at {worth_in_words(needed)}, where the choice turns"
        f"{_why_there(decision)}.",
        _unknown(decision, ends),
        "One decision of one run: no luck is shown.",
    ]
    return f"{' '.join(each for each in sentences if each)}\n{context.last_line()}"


def alt_text(
    decision: Decision,
    parts: Sequence[tuple[str, float]],
    needed: float,
    ends: Ends | None,
) -> str:
    """Return the picture in words."""
    first, second = names_compared(decision)
    told, patron = decision.account, is_of_patron(decision)
    large = sorted(parts, key=lambda part: -abs(part[1]))[:3]
    weights = [
        f"{part_in_words(name, of_patron=patron)} {_signed(value)}"
        for name, value in large
    ]
    sentences = [
        f"Waterfall chart of a decision of {display_name(decision.actor)} on day "
        f"{decision.day}, in shares of the stake, axis cut.",
        f"{counted(len(parts), 'bar')} from {second}, "
        f"{worth_in_words(told.second.worth)}, to {first}, "
        f"{worth_in_words(told.first.worth)}.",
        f"Largest: {joined(weights)}." if weights else "",
        f"A dotted rule at {worth_in_words(needed)} is where the choice turns.",
        "No whisker: no input has a low and a high."
        if ends is None
        else "The whisker, inputs at their low and high, runs from "
        f"{_signed(_gap(ends[0]))} to {_signed(_gap(ends[1]))} over {second}.",
    ]
    return " ".join(each for each in sentences if each)


def _signed(worth: float) -> str:
    return worth_in_words(worth, "+")


def _gap(span: Span) -> float:
    return span.first - span.second


def _why_there(decision: Decision) -> str:
    told, words = decision.account, []
    if told.aspiration:
        words.append(f"it wants {worth_in_words(told.aspiration)} more")
    if told.noise:
        words.append(f"its error of judgement is {_signed(told.noise)}")
    return f" ({joined(words)})" if words else ""


def _unknown(decision: Decision, ends: Ends | None) -> str:
    if ends is None:
        return "No input of this decision has a low and a high to draw a whisker from."
    first, second = names_compared(decision)
    told = decision.account
    turned = [
        span
        for span in decision.spans
        if (_gap(span) + told.noise >= told.aspiration) != (decision.weighed >= 0.0)
    ]
    front = decision.scene.loaded.scenario.front.side
    at = [
        f"{_signed(_gap(span))} ({input_in_words(span.path, front)} "
        f"{number_in_words(span.path, span.number)})"
        for span in ends
    ]
    return (
        f"Whisker: what is not known about the inputs. With one of them at its low or "
        f"its high, {first} less {second} runs from {at[0]} to {at[1]}; "
        f"{len(turned)} of {len(decision.spans)} such values turn the sign."
    )


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
    bars = waterfall(decision)
    needed = needed_worth(decision)
    ends = extremes(decision)
    with figure_style():
        canvas = new_canvas(question(decision), context.footer())
        axes = canvas.subplots()
        canvas.subplots_adjust(left=0.085, right=0.985, top=0.845, bottom=0.2)
        _draw_bars(axes, bars, decision)
        _set_height(axes, bars, decision, needed, ends)
        _draw_totals(axes, len(bars), decision)
        _draw_needed(axes, needed)
        _draw_unknown(axes, len(bars), decision, ends)
        _label(axes, bars, decision)
    return Figure(
        name="payoff_waterfall",
        title=question(decision),
        figure=canvas,
        caption=caption(decision, context, needed, ends, left_out(decision, bars)),
        alt_text=alt_text(decision, [bar[:2] for bar in bars], needed, ends),
        table=table_of(decision, bars, needed),
        origin=context.metadata(),
    )


def _draw_bars(axes: Axes, bars: list[Bar], decision: Decision) -> None:
    for place, bar in enumerate(bars):
        up = bar.value > 0.0
        axes.bar(
            place,
            abs(bar.value),
            _BAR,
            bottom=min(bar.start, bar.end),
            facecolor=MID_GREY if up else "white",
            edgecolor=LINE_GREY,
            linewidth=0.6,
            hatch=None if up else UNKNOWN_HATCH,
            zorder=3,
        )
        axes.annotate(
            signed(bar.value * unit_of(decision).factor, decision),
            xy=(place, max(bar.start, bar.end) if up else min(bar.start, bar.end)),
            xytext=(0, 2 if up else -2),
            textcoords="offset points",
            ha="center",
            va="bottom" if up else "top",
            zorder=5,
        )
        axes.plot(
            [place + _BAR / 2, place + 1 - _BAR / 2],
            [bar.end, bar.end],
            color=LINE_GREY,
            linewidth=0.6,
        )


def _set_height(
    axes: Axes,
    bars: list[Bar],
    decision: Decision,
    needed: float,
    ends: tuple[Span, Span] | None,
) -> None:
    """Set the axis: what the bars need, more for the whisker as far as it goes."""
    told = decision.account
    levels = [told.first.worth, told.second.worth, needed]
    levels += [level for bar in bars for level in (bar.start, bar.end)]
    low, high = min(levels), max(levels)
    height = high - low or max(abs(high), 1.0) * 0.01
    base, top = low, high
    if ends is not None:
        whisker = [told.second.worth + span.first - span.second for span in ends]
        low = max(min(low, whisker[0]), low - _WIDEST / 2 * height)
        high = min(max(high, whisker[1]), high + _WIDEST / 2 * height)
    room = max(high - low, top - base, height)
    axes.set_ylim(low - 0.18 * room, high + 0.2 * room)


def _draw_totals(axes: Axes, place: int, decision: Decision) -> None:
    """Draw both worths from the foot of the axis, which is cut and says so."""
    foot = axes.get_ylim()[0]
    told = decision.account
    for offset, each in enumerate((told.first, told.second)):
        axes.bar(
            place + offset,
            each.worth - foot,
            _BAR,
            bottom=foot,
            facecolor=INK,
            linewidth=0,
            zorder=3,
        )
        height = axes.get_ylim()[1] - foot
        for rise in (0.022, 0.034):  # the bar goes on below
            axes.plot(
                [place + offset - _BAR / 2, place + offset + _BAR / 2],
                [foot + rise * height, foot + (rise + 0.018) * height],
                color="white",
                linewidth=1.2,
                zorder=4,
            )
    axes.plot(
        [-_BAR / 2, place + 1 - _BAR / 2],
        [told.second.worth] * 2,
        color=LINE_GREY,
        linewidth=0.6,
        zorder=2,
    )


def _draw_needed(axes: Axes, needed: float) -> None:
    axes.axhline(needed, color=INK, linewidth=1.0, linestyle=(0, (1, 2)), zorder=4)


def _draw_unknown(
    axes: Axes, place: int, decision: Decision, ends: tuple[Span, Span] | None
) -> None:
    """Draw the whisker beside the first total; an arrow where it leaves the axis."""
    if ends is None:
        return
    told = decision.account
    bottom, top = axes.get_ylim()
    room = 0.03 * (top - bottom)
    at = place + _BAR / 2 + 0.06
    levels = [told.second.worth + span.first - span.second for span in ends]
    shown = [min(max(level, bottom + room), top - room) for level in levels]
    axes.plot([at, at], shown, color=LINE_GREY, linewidth=1.0, zorder=5)
    for level, here, marker in zip(levels, shown, "v^", strict=True):
        axes.plot(
            at,
            here,
            "o" if level == here else marker,
            color=LINE_GREY,
            markerfacecolor="white",
            markersize=4.2,
            zorder=6,
            clip_on=False,
        )
        beyond = (level - told.second.worth) * unit_of(decision).factor
        # What is too far off to be written in the unit of the axis is in the caption.
        if level != here and abs(beyond) < _FAR:
            over = marker == "^"
            axes.annotate(
                f"to {signed(beyond, decision)}",
                xy=(at, here),
                xytext=(-5, 0) if over else (5, 0),
                textcoords="offset points",
                ha="right" if over else "left",
                va="center",
                zorder=8,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            )


def _label(axes: Axes, bars: list[Bar], decision: Decision) -> None:
    told = decision.account
    first, second = names_compared(decision)
    labels = [PART_LABELS.get(bar.name, bar.name.replace("_", "\n")) for bar in bars]
    if is_of_patron(decision):
        own = {"territory": "outcome", "cost_of_fighting": "cost of\nthe war"}
        labels = [
            own.get(bar.name, label) for bar, label in zip(bars, labels, strict=True)
        ]
    labels += [fill(_short(name), 11) for name in (first, second)]
    labels = [
        f"\n\n{label}" if len(labels) > _MANY and i % 2 else label
        for i, label in enumerate(labels)
    ]
    axes.set_xticks(range(len(labels)), labels, linespacing=0.95)
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.6, len(labels) - 0.4)
    plain_axes(axes)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    unit = unit_of(decision)
    axes.yaxis.set_major_formatter(lambda number, _: short_share(number * unit.factor))
    for offset, each in enumerate((told.first, told.second)):
        axes.annotate(
            short_share(round(each.worth * unit.factor, digits_of(decision))),
            xy=(len(bars) + offset, each.worth),
            xytext=(0, -3),
            textcoords="offset points",
            ha="center",
            va="top",
            color="white",
            zorder=7,
        )
    header(
        axes,
        f"{display_name(decision.actor)}, day {decision.day}: worth in {unit.name} of "
        "the stake (axis cut)\ndotted rule: where the choice turns; open dots: one "
        "input at its low or its high",
    )


def _short(name: str) -> str:
    for start in ("offering ", "making "):
        name = name.removeprefix(start)
    return name.strip("«»")


def of(source: Any) -> Figure:
    """Draw it of a decision that was taken apart, or of the first refusal in a run."""
    return payoff_waterfall(*source.decision())
