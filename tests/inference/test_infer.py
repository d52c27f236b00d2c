"""An inference from end to end: the same bits however it runs, and what it says."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.analysis.inference.evidence import effective
from sim.analysis.inference.infer import infer
from sim.analysis.inference.sets import space_of
from sim.api.inference import Inference, opened
from sim.batch.estimates import HEADLINES
from sim.errors import UsageError
from sim.scenario.fact_file import load_facts
from sim.scenario.facts import Fact
from sim.scenario.load import load

SETS, WORLDS = 96, 4


def space(**more):
    asked = {"seed": 1, "worlds": WORLDS, "within_days": 90, **more}
    return space_of(load("kursk-2025-03-13"), load_facts("march-2025"), **asked)


@pytest.fixture(scope="module")
def plain():
    return infer(space(), sets=SETS, miscoded=0.02, threads=1, fewest=0)


def same(one, other):
    assert one.places.tobytes() == other.places.tobytes()
    for mine, yours in zip(one.seen, other.seen, strict=True):
        for here, there in zip(mine, yours, strict=True):
            assert here.tobytes() == there.tobytes()


def test_threads_change_nothing(plain):
    again = infer(space(), sets=SETS, miscoded=0.02, threads=3, fewest=0)
    same(plain.fitted, again.fitted)
    assert plain.chance == again.chance


def test_weights_are_those_of_the_likelihood(plain):
    likelihood = plain.free.evidence.likelihood()
    assert plain.chance == pytest.approx(likelihood.mean())
    assert plain.weights == pytest.approx(likelihood / likelihood.sum())
    assert plain.effective == pytest.approx(effective(likelihood))
    assert 0.0 < plain.chance < 0.1


def test_what_is_told_of_facts_is_what_worlds_say(plain):
    table = plain.facts().set_index("id")
    case = plain.space.cases[0]
    said = plain.free.seen[0].said
    for at, fact in enumerate(case.facts):
        assert table.loc[fact.id, "free"] == pytest.approx(said[:, :, at].mean())
    # each fact can only make all facts less likely, and 1 - eps is the most it keeps
    assert (table["chance_without"] > plain.chance).all()
    for name in ("full_truce_share_without", "fighting_stopped_share_without"):
        assert table[name].between(0.0, 1.0).all()


def test_the_answer_and_its_shape_agree(plain):
    answer, shape = plain.answer(), plain.shape()
    for name, rows in shape.groupby("outcome"):
        assert rows["free"].sum() == pytest.approx(1.0)
        assert rows["fitted"].sum() == pytest.approx(1.0)
        middle = (rows["from"] + rows["to"]) / 2
        for inputs in ("free", "fitted"):
            row = answer[(answer.outcome == name) & (answer.inputs == inputs)].iloc[0]
            assert (rows[inputs] * middle).sum() == pytest.approx(row["mean"], abs=0.05)
            assert row["q5"] <= row["q25"] <= row["q50"] <= row["q75"] <= row["q95"]


def test_sets_that_are_kept_are_drawn_by_weight(plain):
    kept = plain.sets(500)
    assert kept["weight"].sum() == pytest.approx(1.0)
    case = plain.space.cases[0]
    for each in case.inputs:
        assert kept[each.path].between(each.low, each.high).all()
    answer = plain.answer().set_index(["outcome", "inputs"])["mean"]
    for name in ("full_truce_share", "fighting_stopped_share"):
        mean = (kept["weight"] * kept[name]).sum()
        assert mean == pytest.approx(answer[name, "fitted"], abs=0.01)


def test_too_few_sets_are_drawn_anew_in_steps():
    found = infer(space(worlds=2), sets=64, miscoded=0.02, fewest=40)
    assert found.powers[-1] == 1.0
    assert found.weights == pytest.approx(1 / 64)
    assert found.effective > effective(found.free.evidence.likelihood())
    assert found.fitted.places.min() >= 0.0
    assert found.fitted.places.max() <= 1.0
    fitted = found.fitted.evidence.likelihood().mean()
    assert fitted > 5 * found.free.evidence.likelihood().mean()


# ---- the verb ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def result():
    return sim.infer("kursk-2025-03-13", facts="march-2025", sets=64, worlds=2)


def test_it_is_saved_and_opened_like_any_result(result, tmp_path):
    result.save(tmp_path / "kept")
    again = sim.open_result(tmp_path / "kept")
    assert isinstance(again, Inference)
    assert again.manifest["chance"] == result.manifest["chance"]
    for name in ("answer", "inputs", "sets"):
        here, there = getattr(result, name), getattr(again, name)
        assert list(here.columns) == list(there.columns)
        numbers = here.select_dtypes("number").to_numpy(float)
        kept = there[here.select_dtypes("number").columns].to_numpy(float)
        assert kept == pytest.approx(numbers, nan_ok=True)
    told = again.to_dict()
    assert len(told["facts"]) == 7
    json.dumps(told, allow_nan=False)


def test_facts_from_after_the_decision_are_refused_or_scored(tmp_path):
    late = tmp_path / "late.yaml"
    late.write_text(
        """
title: What came later
facts:
  - id: quiet
    scenario: kursk-2025-03-13
    date: 2025-06-12
    statement: No full truce in 90 days
    coded: {name: truce, kind: full, begins: false, from_day: 0, to_day: 90}
""",
        encoding="utf-8",
    )
    asked = {"facts": late, "sets": 32, "worlds": 4}
    with pytest.raises(UsageError, match=r"quiet is of 2025-06-12, after 2025-03-13"):
        sim.infer("kursk-2025-03-13", **asked)
    found = sim.infer("kursk-2025-03-13", **asked, score=True)
    assert found.manifest["chance"] == 1.0  # it carries no weight
    row = found.facts.iloc[0]
    assert bool(row["scored"])
    free = found.answer[found.answer.inputs == "free"].set_index("outcome")["mean"]
    assert row["given_the_others"] == pytest.approx(1.0 - free["full_truce_share"])
    known = sim.infer("kursk-2025-03-13", **asked, until="2025-06-12")
    assert known.manifest["chance"] < 1.0
    fitted = known.answer[known.answer.inputs == "fitted"].set_index("outcome")
    assert fitted.loc["full_truce_share", "mean"] < free["full_truce_share"]
    assert "--until 2025-06-12" in known.command


def test_a_fact_about_days_that_are_not_run_is_refused():
    short = load("kursk-2025-03-13", set={"horizon_days": 60})
    facts = load_facts("march-2025")
    (last,) = facts.content.facts[-1:]
    coded = {"name": "line", "day": 90, "held_km2": 3000.0}
    late = {**last.model_dump(), "scenario": short.scenario.id, "coded": coded}
    late |= {"id": "late", "date": "2025-07-01", "tolerance": 50.0}
    content = facts.content.model_copy(update={"facts": (Fact(**late),)})
    one = replace(facts, content=content, scenarios={short.scenario.id: short})
    with pytest.raises(UsageError, match="late is about day 90, beyond the horizon of"):
        sim.infer(short, facts=one, sets=16, worlds=2, score=True)


def test_a_sweep_draws_as_many_sets_that_fit_as_free_ones(result):
    vary = {"chips.kursk.area_km2": [0, 400]}
    done = sim.sweep(
        "kursk-2025-03-13", vary, 40, inputs=result, input_sets=12, input_replicates=10
    )
    sets = done.input_sets
    assert sets["fitted"].sum() == 2 * 12
    assert done.manifest["inputs"]["sets"] == 24
    assert done.manifest["inputs"]["fitted"]["facts"] == 7
    path = "parties.russia.belief.drift_km2_per_week"
    drawn = set(sets.loc[sets["fitted"], path])
    assert drawn <= set(result.sets[path])
    # free ones are those of a sweep without fitted ones
    alone = sim.sweep(
        "kursk-2025-03-13", vary, 40, input_sets=12, input_replicates=10
    ).input_sets
    free = sets[~sets["fitted"]].drop(columns="fitted").reset_index(drop=True)
    assert free.equals(alone)
    # columns of cells are about the sets that fit
    cell = sets[sets["fitted"] & (sets["cell"] == 0)]
    low = np.quantile(cell["full_truce_share"], 0.05)
    assert done.cells["full_truce_share_inputs_low"][0] == pytest.approx(low)
    words = done.plot("outcome_curve").caption
    assert "sets of inputs that fit the record" in words
    assert "With free inputs" in words


def test_a_sensitivity_analysis_goes_over_what_fits(result):
    few = {"samples": 16, "replicates": 2, "trajectories": 2, "single": 1}
    found = sim.sensitivity(
        "kursk-2025-03-13", inputs=result, tornado_replicates=2, **few
    )
    ranges = result.ranges()
    for path, bounds in found.manifest["inputs"].items():
        assert [bounds["low"], bounds["high"]] == ranges[path]
    assert found.manifest["fitted"] == result.digest()
    assert "--inputs INPUTS" in found.command


def test_runs_that_are_compared_share_inputs_that_fit(result):
    path = "parties.russia.belief.drift_km2_per_week"
    same = [{"aid.level": 1.0}, {path: -36}]
    found = sim.compare("kursk-2025-03-13", changes=same, replicates=60, inputs=result)
    rows = found.table.set_index("label")
    # a row without a change is the first again, and one that sets an input is not
    assert rows["ends_same"].iloc[1] == 60
    assert rows["ends_same"].iloc[2] < 60
    kept = found.manifest["fitted"]
    assert kept == result.digest()
    fitted = result.sets
    mean = (fitted["weight"] * fitted["fighting_stopped_share"]).sum()
    own = rows["fighting_stopped_share"].iloc[0]
    assert own == pytest.approx(mean, abs=4 * 0.5 / math.sqrt(60))
    assert "fits the record" in found.plot().caption


def test_conditions_of_a_sweep_are_of_the_sets_that_fit(result):
    done = sim.sweep(
        "kursk-2025-03-13",
        {"chips.kursk.area_km2": [0, 400]},
        20,
        inputs=result,
        input_sets=100,
        input_replicates=4,
    )
    assert sim.conditions(done).manifest["points"] == 2 * 100


@pytest.mark.slow
def test_the_curve_of_a_scenario_may_be_of_inputs_that_fit(result):
    words = sim.plot("kursk-2025-03-13", "outcome_curve", inputs=result).caption
    assert "200 sets of inputs that fit the record" in " ".join(words.split())


def test_inputs_of_another_scenario_or_kind_are_refused(result, tmp_path):
    with pytest.raises(UsageError, match="are those of kursk-2025-03-13, not of"):
        sim.sweep("kursk-2025-03-03", {"aid.level": [0, 1]}, 10, inputs=result)
    sim.run("kursk-2025-03-13").save(tmp_path / "run")
    with pytest.raises(UsageError, match="is a run; ceasefire infer"):
        sim.sweep(
            "kursk-2025-03-13", {"aid.level": [0, 1]}, 10, inputs=tmp_path / "run"
        )


# ---- the command ---------------------------------------------------------------------


def command(*words):
    return [sys.executable, "-m", "sim", "infer", "kursk-2025-03-13", *words]


ASKED = ("--facts", "march-2025", "--sets", "600", "--worlds", "4", "--threads", "1")


def tables(folder):
    """What is in a result, without the times and paths of its making."""
    return {
        file.name: file.read_bytes()
        for file in sorted(folder.iterdir())
        if file.suffix in (".csv", ".parquet")
    }


@pytest.mark.slow
def test_a_command_that_was_killed_goes_on_to_the_same_bytes(tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    subprocess.run(command(*ASKED, "--out", whole, "--quiet"), check=True)
    journal = cut / "unfinished" / "journal.jsonl"
    process = subprocess.Popen(command(*ASKED, "--out", cut, "--quiet"))
    try:
        for _ in range(1200):
            if journal.exists() and journal.read_bytes().count(b"\n") >= 2:
                break
            time.sleep(0.1)
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    kept = journal.read_bytes()
    assert kept
    subprocess.run(command(*ASKED, "--out", cut, "--quiet"), check=True)
    assert tables(cut) == tables(whole)
    assert not (cut / "unfinished").exists()


@pytest.mark.slow
def test_what_is_shipped_is_what_its_command_gives(checkout, tmp_path):
    shipped = checkout / "scenarios" / "fitted" / "march-2025"
    words = json.loads((shipped / "manifest.json").read_text())["command"].split()
    assert words[:3] == ["ceasefire", "infer", "kursk-2025-03-13"]
    again = command(*words[3:-1], tmp_path / "again", "--quiet")
    subprocess.run(again, check=True)
    assert tables(tmp_path / "again") == tables(shipped)


def test_what_is_shipped_is_of_today_s_scenario_and_facts():
    found = opened("march-2025", load("kursk-2025-03-13"))
    assert found.manifest["scenario_hash"] == load("kursk-2025-03-13").hash
    facts = load_facts("march-2025")
    assert found.manifest["facts_file"] == facts.content.model_dump(mode="json")
    hashes = {name: each.hash for name, each in facts.scenarios.items()}
    assert found.manifest["scenarios"] == hashes
    assert found.digest()["folder"] == "march-2025"


@pytest.mark.slow
def test_the_command_tells_the_answer_and_what_each_fact_did(tmp_path):
    done = subprocess.run(
        command("--facts", "march-2025", "--sets", "64", "--worlds", "2"),
        capture_output=True,
        text=True,
        check=True,
    )
    for words in (
        "a full truce begins by day 90",
        "the fighting has stopped at the end",
        "7 facts about the worlds of 2",
        "no_full_truce_before",
        "change the answer while hardly any input",
        "from other sources",
    ):
        assert words in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert "A model's answer, not a forecast." in done.stderr


def test_wrong_words_are_refused(tmp_path):
    cases = [
        (("--facts", "none"), 4, "these are shipped: march-2025"),
        (("--facts", "march-2025", "--sets", "3"), 2, "--sets"),
        ((), 2, "--facts"),
    ]
    for words, code, said in cases:
        done = subprocess.run(command(*words), capture_output=True, text=True)
        assert done.returncode == code, done.stderr
        assert said in done.stderr


# ---- what the findings say -----------------------------------------------------------


@pytest.fixture(scope="module")
def findings(checkout):
    page = checkout / "docs" / "findings.md"
    return " ".join(page.read_text(encoding="utf-8").split())


def test_the_findings_say_what_sets_that_fit_answer(findings):
    area, regime = "chips.kursk.area_km2", "chips.kursk.regime"
    done = sim.sweep(
        "kursk-2025-03-13",
        {area: [0, 1000], regime: ["collapse", "lull"]},
        2,
        inputs="march-2025",
        input_sets=100,
        input_replicates=100,
    )
    sets = done.input_sets[done.input_sets["fitted"]]

    def of(outcome, held, way):
        rows = sets[(sets[area] == held) & (sets[regime] == way)]
        return rows.set_index("input_set")[outcome]

    def told(outcome, held, way):
        found = of(outcome, held, way)
        low, high = found.quantile(0.25), found.quantile(0.75)
        return f"{100 * found.mean():.0f}", f"{100 * low:.0f} to {100 * high:.0f}"

    begun, stopped = "full_truce_share", "fighting_stopped_share"
    none, half = told(begun, 0, "collapse")
    full, its_half = told(begun, 1000, "collapse")
    assert f"a truce begins in {none} of 100 worlds ({half})" in findings
    assert f"and in {full} ({its_half}) if 1,000 km2 are" in findings
    rise = of(begun, 1000, "collapse") - of(begun, 0, "collapse")
    counted = f"{(rise > 0).sum()} of the 100 sets in more, with {(rise < 0).sum()}"
    assert counted in findings
    none, half = told(stopped, 0, "collapse")
    full, its_half = told(stopped, 1000, "collapse")
    assert f"{none} of 100 worlds ({half}) and {full} ({its_half})" in findings
    quiet = told(stopped, 0, "lull")[0], *told(stopped, 1000, "lull")
    assert f"it is {quiet[0]} and {quiet[1]} ({quiet[2]})" in findings
    rise = of(stopped, 1000, "lull") - of(stopped, 0, "lull")
    more, fewer = (rise > 0).sum(), (rise < 0).sum()
    assert f"so with {more} of 100 sets and the other way with {fewer}" in findings


def test_the_findings_say_what_the_record_does(checkout, findings):
    found = opened("march-2025", load("kursk-2025-03-13"))
    mean = found.answer.set_index(["outcome", "inputs"])["mean"] * 100
    free, fitted = (
        [f"{mean[name, each]:.0f}" for name in HEADLINES] for each in ("free", "fitted")
    )
    assert (
        f"a truce begins in {free[0]} of 100 worlds and the fighting has stopped in "
        f"{free[1]}; with those that fit, in {fitted[0]} and in {fitted[1]}."
    ) in findings
    without = found.facts.set_index("id")["full_truce_share_without"]
    assert without.idxmax() == "no_full_truce_before"
