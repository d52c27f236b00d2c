"""What a decision compares: the form of all accounts, and its stages run again."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.model import wrappers
from sim.model.events import Record, blank_table
from sim.model.state import SIDES
from sim.model.world import AID, ANSWER, CONDITIONS, PROPOSAL, Scene

ACCEPTS, REFUSES, NO_OFFER = "accept", "refuse", "no offer"
FIGHT_ON = "fight on"
CUT, KEEP = "cut the aid", "leave the aid"

# Both worths went through sums of their own; a decision this close is a tie. A square
# metre, in km2.
ROUNDING = 1e-6


class Worth(NamedTuple):
    """One thing that a party may do, and what it is worth to it."""

    name: str
    worth: float


@dataclass(frozen=True)
class Option:
    """One choice among several: `gain` before, `worth` after the chance of a yes."""

    name: str
    gain: float
    chance: float
    worth: float


@dataclass(frozen=True)
class Account:
    """What is compared: `first`, which speaks for itself, against `second`.

    `parts` sum to the worth of the first less that of the second; `noise` is added to
    it, `aspiration` taken from it, and the sign decides. `options` are all that there
    was to choose from, where it was more than yes or no. `choice` is what comes of it.
    """

    choice: str
    first: Worth
    second: Worth
    parts: dict[str, float]
    noise: float = 0.0
    aspiration: float = 0.0
    options: tuple[Option, ...] = ()

    @property
    def difference(self) -> float:
        """Worth of the first less that of the second."""
        return self.first.worth - self.second.worth

    @property
    def weighed(self) -> float:
        """The difference as judged; not below 0 speaks for the first."""
        return self.difference + self.noise - self.aspiration

    @property
    def sum_of_parts(self) -> float:
        """Sum of the parts, which is the difference."""
        return math.fsum(self.parts.values())

    @property
    def decided_by(self) -> str:
        """What settled it: "worth", "aspiration", "noise" or a "policy".

        The last is one whose choice these numbers do not explain.
        """
        took = self.choice == self.first.name

        def against(number: float) -> bool:
            """Whether a number speaks against what was chosen."""
            return (number >= 0.0) != took and abs(number) > ROUNDING

        if against(self.weighed):
            return "policy"
        if against(self.difference - self.aspiration):
            return "noise"
        return "aspiration" if against(self.difference) else "worth"

    def worth_of(self, name: str) -> float:
        """Return the worth of one of the two, or of an option; nan of none of them."""
        known = {each.name: each.worth for each in self.options}
        known |= {each.name: each.worth for each in (self.second, self.first)}
        return known.get(name, 0.0 if name == NO_OFFER else math.nan)


class Look(NamedTuple):
    """What a party would choose, and all numbers that the choice was made from."""

    choice: str
    numbers: bytes


def enter(params: Record, world: Record, *stages: str) -> Record:
    """Run some stages on an empty table; return it."""
    table = blank_table()
    for name in stages:
        wrappers.STAGE_WRAPPERS[name](params, world, table)
    return table


def look(
    scene: Scene, choice: str, params: Record, world: Record, table: Record
) -> Look:
    """Return a choice with what it is made from, to see whether an input touches it."""
    side = min(scene.seat, SIDES - 1)
    parts: list[Any] = [table["aspiration"][0, side]]
    if scene.kind in (ANSWER, CONDITIONS):
        own = ("put_gain", "put_slope", "noise")
        parts += [table[name][0, side] for name in own]
        parts.append(world["cost"][0, side])
    if scene.kind == CONDITIONS:
        parts += [table[name][0, side] for name in ("demand_gain", "demand_chance")]
    if scene.kind in (PROPOSAL, AID):
        whole = ("gain", "gain_slope", "patron_gain", "noise_in")
        parts += [table[name][0] for name in whole]
        parts += [world[name][0] for name in ("cost", "cost_low", "cost_high")]
        parts.append(params["decision_noise"][0])
    if scene.kind == AID:
        parts += [table[name][0] for name in ("war_of_patron", "fighting_of_patron")]
        names = ("value_per_km2", "aid_cost", "cost_while_war")
        parts += [params[name][0] for name in names]
    return Look(choice, b"".join(np.asarray(part).tobytes() for part in parts))
