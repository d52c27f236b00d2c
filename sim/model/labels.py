"""Names of what a record holds by number: parties, chips, offers, and the calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

from sim.model.state import NOBODY


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
