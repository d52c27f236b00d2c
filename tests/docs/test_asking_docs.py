"""The pages about asking why and comparing: their blocks run, their fields exist."""

import json
import re

import pytest

import sim
from sim.analysis.decisions import decision as analysis
from sim.cli import exit_code
from tests.docs.runner import blocks, commands, page, run_python

PAGES = ("how-to-ask-why", "how-to-compare")


@pytest.fixture
def unsearched(monkeypatch):
    """Tests of `why` itself do the search for what turns a decision."""
    monkeypatch.setattr(analysis, "flips", lambda scene, parameters: [])


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_commands_run(name, tmp_path, monkeypatch, capsys, unsearched):
    monkeypatch.chdir(tmp_path)
    shown = commands(page(name))
    assert len(shown) > 1
    for words in shown:
        assert exit_code(words) == 0, words
        assert capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_python_runs(name):
    (code,) = blocks(page(name), "python")
    assert run_python(code)


def test_every_field_of_a_decision_is_explained(unsearched):
    text = page("how-to-ask-why")
    plain = sim.why("kursk-2025-03-13", 7).to_dict()
    for each in plain["decisions"]:
        for field in each:
            assert f"`{field}`" in text, field
    for field in plain:
        assert f"`{field}`" in text, field


def test_every_field_of_a_flip_is_explained():
    from sim.analysis.decisions.inputs import DayInput
    from sim.analysis.decisions.thresholds import Flip

    given = DayInput(
        "x", 0, None, None, 0, 1, 1, "unit", whole=False, at=lambda x: None
    )
    for field in Flip(given, 0, 1, touches=True).to_dict():
        assert f"`{field}`" in page("how-to-ask-why"), field


def test_every_field_of_a_comparison_is_explained():
    text = page("how-to-compare")
    found = sim.compare("kursk-2025-03-13", changes=[{"aid.level": 0}], replicates=5)
    plain = json.loads(json.dumps(found.to_dict()))
    columns = re.compile(r".*_(share|mean|median|luck_gain)(_diff)?(_low|_high)?")
    for field in [*plain, *plain["rows"][1], *found.twins(1).to_dict()]:
        assert f"`{field}`" in text or columns.fullmatch(field), field
