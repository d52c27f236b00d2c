"""The story of one run in neutral sentences: who offered what, who answered how, why.

`sentence` puts one event of a run into words, `tell` the whole run: a paragraph for
each day of bargaining or change, one for what the front did between them, and an end.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sim.analysis.narrative.ending import end_in_words
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
NOTE = (
    "This is one world of a model, with its own luck: a model's answer, not a forecast."
)

_FRONT = frozenset({"battle"})
_SMALL = 5e-5  # parts below this do not show in four decimals


def offer_in_words(event: Event) -> str:
    """Return the terms of an offer, with the conditions added to it."""
    terms = event["terms"]
    days = terms.get("duration_days")
    name = str(event["offer"]).replace("_", " ")
    what = "a partial truce" if is_partial(event) else "a truce"
    parts = [f"{what} of {days} days" if days else f"{what} without end"]
    if is_partial(event):
        spared = sorted(terms["relief"].items())
        parts += [
            f"{display_name(name)} spared {percent(share)} of its cost of war"
            for name, share in spared
            if share
        ]
    else:
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
    return f"«{name}» ({', '.join(parts)})"


def is_partial(event: Event) -> bool:
    """Whether an event is about a truce of some kinds of attack only."""
    return bool(event["terms"].get("kind") == "partial")


def reason_in_words(event: Event) -> str:
    """Return the two numbers a party compared and what counted most for each."""
    reason = event["reason"]
    accept, fight_on = reason["accept"], reason["fight_on"]
    parts = sorted(reason["parts"].items(), key=lambda part: -abs(part[1]))
    large = [(name, value) for name, value in parts[:4] if abs(value) >= _SMALL]
    then = dict.fromkeys(("accepted", "refused"), "")
    for answer, level in (reason.get("aid_if") or {}).items():
        then[answer] = f" (aid then at {level:g})"
    text = f"to it the truce is worth {accept:.4f}{then['accepted']}, "
    text += f"fighting on {fight_on:.4f}{then['refused']}"
    wanted = reason["aspiration"]
    if wanted >= _SMALL:
        text += f", and it wants {wanted:.4f} more"
    least = fight_on + wanted
    swayed = (accept >= least) != (accept + reason["noise"] >= least)
    if swayed and (accept + reason["noise"] >= least) == _says_yes(event):
        text += f" (the error of its judgement, {reason['noise']:+.4f}, decides)"
    weights = [_weight(name, value) for name, value in large]
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
            text += f": {reason_in_words(event)}"
        return f"{text}."
    return f"{_happened(event, kind, terms, actor)}."


def conditions_in_words(names: Iterable[str], hand_back: Iterable[str]) -> str:
    """Return conditions as a clause; `hand_back` are the chips to be handed back."""
    chips = joined([display_name(chip) for chip in hand_back])
    held = chips or "land held outside the stake"
    return joined([TERMS[name].asked.format(chips=held) for name in names])


_ANSWERS = {
    "acceptance": "accepts",
    "rejection": "refuses",
    "conditional_acceptance": "refuses, but would",
}


_OF_PARTIAL = {
    "truce": "A partial truce begins; the war goes on",
    "breakdown": "The partial truce breaks down",
    "expiry": "The partial truce ends with its term",
    "extension": "The partial truce is extended by its own term",
}


def _happened(event: Event, kind: str, terms: Mapping[str, Any], actor: str) -> str:
    chip = display_name(terms["chip"]) if "chip" in terms else ""
    if kind == "offer":
        return f"{actor} offers {offer_in_words(event)}"
    if kind == "counter_offer":
        return f"{actor} makes its conditions an offer: {offer_in_words(event)}"
    if kind == "aid":
        return f"Aid from {actor} goes from {terms['was']:g} to {terms['level']:g}"
    if kind == "battle":
        return f"{actor} wins a battle; the line is at {percent(terms['share'])}"
    if kind in _OF_PARTIAL and is_partial(event):
        return _OF_PARTIAL[kind]
    if kind == "truce":
        held = _held(terms["chips_km2"])
        return f"A truce begins, the line at {percent(terms['share'])}{held}"
    if kind == "breakdown":
        return "The truce breaks down and the fighting goes on"
    if kind == "expiry":
        return "The truce ends with its term and the fighting goes on"
    if kind == "extension":
        return "The truce is extended by its own term"
    if kind == "settlement":
        return (
            "The truce becomes a settlement, the line at "
            f"{percent(terms['share'])}{_held(terms['chips_km2'])}"
        )
    if kind == "regime":
        was, now = terms["was"], terms["regime"]
        return f"The fighting over {chip} turns from «{was}» to «{now}»"
    if kind in ("territory", "capture"):
        return _land(terms, chip, actor)
    if kind == "commitment":
        cost = terms["audience_cost"]
        return (
            f"{actor} commits itself in public: from now on a truce that breaks its "
            f"claim costs it {cost:g}"
        )
    if kind == "defeat":
        return f"The line reaches the end of the stake: {actor} is defeated"
    return f"{actor}: {kind.replace('_', ' ')}"


def _land(terms: Mapping[str, Any], chip: str, actor: str) -> str:
    was, now = terms["was_km2"], terms["km2"]
    if terms["how"] == "hand_back":
        left = "all that it held" if now == 0 else f"{now:.0f} are left"
        return (
            f"Under its terms {actor} hands back {was - now:.0f} km2 of {chip}, {left}"
        )
    return f"{actor} no longer holds land in {chip}, after {was:.0f} km2 the day before"


def tell(
    events: Sequence[Event],
    days: Sequence[Mapping[str, Any]],
    outcome: Mapping[str, Any],
    *,
    front_side: str,
) -> list[str]:
    """Tell a run, a paragraph an entry.

    Parameters
    ----------
    events, days, outcome
        As in `run --json`; the first of the days is the eve.
    front_side
        Id of the party whose share of the stake is counted.
    """
    story = [
        f"The line is given as the share of the stake that {display_name(front_side)} "
        "holds; worth is in shares of the stake."
    ]
    known: set[tuple[str, str, str]] = set()
    front: list[Event] = []
    for day, group in groupby(events, key=lambda event: int(event["day"])):
        todays = list(group)
        if all(event["type"] in _FRONT for event in todays):
            front += todays
            continue
        story += _front_in_words(front, days)
        front = []
        text = " ".join(_day_in_words(todays, known))
        story.append(f"Day {day}, {long_date(todays[0]['date'])}. {text}")
    story += _front_in_words(front, days)
    story.append(end_in_words(events, days, outcome))
    story.append(NOTE)
    return story


def _day_in_words(
    events: Sequence[Event], known: set[tuple[str, str, str]]
) -> Iterator[str]:
    """Sentences of a day; a reason is told in full the first time it occurs."""
    for event in events:
        key = (str(event["actor"]), event["type"], str(event["offer"]))
        yield sentence(event, reasons=key not in known)
        known.add(key)


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


def _says_yes(event: Event) -> bool:
    return bool(event["type"] == "acceptance")


def _weight(name: str, value: float) -> str:
    return f"{REASON_WORDS[name]} ({value:+.4f})"


def _held(chips: Mapping[str, float]) -> str:
    """Return the land held outside the stake, as the end of a sentence."""
    held = [f"{km2:.0f} km2 of {display_name(chip)}" for chip, km2 in chips.items()]
    return f", {joined(held)} held" if held else ""
