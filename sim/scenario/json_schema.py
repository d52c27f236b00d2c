"""The JSON Schema (2020-12) of a scenario file, for editors and other programs.

It is made from the models, of a file as it may be written: any value also as a mapping
with its source, any block with a source and a note, `extends`, and no field required
that has a default. (pydantic's own generator describes completed data, and its output
differs from release to release.)
"""

import json
from collections.abc import Iterable
from datetime import date
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.defaults import DERIVED
from sim.scenario.parties import PrivateCost
from sim.scenario.schema import Scenario

Json = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Json = {"type": "string", "minLength": 1}
_ABOUT: Json = {
    "source": {**_TEXT, "description": "Where it was measured or reported."},
    "note": {**_TEXT, "description": "How it was computed, or why it is assumed."},
}
_BOUNDS: Json = {
    "low": {"type": "number", "description": "How low the input may be."},
    "high": {"type": "number", "description": "How high the input may be."},
}
_QUANTITY: Json = {
    "description": "A value and what is known about it.",
    "type": "object",
    "properties": {"value": True, **_BOUNDS, **_ABOUT},
    "required": ["value"],
    "additionalProperties": False,
}
_EXTENDS: Json = {
    **_TEXT,
    "description": "Relative path of a file that this one changes.",
}
_PROSE = {"id", "title", "notes", "sources", "schema_version"}
# Blocks without a default of their own, made of fields that all have one.
_OPTIONAL = DERIVED | {"negotiation"}
_REPLACED_WHOLE = {"Quantity", "PrivateCost"}
_SIMPLE: dict[Any, Json] = {
    float: {"type": "number"},
    int: {"type": "integer"},
    str: {"type": "string"},
    date: {"type": "string", "format": "date"},
    NoneType: {"type": "null"},
}
_LIMITS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
}
_LENGTHS = {
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems"),
    "object": ("minProperties", "maxProperties"),
}


def json_schema() -> Json:
    """Return the JSON Schema of a scenario file.

    A file that is valid here may still be refused: relations between values, and the
    names that one part may use of another, are beyond a schema.
    """
    defs: Json = {"Quantity": _QUANTITY}
    top = _block(Scenario, defs)
    for name in _ABOUT:
        del top["properties"][name]
    # A file that extends another may leave anything out, at every level.
    alone = {"required": top.pop("required"), "properties": top["properties"]}
    top["properties"] = {
        name: _loosened(each, defs) for name, each in top["properties"].items()
    }
    top["properties"]["extends"] = _EXTENDS
    top |= {"if": {"required": ["extends"]}, "else": alone}
    return {"$schema": _DIALECT, **top, "$defs": dict(sorted(defs.items()))}


def json_schema_text() -> str:
    """Return the schema as the text of `scenarios/schema.json`."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def _block(model: type[BaseModel], defs: Json) -> Json:
    """Return the schema of a block of fields."""
    properties: Json = {}
    required = []
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        extra = dict(extra) if isinstance(extra, dict) else {}
        if field.is_required() and name not in _OPTIONAL:
            required.append(name)
        bare = _constrained(_value(field.annotation, defs), field.metadata) | extra
        about: Json = {}
        if field.description:
            about["description"] = " ".join(field.description.split())
        default = field.get_default()
        if isinstance(default, int | float | str):
            about["default"] = default
        is_prose = model is Scenario and name in _PROSE
        properties[name] = about | (bare if is_prose else _or_quantity(bare))
    properties |= _ABOUT
    block: Json = {
        "description": (model.__doc__ or "").partition("\n")[0],
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return block | ({"required": required} if required else {})


def _loosened(schema: Json, defs: Json) -> Json:
    """Return what a file may say that only changes another.

    Blocks merge with those of the parent, so that no field of theirs is required; null
    takes an entry away. Lists and quantities replace those of the parent, whole.
    """
    if "items" in schema:
        return schema
    if "$ref" in schema:
        name = schema["$ref"].split("/")[-1]
        if name in _REPLACED_WHOLE:
            return schema
        loose = _loosened(defs[name], defs)
        if loose == defs[name]:
            return schema
        defs[f"{name}Change"] = loose
        return schema | {"$ref": f"#/$defs/{name}Change"}
    dropped = ("required", "minProperties", "maxProperties")
    result = {name: each for name, each in schema.items() if name not in dropped}
    if "anyOf" in schema:
        result["anyOf"] = [_loosened(each, defs) for each in schema["anyOf"]]
    if "properties" in schema:
        result["properties"] = {
            name: _loosened(each, defs) for name, each in schema["properties"].items()
        }
    if isinstance(entries := schema.get("additionalProperties"), dict):
        either = [_loosened(entries, defs), {"type": "null"}]
        result["additionalProperties"] = {"anyOf": either}
    return result


def _value(kind: Any, defs: Json) -> Json:
    """Return the schema of a type, adding the blocks it refers to."""
    arguments = get_args(kind)
    if hasattr(kind, "__metadata__"):
        return _constrained(_value(kind.__origin__, defs), kind.__metadata__)
    if kind in _SIMPLE:
        return dict(_SIMPLE[kind])
    origin = get_origin(kind)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, UnionType):
        return {"anyOf": [_value(each, defs) for each in arguments]}
    if origin is dict:
        entries = _or_quantity(_value(arguments[1], defs))
        named: Json = {"type": "object", "additionalProperties": entries}
        return named | {"properties": _ABOUT}
    if origin is tuple and arguments[-1] is Ellipsis:
        return {"type": "array", "items": _value(arguments[0], defs)}
    if origin is tuple:
        each = [_value(argument, defs) for argument in arguments]
        return {"type": "array", "prefixItems": each, "minItems": len(each)}
    return _reference(kind, defs)


def _reference(model: type[BaseModel], defs: Json) -> Json:
    name = model.__name__
    if name not in defs:
        defs[name] = None  # holds the place, should a block contain itself
        block = _block(model, defs)
        if model is PrivateCost:
            block["properties"] |= _BOUNDS
            # The parts of this one quantity are bare.
            for part in ("value", "private"):
                block["properties"][part] = block["properties"][part]["anyOf"][0]
            block = {"anyOf": [block["properties"]["value"], block]}
        defs[name] = block
    return {"$ref": f"#/$defs/{name}"}


def _constrained(value: Json, metadata: Iterable[Any]) -> Json:
    """Return a schema with the limits that a type's annotations state."""
    result = dict(value)
    for item in metadata:
        if isinstance(item, FieldInfo):
            result = _constrained(result, item.metadata)
        for name, keyword in _LIMITS.items():
            if getattr(item, name, None) is not None:
                result[keyword] = getattr(item, name)
        lengths = _LENGTHS.get(str(result.get("type")), ())
        for name, keyword in zip(("min_length", "max_length"), lengths, strict=False):
            if getattr(item, name, None) is not None:
                result[keyword] = getattr(item, name)
        if isinstance(pattern := getattr(item, "pattern", None), str):
            result["pattern"] = pattern
    return result


def _or_quantity(bare: Json) -> Json:
    """Return a schema of a value that also allows the mapping with its source."""
    if not _is_leaf(bare):
        return bare
    quantity = {"$ref": "#/$defs/Quantity", "properties": {"value": bare}}
    return {"anyOf": [bare, quantity]}


def _is_leaf(value: Json) -> bool:
    """Say whether a schema is of a number, word, day or list of these."""
    if "anyOf" in value:
        return any(
            _is_leaf(each) and each != {"type": "null"} for each in value["anyOf"]
        )
    if value.get("type") == "array":
        return "prefixItems" in value or _is_leaf(value["items"])
    return "$ref" not in value and value.get("type") != "object"
