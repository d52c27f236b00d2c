"""What a value of a scenario is called in a sentence, from its path and the schema."""

from collections.abc import Iterator
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.schema import Scenario

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
