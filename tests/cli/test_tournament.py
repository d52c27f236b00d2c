"""`ceasefire tournament`: the table, the sentences, JSON and files."""

import json
import shlex

import sim

FLAGSHIP = "kursk-2025-03-13"
FEW = ("--policies", "best_response,hardliner", "--replicates", "30")
SHORT = ("--set", "horizon_days=60", "--quiet")


def test_a_table_of_all_pairs_is_printed_and_read_aloud(ceasefire):
    reply = ceasefire("tournament", FLAGSHIP, *FEW, *SHORT)
    assert (reply.code, reply.err) == (0, "")
    lines = reply.out.splitlines()
    assert (
        max(map(len, lines[: lines.index("A model's answer, not a forecast.")])) < 100
    )
    (head,) = (line for line in lines if "payoff of Russia" in line)
    at = lines.index(head)
    rows = [line.split("  ")[1:] for line in lines[at + 1 : at + 5]]
    assert all(" +- " in " ".join(row) for row in rows)
    text = " ".join(lines)
    assert "than best response" in text
    assert "The fighting has stopped at day 60 in" in text
    assert "not a forecast" in text


def test_json_and_files_are_those_of_python_and_the_command_repeats_them(
    ceasefire, tmp_path
):
    words = ("tournament", FLAGSHIP, *FEW, *SHORT)
    reply = ceasefire(*words, "--json", "--out", tmp_path / "t")
    data = json.loads(reply.out)
    found = sim.tournament(
        FLAGSHIP, ["best_response", "hardliner"], 30, set={"horizon_days": 60}
    )
    assert data == json.loads(found.to_json())
    assert [row["against"] for row in data["best"]] == 2 * [
        "best response",
        "hardliner",
    ]
    names = {file.name for file in (tmp_path / "t").iterdir()}
    assert names == {"pairs.csv", "best.csv", "manifest.json", "figures"}
    again = ceasefire(*shlex.split(data["command"])[1:], "--json", "--quiet")
    assert json.loads(again.out) == data
    drawn = ceasefire("plot", tmp_path / "t", "--quiet", "--force")
    assert drawn.code == 0
    assert sim.open_result(tmp_path / "t").read_aloud == found.read_aloud


def test_a_policy_that_is_none_ends_with_usage_and_a_missing_file_with_its_code(
    ceasefire,
):
    reply = ceasefire("tournament", FLAGSHIP, "--policies", "best_response,best")
    assert reply.code == 2
    assert "no policy 'best'" in reply.err
    gone = ceasefire("tournament", FLAGSHIP, "--policies", "quantal,gone.py:Same")
    assert gone.code == 4
