"""The page on designs: what it shows runs, from the top, as a reader would."""

import shlex
from pathlib import Path

import pytest

from sim.cli import exit_code
from tests.docs import runner

FILES = {"csv": "points.csv", "yaml": "experiment.yaml"}


@pytest.mark.slow
def test_every_block_of_the_page_runs(tmp_path, monkeypatch, capsys):
    page = runner.page("how-to-design-a-sweep")
    monkeypatch.chdir(tmp_path)
    ran = 0
    for language, text in runner.FENCE.findall(page):
        if language in FILES:
            Path(FILES[language]).write_text(text, encoding="utf-8")
        elif language == "python":
            exec(text, {})
            assert "\n16 [0.0, " in capsys.readouterr().out
        for line in text.splitlines() if language == "sh" else ():
            program, *words = shlex.split(line)
            assert program == "ceasefire"
            few = [] if "--precision" in words else ["--replicates", "3"]
            assert exit_code([*words, *few]) == 0, line
            ran += 1
    assert ran == page.count("\nceasefire sweep ")
    assert exit_code(["sweep", "experiment.yaml", "--out", "out/experiment"]) == 0
    assert Path("out/experiment/cells.parquet").exists()
