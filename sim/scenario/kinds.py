"""Which values of a scenario are whole numbers, by the types of its fields."""

from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from sim.scenario.schema import Scenario


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
        return _plain(get_args(kind)[1])
    if get_origin(kind) is tuple:
        return _plain(get_args(kind)[0])
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(name)
        return [] if field is None else _plain(field.annotation)
    return []


def _plain(kind: Any) -> list[Any]:
    """Return the alternatives of a type, without what is said about them."""
    if hasattr(kind, "__metadata__"):
        return _plain(kind.__origin__)
    if get_origin(kind) in (Union, UnionType):
        return [each for option in get_args(kind) for each in _plain(option)]
    return [kind]
