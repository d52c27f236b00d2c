"""What the figure of one decision says, in words."""

from collections.abc import Sequence

from sim.analysis.input_words import input_in_words, number_in_words, worth_in_words
from sim.analysis.why import Decision, Span
from sim.analysis.why_words import (
    in_words,
    is_of_patron,
    names_compared,
    part_in_words,
    turn_in_words,
)
from sim.analysis.words import counted, display_name, joined
from sim.plots.context import Context

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
