"""Kinds of values a scenario is made of: numbers with a range, days, references.

The name of a type is the unit. A bad value raises here with the text that the user
reads; `messages.py` adds where it stands.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from sim.errors import control_in
from sim.scenario.references import Names

RESERVED = frozenset({"value", "low", "high", "source", "note", "private"})

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def wrong(
    message: str, field: str = "", *, meant: tuple[str, list[str]] | None = None
) -> PydanticCustomError:
    """Return an error to raise; `field` is the part of the value it is about.

    `meant` is a name nobody has, with those that there are, to suggest a near one.
    """
    # As context, because pydantic would take braces in a message for placeholders.
    context = {"message": message, "field": field, "meant": meant}
    return PydanticCustomError("scenario", "wrong", context)


def shown(value: object) -> str:
    """Return a value as a message shows it: short, on one line, printable.

    >>> shown("x" * 60)
    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...'"
    """
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, str) and len(value) > 39:
        value = f"{value[:36]}..."
    text = ascii(value).removesuffix(".0")
    return text if len(text) <= 60 else f"{text[:57]}..."


class Block(BaseModel):
    """A part of a scenario: unknown fields are refused, values never change.

    The text below a field is its description, in the JSON Schema and elsewhere.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_default=True,
        use_attribute_docstrings=True,
    )


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(f"needs a number, not {shown(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise wrong(f"needs a finite number, not {shown(value)}")
    return number + 0.0  # -0.0 becomes 0.0, so that both have one hash


def _whole(value: object) -> int:
    number = _number(value)
    if number != int(number):
        raise wrong(f"needs a whole number, not {shown(value)}")
    return int(number)


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise wrong(f"needs a date such as 2025-03-13, not {shown(value)}")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise wrong(f"{value} is not a day of the calendar") from None


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise wrong(
            f"{shown(value)} is not a plain name: up to 40 letters a-z, digits and _"
        )
    if value in RESERVED:
        raise wrong(f"'{value}' cannot be a name here: it is a part of a quantity")
    return value


def prose(value: str) -> str:
    """Return words for a reader, if they cannot steer a terminal."""
    if odd := control_in(value):
        raise wrong(odd)
    return value


def names_of(info: ValidationInfo) -> Names:
    """Return the names of the scenario under validation."""
    return cast("Names | None", info.context) or Names()


def _reference(
    kind: str, known: Callable[[Names], object]
) -> Callable[[str, ValidationInfo], str]:
    def check(value: str, info: ValidationInfo) -> str:
        options = list(cast("list[str]", known(names_of(info))))
        if value not in options:
            text = f"{shown(value)} is not {kind} of this scenario"
            raise wrong(text, meant=(value, options))
        return value

    return check


MOST_STAKES = 10


@dataclass(frozen=True)
class InStakes:
    """Bounds of a value in km2, as multiples of the stake of its scenario."""

    low: float
    high: float


def _in_stakes(value: float, info: ValidationInfo) -> float:
    stake = names_of(info).stake_km2
    if stake is not None and abs(value) > MOST_STAKES * stake:
        raise wrong(
            f"{value:.12g} km2 is more than {MOST_STAKES} times the stake, "
            f"{stake:.12g} km2"
        )
    return value


def _in_stake(value: float, info: ValidationInfo) -> float:
    stake = names_of(info).stake_km2
    if stake is not None and value > stake:
        raise wrong(f"{value:.12g} km2 is outside the stake of {stake:.12g} km2")
    return value


def _in_horizon(value: date, info: ValidationInfo) -> date:
    first, last = names_of(info).first_day, names_of(info).last_day
    if first and last and not first <= value <= last:
        raise wrong(f"{value} is outside the days of the scenario, {first} to {last}")
    return value


_number_of = BeforeValidator(_number)
_whole_of = BeforeValidator(_whole)

Share = Annotated[float, Field(ge=0, le=1), _number_of]
"""A part of a whole, or a chance, in [0, 1]."""
LEAST_DISCOUNT = 1e-6
Patience = Annotated[float, Field(ge=LEAST_DISCOUNT, le=1 - 1e-7), _number_of]
"""A discount factor: closer to 0 or 1, values of war would be mostly rounding."""
Worth = Annotated[
    float, AfterValidator(_in_stakes), InStakes(-MOST_STAKES, MOST_STAKES), _number_of
]
"""A value in km2: as much as that many km2 of the stake, held for ever."""
Cost = Annotated[
    float, Field(ge=0), AfterValidator(_in_stakes), InStakes(0, MOST_STAKES), _number_of
]
"""A value in km2 that is not negative."""
InStake = Annotated[
    float, Field(ge=0), AfterValidator(_in_stake), InStakes(0, 1), _number_of
]
"""A part of the stake, in km2."""
Drift = Annotated[float, Field(ge=-1e6, le=1e6), _number_of]
"""A drift of the line, km2 a week."""
Spread = Annotated[float, Field(ge=0, le=1e6), _number_of]
"""Standard deviation of a week's change of the line, km2."""
Factor = Annotated[float, Field(ge=-10, le=10), _number_of]
"""A worth by unit of something else."""
Shift = Annotated[float, Field(ge=-20, le=20), _number_of]
"""A shift of a log-hazard."""
Effect = Annotated[float, Field(ge=0, le=20), _number_of]
"""A shift of a log-hazard in a known direction."""
Level = Annotated[float, Field(ge=0, le=10), _number_of]
"""A level of aid or effort; 1 is the norm."""
Rate = Annotated[float, Field(ge=0, le=1000), _number_of]
"""A rate a week, as a count or per square root of a week."""
Weight = Annotated[float, Field(ge=0, le=1e9), _number_of]
"""A weight; only the ratio to other weights counts."""
Area = Annotated[float, Field(ge=0, le=1e8), _number_of]
"""An area in km2; 1e8 is two thirds of all land on Earth."""
SomeArea = Annotated[float, Field(gt=0, le=1e8), _number_of]
"""An area in km2 that is not 0."""
Amount = Annotated[float, Field(ge=0, le=1e12), _number_of]
"""How much there is of something that is no land."""
SomeAmount = Annotated[float, Field(gt=0, le=1e12), _number_of]
"""An amount that is not 0."""
Positive = Annotated[float, Field(gt=0, le=1e9), _number_of]
"""A number above 0."""
Weeks = Annotated[float, Field(ge=0, le=1000), _number_of]
"""A time in weeks."""
Days = Annotated[int, Field(ge=1, le=3660), _whole_of]
"""A time in whole days, at least 1."""
Duration = Annotated[int, Field(ge=1, le=36600), _whole_of]
"""The length of an agreement in whole days, up to a century."""
Wait = Annotated[int, Field(ge=0, le=3660), _whole_of]
"""A time in whole days, 0 if at once."""

Day = Annotated[date, BeforeValidator(_day)]
DayInHorizon = Annotated[date, BeforeValidator(_day), AfterValidator(_in_horizon)]
Id = Annotated[str, AfterValidator(_id)]
Prose = Annotated[str, AfterValidator(prose)]
"""Words for a reader, as they are printed."""
Label = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(prose)]
"""What something is called in sentences and figures."""
PartyName = Annotated[str, AfterValidator(_reference("a party", lambda n: n.parties))]
BelligerentName = Annotated[
    str, AfterValidator(_reference("a belligerent", lambda n: n.belligerents))
]
ChipName = Annotated[str, AfterValidator(_reference("a chip", lambda n: n.regimes))]
OfferName = Annotated[str, AfterValidator(_reference("an offer", lambda n: n.authors))]


def without_repeats(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words if they differ; the error names the first repeated one."""
    for i, word in enumerate(words):
        if word in words[:i]:
            raise wrong(f"'{word}' is named twice", field=str(i))
    return words
