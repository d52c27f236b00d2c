"""`ceasefire sensitivity` and `ceasefire conditions`, as a user types them."""

import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.drivers.asked import ASKED
from experiments.drivers.page import FOLDER, page
from sim import open_result, sensitivity
from sim.api.discovery import conditions
from tests.docs import runner

SMALL = (
    "--samples", "16", "--replicates", "8", "--trajectories", "2",
    "--tornado-replicates", "60", "--within-days", "400",
)  # fmt: skip

# Two beliefs decide, the rest is at hand.
FILE = """
id: two-beliefs
title: Two sides, three things not known
start_date: 2025-01-01
horizon_days: 60
front: {side: north, stake_km2: 1000, held_km2: 500,
  drift_km2_per_week: 0, volatility_km2_per_week: 20}
parties:
  north:
    cost_of_war_km2: 100
    belief: {drift_km2_per_week: {value: 0, low: -10, high: 10}}
  south:
    cost_of_war_km2: 100
    belief: {drift_km2_per_week: {value: 0, low: -10, high: 10}}
negotiation: {repeat_after_days: {value: 30, low: 10, high: 50}}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    file = tmp_path_factory.mktemp("scenario") / "two-beliefs.yaml"
    file.write_text(FILE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def kept(scenario, tmp_path_factory):
    out = tmp_path_factory.mktemp("kept") / "out"
    sizes = {"samples": 64, "replicates": 8, "trajectories": 2}
    found = sensitivity(scenario, **sizes, tornado_replicates=60, within_days=400)
    found.save(str(out))
    return out


def test_text_has_the_three_tables_luck_and_advice(ceasefire, scenario, tmp_path):
    out = tmp_path / "out"
    reply = ceasefire("sensitivity", scenario, *SMALL, "--out", out)
    assert reply.code == 0, reply.err
    assert "South's believed drift, km² a week" in reply.out
    assert "moved to its low or its high (60 worlds each" in " ".join(reply.out.split())
    assert "Of the variance between single worlds" in reply.out
    assert "--samples" in reply.err
    assert re.search(
        rf"^again: ceasefire .* --out {re.escape(str(out))}$", reply.err, re.M
    )
    assert "A model's answer, not a forecast." in reply.err
    assert sorted(file.name for file in out.iterdir()) == [
        "figures", "manifest.json", "samples.parquet", "screening.csv", "sobol.csv",
        "tornado.csv",
    ]  # fmt: skip


def test_its_tables_fit_100_columns_or_are_wide(ceasefire, scenario):
    reply = ceasefire("sensitivity", "kursk-2025-03-13", *SMALL)
    assert max(map(len, reply.out.splitlines())) <= 100
    reply = ceasefire("sensitivity", scenario, *SMALL, "--wide")
    assert "parties.south.belief.drift_km2_per_week" in reply.out


def test_what_is_kept_is_read_again_and_never_overwritten(kept, ceasefire, scenario):
    found = open_result(kept)
    assert len(found.samples) == 2 * 64
    assert set(found.manifest["inputs"]) <= set(found.samples.columns)
    drawn = (kept / "figures" / "sensitivity.txt").read_text(encoding="utf-8")
    assert " ".join(found.plot().alt_text.split()) in " ".join(drawn.split())
    assert ceasefire("sensitivity", scenario, *SMALL, "--out", kept).code == 2


def test_plot_draws_the_figure_of_a_folder_again_and_no_other(
    kept, ceasefire, tmp_path
):
    reply = ceasefire("plot", kept, "--out", tmp_path)
    assert reply.code == 0, reply.err
    for each in ("svg", "csv", "txt"):
        drawn = (tmp_path / f"sensitivity.{each}").read_bytes()
        assert drawn == (kept / "figures" / f"sensitivity.{each}").read_bytes()
    other = ceasefire("plot", kept, "--figure", "fan_chart", "--out", tmp_path)
    assert (other.code, "has sensitivity only" in other.err) == (2, True)


def test_json_is_one_object_that_follows_from_the_seed(ceasefire, scenario):
    def asked(*more):
        reply = ceasefire("sensitivity", scenario, *SMALL, "--json", "--quiet", *more)
        assert reply.code == 0, reply.err
        return json.loads(reply.out)

    one, again, other = asked(), asked("--threads", "1"), asked("--seed", "2")
    assert one == again
    assert one["sobol"] != other["sobol"]
    assert [row["path"] for row in one["tornado"]] != []
    shares = [one["luck"][name]["estimate"] for name in ("inputs", "alone", "together")]
    assert sum(shares) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        (["--samples", "100"], 2, "a power of 2 from 16, not 100"),
        (["--replicates", "1"], 2, "--replicates must be at least 2"),
        (["--outcome", "full_truce"], 2, "did you mean 'full_truce_share'"),
        (["--outcome", "first_full_truce_day_median"], 2, "NaN"),
        (["--outcome", "defeat_share"], 5, "too little to distinguish it from luck"),
        (["--set", "nowhere=1"], 3, "nowhere"),
    ],
)
def test_wrong_input_is_told_plainly(ceasefire, scenario, more, code, says):
    reply = ceasefire("sensitivity", scenario, *SMALL, *more)
    assert reply.code == code
    assert says in reply.err


def test_a_scenario_without_bounds_has_nothing_to_ask(ceasefire, scenario, tmp_path):
    file = tmp_path / "known.yaml"
    file.write_text(FILE.replace(", low: -10, high: 10", ""), encoding="utf-8")
    reply = ceasefire("sensitivity", file, *SMALL)
    assert reply.code == 2
    assert "needs two values with a low or high" in reply.err


def test_an_input_whose_bound_cannot_be_is_left_out_by_name(ceasefire, tmp_path):
    # f15: no side holds more than the stake; validate refuses the file.
    file = tmp_path / "wide.yaml"
    held = "held_km2: {value: 500, low: 300, high: 1200}"
    file.write_text(FILE.replace("held_km2: 500", held), encoding="utf-8")
    wrong = "front.held_km2.high: 1200 cannot be used: 1200 km2 is not less than the"
    reply = ceasefire("validate", file)
    above, _, _ = file.read_text(encoding="utf-8").partition(held)
    named = f"wide.yaml:{above.count(chr(10)) + 1}:" in reply.err
    assert (reply.code, named, wrong in reply.err) == (3, True, True)
    reply = ceasefire("sensitivity", file, *SMALL, "--quiet", "--json")
    assert (reply.code, wrong in reply.err) == (0, True)
    found = json.loads(reply.out)
    assert list(found["left_out"]) == ["front.held_km2"]
    assert "front.held_km2" not in found["inputs"]
    only = ("--set", "parties.north.belief.drift_km2_per_week=0")
    only += ("--set", "parties.south.belief.drift_km2_per_week=0")
    reply = ceasefire("sensitivity", file, *SMALL, *only)
    assert (reply.code, wrong in reply.err) == (3, True)
    reply = ceasefire("sweep", file, "--input-sets", "2", "--out", tmp_path / "out")
    assert (reply.code, wrong in reply.err) == (3, True)


def test_the_table_of_ends_has_the_numbers_that_were_run(ceasefire, tmp_path):
    # f15: days are whole.
    file = tmp_path / "rounded.yaml"
    file.write_text(FILE.replace("high: 50", "high: 50.4"), encoding="utf-8")
    reply = ceasefire("sensitivity", file, *SMALL, "--json", "--quiet")
    assert reply.code == 0, reply.err
    ends = {
        row["path"]: (row["low"], row["high"])
        for row in json.loads(reply.out)["tornado"]
    }
    assert ends["negotiation.repeat_after_days"] == (10, 50)


@pytest.mark.parametrize(
    ("vary", "says"),
    [
        ("front.held_km2: [200, 1200]", "high: 1200 cannot be used"),
        ("front.held_km2.value: [200, 1200]", "high: 1200 cannot be used"),
        ("chips.land.area_km2: [0, 1]", "chips.land: unknown entry"),
        (
            "negotiation.offers.freeze.duration_days: [10, 20]",
            "duration_days: is not a number in the scenario two-beliefs",
        ),
    ],
)
def test_a_range_of_an_experiment_that_cannot_be_is_refused(
    ceasefire, scenario, tmp_path, vary, says
):
    file = tmp_path / "experiment.yaml"
    file.write_text(f"scenario: {scenario}\nvary:\n  {vary}\n", encoding="utf-8")
    reply = ceasefire("sensitivity", file, *SMALL)
    assert (reply.code, says in reply.err) == (3, True), reply.err


def test_an_experiment_lends_its_ranges(ceasefire, scenario, tmp_path):
    file = tmp_path / "experiment.yaml"
    file.write_text(
        f"scenario: {scenario}\nseed: 3\nvary:\n  front.held_km2: [200, 600.5]\n",
        encoding="utf-8",
    )
    reply = ceasefire("sensitivity", file, *SMALL, "--json", "--quiet")
    assert reply.code == 0, reply.err
    found = json.loads(reply.out)
    assert found["seed"] == 3
    assert found["inputs"]["front.held_km2"] == {
        "low": 200, "value": 500, "high": 600.5,
    }  # fmt: skip


def test_conditions_are_told_in_words_and_numbers(kept, ceasefire):
    reply = ceasefire("conditions", kept)
    assert reply.code == 0, reply.err
    found = json.loads(ceasefire("conditions", kept, "--json").out)
    assert found["boxes"]
    [first, *_] = found["boxes"]
    assert set(first["bounds"]) <= set(open_result(kept).manifest["inputs"])
    assert f"in {100 * first['density']:.0f} of 100 worlds" in " ".join(
        reply.out.split()
    )
    assert "belief.drift_km2_per_week" in " ".join(first["bounds"])


def test_conditions_count_what_is_in_the_box(kept):
    found = conditions(open_result(kept), boxes=1)
    assert found.to_dict() == conditions(kept, boxes=1).to_dict()
    table = open_result(kept).samples
    inside = np.ones(len(table), dtype=bool)
    for bound in found.boxes[0].bounds:
        column = table[bound.path]
        inside &= (column >= (bound.low or -np.inf)) & (
            column <= (np.inf if bound.high is None else bound.high)
        )
    # One half has judged, the other has found: the same box, and all of its points.
    halves = found.boxes[0].worth, found.boxes[0].found_worth
    assert sum(half.points for half in halves) == inside.sum()
    assert all(half.points == half.mass * len(table) / 2 for half in halves)
    yes = sum(half.density * half.points for half in halves)
    assert yes == pytest.approx(table.full_truce_share[inside].sum())


@pytest.mark.parametrize("order", ["reversed", "columns", "shuffled"])
def test_no_order_of_points_or_inputs_changes_what_is_found(kept, order):
    # f01: the halves follow from the settings of points alone.
    drivers = open_result(kept)
    samples, manifest = drivers.samples, drivers.manifest
    if order == "columns":
        names = list(reversed(manifest["inputs"].items()))
        other = replace(drivers, manifest={**manifest, "inputs": dict(names)})
    else:
        mixed = np.random.default_rng(1).permutation(len(samples))
        rows = mixed if order == "shuffled" else slice(None, None, -1)
        other = replace(drivers, samples=samples.iloc[rows])
    assert conditions(other).to_dict() == conditions(drivers).to_dict()


def test_an_order_of_options_or_a_design_cannot_line_up_with_the_halves(
    ceasefire, scenario, tmp_path
):
    # f01: of these cells every other one, or half of them, has the one belief.
    belief = "parties.south.belief.drift_km2_per_week"
    vary = [f"{belief}=-10,10", "front.volatility_km2_per_week=10:30:60"]
    numbers = ("--replicates", "20", "--series", "0", "--quiet")
    found = []
    for name, first, second in (("one", *vary), ("two", *reversed(vary))):
        out = tmp_path / name
        varied = ("--vary", first, "--vary", second)
        reply = ceasefire("sweep", scenario, *varied, *numbers, "--out", out)
        assert reply.code == 0, reply.err
        found.append(conditions(out, absent=True))
    one, two = ([vars(box) for box in each.boxes] for each in found)
    assert one
    assert one == two
    [bound] = found[0].boxes[0].bounds
    assert bound.path == belief


def test_of_many_sets_of_inputs_each_is_in_one_half_in_all_cells(
    ceasefire, scenario, tmp_path
):
    # f01: cells that share a set would else judge by it what it has chosen.
    out = tmp_path / "sweep"
    asked = ("--input-sets", "100", "--input-replicates", "10", "--replicates", "10")
    vary = ("--vary", "front.volatility_km2_per_week=15,20,25")
    reply = ceasefire("sweep", scenario, *vary, *asked, "--out", out, "--quiet")
    assert reply.code == 0, reply.err
    for box in conditions(out).boxes[:1]:
        inputs = [each for each in box.bounds if "volatility" not in each.path]
        assert inputs
        if len(inputs) == len(box.bounds):
            assert box.worth.points % 3 == box.found_worth.points % 3 == 0


def test_conditions_are_found_in_the_input_sets_of_a_sweep(
    ceasefire, scenario, tmp_path
):
    out = tmp_path / "sweep"
    asked = ("--input-sets", "120", "--replicates", "20", "--input-replicates", "20")
    reply = ceasefire("sweep", scenario, *asked, "--out", out, "--quiet")
    assert reply.code == 0, reply.err
    found = conditions(out)
    assert found.manifest["points"] == 120
    assert found.manifest["inputs"] == 3


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        (["--boxes", "0"], 2, "--boxes must be at least 1, not 0"),
        (["--boxes", "11"], 2, "--boxes must be at most 10, not 11"),
        (["--density", "2"], 2, "at most 1, not 2"),
        (["--outcome", "held_km2_mean"], 2, "no such outcome"),
    ],
)
def test_conditions_refuse_wrong_input(kept, ceasefire, more, code, says):
    reply = ceasefire("conditions", kept, *more)
    assert (reply.code, says in reply.err) == (code, True), reply.err


def test_conditions_of_nothing_are_missing_input(ceasefire, tmp_path):
    assert ceasefire("conditions", tmp_path / "nowhere").code == 4
    (tmp_path / "empty").mkdir()
    assert ceasefire("conditions", tmp_path / "empty").code == 4


def test_a_damaged_table_is_named(kept, ceasefire, tmp_path):
    damaged = shutil.copytree(kept, tmp_path / "damaged")
    (damaged / "samples.parquet").write_bytes(b"nothing")
    reply = ceasefire("conditions", damaged)
    assert reply.code == 4
    assert "samples.parquet" in reply.err


def test_files_carry_where_they_come_from(kept):
    table = pd.read_csv(kept / "tornado.csv")
    assert {"scenario_hash", "seed", "version", "command"} <= set(table.columns)


@pytest.mark.slow
def test_the_pages_commands_run_and_come_out_as_they_say(
    ceasefire, checkout, tmp_path, monkeypatch
):
    how, told = map(runner.page, ("how-to-find-what-matters", "reports/sensitivity"))
    [short], [block] = (runner.blocks(each, "sh") for each in (how, told))
    assert block.startswith(short)
    monkeypatch.chdir(tmp_path)
    replies = []
    for line in block.splitlines():
        program, *words = line.split()
        assert program == "ceasefire"
        # Fewer samples than the pages speak of: what is drawn is much the same.
        fewer = ["--samples", "64", "--tornado-replicates", "200"]
        fewer += ["--trajectories", "2"]
        fewer = fewer if words[0] == "sensitivity" else []
        replies.append(ceasefire(*words, *fewer))
        assert replies[-1].code == 0, replies[-1].err
    came = " ".join(replies[0].out.split() + replies[1].out.split())
    for pattern, there, near in (
        (r"between single worlds, (\d+) %", r"(\d+) % of the variance of a world", 7),
        (r"begins by day 90 in (\d+) of 100", r"their bounds it is (\d+) of 100", 7),
        (r"truce begins by day 90: (\d+)", r"values in the file (\d+) of 100", 2),
    ):
        [here] = re.findall(there, " ".join(how.split()))
        assert int(re.search(pattern, came)[1]) == pytest.approx(int(here), abs=near)
    # The report's page, of these samples: its tables have other digits, and no more.
    drivers = open_result(tmp_path / FOLDER)
    boxes = [conditions(drivers, **ASKED[0].options)] * len(ASKED)
    made = page(drivers, boxes, "python -m experiments.drivers.report")
    for pattern in (r"^#+ .*", r"^\| input +\|(?! bound).*", r"^!\[.*"):
        here, there = (
            [" ".join(row.split()) for row in re.findall(pattern, text, re.MULTILINE)]
            for text in (made, told)
        )
        assert here == there
    swings, again = (
        {cells[1]: cells[3:5] for cells in map(split, one_at_a_time(text))}
        for text in (told, made)
    )
    assert len(swings) > 40
    for path, ends in swings.items():
        # 200 worlds beside 2,000
        for end, other in zip(ends, again.get(path, []), strict=False):
            assert float(other) == pytest.approx(float(end), abs=0.13), path


def split(row):
    return [cell.strip() for cell in row.split("|")]


def one_at_a_time(text):
    section = text.split("## One input at a time")[1].split("\n## ")[0]
    return [row for row in section.splitlines() if row.startswith("| `")]
