"""Files of facts: what was seen of a war, each coded as a statement on a world.

A fact is true of a simulated world or not, or it is a number that was measured with an
error. Facts are coded before anything is run; `coded` says how.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from sim.errors import InputMissingError, ScenarioError
from sim.scenario.library import find, known, read_file, shipped_folder, suggestion
from sim.scenario.load import Loaded, load
from sim.scenario.messages import problems_of
from sim.scenario.parties import Belligerent, Condition
from sim.scenario.problems import KeyPath, Place, Problem, report
from sim.scenario.references import did_you_mean
from sim.scenario.types import (
    Block,
    Day,
    Id,
    Label,
    Positive,
    Prose,
    Share,
    Wait,
    prose,
    without_repeats,
    wrong,
)
from sim.scenario.yaml_file import MAX_BYTES, Document, read

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
    level: float
    """The level that was measured; 1 is the norm."""


class ChipSize(Block):
    """How much is left of a chip at the end of a day; the tolerance is its error."""

    name: Literal["chip"]
    """This kind of fact."""
    chip: str
    """The chip."""
    day: Wait
    """The day."""
    size: float
    """What was measured, in the unit of the chip."""


class LineHeld(Block):
    """Where the line is at the end of a day; the fact's tolerance is its error."""

    name: Literal["line"]
    """This kind of fact."""
    day: Wait
    """The day."""
    held_km2: float
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


@dataclass(frozen=True)
class Facts:
    """A valid file of facts, and the scenarios that they are about, by name there."""

    file: Path
    content: FactFile
    scenarios: dict[str, Loaded]

    @property
    def name(self) -> str:
        """What a command calls it: the name of a shipped file, or its path."""
        ours = shipped_facts().get(self.file.stem)
        return self.file.stem if ours == self.file else str(self.file)

    def of(self, name: str) -> tuple[Fact, ...]:
        """Return the facts about a scenario, in the order of the file."""
        return tuple(fact for fact in self.content.facts if fact.scenario == name)


def shipped_facts() -> dict[str, Path]:
    """Return the files of facts that come with the project, by name."""
    folder = shipped_folder() / "facts"
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def load_facts(facts: str | Path) -> Facts:
    """Read a file of facts, a path or the name of one that is shipped.

    Raises
    ------
    ScenarioError
        With all mistakes, each with line and column.
    InputMissingError
        If the file, or a scenario that it names, is not there.
    """
    file = _found(facts)
    try:
        raw = read_file(file, MAX_BYTES)
    except OSError as error:
        why = error.strerror or error
        raise InputMissingError(f"{file} cannot be read: {why}") from None
    document = read(raw, str(file))
    if not isinstance(document.data, dict):
        place = document.values.get((), Place(str(file), 1, 1, ""))
        shape = Problem((), "a file of facts is a mapping of fields", place)
        raise report(document.problems or [shape])
    problems = list(document.problems)
    content = None
    try:
        content = FactFile.model_validate(document.data)
    except ValidationError as error:
        problems += [
            Problem(path, text, _place(document, path, of_name))
            for path, text, of_name in problems_of(error, FactFile)
        ]
    if content is None or problems:
        raise report(problems)
    scenarios = {}
    for at, fact in enumerate(content.facts):
        if fact.scenario not in scenarios:
            scenarios[fact.scenario] = _scenario(document, at, fact, file)
    problems += [
        Problem(path, text, _place(document, path))
        for at, fact in enumerate(content.facts)
        for path, text in _mismatches(at, fact, content, scenarios[fact.scenario])
    ]
    if problems:
        raise report(problems)
    return Facts(file, content, scenarios)


def _found(facts: str | Path) -> Path:
    path, ours = Path(facts), shipped_facts()
    if str(facts) in ours:
        return ours[str(facts)]
    if path.is_file():
        return path
    listed = ", ".join(ours)
    raise InputMissingError(
        f"no file of facts {facts}{suggestion(path)}; shipped are: {listed}"
    )


def _place(document: Document, path: KeyPath, of_name: bool = False) -> Place | None:
    """Return the place of a value, or of the next block around it."""
    places = (document.keys, document.values)
    for found in places if of_name else reversed(places):
        if path in found:
            return found[path]
    return _place(document, path[:-1]) if path else None


def _scenario(document: Document, at: int, fact: Fact, file: Path) -> Loaded:
    """Return the scenario of a fact, by id, or by path from the file of facts."""
    name = fact.scenario
    path: KeyPath = ("facts", at, "scenario")
    if name in known():
        return load(name)
    beside = file.parent / name
    if not beside.is_file():
        text = f"no scenario '{name}'{did_you_mean(name, known())}"
        raise report([Problem(path, text, _place(document, path))])
    try:
        return load(find(beside))
    except ScenarioError as error:
        first = error.problems[0] if error.problems else error
        text = f"{name} is not valid: {first}"
        raise report([Problem(path, text, _place(document, path))]) from None


def _mismatches(
    at: int, fact: Fact, content: FactFile, loaded: Loaded
) -> Iterator[tuple[KeyPath, str]]:
    """Yield what a fact says that cannot be so in its scenario, and where."""
    here: KeyPath = ("facts", at)
    if fact.id in [other.id for other in content.facts[:at]]:
        yield (*here, "id"), f"'{fact.id}' is named twice"
    scenario = loaded.scenario
    names: dict[str, Any] = {
        "party": [
            name
            for name, each in scenario.parties.items()
            if isinstance(each, Belligerent)
        ],
        "offer": scenario.negotiation.offers,
        "chip": scenario.chips,
    }
    for field, there in names.items():
        name = getattr(fact.coded, field, None)
        if name is not None and name not in there:
            text = f"'{name}' is none of {scenario.id} ({', '.join(there)})"
            yield (*here, "coded", field), f"{text}{did_you_mean(name, there)}"
    if fact.date < scenario.start_date:
        return  # known before the scenario begins, and so before any of its days
    seen = (fact.date - scenario.start_date).days
    for field in ("from_day", "to_day", "day"):
        day = getattr(fact.coded, field, 0)
        if day > seen:
            text = f"day {day} comes after the date of the fact, day {seen}"
            yield (*here, "coded", field), text


def days_needed(facts: tuple[Fact, ...], loaded: Loaded, until: date) -> int:
    """Return how many days of a scenario have to be run to tell its facts.

    Up to the day `until`, on which a forecast is made, or one day if it begins then.
    """
    known_days = (until - loaded.scenario.start_date).days
    named = [
        getattr(fact.coded, field, 0) + 1
        for fact in facts
        for field in ("to_day", "day")
    ]
    return max(known_days, *named, 1)
