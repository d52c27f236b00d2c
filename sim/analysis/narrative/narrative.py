"""The story of a run: how it ends, what turned it, and its days in short.

`tell` gives a story that can be read in two minutes; with `numbers`, every event with
what it was worth to whom.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sim.analysis.narrative.bargains import ENDINGS, answered, bargains, turned
from sim.analysis.narrative.sentences import (
    ANSWERS,
    PROPOSALS,
    Event,
    is_partial,
    offer_in_words,
    sentence,
)
from sim.analysis.narrative.words import (
    SHOWS,
    WORTH,
    chip_in_words,
    chip_size,
    counted,
    in_text,
    joined,
    km2,
    land_held,
    long_date,
    more_or_less,
    sentence_case,
)
from sim.model.labels import Labels, labels_of
from sim.scenario.schema import Scenario

Day = Mapping[str, Any]

ENDS = {
    "war": "the fighting goes on",
    "truce": "a truce holds",
    "settled": "there is a settlement",
    "defeat": "one side is defeated",
}
NOTE = (
    "This is one world of a model, with its own luck: a model's answer, not a forecast."
)
MOST_WORDS = 380
"""Of a story without numbers, whatever the length of the run."""

# How days that are not told count, once and more often; the rest is left out.
_LEFT_OUT = {
    "truce": ("a truce begins", "{} truces begin"),
    "breakdown": ("a truce breaks down", "{} truces break down"),
    "expiry": ("a truce runs out", "{} truces run out"),
    "extension": ("a truce is extended", "a truce is extended {} times"),
}


def tell(
    events: Sequence[Event],
    days: Sequence[Day],
    outcome: Mapping[str, Any],
    scenario: Scenario,
    *,
    numbers: bool = False,
) -> list[str]:
    """Tell a run, a paragraph an entry.

    Events, days (the first is the eve) and outcome are those of `run --json`. Without
    `numbers` a story has at most `MOST_WORDS` words; with them it has all events.
    """
    labels = labels_of(scenario)
    opening = [_end_in_words(events, days, outcome, labels)]
    if numbers:
        return [*opening, *_in_full(events, days, scenario, labels), NOTE]
    opening.append(turned(events, labels))
    told = _in_short(events, labels)
    room = MOST_WORDS - _words([*opening, NOTE])
    paragraphs = _paragraphs(told, days, labels)
    while _words(paragraphs) > room and any(each.news for each in told):
        least = min((each for each in told if each.news), key=lambda each: each.order)
        least.news = 0
        paragraphs = _paragraphs(told, days, labels)
    return [*opening, *paragraphs, NOTE]


def _words(paragraphs: Iterable[str]) -> int:
    return sum(len(each.split()) for each in paragraphs)


# ---- how it ends ---------------------------------------------------------------------


def _end_in_words(
    events: Sequence[Event],
    days: Sequence[Day],
    outcome: Mapping[str, Any],
    labels: Labels,
) -> str:
    """Return how a run ends, and what it counted."""
    first, last, end = days[0], days[-1], ENDS[outcome["end"]]
    if outcome["end"] == "war" and _partial_in_force(events):
        end += ", under a partial truce"
    elif outcome["end"] == "defeat":
        end = f"{in_text(labels.party_label(outcome['defeated']))} is defeated"
    elif outcome["end"] != "war":
        end += f"; the fighting stopped on day {outcome['fighting_stopped_day']}"
    told = [f"At the end, day {last['day']}, {long_date(last['date'])}, {end}"]
    began = outcome["first_full_truce_day"]
    told.append("No full truce has begun")
    if began is not None:
        told[-1] = f"A full truce first began on day {began}"
        pause = outcome["longest_pause_days"]
        if outcome["truces_broken"] + outcome["truces_expired"] and pause:
            told[-1] += f"; the longest pause was {counted(round(pause), 'day')}"
    front = in_text(labels.party_label(labels.sides[0]))
    moved = last["held_km2"] - first["held_km2"]
    more = "as much as" if abs(moved) < SHOWS else f"{more_or_less(moved)} than"
    held = f"{front} holds {km2(last['held_km2'])} of the disputed land"
    told.append(f"{held}, {more} at the start")
    for chip, size in outcome["chips_km2"].items():
        now = f"{chip_size(size, chip, labels)} are" if size else "nothing is"
        was = chip_size(first["chips_km2"][chip], chip, labels)
        told.append(f"Of {chip_in_words(chip, labels)} {now} held, {was} at the start")
    truces = [
        f"{counted(outcome[key], noun)} {word}"
        for key, noun, word in (
            ("truces_broken", "truce", "broke down"),
            ("truces_expired", "truce", "ran out"),
        )
        if outcome[key]
    ]
    if extended := outcome["truces_extended"]:
        often = "once" if extended == 1 else f"{extended} times"
        truces.append(f"a truce was extended {often}")
    refusals = [
        f"{in_text(labels.party_label(name))} refused {counted(count, 'time')}"
        for name, count in sorted(outcome["refusals"].items())
        if count
    ]
    told += [joined(each) for each in (truces, refusals) if each]
    return f"{'. '.join(map(sentence_case, told))}."


def _partial_in_force(events: Sequence[Event]) -> bool:
    """Whether the last that was heard of a partial truce is that it goes on.

    A full truce, which stops all of the fighting, ends a partial one.
    """
    for event in reversed(events):
        if event["type"] in _LEFT_OUT and is_partial(event):
            return event["type"] in ("truce", "extension")
        if event["type"] == "truce":
            return False
    return False


# ---- its days in short ---------------------------------------------------------------


@dataclass
class _Told:
    """A day of bargaining or change in a sentence or two.

    `news` is 0 if nothing on it was new, and larger for what turns more.
    """

    day: int
    date: str
    text: str
    news: int
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def order(self) -> tuple[int, int]:
        """What is left out first: the least news, and of that the last."""
        return self.news, -self.day


def _in_short(events: Sequence[Event], labels: Labels) -> list[_Told]:
    told: list[_Told] = []
    known: set[str] = set()
    offers: set[str] = set()
    by_proposal = {id(each.proposal): each for each in bargains(events)}
    for day, group in groupby(events, key=lambda event: int(event["day"])):
        today = [each for each in group if each["type"] != "battle"]
        if not today:
            continue
        line = _Told(day, str(today[0]["date"]), "", 0)
        for event in today:
            kind = event["type"]
            line.counts[kind] += 1
            if kind in ANSWERS and not event["terms"].get("extension"):
                continue  # told with the proposal
            text = sentence(event, labels, reasons=False, numbers=False)
            news = 3 if kind in ("truce", "settlement", "defeat", *ENDINGS) else 2
            if kind in PROPOSALS:
                bargain = by_proposal[id(event)]
                if bargain.concluded:
                    line.counts["concluded"] += 1
                if bargain.answers:
                    answers = answered(bargain.answers, labels)
                    text += f" {sentence_case(answers)}."
                offered = offer_in_words(event["terms"], labels)
                news = 2 if offered not in offers else 1
                offers.add(offered)
            # what was told before, with the same answers, is no news
            repeated = kind in (*PROPOSALS, *ANSWERS, "extension") and text in known
            known.add(text)
            line.news = max(line.news, 0 if repeated else news)
            line.text += f" {text}"
        told.append(line)
    return told


def _paragraphs(
    told: Sequence[_Told], days: Sequence[Day], labels: Labels
) -> list[str]:
    """Return a paragraph for each day with news, and one for those between them."""
    found = []
    for is_news, group in groupby(told, key=lambda each: bool(each.news)):
        lines = list(group)
        if is_news:
            found += [f"Day {e.day}, {long_date(e.date)}.{e.text}" for e in lines]
        else:
            found.append(_left_out(lines, days, labels))
    return found


def _left_out(lines: Sequence[_Told], days: Sequence[Day], labels: Labels) -> str:
    """Return days without news in a sentence: what they counted, and where they led."""
    counts = sum((each.counts for each in lines), Counter[str]())
    made = sum(counts[kind] for kind in PROPOSALS)
    refused = made - counts["concluded"]
    first, last = lines[0].day, lines[-1].day
    when = f"Day {first}." if first == last else f"Days {first} to {last}."
    more = " more" if first else ""
    parts = [
        once if counts[kind] == 1 else often.format(counts[kind])
        for kind, (once, often) in _LEFT_OUT.items()
        if counts[kind]
    ]
    if refused == 1:
        parts.insert(0, f"one{more} offer is not accepted by both sides")
    elif refused:
        parts.insert(0, f"{refused}{more} offers are not accepted by both sides")
    state = next(day for day in reversed(days) if day["day"] <= last)
    land = land_held(state["held_km2"], state["chips_km2"], labels)
    text = f"{sentence_case(joined(parts))}. " if parts else ""
    return f"{when} {text}{sentence_case(land)}."


# ---- every event, with its numbers ---------------------------------------------------


def _in_full(
    events: Sequence[Event], days: Sequence[Day], scenario: Scenario, labels: Labels
) -> list[str]:
    eve = days[0]
    held = land_held(eve["held_km2"], eve["chips_km2"], labels)
    story = [
        f"At the start {held}; {km2(scenario.front.stake_km2)} are in dispute. {WORTH}"
    ]
    for day, group in groupby(events, key=lambda event: int(event["day"])):
        told = list(group)
        text = " ".join(sentence(event, labels) for event in told)
        story.append(f"Day {day}, {long_date(told[0]['date'])}. {text}")
    return story
