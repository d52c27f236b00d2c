"""The JSON Schema that editors use: equal to the models, and true to the files."""

import json

import pytest

from sim.scenario.json_schema import json_schema, json_schema_text
from sim.scenario.library import known, shipped_folder
from sim.scenario.schema import Scenario
from sim.scenario.yaml_file import read


def test_the_file_is_the_one_the_models_give():
    file = shipped_folder() / "schema.json"
    assert file.read_text(encoding="utf-8") == json_schema_text(), (
        "the models have changed: write json_schema_text() to this file again"
    )


def _faults(value, schema, defs, path=""):
    """Yield where a value breaks a schema: the keywords used here, and no others."""
    known = {
        "$ref",
        "anyOf",
        "type",
        "properties",
        "additionalProperties",
        "required",
        "enum",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "items",
        "prefixItems",
        "minItems",
        "maxItems",
        "minLength",
        "maxLength",
        "minProperties",
        "maxProperties",
        "pattern",
        "format",
        "description",
        "default",
        "if",
        "else",
        "$schema",
        "$defs",
    }
    if schema is True:
        return
    assert schema.keys() <= known, schema.keys() - known
    if "$ref" in schema:
        yield from _faults(value, defs[schema["$ref"].split("/")[-1]], defs, path)
    if "anyOf" in schema and all(
        list(_faults(value, each, defs, path)) for each in schema["anyOf"]
    ):
        yield f"{path}: fits none"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value} is none of {schema['enum']}"
    types = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "null": type(None),
    }
    kind = schema.get("type")
    if kind and (not isinstance(value, types[kind]) or isinstance(value, bool)):
        yield f"{path}: {value!r} is no {kind}"
        return
    if isinstance(value, dict):
        yield from _object_faults(value, schema, defs, path)
    if isinstance(value, list):
        for i, each in enumerate(value):
            yield from _faults(each, schema.get("items", True), defs, f"{path}.{i}")
    if isinstance(value, int | float) and not (
        schema.get("minimum", value) <= value <= schema.get("maximum", value)
        and schema.get("exclusiveMinimum", value - 1) < value
        and value < schema.get("exclusiveMaximum", value + 1)
    ):
        yield f"{path}: {value} is out of range"


def _object_faults(value, schema, defs, path):
    properties = schema.get("properties", {})
    needed = schema.get("required", [])
    if "if" in schema and "extends" not in value:
        yield from _object_faults(value, schema["else"], defs, path)
    yield from (f"{path}.{name}: missing" for name in needed if name not in value)
    rest = schema.get("additionalProperties", True)
    for name, each in value.items():
        inside = properties.get(name, rest)
        if inside is False:
            yield f"{path}.{name}: unknown"
        else:
            yield from _faults(each, inside, defs, f"{path}.{name}")


def _check(text):
    schema = json_schema()
    data = read(text.encode(), "f").data
    return list(_faults(data, schema, schema["$defs"]))


@pytest.mark.parametrize("name", known())
def test_every_scenario_fits_it(name):
    assert _check(known()[name].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("horizon_days:", "horizon_day:", ".horizon_day: unknown"),
        (
            "    value: 61\n    low: 50",
            "    value: -61\n    low: 50",
            ".front.volatility_km2_per_week: fits none",
        ),
        (
            "    value: 3200\n    low: 2800",
            "    valeu: 3200\n    low: 2800",
            ".front.held_km2: fits none",
        ),
        ("holder: ukraine", "# holder: ukraine", ".chips.kursk.holder: missing"),
        ("private: [480, 1120]", "privat: [480, 1120]", ".ukraine: fits none"),
        ("line: in_place", "line: inplace", "thirty_days.line: fits none"),
        ("id: kursk", "# id: kursk", ".id: missing"),
    ],
)
def test_a_mistake_does_not_fit_it(old, new, fault, flagship_text):
    assert old in flagship_text
    found = _check(flagship_text.replace(old, new, 1))
    assert any(each.endswith(fault) for each in found), found


def test_a_child_may_leave_out_what_its_parent_gives():
    assert _check("extends: kursk-2025-03-13.yaml\nid: other\n") == []
    assert len(_check("id: other\n")) == 4


def test_at_every_level_a_child_may_leave_out_or_take_away():
    child = "extends: kursk-2025-03-13.yaml\nid: other\n"
    assert _check(child + "parties: {united_states: {pressure: 0.1}}\n") == []
    assert _check(child + "chips: {kursk: {area_km2: 400}}\n") == []
    assert _check(child + "chips: {kursk: null}\n") == []
    assert _check(child + "negotiation: {offers: {freeze: null}}\n") == []


def test_what_replaces_its_parent_must_be_whole():
    child = "extends: kursk-2025-03-13.yaml\nid: other\n"
    assert _check(child + "timeline: [{offer: freeze}]\n")
    assert _check(child + "chips: {kursk: {area_km2: {low: 1}}}\n")
    assert _check(child + "chips: {kursk: {area: 400}}\n")


def test_every_field_is_described():
    schema = json_schema()
    blocks = [schema, *schema["$defs"].values()]
    for block in blocks:
        for name, field in block.get("properties", {}).items():
            silent = {"name", "role", "value"}
            assert name in silent or field.get("description"), name


def test_it_is_json_of_the_2020_dialect_and_names_all_fields():
    schema = json.loads(json_schema_text())
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(schema["properties"]) == {*Scenario.model_fields, "extends"}
