"""Figure 2: one decision, part by part, and what would turn it."""

from textwrap import fill
from typing import Final

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.analysis.why import Decision, Span
from sim.analysis.why_words import (
    is_of_patron,
    names_compared,
    question,
)
from sim.analysis.words import display_name
from sim.plots.context import Context
from sim.plots.result import Figure
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
from sim.plots.waterfall import (
    PART_LABELS,
    Bar,
    digits_of,
    extremes,
    left_out,
    needed_worth,
    signed,
    table_of,
    unit_of,
    waterfall,
)
from sim.plots.waterfall_words import alt_text, caption

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
