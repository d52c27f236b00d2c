"""A person at the table: a world of which some parties are played."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pandas as pd

from sim.analysis.narrative.narrative import tell
from sim.analysis.play.advice import Advice, advice
from sim.analysis.play.debrief import decisions
from sim.analysis.play.game import Game, Turn, game, recorded
from sim.analysis.play.moves import (
    Move,
    moves_in,
    moves_kept,
    plain,
)
from sim.api.result import scenario_of
from sim.api.run import Run
from sim.errors import UsageError, refuse_lost
from sim.model.policies import Policy
from sim.plots.figure import Figure
from sim.scenario.arguments import shortly, whole
from sim.scenario.load import Loaded, load

HUMAN = "a person at the table"


@dataclass(frozen=True, eq=False)
class Played(Run):
    """A world that people play, as far as they have come.

    `turn` is the decision that waits, None once the world has ended; `move` returns the
    game after one more. A folder keeps the moves, by which the world is played again.
    """

    kind = "game"
    table_names = (*Run.table_names, "decisions.csv")

    @property
    def seats(self) -> tuple[str, ...]:
        """The parties that people play."""
        return tuple(self.manifest["seats"])

    @property
    def moves(self) -> list[str]:
        """What they have decided, a line `DAY PARTY MOVE` each."""
        return list(self.manifest["moves"])

    @property
    def is_over(self) -> bool:
        """Whether the world has ended."""
        return bool(self.manifest["finished"])

    @cached_property
    def game(self) -> Game:
        """The world as it stands, with what the people at the table know."""
        moves = moves_kept(self.manifest["moves"], self.seats, self.place)
        return game(
            self.loaded,
            self.seats,
            seed=self.seed,
            replicate=self.replicate,
            moves=moves,
        )

    @property
    def turn(self) -> Turn | None:
        """What somebody has to decide now."""
        return self.game.turn

    @property
    def advice(self) -> Advice:
        """What best response would do now, and why; UsageError once it is over."""
        if self.turn is None:
            raise UsageError("the game is over, and nothing is left to decide")
        return advice(self.turn)

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """One row a decision of a person: what about, its worth, and best response."""
        return pd.DataFrame(self.manifest["decisions"], columns=_COLUMNS)

    def move(self, text: str) -> "Played":
        """Return the game after a move: "accept", "if hand_back", "offer freeze".

        UsageError if it is none, or none that can be made now.
        """
        return _of_game(self.game.typed(text), command=self.command)

    @property
    def recorded(self) -> Mapping[str, Policy]:
        """Policies that play the moves again; UsageError of a game that is not over."""
        if not self.is_over:
            raise UsageError(f"{self.place}: the game is not over; play it to its end")
        return recorded(self.game.moves)

    def again(self, policies: Sequence[str] = ()) -> Run:
        """Play the same game again, move by move; errors as `Run.again`."""
        if policies:
            raise UsageError("a game cannot use your own policies")
        game = played(
            self.loaded,
            self.seats,
            self.seed,
            self.replicate,
            moves_kept(self.manifest["moves"], self.seats, self.place),
            self.command,
        )
        return self._same(game)

    def figures(self) -> list[Figure]:
        """Return the figures that `save` writes: none of a game that is going on."""
        return super().figures() if self.is_over else []

    @classmethod
    def read(cls, folder: Path, manifest: dict[str, Any]) -> Self:
        """Return the game that a folder keeps."""
        moves_kept(manifest["moves"], manifest["seats"], str(folder))
        return cls(manifest, folder=folder, loaded=scenario_of(manifest, folder))


_COLUMNS = [
    "day",
    "party",
    "asked_for",
    "offer",
    "is_extension",
    "gain_km2",
    "move",
    "best",
    "is_best",
]


def play(
    scenario: str | Path | Loaded,
    seats: str | Collection[str],
    *,
    seed: int = 1,
    replicate: int = 0,
    moves: Sequence[str] = (),
    command: str = "",
) -> Played:
    """Play one or more parties of a scenario, in a world with its own luck.

    The world runs until somebody has to decide: `turn` says what about, `move` plays
    it. All other parties decide as the scenario says.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before.
    seats
        The party, or the parties, that people play.
    seed, replicate
        Which world, as for `run`.
    moves
        Moves that are known already, a line `DAY PARTY MOVE` each, in their order.
    command
        Noted as what repeats it.

    Raises
    ------
    UsageError
        If a seat is no party here, or a move cannot be made.
    ScenarioError, InputMissingError
        As `load`.
    """
    seed, replicate = whole("--seed", seed), whole("--replicate", replicate)
    named = [seats] if isinstance(seats, str) else list(seats)
    loaded = load(scenario)
    if not all(isinstance(each, str) for each in (*named, *moves)):
        raise UsageError(f"seats and moves are texts, not {shortly([*named, *moves])}")
    known = moves_in(moves, sorted(named), "moves") if named else []
    return played(loaded, named, seed, replicate, known, command)


def played(
    loaded: Loaded,
    seats: Collection[str],
    seed: int,
    replicate: int,
    moves: Sequence[Move],
    command: str = "",
) -> Played:
    """Return a game after moves that have been read; errors as `play`."""
    found = game(loaded, seats, seed=seed, replicate=replicate, moves=moves)
    return _of_game(found, command)


def _of_game(found: Game, command: str) -> Played:
    """Return a game as a result."""
    model, scenario = found.model, found.loaded.scenario
    refuse_lost({"steps": model.days, "events": model.events}, scenario.id)
    story = tell(model.events, model.days, model.outcome, scenario)
    people = {party: {"class": HUMAN, "sha256": None} for party in found.seats}
    run = Played.of(
        model, story=story if found.is_over else (), policies=people, command=command
    )
    more = {
        "seats": list(found.seats),
        "moves": plain(found.moves),
        "finished": found.is_over,
        "decisions": decisions(found),
    }
    made = replace(run, manifest={**run.manifest, **more})
    made.__dict__["game"] = found  # it need not be played again
    return made
