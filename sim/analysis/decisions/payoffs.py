"""What a decision compares, in numbers: the form that all its accounts have."""

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model import wrappers
from sim.model.state import SIDES, TABLE, blank
from sim.model.world import AID, ANSWER, CONDITIONS, PROPOSAL, Scene

Record = NDArray[np.void]
"""Array of shape (1,) of one of the dtypes in `sim.model.state`."""

ACCEPTS, REFUSES, NO_OFFER = "accept", "refuse", "no offer"
FIGHT_ON = "fight on"
CUT, KEEP = "cut the aid", "leave the aid"

# Both worths went through sums of their own; a decision this close is a tie.
ROUNDING = 1e-9


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

    def to_dict(self) -> dict[str, Any]:
        """Return the option as plain data."""
        return dict(vars(self))


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
    aid_if: dict[str, float] | None = field(default=None)

    @property
    def difference(self) -> float:
        """Worth of the first less that of the second."""
        return self.first.worth - self.second.worth

    @property
    def weighed(self) -> float:
        """The difference as judged; not below 0 speaks for the first."""
        return self.difference + self.noise - self.aspiration

    def worth_of(self, name: str) -> float:
        """Return the worth of one of the two, or of an option; nan of none of them."""
        known = {each.name: each.worth for each in self.options}
        known |= {each.name: each.worth for each in (self.second, self.first)}
        return known.get(name, 0.0 if name == NO_OFFER else math.nan)


class Look(NamedTuple):
    """What a party would choose, and all numbers that the choice was made from."""

    choice: str
    numbers: bytes


def blank_table() -> Record:
    """Return an empty table, on which nothing of another world is known."""
    table = blank(TABLE, 1)
    table["aid_known"] = -1.0
    return table


def enter(params: Record, world: Record, *stages: str) -> Record:
    """Run some stages on an empty table; return it."""
    table = blank_table()
    for name in stages:
        wrappers.STAGE_WRAPPERS[name](params, world, table)
    return table


def numbers(scene: Scene, params: Record, world: Record, table: Record) -> bytes:
    """Return what a choice is made from, to see whether an input touches it."""
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
        names = ("value_of_outcome", "aid_cost", "cost_while_war")
        parts += [params[name][0] for name in names]
    return b"".join(np.asarray(part).tobytes() for part in parts)
