"""Names of what a record holds by number: parties, chips, offers, and the calendar."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from sim.model.state import NOBODY, PATRON
from sim.scenario.parties import Condition
from sim.scenario.schema import Scenario

CONDITION_BITS = {name: 1 << i for i, name in enumerate(get_args(Condition))}


@dataclass(frozen=True)
class Labels:
    """Who and what the numbers of a record stand for.

    `parties` are side 0, side 1 and, if there is one, the patron. What people read are
    `party_labels` and `chip_labels`; a full chip has `fulls` of `units`, and `holders`
    are the parties that hold one.
    """

    parties: tuple[str, ...]
    party_labels: tuple[str, ...]
    chips: tuple[str, ...]
    chip_labels: tuple[str, ...]
    fulls: tuple[float, ...]
    units: tuple[str, ...]
    holders: tuple[str, ...]
    regimes: tuple[tuple[str, ...], ...]
    offers: tuple[str, ...]
    start_date: date
    step_days: int

    @property
    def sides(self) -> tuple[str, ...]:
        """Ids of side 0 and side 1."""
        return self.parties[:2]

    def party_label(self, name: str) -> str:
        """What a party is called, by its id."""
        return self.party_labels[self.parties.index(name)]

    def chip_label(self, name: str) -> str:
        """What a chip is called, by its id."""
        return self.chip_labels[self.chips.index(name)]

    def party(self, seat: int) -> str | None:
        """Id of a seat; None for NOBODY."""
        return None if seat == NOBODY else self.parties[seat]

    def offer(self, index: int) -> str | None:
        """Id of an offer; None for NOBODY."""
        return None if index == NOBODY else self.offers[index]

    def day(self, step: int) -> int:
        """Day on which a step begins."""
        return step * self.step_days

    def date(self, step: int) -> date:
        """Date on which a step begins."""
        return self.start_date + timedelta(days=self.day(step))


def seats(scenario: Scenario) -> dict[str, int]:
    """Party ids and their seats: side 0, side 1 and, if there is one, the patron."""
    found = {name: seat for seat, name in enumerate(scenario.sides)}
    if scenario.patron is not None:
        found[scenario.patron] = PATRON
    return found


def labels_of(scenario: Scenario) -> Labels:
    """Return what the numbers of a record of this scenario stand for."""
    parties, chips = tuple(seats(scenario)), scenario.chips.values()
    return Labels(
        parties=parties,
        party_labels=tuple(scenario.parties[name].label for name in parties),
        chips=tuple(scenario.chips),
        chip_labels=tuple(chip.label for chip in chips),
        fulls=tuple(chip.full for chip in chips),
        units=tuple(chip.unit for chip in chips),
        holders=tuple(chip.holder for chip in chips),
        regimes=tuple(tuple(chip.regimes) for chip in chips),
        offers=tuple(scenario.negotiation.offers),
        start_date=scenario.start_date,
        step_days=scenario.step_days,
    )
