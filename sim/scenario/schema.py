"""Everything a scenario can say, with unit, range and default of each field.

Rates and chances are per week whatever the step; values are in km2, as much as holding
that many km2 of the stake for ever. Defaults take no side; those that follow from other
values (`defaults.py`) are filled in before validation. Ranges are those in which the
formulas are defined; "usually" gives what is known of wars.

Validation needs the names of the scenario as context: use `load.load`, not these
models alone.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from sim.scenario.aid import Aid
from sim.scenario.land import Chip, Front
from sim.scenario.negotiation import Event, Negotiation, Truce, one_offer_a_day
from sim.scenario.parties import Party
from sim.scenario.references import MAX_CHIPS
from sim.scenario.types import (
    Block,
    Day,
    Days,
    Id,
    Patience,
    Prose,
    Share,
    prose,
    wrong,
)


class Scenario(Block):
    """A situation: parties, front, chips, rules of talks, and what is to come."""

    schema_version: Literal[2] = 2
    """Version of this format."""
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    """Short name: letters, digits, dot, dash, underscore."""
    title: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(prose)]
    """One line that says what the situation is."""
    notes: Prose = ""
    """Remarks; they do not enter the hash."""
    sources: tuple[Prose, ...] = ()
    """Credits; they do not enter the hash."""
    start_date: Day
    """Day 0."""
    horizon_days: Days = 180
    """Days simulated, 1 to 3660."""
    step_days: Days = 1
    """Days per step; divides round_every_days."""
    discount_factor_per_week: Patience = 0.98
    """Weight of the next week, 1e-6 to 0.9999999, usually 0.95 to 0.998."""
    territory_flow: Share = 1.0
    """Share of the worth of land enjoyed while fighting, usually 0.5 to 1."""
    front: Front
    """The stake and the line of contact."""
    parties: dict[Id, Party] = Field(
        json_schema_extra={"minProperties": 2, "maxProperties": 3}
    )
    """Two belligerents and at most one patron, by name."""
    aid: Aid = Aid()
    """Aid of the patron."""
    chips: dict[Id, Chip] = Field(
        default_factory=dict, json_schema_extra={"maxProperties": MAX_CHIPS}
    )
    """What is held outside the stake, by name, up to 4."""
    truce: Truce = Truce()
    """How a truce ends."""
    negotiation: Negotiation
    """Who may offer what, and when."""
    timeline: Annotated[
        tuple[Event, ...], Field(max_length=64), AfterValidator(one_offer_a_day)
    ] = ()
    """What is known to happen, by date."""

    @field_validator("start_date")
    @classmethod
    def _ends_within_the_calendar(cls, start: date) -> date:
        if not 1800 <= start.year <= 2200:
            raise wrong(f"{start} is outside the years 1800 to 2200")
        return start

    @property
    def sides(self) -> tuple[str, str]:
        """Names of side 0 (`front.side`) and side 1, the other belligerent."""
        fighting = [name for name, p in self.parties.items() if p.role == "belligerent"]
        return self.front.side, next(n for n in fighting if n != self.front.side)

    @property
    def patron(self) -> str | None:
        """Name of the patron, if there is one."""
        names = (name for name, p in self.parties.items() if p.role == "patron")
        return next(names, None)
