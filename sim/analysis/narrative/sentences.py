"""One event of a run as a neutral sentence: who offered what, who answered how, why."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sim.analysis.narrative.words import (
    SHOWS,
    amount,
    chip_in_words,
    chip_size,
    handed_back,
    in_text,
    joined,
    km2,
    land_held,
    more_or_less,
    part_of_chip,
    percent,
    sentence_case,
)
from sim.model.labels import Labels
from sim.scenario.negotiation import FLOW_TERMS, TERMS, LineHeld, Offer
from sim.scenario.schema import Scenario

Event = Mapping[str, Any]

PROPOSALS = ("offer", "counter_offer")
ANSWERS = ("acceptance", "conditional_acceptance", "rejection")

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

_ANSWERS = {
    "acceptance": "accepts",
    "rejection": "refuses",
    "conditional_acceptance": "refuses, but would accept if {conditions}",
}
_HAPPENED = {
    "offer": "{actor} offers {offered}",
    "counter_offer": "{actor} makes a counter-offer: {offered}",
    "aid": "Aid from {actor} goes from {was:g} to {level:g}",
    "battle": "{fought} {actor} gains {moved}; {land}",
    "truce": "A truce begins; {land}",
    "breakdown": "The truce breaks down and the fighting goes on",
    "expiry": "The truce ends with its term and the fighting goes on",
    "extension": "Both sides extend the truce by its own term",
    "settlement": "The truce becomes a settlement, which draws its own line; {land}",
    "regime": "The course of {chip} turns from «{was}» to «{regime}»",
    "territory": "{actor} no longer holds any of {chip}, after {left} the day before",
    "capture": "What is left of {chip}, {left} the day before, is taken from {actor}",
    "commitment": "{actor} commits itself in public: from now on a truce that breaks "
    "its claim costs it {cost}",
    "defeat": "The line reaches the end of the disputed land: {actor} is defeated",
}
_OF_PARTIAL = {
    "truce": "A partial truce begins; the war goes on",
    "breakdown": "The partial truce breaks down",
    "expiry": "The partial truce ends with its term",
    "extension": "Both sides extend the partial truce by its own term",
}
_SAME = 1e-6  # km2, a square metre
_MOST_PARTS = 3


def offer_in_words(
    terms: Mapping[str, Any], labels: Labels, *, numbers: bool = False
) -> str:
    """Return an offer by what it says: "a 30-day truce, Kursk handed back".

    A full truce without a word of the line stops the fighting where it stands. With
    `numbers` also what a partial truce spares each side, and the monitoring.
    """
    days, partial = terms.get("duration_days"), terms.get("kind") == "partial"
    kind = "partial truce" if partial else "truce"
    parts = [f"a {days}-day {kind}" if days else f"an open-ended {kind}"]
    if partial and numbers:
        parts += [
            f"{labels.party_label(name)} spared {percent(share)} of its cost of war"
            for name, share in sorted(terms["relief"].items())
            if share
        ]
    if not partial and terms.get("line") != "in_place":
        line, front = terms.get("line_km2"), labels.party_label(labels.sides[0])
        parts.append(
            "a line to be agreed"
            if line is None
            else f"a line that leaves {front} {km2(line)}"
        )
    for chip, share in terms.get("hand_back", {}).items():
        if share:
            part = "" if share == 1 else f"{percent(share)} of "
            parts.append(f"{part}{chip_in_words(chip, labels)} handed back")
    for name, term in FLOW_TERMS.items():
        if share := terms.get(name):
            part = "" if share == 1 else f" ({percent(share)})"
            parts.append(f"{term.said}{part}")
    if "monitoring" in terms.get("conditions", ()):
        parts.append(TERMS["monitoring"].said)
    if numbers:
        parts.append(f"monitoring {terms['monitoring']:g}")
    return ", ".join(parts)


def terms_of(offer: Offer) -> dict[str, Any]:
    """Return the terms of an offer of the scenario, as an event would have them."""
    terms: dict[str, Any] = offer.model_dump(mode="json", exclude={"offered_by"})
    if isinstance(offer.line, LineHeld):
        terms["line_km2"] = terms["line"]["held_km2"]
    return terms


def offers_in_words(scenario: Scenario, labels: Labels) -> dict[str, str]:
    """Return every offer of a scenario by its id, in words.

    Those that would read alike have their id beside the words.
    """
    offers = scenario.negotiation.offers.items()
    found = {name: offer_in_words(terms_of(offer), labels) for name, offer in offers}
    said = Counter(found.values())
    return {
        name: text if said[text] == 1 else f"{text} ({name.replace('_', ' ')})"
        for name, text in found.items()
    }


def is_partial(event: Event) -> bool:
    """Whether an event is about a truce of some kinds of attack only."""
    return bool(event["terms"].get("kind") == "partial")


def worth_beside_war(event: Event, labels: Labels) -> str:
    """Return in a sentence how much an answer's "yes" is worth beside fighting on."""
    reason = event["reason"]
    gain = reason["accept"] - reason["fight_on"]
    aid = {
        answer: f", with aid at {level:g},"
        for answer, level in (reason.get("aid_if") or {}).items()
    }
    extension = event["terms"].get("extension")
    text = f"To {in_text(labels.party_label(event['actor']))}, "
    text += f"{'extending' if extension else 'accepting'}{aid.get('accepted', '')} is "
    text += "worth "
    text += "the same as" if abs(gain) <= _SAME else f"{more_or_less(gain)} than"
    return f"{text} fighting on{aid.get('refused', '').rstrip(',')}"


def reasons_in_words(event: Event, labels: Labels) -> str:
    """Return what an offer is worth beside fighting on, and what weighs most."""
    reason = event["reason"]
    accept, fight_on, noise = (reason[n] for n in ("accept", "fight_on", "noise"))
    text = worth_beside_war(event, labels)
    wanted = reason["aspiration"]
    if wanted >= SHOWS:
        text += f", and it wants {km2(wanted)} beyond that"
    yes = event["type"] == "acceptance"
    judged = accept + noise >= fight_on + wanted
    if judged == yes and judged != (accept >= fight_on + wanted):
        text += f"; an error in its judgement ({km2(noise, '+')}) decides"
    weights = [
        f"{REASON_WORDS[name]} ({km2(value, '+')})"
        for name, value in by_weight(reason["parts"])[:_MOST_PARTS]
    ]
    if not weights:
        return text
    first, *others = weights
    after = f", then {joined(others)}" if others else ""
    return f"{text}. What counts most is {first}{after}"


def by_weight(parts: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return parts of a payoff that show, the largest first, whatever its sign."""
    shown = [part for part in parts.items() if abs(part[1]) >= SHOWS]
    return sorted(shown, key=lambda part: -abs(part[1]))


def sentence(
    event: Event, labels: Labels, *, reasons: bool = True, numbers: bool = True
) -> str:
    """Return one event in words; `reasons` adds what settled a decision."""
    actor = in_text(labels.party_label(event["actor"])) if event["actor"] else ""
    if event["type"] not in _ANSWERS:
        return f"{sentence_case(_happened(event, actor, labels, numbers))}."
    text = f"{sentence_case(actor)} {answer_in_words(event, labels)}."
    if reasons and event["reason"]:
        text += f" {reasons_in_words(event, labels)}."
    return text


def answer_in_words(event: Event, labels: Labels) -> str:
    """Return what a party answers, as the end of "Ukraine ..."."""
    terms = event["terms"]
    asked = conditions_in_words(
        terms.get("conditions", ()), terms.get("hand_back", ()), labels
    )
    text = _ANSWERS[event["type"]].format(conditions=asked)
    return f"{text} the extension" if terms.get("extension") else text


def conditions_in_words(
    names: Iterable[str], hand_back: Iterable[str], labels: Labels
) -> str:
    """Return conditions as a clause; `hand_back` are the chips to be handed back."""
    back = handed_back(list(hand_back), labels)
    return joined([TERMS[name].asked.format(chips=back) for name in names])


def _happened(event: Event, actor: str, labels: Labels, numbers: bool) -> str:
    kind, terms = event["type"], event["terms"]
    if kind in _OF_PARTIAL and is_partial(event):
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
        given["offered"] = offer_in_words(terms, labels, numbers=numbers)
    if "held_km2" in terms:
        given["land"] = land_held(terms["held_km2"], terms.get("chips_km2", {}), labels)
    if kind == "battle":
        days = terms["days"]
        given["fought"] = f"On day {event['day']}"
        if days > 1:
            given["fought"] = f"In the {days} days up to day {event['day']}"
        given["moved"] = km2(terms["moved_km2"])
    if kind == "commitment":
        given["cost"] = km2(terms["audience_cost_km2"])
    other = f"{actor}: {kind.replace('_', ' ')}"
    return _HAPPENED[kind].format(**given) if kind in _HAPPENED else other
