"""The pages about reality: their commands run, their numbers are those of the code."""

import json
import re
import shlex

import pytest

from experiments.reality import report
from sim.cli import exit_code

FENCE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = ("calibration", "backtest")
FEW = ["--paths", "100", "--from", "2025-02-01"]


@pytest.mark.parametrize("name", PAGES)
def test_the_commands_of_a_page_run(checkout, name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    page = (checkout / "docs" / "reports" / f"{name}.md").read_text(encoding="utf-8")
    lines = "".join(FENCE.findall(page)).splitlines()
    assert len(lines) > 1
    for line in lines:
        program, command, *words = shlex.split(line)
        assert program == "ceasefire"
        few = FEW if command == "backtest" else []
        assert exit_code([command, *words, *few]) == 0, capsys.readouterr().err


def test_what_the_index_says_of_json_is_there(checkout, capsys):
    page = (checkout / "docs" / "reports" / "README.md").read_text(encoding="utf-8")
    for words in (
        ["calibrate", "kursk-2025-03-13", "--observed", "kursk_held"],
        ["backtest", "kursk-2025-03-13", "--observed", "kursk_held", *FEW],
    ):
        capsys.readouterr()
        assert exit_code([*words, "--json"]) == 0
        data = json.loads(capsys.readouterr().out)
        told = {"values", "chip", "line", "tables", "events"} & data.keys()
        assert len(told) > 1
        for field in told:
            assert f"`{field}`" in page


@pytest.mark.slow
@pytest.mark.parametrize("name", ["reality", "how-to-find-what-matters"])
def test_python_runs_and_prints(checkout, name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    page = (checkout / "docs" / "reports" / f"{name}.md").read_text(encoding="utf-8")
    [code] = PYTHON.findall(page)
    exec(compile(code, name, "exec"), {})
    assert len(capsys.readouterr().out.splitlines()) >= code.count("print(")


def test_the_index_has_a_row_for_every_page_that_is_remade(checkout):
    index = (checkout / "docs" / "reports" / "README.md").read_text(encoding="utf-8")
    for page in (checkout / "docs").glob("reality-*.md"):
        assert f"| [{page.name}]({page.name}) |" in index


@pytest.mark.slow
def test_the_pages_are_those_that_the_report_writes(checkout, tmp_path):
    assert report.main(["--out", str(tmp_path)]) == 0
    for name in PAGES:
        made = (tmp_path / f"{name}.md").read_text(encoding="utf-8")
        kept = (checkout / "docs" / "reports" / f"{name}.md").read_text(
            encoding="utf-8"
        )
        # Fits end at slightly other points where other versions round otherwise.
        words = re.compile(r"[-+]?\.?\d[\d.,]*")
        assert words.sub("#", made).split()[:200] == words.sub("#", kept).split()[:200]
        assert made.count("\n") == kept.count("\n")
