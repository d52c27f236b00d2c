"""Of every value of a scenario: what it is, and where it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from sim.scenario.land import Chip
from sim.scenario.load import PROSE, Loaded
from sim.scenario.negotiation import Event
from sim.scenario.overrides import children
from sim.scenario.problems import KeyPath, dotted
from sim.scenario.quantities import Annotation, is_written


@dataclass(frozen=True, slots=True)
class Known:
    """A resolved value, and what is known about it."""

    value: Any
    annotation: Annotation


def known_paths(loaded: Loaded) -> dict[str, Known]:
    """Return every resolved value by its dotted path, prose left out.

    Each `annotation.kind` is default, assumption, sourced or set; `low` and `high` are
    there where the scenario gives them, and `file` is where the value stands.
    """
    return {
        dotted(path): Known(value, annotation_of(loaded, path))
        for path, value in _leaves(loaded.scenario, ())
        if path[0] not in PROSE
    }


def annotation_of(loaded: Loaded, path: KeyPath) -> Annotation:
    """Return what is known about the value at a path.

    A source of a dated event counts for all of the event, and one of a cost of war for
    its interval; other blocks do not lend their source to what they hold.
    """
    sourced = loaded.sourced
    if not is_written(sourced.data, path):
        return Annotation("default")
    for end in range(len(path), 0, -1):
        above = sourced.annotations.get(path[:end])
        is_event = path[0] == "timeline" and end == 2
        lends = path[end - 1] == "cost_of_war_km2" or is_event
        if above and (end == len(path) or above.kind == "set" or lends):
            return above
    while path and path not in sourced.values:
        path = path[:-1]
    return Annotation("assumption", place=sourced.values.get(path))


def blocks(loaded: Loaded) -> dict[str, Annotation]:
    """Return sources and notes that stand with a block rather than with a value."""
    leaves = {path for path, _ in _leaves(loaded.scenario, ())}
    return {
        dotted(path): about
        for path, about in loaded.sourced.annotations.items()
        if path not in leaves
    }


def _leaves(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """Yield path and value of all that is not itself made of values."""
    below = children(value)
    if isinstance(value, Event | Chip):  # of its kinds, all but one are empty
        below = {name: child for name, child in below.items() if child is not None}
    elif isinstance(value, tuple) and not isinstance(below.get(0), BaseModel):
        below = {}
    if not below and not isinstance(value, BaseModel):
        yield path, value
    for name, child in below.items():
        yield from _leaves(child, (*path, name))
