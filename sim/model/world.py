"""One world walked again, stopping wherever somebody decides something.

The stages are those of the Mesa model, entered one by one; so the world is the one that
`run` tells, and no agent is needed to look at its decisions.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model import wrappers
from sim.model.events import Chronicle, Day, Event, offers_in_file
from sim.model.labels import Labels
from sim.model.outcome import outcome
from sim.model.parameters import build, labels
from sim.model.schedule import STAGES
from sim.model.stages.aid import decides_on_aid
from sim.model.state import (
    BEST_LEVEL,
    CONDITIONAL,
    DATED,
    DEFEAT,
    NO_LEVEL,
    ON_CONDITIONS,
    PATRON,
    ROUND,
    SETTLED,
    SIDES,
    TABLE,
    WORLD,
    as_kernels_take_it,
    blank,
)
from sim.scenario.load import Loaded

ANSWER, CONDITIONS, PROPOSAL = "answer", "conditions", "proposal"
AID, THREAT = "aid", "threat"


@dataclass(frozen=True, eq=False)
class Scene:
    """A decision that is about to be taken, with all that it rests on.

    `kind` is one of ANSWER (to the offer on the table), CONDITIONS (which ones to name,
    after a no), PROPOSAL, AID (its level, where the patron chooses it) and THREAT
    (whether the patron's word that it would cut aid counts). `seat` is who decides,
    `about` the side that a threat is made to. `params` and `world` are arrays of shape
    (1,), the world as it stood before the decision; an offer that is being answered
    lies on the table. `event` is what was done, `proposal` the offer that was answered;
    None where the log has none.
    """

    kind: str
    seat: int
    day: int
    date: str
    loaded: Loaded
    labels: Labels
    params: NDArray[np.void]
    world: NDArray[np.void]
    event: Event | None = None
    proposal: Event | None = None
    about: int = 0

    @property
    def actor(self) -> str:
        """Id of the party that decides."""
        return self.labels.parties[self.seat]


@dataclass(frozen=True, eq=False)
class Walked:
    """A world, to its end or as far as it has come.

    `events`, `days` and `outcome` are those of `run --json`; `scenes` are the decisions
    in the order in which they are taken.
    """

    loaded: Loaded
    events: list[Event]
    days: list[Day]
    outcome: dict[str, Any]
    scenes: list[Scene]


def walk(loaded: Loaded, seed: int, replicate: int) -> Walked:
    """Walk a world (seed, replicate).

    Raises
    ------
    ScenarioError
        If steps or luck of the scenario clash.
    """
    going = Walk(loaded, seed, replicate)
    while not going.ended:
        going.step()
    return going.so_far()


class Walk:
    """A world on its way, one period a step; errors as `walk`."""

    def __init__(self, loaded: Loaded, seed: int, replicate: int) -> None:
        self.loaded, self.labels = loaded, labels(loaded.scenario)
        self.params = as_kernels_take_it(build(loaded.scenario))
        self.world, self.table = blank(WORLD, 1), blank(TABLE, 1)
        wrappers.start(self.params, self.world, self.table, seed, replicate)
        self.chronicle = Chronicle(
            self.params,
            self.world,
            self.table,
            self.labels,
            offers_in_file(loaded.scenario),
        )
        self.scenes: list[Scene] = []
        self.proposal: Event | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing can happen any more."""
        over = self.world["phase"][0] in (SETTLED, DEFEAT)
        return bool(over or self.world["step"][0] >= self.params["steps"][0])

    def so_far(self) -> Walked:
        """Return the world up to the last step."""
        return Walked(
            self.loaded,
            self.chronicle.events,
            self.chronicle.days,
            outcome(self.world, float(self.params["lines"][0]), self.labels),
            self.scenes,
        )

    def step(self) -> None:
        """Walk one period."""
        morning = self.world
        for stage in STAGES:
            before = self.world.copy()
            told = len(self.chronicle.events)
            if stage.name == "aid":
                self._aid()
            wrappers.STAGE_WRAPPERS[stage.name](self.params, self.world, self.table)
            self.chronicle.after(stage.name, before)
            news = self.chronicle.events[told:]
            if stage.name == "agenda":
                morning = self.world.copy()
            elif stage.name in ("appraise", "propose"):
                self.proposal = news[-1] if news else self.proposal
                if stage.name == "propose":
                    self._proposal(morning, news[-1] if news else None)
            elif stage.name == "answer":
                self._answers(before, news)
        self.chronicle.end_day()

    def _see(self, kind: str, seat: int, world: NDArray[np.void], **more: Any) -> None:
        step = int(world["step"][0])
        self.scenes.append(
            Scene(
                kind,
                seat,
                self.labels.day(step),
                self.labels.date(step).isoformat(),
                self.loaded,
                self.labels,
                self.params,
                as_kernels_take_it(world.copy()),
                **more,
            )
        )

    def _aid(self) -> None:
        if self.params["aid_rule"][0] != BEST_LEVEL:
            return
        if decides_on_aid(self.params[0], self.world[0]):
            self._see(AID, PATRON, self.world)

    def _proposal(self, morning: NDArray[np.void], event: Event | None) -> None:
        if morning["business"][0] != ROUND:
            return
        if self.table["menu"][0]:  # what the author may put forward, as bits
            self._see(PROPOSAL, int(morning["author"][0]), morning, event=event)

    def _answers(self, before: NDArray[np.void], news: list[Event]) -> None:
        if not news:
            return
        asked = [side for side in range(SIDES) if wrappers.is_asked(self.world, side)]
        extends = news[0]["terms"].get("extension", False)
        proposal = None if extends else self.proposal
        self._threats(before)
        for side, event in zip(asked, news, strict=True):
            told = {"event": event, "proposal": proposal}
            self._see(ANSWER, side, before, **told)
            if self.world["answer"][0, side] == ON_CONDITIONS:
                self._see(CONDITIONS, side, before, **told)

    def _threats(self, before: NDArray[np.void]) -> None:
        asked = before["business"][0] in (ROUND, DATED)
        of_patron = asked and before["author"][0] == PATRON
        conditional = self.params["aid_rule"][0] == CONDITIONAL
        if of_patron and conditional and before["condition_open"][0]:
            for side in range(SIDES):
                if self.params["aid_after_refusal"][0, side] != NO_LEVEL:
                    self._see(THREAT, PATRON, before, about=side)
