"""`ceasefire replay`: told as `run` tells it."""

import json

import pytest

import sim
from sim.errors import CheckFailedError

FLAGSHIP = "kursk-2025-03-13"
AREA = "chips.kursk.area_km2"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replay") / "sweep"
    sim.sweep(
        FLAGSHIP, {AREA: [0, 800]}, 4, set={"horizon_days": 30}, out=folder,
        keep_worlds=True, series=0,
    )  # fmt: skip
    return folder


def test_it_is_the_run_of_the_scenario_with_the_settings_of_the_cell(
    folder, ceasefire, tmp_path
):
    words = ("replay", folder, "--cell", "1", "--replicate", "3")
    run = ("run", FLAGSHIP, "--replicate", "3", "--set", f"{AREA}=800",
           "--set", "horizon_days=30")  # fmt: skip
    told, expected = ceasefire(*words), ceasefire(*run)
    assert told.code == 0
    assert told.out.split("\nagain: ")[0] == expected.out.split("\nagain: ")[0]
    assert f"cell 1: {AREA} 800" in told.err
    assert "the outcome is the same as the one that the sweep saved" in told.err
    found = json.loads(ceasefire(*words, "--json", "--quiet").out)
    known = json.loads(ceasefire(*run, "--json").out)
    for name in known.keys() - {"command"}:
        assert found[name] == known[name]
    assert found["command"] == f"ceasefire replay {folder} --cell 1 --replicate 3"
    assert (found["cell"], found["settings"]) == (1, {AREA: 800.0})


def test_files_are_those_of_run_and_are_not_overwritten(folder, ceasefire, tmp_path):
    words = ("replay", folder, "--cell", "0", "--replicate", "0", "--out", tmp_path)
    assert ceasefire(*words).code == 0
    assert (tmp_path / "figures" / "run_timeline.svg").exists()
    data = json.loads((tmp_path / "manifest.json").read_text())
    assert data["command"].startswith("ceasefire replay ")
    assert ceasefire(*words).code == 2
    assert ceasefire(*words, "--force").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--cell", "2", "--replicate", "0"), "  1: chips.kursk.area_km2 800"),
        (("--cell", "1", "--replicate", "4"), "cell 1 has 4, 0 to 3"),
        (("--cell", "1"), "choose a world with --cell and --replicate"),
    ],
)
def test_what_is_not_there_is_a_matter_of_usage(folder, ceasefire, words, message):
    reply = ceasefire("replay", folder, *words)
    assert (reply.code, reply.out) == (2, "")
    assert message in reply.err


def test_no_sweep_is_4_and_another_world_is_5(folder, ceasefire, tmp_path, monkeypatch):
    here = ("--cell", "0", "--replicate", "0")
    assert ceasefire("replay", tmp_path, *here).code == 4

    def fail(at, policies):
        raise CheckFailedError("a different world")

    monkeypatch.setattr("sim.cli.replay.run_again", fail)
    assert ceasefire("replay", folder, *here).code == 5
