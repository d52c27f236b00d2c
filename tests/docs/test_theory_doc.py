"""The page about the calculators has the models, questions and sources they have."""

import shlex

import pytest

from sim.cli import exit_code
from sim.theory.catalogue import MODELS
from tests.docs import runner


@pytest.fixture(scope="module")
def page():
    return runner.page("theory")


def rows(page, head):
    """Lines of the one table with this head, without the head."""
    assert page.count(f"{head}\n") == 1
    lines = page.split(f"{head}\n")[1].splitlines()[1:]
    return lines[: lines.index("")]


def test_every_model_stands_there_with_its_question_and_inputs(page):
    assert rows(page, "| model | question | inputs |") == [
        f"| `{each.name}` | {each.question} | `{each.signature}` |"
        for each in MODELS.values()
    ]


def test_every_model_stands_there_with_its_source(page):
    assert rows(page, "| model | source |") == [
        f"| `{each.name}` | {each.source} |" for each in MODELS.values()
    ]


def test_commands_in_the_text_run(page, capsys):
    lines = [line for line in page.splitlines() if line.startswith("    ceasefire ")]
    assert len(lines) == 4
    for line in lines:
        command = line.strip().split("  ")[0]
        assert exit_code(shlex.split(command)[1:]) == 0, command
        assert capsys.readouterr().out
