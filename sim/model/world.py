"""One world walked again, stopping wherever somebody decides something.

The stages are those of the Mesa model, entered one by one; so the world is the one that
`run` tells, and no agent is needed to look at its decisions.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sim.model import state, wrappers
from sim.model.events import (
    Chronicle,
    Event,
    Record,
    aid_hangs_on_answers,
    is_of_patron,
    snapshot,
)
from sim.model.labels import Labels
from sim.model.outcome import outcome
from sim.model.parameters import build
from sim.model.policies import FromScenario, PartyView, Policy
from sim.model.schedule import STAGES
from sim.model.stages.aid import decides_on_aid
from sim.model.state import PATRON, SIDES, as_kernels_take_it, blank
from sim.scenario.load import Loaded

ANSWER, CONDITIONS, PROPOSAL = "answer", "conditions", "proposal"
AID, THREAT = "aid", "threat"
_OF_POLICIES = (ANSWER, CONDITIONS, PROPOSAL)  # the rest is by the scenario's rules


@dataclass(frozen=True, eq=False)
class Scene:
    """A decision that is about to be taken, with all that it rests on.

    `kind` is one of ANSWER (to the offer on the table), CONDITIONS (which ones to name,
    after a no), PROPOSAL, AID (its level, where the patron chooses it) and THREAT
    (whether the patron's word that it would cut aid counts). `seat` is who decides,
    `about` the side that a threat is made to. `params` and `world` are arrays of shape
    (1,), the world as it stood before the decision; an offer that is being answered
    lies on the table. `event` is what was done, `proposal` the offer that was answered;
    None where the log has none. `by_policy` says that a policy decided which is not
    the scenario's: that of a person at the table.
    """

    kind: str
    seat: int
    day: int
    date: str
    loaded: Loaded
    labels: Labels
    params: Record
    world: Record
    event: Event | None = None
    proposal: Event | None = None
    about: int = 0
    by_policy: bool = False

    @property
    def actor(self) -> str:
        """Id of the party that decides."""
        return self.labels.parties[self.seat]

    @property
    def called(self) -> str:
        """What the party that decides is called."""
        return self.labels.party_labels[self.seat]


def begun(loaded: Loaded, seed: int, replicate: int) -> tuple[Record, Record, Record]:
    """Return parameters, world and table of a world at its start, shape (1,)."""
    params = as_kernels_take_it(build(loaded.scenario))
    world, table = blank(state.WORLD, 1), blank(state.TABLE, 1)
    wrappers.start(params, world, table, seed, replicate)
    return params, world, table


def replace_policies(params: Record, labels: Labels, policies: Collection[str]) -> None:
    """Put the scenario's own policies of some parties out of the game."""
    for side, name in enumerate(labels.sides):
        if name in policies:
            params["policy"][0, side] = state.BEST_RESPONSE


def is_over(params: Record, world: Record) -> bool:
    """Whether nothing can happen any more: settlement, defeat, or the horizon."""
    over = world["phase"][0] in (state.SETTLED, state.DEFEAT)
    return bool(over or world["step"][0] >= params["steps"][0])


def walk(
    loaded: Loaded,
    seed: int,
    replicate: int,
    policies: Mapping[str, Policy] | None = None,
) -> "Walk":
    """Walk a world (seed, replicate) to its end; errors as `Walk`."""
    going = Walk(loaded, seed, replicate, policies)
    while not is_over(going.params, going.world):
        going.step()
    return going


class Walk:
    """A world on its way, one period a step; ScenarioError if its steps or luck clash.

    `events`, `days` and `outcome` are those of `run --json`; `scenes` are the decisions
    in the order in which they are taken. `policies` decide for parties by id in place
    of the scenario's own; they are of this package, and their replies are not checked.
    """

    def __init__(
        self,
        loaded: Loaded,
        seed: int,
        replicate: int,
        policies: Mapping[str, Policy] | None = None,
    ) -> None:
        self.loaded = loaded
        self.params, self.world, self.table = begun(loaded, seed, replicate)
        self._chronicle = Chronicle(
            loaded.scenario, self.params, self.world, self.table
        )
        self.labels = self._chronicle.labels
        self.events, self.days = self._chronicle.events, self._chronicle.days
        self.scenes: list[Scene] = []
        self._proposal: Event | None = None
        self._policies = dict(policies or {})
        replace_policies(self.params, self.labels, self._policies)

    @property
    def outcome(self) -> dict[str, Any]:
        """What has become of the world so far."""
        return outcome(self.world, self.labels)

    def step(self) -> None:
        """Walk one period."""
        morning = self.world
        for stage in STAGES:
            before = snapshot(self.world)
            told = len(self.events)
            if stage.name == "aid" and self._aid_is_chosen():
                self._see(AID, PATRON, self.world)
            self._enter(stage.name)
            self._chronicle.after(stage.name, before)
            news = self.events[told:]
            if stage.name == "agenda":
                morning = snapshot(self.world)
            elif stage.name in ("appraise", "propose"):
                put = news[-1] if news else None
                self._proposal = put or self._proposal
                # the menu: what the author may put forward, as bits
                chosen = stage.name == "propose" and self.table["menu"][0]
                if chosen and morning["business"][0] == state.ROUND:
                    author = int(morning["author"][0])
                    self._see(PROPOSAL, author, morning, event=put)
            elif stage.name == "answer" and news:
                self._answers(before, news)
        self._chronicle.end_day()

    def _enter(self, stage: str) -> None:
        """Enter a stage, with the policies that are not the scenario's, if any."""
        records = self.params, self.world, self.table
        if not self._policies or stage not in ("propose", "answer"):
            wrappers.STAGE_WRAPPERS[stage](*records)
        elif stage == "propose" and self.world["business"][0] == state.ROUND:
            policy, view = self._of(int(self.world["author"][0]))
            wrappers.offer_put(*records, policy.propose(view))
        elif stage == "answer":
            for side in range(SIDES):
                if wrappers.is_asked(self.world, side):
                    policy, view = self._of(side)
                    code, demands = policy.answer(view)
                    self.world["answer"][0, side] = code
                    self.world["answer_demands"][0, side] = demands

    def _of(self, seat: int) -> tuple[Policy, PartyView]:
        """Return who decides for a seat, and what it sees."""
        records = self.params, self.world, self.table
        chosen = self._policies.get(self.labels.parties[seat])
        return chosen or FromScenario(), PartyView(seat, *records, self.labels)

    def _see(self, kind: str, seat: int, world: Record, **more: Any) -> None:
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
                snapshot(world),
                by_policy=kind in _OF_POLICIES
                and self.labels.parties[seat] in self._policies,
                **more,
            )
        )

    def _aid_is_chosen(self) -> bool:
        chosen = self.params["aid_rule"][0] == state.BEST_LEVEL
        return chosen and decides_on_aid(self.params[0], self.world[0])

    def _answers(self, before: Record, news: list[Event]) -> None:
        asked = [side for side in range(SIDES) if wrappers.is_asked(self.world, side)]
        extends = news[0]["terms"].get("extension", False)
        proposal = None if extends else self._proposal
        if is_of_patron(before) and aid_hangs_on_answers(self.params, before):
            for side in range(SIDES):
                if self.params["aid_after_refusal"][0, side] != state.NO_LEVEL:
                    self._see(THREAT, PATRON, before, about=side)
        for side, event in zip(asked, news, strict=True):
            told = {"event": event, "proposal": proposal}
            self._see(ANSWER, side, before, **told)
            if self.world["answer"][0, side] == state.ON_CONDITIONS:
                self._see(CONDITIONS, side, before, **told)
