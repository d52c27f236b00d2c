"""`ceasefire compare`: rows against the first, pairs counted, twins followed."""

import json
import re
import shlex

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import ScenarioError, UsageError

FLAGSHIP = "kursk-2025-03-13"
FEW = ("--replicates", "60")


def test_each_change_is_a_row_compared_with_the_first(ceasefire):
    words = ("compare", FLAGSHIP, "--set", "aid.level=0.5")
    reply = ceasefire(*words, "--set", "chips.kursk.area_km2=400", *FEW)
    assert (reply.code, reply.err) == (0, "")
    lines = reply.out.splitlines()
    assert f"A: {FLAGSHIP}" in lines
    assert "B: aid.level 0.5, was 1" in lines
    assert "C: chips.kursk.area_km2 400, was 189" in lines
    asked = "number of 60 runs in which a full truce begins by day 90"
    shares = lines.index(asked)
    rows = [line.split() for line in lines[shares + 1 : shares + 4]]
    assert [row[0] for row in rows] == ["A", "B", "C"]
    for row in rows[1:]:
        assert float(row[5]) == pytest.approx(
            float(row[1]) - float(rows[0][1]), abs=1.0
        )
    assert re.search(r"\d+ of 60 runs end earlier", " ".join(lines))
    assert "Twins of A and B, replicate 0" in lines
    assert "not a forecast" in reply.out


def test_the_table_is_that_of_a_sweep_and_of_python(ceasefire):
    reply = ceasefire("compare", FLAGSHIP, "--set", "aid.level=0.5", *FEW, "--json")
    assert (reply.code, reply.err) == (0, "")
    data = json.loads(reply.out)
    rows = data["rows"]
    found = sim.compare(FLAGSHIP, changes=[{"aid.level": 0.5}], replicates=60)
    swept = sim.sweep(FLAGSHIP, {"aid.level": [1, 0.5]}, 60).cells
    for place, row in enumerate(rows):
        for name in swept.columns.drop(["cell", "aid.level"]):
            known = [row[name], found.table[name][place], swept[name][place]]
            numbers = [np.nan if each is None else float(each) for each in known]
            assert np.array_equal(numbers, [numbers[2]] * 3, equal_nan=True), name
        pairs = [row[f"ends_{each}"] for each in ("earlier", "later", "same")]
        assert sum(pairs) == 60
    assert rows[0]["changes"] == []
    assert rows[1]["changes"] == [{"path": "aid.level", "now": 0.5, "was": 1.0}]
    assert rows[1]["twins"]["start"] == {"aid": {"first": 1.0, "other": 0.5}}
    assert data["twin_replicate"] == 0
    assert ceasefire(*shlex.split(data["command"])[1:], "--json") == reply


def test_other_scenarios_and_what_is_changed_in_all(ceasefire):
    words = ("compare", FLAGSHIP, "no-incursion", "--in-all", "horizon_days=60", *FEW)
    reply = ceasefire(*words, "--json")
    first, other = json.loads(reply.out)["rows"]
    assert (first["horizon_days"], other["horizon_days"]) == (60, 60)
    assert other["scenario"] == "no-incursion"
    assert other["label"].startswith("no-incursion (")
    paths = {each["path"] for each in other["changes"]}
    assert {"chips.kursk.area_km2", "parties.russia.conditions"} <= paths
    assert "horizon_days" not in paths
    assert first["chips_km2.kursk_mean"] > 0.0
    assert other["chips_km2.kursk_mean"] is None
    assert other["chips_km2.kursk_mean_diff"] is None


def test_changes_together_make_a_row_more(ceasefire):
    sets = ("--set", "aid.level=0.5", "--set", "chips.kursk.area_km2=400")
    reply = ceasefire("compare", FLAGSHIP, *sets, "--together", *FEW, "--json")
    rows = json.loads(reply.out)["rows"]
    assert [len(row["changes"]) for row in rows] == [0, 1, 1, 2]
    alone = ceasefire("compare", FLAGSHIP, *sets[:2], "--together", *FEW)
    assert (alone.code, alone.out) == (2, "")


def test_the_twins_followed_are_those_of_the_replicate_asked_for(ceasefire):
    words = ("compare", FLAGSHIP, "--set", "chips.kursk.area_km2=400", *FEW)
    reply = ceasefire(*words, "--replicate", "5")
    assert "Twins of A and B, replicate 5" in reply.out
    found = sim.compare(
        FLAGSHIP, changes=[{"chips.kursk.area_km2": 400}], replicates=60
    )
    differs = found.first_to_differ[1]
    if differs != 5:
        assert f"--replicate {differs}" in reply.out
    twins = found.twins(1, differs)
    assert twins.stopped[0] != twins.stopped[1] or twins.ends[0] != twins.ends[1]


def test_a_folder_gets_the_tables_and_the_figure(ceasefire, tmp_path):
    out = tmp_path / "compared"
    words = ("compare", FLAGSHIP, "--set", "aid.level=0.5", *FEW, "--out", out)
    reply = ceasefire(*words, "--json")
    assert reply.code == 0
    kept = json.loads((out / "manifest.json").read_text())
    assert kept["rows"] == json.loads(reply.out)["rows"]
    table = pd.read_csv(out / "compare.csv")
    assert list(table["label"]) == [FLAGSHIP, "aid.level 0.5, was 1"]
    assert set(table["scenario_hash"]) == {
        sim.load(FLAGSHIP).hash,
        sim.load(FLAGSHIP, set={"aid.level": 0.5}).hash,
    }
    assert set(table["command"]) == {json.loads(reply.out)["command"]}
    names = {path.name for path in (out / "figures").iterdir()}
    ends = ("svg", "pdf", "png", "csv", "txt")
    assert names == {f"comparison.{end}" for end in ends}
    again = ceasefire(*words)
    assert (again.code, again.out) == (2, "")
    assert "--force allows it" in again.err
    assert ceasefire(*words, "--force", "--quiet").err == ""


def test_more_rows_than_the_figure_holds_are_kept_as_tables(ceasefire, tmp_path):
    others = ["no-incursion"] * 6
    words = ("compare", FLAGSHIP, *others, "--replicates", "5")
    reply = ceasefire(*words, "--out", tmp_path / "many")
    assert reply.code == 0
    assert "it has room for only 6 rows" in reply.err
    assert (tmp_path / "many" / "compare.csv").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "nothing to compare with"),
        (("--set", "aid.levle=1"), 3, "did you mean 'level'?"),
        (("no-such-war",), 4, "no scenario 'no-such-war'"),
        (("--set", "aid.level=1", "--set", "aid.level=2"), 2, "twice"),
        (("--set", "aid.level"), 2, "PATH=VALUE"),
        (("--set", "aid.level=-1"), 3, "aid.level"),
        (("--set", "aid.level=1", "--replicates", "0"), 2, "--replicates"),
    ],
)
def test_what_cannot_be_compared_is_named(ceasefire, words, code, said):
    reply = ceasefire("compare", FLAGSHIP, *words)
    assert (reply.code, reply.out) == (code, "")
    assert said in reply.err


def test_python_names_what_is_wrong():
    with pytest.raises(UsageError, match="nothing to compare"):
        sim.compare(FLAGSHIP)
    with pytest.raises(UsageError, match="--replicates must be at least 1, not 0"):
        sim.compare(FLAGSHIP, "no-incursion", replicates=0)
    with pytest.raises(ScenarioError):
        sim.compare(FLAGSHIP, changes=[{"aid.level": "much"}])


def test_threads_change_nothing():
    one, two = (
        sim.compare(
            FLAGSHIP, changes=[{"aid.level": 0.5}], replicates=700, threads=threads
        ).table
        for threads in (1, 2)
    )
    pd.testing.assert_frame_equal(one, two)
