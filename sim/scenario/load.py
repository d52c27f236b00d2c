"""Read a scenario, check it whole, and vary it.

>>> flagship = load("kursk-2025-03-13", set={"chips.kursk.area_km2": 400})
>>> flagship.scenario.chips["kursk"].area_km2
400.0
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath

from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.given import by_name
from sim.scenario.assign import assign
from sim.scenario.defaults import DERIVED, completed
from sim.scenario.files import read_with_parents
from sim.scenario.find import find
from sim.scenario.messages import problems_of
from sim.scenario.names import Finding, disorder, gather, is_crowd
from sim.scenario.problems import Path, Place, Problem, report
from sim.scenario.quantities import Parted, is_written, part, written_at
from sim.scenario.schema import Scenario

PROSE = frozenset({"schema_version", "id", "title", "notes", "sources"})


@dataclass(frozen=True)
class Loaded:
    """A valid scenario, with where it comes from.

    `hash` is the SHA-256 of all resolved parameters, defaults included: comments, the
    order of keys and files, prose (`PROSE`), sources, notes, `low` and `high` do not
    enter it, since the result of a run does not depend on them.
    """

    scenario: Scenario
    hash: str
    files: tuple[FilePath, ...]
    parted: Parted = field(repr=False)


def load(
    scenario: str | FilePath | Loaded, *, set: Mapping[str, object] | None = None
) -> Loaded:
    """Load a scenario by id or path, with some values changed.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before.
    set
        New values by dotted path, such as `{"chips.kursk.area_km2": 400}`.

    Raises
    ------
    ScenarioError
        With all mistakes of the file, or else all those of `set`.
    InputMissingError
        If there is no such scenario or file.
    """
    loaded = scenario if isinstance(scenario, Loaded) else _load(find(scenario))
    changes = by_name("--set", set)
    return resolve(loaded, changes) if changes else loaded


def resolve(loaded: Loaded, set: Mapping[str, object]) -> Loaded:
    """Return the scenario with other values at some dotted paths; reads no file.

    Raises
    ------
    ScenarioError
        If a path is unknown, or the scenario would not be valid; names all of it.
    """
    scenario, parted = changed(loaded, set)
    return replace(loaded, scenario=scenario, hash=hash_of(scenario), parted=parted)


def changed(loaded: Loaded, set: Mapping[str, object]) -> tuple[Scenario, Parted]:
    """Return the scenario with other values, and how it is then written.

    What `resolve` does, but for the hash, which takes a third of the time. Errors as
    `resolve`.
    """
    parted, problems = assign(loaded.scenario, loaded.parted, set)
    scenario, found = _validated(parted)
    problems += [Problem(problem.path, problem.message) for problem in found]
    if scenario is None or problems:
        raise report(problems)
    return scenario, parted


def rebuilt(written: object, file: FilePath) -> Loaded:
    """Return a scenario from the values it was written with: `Loaded.parted.data`.

    Defaults are filled in anew, since some follow from other values, which may be
    changed. What was known about the values is lost. `file` is where they are kept.

    Raises
    ------
    ScenarioError
        If they are no scenario.
    """
    if not isinstance(written, dict):
        raise ScenarioError("a scenario is a mapping of fields")
    parted = Parted(written)
    scenario, problems = _validated(parted)
    if scenario is None or problems:
        raise report(problems)
    return Loaded(scenario, hash_of(scenario), (file,), parted)


def hash_of(scenario: Scenario) -> str:
    """Return the SHA-256 of the parameters of a scenario, in hexadecimal."""
    parameters = scenario.model_dump(mode="json", exclude=set(PROSE))
    text = json.dumps(
        parameters, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _load(file: FilePath) -> Loaded:
    sources = read_with_parents(file)
    parted = part(sources.document)
    scenario, problems = _validated(parted)
    if scenario is None or problems or parted.problems:
        raise report([*parted.problems, *problems])
    return Loaded(scenario, hash_of(scenario), sources.files, parted)


def _validated(parted: Parted) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario, if it is valid, and what is wrong with it."""
    data = completed(parted.data)
    scenario = None
    found = list(disorder(data))
    if is_crowd(data):
        return None, _located(found, parted)
    try:
        scenario = Scenario.model_validate(data, context=gather(data))
    except ValidationError as error:
        found += problems_of(error)
    return scenario, _located(found, parted)


def _located(found: Iterable[Finding], parted: Parted) -> list[Problem]:
    reported = {problem.path for problem in parted.problems}
    problems: list[Problem] = []
    echoes: list[Problem] = []
    for path, message, about_name in found:
        if path in reported:
            continue
        problem = Problem(path, message, _place(parted, path, about_name))
        # What a default is made from is reported itself.
        echo = not is_written(parted.data, path) and not DERIVED.isdisjoint(path)
        (echoes if echo else problems).append(problem)
    return problems if problems or parted.problems else echoes


def _place(parted: Parted, path: Path, about_name: bool) -> Place | None:
    """Return the place of a value, of its name, or of the block it is missing from."""
    at_name = about_name or isinstance(written_at(parted.data, path), dict)
    if path in parted.values and not (at_name and path in parted.keys):
        return parted.values[path]
    while path:
        if path in parted.keys:
            return parted.keys[path]
        if path in parted.values:
            return parted.values[path]
        path = path[:-1]
    root = parted.values.get(())
    return replace(root, line=root.line, column=1) if root else None
