"""`ceasefire schema`: what editors check a scenario by."""

import json

from sim.scenario.library import shipped_folder


def test_the_schema_printed_is_the_one_beside_the_scenarios(ceasefire):
    reply = ceasefire("schema")
    assert (reply.code, reply.err) == (0, "")
    shipped = (shipped_folder() / "schema.json").read_text(encoding="utf-8")
    assert reply.out == shipped
    assert {"id", "front", "parties"} <= json.loads(reply.out)["properties"].keys()


def test_a_schema_of_something_is_a_matter_of_usage(ceasefire):
    reply = ceasefire("schema", "kursk-2025-03-13")
    assert (reply.code, reply.out) == (2, "")
    assert "kursk-2025-03-13" in reply.err
