"""One decision taken apart: two worths compared, their parts, and what would turn it.

A side that answers an offer compares what accepting is worth to it with what fighting
on is worth; an author compares its best offer with the next best; a patron compares
levels of aid. The parts, one for each thing that weighs, sum to the difference; the
error of judgement is added to it, what the party wants beyond by its policy (its
aspiration) is taken from it, and the sign decides. Worth is in km2.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import NamedTuple

from sim.analysis.decisions.inputs import Parameters, day_inputs
from sim.analysis.decisions.payoffs import ROUNDING, Account
from sim.analysis.decisions.thresholds import Flip, flips
from sim.analysis.decisions.weighing import account
from sim.model.policies import Policy
from sim.model.world import Scene, walk
from sim.scenario.load import Loaded

_MOST_NEAR = 4


class Span(NamedTuple):
    """What both worths become if one input is as low, or as high, as it may be."""

    path: str
    end: str
    number: float
    first: float
    second: float

    @property
    def gap(self) -> float:
        """How much more the first is worth than the second."""
        return self.first - self.second


@dataclass(frozen=True, eq=False)
class Decision(Scene):
    """A decision of one party, the numbers that it rests on, and what would turn it."""

    account: Account = field(kw_only=True)
    parameters: Parameters = field(kw_only=True)

    @property
    def choice(self) -> str:
        """What was chosen: "accept", an offer, conditions, a level of aid."""
        return self.account.choice

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

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """Where each input alone would turn the decision, the smallest change first.

        None for one that a policy took against these numbers: they do not explain it.
        """
        if self.by_policy and self.account.decided_by == "policy":
            return ()
        return tuple(flips(self, self.parameters))

    @property
    def smallest(self) -> Flip | None:
        """The smallest single change that turns the decision, if one does."""
        return next((each for each in self.flips[:1] if each.at is not None), None)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Both worths with each input at its `low` and at its `high`, one at a time."""
        return tuple(self._spans())

    def _spans(self) -> Iterator[Span]:
        first, second = self.account.first, self.account.second
        for given in day_inputs(self, self.parameters):
            if given.low is None or given.high is None:
                continue
            found = []
            for end, number in (("low", given.low), ("high", given.high)):
                inside = min(max(number, given.lowest), given.highest)
                numbers = given.at(inside)
                if numbers is not None:
                    then = account(self, *numbers)
                    worths = then.worth_of(first.name), then.worth_of(second.name)
                    found.append(Span(given.path, end, inside, *worths))
            now = first.worth, second.worth
            if any((each.first, each.second) != now for each in found):
                yield from found


def decisions(
    loaded: Loaded,
    *,
    seed: int = 1,
    replicate: int = 0,
    policies: Mapping[str, Policy] | None = None,
) -> list[Decision]:
    """Return every decision of a world, in the order in which they are taken.

    `policies` are those of `sim.model.world.Walk`. ArithmeticError if the parts of one
    do not sum to its difference, which would be a fault of the model.
    """
    parameters = Parameters(loaded)
    scenes = walk(loaded, seed, replicate, policies).scenes
    return [decision(scene, parameters) for scene in scenes]


def decision(scene: Scene, parameters: Parameters | None = None) -> Decision:
    """Take one scene apart; errors as `decisions`."""
    told = account(scene)
    if abs(told.sum_of_parts - told.difference) > ROUNDING:
        raise ArithmeticError(
            f"day {scene.day}, {scene.actor}: the parts sum to "
            f"{told.sum_of_parts}, not to {told.difference}"
        )
    seen = {each.name: getattr(scene, each.name) for each in fields(Scene)}
    known = parameters or Parameters(scene.loaded)
    return Decision(**seen, account=told, parameters=known)


def nearest_days(found: Sequence[Decision], day: int) -> list[int]:
    """Return the days of decisions that are nearest to a day, in order."""
    days = sorted({each.day for each in found}, key=lambda other: abs(other - day))
    return sorted(days[:_MOST_NEAR])
