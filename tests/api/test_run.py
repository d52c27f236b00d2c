"""Python's way in: what a script and a notebook cell hold on to."""

import json
import math
import os
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

import sim
from sim.api.run import Run
from sim.cli import exit_code
from sim.errors import InputMissingError, ScenarioError
from sim.plots.figure import Figure

FLAGSHIP = "kursk-2025-03-13"


@pytest.fixture(scope="module")
def world() -> Run:
    return sim.run(sim.load(FLAGSHIP, set={"chips.kursk.area_km2": 400}), seed=1)


def test_a_run_takes_an_id_a_path_or_what_was_loaded(world):
    loaded = sim.load(FLAGSHIP)
    by_id, by_path = sim.run(FLAGSHIP), sim.run(loaded.files[0])
    assert by_id.outcome == by_path.outcome == sim.run(loaded).outcome
    assert by_id.outcome != world.outcome


def test_steps_are_a_table_with_flat_names_in_the_order_of_days(world):
    steps = world.steps
    assert isinstance(steps, pd.DataFrame)
    # The first row is the eve: the world as the scenario states it.
    assert list(steps["day"]) == list(range(-1, len(steps) - 1))
    assert steps["chips_km2.kursk"].iloc[0] == pytest.approx(400)
    assert {"chips_km2.kursk", "war_value.russia", "belief.ukraine"} <= set(steps)
    assert steps["held_km2"].between(0, 8000).all()


def test_events_are_a_table_with_reasons_and_a_sentence_each(world):
    events = world.events
    assert isinstance(events, pd.DataFrame)
    assert len(events) == len(world.log)
    assert list(events)[:6] == ["day", "date", "actor", "type", "offer", "text"]
    assert {"reason.accept", "reason.fight_on", "terms.duration_days"} <= set(events)
    assert "reason" not in events
    assert events["text"].str.endswith(".").all()
    answers = events[events["type"] == "acceptance"]
    gain = answers["reason.accept"] - answers["reason.fight_on"]
    assert (gain + answers["reason.noise"] >= 0).all()
    offers = events[events["type"] == "offer"]
    assert offers["reason.accept"].isna().all()


def test_a_world_without_events_still_has_its_columns(world):
    nothing = {**world.manifest, "steps": [], "events": []}
    empty = replace(world, manifest=nothing)
    assert list(empty.events)[:4] == ["day", "date", "actor", "type"]
    assert empty.steps.empty


def test_the_outcome_and_the_last_step_agree(world):
    last = world.steps.iloc[-1]
    assert world.outcome["held_km2"] == last["held_km2"]
    assert world.outcome["chips_km2"]["kursk"] == last["chips_km2.kursk"]
    ends = {"war": "war", "truce": "truce", "settled": "settled", "defeat": "defeat"}
    assert world.outcome["end"] == ends[last["phase"]]


def test_the_story_is_a_list_of_texts_that_ends_with_a_warning(world):
    assert all(isinstance(part, str) for part in world.story)
    assert "not a forecast" in world.story[-1]


def test_json_is_that_of_the_command_but_for_the_command(capsys):
    assert exit_code(["run", FLAGSHIP, "--replicate", "2", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    told = json.loads(sim.run(FLAGSHIP, replicate=2).to_json())
    assert told | {"command": printed["command"]} == printed


def test_json_has_no_numbers_that_json_does_not_know(world):
    def check(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(world.to_json(), parse_constant=check)


def test_the_seed_0_and_another_replicate_are_other_worlds():
    costs = {
        sim.run(FLAGSHIP, seed=seed, replicate=replicate).steps["war_value.russia"][0]
        for seed, replicate in ((0, 0), (1, 0), (1, 1))
    }
    assert len(costs) == 3


def test_a_run_is_shown_in_a_line_and_drawn_on_request(world):
    assert len(repr(world)) < 1000
    figure = world.plot()
    assert isinstance(figure, Figure)
    assert figure.name == "run_timeline"


def test_values_are_those_of_the_command(capsys):
    assert exit_code(["values", FLAGSHIP, "--json"]) == 0
    assert sim.values(FLAGSHIP) == json.loads(capsys.readouterr().out)


def test_values_take_what_was_loaded():
    loaded = sim.load(FLAGSHIP, set={"chips.kursk.area_km2": 0})
    found = sim.values(loaded)
    assert found["scenario_hash"] == loaded.hash
    low, high = found["corridor"]["keep"]
    assert [low, high] == found["corridor"]["hand_back"]
    assert math.isfinite(low)


@pytest.mark.slow
def test_the_example_of_the_interface_runs_in_a_script_without_a_main_guard(
    tmp_path, checkout
):
    script = tmp_path / "script.py"
    script.write_text(
        f"""
from sim import load, run, sweep, values
world = run(load("{FLAGSHIP}", set={{"chips.kursk.area_km2": 400}}), seed=1)
world.events, world.steps, world.outcome, values("{FLAGSHIP}")
result = sweep("{FLAGSHIP}", vary={{"chips.kursk.area_km2": [0, 500]}}, replicates=20)
print(len(result.cells), result.plot("outcome_curve").name)
"""
    )
    reply = subprocess.run(
        [sys.executable, "-W", "error", script],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(checkout)},
    )
    assert reply.returncode == 0, reply.stderr
    assert (reply.stdout, reply.stderr) == ("2 outcome_curve\n", "")


def test_loading_and_valuing_wait_for_neither_mesa_nor_matplotlib():
    code = (
        "import sys, sim\n"
        f"sim.load('{FLAGSHIP}')\n"
        "assert not {'numba', 'numpy', 'pandas'} & set(sys.modules)\n"
        f"sim.values('{FLAGSHIP}')\n"
        "assert not {'mesa', 'matplotlib', 'pandas'} & set(sys.modules)\n"
    )
    reply = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert reply.returncode == 0, reply.stderr


def test_a_bad_scenario_is_an_error_to_catch():
    change = {"parties.russia.policy": {"name": "hardliner", "premium_km2": -1}}
    with pytest.raises(ScenarioError, match="premium"):
        sim.run(sim.load(FLAGSHIP, set=change))
    with pytest.raises(InputMissingError, match="similar names"):
        sim.values("kursk-2025-03-31")
