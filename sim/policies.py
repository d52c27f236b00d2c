"""Policies: how a party answers an offer, and what it proposes.

A policy decides and changes nothing: it reads the values on its party's desk and
returns an answer or an offer, which the model applies. To write another one, derive
from `Policy` and override `answer` or `propose`.
"""

from dataclasses import dataclass
from typing import Any

from sim.step import doors
from sim.step.record import SIDES

Answer = tuple[int, int]


@dataclass(frozen=True)
class Desk:
    """What a party sees when it decides: its seat, the world, the values of offers.

    `params`, `world` and `table` are arrays of shape (1,) of the dtypes `PARAMS`,
    `WORLD` and `TABLE` of `sim.step.record`. Nothing here may be written to.
    """

    seat: int
    params: Any
    world: Any
    table: Any

    def gain(self) -> float:
        """Gain from the offer on the table over fighting on, without decision noise."""
        side, table = self.seat, self.table
        slope = float(table["put_slope"][0, side])
        cost = float(self.world["cost"][0, side])
        return float(table["put_gain"][0, side]) + slope * cost

    def reservation_value(self) -> float:
        """Least this side accepts, as a share of the stake."""
        side, table = self.seat, self.table
        fighting = float(table["fighting"][0, side])
        cost = float(self.world["cost"][0, side])
        return float(table["reservation"][0, side]) - cost * fighting


class Policy:
    """What a policy must be able to do."""

    def answer(self, desk: Desk) -> Answer:
        """Return an answer code of `sim.step.record` and the conditions as bits."""
        raise NotImplementedError

    def propose(self, desk: Desk) -> int:
        """Return the index of an offer that this party may make, or NOBODY."""
        raise NotImplementedError


class BestResponse(Policy):
    """Take what beats fighting on, a tie included; propose what gains most."""

    def answer(self, desk: Desk) -> Answer:
        """Accept a gain that is not negative, after the noise of the decision."""
        if desk.seat >= SIDES:
            raise ValueError("only belligerents answer offers")
        code, demands = doors.choose_answer(
            desk.params, desk.world, desk.table, desk.seat
        )
        return int(code), int(demands)

    def propose(self, desk: Desk) -> int:
        """Propose the offer with the largest gain, weighed by its chances."""
        return int(doors.choose_offer(desk.params, desk.world, desk.table))
