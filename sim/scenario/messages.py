"""What pydantic found wrong, in words for the author of a scenario, by place.

pydantic names a value by its path through the models; this path also holds the tag of
each choice among models (`parties.ukraine.belligerent.belief`), which no file has.
"""

import re
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.errors import printable
from sim.scenario.lookup import inside, options
from sim.scenario.problems import KeyPath
from sim.scenario.references import Finding, did_you_mean
from sim.scenario.schema import Scenario
from sim.scenario.types import shown
from sim.scenario.version_1 import successor

# Nobody reads more of them, and finding one takes a millisecond.
_MOST_HINTS = 200


def problems_of(
    error: ValidationError, root: type[BaseModel] = Scenario
) -> Iterator[Finding]:
    """Yield path and message of each mistake, and whether a name is the mistake."""
    for count, found in enumerate(error.errors(include_url=False)):
        path, fields = _without_tags(found["loc"], root)
        near = did_you_mean if count < _MOST_HINTS else lambda *_: ""
        if found["type"] == "scenario":
            field, message = found["ctx"]["field"], found["ctx"]["message"]
            if found["ctx"]["meant"]:
                name, options = found["ctx"]["meant"]
                message += near(name, options) or _listed(options, count)
            parts = field.split(".") if field else []
            more = [int(part) if part.isdigit() else part for part in parts]
            yield (*path, *more), message, found["loc"][-1:] == ("[key]",)
        elif found["type"] == "extra_forbidden":
            known = sorted(fields | {"source", "note"})
            old = successor(path) if root is Scenario else ""
            hint = old or near(path[-1], known)
            yield path, f"unknown field{hint}", True
        elif found["type"] in ("union_tag_invalid", "union_tag_not_found"):
            yield *_tag(path, found), False
        else:
            yield path, _message(found), False


def _listed(names: list[str], count: int) -> str:
    some = sorted(names) if count < _MOST_HINTS else []
    listed = printable(", ".join(some), 200) or "there is none"
    return f" ({listed})" if some or not names else ""


def _without_tags(
    loc: tuple[str | int, ...], root: type[BaseModel]
) -> tuple[KeyPath, set[str]]:
    """Return the path as in the file, and the fields of the last block on it."""
    path: list[str | int] = []
    fields: set[str] = set()
    kinds: list[Any] = [root]
    parts = iter(loc)
    for part in parts:
        if part == "[key]":
            continue
        blocks = [each for each in kinds if hasattr(each, "model_fields")]
        fields = set(blocks[0].model_fields) if blocks else fields
        path.append(part)
        below = [each for kind in kinds for each in inside(kind, part)]
        kinds = [kind for each in below for kind, _ in options(each)]
        if len([kind for kind in kinds if kind is not NoneType]) > 1:
            # Of several types pydantic tells which one it chose by a tag.
            tag = next(parts, None)
            kinds = [kind for kind in kinds if tag in _tags(kind)]
    return tuple(path), fields


def _tags(kind: Any) -> tuple[Any, ...]:
    """Return the tags that stand for a member of a union."""
    fields = getattr(kind, "model_fields", {})
    named = [fields[name] for name in ("role", "name") if name in fields]
    return get_args(named[0].annotation) if named else ("held_km2",) if fields else ()


def _tag(path: KeyPath, found: ErrorDetails) -> tuple[KeyPath, str]:
    """Return what is wrong with a role or a name that selects a model."""
    context = found["ctx"]
    name = str(context["discriminator"]).strip("'")
    if found["type"] == "union_tag_not_found":
        return path, f"needs a {name}"
    known = re.findall(r"'([^']*)'", str(context["expected_tags"]))
    tag = context["tag"]
    return (*path, name), _not_one_of(tag, known)


def _not_one_of(value: object, known: list[str]) -> str:
    listed = ", ".join(known)
    return f"{shown(value)} is not one of {listed}{did_you_mean(value, known)}"


def _message(found: ErrorDetails) -> str:
    """Return pydantic's finding in our words."""
    kind, given = found["type"], found["input"]
    context: Mapping[str, Any] = found.get("ctx", {})
    if kind in _TEXTS:
        short = {
            name: f"{value:.12g}" if isinstance(value, float) else value
            for name, value in context.items()
        }
        return _TEXTS[kind].format(given=shown(given), **short)
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", str(context["expected"]))
        return _not_one_of(given, known) if known else f"needs {context['expected']}"
    return f"{found['msg'][:1].lower()}{found['msg'][1:]}"


_TEXTS = {
    "missing": "is missing",
    "greater_than": "{given} is not above {gt}",
    "greater_than_equal": "{given} is below {ge}",
    "less_than": "{given} is not below {lt}",
    "less_than_equal": "{given} is above {le}",
    "model_type": "needs a mapping of fields, not {given}",
    "model_attributes_type": "needs a mapping of fields, not {given}",
    "dict_type": "needs a mapping by name, not {given}",
    "tuple_type": "needs a list, not {given}",
    "string_type": "needs text, not {given}",
    "string_too_short": "must not be empty",
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "{given} does not fit the pattern {pattern}",
    "too_short": "needs at least {min_length}",
    "too_long": "at most {max_length} fit, {actual_length} given",
}
