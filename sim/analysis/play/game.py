"""A world that people play: it runs until one of them has to decide.

A game is a value: scenario, seed, replicate, who is played, and the moves so far. It is
run from its first day after every move, which takes some hundredths of a second, so
that no half-finished day has to be kept and a game that was saved is the same game.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.analysis.play.moves import (
    IF,
    NO,
    OFFER,
    PASS,
    YES,
    Decided,
    Move,
    Recorded,
    Waiting,
    move_of,
    only_text,
    open_conditions,
)
from sim.errors import UsageError, printable
from sim.model.events import Event, costs_of_war, snapshot
from sim.model.labels import Labels
from sim.model.mesa_model import CeasefireModel
from sim.model.policies import BestResponse, PartyView
from sim.model.stages.terms import same_terms
from sim.model.state import SIDES, SILENT
from sim.model.world import ANSWER, Scene, Walk, walk
from sim.scenario.load import Loaded
from sim.scenario.references import did_you_mean


@dataclass(frozen=True, eq=False)
class Turn:
    """What a person has to decide: an answer to an offer, or an offer to make.

    `scene` is the decision as the model takes it apart, `view` what the party sees.
    """

    scene: Scene
    view: PartyView

    @property
    def party(self) -> str:
        """Id of the party that decides."""
        return self.scene.actor

    @property
    def called(self) -> str:
        """What it is called."""
        return self.scene.called

    @property
    def day(self) -> int:
        """Today, counted from 0."""
        return self.scene.day

    @property
    def answers(self) -> bool:
        """Whether an offer is to be answered; else one may be made."""
        return self.scene.kind == ANSWER

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """Conditions that may be named, and ask for something."""
        return open_conditions(self.view) if self.answers else ()

    @cached_property
    def offers(self) -> tuple[str, ...]:
        """Offers that may be made, each under one name if two say the same today."""
        names = () if self.answers else self.view.offers
        menu, params, world = self.view.labels.offers, self.view.params, self.view.world
        kept: list[str] = []
        for name in names:
            alike = (
                same_terms(params[0], world[0], menu.index(name), menu.index(other))
                for other in kept
            )
            if not any(alike):
                kept.append(name)
        return tuple(kept)

    def move(self, text: str) -> Move:
        """Return the move that a person has typed; numbers stand for what is listed.

        UsageError if it is none, or none that can be made now.
        """
        verb, *names = text.replace(",", " ").split() or [""]
        verb = verb.lower()
        listed = self.conditions if self.answers else self.offers
        known = {name.lower(): name for name in listed}
        verb = _SHORT.get(verb, verb)
        if not self.answers and not names and (verb.isdigit() or verb in known):
            verb, names = OFFER, [verb]
        if verb not in self._verbs:
            raise UsageError(
                f"'{printable(text, 40)}' is not a move that can be made here"
                f"{did_you_mean(verb, [*self._verbs, *self.offers])} "
                f"({self._can_be_typed})"
            )
        named = [
            listed[int(name) - 1]
            if name.isascii() and name.isdigit() and 0 < int(name) <= len(listed)
            else known.get(name.lower(), name)
            for name in names
        ]
        for name in named if verb in (IF, OFFER) else ():
            if name not in listed:
                kind = "a condition" if self.answers else "an offer"
                raise UsageError(
                    f"'{printable(name, 40)}' is not {kind} that can be named now"
                    f"{did_you_mean(name, listed)} ({', '.join(_numbered(listed))})"
                )
        return move_of(" ".join([verb, *named]), self.day, self.party)

    @property
    def _verbs(self) -> tuple[str, ...]:
        """What a move may begin with today."""
        if self.answers:
            return (YES, NO, IF) if self.conditions else (YES, NO)
        return (OFFER, PASS) if self.offers else (PASS,)

    @property
    def _can_be_typed(self) -> str:
        """Return in a few words what can be typed today."""
        if not self.answers:
            return ", ".join([*_numbered(self.offers), PASS])
        asked = [f"{IF} {number}" for number in range(1, len(self.conditions) + 1)]
        return ", ".join([YES, NO, *asked])


def _numbered(names: Iterable[str]) -> Iterator[str]:
    """Yield names as they are numbered on the screen: "1 freeze"."""
    return (f"{number} {name}" for number, name in enumerate(names, 1))


_SHORT = {"yes": "accept", "y": "accept", "no": "refuse", "n": "refuse", "none": PASS}


@dataclass(frozen=True, eq=False)
class Game:
    """A world played up to where somebody has to decide, or to its end.

    `turn` is what waits, None once the world has ended; `model` is the world as it
    stands, `decided` by party what was played.
    """

    loaded: Loaded
    seed: int
    replicate: int
    seats: tuple[str, ...]
    moves: tuple[Move, ...]
    model: CeasefireModel
    turn: Turn | None
    decided: Mapping[str, list[Decided]]

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to decide."""
        return self.turn is None

    @property
    def labels(self) -> Labels:
        """What parties and chips are called."""
        return self.model.labels

    @property
    def events(self) -> list[Event]:
        """What has happened so far, today's offer included."""
        return self.model.events

    def after(self, move: Move) -> "Game":
        """Return the game after one more move; UsageError if it is not allowed."""
        turn = self.turn
        if turn is None:
            raise UsageError("the game is over, and nothing is left to decide")
        if (move.day, move.party) != (turn.day, turn.party):
            raise UsageError(f"it is for {turn.party} to decide, on day {turn.day}")
        return _played(
            self.loaded, self.seed, self.replicate, self.seats, (*self.moves, move)
        )

    def typed(self, text: str) -> "Game":
        """Return the game after what a person has typed; UsageError as `after`."""
        if self.turn is None:
            raise UsageError("the game is over, and nothing is left to decide")
        return self.after(self.turn.move(only_text(text)))

    def view(self, party: str) -> PartyView:
        """Return what a party sees of the world as it stands."""
        model = self.model
        seat = self.labels.parties.index(party)
        return PartyView(seat, model.params, model.world, model.table, self.labels)

    @property
    def costs(self) -> dict[str, float]:
        """The costs of war that the sides have in this world."""
        return costs_of_war(self.labels, self.model.world[0])

    def news(self, party: str) -> list[Event]:
        """Return what has happened since a party decided last, its own moves left out.

        Also left out is the offer that it is asked about.
        """
        own = self.decided[party]
        since = self.events[own[-1].heard :] if own else list(self.events)
        if self.turn is not None and self.turn.party == party:
            asked = self.turn.scene.proposal
            since = [event for event in since if event is not asked]
        if own:
            last = own[-1]
            since = [e for e in since if not _is_move(e, last)]
        return since

    @cached_property
    def walk(self) -> Walk:
        """The world of a game that is over walked again, with its decisions."""
        return walk(self.loaded, self.seed, self.replicate, recorded(self.moves))

    @cached_property
    def best(self) -> Walk:
        """The same luck, with best response in the seats that people have."""
        best = {party: BestResponse() for party in self.seats}
        return walk(self.loaded, self.seed, self.replicate, best)


def _is_move(event: Event, last: Decided) -> bool:
    """Whether an event is what a party has decided last."""
    ours = event["actor"] == last.move.party and event["day"] == last.move.day
    return bool(ours and event["reason"] is not None) or bool(
        ours and event["type"] == "offer" and last.kind != ANSWER
    )


def recorded(moves: Iterable[Move], seats: Collection[str] = ()) -> dict[str, Recorded]:
    """Return by party the policies that play moves again; `seats` may have none yet."""
    every = list(moves)
    parties = dict.fromkeys([*seats, *(move.party for move in every)])
    return {
        party: Recorded(move for move in every if move.party == party)
        for party in parties
    }


def game(
    loaded: Loaded,
    seats: Collection[str],
    *,
    seed: int = 1,
    replicate: int = 0,
    moves: Iterable[Move] = (),
) -> Game:
    """Return a game in which people have some seats, played up to a decision.

    Raises
    ------
    UsageError
        If a seat is no party here, nobody has one, or a move cannot be made.
    """
    parties = loaded.scenario.parties
    for party in seats:
        if party not in parties:
            raise UsageError(
                f"no party '{party}' here{did_you_mean(party, parties)} "
                f"(parties: {', '.join(sorted(parties))})"
            )
    if not seats:
        raise UsageError("nobody is at the table")
    return _played(loaded, seed, replicate, tuple(sorted(set(seats))), tuple(moves))


def _played(
    loaded: Loaded,
    seed: int,
    replicate: int,
    seats: tuple[str, ...],
    moves: tuple[Move, ...],
) -> Game:
    policies = recorded(moves, seats)
    model = CeasefireModel(loaded, seed=seed, replicate=replicate, policies=policies)
    for policy in policies.values():
        policy.heard = lambda: len(model.events)
    turn = None
    try:
        model.run()
    except Waiting as waiting:
        turn = _turn(model, waiting)
    today = None if turn is None else (turn.day, turn.party)
    for policy in policies.values():
        for move in policy.unplayed:
            if turn is None or move.day <= turn.day:
                raise UsageError(
                    f"day {move.day}: {move.party} has nothing to decide on that day"
                    + (
                        f"; the next to decide is {today[1]}, on day {today[0]}"
                        if today
                        else ""
                    )
                )
    later = [] if turn is None else [m.day for m in moves if m.day > turn.day]
    if turn is not None and later:
        raise UsageError(
            f"a move of {turn.party} on day {turn.day} is missing; the next move given "
            f"is of day {min(later)}"
        )
    decided: dict[str, Any] = {p: each.decided for p, each in policies.items()}
    return Game(loaded, seed, replicate, seats, moves, model, turn, decided)


def _turn(model: CeasefireModel, waiting: Waiting) -> Turn:
    """Return what a person has to decide, from copies of the world in mid-day."""
    seen = waiting.view
    world, table = snapshot(seen.world), snapshot(seen.table)
    for side in range(SIDES):  # others may have answered, which nobody hears yet
        world["answer"][0, side] = SILENT
        world["answer_demands"][0, side] = 0
    view = PartyView(seen.seat, seen.params, world, table, seen.labels)
    last = model.events[-1] if model.events else None
    asked = waiting.kind == ANSWER and not view.is_extension
    step = int(world["step"][0])
    scene = Scene(
        waiting.kind,
        seen.seat,
        seen.labels.day(step),
        seen.labels.date(step).isoformat(),
        model.loaded,
        seen.labels,
        seen.params,
        world,
        proposal=last if asked else None,
    )
    return Turn(scene, view)
