"""`ceasefire plot`: figures of a sweep, of a run and of a scenario, and their files."""

import json
import shutil

import pandas as pd
import pytest

from sim.analysis.decisions import decision as analysis
from sim.api import figure_source
from sim.api.compare import compare
from sim.api.figures import FIGURES
from sim.api.sweep import sweep
from sim.batch.files import sealed

FLAGSHIP = "kursk-2025-03-13"
AREA = "chips.kursk.area_km2"
FIGURE = "outcome_curve"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The folder of a small sweep."""
    folder = tmp_path_factory.mktemp("sweeps") / "small"
    vary = {AREA: [0, 400, 800], "aid.level": [0.5, 1.0]}
    sweep(FLAGSHIP, vary, 40, out=folder, set={"horizon_days": 100})
    return folder


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """The folder of a small comparison."""
    folder = tmp_path_factory.mktemp("compared")
    compare(FLAGSHIP, changes=[{"aid.level": 0.5}], replicates=30).save(folder)
    return folder


@pytest.fixture
def unsearched(monkeypatch):
    """Leave the search for what turns a decision out: it takes a second each."""
    monkeypatch.setattr(analysis, "flips", lambda scene, parameters: [])


@pytest.fixture
def folder(finished, tmp_path):
    """A copy of it, to write into."""
    return shutil.copytree(finished, tmp_path / "sweep")


def test_the_curve_is_printed_and_the_figure_written(ceasefire, folder):
    reply = ceasefire("plot", folder)
    assert reply.code == 0
    lines = reply.out.splitlines()
    assert lines[0] == (
        "With more of Kursk held, does a truce begin, and does the fighting stop?"
    )
    assert {"0", "400", "800"} <= {line.split()[0] for line in lines if line}
    assert "not a forecast." in reply.out
    names = {path.name for path in (folder / "figures").iterdir()}
    assert names == {f"{FIGURE}.{each}" for each in ("svg", "pdf", "png", "csv", "txt")}
    for name in names:
        assert str(folder / "figures" / name) in reply.err


def test_the_caption_is_printed_without_what_the_curve_has_said(ceasefire, folder):
    reply = ceasefire("plot", folder)
    words = " ".join(reply.err.split())
    assert "whiskers show luck" in words
    assert "The figure shows luck only" in words
    assert "Observed on 13 March 2025" not in words
    assert "Observed on 13 March 2025" in reply.out


def test_files_carry_hash_and_command(ceasefire, folder):
    ceasefire("plot", folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    for ending in ("csv", "txt", "svg"):
        text = (folder / "figures" / f"{FIGURE}.{ending}").read_text(encoding="utf-8")
        assert manifest["scenario_hash"] in text.replace("\n", "")


def test_another_varied_path_can_be_drawn(ceasefire, folder):
    reply = ceasefire("plot", folder, "--figure", FIGURE, "--path", "aid.level")
    assert reply.code == 0
    assert reply.out.startswith("With the aid level higher, does a truce begin")
    assert "Observed" not in reply.out


def test_quiet_leaves_the_curve_only(ceasefire, folder):
    reply = ceasefire("plot", folder, "--quiet")
    assert (reply.code, reply.err) == (0, "")
    assert reply.out


def test_figures_are_overwritten_by_force_only(ceasefire, folder):
    ceasefire("plot", folder)
    svg = folder / "figures" / f"{FIGURE}.svg"
    before = svg.read_bytes()
    svg.write_text("mine")
    reply = ceasefire("plot", folder)
    assert (reply.code, reply.out) == (2, "")
    assert "--force allows it" in reply.err
    assert svg.read_text() == "mine"
    assert ceasefire("plot", folder, "--force").code == 0
    assert svg.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--figure", "outcome_curv"], f"did you mean '{FIGURE}'?"),
        (["--path", "aid.lag_weeks"], "aid.lag_weeks"),
        (["--figure", "fan_chart", "--chip", "kurks"], "did you mean 'kursk'?"),
        (
            ["--figure", "outcome_heatmap", "--path", AREA, "--path", "x"],
            "x: outcome_heatmap",
        ),
        (["--set", "aid.level=1"], "--set changes a scenario"),
    ],
    ids=["figure", "path", "chip", "second path", "set"],
)
def test_what_the_sweep_does_not_have_is_a_matter_of_usage(
    ceasefire, folder, options, words
):
    reply = ceasefire("plot", folder, *options)
    assert (reply.code, reply.out) == (2, "")
    assert words in reply.err
    assert not (folder / "figures").exists()


def test_a_folder_that_is_not_there_is_missing_input(ceasefire, tmp_path):
    reply = ceasefire("plot", tmp_path / "nothing")
    assert (reply.code, reply.out) == (4, "")
    assert "nothing" in reply.err


def test_a_folder_without_a_sweep_is_missing_input(ceasefire, tmp_path):
    reply = ceasefire("plot", tmp_path)
    assert (reply.code, reply.out) == (4, "")


def test_a_manifest_that_cannot_be_read_is_unreadable_input(ceasefire, folder):
    (folder / "manifest.json").write_text("{")
    reply = ceasefire("plot", folder)
    assert (reply.code, reply.out) == (4, "")
    assert "manifest.json" in reply.err


def test_drawn_points_make_no_curve_but_one_path_does(ceasefire, tmp_path):
    vary = {AREA: "0:1000", "aid.level": "0:1"}
    for drawn, code in ((vary, 2), ({AREA: vary[AREA]}, 0)):
        out = tmp_path / str(len(drawn))
        sweep(FLAGSHIP, drawn, 9, design="lhs:4", out=out, set={"horizon_days": 20})
        reply = ceasefire("plot", out)
        assert reply.code == code
    assert len(list((tmp_path / "1" / "figures").iterdir())) == 5
    reply = ceasefire("plot", tmp_path / "2")
    assert "as in a grid of --vary; this design has only one cell" in reply.err


def test_a_design_is_drawn_over_its_inputs(ceasefire, tmp_path):
    out = tmp_path / "lhs"
    vary = {AREA: "0:1000", "aid.level": "0:1"}
    sweep(FLAGSHIP, vary, 9, design="lhs:9", out=out, set={"horizon_days": 20})
    reply = ceasefire("plot", out)
    assert reply.code == 0, reply.err
    assert written(out / "figures") == ["outcome_scatter"]
    assert "the area of Kursk held and the aid level" in reply.out


def written(folder):
    return sorted(path.stem for path in folder.iterdir() if path.suffix == ".svg")


@pytest.mark.slow
def test_all_figures_of_a_sweep_are_drawn_and_told(ceasefire, folder, unsearched):
    reply = ceasefire("plot", folder, "--figure", "all")
    assert reply.code == 0
    names = written(folder / "figures")
    not_of_grids = {"outcome_scatter"}
    drawn = {name for name, each in FIGURES.items() if not each.APART} - not_of_grids
    assert names == sorted(drawn)
    assert "left out" not in reply.err
    # Figures of runs are of the cell nearest to the scenario: 0 km2 and aid 1.
    caption = (folder / "figures" / "fan_chart.txt").read_text(encoding="utf-8")
    assert "aid level 1," in " ".join(caption.split())
    tables = {name: pd.read_csv(folder / "figures" / f"{name}.csv") for name in names}
    assert set(tables["survival"].curve) == {
        f"Kursk held {km2} km²" for km2 in (0, 400, 800)
    }
    assert len(tables["outcome_heatmap"]) == 6
    assert len(tables["outcome_dots"]) == 100


def test_a_figure_that_a_sweep_cannot_show_is_left_out_with_its_reason(
    ceasefire, tmp_path
):
    sweep("no-incursion", {"aid.level": [0.5, 1]}, 20, out=tmp_path / "s",
          set={"horizon_days": 30})  # fmt: skip
    reply = ceasefire("plot", tmp_path / "s", "--figure", "fan_chart")
    assert (reply.code, reply.out) == (2, "")
    assert "chip is held outside the stake" in reply.err
    reply = ceasefire("plot", tmp_path / "s", "--figure", "outcome_heatmap")
    assert reply.code == 2
    assert "needs two varied numbers; the sweep varies aid.level" in reply.err


def test_a_run_that_was_kept_is_drawn_again(ceasefire, tmp_path):
    ceasefire("run", FLAGSHIP, "--replicate", "3", "--out", tmp_path)
    before = (tmp_path / "figures" / "run_timeline.csv").read_bytes()
    reply = ceasefire("plot", tmp_path, "--force")
    assert reply.code == 0
    assert "Compared with other runs:" in " ".join(reply.out.split())
    assert (tmp_path / "figures" / "run_timeline.csv").read_bytes() == before
    reply = ceasefire("plot", tmp_path, "--figure", "bargaining_range")
    assert reply.code == 0
    assert "replicate 3," in reply.out


def test_a_run_of_a_file_with_changes_is_drawn_whatever_became_of_the_file(
    ceasefire, scenario_file, tmp_path
):
    file, out = scenario_file(), tmp_path / "run"
    ceasefire("run", file, "--set", "horizon_days=20", "--out", out)
    figure = ("plot", out, "--figure", "bargaining_range")
    assert ceasefire(*figure).code == 0
    scenario_file(front="{side: north, stake_km2: 7000, share: 0.4}")
    reply = ceasefire(*figure, "--force")
    # A run keeps its scenario, so it does not matter what has become of the file.
    assert reply.code == 0


def contents(folder):
    return {file.name: file.read_bytes() for file in (folder / "figures").iterdir()}


def test_a_comparison_that_was_kept_is_drawn_again_byte_for_byte(ceasefire, tmp_path):
    words = ["--set", "aid.level=0.5", "--set", "chips.kursk.area_km2=0"]
    ceasefire("compare", FLAGSHIP, *words, "--replicates", "30", "--out", tmp_path)
    before = contents(tmp_path)
    assert len(before) == 5
    assert ceasefire("plot", tmp_path).code == 2
    reply = ceasefire("plot", tmp_path, "--force")
    assert reply.code == 0
    assert "What does this one change do?" in reply.out
    assert contents(tmp_path) == before
    reply = ceasefire("plot", tmp_path, "--figure", "run_timeline", "--force")
    assert (reply.code, reply.out) == (2, "")
    assert "has comparison only" in reply.err


def cut(text):
    return text[: len(text) * 2 // 3]


def without_a_column(text):
    return text.replace("days_fought_mean_diff_low", "days")


@pytest.mark.parametrize("damage", [cut, without_a_column, lambda text: ""])
def test_a_damaged_comparison_is_unreadable_input(
    ceasefire, compared, tmp_path, damage
):
    folder = shutil.copytree(compared, tmp_path / "compared")
    file = folder / "compare.csv"
    file.write_text(damage(file.read_text()))
    reply = ceasefire("plot", folder, "--force")
    assert (reply.code, reply.out) == (4, "")
    assert "compare.csv is damaged or was changed after" in reply.err


def test_decisions_that_were_kept_are_drawn_again_byte_for_byte(
    ceasefire, tmp_path, unsearched
):
    words = ("why", FLAGSHIP, "--day", "0", "--set", "aid.level=0.9")
    ceasefire(*words, "--out", tmp_path)
    before = contents(tmp_path)
    assert len(before) == 10
    reply = ceasefire("plot", tmp_path, "--force")
    assert reply.code == 0
    assert contents(tmp_path) == before
    told = json.loads((tmp_path / "manifest.json").read_text())
    told["decisions"][0]["accept"] += 1e-9
    (tmp_path / "manifest.json").write_text(json.dumps(told))
    assert ceasefire("plot", tmp_path, "--force").code == 4
    (tmp_path / "manifest.json").write_text(json.dumps(sealed(told)))
    reply = ceasefire("plot", tmp_path, "--force")
    assert (reply.code, reply.out) == (2, "")
    assert "its decisions are now different" in reply.err
    (tmp_path / "manifest.json").write_text("{}")
    assert ceasefire("plot", tmp_path).code == 4


def test_by_name_a_sweep_draws_what_a_change_does_but_not_what_matters(
    ceasefire, folder, monkeypatch
):
    monkeypatch.setattr(figure_source, "COMPARED_RUNS", 16)
    # The cell nearest to the scenario holds nothing: a change of its own is needed.
    words = ("plot", folder, "--figure", "comparison")
    reply = ceasefire(*words)
    assert (reply.code, reply.out) == (2, "")
    assert "no chip is held that could be left out" in reply.err
    reply = ceasefire(*words, "--twin", f"{AREA}=300")
    assert reply.code == 0
    assert f"B: {AREA} 300, was 0." in " ".join(reply.out.split())
    reply = ceasefire("plot", folder, "--figure", "sensitivity")
    assert (reply.code, reply.out) == (2, "")
    assert "ceasefire sensitivity SCENARIO --out DIR" in reply.err


def test_of_a_scenario_the_first_refusal_is_taken_apart(
    ceasefire, tmp_path, unsearched
):
    reply = ceasefire(
        "plot", FLAGSHIP, "--figure", "payoff_waterfall", "--out", tmp_path
    )
    assert reply.code == 0
    assert reply.out.startswith("Why was this offer refused?\nRussia refuses")


def test_a_twin_is_set_beside_the_run_and_beside_the_scenario(ceasefire, tmp_path):
    words = ["--set", "horizon_days=30", "--out", tmp_path]
    reply = ceasefire("plot", FLAGSHIP, "--figure", "comparison", *words)
    assert "B: chips.kursk.area_km2 0, was 189." in " ".join(reply.out.split())
    twin = ["--twin", "aid.level=0.5", "--force"]
    reply = ceasefire("plot", FLAGSHIP, "--figure", "comparison", *words, *twin)
    assert "B: aid.level 0.5, was 1." in " ".join(reply.out.split())
    reply = ceasefire("plot", FLAGSHIP, "--figure", "run_timeline", *words, *twin)
    told = " ".join(reply.out.split())
    assert "Twin run, with aid.level 0.5, was 1: Because of the change itself" in told
    assert "--twin aid.level=0.5" in (tmp_path / "run_timeline.txt").read_text()
    reply = ceasefire("plot", FLAGSHIP, "--twin", "aid.levle=1", *words, "--force")
    assert (reply.code, reply.out) == (3, "")
    assert "did you mean 'level'?" in reply.err


def test_without_land_held_a_comparison_needs_a_change(ceasefire, tmp_path):
    words = ["--figure", "comparison", "--out", tmp_path]
    reply = ceasefire("plot", "no-incursion", *words)
    assert (reply.code, reply.out) == (2, "")
    assert "--twin PATH=VALUE needs a change" in reply.err


@pytest.mark.slow
def test_all_figures_of_a_scenario_are_drawn(
    ceasefire, tmp_path, unsearched, monkeypatch
):
    small = {"samples": 16, "replicates": 4, "trajectories": 2,
             "tornado_replicates": 20, "single": 10}  # fmt: skip
    monkeypatch.setattr(figure_source, "LOOK", small)
    reply = ceasefire("plot", FLAGSHIP, "--figure", "all", "--out", tmp_path)
    assert reply.code == 0
    assert "left out" not in reply.err
    assert written(tmp_path) == sorted(FIGURES)
    assert len(FIGURES) == 13
    told = " ".join(reply.out.split())
    assert "intervals from 16 resampled rows" in told
    assert "dots narrow (ceasefire sensitivity --samples)" in told


@pytest.mark.parametrize("name", ["outcome_dots", "outcome_curve"])
def test_a_scenario_is_run_as_often_as_a_figure_needs(ceasefire, tmp_path, name):
    reply = ceasefire(
        "plot", FLAGSHIP, "--set", "horizon_days=40", "--figure", name,
        "--out", tmp_path, "--within-days", "30",
    )  # fmt: skip
    assert reply.code == 0
    assert written(tmp_path) == [name]
    text = (tmp_path / f"{name}.txt").read_text(encoding="utf-8")
    runs = {"outcome_dots": "100 runs", "outcome_curve": "1,000 runs"}[name]
    assert runs in " ".join(text.split())
    assert "horizon_days=40" in text


def test_scenarios_are_set_against_one_another(ceasefire, tmp_path):
    options = ["--figure", "survival", "--out", tmp_path]
    reply = ceasefire("plot", FLAGSHIP, *options, "--against", "swap-offered")
    assert reply.code == 0
    table = pd.read_csv(tmp_path / "survival.csv")
    assert list(table.curve.unique()) == [FLAGSHIP, "swap-offered"]
    reply = ceasefire("plot", FLAGSHIP, *options, "--against", FLAGSHIP, "--force")
    assert reply.code == 2
    assert "each scenario once" in reply.err


def test_a_scenario_that_is_not_there_is_missing_input(ceasefire):
    reply = ceasefire("plot", "kursk-2025-03-31")
    assert reply.code == 4
    assert "kursk-2025-03-13" in reply.err


def test_a_run_file_that_cannot_be_read_is_unreadable_input(ceasefire, tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    reply = ceasefire("plot", tmp_path)
    assert reply.code == 4
    assert "contains no checksum" in reply.err
    (tmp_path / "manifest.json").write_text(
        json.dumps(sealed({"kind": "run", "seed": 1}))
    )
    reply = ceasefire("plot", tmp_path)
    assert reply.code == 4
    assert "steps.csv cannot be read" in reply.err
