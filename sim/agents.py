"""The parties as Mesa agents: views of the world record that act in their stages.

An agent holds no state of the war. What it believes, holds and values is read from the
record of its model, and what it decides is written there.
"""

from typing import Any

import mesa

from sim.policies import BestResponse, Desk, Policy
from sim.step import doors
from sim.step.record import ROUND, SIDES


class Party(mesa.Agent):
    """A party with a seat at the table: 0 and 1 fight, 2 is the patron.

    `name` is its id in the scenario; `desk` is what it sees when it decides.
    """

    def __init__(self, model: Any, name: str, seat: int, policy: Policy | None) -> None:
        super().__init__(model)
        self.name, self.seat = name, seat
        self.policy = policy if policy is not None else BestResponse()
        self.desk = Desk(seat, model.params, model.world, model.table)

    def propose(self) -> None:
        """Put an offer on the table, if it is this party's turn."""
        world = self.desk.world
        if world["business"][0] == ROUND and world["author"][0] == self.seat:
            doors.offer_put(self.desk.params, world, self.policy.propose(self.desk))


class Belligerent(Party):
    """A side of the war."""

    @property
    def belief(self) -> float:
        """Believed chance that side 0 wins a battle, at full aid and without chips."""
        return float(self.desk.world["belief"][0, self.seat])

    @property
    def war_cost(self) -> float:
        """Private flow of cost while fighting, in stakes."""
        return float(self.desk.world["cost"][0, self.seat])

    @property
    def share(self) -> float:
        """Share of the stake that this side holds."""
        lines = float(self.desk.params["lines"][0])
        held = float(self.desk.world["line"][0])
        return (held if self.seat == 0 else lines - held) / lines

    def answer(self) -> None:
        """Answer the offer on the table, if it waits for this side."""
        world = self.desk.world
        if doors.is_asked(world, self.seat):
            code, demands = self.policy.answer(self.desk)
            world["answer"][0, self.seat] = code
            world["answer_demands"][0, self.seat] = demands


class Patron(Party):
    """The outside supporter of one side: gives aid, proposes, presses."""

    @property
    def aid_level(self) -> float:
        """Flow of aid, 1 = the norm before a pause."""
        return float(self.desk.world["aid"][0])

    def aid(self) -> None:
        """Let the aid flow by its rule; the effect at the front follows with a lag."""
        doors.STAGE_DOORS["aid"](self.desk.params, self.desk.world, self.desk.table)


ROLE_CLASSES = (Belligerent,) * SIDES + (Patron,)
