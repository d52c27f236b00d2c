"""`ceasefire run`: one world in words, as JSON, and as files."""

import json
import re
import shlex
from xml.etree import ElementTree

import pytest

import sim
from sim.api.run import run

FLAGSHIP = "kursk-2025-03-13"
FILES = ["manifest.json", "events.csv", "steps.csv"] + [
    f"figures/run_timeline.{each}" for each in ("csv", "pdf", "png", "svg", "txt")
]


@pytest.fixture(scope="module")
def world():
    """The world that the commands below tell of."""
    return run(FLAGSHIP, seed=1, replicate=0)


def test_the_story_is_told_sentence_by_sentence(ceasefire, world):
    reply = ceasefire("run", FLAGSHIP)
    assert (reply.code, reply.err) == (0, "")
    told = " ".join(reply.out.split())
    for part in world.story:
        assert " ".join(part.split()) in told
    assert "not a forecast" in told
    assert max(map(len, reply.out.splitlines())) < 130


def test_the_first_answers_of_the_flagship_are_in_the_story(ceasefire):
    told = " ".join(ceasefire("run", FLAGSHIP).out.split())
    assert (
        "The United States offers a 30-day truce. Ukraine accepts; Russia refuses"
        in told
    )
    told = " ".join(ceasefire("run", FLAGSHIP, "--numbers").out.split())
    accepts = (
        r"Ukraine accepts. To Ukraine, accepting is worth \d+ km2 more than fighting"
    )
    assert re.search(accepts, told)


def test_a_run_names_seed_hash_and_the_command_that_repeats_it(ceasefire):
    change = "chips.kursk.area_km2={value: 400, low: 300}"
    words = ("run", FLAGSHIP, "--seed", "7", "--replicate", "3", "--set", change)
    first = ceasefire(*words)
    assert "seed 7, replicate 3" in first.out
    assert sim.load(FLAGSHIP, set={"chips.kursk.area_km2": 400}).hash in first.out
    again = first.out.splitlines()[-1].removeprefix("again: ")
    program, *rest = shlex.split(again)
    assert program == "ceasefire"
    assert ceasefire(*rest) == first


def test_the_same_seed_and_replicate_tell_the_same_story(ceasefire):
    words = ("run", FLAGSHIP, "--replicate", "5", "--json")
    assert ceasefire(*words) == ceasefire(*words)
    assert ceasefire(*words[:-2], "6", "--json") != ceasefire(*words)


def test_json_is_one_object_with_the_names_programs_rely_on(ceasefire, world):
    reply = ceasefire("run", FLAGSHIP, "--json")
    assert (reply.code, reply.err) == (0, "")
    assert reply.out.isascii()
    data = json.loads(reply.out)
    assert data["schema_version"] == 2
    assert data["scenario"] == FLAGSHIP
    assert data["scenario_hash"] == sim.load(FLAGSHIP).hash
    assert data["version"] == sim.__version__
    assert (data["seed"], data["replicate"]) == (1, 0)
    assert data["outcome"] == world.outcome
    assert data["command"] == f"ceasefire run {FLAGSHIP} --seed 1 --replicate 0"
    assert {"numpy", "numba", "mesa"} <= data["versions"].keys()
    step, event = data["steps"][0], data["events"][0]
    assert {"day", "date", "phase", "held_km2", "chips_km2", "aid"} <= step.keys()
    assert {"belief", "war_value", "reservation_value"} <= step.keys()
    assert event["type"] == "offer"
    assert event["actor"] == "united_states"
    answers = [event for event in data["events"] if event["reason"]]
    assert answers
    for answer in answers:
        reason = answer["reason"]
        gain = reason["accept"] - reason["fight_on"]
        assert sum(reason["parts"].values()) == pytest.approx(gain, abs=1e-8)


def test_files_of_a_run_carry_where_they_come_from(ceasefire, tmp_path):
    out = tmp_path / "a" / "b"
    reply = ceasefire("run", FLAGSHIP, "--out", out)
    assert reply.code == 0
    assert str(out) in reply.err
    written = sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file())
    assert written == sorted(FILES)
    data = json.loads((out / "manifest.json").read_text())
    assert data["outcome"]["end"] in ("war", "truce", "settled", "defeat")
    caption = (out / "figures/run_timeline.txt").read_text(encoding="utf-8")
    assert f"ceasefire run {FLAGSHIP} --seed 1 --replicate 0" in caption
    assert "scenario_hash" in caption
    assert "numba" in caption
    ElementTree.parse(out / "figures/run_timeline.svg")


def test_json_with_files_prints_the_object_of_the_file(ceasefire, tmp_path):
    reply = ceasefire("run", FLAGSHIP, "--out", tmp_path, "--json", "--quiet")
    assert (reply.code, reply.err) == (0, "")
    kept = json.loads((tmp_path / "manifest.json").read_text())
    assert json.loads(reply.out).items() <= {**kept, "scenario": FLAGSHIP}.items()


def test_files_are_overwritten_by_force_only(ceasefire, tmp_path):
    (tmp_path / "manifest.json").write_text("mine")
    reply = ceasefire("run", FLAGSHIP, "--out", tmp_path)
    assert (reply.code, reply.out) == (2, "")
    assert "manifest.json would be overwritten; --force allows it" in reply.err
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]
    assert (tmp_path / "manifest.json").read_text() == "mine"
    assert ceasefire("run", FLAGSHIP, "--out", tmp_path, "--force").code == 0
    assert json.loads((tmp_path / "manifest.json").read_text())["seed"] == 1


def test_a_file_in_place_of_the_folder_is_a_matter_of_usage(ceasefire, tmp_path):
    file = tmp_path / "out"
    file.write_text("mine")
    reply = ceasefire("run", FLAGSHIP, "--out", file)
    assert (reply.code, reply.out) == (2, "")
    assert "is a file, not a folder" in reply.err
    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    ("option", "value"),
    [("--seed", "-1"), ("--seed", "1.5"), ("--seed", str(2**63)), ("--replicate", "x")],
)
def test_seed_and_replicate_are_whole_numbers_from_0(ceasefire, option, value):
    reply = ceasefire("run", FLAGSHIP, option, value)
    assert (reply.code, reply.out) == (2, "")
    assert option in reply.err


def test_the_largest_seed_and_0_are_seeds(ceasefire):
    for seed in (0, 2**63 - 1):
        reply = ceasefire("run", FLAGSHIP, "--seed", seed)
        assert reply.code == 0
        assert f"seed {seed}, " in reply.out


def test_an_invalid_scenario_writes_nothing(ceasefire, scenario_file, tmp_path):
    out = tmp_path / "out"
    file = scenario_file(more="horizon_days: 0\n")
    reply = ceasefire("run", file, "--out", out)
    assert (reply.code, reply.out) == (3, "")
    assert not out.exists()


def test_two_names_that_would_share_their_luck_are_named_and_nothing_written(
    ceasefire, tmp_path, monkeypatch
):
    monkeypatch.setattr("sim.model.parameters.spot", lambda name: 7)
    out = tmp_path / "out"
    reply = ceasefire("run", FLAGSHIP, "--out", out)
    assert (reply.code, reply.out) == (3, "")
    assert "would share its luck" in reply.err
    assert not out.exists()


def test_a_scenario_without_patron_or_chips_runs(ceasefire, scenario_file):
    reply = ceasefire("run", scenario_file(), "--json")
    assert (reply.code, reply.err) == (0, "")
    data = json.loads(reply.out)
    assert data["outcome"]["chips_km2"] == {}
    assert {event["actor"] for event in data["events"]} <= {"north", "south", None}
