"""Files of facts read and checked, with the scenarios that they are about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import InputMissingError, ScenarioError
from sim.scenario.facts import Fact, FactFile
from sim.scenario.library import (
    exists,
    find,
    known,
    read_file,
    shipped_folder,
    suggestion,
)
from sim.scenario.load import Loaded, load
from sim.scenario.messages import problems_of
from sim.scenario.parties import Belligerent
from sim.scenario.problems import KeyPath, Place, Problem, report
from sim.scenario.references import did_you_mean
from sim.scenario.yaml_file import MAX_BYTES, Document, read


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
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
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
    if exists(path.is_file):
        return path
    listed = ", ".join(ours)
    raise InputMissingError(
        f"there is no file of facts {facts}{suggestion(path)}; these are shipped: "
        f"{listed}"
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
    if Path(name).is_absolute() or not exists(beside.is_file):
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
            text = f"day {day} is later than the date of the fact, day {seen}"
            yield (*here, "coded", field), text


def days_needed(facts: tuple[Fact, ...], loaded: Loaded, until: date) -> int:
    """Return how many days of a scenario have to be run to tell its facts.

    Up to the day `until`, on which a forecast is made, or one day if it begins then.
    """
    known_days = (until - loaded.scenario.start_date).days
    return max(known_days, *map(days_named, facts), 1)


def days_named(fact: Fact) -> int:
    """Return how many days it takes to see the last that a fact names; 0 if none."""
    named = (getattr(fact.coded, field, -1) + 1 for field in ("to_day", "day"))
    return max(named)
