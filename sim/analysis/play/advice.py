"""Advice to a person at the table: what best response would do, and why.

It rests on what the party knows: its own cost of war, what it believes of the front,
and what the others' costs may be.
"""

from dataclasses import dataclass, replace

from sim.analysis.decisions.payoffs import Account
from sim.analysis.decisions.weighing import account, asking_freely
from sim.analysis.decisions.words import part_in_words, short_chance
from sim.analysis.narrative.sentences import by_weight
from sim.analysis.narrative.words import SHOWS, amount, joined, km2, more_or_less
from sim.analysis.play.game import Turn
from sim.analysis.play.moves import IF, YES, Move, best_move
from sim.analysis.play.words import condition_in_words, move_in_words, offer_of_turn
from sim.model.labels import CONDITION_BITS
from sim.model.state import PATRON
from sim.model.world import CONDITIONS

_MOST_PARTS = 3
_SURE = 0.9995


@dataclass(frozen=True)
class Advice:
    """What best response would do, why in sentences, and in full as tables.

    `parts` are what weighs for and against, `options` what there is to choose from:
    name, gain, chance that all others agree, gain times chance; worth is in km2.
    """

    move: Move
    said: tuple[str, ...]
    parts: tuple[tuple[str, float], ...]
    options: tuple[tuple[str, float, float, float], ...] = ()


def advice(turn: Turn) -> Advice:
    """Return what best response would do in place of a person, and why."""
    return _to_answer(turn) if turn.answers else _to_offer(turn)


def _to_answer(turn: Turn) -> Advice:
    move = best_move(turn.scene.kind, turn.view)
    told = account(turn.scene)
    said = [
        f"Best response would {move_in_words(move, turn)}.",
        f"Accepting as it stands is worth {_more(told.difference)} fighting on."
        + _weighing(told),
    ]
    if told.noise and told.decided_by == "noise":
        said.append(
            f"That is so close that the error of judgement about this offer, "
            f"{km2(told.noise, '+')}, decides."
        )
    options = _conditions(turn) if turn.conditions else ()
    if move.verb == IF:
        best = next(each for each in options if set(each[0]) == set(move.names))
        said.append(
            f"With these conditions it would be worth {_more(best[1])} fighting on"
            + (
                f", and you judge it {km2(told.noise, '+')} off"
                if best[1] < 0.0
                else ""
            )
            + "; the chance that the other side then says yes is "
            f"{_chance(best[2])}, as you see it."
        )
    elif move.verb != YES and options:
        enough = [each for each in options if each[1] > 0.0]
        said.append(
            "None of the conditions that you may name would make it worth your while."
            if not enough
            else "Naming conditions would cost you nothing, and they would be worth "
            "something to you."
        )
    listed = tuple(
        (joined([condition_in_words(n, turn) for n in names]), gain, chance, both)
        for names, gain, chance, both in options
    )
    return Advice(move, tuple(said), _parts(told), listed)


def _conditions(
    turn: Turn,
) -> tuple[tuple[tuple[str, ...], float, float, float], ...]:
    """Return sets of conditions with what the offer would then be worth, and chances.

    A set that would not be enough is one to which its author would say no itself.
    """
    scene = turn.scene
    names = list(turn.conditions)
    event = {"type": "conditional_acceptance", "terms": {"conditions": names}}
    asked = replace(
        scene,
        kind=CONDITIONS,
        params=asking_freely(scene.params, scene.seat),
        event=event,
    )
    told = account(asked)
    return tuple(
        (tuple(each.name.split(" + ")), each.gain, each.chance, each.gain * each.chance)
        for each in told.options
        if all(name in CONDITION_BITS for name in each.name.split(" + "))
    )


def _to_offer(turn: Turn) -> Advice:
    move = best_move(turn.scene.kind, turn.view)
    told = account(turn.scene)
    of_patron = turn.scene.seat == PATRON
    options = tuple(
        (
            offer_of_turn(each.name, turn),
            each.gain,
            each.chance,
            each.worth,
        )
        for each in told.options
        if each.name in turn.offers
    )
    said = [f"Best response would {move_in_words(move, turn)}."]
    chosen = {each.name: each for each in told.options}.get(" ".join(move.names))
    if chosen is None:
        said.append(
            "No offer that you may make now is worth more to you than making none."
        )
    else:
        otherwise = "having no truce" if of_patron else "fighting on"
        said.append(
            f"If it is agreed it is worth {_more(chosen.gain)} {otherwise}; the chance "
            f"that {'both sides agree' if of_patron else 'the other side agrees'} is "
            f"{_chance(chosen.chance)}, as you see it: together "
            f"{km2(chosen.worth) if chosen.worth >= SHOWS else 'next to nothing'}."
        )
        if len(options) > 1:
            said.append(
                "None of the other offers is worth as much (gain times chance)."
            )
    return Advice(move, tuple(said), _parts(told, of_patron=of_patron), options)


def _more(gain: float) -> str:
    if abs(gain) < SHOWS:
        return "as much as"
    return f"{more_or_less(gain)} than"


def _chance(chance: float) -> str:
    if chance >= _SURE:
        return "nearly 1"
    return "nearly none" if chance < 1.0 - _SURE else short_chance(chance)


def _parts(told: Account, *, of_patron: bool = False) -> tuple[tuple[str, float], ...]:
    return tuple(
        (part_in_words(name, of_patron=of_patron), value)
        for name, value in by_weight(dict(told.parts))
    )


def _weighing(told: Account) -> str:
    most = [f"{what} ({amount(v, '+')})" for what, v in _parts(told)[:_MOST_PARTS]]
    return f" The largest parts are {joined(most)}." if most else ""
