"""Values apart from where they come from.

Any value may be written bare or as `{value: 189, low: 152, high: 227, source: "...",
note: "..."}`; any block may carry a `source` and a `note` of its own. Here the two are
taken apart.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard

from sim.errors import control_in
from sim.scenario.problems import KeyPath, Place, Problem
from sim.scenario.references import did_you_mean
from sim.scenario.yaml_file import Document

PARTS = ("value", "low", "high", "source", "note")


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is known about a value besides the value.

    `kind` is default, assumption (in a file, without source), sourced or set. `low`
    and `high` say how well the input is known; they are not luck.
    """

    kind: str
    source: str | None = None
    note: str | None = None
    low: float | None = None
    high: float | None = None
    place: Place | None = None

    @property
    def file(self) -> str | None:
        """Name of the file in which the value stands."""
        return self.place.file if self.place else None


@dataclass(frozen=True)
class Sourced(Document):
    """A scenario as written, values and annotations apart."""

    data: Any
    annotations: dict[KeyPath, Annotation] = field(default_factory=dict)


def written_at(data: Any, path: KeyPath) -> Any:
    """Return what was written at a path, None if nothing was."""
    name: Any
    for name in path:
        data = data[name] if _has(data, name) else None
    return data


def is_written(data: Any, path: KeyPath) -> bool:
    """Say whether the value at a path was written, rather than left to a default."""
    for name in path:
        if type(data) not in (list, dict):
            # A cost of war written as a number is its own value.
            return name == "value" and data is not None
        if not _has(data, name):
            return False
        data = data[name]
    return True


def _has(data: Any, name: object) -> bool:
    if isinstance(data, list):
        return isinstance(name, int) and 0 <= name < len(data)
    return isinstance(data, dict) and name in data


def part(document: Document, kind: str | None = None, at: KeyPath = ()) -> Sourced:
    """Return values and annotations of a document, with their problems.

    `kind` is what every annotation is, if not told by whether there is a source; `at`
    is the path that the document stands at.
    """
    sourced = Sourced(
        None,
        values=dict(document.values),
        keys=document.keys,
        problems=list(document.problems),
    )
    data = _Parting(document, sourced, kind).value(document.data, at)
    return replace(sourced, data=data)


class _Parting:
    """One walk over a document."""

    def __init__(self, document: Document, sourced: Sourced, kind: str | None) -> None:
        self.places, self.keys = document.values, document.keys
        self.to, self.kind = sourced, kind

    def value(self, data: Any, path: KeyPath) -> Any:
        if isinstance(data, list):
            return [self.value(each, (*path, i)) for i, each in enumerate(data)]
        if not isinstance(data, dict):
            return data
        if "value" in data:
            return self.quantity(data, path)
        # Only a block has these: in a file the top level has `sources` and `notes`.
        about = {k: data[k] for k in ("source", "note") if k in data and path}
        if about:
            self.annotate(about, path)
        rest = {name: each for name, each in data.items() if name not in about}
        return {name: self.value(each, (*path, name)) for name, each in rest.items()}

    def quantity(self, data: dict[str, Any], path: KeyPath) -> Any:
        private = path[-1:] == ("cost_of_war_km2",)
        for name in data:
            if name not in PARTS and not (private and name == "private"):
                hint = did_you_mean(name, PARTS)
                self.wrong((*path, name), f"unknown part of a quantity{hint}", key=True)
        value = self.value(data["value"], (*path, "value"))
        self.annotate(data, path)
        self.bracket(value, path)
        if private:
            kept = {"value": value}
            return kept | {k: data[k] for k in ("private",) if k in data}
        if (*path, "value") in self.places:
            self.to.values[path] = self.places[*path, "value"]
        return value

    def annotate(self, data: dict[str, Any], path: KeyPath) -> None:
        found: dict[str, Any] = {}
        for name in ("source", "note", "low", "high"):
            given = data.get(name)
            if given is None:
                continue
            if name in ("low", "high"):
                if _is_number(given):
                    found[name] = float(given)
                else:
                    self.wrong((*path, name), "needs a finite number")
            elif not (isinstance(given, str) and given.strip()):
                self.wrong((*path, name), "needs text")
            elif odd := control_in(given):
                self.wrong((*path, name), odd)
            else:
                found[name] = given.strip()
        kind = self.kind or ("sourced" if "source" in found else "assumption")
        place = self.places.get(path)
        self.to.annotations[path] = Annotation(kind, place=place, **found)

    def bracket(self, value: object, path: KeyPath) -> None:
        found = self.to.annotations[path]
        if not _is_number(value):
            for name in ("low", "high"):
                if getattr(found, name) is not None:
                    self.wrong((*path, name), "belongs to a number")
            return
        low, high = found.low, found.high
        if low is not None and high is not None and low > high:
            self.wrong((*path, "low"), f"{low:g} is above high, {high:g}")
        elif low is not None and low > value:
            self.wrong((*path, "low"), f"{low:g} is above the value, {value:g}")
        elif high is not None and high < value:
            self.wrong((*path, "high"), f"{high:g} is below the value, {value:g}")

    def wrong(self, path: KeyPath, message: str, *, key: bool = False) -> None:
        place = (self.keys if key else self.places).get(path)
        self.to.problems.append(Problem(path, message, place))


def _is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)
