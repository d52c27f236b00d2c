"""The pages about playing and about a seminar do what they say, line by line."""

import io
import re

import pytest

import sim
from sim.cli import exit_code
from sim.web.handout import names
from tests.docs.runner import blocks, commands, page, run_python

FLAGSHIP = "kursk-2025-03-13"


def as_typed(monkeypatch, lines):
    text = "".join(f"{line}\n" for line in lines)
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_the_day_that_is_shown_is_the_one_that_is_played(monkeypatch, capsys):
    shown, moves = blocks(page("how-to-play"), "text")
    as_typed(monkeypatch, ["refuse", "quit"])
    assert exit_code(["play", FLAGSHIP, "--as", "russia"]) == 130
    told = capsys.readouterr().out
    assert shown.strip() in told
    begun = [line for line in moves.splitlines() if line]
    game = sim.play(FLAGSHIP, "russia", moves=begun)
    assert len(game.moves) == len(begun)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["how-to-play", "how-to-run-a-seminar"])
def test_the_commands_of_the_pages_run(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, moves = blocks(page("how-to-play"), "text")
    (tmp_path / "moves.txt").write_text(moves, encoding="utf-8")
    for words in commands(page(name)):
        lines = ["refuse", "1", "pass"] * 200 if "--hot-seat" in words else []
        as_typed(monkeypatch, lines or ["refuse"] * 60)
        assert exit_code(words) == 0, words
    if name == "how-to-run-a-seminar":
        there = {file.name for file in (tmp_path / "out" / "seminar-sheets").iterdir()}
        assert there == set(names(sim.load(FLAGSHIP)))
        told = re.findall(r"`(\w+\.html)`", page(name))
        assert there == set(told)


@pytest.mark.slow
def test_the_python_of_the_page_runs():
    (code,) = blocks(page("how-to-play"), "python")
    assert "gain_km2" in run_python(code)
