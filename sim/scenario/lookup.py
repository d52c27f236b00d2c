"""What the schema says about the value at a path: its numbers, and it in words."""

import math
from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.schema import Scenario
from sim.scenario.types import InStakes


def options(kind: Any, rules: tuple[Any, ...] = ()) -> Iterator[tuple[Any, list[Any]]]:
    """Yield each plain type that a field or a type allows, with what limits it."""
    if isinstance(kind, FieldInfo):
        yield from options(kind.annotation, (*kind.metadata, *rules))
    elif get_origin(kind) is Annotated:
        inside, *more = get_args(kind)
        yield from options(inside, (*more, *rules))
    elif get_origin(kind) in (Union, UnionType):
        for each in get_args(kind):
            yield from options(each, rules)
    else:
        found: list[Any] = []
        for rule in rules:
            found += rule.metadata if isinstance(rule, FieldInfo) else [rule]
        yield kind, found


def inside(kind: Any, name: object) -> list[Any]:
    """Return the field or type of what has a name in a block, a map or a list."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(name))
        return [field] if field else []
    places = {dict: 1, tuple: 0}
    return [
        get_args(kind)[places[each]] for each in [get_origin(kind)] if each in places
    ]


def _at(path: Iterable[str]) -> list[Any]:
    """Return all fields and types that may stand at a path.

    Names of parties, chips, offers and places in a list are free.
    """
    found: list[Any] = [Scenario]
    for name in path:
        plain = [kind for each in found for kind, _ in options(each)]
        found = [below for kind in plain for below in inside(kind, name)]
    return found


def bounds_of(path: str, stake_km2: float = math.inf) -> tuple[float, float]:
    """Return the lowest and the highest number that the schema allows at a path.

    Infinite where it sets no bound; a bound that is itself excluded is returned as one
    that is not. Values in km2 are bounded by the stake; what depends on other fields is
    not looked at.

    >>> bounds_of("chips.kursk.value_km2.russia", stake_km2=8000)
    (-80000.0, 80000.0)
    >>> bounds_of("truce.pressure_effect")
    (0.0, 20.0)
    """
    low, high = -math.inf, math.inf
    kinds = [kind for each in _at(path.split(".")) for kind in options(each)]
    for rule in [rule for _, rules in kinds for rule in rules]:
        if isinstance(rule, InStakes):
            low = max(low, float(rule.low * stake_km2) if rule.low else 0.0)
            high = min(high, float(rule.high * stake_km2))
        low = max(low, float(getattr(rule, "ge", getattr(rule, "gt", low))))
        high = min(high, float(getattr(rule, "le", getattr(rule, "lt", high))))
    return low, high


def is_whole(path: str) -> bool:
    """Say whether there are only whole numbers at a path (or null, or words).

    >>> is_whole("negotiation.offers.thirty_days.duration_days")
    True
    >>> is_whole("chips.kursk.area_km2"), is_whole("no.such.path")
    (False, False)
    """
    found = _at(path.removesuffix(".value").split("."))
    kinds = {kind for each in found for kind, _ in options(each)}
    return int in kinds and float not in kinds


# A field whose value is not a share says its unit in its name.
_UNITS = {
    "_km2_per_week": "km² a week",
    "_per_week": "a week",
    "_km2": "km²",
    "_days": "days",
    "_weeks": "weeks",
}
_WHOSE = {"parties", "chips", "offers", "regimes"}
# Where a name, or one without its unit, says too little.
_NAMES = {"held": "line", "regime": "course", "value_per": "value per km²"}


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
    >>> wording("parties.russia.cost_of_war_km2.value").the
    "Russia's cost of war"
    >>> wording("parties.ukraine.belief.drift_km2_per_week").label
    "Ukraine's believed drift, km² a week"
    >>> wording("truce.breakdown_per_week").label
    'truce breakdown, a week'
    >>> wording("chips.kursk.regimes.collapse.loss_per_week").the
    'the loss of Kursk in collapse'
    """
    parts = path.split(".")
    if parts[-1] == "value":
        parts = parts[:-1]
    # A map by party has the unit in its own name.
    last, unit = parts[-1], "km²" if parts[-2:-1] == ["value_km2"] else ""
    for suffix, word in _UNITS.items():
        if last.endswith(suffix):
            last, unit = last.removesuffix(suffix), word
            break
    name = _NAMES.get(last, last).replace("_", " ")
    owners = [part for part in parts[:-1] if part not in _WHOSE]
    the = _owned(parts, name, [owner.replace("_", " ") for owner in owners])
    label = the.removeprefix("the ")
    about = [each.description for each in _at(parts) if isinstance(each, FieldInfo)]
    return Wording(
        the,
        f"{label}, {unit}" if unit else label,
        unit,
        " ".join((about[0] or "").split()) if about else "",
    )


def _whose(owner: str) -> str:
    name = owner.title()
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _owned(parts: list[str], name: str, owners: list[str]) -> str:
    if parts[0] == "parties" and len(parts) > 2:
        if parts[2:3] == ["belief"] and name == "drift":
            return f"{_whose(owners[0])} believed drift"
        within = "".join(f"{owner} " for owner in owners[1:])
        return f"{_whose(owners[0])} {within}{name}"
    if len(parts) > 1 and parts[-2] == "value_km2":
        return f"the value of {owners[0].title()} to {name.title()}"
    if parts[-2:-1] == ["switch_per_week"]:
        return f"the switch of {owners[0].title()} from {owners[1]} to {name}, a week"
    if parts[-2:-1] == ["relief"]:
        return f"the relief of {name.title()} by «{owners[1]}»"
    if parts[-2:-1] == ["proposer_weights"]:
        return f"the weight of {name.title()} as proposer"
    if parts[0] == "chips" and len(parts) > 2:
        regime = f" in {owners[1]}" if "regimes" in parts[:-1] else ""
        return f"the {name} of {owners[0].title()}{regime}"
    if "offers" in parts[:-1]:
        return f"the {name} of «{owners[1]}»"
    within = "".join(f"{owner} " for owner in owners)
    return f"the {within}{name}"
