"""What turned a run: its first full truce, and its end; or the offer that came nearest.

A bargain is a proposal with what followed that day, until the next proposal.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.analysis.narrative.sentences import (
    ANSWERS,
    PROPOSALS,
    REASON_WORDS,
    Event,
    answer_in_words,
    is_partial,
    offer_in_words,
    reasons_in_words,
    sentence,
)
from sim.analysis.narrative.words import SHOWS, in_text, km2
from sim.model.labels import Labels

ENDINGS = ("breakdown", "expiry")
"""Events that end a truce."""


@dataclass(frozen=True)
class Bargain:
    """A proposal and what followed that day, until the next one."""

    proposal: Event
    answers: Sequence[Event]
    concluded: bool

    @property
    def day(self) -> int:
        """When it was made."""
        return int(self.proposal["day"])

    @property
    def lacking(self) -> float:
        """How much more those who refuse would have to gain, km2; nan if not known."""
        refusals = [each for each in self.answers if each["type"] != "acceptance"]
        if not refusals or not all(each["reason"] for each in refusals):
            return float("nan")
        return sum(max(0.0, -_judged(each)) for each in refusals)


def _judged(answer: Event) -> float:
    reason = answer["reason"]
    gain = reason["accept"] + reason["noise"] - reason["fight_on"]
    return float(gain - reason["aspiration"])


def bargains(events: Sequence[Event]) -> list[Bargain]:
    """Return every proposal of a run with what followed it, in order."""
    found: list[Bargain] = []
    for place, event in enumerate(events):
        if event["type"] not in PROPOSALS:
            continue
        followed: list[Event] = []
        for later in events[place + 1 :]:
            if later["type"] in PROPOSALS or later["day"] != event["day"]:
                break
            followed.append(later)
        answers = [each for each in followed if each["type"] in ANSWERS]
        concluded = any(each["type"] in ("truce", "settlement") for each in followed)
        found.append(Bargain(event, answers, concluded))
    return found


def turned(events: Sequence[Event], labels: Labels) -> str:
    """Return what decided a run: its first full truce and its end, or what came near.

    A truce that is nearest lacks least to those who refused it, km2.
    """
    full = [each for each in bargains(events) if not is_partial(each.proposal)]
    if not full:
        return "What turned it. No full truce was ever offered."
    begun = next((each for each in full if each.concluded), None)
    if begun is not None:
        return f"What turned it. {_began(begun, full, labels)}{_ended(events, labels)}"
    known = [each for each in full if each.lacking == each.lacking]
    if not known:
        return "What turned it. Every full truce that was offered was refused."
    nearest = min(known, key=lambda each: each.lacking)
    offered = offer_in_words(nearest.proposal["terms"], labels)
    text = "What turned it. The nearest to a full truce was the offer of "
    text += f"{offered}, on day {nearest.day}: {answered(nearest.answers, labels)}."
    for answer in nearest.answers:
        if answer["type"] != "acceptance":
            text += f" {reasons_in_words(answer, labels)}."
    return text


def _began(begun: Bargain, full: Sequence[Bargain], labels: Labels) -> str:
    """Return who agreed to what, why the more reluctant did, and what had changed."""
    offered = offer_in_words(begun.proposal["terms"], labels)
    text = f"On day {begun.day} both sides accept {offered}."
    reasoned = [each for each in begun.answers if each["reason"]]
    if not reasoned:
        return text
    last = min(reasoned, key=_judged)
    text += f" {reasons_in_words(last, labels)}."
    refused = [
        answer
        for each in full
        if each.day < begun.day and each.proposal["offer"] == begun.proposal["offer"]
        for answer in each.answers
        if answer["actor"] == last["actor"]
        and answer["type"] != "acceptance"
        and answer["reason"]
    ]
    if not refused:
        return text
    before, now = refused[-1]["reason"]["parts"], last["reason"]["parts"]
    changed = max(now, key=lambda name: abs(now[name] - before.get(name, 0.0)))
    was = before.get(changed, 0.0)
    if abs(now[changed] - was) < SHOWS:
        return text
    return (
        f"{text} On day {refused[-1]['day']} it refused; what has changed most since "
        f"is {REASON_WORDS[changed]} (from {km2(was, '+')} to "
        f"{km2(now[changed], '+')})."
    )


def _ended(events: Sequence[Event], labels: Labels) -> str:
    """Return how the first full truce that ended did, and why if somebody chose so."""
    for place, event in enumerate(events):
        if event["type"] not in ENDINGS or is_partial(event):
            continue
        text = f" Day {event['day']}: {sentence(event, labels)}"
        if event["type"] == "breakdown":
            return text.rstrip(".") + ", which is a matter of chance."
        for before in reversed(events[:place]):
            if before["day"] != event["day"]:
                break
            if before["type"] == "rejection" and before["reason"]:
                return f"{text} {reasons_in_words(before, labels)}."
        return text
    return ""


def answered(answers: Sequence[Event], labels: Labels) -> str:
    """Return who answers what: "Ukraine accepts; Russia refuses"."""
    words = [answer_in_words(each, labels) for each in answers]
    if len(answers) == 2 and words[0] == words[1] and " " not in words[0]:
        return f"both sides {words[0].removesuffix('s')}"
    who = (in_text(labels.party_label(each["actor"])) for each in answers)
    return "; ".join(f"{each} {text}" for each, text in zip(who, words, strict=True))
