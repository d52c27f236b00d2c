"""The pages about reality: their commands run, their numbers are those of the code."""

import json
import re

import pytest

from experiments.reality import report
from sim.cli import exit_code
from tests.docs.runner import blocks, page, run

PAGES = ("calibration", "backtest")
FEW = ["--paths", "100", "--from", "2025-02-01"]


@pytest.mark.parametrize("name", PAGES)
def test_the_commands_of_a_page_run(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run(
        page(f"reports/{name}"), lambda words: FEW if words[0] == "backtest" else []
    )
    assert len(ran) > 1


def test_what_the_index_says_of_json_is_there(capsys):
    index = page("reports/README")
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
            assert f"`{field}`" in index


@pytest.mark.slow
@pytest.mark.parametrize("name", ["reports/README", "how-to-find-what-matters"])
def test_python_runs_and_prints(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    [code] = blocks(page(name), "python")
    exec(compile(code, name, "exec"), {})
    assert len(capsys.readouterr().out.splitlines()) >= code.count("print(")


def test_the_index_has_a_row_for_every_page_that_is_remade():
    index = page("reports/README")
    for name in PAGES:
        assert f"| [{name}.md]({name}.md) |" in index


@pytest.mark.slow
def test_the_pages_are_those_that_the_report_writes(tmp_path):
    assert report.main(["--out", str(tmp_path)]) == 0
    for name in PAGES:
        made = (tmp_path / f"{name}.md").read_text(encoding="utf-8")
        kept = page(f"reports/{name}")
        # Fits end at slightly other points where other versions round otherwise.
        words = re.compile(r"[-+]?\.?\d[\d.,]*")
        assert words.sub("#", made).split()[:200] == words.sub("#", kept).split()[:200]
        assert made.count("\n") == kept.count("\n")
