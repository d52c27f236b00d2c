"""What a decision compares, in numbers: the form that all its accounts have."""

import math
from dataclasses import dataclass
from typing import NamedTuple

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
