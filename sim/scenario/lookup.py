"""The numbers that a field of a scenario may have, read from the schema."""

import math
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.problems import KeyPath
from sim.scenario.schema import Scenario


def bounds_of(scenario: Scenario, path: KeyPath) -> tuple[float, float]:
    """Return the lowest and the highest number that the schema allows at a path.

    Infinite where it sets no bound; a bound that is itself excluded is returned as one
    that is not. What depends on other fields is not looked at.

    >>> from sim.scenario.load import load
    >>> flagship = load("kursk-2025-03-13").scenario
    >>> bounds_of(flagship, ("chips", "kursk", "value_to", "russia"))
    (-10.0, 10.0)
    """
    limits: tuple[float, float] = (-math.inf, math.inf)
    here: Any = scenario
    kind: Any = None
    for name in path:
        if isinstance(here, BaseModel):
            field = type(here).model_fields[str(name)]
            kind = field
            here = getattr(here, str(name))
        else:
            kind = get_args(_plain(kind))[-1]
            here = here[name]
    for rule in _rules(kind):
        low = getattr(rule, "ge", getattr(rule, "gt", None))
        high = getattr(rule, "le", getattr(rule, "lt", None))
        limits = (
            limits[0] if low is None else max(limits[0], float(low)),
            limits[1] if high is None else min(limits[1], float(high)),
        )
    return limits


def _plain(kind: Any) -> Any:
    """Return a type without what is said about it."""
    if isinstance(kind, FieldInfo):
        return _plain(kind.annotation)
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    return kind


def _rules(kind: Any) -> list[Any]:
    """Return what is said about the numbers of a type, `X | None` looked into."""
    if isinstance(kind, FieldInfo):
        return [*kind.metadata, *_rules(kind.annotation)]
    if get_origin(kind) is Annotated:
        inside, *rules = get_args(kind)
        found: list[Any] = []
        for rule in rules:
            found += rule.metadata if isinstance(rule, FieldInfo) else [rule]
        return [*found, *_rules(inside)]
    options = get_args(kind) if type(None) in get_args(kind) else ()
    return [rule for each in options for rule in _rules(each)]


def is_whole(path: str) -> bool:
    """Say whether there are only whole numbers at a path (or null, or words).

    Names of parties, chips, offers and places in a list are free.

    >>> is_whole("negotiation.offers.thirty_days.duration_days")
    True
    >>> is_whole("chips.kursk.area_km2"), is_whole("no.such.path")
    (False, False)
    """
    kinds: list[Any] = [Scenario]
    for name in path.removesuffix(".value").split("."):
        kinds = [inner for kind in kinds for inner in _inside(kind, name)]
    return int in kinds and float not in kinds


def _inside(kind: Any, name: str) -> list[Any]:
    """Return the types of what has a name in a block, a map or a list."""
    if get_origin(kind) is dict:
        return _alternatives(get_args(kind)[1])
    if get_origin(kind) is tuple:
        return _alternatives(get_args(kind)[0])
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(name)
        return [] if field is None else _alternatives(field.annotation)
    return []


def _alternatives(kind: Any) -> list[Any]:
    """Return the alternatives of a type, without what is said about them."""
    if hasattr(kind, "__metadata__"):
        return _alternatives(kind.__origin__)
    if get_origin(kind) in (Union, UnionType):
        return [each for option in get_args(kind) for each in _alternatives(option)]
    return [kind]


# A field whose value is not a share says its unit in its name.
_UNITS = {
    "_per_week": "a week",
    "_km2": "km²",
    "_days": "days",
    "_weeks": "weeks",
}
_WHOSE = {"parties", "chips", "offers", "regimes"}


class Wording(NamedTuple):
    """A value in words: `the` as the subject of a clause, `label` for an axis.

    `unit` stands after a number, and is empty for a share or a plain number; `about` is
    the sentence of the schema, empty for a path that it does not know.
    """

    the: str
    label: str
    unit: str
    about: str


def wording(path: str) -> Wording:
    """Return what the value at a dotted path is called.

    >>> wording("aid.level")[:3]
    ('the aid level', 'aid level', '')
    >>> wording("parties.russia.cost_of_war.value").the
    "Russia's cost of war"
    >>> wording("truce.breakdown_per_week").label
    'truce breakdown, a week'
    >>> wording("chips.kursk.regimes.collapse.loss_per_week").the
    'the loss of Kursk in collapse'
    """
    parts = path.split(".")
    if parts[-1] == "value":
        parts = parts[:-1]
    last, unit = parts[-1], ""
    for suffix, word in _UNITS.items():
        if last.endswith(suffix):
            last, unit = last.removesuffix(suffix), word
            break
    name = last.replace("_", " ")
    owners = [part for part in parts[:-1] if part not in _WHOSE]
    the = _owned(parts, name, [owner.replace("_", " ") for owner in owners])
    label = the.removeprefix("the ")
    return Wording(
        the, f"{label}, {unit}" if unit else label, unit, " ".join(_about(parts))
    )


def _owned(parts: list[str], name: str, owners: list[str]) -> str:
    if parts[0] == "parties" and len(parts) > 2:
        within = "".join(f"{owner} " for owner in owners[1:])
        return f"{owners[0].title()}'s {within}{name}"
    if len(parts) > 1 and parts[-2] == "value_to":
        return f"the value of {owners[0].title()} to {name.title()}"
    if parts[0] == "chips" and len(parts) > 2:
        regime = f" in {owners[1]}" if "regimes" in parts[:-1] else ""
        return f"the {name} of {owners[0].title()}{regime}"
    if "offers" in parts[:-1]:
        return f"the {name} of «{owners[1]}»"
    within = "".join(f"{owner} " for owner in owners)
    return f"the {within}{name}"


def _about(parts: list[str]) -> Iterator[str]:
    """Yield the sentence of the schema about a path, if it has one."""
    fields: list[FieldInfo] = []
    places: list[Any] = [Scenario]
    for part in parts:
        fields = [
            model.model_fields[part]
            for model in places
            if isinstance(model, type)
            and issubclass(model, BaseModel)
            and part in model.model_fields
        ]
        inside = [_members(field.annotation) for field in fields]
        # The name of a party, chip or offer is a key: what is behind it, is in there.
        keyed = [
            each
            for place in places
            if get_origin(place) is dict
            for each in _members(get_args(place)[1])
        ]
        places = [each for members in inside for each in members] + keyed
    if fields and fields[0].description:
        yield fields[0].description


def _members(annotation: Any) -> list[Any]:
    """Return the models and maps that a value may be."""
    if get_origin(annotation) is dict or isinstance(annotation, type):
        return [annotation]
    return [each for part in get_args(annotation) for each in _members(part)]
