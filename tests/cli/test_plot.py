"""`ceasefire plot`: the figure of a sweep, its files and the curve in letters."""

import json
import shutil

import pytest

from sim.study import sweep

FLAGSHIP = "kursk-2025-03-13"
AREA = "chips.kursk.area_km2"
FIGURE = "ceasefire_by_kursk"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The folder of a small sweep."""
    folder = tmp_path_factory.mktemp("sweeps") / "small"
    vary = {AREA: [0, 400, 800], "aid.level": [0.5, 1.0]}
    sweep(FLAGSHIP, vary, 40, out=folder, set={"horizon_days": 100})
    return folder


@pytest.fixture
def folder(finished, tmp_path):
    """A copy of it, to write into."""
    return shutil.copytree(finished, tmp_path / "sweep")


def test_the_curve_is_printed_and_the_figure_written(ceasefire, folder):
    reply = ceasefire("plot", folder)
    assert reply.code == 0
    lines = reply.out.splitlines()
    assert lines[0] == "Does holding more of Kursk make a ceasefire more likely?"
    assert {"0", "400", "800"} <= {line.split()[0] for line in lines if line}
    assert "not a forecast." in reply.out
    names = {path.name for path in (folder / "figures").iterdir()}
    assert names == {f"{FIGURE}.{each}" for each in ("svg", "pdf", "png", "csv", "txt")}
    for name in names:
        assert str(folder / "figures" / name) in reply.err


def test_the_caption_is_printed_without_what_the_curve_has_said(ceasefire, folder):
    reply = ceasefire("plot", folder)
    words = " ".join(reply.err.split())
    assert "Grey band: luck" in words
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
    assert "aid.level" in reply.out
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
        (["--figure", "ceasefire_by_kusrk"], f"did you mean '{FIGURE}'?"),
        (["--path", "aid.lag_weeks"], "aid.lag_weeks"),
    ],
    ids=["figure", "path"],
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
