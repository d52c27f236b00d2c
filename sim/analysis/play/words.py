"""What people at the table are told: the news, how things stand, what is offered.

Nothing here is private to anybody but the party that it is said to: the reasons of
others, their costs of war and the true drift of the line stay unsaid.
"""

from collections.abc import Iterable, Iterator

from sim.analysis.narrative.sentences import (
    conditions_in_words,
    offer_in_words,
    sentence,
    terms_of,
)
from sim.analysis.narrative.words import (
    SHOWS,
    chip_in_words,
    in_text,
    joined,
    km2,
    land_held,
    long_date,
    sentence_case,
)
from sim.analysis.play.game import Game, Turn
from sim.analysis.play.moves import IF, NO, OFFER, PASS, YES, Move
from sim.model.events import Event, areas_km2
from sim.model.labels import Labels
from sim.model.policies import PartyView
from sim.model.state import OPTIMAL, SETTLED, TRUCE

# ---- what an offer says --------------------------------------------------------------


def offer_of_turn(name: str, turn: Turn) -> str:
    """Return in words, with its numbers, an offer that a party may make today.

    As it stands that day, with what is still held and the line that it would draw.
    """
    view, labels = turn.view, turn.view.labels
    terms = terms_of(turn.scene.loaded.scenario.negotiation.offers[name])
    index, held = labels.offers.index(name), areas_km2(labels, view.world[0])
    back = terms["hand_back"].items()
    terms["hand_back"] = {chip: part for chip, part in back if held[chip]}
    if view.params["line_kind"][0, index] == OPTIMAL:
        terms["line_km2"] = float(view.table["menu_line"][0, index])
    return offer_in_words(terms, labels, numbers=True)


def condition_in_words(name: str, turn: Turn) -> str:
    """Return a condition as a clause: "Kursk is handed back"."""
    labels, other = turn.view.labels, 1 - turn.scene.seat
    sizes = areas_km2(labels, turn.view.world[0])
    holders = zip(labels.chips, labels.holders, strict=True)
    theirs = [
        chip
        for chip, holder in holders
        if holder == labels.parties[other] and sizes[chip] > 0.0
    ]
    return conditions_in_words([name], theirs, labels)


def move_in_words(move: Move, turn: Turn) -> str:
    """Return a move as what a party does: "accept only if Kursk is handed back"."""
    if move.verb in (YES, NO):
        return move.verb
    if move.verb == IF:
        asked = [condition_in_words(name, turn) for name in move.names]
        return f"accept only if {joined(asked)}"
    if move.verb == PASS:
        return "make no offer"
    assert move.verb == OFFER
    return f"offer {offer_of_turn(move.names[0], turn)}"


# ---- what a party is asked -----------------------------------------------------------


def question(turn: Turn) -> str:
    """Return in a sentence what a party has to decide."""
    labels, scene = turn.view.labels, turn.scene
    if not turn.answers:
        who = in_text(turn.called)
        return f"It is the turn of {who} to make an offer, or to let the round pass."
    if turn.view.is_extension:
        offer = turn.view.offer
        assert offer is not None
        partial = scene.loaded.scenario.negotiation.offers[offer].kind == "partial"
        kind = "partial truce" if partial else "truce"
        return (
            f"The {kind} runs out today. Should it be extended for the same time again?"
        )
    put = scene.proposal
    assert put is not None
    return sentence(put, labels)


def choices(turn: Turn, *, names: bool = False) -> Iterator[tuple[str, str]]:
    """Yield what can be typed, and what it means; on request with names for numbers."""
    if turn.answers:
        yield YES, "yes"
        yield NO, "no"
        for number, name in enumerate(turn.conditions, 1):
            what = f"yes, but only if {condition_in_words(name, turn)}"
            yield f"{IF} {number}", f"{what} (or: {IF} {name})" if names else what
        if len(turn.conditions) > 1:
            yield f"{IF} 1 2", "yes, but only if both"
        return
    for number, name in enumerate(turn.offers, 1):
        what = offer_of_turn(name, turn)
        yield str(number), f"{what} (or: {OFFER} {name})" if names else what
    yield PASS, "no offer in this round"


# ---- the news ------------------------------------------------------------------------


def news(events: Iterable[Event], labels: Labels) -> list[tuple[int, str]]:
    """Return what happened as days and sentences; fighting is summed up between them.

    Reasons are left out: they are known to those who have them.
    """
    told: list[tuple[int, str]] = []
    fought: list[Event] = []
    for event in events:
        if event["type"] == "battle":
            fought.append(event)
            continue
        if fought:
            told.append(_fighting(fought, labels))
            fought = []
        text = sentence(event, labels, reasons=False, numbers=False)
        told.append((int(event["day"]), text))
    if fought:
        told.append(_fighting(fought, labels))
    return told


def _fighting(battles: list[Event], labels: Labels) -> tuple[int, str]:
    """Return what some weeks of fighting came to, as if they were one battle."""
    last = battles[-1]
    way = {labels.sides[0]: 1.0, labels.sides[1]: -1.0}
    net = sum(way[each["actor"]] * each["terms"]["moved_km2"] for each in battles)
    days = sum(each["terms"]["days"] for each in battles)
    winner = labels.sides[0 if net > 0.0 else 1]
    terms = {**last["terms"], "moved_km2": abs(net), "days": days}
    event = {**last, "actor": winner, "terms": terms}
    return int(last["day"]), sentence(event, labels, reasons=False)


def since(told: list[tuple[int, str]], most: int) -> list[str]:
    """Return news day by day, in so many lines at most; the latest are kept."""
    by_day: dict[int, list[str]] = {}
    for day, text in told:
        by_day.setdefault(day, []).append(text)
    lines = [f"Day {day}: {' '.join(texts)}" for day, texts in by_day.items()]
    left = len(lines) - most
    if left > 0:
        return [f"(there was news on {left} earlier days; type history)", *lines[left:]]
    return lines


# ---- how things stand ----------------------------------------------------------------


def heading(turn: Turn) -> str:
    """Return which day it is."""
    return f"Day {turn.day}, {long_date(turn.scene.date)}"


def land(view: PartyView) -> str:
    """Return who holds what, in a sentence."""
    held = float(view.world["line"][0])
    return f"{sentence_case(land_held(held, view.chips_km2, view.labels))}."


def standing(game: Game, view: PartyView) -> list[str]:
    """Return how things stand today, as everybody knows."""
    labels, world = view.labels, view.world[0]
    told = [land(view)]
    phase = int(world["phase"])
    if phase == SETTLED:
        told.append("There is a settlement.")
    elif phase == TRUCE:
        told.append("A truce holds.")
    elif view.is_extension:
        told.append("A truce that has held runs out today.")
    elif world["partial_offer"] >= 0:
        told.append("A partial truce holds; the war goes on.")
    else:
        told.append("The fighting goes on.")
    if len(labels.parties) > len(labels.sides):
        patron = sentence_case(in_text(labels.party_labels[2]))
        helped = in_text(labels.party_labels[_helped(view)])
        told.append(f"{patron} gives {helped} {aid_in_words(float(world['aid']))}.")
    for place, chip in enumerate(labels.chips):
        if len(labels.regimes[place]) > 1 and world["chip"][place] > 0.0:
            regime = labels.regimes[place][int(world["regime"][place])]
            told.append(f"The course of {chip_in_words(chip, labels)}: «{regime}».")
    left = game.loaded.scenario.horizon_days - view.day
    told.append(f"{left} days remain.")
    return told


def aid_in_words(level: float) -> str:
    """Return a level of aid.

    >>> aid_in_words(1.0), aid_in_words(0.0), aid_in_words(0.5)
    ('aid at the norm', 'no aid', 'aid at 0.5 times the norm')
    """
    if level == 0.0:
        return "no aid"
    return "aid at the norm" if level == 1.0 else f"aid at {level:g} times the norm"


def _helped(view: PartyView) -> int:
    return int(view.params["supports"][0])


def own_standing(view: PartyView) -> list[str]:
    """Return what only a side itself knows today: its cost, its belief, its least."""
    labels, seat = view.labels, view.seat
    if seat >= len(labels.sides):
        return []
    cost, belief = float(view.world["cost"][0, seat]), view.world["belief"][0, seat]
    low, high = (float(view.world[f"cost_{end}"][0, seat]) for end in ("low", "high"))
    told = [
        f"Only you know: fighting costs you {km2(cost)}"
        + (
            f"; others think between {km2(low)} and {km2(high)}." if low < high else "."
        ),
        f"You now expect the line to move {drift_in_words(float(belief), labels)} a "
        "week, at full aid and without the effect of anything held outside the land "
        "in dispute.",
    ]
    other = 1 - seat
    low, high = (float(view.world[f"cost_{end}"][0, other]) for end in ("low", "high"))
    if low < high:
        who = in_text(labels.party_labels[other])
        told.append(
            f"You cannot see what fighting costs {who}; after all its answers so far, "
            f"it must be between {km2(low)} and {km2(high)}."
        )
    return told


def drift_in_words(drift: float, labels: Labels) -> str:
    """Return a drift, which is towards side 0, as land that somebody gains."""
    if abs(drift) < SHOWS:
        return "nowhere"
    winner = labels.party_labels[0 if drift > 0.0 else 1]
    return f"{km2(abs(drift))} towards {in_text(winner)}"
