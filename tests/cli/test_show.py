"""`ceasefire show`: every value, what it is, and where it comes from."""

import json
import re

import pytest

from sim.scenario.load import load
from sim.scenario.provenance import known_paths

FLAGSHIP = "kursk-2025-03-13"
AREA = "chips.kursk.area_km2"


@pytest.fixture
def shown(ceasefire):
    """The object of `show --json`."""

    def show(*words) -> dict:
        reply = ceasefire("show", *words, "--json")
        assert (reply.code, reply.err) == (0, "")
        return json.loads(reply.out)

    return show


def test_json_holds_every_resolved_value(shown):
    loaded = load(FLAGSHIP)
    data = shown(FLAGSHIP)
    assert data["schema_version"] == 1
    assert data["scenario"] == FLAGSHIP
    assert data["scenario_hash"] == loaded.hash
    assert data["values"].keys() == known_paths(loaded).keys()
    assert data["values"]["start_date"]["value"] == "2025-03-13"
    assert data["values"]["parties.russia.cost_of_war_km2.private"]["value"] == [
        400,
        880,
    ]


def test_json_tells_the_four_kinds_of_values_apart(shown):
    values = shown(FLAGSHIP, "--set", "aid.level=0.5")["values"]
    assert values["aid.level"]["kind"] == "set"
    assert values[AREA]["kind"] == "sourced"
    assert values["front.held_km2"]["kind"] == "assumption"
    assert values["parties.russia.aid_freeze_cost_km2"]["kind"] == "default"


def test_a_sourced_value_comes_with_bounds_source_file_and_line(shown):
    about = shown(FLAGSHIP)["values"][AREA]
    assert (about["value"], about["low"], about["high"]) == (189, 152, 227)
    assert "DeepStateMap" in about["source"]
    file = load(FLAGSHIP).files[0]
    assert about["file"] == str(file)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert any("area_km2" in line for line in lines[about["line"] - 2 : about["line"]])


def test_a_value_of_a_parent_names_the_parent(shown, scenario_file):
    parent = scenario_file("parent.yaml", "step_days: 7\n")
    child = parent.with_name("child.yaml")
    child.write_text("extends: parent.yaml\nhorizon_days: 70\n", encoding="utf-8")
    data = shown(child)
    assert data["files"] == [str(parent), str(child)]
    assert data["values"]["step_days"]["file"] == str(parent)
    assert data["values"]["horizon_days"]["file"] == str(child)


def test_text_has_a_line_for_every_value_under_its_block(ceasefire):
    reply = ceasefire("show", FLAGSHIP)
    assert (reply.code, reply.err) == (0, "")
    lines = reply.out.splitlines()
    start = lines.index("chips.kursk")
    line = next(line for line in lines[start:] if line.startswith("  area_km2"))
    assert line.split()[1:6] == ["189", "152", "to", "227", "sourced"]
    assert re.search(r" line \d+$", line)
    child = ceasefire("show", "swap-offered").out
    assert re.search(rf" {FLAGSHIP}.yaml:\d+$", child, re.M)
    assert max(len(each) for each in lines if "source:" not in each) <= 100
    assert lines[lines.index(line) + 1].startswith("    source: DeepStateMap")
    headings = {"front", "parties.russia", "negotiation.offers.freeze", "timeline.0"}
    assert headings <= set(lines)


def test_text_names_id_hash_and_file(ceasefire):
    loaded = load(FLAGSHIP)
    out = ceasefire("show", FLAGSHIP).out
    assert out.startswith(f"{loaded.scenario.title}\n")
    assert loaded.hash in out
    assert str(loaded.files[0]) in out


def test_notes_are_shown_on_request(ceasefire):
    note = "note: Small beside gains from 30 days of truce"
    assert note not in ceasefire("show", FLAGSHIP).out
    assert note in ceasefire("show", FLAGSHIP, "--notes").out


def test_a_set_value_is_marked_and_loses_its_source(ceasefire):
    before = load(FLAGSHIP).hash
    out = ceasefire("show", FLAGSHIP, "--set", f"{AREA}=4e2").out
    line = next(line for line in out.splitlines() if line.startswith("  area_km2"))
    assert line.split() == ["area_km2", "400", "set"]
    assert before not in out


def test_a_number_alone_keeps_its_source(ceasefire):
    out = ceasefire("show", FLAGSHIP, "--set", f"{AREA}.value=200").out
    line = next(line for line in out.splitlines() if line.startswith("  area_km2"))
    assert line.split() == ["area_km2", "200", "152", "to", "227", "set"]


@pytest.mark.parametrize(
    ("assignments", "code", "words"),
    [
        (["aid.levle=1"], 3, "--set: aid.levle: unknown field; did you mean 'level'?"),
        (["aid.level=abc"], 3, "--set: aid.level: needs a number, not 'abc'"),
        (["aid.level"], 2, "--set needs PATH=VALUE, not 'aid.level'"),
        (["aid.level=1", "aid.level=2"], 2, "--set gives aid.level twice"),
        (["aid.level={"], 3, "--set: aid.level: not YAML"),
    ],
)
def test_a_bad_assignment_is_named(ceasefire, assignments, code, words):
    options = [word for text in assignments for word in ("--set", text)]
    reply = ceasefire("show", FLAGSHIP, *options)
    assert (reply.code, reply.out) == (code, "")
    assert words in reply.err


def test_several_bad_assignments_are_named_together(ceasefire):
    reply = ceasefire(
        "show", FLAGSHIP, "--set", "aid.level=-1", "--set", "frnt.held_km2=1"
    )
    assert reply.code == 3
    assert "aid.level: -1 is below 0" in reply.err
    assert "frnt" in reply.err


def test_an_unknown_scenario_is_missing_input_with_near_names(ceasefire):
    reply = ceasefire("show", "kursk-2025-03-31")
    assert (reply.code, reply.out) == (4, "")
    assert "similar names: kursk-2025-03-13" in reply.err


def test_an_invalid_scenario_is_refused(ceasefire, scenario_file):
    reply = ceasefire("show", scenario_file(more="horizon_days: 0\n"), "--json")
    assert (reply.code, reply.out) == (3, "")
    assert "horizon_days: 0 is below 1" in reply.err
