"""The pages for a first hour: commands run, files are valid, all is listed."""

import json
import re

import pytest

from sim.cli import exit_code
from tests.docs.runner import blocks, page, run, run_python


def test_the_commands_of_writing_a_scenario_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(page("how-to-write-a-scenario"))


def test_the_scenario_that_is_shown_is_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (text,) = blocks(page("how-to-write-a-scenario"), "yaml")
    (tmp_path / "two-valleys.yaml").write_text(text, encoding="utf-8")
    assert exit_code(["validate", "two-valleys.yaml"]) == 0
    assert exit_code(["run", "two-valleys.yaml", "--quiet"]) == 0


@pytest.mark.slow
def test_the_commands_of_the_list_of_commands_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(page("commands"))
    run_python("\n".join(blocks(page("commands"), "python")))


def test_the_readme_says_no_number_that_the_findings_do_not(checkout):
    readme = (checkout / "README.md").read_text(encoding="utf-8")
    said = readme.partition("## What the model says")[2].partition("## Where to go")[0]
    inside = " ".join([page("findings"), page("what-the-record-tells")])
    numbers = re.findall(r"\b\d[\d,]*\b", re.sub(r"^\d\. ", "", said, flags=re.M))
    assert len(numbers) > 10
    assert [each for each in numbers if not re.search(rf"\b{each}\b", inside)] == []


def test_the_readme_fits_a_screen(checkout):
    readme = (checkout / "README.md").read_text(encoding="utf-8")
    assert len(readme.split()) < 600


@pytest.mark.slow
def test_the_tutorial_runs_from_its_first_to_its_last_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(page("tutorial"))
    assert list((tmp_path / "out" / "tutorial").glob("*.html"))


@pytest.mark.slow
def test_the_cells_of_the_notebook_run(checkout):
    notebook = json.loads((checkout / "docs" / "first-hour.ipynb").read_text("utf-8"))
    code = [
        "".join(cell["source"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    assert len(code) > 4
    assert all(not cell.get("outputs") for cell in notebook["cells"])
    run_python("\n".join(code))


def test_the_glossary_is_in_the_order_of_the_alphabet():
    words = re.findall(r"^- \*\*(.+?)\*\*:", page("glossary"), re.MULTILINE)
    assert len(words) > 30
    assert words == sorted(words)
