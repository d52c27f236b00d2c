"""One decision taken apart: two worths compared, their parts, and what would turn it.

A side that answers an offer compares what accepting is worth to it with what fighting
on is worth; an author compares its best offer with the next best; a patron compares
levels of aid. The parts, one for each thing that weighs, sum to the difference; the
error of judgement is added to it, what the party wants beyond by its policy (its
aspiration) is taken from it, and the sign decides. Worth is in shares of the stake.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from sim.analysis.decisions.inputs import Parameters, day_inputs
from sim.analysis.decisions.payoffs import ROUNDING, Account
from sim.analysis.decisions.thresholds import Flip, flips
from sim.analysis.decisions.weighing import account
from sim.model.world import Scene, walk
from sim.scenario.load import Loaded

Event = Mapping[str, Any]

_MOST_NEAR = 4


class Span(NamedTuple):
    """What both worths become if one input is as low, or as high, as it may be."""

    path: str
    end: str
    number: float
    first: float
    second: float


@dataclass(frozen=True, eq=False)
class Decision:
    """A decision of one party, the numbers that it rests on, and what would turn it."""

    scene: Scene
    account: Account
    parameters: Parameters

    # ---- who, when, what -------------------------------------------------------------

    @property
    def kind(self) -> str:
        """One of the kinds of `sim.model.world.Scene`."""
        return self.scene.kind

    @property
    def day(self) -> int:
        """Day of the decision."""
        return self.scene.day

    @property
    def date(self) -> str:
        """Date of the decision, ISO."""
        return self.scene.date

    @property
    def actor(self) -> str:
        """Id of the party that decides."""
        return self.scene.actor

    @property
    def event(self) -> Event | None:
        """What was done, as in `run --json`; None where the log has nothing."""
        return self.scene.event

    @property
    def proposal(self) -> Event | None:
        """The offer that is answered; an extension has none."""
        return self.scene.proposal

    @property
    def choice(self) -> str:
        """What was chosen: "accept", an offer, conditions, a level of aid."""
        return self.account.choice

    # ---- what was compared -----------------------------------------------------------

    @property
    def parts(self) -> dict[str, float]:
        """What weighs for the first (above 0) or against; sums to `difference`."""
        return dict(self.account.parts)

    @property
    def difference(self) -> float:
        """Worth of the first less that of the second."""
        return self.account.difference

    @property
    def weighed(self) -> float:
        """The difference as the party judges it: not below 0 speaks for the first."""
        return self.account.weighed

    @property
    def sum_of_parts(self) -> float:
        """Sum of the parts, which is the difference."""
        return math.fsum(self.account.parts.values())

    @property
    def takes_first(self) -> bool:
        """Whether the first of the two is what was chosen."""
        return self.choice == self.account.first.name

    @property
    def decided_by(self) -> str:
        """What settled it: "worth", "aspiration", "noise" or a "policy".

        The last is one whose choice these numbers do not explain.
        """
        return decided_by(self.account)

    # ---- what would turn it ----------------------------------------------------------

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """Where each input alone would turn the decision, the smallest change first."""
        return tuple(flips(self.scene, self.parameters))

    @property
    def smallest(self) -> Flip | None:
        """The smallest single change that turns the decision, if one does."""
        first = self.flips[0] if self.flips else None
        return first if first is not None and first.at is not None else None

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Both worths with each input at its `low` and at its `high`, one at a time."""
        return tuple(_spans(self.scene, self.account, self.parameters))


def decided_by(told: Account) -> str:
    """Return what settled a choice, see `Decision.decided_by`."""
    took = told.choice == told.first.name
    if (told.weighed >= 0.0) != took and abs(told.weighed) > ROUNDING:
        return "policy"
    beyond = told.difference - told.aspiration
    if (beyond >= 0.0) != took and abs(beyond) > ROUNDING:
        return "noise"
    against = (told.difference >= 0.0) != took
    return "aspiration" if against and abs(told.difference) > ROUNDING else "worth"


def decisions(loaded: Loaded, *, seed: int = 1, replicate: int = 0) -> list[Decision]:
    """Return every decision of a world, in the order in which they are taken.

    Raises
    ------
    ArithmeticError
        If the parts of one do not sum to its difference, which would be a fault of
        the model.
    """
    parameters = Parameters(loaded)
    done = walk(loaded, seed, replicate)
    return [decision(scene, parameters) for scene in done.scenes]


def decision(scene: Scene, parameters: Parameters | None = None) -> Decision:
    """Take one scene apart; errors as `decisions`."""
    told = account(scene)
    found = Decision(scene, told, parameters or Parameters(scene.loaded))
    if abs(found.sum_of_parts - found.difference) > ROUNDING:
        raise ArithmeticError(
            f"day {found.day}, {found.actor}: the parts sum to "
            f"{found.sum_of_parts}, not to {found.difference}"
        )
    return found


def nearest_days(found: Sequence[Decision], day: int) -> list[int]:
    """Return the days of decisions that are nearest to a day, in order."""
    days = sorted({each.day for each in found}, key=lambda other: abs(other - day))
    return sorted(days[:_MOST_NEAR])


def _spans(scene: Scene, told: Account, parameters: Parameters) -> Iterable[Span]:
    """Yield what inputs at their ends make of both worths, if they touch them."""
    for given in day_inputs(scene, parameters):
        if given.low is None or given.high is None:
            continue
        found = []
        for end, number in (("low", given.low), ("high", given.high)):
            inside = min(max(number, given.lowest), given.highest)
            numbers = given.at(inside)
            if numbers is not None:
                then = account(scene, *numbers)
                worths = (
                    then.worth_of(each.name) for each in (told.first, told.second)
                )
                found.append(Span(given.path, end, inside, *worths))
        now = told.first.worth, told.second.worth
        if any((each.first, each.second) != now for each in found):
            yield from found
