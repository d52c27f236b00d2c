"""One decision taken apart: two numbers compared, and the parts of their difference.

A side that answers an offer compares what accepting is worth to it with what fighting
on is worth. The parts, one for each thing that weighs in the offer, sum to the
difference; the error of judgement is added to it, what the party wants beyond fighting
on by its policy (its aspiration) is taken from it, and the sign decides. Worth is in
shares of the stake.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.analysis.story import ANSWERS, PROPOSALS
from sim.analysis.telling import REASON_WORDS, sentence

Event = Mapping[str, Any]

# Both numbers went through sums of their own; a decision this close is a tie.
ROUNDING = 1e-9
_MOST_NEAR = 4


@dataclass(frozen=True)
class Decision:
    """An answer of one party, and the numbers that it rests on.

    `event` is the answer and `proposal` the offer that it answers, both as in
    `run --json`; an extension of a truce is on the table without a proposal.
    """

    event: Event
    proposal: Event | None

    @property
    def day(self) -> int:
        """Day of the answer."""
        return int(self.event["day"])

    @property
    def actor(self) -> str:
        """Id of the party that answers."""
        return str(self.event["actor"])

    @property
    def accept(self) -> float:
        """Worth of accepting, the error of judgement left out."""
        return float(self.event["reason"]["accept"])

    @property
    def fight_on(self) -> float:
        """Worth of fighting on."""
        return float(self.event["reason"]["fight_on"])

    @property
    def noise(self) -> float:
        """Error of judgement that is added to the difference."""
        return float(self.event["reason"]["noise"])

    @property
    def parts(self) -> dict[str, float]:
        """What weighs for accepting (above 0) or against it; sums to `difference`."""
        return dict(self.event["reason"]["parts"])

    @property
    def difference(self) -> float:
        """Worth of accepting less that of fighting on."""
        return self.accept - self.fight_on

    @property
    def aspiration(self) -> float:
        """What the party wants beyond fighting on, by its policy."""
        return float(self.event["reason"]["aspiration"])

    @property
    def weighed(self) -> float:
        """The difference as the party judges it: not below 0 speaks for accepting."""
        return self.difference + self.noise - self.aspiration

    @property
    def sum_of_parts(self) -> float:
        """Sum of the parts, which is the difference."""
        return math.fsum(self.parts.values())

    @property
    def accepts(self) -> bool:
        """Whether the party takes the offer as it is."""
        return bool(self.event["type"] == "acceptance")

    @property
    def decided_by(self) -> str:
        """What settled the answer: "worth", "aspiration", "noise" or a "policy".

        The last is one whose answer these numbers do not explain.
        """
        if (self.weighed >= 0.0) != self.accepts and abs(self.weighed) > ROUNDING:
            return "policy"
        beyond = self.difference - self.aspiration
        if (beyond >= 0.0) != self.accepts and abs(beyond) > ROUNDING:
            return "noise"
        against = (self.difference >= 0.0) != self.accepts
        return "aspiration" if against and abs(self.difference) > ROUNDING else "worth"

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as plain data: one of `decisions` of `why --json`."""
        proposal = self.proposal
        return {
            "day": self.day,
            "date": self.event["date"],
            "party": self.actor,
            "answer": self.event["type"],
            "conditions": list(self.event["terms"].get("conditions", [])),
            "offer": self.event["offer"],
            "offered_by": proposal["actor"] if proposal else None,
            "terms": proposal["terms"] if proposal else {},
            "accept": self.accept,
            "fight_on": self.fight_on,
            "difference": self.difference,
            "parts": self.parts,
            "sum_of_parts": self.sum_of_parts,
            "noise": self.noise,
            "aspiration": self.aspiration,
            "weighed": self.weighed,
            "decided_by": self.decided_by,
            "text": in_words(self),
        }


def decisions(events: Sequence[Event]) -> list[Decision]:
    """Return all answers of a run that have a reason, in order, each with its offer.

    Raises
    ------
    ArithmeticError
        If the parts of one do not sum to its difference, which would be a fault of
        the model.
    """
    found: list[Decision] = []
    proposal: Event | None = None
    for event in events:
        if event["type"] in PROPOSALS:
            proposal = event
        if event["type"] not in ANSWERS or not event["reason"]:
            continue
        extends = event["terms"].get("extension", False)
        decision = Decision(event, None if extends else proposal)
        if abs(decision.sum_of_parts - decision.difference) > ROUNDING:
            raise ArithmeticError(
                f"day {decision.day}, {decision.actor}: the parts sum to "
                f"{decision.sum_of_parts}, not to {decision.difference}"
            )
        found.append(decision)
    return found


def nearest_days(found: Sequence[Decision], day: int) -> list[int]:
    """Return the days of decisions that are nearest to a day, in order."""
    days = sorted({each.day for each in found}, key=lambda other: abs(other - day))
    return sorted(days[:_MOST_NEAR])


def in_words(decision: Decision) -> str:
    """Return a decision in neutral sentences: the answer, and what settled it."""
    answer = sentence(decision.event, reasons=False)
    size = abs(decision.difference)
    if size <= ROUNDING:
        compared = "To it accepting and fighting on are worth the same"
    else:
        more = "more" if decision.difference > 0.0 else "less"
        compared = f"To it accepting is worth {size:.6f} {more} than fighting on"
    if decision.decided_by == "aspiration":
        compared += f"; it wants {decision.aspiration:.6f} more than that"
    elif decision.decided_by == "noise":
        compared += f"; the error of its judgement, {decision.noise:+.6f}, decides"
    elif decision.decided_by == "policy":
        compared += "; its policy answers otherwise than these numbers alone would"
    return f"{answer} {compared}."


def part_in_words(name: str) -> str:
    """Return what a part stands for.

    >>> part_in_words("aid")
    'what becomes of the aid'
    """
    return REASON_WORDS.get(name, name.replace("_", " "))
