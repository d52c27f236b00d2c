"""The story of one run in neutral sentences: who offered what, who answered how, why.

`sentence` puts one event of a run into words, `tell` the whole run: a paragraph for
each day of bargaining or change, one for what the front did between them, and an end.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sim.analysis.narrative.words import (
    SHOWS,
    amount,
    chip_in_words,
    chip_size,
    counted,
    handed_back,
    joined,
    km2,
    land_held,
    long_date,
    part_of_chip,
    percent,
)
from sim.model.labels import Labels
from sim.model.parameters import labels as labels_of
from sim.scenario.negotiation import FLOW_TERMS, TERMS
from sim.scenario.schema import Scenario

Event = Mapping[str, Any]

REASON_WORDS = {
    "territory": "the line on which the fighting would stop",
    "chips": "what is held outside the stake",
    "cost_of_fighting": "the cost of fighting spared",
    "audience_cost": "the audience cost of signing",
    "rearmament": "how both sides would rearm",
    "settlement_prospects": "what a settlement would bring",
    "distrust_of_truce": "the risk that the truce breaks down",
    "price_of_refusal": "the price of refusing",
    "harm_forgone": "harm to the other side forgone",
    "partial_truce": "the partial truce in force",
    **{term.part: term.weighs for term in FLOW_TERMS.values()},
}
ENDS = {
    "war": "the fighting goes on",
    "truce": "a truce holds",
    "settled": "there is a settlement",
    "defeat": "one side is defeated",
}
NOTE = (
    "This is one world of a model, with its own luck: a model's answer, not a forecast."
)

_ANSWERS = {
    "acceptance": "accepts",
    "rejection": "refuses",
    "conditional_acceptance": "refuses, but would",
}
_HAPPENED = {
    "offer": "{actor} offers {offered}",
    "counter_offer": "{actor} makes its conditions an offer: {offered}",
    "aid": "Aid from {actor} goes from {was:g} to {level:g}",
    "battle": "In {fought} {actor} gains {moved}; {land}",
    "truce": "A truce begins; {land}",
    "breakdown": "The truce breaks down and the fighting goes on",
    "expiry": "The truce ends with its term and the fighting goes on",
    "extension": "The truce is extended by its own term",
    "settlement": "The truce becomes a settlement; {land}",
    "regime": "What becomes of {chip} turns from «{was}» to «{regime}»",
    "territory": "{actor} no longer holds any of {chip}, after {left} the day before",
    "capture": "What is left of {chip}, {left} the day before, is taken from {actor}",
    "commitment": "{actor} commits itself in public: from now on a truce that breaks "
    "its claim costs it {cost}",
    "defeat": "The line reaches the end of the stake: {actor} is defeated",
}
_REPEATED = {
    "offer": "{actor} offers {offer} again.",
    "counter_offer": "{actor} makes its conditions an offer again: {offer}.",
}
_OF_PARTIAL = {
    "truce": "A partial truce begins; the war goes on",
    "breakdown": "The partial truce breaks down",
    "expiry": "The partial truce ends with its term",
    "extension": "The partial truce is extended by its own term",
}
_SAME = 1e-6  # km2, a square metre
_MOST_PARTS = 3


def _offer_in_words(event: Event, labels: Labels) -> str:
    """Return the terms of an offer, with the conditions added to it."""
    terms = event["terms"]
    days = terms.get("duration_days")
    length = f"of {days} days" if days else "without end"
    if _is_partial(event):
        parts = [f"a partial truce {length}"]
        parts += [
            f"{labels.party_label(name)} spared {percent(share)} of its cost of war"
            for name, share in sorted(terms["relief"].items())
            if share
        ]
    else:
        parts = [f"a truce {length}"]
        if terms.get("line") == "in_place":
            parts.append("the line where it is")
        else:
            front = labels.party_label(labels.sides[0])
            parts.append(f"the line drawn so that {front} has {km2(terms['line_km2'])}")
    for chip, share in terms.get("hand_back", {}).items():
        if share:
            part = "" if share == 1 else f"{percent(share)} of "
            parts.append(f"{part}{chip_in_words(chip, labels)} handed back")
    for term_name, term in FLOW_TERMS.items():
        if share := terms.get(term_name):
            part = "" if share == 1 else f" ({percent(share)})"
            parts.append(f"{term.said}{part}")
    parts.append(f"monitoring {terms['monitoring']:g}")
    return f"{_named(event)} ({', '.join(parts)})"


def _named(event: Event) -> str:
    return f"«{str(event['offer']).replace('_', ' ')}»"


def _is_partial(event: Event) -> bool:
    """Whether an event is about a truce of some kinds of attack only."""
    return bool(event["terms"].get("kind") == "partial")


def _reason_in_words(event: Event) -> str:
    """Return how much the offer is worth beside fighting on, and what weighs most."""
    reason = event["reason"]
    accept, fight_on, noise = (reason[n] for n in ("accept", "fight_on", "noise"))
    aid = {
        answer: f" with aid at {level:g}"
        for answer, level in (reason.get("aid_if") or {}).items()
    }
    gain = accept - fight_on
    more = f"{km2(abs(gain))} {'more' if gain > 0.0 else 'less'} than"
    if abs(gain) <= _SAME:
        more = "the same as"
    offer = "the extension" if event["terms"].get("extension") else _named(event)
    text = f"to it {offer}{aid.get('accepted', '')} is worth {more} "
    text += f"fighting on{aid.get('refused', '')}"
    wanted = reason["aspiration"]
    if wanted >= SHOWS:
        text += f", and it wants {km2(wanted)} beyond that"
    yes = event["type"] == "acceptance"
    judged = accept + noise >= fight_on + wanted
    if judged == yes and judged != (accept >= fight_on + wanted):
        text += f" (the error of its judgement, {km2(noise, '+')}, decides)"
    parts = sorted(reason["parts"].items(), key=lambda part: -abs(part[1]))
    weights = [
        f"{REASON_WORDS[name]} ({km2(value, '+')})"
        for name, value in parts[:_MOST_PARTS]
        if abs(value) >= SHOWS
    ]
    return f"{text}; most weigh {joined(weights)}" if weights else text


def sentence(event: Event, labels: Labels, *, reasons: bool = True) -> str:
    """Return one event in words, with the reason of a decision if asked for."""
    kind, terms = event["type"], event["terms"]
    actor = labels.party_label(event["actor"]) if event["actor"] else ""
    if kind in _ANSWERS:
        text = f"{actor} {_ANSWERS[kind]}"
        if terms.get("extension"):
            text += " the extension"
        if kind == "conditional_acceptance":
            back = terms.get("hand_back", ())
            asked = conditions_in_words(terms["conditions"], back, labels)
            text += f" accept if {asked}"
        if reasons and event["reason"]:
            text += f": {_reason_in_words(event)}"
        return f"{text}."
    return f"{_happened(event, actor, labels)}."


def conditions_in_words(
    names: Iterable[str], hand_back: Iterable[str], labels: Labels
) -> str:
    """Return conditions as a clause; `hand_back` are the chips to be handed back."""
    back = handed_back(list(hand_back), labels)
    return joined([TERMS[name].asked.format(chips=back) for name in names])


def _happened(event: Event, actor: str, labels: Labels) -> str:
    kind, terms = event["type"], event["terms"]
    if kind in _OF_PARTIAL and _is_partial(event):
        return _OF_PARTIAL[kind]
    given = {**terms, "actor": actor}
    if "chip" in terms:
        name, was = terms["chip"], terms.get("was_km2", 0.0)
        if terms.get("how") == "hand_back":
            back = part_of_chip(was - terms["km2"], name, labels)
            left = f"{amount(terms['km2'])} are left"
            left = "all that it held" if terms["km2"] == 0 else left
            return f"Under its terms {actor} hands back {back}, {left}"
        given["chip"] = chip_in_words(name, labels)
        given["left"] = chip_size(was, name, labels)
    if kind in ("offer", "counter_offer"):
        given["offered"] = _offer_in_words(event, labels)
    if "held_km2" in terms:
        given["land"] = land_held(terms["held_km2"], terms.get("chips_km2", {}), labels)
    if kind == "battle":
        given["fought"] = _time_fought(terms["days"])
        given["moved"] = km2(terms["moved_km2"])
    if kind == "commitment":
        given["cost"] = km2(terms["audience_cost_km2"])
    other = f"{actor}: {kind.replace('_', ' ')}"
    return _HAPPENED[kind].format(**given) if kind in _HAPPENED else other


def _time_fought(days: int) -> str:
    weeks, rest = divmod(days, 7)
    time = counted(days, "day") if rest else counted(weeks, "week")
    return f"{time.replace('1 ', 'a ') if time[:2] == '1 ' else time} of fighting"


def tell(
    events: Sequence[Event],
    days: Sequence[Mapping[str, Any]],
    outcome: Mapping[str, Any],
    scenario: Scenario,
) -> list[str]:
    """Tell a run, a paragraph an entry.

    Events, days (the first is the eve) and outcome are those of `run --json`.
    """
    labels, eve = labels_of(scenario), days[0]
    held = land_held(eve["held_km2"], eve["chips_km2"], labels)
    story = [
        f"The stake is {km2(scenario.front.stake_km2)} of disputed land. At the start "
        f"{held}. Worth is told in km2 too: what is worth 26 km2 to a side is worth as "
        "much to it as 26 km2 of the stake, held for ever."
    ]
    known: set[tuple[str, str, str]] = set()
    offered: dict[tuple[str, str], Any] = {}
    front: list[Event] = []
    for day, group in groupby(events, key=lambda event: int(event["day"])):
        told = []
        for event in group:
            if event["type"] == "battle":  # told before what happens next
                front.append(event)
                continue
            if front:
                told.append(_front_in_words(front, days, labels, event))
                front = []
            key = (event["type"], str(event["offer"]))
            if event["type"] in _REPEATED:
                if offered.get(key) == _terms_said(event):
                    told.append(_again(event, labels))
                    continue
                offered[key] = _terms_said(event)
            # a reason is told in full the first time it occurs
            why = (str(event["actor"]), *key)
            told.append(sentence(event, labels, reasons=why not in known))
            known.add(why)
        if told:
            story.append(f"Day {day}, {long_date(event['date'])}. {' '.join(told)}")
    if front:
        when = f"Day {front[-1]['day']}, {long_date(front[-1]['date'])}"
        story.append(f"{when}. {_front_in_words(front, days, labels)}")
    return [*story, _end_in_words(events, days, outcome, labels), NOTE]


def _again(event: Event, labels: Labels) -> str:
    actor = labels.party_label(event["actor"])
    return _REPEATED[event["type"]].format(actor=actor, offer=_named(event))


def _terms_said(event: Event) -> Mapping[str, Any]:
    """Return the terms of an offer without a line that only follows the front."""
    terms = event["terms"]
    follows = _is_partial(event) or terms.get("line") == "in_place"
    return {**terms, "line_km2": None} if follows else terms


def _front_in_words(
    battles: Sequence[Event],
    days: Sequence[Mapping[str, Any]],
    labels: Labels,
    following: Event | None = None,
) -> str:
    """Return in a sentence what the front did, until something followed."""
    last, gained = battles[-1], dict[str, float]()
    for event in battles:
        gained.setdefault(event["actor"], 0.0)
        gained[event["actor"]] += event["terms"]["moved_km2"]
    first, *others = sorted(gained, key=lambda side: -gained[side])
    gains = f"{labels.party_label(first)} gained {km2(gained[first])}"
    for side in others:
        gains += f" and {labels.party_label(side)} {km2(gained[side])}"
    fought = _time_fought(sum(event["terms"]["days"] for event in battles))
    if following is not None and "held_km2" in following["terms"]:
        return f"In {fought} {gains}."
    chips = next(day["chips_km2"] for day in days if day["day"] == last["day"])
    land = land_held(last["terms"]["held_km2"], chips, labels)
    return f"After {fought}, in which {gains}, {land}."


def _end_in_words(
    events: Sequence[Mapping[str, Any]],
    days: Sequence[Mapping[str, Any]],
    outcome: Mapping[str, Any],
    labels: Labels,
) -> str:
    """Return how a run ends, and what it counted."""
    last, end = days[-1], ENDS[outcome["end"]]
    if outcome["end"] == "war" and _partial_in_force(events):
        end += ", under a partial truce"
    elif outcome["end"] == "defeat":
        end = f"{labels.party_label(outcome['defeated'])} is defeated"
    elif outcome["end"] != "war":
        end += (
            f", so the fighting has stopped, on day {outcome['fighting_stopped_day']}"
        )
    began = outcome["first_full_truce_day"]
    begun = "no full truce has begun"
    if began is not None:
        begun = f"a full truce first began on day {began}"
        pause = outcome["longest_pause_days"]
        if outcome["truces_broken"] + outcome["truces_expired"] and pause:
            begun += f"; the longest pause was {counted(round(pause), 'day')}"
    started, front = days[0], labels.party_label(labels.sides[0])
    land = [
        f"{front} holds {km2(outcome['held_km2'])} of the stake, "
        f"{km2(started['held_km2'])} at the start"
    ]
    for chip, size in outcome["chips_km2"].items():
        now = f"{chip_size(size, chip, labels)} are" if size else "nothing is"
        was = chip_size(started["chips_km2"][chip], chip, labels)
        land.append(f"of {chip_in_words(chip, labels)} {now} held, {was} at the start")
    truces = [
        f"{counted(outcome[key], noun)} {word}"
        for key, noun, word in (
            ("truces_broken", "truce", "broke down"),
            ("truces_expired", "truce", "ran out"),
            ("truces_extended", "extension", "of a truce"),
        )
        if outcome[key]
    ]
    refusals = [
        f"{labels.party_label(name)} refused {counted(count, 'time')}"
        for name, count in sorted(outcome["refusals"].items())
        if count
    ]
    facts = [begun, *land, *truces, *refusals]
    return (
        f"The end, day {last['day']}, {long_date(last['date'])}: {end}; "
        f"{'; '.join(facts)}."
    )


def _partial_in_force(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the last that was heard of a partial truce is that it goes on.

    A full truce, which stops all of the fighting, ends a partial one.
    """
    for event in reversed(events):
        if event["type"] in _OF_PARTIAL and _is_partial(event):
            return event["type"] in ("truce", "extension")
        if event["type"] == "truce":
            return False
    return False
