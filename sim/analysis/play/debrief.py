"""What came of a game: the outcome, what best response would have got, every decision.

Best response sits in the same seats under the same luck, so what differs is due to the
decisions. What was hidden while the game was played is told now.
"""

from typing import Any

from sim.analysis.decisions.paired_runs import difference_in_words, divergence
from sim.analysis.narrative.narrative import ENDS
from sim.analysis.narrative.sentences import PROPOSALS, offer_in_words, offers_in_words
from sim.analysis.narrative.words import (
    SHOWS,
    amount,
    chip_in_words,
    chip_size,
    in_text,
    joined,
    km2,
    more_or_less,
    sentence_case,
)
from sim.analysis.play.game import Game
from sim.analysis.play.moves import IF, OFFER, PASS, Decided
from sim.analysis.play.words import drift_in_words
from sim.analysis.play.worths import Costs
from sim.model.labels import Labels, labels_of
from sim.model.world import ANSWER
from sim.scenario.load import Loaded
from sim.scenario.negotiation import TERMS
from sim.scenario.parties import Belligerent

_HEAD = ("worth", "decided", "best response", "about")
NAMES = ("your game", "the game of best response")

Outcome = dict[str, Any]


def decisions(game: Game) -> list[dict[str, Any]]:
    """Return every decision of the people at the table, in order, as plain data.

    `gain_km2` is what the offer was worth to the party over fighting on, to a patron
    over no truce; null where nothing was offered. `best` is what best response would
    have done in its place on that day.
    """
    rows = [
        {
            "day": each.move.day,
            "party": party,
            "asked_for": "an answer" if each.kind == ANSWER else "an offer",
            "offer": each.offer,
            "is_extension": each.is_extension,
            "gain_km2": each.gain,
            "move": each.move.text,
            "best": each.best.text,
            "is_best": each.is_best,
        }
        for party in game.seats
        for each in game.decided[party]
    ]
    return sorted(rows, key=lambda row: (row["day"], row["party"]))


NOISE_NOTE = (
    "Worth is how much better the offer is than fighting on (for a patron, than no "
    "truce), in km2. Best response also takes into account the error that a party "
    "makes in judging an offer, so it may refuse a small gain."
)


def decisions_table(game: Game) -> list[tuple[str, ...]]:
    """Return the same in words, the heading first: a line a decision."""
    labels, several = game.labels, len(game.seats) > 1
    called = offers_in_words(game.loaded.scenario, labels)
    made = {
        (each.move.day, party): each
        for party in game.seats
        for each in game.decided[party]
    }
    rows: list[tuple[str, ...]] = [("day", *(("who",) if several else ()), *_HEAD)]
    for row in decisions(game):
        what = "a turn to make an offer"
        if row["is_extension"]:
            what = "extension of the truce"
        elif row["offer"] is not None:
            what = _put(game, made[row["day"], row["party"]], called[row["offer"]])
        verb, *names = row["best"].split()
        if verb == OFFER and not row["is_best"]:
            what = f"{what}; best response offers {called[names[0]]}"
        gain = row["gain_km2"]
        rows.append(
            (
                str(row["day"]),
                *((labels.party_label(row["party"]),) if several else ()),
                "" if gain is None else amount(gain, "+"),
                shortly(row["move"]),
                "the same" if row["is_best"] else shortly(row["best"]),
                what,
            )
        )
    return rows


def _put(game: Game, decided: Decided, called: str) -> str:
    """Return in words the offer that was answered, or made, as it stood on that day.

    `called` is what the scenario calls it. A counter-offer has conditions that are not
    in the scenario, and what was handed back before is no part of an offer any more.
    """
    answers = decided.kind == ANSWER
    near = (
        reversed(game.events[: decided.heard])
        if answers
        else game.events[decided.heard :]
    )
    put = next((each for each in near if each["type"] in PROPOSALS), None)
    said = called if put is None else offer_in_words(put["terms"], game.labels)
    return called if called.startswith(f"{said} (") else said


def shortly(move: str) -> str:
    """Return a move in a few words, for a table.

    >>> shortly("if hand_back aid_freeze"), shortly("offer freeze"), shortly("pass")
    ('yes, if land handed back and aid frozen', 'makes an offer', 'no offer')
    """
    verb, *names = move.split()
    if verb == IF:
        return f"yes, if {joined([TERMS[name].said for name in names])}"
    known = {"accept": "yes", "refuse": "no", PASS: "no offer", OFFER: "makes an offer"}
    return known[verb]


def score(game: Game) -> list[str]:
    """Return what the people at the table got, and best response in their place."""
    labels, told = game.labels, []
    for party in game.seats:
        if party not in labels.sides:
            continue
        ours = game.model.outcome["payoff"][party]
        best = game.best.outcome["payoff"][party]
        gap = ours - best
        than = "the same as" if abs(gap) < SHOWS else f"{more_or_less(gap)} than"
        who = sentence_case(in_text(labels.party_label(party)))
        told.append(
            f"{who} scores {km2(ours)}, {than} best response "
            f"would have scored under the same luck ({km2(best)})."
        )
    right = [row["is_best"] for row in decisions(game)]
    told.append(
        f"{sum(right)} of {len(right)} decisions were the same as those of best "
        "response."
        if right
        else "In this world nobody asked for a decision."
    )
    return told


def compared(game: Game) -> list[tuple[str, ...]]:
    """Return the two outcomes side by side, the heading first."""
    both = game.model.outcome, game.best.outcome
    labels = game.labels
    rows: list[tuple[str, ...]] = [("", *NAMES)]
    rows.append(("how it ends", *(_end(each, labels) for each in both)))
    for text, key in (
        ("first full truce, day", "first_full_truce_day"),
        ("truces that broke down", "truces_broken"),
    ):
        rows.append((text, *(_number(each[key]) for each in both)))
    front = in_text(labels.party_label(labels.sides[0]))
    rows.append((f"land of {front} at the end", *(km2(e["held_km2"]) for e in both)))
    for chip in labels.chips:
        sizes = (chip_size(each["chips_km2"][chip], chip, labels) for each in both)
        rows.append((f"held of {chip_in_words(chip, labels)}", *sizes))
    for side in sorted(labels.sides):
        scores = (km2(each["payoff"][side]) for each in both)
        rows.append((f"score of {in_text(labels.party_label(side))}", *scores))
    return rows


def _end(ended: Outcome, labels: Labels) -> str:
    if ended["end"] == "defeat":
        return f"{in_text(labels.party_label(ended['defeated']))} is defeated"
    return ENDS[ended["end"]]


def _number(value: Any) -> str:
    return "none" if value is None else str(value)


def parted(game: Game) -> list[str]:
    """Return where the game and that of best response part; they may never."""
    found = divergence(game.walk, game.best)
    if found.event_day is None:
        return ["The same things happen in both, on the same days."]
    return difference_in_words(found, NAMES)[:1]


def hidden(loaded: Loaded, costs: Costs) -> list[str]:
    """Return what nobody at the table could see while a world was played.

    `costs` are the costs of war that the sides have in it.
    """
    scenario = loaded.scenario
    labels = labels_of(scenario)
    drift = drift_in_words(scenario.front.drift_km2_per_week, labels)
    told = [
        f"In truth the line moved {drift} a week on average, at full aid and without "
        "the effect of anything held outside the land in dispute."
    ]
    for side in labels.sides:
        who = scenario.parties[side]
        assert isinstance(who, Belligerent)
        low, high = who.cost_of_war_km2.private
        known = f"; others knew {km2(low)} to {km2(high)}" if low < high else ""
        told.append(
            f"What a war without end would have cost {in_text(who.label)}: "
            f"{km2(costs[side])}{known}."
        )
    return told
