"""What a world says of each fact, read from its record day by day."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.compile import kernel
from sim.model.labels import CONDITION_BITS, Labels
from sim.model.state import (
    ACCEPT,
    COUNTER,
    DATED,
    NOBODY,
    ON_CONDITIONS,
    REJECT,
    ROUND,
    SILENT,
    TRUCE,
)
from sim.scenario.facts import (
    AidLevel,
    AnswerToCounterOffer,
    ChipSize,
    EveryAnswer,
    Fact,
    FirstAnswer,
    LineHeld,
    Refusals,
    TruceBegins,
)

FIRST, COUNTERED, EVERY, BEGINS, REFUSED, AID, CHIP, LINE = range(8)
_KINDS = {
    FirstAnswer: FIRST,
    AnswerToCounterOffer: COUNTERED,
    EveryAnswer: EVERY,
    TruceBegins: BEGINS,
    Refusals: REFUSED,
    AidLevel: AID,
    ChipSize: CHIP,
    LineHeld: LINE,
}
_ANSWERS = {"accept": ACCEPT, "reject": REJECT, "conditional": ON_CONDITIONS}
_i, _f = "i8", "f8"

FACT = np.dtype(
    [
        ("kind", _i),
        ("side", _i),  # who answers or refuses
        ("offer", _i),
        ("answer", _i),
        ("conditions", _i),  # as bits, that it has to include
        ("partial", _i),
        ("begins", _i),
        ("first", _i),  # step
        ("last", _i),
        ("chip", _i),
        ("full", _f),  # size of the full chip, in its unit
        ("number", _f),  # that was counted or measured
        ("tolerance", _f),
    ],
    align=True,
)


def coded(
    facts: Sequence[Fact], labels: Labels, last_day: Sequence[int]
) -> NDArray[np.void]:
    """Return facts as records, shape (n_facts,), dtype `FACT`.

    `last_day` is the last day that each fact is about, counted from the start of its
    scenario; those that name days of their own are about these.
    """
    records = np.zeros(len(facts), FACT)
    step = labels.step_days
    for record, fact, seen in zip(records, facts, last_day, strict=True):
        what = fact.coded
        record["kind"] = _KINDS[type(what)]
        record["tolerance"] = fact.tolerance or 0.0
        record["last"] = max(seen, 0) // step
        if party := getattr(what, "party", None):
            record["side"] = labels.sides.index(party)
        if isinstance(what, FirstAnswer | AnswerToCounterOffer | EveryAnswer):
            record["offer"] = labels.offers.index(what.offer)
            record["answer"] = _ANSWERS[what.answer]
        if isinstance(what, FirstAnswer):
            record["conditions"] = sum(CONDITION_BITS[name] for name in what.including)
        elif isinstance(what, TruceBegins):
            record["partial"] = what.kind == "partial"
            record["begins"] = what.begins
            record["first"] = -(-what.from_day // step)
            record["last"] = what.to_day // step
        elif isinstance(what, Refusals):
            record["number"] = what.count
        elif isinstance(what, AidLevel):
            record["last"], record["number"] = what.day // step, what.level
        elif isinstance(what, LineHeld):
            record["last"], record["number"] = what.day // step, what.held_km2
        elif isinstance(what, ChipSize):
            chip = labels.chips.index(what.chip)
            record["chip"], record["full"] = chip, labels.fulls[chip]
            record["last"], record["number"] = what.day // step, what.size
    return records


@kernel
def witness(days: Any, lived: Any, facts: Any, said: Any) -> None:
    """Write into `said` (n_worlds, n_facts) what each world says of each fact.

    `days` (n_worlds, n_steps) has worlds as they stood after each step, `lived` how
    many steps each had. Of a fact that is true or false, a count among them, it is 1 or
    0; of one that was measured the number in the world.
    """
    for i in range(said.shape[0]):
        for j in range(said.shape[1]):
            said[i, j] = say(days[i], lived[i], facts[j])


@kernel
def say(days: Any, lived: int, fact: Any) -> float:
    """Return what one world says of one fact, see `witness`."""
    last = min(fact.last, lived - 1)
    if fact.kind == FIRST or fact.kind == COUNTERED or fact.kind == EVERY:
        return answered(days, lived, fact)
    if fact.kind == BEGINS:
        return 1.0 if begins(days, last, fact) == (fact.begins == 1) else 0.0
    if fact.kind == REFUSED:
        count = days[last].refusals[fact.side] if last >= 0 else 0
        return 1.0 if abs(count - fact.number) <= fact.tolerance else 0.0
    if fact.kind == AID:
        return float(days[last].aid)
    if fact.kind == CHIP:
        return float(days[last].chip[fact.chip] * fact.full)
    return float(days[last].line)


@kernel
def answered(days: Any, lived: int, fact: Any) -> float:
    """Whether a side answers an offer as the fact says: first, or every time.

    A first answer has to be given, whenever that is; `every` is true where there is
    none by its last day. Authors, who are bound by their own offer, do not answer.
    """
    end = lived
    if fact.kind == EVERY:
        end = min(end, fact.last + 1)
    for step in range(end):
        day = days[step]
        put = day.business == ROUND or day.business == DATED
        if fact.kind == COUNTERED:
            put = day.business == COUNTER
        if not put or day.offer != fact.offer or day.author == fact.side:
            continue
        answer = day.answer[fact.side]
        if answer == SILENT:
            continue
        fits = answer == fact.answer
        if fits and fact.conditions > 0:
            named = day.answer_demands[fact.side] & fact.conditions
            fits = named == fact.conditions
        if fact.kind != EVERY:
            return 1.0 if fits else 0.0
        if not fits:
            return 0.0
    return 1.0 if fact.kind == EVERY else 0.0


@kernel
def begins(days: Any, last: int, fact: Any) -> bool:
    """Whether a truce of the kind begins from `fact.first` to `last`.

    One that is extended, or broken and agreed on anew the same day, begins once more
    only if the day before was without it.
    """
    for step in range(fact.first, last + 1):
        now = in_truce(days[step], fact.partial)
        before = step > 0 and in_truce(days[step - 1], fact.partial)
        if now and not before:
            return True
    return False


@kernel
def in_truce(day: Any, partial: int) -> bool:
    """Whether a truce of the kind holds at the end of a day."""
    if partial == 1:
        return bool(day.partial_offer != NOBODY)
    return bool(day.phase == TRUCE)
