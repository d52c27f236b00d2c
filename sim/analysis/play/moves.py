"""Moves of people at the table: what was decided, by whom, on which day.

A move is one line of text, `12 russia if hand_back`, and that is all that a folder
keeps of it. A policy plays the moves of a party again; a day has one at most, since it
has one piece of business and an author does not answer its own offer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.errors import InputMissingError, UsageError, printable
from sim.model.events import named_conditions, snapshot
from sim.model.labels import CONDITION_BITS
from sim.model.policies import Answer, BestResponse, PartyView, Policy
from sim.model.stages.terms import idle_demands
from sim.model.state import ACCEPT, NOBODY, ON_CONDITIONS
from sim.model.world import ANSWER, PROPOSAL
from sim.scenario.arguments import shortly
from sim.scenario.library import read_file, suggestion
from sim.scenario.references import did_you_mean

YES, NO, IF, OFFER, PASS = "accept", "refuse", "if", "offer", "pass"
"""What a move may begin with."""

MOST_BYTES = 1_000_000  # of a file of moves
MOST_MOVES = 10_000
_WIDEST = 400  # characters of a move


@dataclass(frozen=True)
class Move:
    """What a party decided on a day: a verb and, for two of them, names.

    `if` has the names of conditions, `offer` that of an offer.
    """

    day: int
    party: str
    verb: str
    names: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The move without its day and party: "if hand_back aid_freeze"."""
        return " ".join([self.verb, *self.names])

    @property
    def line(self) -> str:
        """The move as a line of a file of moves."""
        return f"{self.day} {self.party} {self.text}"


def move_of(text: str, day: int, party: str) -> Move:
    """Return the move that a text says.

    >>> move_of("if hand_back", 12, "russia").line
    '12 russia if hand_back'

    Raises
    ------
    UsageError
        If it is no move.
    """
    verb, *names = text.replace(",", " ").split() or [""]
    verb = verb.lower()
    verbs = (YES, NO, IF, OFFER, PASS)
    if len(text) > _WIDEST or verb not in verbs:
        hint = did_you_mean(verb, verbs)
        raise UsageError(
            f"'{printable(text, 40)}' is not a move{hint} (accept; refuse; if "
            "CONDITION ...; offer NAME; pass)"
        )
    wanted = {IF: "the name of a condition", OFFER: "the name of one offer"}.get(verb)
    if verb == IF and names[:1] == ["and"]:
        names = names[1:]
    if (wanted is None) != (not names) or (verb == OFFER and len(names) > 1):
        raise UsageError(f"{verb} takes {wanted or 'nothing more'}")
    return Move(day, party, verb, tuple(dict.fromkeys(n for n in names if n != "and")))


def moves_in(lines: Iterable[str], parties: Sequence[str], place: str) -> list[Move]:
    """Return the moves of lines `DAY PARTY MOVE`; # begins a comment.

    Parties may be written with capitals. UsageError with the number of the line that is
    no move, of no party here, out of order, or the second of a party on a day.
    """
    found: list[Move] = []
    known: set[tuple[int, str]] = set()
    by_any_case = {name.lower(): name for name in parties}
    for number, line in enumerate(lines, 1):
        day, party, text = _three(line.partition("#")[0])
        if not day:
            continue
        where = f"{place}, line {number}"
        if not (day.isascii() and day.isdigit() and len(day) < 7 and text):
            raise UsageError(
                f"{where}: '{printable(line, 60)}' is no DAY PARTY MOVE, such as "
                f"'0 {parties[0]} accept'"
            )
        party = by_any_case.get(party.lower(), party)
        if party not in parties:
            hint = did_you_mean(party, parties)
            raise UsageError(
                f"{where}: no party '{printable(party, 40)}' at the table{hint} "
                f"({', '.join(parties)})"
            )
        if len(found) == MOST_MOVES:
            raise UsageError(f"{where}: more than {MOST_MOVES:,} moves")
        try:
            move = move_of(text, int(day), party)
        except UsageError as error:
            raise UsageError(f"{where}: {error}") from None
        if (move.day, party) in known:
            raise UsageError(f"{where}: a second move of {party} on day {day}")
        if found and move.day < found[-1].day:
            raise UsageError(f"{where}: day {day} comes after day {found[-1].day}")
        known.add((move.day, party))
        found.append(move)
    return found


def _three(line: str) -> tuple[str, str, str]:
    day, party, text = [*line.split(maxsplit=2), "", "", ""][:3]
    return day, party, text.strip()


def moves_of_file(file: Path, parties: Sequence[str]) -> list[Move]:
    """Return the moves in a file; errors as `moves_in`, InputMissingError without it.

    It is read as UTF-8 text of at most a megabyte, with or without a byte order mark.
    """
    try:
        text = read_file(file, MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        reason = f"{error.strerror or error}{suggestion(file)}"
        raise InputMissingError(f"{file} cannot be read: {reason}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file} is no UTF-8 text") from None
    return moves_in(text.splitlines(), parties, str(file))


def moves_kept(kept: object, parties: Sequence[str], place: str) -> list[Move]:
    """Return the moves that a folder keeps; InputMissingError if they are none."""
    if not isinstance(kept, list) or not all(isinstance(each, str) for each in kept):
        raise InputMissingError(f"{place}: its moves cannot be read")
    try:
        return moves_in(kept, parties, f"moves of {place}")
    except UsageError as error:
        raise InputMissingError(str(error)) from None


# ---- moves played again --------------------------------------------------------------


class Waiting(Exception):  # noqa: N818
    """A person has to decide, and has not; the world stands still in mid-day."""

    def __init__(self, kind: str, view: PartyView) -> None:
        super().__init__(f"{view.me} has to decide on day {view.day}")
        self.kind, self.view = kind, view


@dataclass(frozen=True)
class Decided:
    """A move that was played, and what best response would have done in its place.

    `offer` is what was answered, or offered; `gain` what that is worth to the party
    over fighting on (or over no offer), km2, without the error of its judgement; None
    if nothing was offered. `heard` is how much of the chronicle there was before.
    """

    move: Move
    best: Move
    kind: str
    offer: str | None
    gain: float | None
    is_extension: bool
    heard: int

    @property
    def is_best(self) -> bool:
        """Whether it was what best response would have done."""
        return self.move.text == self.best.text


class Recorded(Policy):
    """Play the moves of a party again, each on its day; raise `Waiting` after the last.

    `heard` counts the events of the chronicle; `decided` is what was played so far.
    """

    def __init__(self, moves: Iterable[Move]) -> None:
        self._moves: Mapping[int, Move] = {move.day: move for move in moves}
        self.decided: list[Decided] = []
        self.heard: Callable[[], int] = lambda: 0

    def answer(self, view: PartyView) -> Answer:
        """Answer as the moves say."""
        move = self._today(ANSWER, view)
        reply = answered(move, view)
        self._note(ANSWER, view, move, view.offer, view.gain())
        return reply

    def propose(self, view: PartyView) -> int:
        """Offer what the moves say; nobody is asked where there is nothing to offer."""
        if not view.offers:
            return view.no_offer()
        move = self._today(PROPOSAL, view)
        reply = offered(move, view)
        name = None if reply == NOBODY else move.names[0]
        gain = None if name is None else view.worth(name)
        self._note(PROPOSAL, view, move, name, gain)
        return reply

    @property
    def unplayed(self) -> list[Move]:
        """Moves on days on which this party had nothing to decide, so far."""
        played = {each.move.day for each in self.decided}
        return [move for day, move in self._moves.items() if day not in played]

    def _today(self, kind: str, view: PartyView) -> Move:
        move = self._moves.get(view.day)
        if move is None:
            raise Waiting(kind, view)
        return move

    def _note(
        self,
        kind: str,
        view: PartyView,
        move: Move,
        offer: str | None,
        gain: float | None,
    ) -> None:
        best = best_move(kind, view)
        asked = view.is_extension and kind == ANSWER
        self.decided.append(Decided(move, best, kind, offer, gain, asked, self.heard()))


def answered(move: Move, view: PartyView) -> Answer:
    """Return a move as an answer; UsageError if the rules do not allow it."""
    if move.verb == YES:
        return view.accept()
    if move.verb == NO:
        return view.refuse()
    if move.verb != IF:
        raise UsageError(
            f"day {move.day}: {move.party} is asked for an answer, and {move.text!r} "
            "is not one"
        )
    known = open_conditions(view)
    for name in move.names:
        if name not in known:
            hint = did_you_mean(name, known)
            listed = f" ({', '.join(known)}){hint}" if known else ""
            raise UsageError(
                f"day {move.day}: '{printable(name, 40)}' is not a condition that "
                f"{move.party} can name for this offer{listed}"
            )
    return view.on_conditions(*move.names)


def open_conditions(view: PartyView) -> tuple[str, ...]:
    """Return the conditions that a side may name today and that ask for something."""
    idle = idle_demands(
        view.params[0], view.world[0], int(view.world["offer"][0]), view.seat
    )
    return tuple(name for name in view.conditions if not CONDITION_BITS[name] & idle)


def offered(move: Move, view: PartyView) -> int:
    """Return a move as an offer, or none; UsageError if the rules do not allow it."""
    if move.verb == PASS:
        return view.no_offer()
    if move.verb != OFFER:
        raise UsageError(
            f"day {move.day}: it is for {move.party} to make an offer or pass, not to "
            f"{move.text!r}"
        )
    return view.propose(move.names[0])


def best_move(kind: str, view: PartyView) -> Move:
    """Return what best response does where a person has to decide.

    It looks at copies: where it judges an offer it may draw the error of that.
    """
    seen = replace(view, world=snapshot(view.world), table=snapshot(view.table))
    if kind == PROPOSAL:
        index = BestResponse().propose(seen)
        name = view.labels.offer(index)
        named = (PASS,) if name is None else (OFFER, name)
        return Move(view.day, view.me, named[0], named[1:])
    code, demands = BestResponse().answer(seen)
    if code == ON_CONDITIONS:
        return Move(view.day, view.me, IF, tuple(named_conditions(demands)))
    return Move(view.day, view.me, YES if code == ACCEPT else NO)


def plain(moves: Iterable[Move]) -> list[str]:
    """Return moves as a folder keeps them, a line each."""
    return [move.line for move in moves]


def only_text(given: Any) -> str:
    """Return a move that was given as text; UsageError if it is none."""
    if not isinstance(given, str):
        raise UsageError(f"a move is a text such as 'accept', not {shortly(given)}")
    return given
