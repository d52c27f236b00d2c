"""The numbers that a field of a scenario may have, read from the schema."""

import math
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.problems import Path
from sim.scenario.schema import Scenario


def bounds_of(scenario: Scenario, path: Path) -> tuple[float, float]:
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
