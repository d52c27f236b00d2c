"""The pages about asking why and comparing: their blocks run, their fields exist."""

import json
import re
import shlex
import subprocess
import sys

import pytest

import sim
from sim.analysis.decisions import decision as analysis
from sim.cli import exit_code

PAGES = ("how-to-ask-why", "how-to-compare")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def page(checkout, name):
    return (checkout / "docs" / f"{name}.md").read_text(encoding="utf-8")


@pytest.fixture
def unsearched(monkeypatch):
    """Tests of `why` itself do the search for what turns a decision."""
    monkeypatch.setattr(analysis, "flips", lambda scene, parameters: [])


@pytest.mark.parametrize("name", PAGES)
def test_commands_run(checkout, name, tmp_path, monkeypatch, capsys, unsearched):
    monkeypatch.chdir(tmp_path)
    shell = [
        text
        for language, text in FENCE.findall(page(checkout, name))
        if language == "sh"
    ]
    lines = "".join(shell).splitlines()
    assert len(lines) > 1
    for line in lines:
        assert exit_code(shlex.split(line)[1:]) == 0, line
        assert capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_python_runs(checkout, name):
    (code,) = (
        text
        for language, text in FENCE.findall(page(checkout, name))
        if language == "python"
    )
    reply = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=checkout
    )
    assert reply.returncode == 0, reply.stderr
    assert reply.stdout


def test_every_field_of_a_decision_is_explained(checkout, unsearched):
    text = page(checkout, "how-to-ask-why")
    plain = sim.why("kursk-2025-03-13", 7).to_dict()
    for each in plain["decisions"]:
        for field in each:
            assert f"`{field}`" in text, field
    for field in plain:
        assert f"`{field}`" in text, field


def test_every_field_of_a_flip_is_explained(checkout):
    from sim.analysis.decisions.inputs import DayInput
    from sim.analysis.decisions.thresholds import Flip

    given = DayInput(
        "x", 0, None, None, 0, 1, 1, "unit", whole=False, at=lambda x: None
    )
    for field in Flip(given, 0, 1, touches=True).to_dict():
        assert f"`{field}`" in page(checkout, "how-to-ask-why"), field


def test_every_field_of_a_comparison_is_explained(checkout):
    text = page(checkout, "how-to-compare")
    found = sim.compare("kursk-2025-03-13", changes=[{"aid.level": 0}], replicates=5)
    plain = json.loads(json.dumps(found.to_dict()))
    columns = re.compile(r".*_(share|mean|median|luck_gain)(_diff)?(_low|_high)?")
    for field in [*plain, *plain["rows"][1], *found.twins(1).to_dict()]:
        assert f"`{field}`" in text or columns.fullmatch(field), field
