"""The story of one run in neutral sentences: who offered what, who answered how, why.

`sentence` puts one event of a run into words, `tell` the whole run: a paragraph for
each day of bargaining or change, one for what the front did between them, and an end.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sim.analysis.narrative.words import (
    counted,
    display_name,
    joined,
    long_date,
    percent,
)
from sim.scenario.negotiation import FLOW_TERMS, TERMS

Event = Mapping[str, Any]

REASON_WORDS = {
    "territory": "the line on which the fighting would stop",
    "chips": "land held outside the stake",
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
_LAND_GONE = (
    "{actor} no longer holds land in {chip}, after {was_km2:.0f} km2 the day before"
)
_HAPPENED = {
    "offer": "{actor} offers {offered}",
    "counter_offer": "{actor} makes its conditions an offer: {offered}",
    "aid": "Aid from {actor} goes from {was:g} to {level:g}",
    "battle": "{actor} wins a battle; the line is at {line}",
    "truce": "A truce begins, the line at {line}{held}",
    "breakdown": "The truce breaks down and the fighting goes on",
    "expiry": "The truce ends with its term and the fighting goes on",
    "extension": "The truce is extended by its own term",
    "settlement": "The truce becomes a settlement, the line at {line}{held}",
    "regime": "The fighting over {chip} turns from «{was}» to «{regime}»",
    "territory": _LAND_GONE,
    "capture": _LAND_GONE,
    "commitment": "{actor} commits itself in public: from now on a truce that breaks "
    "its claim costs it {audience_cost:g}",
    "defeat": "The line reaches the end of the stake: {actor} is defeated",
}
_OF_PARTIAL = {
    "truce": "A partial truce begins; the war goes on",
    "breakdown": "The partial truce breaks down",
    "expiry": "The partial truce ends with its term",
    "extension": "The partial truce is extended by its own term",
}
_SMALL = 5e-5  # parts below this do not show in four decimals


def _offer_in_words(event: Event) -> str:
    """Return the terms of an offer, with the conditions added to it."""
    terms = event["terms"]
    days = terms.get("duration_days")
    length = f"of {days} days" if days else "without end"
    if _is_partial(event):
        parts = [f"a partial truce {length}"]
        parts += [
            f"{display_name(name)} spared {percent(share)} of its cost of war"
            for name, share in sorted(terms["relief"].items())
            if share
        ]
    else:
        parts = [f"a truce {length}"]
        parts.append(f"the line at {percent(terms['line_share'])} of the stake")
    for chip, share in terms.get("hand_back", {}).items():
        if share:
            part = "" if share == 1 else f"{percent(share)} of "
            parts.append(f"{part}{display_name(chip)} handed back")
    for term_name, term in FLOW_TERMS.items():
        if share := terms.get(term_name):
            part = "" if share == 1 else f" ({percent(share)})"
            parts.append(f"{term.said}{part}")
    parts.append(f"monitoring {terms['monitoring']:g}")
    return f"«{str(event['offer']).replace('_', ' ')}» ({', '.join(parts)})"


def _is_partial(event: Event) -> bool:
    """Whether an event is about a truce of some kinds of attack only."""
    return bool(event["terms"].get("kind") == "partial")


def _reason_in_words(event: Event) -> str:
    """Return the two numbers a party compared and what counted most for each."""
    reason = event["reason"]
    accept, fight_on, noise = (reason[n] for n in ("accept", "fight_on", "noise"))
    aid = {
        answer: f" (aid then at {level:g})"
        for answer, level in (reason.get("aid_if") or {}).items()
    }
    text = f"to it the truce is worth {accept:.4f}{aid.get('accepted', '')}, "
    text += f"fighting on {fight_on:.4f}{aid.get('refused', '')}"
    wanted = reason["aspiration"]
    if wanted >= _SMALL:
        text += f", and it wants {wanted:.4f} more"
    yes = event["type"] == "acceptance"
    judged = accept + noise >= fight_on + wanted
    if judged == yes and judged != (accept >= fight_on + wanted):
        text += f" (the error of its judgement, {noise:+.4f}, decides)"
    parts = sorted(reason["parts"].items(), key=lambda part: -abs(part[1]))
    weights = [
        f"{REASON_WORDS[name]} ({value:+.4f})"
        for name, value in parts[:4]
        if abs(value) >= _SMALL
    ]
    return f"{text}; most weigh {joined(weights)}" if weights else text


def sentence(event: Event, *, reasons: bool = True) -> str:
    """Return one event in words, with the reason of a decision if asked for."""
    kind, terms = event["type"], event["terms"]
    actor = display_name(event["actor"]) if event["actor"] else ""
    if kind in _ANSWERS:
        text = f"{actor} {_ANSWERS[kind]}"
        if terms.get("extension"):
            text += " the extension"
        if kind == "conditional_acceptance":
            asked = conditions_in_words(terms["conditions"], terms.get("hand_back", ()))
            text += f" accept if {asked}"
        if reasons and event["reason"]:
            text += f": {_reason_in_words(event)}"
        return f"{text}."
    return f"{_happened(event, actor)}."


def conditions_in_words(names: Iterable[str], hand_back: Iterable[str]) -> str:
    """Return conditions as a clause; `hand_back` are the chips to be handed back."""
    chips = joined([display_name(chip) for chip in hand_back])
    held = chips or "land held outside the stake"
    return joined([TERMS[name].asked.format(chips=held) for name in names])


def _happened(event: Event, actor: str) -> str:
    kind, terms = event["type"], event["terms"]
    chip = display_name(terms.get("chip", ""))
    if terms.get("how") == "hand_back":
        was, now = terms["was_km2"], terms["km2"]
        left = "all that it held" if now == 0 else f"{now:.0f} are left"
        back = f"hands back {was - now:.0f} km2 of {chip}, {left}"
        return f"Under its terms {actor} {back}"
    if kind in _OF_PARTIAL and _is_partial(event):
        return _OF_PARTIAL[kind]
    given = {**terms, "actor": actor, "chip": chip}
    if kind in ("offer", "counter_offer"):
        given["offered"] = _offer_in_words(event)
    if "share" in terms:
        given["line"] = percent(terms["share"])
        given["held"] = _held(terms.get("chips_km2", {}))
    other = f"{actor}: {kind.replace('_', ' ')}"
    return _HAPPENED[kind].format(**given) if kind in _HAPPENED else other


def tell(
    events: Sequence[Event],
    days: Sequence[Mapping[str, Any]],
    outcome: Mapping[str, Any],
    *,
    front_side: str,
) -> list[str]:
    """Tell a run, a paragraph an entry.

    Events, days (the first is the eve) and outcome are those of `run --json`;
    `front_side` is the party whose share of the stake is counted.
    """
    story = [
        f"The line is given as the share of the stake that {display_name(front_side)} "
        "holds; worth is in shares of the stake."
    ]
    known: set[tuple[str, str, str]] = set()
    front: list[Event] = []
    for day, group in groupby(events, key=lambda event: int(event["day"])):
        todays = list(group)
        if all(event["type"] == "battle" for event in todays):
            front += todays
            continue
        story += _front_in_words(front, days)
        front = []
        told = []
        for event in todays:  # a reason is told in full the first time it occurs
            key = (str(event["actor"]), event["type"], str(event["offer"]))
            told.append(sentence(event, reasons=key not in known))
            known.add(key)
        story.append(f"Day {day}, {long_date(todays[0]['date'])}. {' '.join(told)}")
    story += _front_in_words(front, days)
    return [*story, _end_in_words(events, days, outcome), NOTE]


def _front_in_words(
    battles: Sequence[Event], days: Sequence[Mapping[str, Any]]
) -> list[str]:
    if not battles:
        return []
    first, last = int(battles[0]["day"]), int(battles[-1]["day"])
    when = f"On day {first}" if first == last else f"From day {first} to day {last}"
    winners = [display_name(str(event["actor"])) for event in battles]
    won = [f"{name} {winners.count(name)}" for name in sorted(set(winners))]
    held = next(day["chips_km2"] for day in days if int(day["day"]) == last)
    share = percent(battles[-1]["terms"]["share"])
    return [
        f"{when}: {counted(len(battles), 'battle')} ({joined(won)}); "
        f"the line is then at {share}{_held(held)}."
    ]


def _held(chips: Mapping[str, float]) -> str:
    """Return the land held outside the stake, as the end of a sentence."""
    held = [f"{km2:.0f} km2 of {display_name(chip)}" for chip, km2 in chips.items()]
    return f", {joined(held)} held" if held else ""


def _end_in_words(
    events: Sequence[Mapping[str, Any]],
    days: Sequence[Mapping[str, Any]],
    outcome: Mapping[str, Any],
) -> str:
    """Return how a run ends, and what it counted."""
    last, end = days[-1], ENDS[outcome["end"]]
    if outcome["end"] == "war" and _partial_in_force(events):
        end += ", under a partial truce"
    elif outcome["end"] == "defeat":
        end = f"{display_name(outcome['defeated'])} is defeated"
    refusals = [
        f"{display_name(name)} refused {counted(count, 'time')}"
        for name, count in sorted(outcome["refusals"].items())
    ]
    started = days[0]["chips_km2"]
    land = [
        f"of {display_name(chip)} {km2:.0f} km2 are held, "
        f"{started[chip]:.0f} at the start"
        for chip, km2 in outcome["chips_km2"].items()
    ]
    truces = [
        f"{counted(outcome[key], noun)} {word}"
        for key, noun, word in (
            ("truces_broken", "truce", "broke down"),
            ("truces_expired", "truce", "ran out"),
            ("truces_extended", "extension", "of a truce"),
        )
        if outcome[key]
    ]
    facts = [f"the line is at {percent(outcome['share'])}", *land, *truces, *refusals]
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
