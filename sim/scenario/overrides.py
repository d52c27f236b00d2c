"""New values for a scenario already loaded: what `--set PATH=VALUE` does.

A quantity is replaced whole: its `low`, `high`, `private` and `source` go with it.
`PATH.value` changes the number alone.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from numbers import Integral, Real
from typing import Any

from pydantic import BaseModel

from sim.errors import UsageError
from sim.scenario.arguments import plain
from sim.scenario.parties import PrivateCost
from sim.scenario.problems import KeyPath, Problem, dotted, report
from sim.scenario.quantities import Annotation, Sourced, part, written_at
from sim.scenario.references import did_you_mean
from sim.scenario.schema import Scenario
from sim.scenario.types import shown
from sim.scenario.yaml_file import Document, read_text

_FAR = 10**30
_NOTHING = object()


def parse_assignment(text: str, option: str = "--set") -> tuple[str, object]:
    """Return path and value of `PATH=VALUE`; the value is read as YAML.

    `option` is what it was given to, for messages. Raises `UsageError` if there is no
    `=` or nothing before it, `ScenarioError` if the value is not YAML.

    >>> parse_assignment("chips.kursk.area_km2=4e2")
    ('chips.kursk.area_km2', 400.0)
    """
    path, equals, value = text.partition("=")
    path = path.strip()
    if not equals or not path:
        raise UsageError(f"{option} needs PATH=VALUE, not {text!r}")
    document = read_text(value or "null", option)
    if document.problems:
        where = tuple(path.split("."))
        raise report(Problem(where, each.message) for each in document.problems)
    return path, document.data


def assign(
    scenario: Scenario, sourced: Sourced, changes: Mapping[str, object]
) -> tuple[Sourced, list[Problem]]:
    """Return the scenario with changes, and what is wrong with their paths.

    `scenario` is the resolved one: it has the names that a path may lead through, also
    those that stand in no file. `sourced` is not changed.
    """
    problems: list[Problem] = []
    new = replace(sourced, annotations=dict(sourced.annotations))
    for text, value in changes.items():
        path, wrong = _followed(scenario, str(text))
        if wrong:
            problems.append(wrong)
            continue
        number_only = path[-1] == "value" and _is_leaf(_at(scenario, path[:-1]))
        change = _with_number if number_only else _with_quantity
        at = path[:-1] if number_only else path
        try:
            data = change(scenario, new, at, _plain(value), problems)
        except _TakenAwayError:
            problems.append(Problem(path, "another change takes away what it is in"))
            continue
        new = replace(new, data=data)
    return new, problems


class _TakenAwayError(LookupError):
    """A change leads into something that an earlier change has replaced."""


def _with_quantity(
    scenario: Scenario, new: Sourced, path: KeyPath, value: Any, problems: list[Problem]
) -> Any:
    """Return the data with all replaced at a path; what was said of it is forgotten.

    Of `new` only its annotations are changed.
    """
    quantity = part(Document(value), kind="set", at=path)
    problems += quantity.problems
    data = _replaced(new.data, scenario, path, quantity.data)
    if not isinstance(_at(scenario, path), int | float):  # below a number is nothing
        size = len(path)
        for at in [at for at in new.annotations if at[:size] == path]:
            del new.annotations[at]
    new.annotations[path] = Annotation("set")
    new.annotations.update(quantity.annotations)
    return data


def _with_number(
    scenario: Scenario,
    new: Sourced,
    path: KeyPath,
    number: Any,
    problems: list[Problem],
) -> Any:
    """Return the data with the number at a path replaced, what is said of it kept.

    Of `new` only its annotations are changed.
    """
    before = new.annotations.get(path, Annotation("set"))
    low = -math.inf if before.low is None else before.low
    high = math.inf if before.high is None else before.high
    if isinstance(number, int | float) and not low <= number <= high:
        text = f"{shown(number)} is outside its own low and high, [{low:g}, {high:g}]"
        hint = f"--set {dotted(path)}={shown(number)} replaces all of it"
        problems.append(Problem((*path, "value"), f"{text}; {hint}"))
    written = written_at(new.data, path)
    is_cost = isinstance(_at(scenario, path), PrivateCost)
    at = path
    if is_cost and (written is None or isinstance(written, dict)):
        at = (*path, "value")
    data = _replaced(new.data, scenario, at, number)
    new.annotations[path] = replace(before, kind="set", place=None)
    return data


def _followed(scenario: Scenario, text: str) -> tuple[KeyPath, Problem | None]:
    """Return the path, and a problem if it leads through names that are not there.

    The last name may be new: whether such a field or entry may exist is decided by the
    schema.
    """
    path: list[str | int] = []
    here: Any = scenario
    names = text.split(".")
    for i, name in enumerate(names):
        key: str | int = (
            int(name) if isinstance(here, tuple) and _is_index(name) else name
        )
        path.append(key)
        below = _child(here, key)
        if below is not _NOTHING:
            here = below
            continue
        known = children(here)
        if isinstance(here, tuple) or not name:
            return tuple(path), Problem((text,), "no such value")
        if i == len(names) - 1 and (
            isinstance(here, BaseModel | dict) or name == "value"
        ):
            break
        if here is not None:
            kind = "entry" if isinstance(here, dict) else "field"
            hint = did_you_mean(name, [str(each) for each in known])
            return tuple(path), Problem(tuple(path), f"unknown {kind}{hint}")
    return tuple(path), None


def _is_index(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) < 6


def _is_leaf(value: object) -> bool:
    """Say whether something can be annotated: a number, word or list, or a cost."""
    return isinstance(value, PrivateCost) or not isinstance(value, BaseModel | dict)


def children(value: object) -> dict[Any, Any]:
    """Return what a resolved value is made of, by name or position."""
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, dict):
        return value
    return dict(enumerate(value)) if isinstance(value, tuple) else {}


def _child(value: object, name: object) -> Any:
    """Return one of the `children`, without listing all: `_NOTHING` if it is none."""
    if isinstance(value, BaseModel):
        known = name in type(value).model_fields
        return getattr(value, str(name)) if known else _NOTHING
    return children(value).get(name, _NOTHING)


def _at(value: object, path: KeyPath) -> Any:
    for name in path:
        below = _child(value, name)
        value = None if below is _NOTHING else below
    return value


def _replaced(data: Any, resolved: Any, path: KeyPath, value: object) -> Any:
    """Return the data with one value replaced; only what is on the path is copied.

    What stands in no file is written out on the way as far as it is needed: the
    entries of a map or list, since giving one would replace the others.
    """
    if not path:
        return value
    name, rest = path[0], path[1:]
    inside = _at(resolved, (name,))
    new: Any
    if isinstance(data, list) and not (isinstance(name, int) and name < len(data)):
        raise _TakenAwayError
    if isinstance(data, list | dict):
        new = data.copy()
    elif data is not None:  # a cost of war written as a number
        new = {"value": data}
    elif isinstance(resolved, dict | tuple | PrivateCost):
        written = {key: _plain(child) for key, child in children(resolved).items()}
        new = list(written.values()) if isinstance(resolved, tuple) else written
    else:
        new = {}
    before = dict(enumerate(new)) if isinstance(new, list) else new
    new[name] = _replaced(before.get(name), inside, rest, value)
    return new


def _plain(value: object) -> Any:
    """Return a value of Python as a file would give it."""
    value = plain(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, bool | str | None):
        return value
    if isinstance(value, Integral) and abs(int(value)) < _FAR:
        return int(value)
    if isinstance(value, Integral):
        return math.inf  # refused wherever it stands
    if isinstance(value, Real):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
