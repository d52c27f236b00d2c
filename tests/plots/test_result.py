"""Files of a figure: the same bytes each time, words inside, no global state."""

import io
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace

import pandas as pd
import pytest
from PIL import Image

from sim.plots.figure import FORMATS, save
from sim.plots.outcome_curve import outcome_curve
from sim.plots.run_timeline import run_timeline
from tests.plots import runs
from tests.plots.tables import CONTEXT, HUMP, OBSERVED, cells, input_sets

SVG = "{http://www.w3.org/2000/svg}"


def kursk():
    return outcome_curve(
        cells(HUMP), CONTEXT, input_sets=input_sets(HUMP), observed=OBSERVED
    )


def told():
    return run_timeline(runs.steps(), runs.events(), CONTEXT, front=runs.FRONT)


FIGURES = {"outcome_curve": kursk, "run_timeline": told}


@pytest.fixture(scope="module", params=FIGURES)
def result(request):
    return FIGURES[request.param]()


def test_a_figure_made_again_has_the_same_bytes(result, tmp_path):
    again = FIGURES[result.name]()
    for each, folder in ((result, "one"), (again, "two")):
        save(each, tmp_path / folder, metadata=CONTEXT.metadata())
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(f"{result.name}.{end}" for end in (*FORMATS, "txt"))
    for name in names:
        one, two = (
            (tmp_path / folder / name).read_bytes() for folder in ("one", "two")
        )
        assert one == two, name


def test_every_file_carries_where_it_comes_from(result, tmp_path):
    metadata = CONTEXT.metadata()
    save(result, tmp_path, metadata=metadata)
    svg = (tmp_path / f"{result.name}.svg").read_text(encoding="utf-8")
    text = (tmp_path / f"{result.name}.txt").read_text(encoding="utf-8")
    with Image.open(tmp_path / f"{result.name}.png") as image:
        png = dict(image.text)
    for name, value in metadata.items():
        assert f"{name}: {value}" in svg
        assert f"{name}: {value}" in text.splitlines()
        assert png[name] == value
    pdf = (tmp_path / f"{result.name}.pdf").read_bytes()
    assert metadata["scenario_hash"].encode() in pdf
    table = pd.read_csv(tmp_path / f"{result.name}.csv", dtype=str)
    assert (table[list(metadata)] == list(metadata.values())).all(axis=None)


def test_the_words_reach_those_who_do_not_see_the_picture(result, tmp_path):
    save(result, tmp_path)
    root = ET.parse(tmp_path / f"{result.name}.svg").getroot()
    title, description = list(root)[:2]
    assert (title.tag, title.text) == (f"{SVG}title", result.title)
    assert (description.tag, description.text) == (f"{SVG}desc", result.alt_text)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    with Image.open(tmp_path / f"{result.name}.png") as image:
        assert image.text["Description"] == result.alt_text


def test_svg_needs_no_font_and_pdf_brings_its_own(result, tmp_path):
    save(result, tmp_path)
    root = ET.parse(tmp_path / f"{result.name}.svg").getroot()
    assert not list(root.iter(f"{SVG}text"))
    assert b"/FontFile2" in (tmp_path / f"{result.name}.pdf").read_bytes()


def test_the_csv_is_the_table(result, tmp_path):
    save(result, tmp_path, formats=["csv"])
    found = pd.read_csv(tmp_path / f"{result.name}.csv", keep_default_na=False)
    expected = result.table.reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_an_unknown_format_writes_nothing(result, tmp_path):
    with pytest.raises(ValueError, match="format 'gif' is not one of svg, pdf"):
        save(result, tmp_path / "new", formats=["svg", "gif"])
    assert not (tmp_path / "new").exists()


def test_a_notebook_shows_the_figure(result):
    with Image.open(io.BytesIO(result._repr_png_())) as image:
        assert image.width == 1259
    assert result.svg().count("<svg") == 1


@pytest.mark.slow
def test_figures_open_no_window_and_change_no_setting():
    code = (
        "import sys, matplotlib\n"
        "before = dict(matplotlib.rcParams)\n"
        "from tests.plots.test_result import kursk\n"
        "kursk()._repr_png_()\n"
        "assert dict(matplotlib.rcParams) == before\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_a_table_says_row_by_row_is_not_overwritten(tmp_path):
    table = pd.DataFrame({"replicates": [40, 50]})
    save(replace(kursk(), table=table), tmp_path, ["csv"], metadata=CONTEXT.metadata())
    found = pd.read_csv(tmp_path / "outcome_curve.csv")
    assert found.replicates.tolist() == [40, 50]
    assert (found.seed == CONTEXT.seed).all()
