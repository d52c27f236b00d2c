"""The pages for a first hour: commands run, files are valid, all is listed."""

import json
import re
import shlex
import subprocess
import sys

import pytest

from sim.cli import exit_code

FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(checkout, name, language):
    text = (checkout / "docs" / f"{name}.md").read_text(encoding="utf-8")
    return [block for kind, block in FENCE.findall(text) if kind == language]


def run_all(checkout, name, capsys):
    for line in "".join(blocks(checkout, name, "sh")).splitlines():
        program, *words = shlex.split(line)
        assert program == "ceasefire"
        assert exit_code(words) == 0, (line, capsys.readouterr().err)


def test_the_commands_of_writing_a_scenario_run(
    checkout, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    run_all(checkout, "how-to-write-a-scenario", capsys)


def test_the_scenario_that_is_shown_is_one(checkout, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (text,) = blocks(checkout, "how-to-write-a-scenario", "yaml")
    (tmp_path / "two-valleys.yaml").write_text(text, encoding="utf-8")
    assert exit_code(["validate", "two-valleys.yaml"]) == 0
    assert exit_code(["run", "two-valleys.yaml", "--quiet"]) == 0


@pytest.mark.slow
def test_the_tutorial_runs_from_its_first_to_its_last_command(
    checkout, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    run_all(checkout, "tutorial", capsys)
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
    reply = subprocess.run(
        [sys.executable, "-c", "\n".join(code)], capture_output=True, text=True
    )
    assert reply.returncode == 0, reply.stderr


def test_the_glossary_is_in_the_order_of_the_alphabet(checkout):
    text = (checkout / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^- \*\*(.+?)\*\*:", text, re.MULTILINE)
    assert len(words) > 30
    assert words == sorted(words)
