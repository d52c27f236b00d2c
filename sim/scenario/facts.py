"""Files of facts: what was seen of a war, each coded as a statement on a world.

A fact is true of a simulated world or not, or it is a number that was measured with an
error. Facts are coded before anything is run; `coded` says how.
"""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from sim.scenario.parties import Condition
from sim.scenario.types import (
    Amount,
    Area,
    Block,
    Day,
    Id,
    Label,
    Level,
    Positive,
    Prose,
    Share,
    Wait,
    prose,
    without_repeats,
    wrong,
)

MOST_FACTS = 32
MISCODED = 0.02  # chance that a fact is coded wrongly

Answer = Literal["accept", "reject", "conditional"]


class FirstAnswer(Block):
    """How a party answers an offer the first time that it is put."""

    name: Literal["first_answer"]
    """This kind of fact."""
    party: str
    """Who answers: a belligerent."""
    offer: str
    """The offer."""
    answer: Answer
    """What it answers."""
    including: Annotated[tuple[Condition, ...], AfterValidator(without_repeats)] = ()
    """Conditions that it names, among others; of a conditional answer."""

    @field_validator("including")
    @classmethod
    def _are_of_a_conditional(
        cls, including: tuple[str, ...], info: ValidationInfo
    ) -> tuple[str, ...]:
        if including and info.data.get("answer") != "conditional":
            raise wrong("belongs to a conditional answer")
        return including


class AnswerToCounterOffer(Block):
    """How a party answers the first counter-offer that follows an offer."""

    name: Literal["answer_to_counter_offer"]
    """This kind of fact."""
    party: str
    """Who answers: a belligerent."""
    offer: str
    """The offer on which the other side set conditions."""
    answer: Literal["accept", "reject"]
    """What it answers."""


class EveryAnswer(Block):
    """All answers of a party to an offer, up to the decision day, are the same.

    True where it is never put.
    """

    name: Literal["every_answer"]
    """This kind of fact."""
    party: str
    """Who answers: a belligerent."""
    offer: str
    """The offer."""
    answer: Answer
    """What it answers every time."""


class TruceBegins(Block):
    """Whether a truce begins between two days."""

    name: Literal["truce"]
    """This kind of fact."""
    kind: Literal["full", "partial"]
    """Of all fighting, or of some kinds of attack."""
    begins: bool
    """Whether one does."""
    from_day: Wait
    """First day, counted from the start of the scenario."""
    to_day: Wait
    """Last day."""

    @field_validator("to_day")
    @classmethod
    def _comes_after(cls, last: int, info: ValidationInfo) -> int:
        first = info.data.get("from_day", 0)
        if last < first:
            raise wrong(f"{last} is before from_day, {first}")
        return last


class Refusals(Block):
    """How often a party refuses, up to the day of the fact."""

    name: Literal["refusals"]
    """This kind of fact."""
    party: str
    """Who refuses: a belligerent."""
    count: Wait
    """How often; the fact's tolerance says how many more or fewer will do."""


class AidLevel(Block):
    """The level of aid at the end of a day; the fact's tolerance is its error."""

    name: Literal["aid_level"]
    """This kind of fact."""
    day: Wait
    """The day."""
    level: Level
    """The level that was measured; 1 is the norm."""


class ChipSize(Block):
    """How much is left of a chip at the end of a day; the tolerance is its error."""

    name: Literal["chip"]
    """This kind of fact."""
    chip: str
    """The chip."""
    day: Wait
    """The day."""
    size: Amount
    """What was measured, in the unit of the chip."""


class LineHeld(Block):
    """Where the line is at the end of a day; the fact's tolerance is its error."""

    name: Literal["line"]
    """This kind of fact."""
    day: Wait
    """The day."""
    held_km2: Area
    """What `front.side` then holds of the stake, as it was measured."""


Coded = Annotated[
    FirstAnswer
    | AnswerToCounterOffer
    | EveryAnswer
    | TruceBegins
    | Refusals
    | AidLevel
    | ChipSize
    | LineHeld,
    Field(discriminator="name"),
]
MEASURED = (AidLevel, ChipSize, LineHeld)


class Fact(Block):
    """One fact: in words, and as a statement on a world of a scenario."""

    id: Id
    """Its name."""
    scenario: str
    """The scenario whose worlds it is about: an id, or a path from this file."""
    date: Day
    """When it was known."""
    statement: Annotated[
        str, Field(min_length=1, max_length=300), AfterValidator(prose)
    ]
    """What happened, in words."""
    coded: Coded
    """The same as a statement on a world."""
    tolerance: Positive | None = None
    """Of a number its standard error, of a count how far it may be off."""
    source: Prose = ""
    """Where it was found."""
    note: Prose = ""
    """Remarks."""

    @property
    def is_measured(self) -> bool:
        """Whether it is a number with an error, rather than true or false."""
        return isinstance(self.coded, MEASURED)

    @model_validator(mode="after")
    def _has_an_error_if_measured(self) -> "Fact":
        if self.is_measured and self.tolerance is None:
            raise wrong("is missing: the standard error", field="tolerance")
        has_one = self.is_measured or isinstance(self.coded, Refusals)
        if self.tolerance is not None and not has_one:
            raise wrong("belongs to a number or a count", field="tolerance")
        return self


class Rate(Block):
    """What others say of an outcome: its share in other wars, or a forecast."""

    outcome: Literal["full_truce_share", "fighting_stopped_share"]
    """The headline that it may be set beside."""
    low: Share
    """Least of what was given."""
    high: Share
    """Most; the same where one number was given."""
    label: Label
    """What it is."""
    source: Prose = ""
    """Where it was found."""
    note: Prose = ""
    """In what it differs from the headline."""


class FactFile(Block):
    """What was seen of a war up to a day."""

    schema_version: Literal[1] = 1
    """Version of this format."""
    title: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(prose)]
    """One line that says what the facts are about."""
    notes: Prose = ""
    """Remarks."""
    miscoded: Annotated[float, Field(gt=0, le=0.5)] = MISCODED
    """Chance that a fact is coded wrongly, the same for all."""
    facts: Annotated[tuple[Fact, ...], Field(min_length=1, max_length=MOST_FACTS)]
    """The facts."""
    beside: Annotated[tuple[Rate, ...], Field(max_length=8)] = ()
    """Base rates and forecasts to look at beside the answer; they enter nothing."""
