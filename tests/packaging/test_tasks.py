"""The environments that `tasks.py` keeps: made once, mended when half made."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import tasks

ROOT = Path(tasks.__file__).parent


class Machine:
    """Stands in for venv and pip: notes what was asked for, and can be made to fail."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken = ""

    def call(self, command: list[str], **_: str) -> None:
        asked = "venv" if command[1:3] == ["-m", "venv"] else "pip"
        asked = "compile" if tasks.COMPILE_ALL in command else asked
        self.asked.append(asked)
        if asked == "venv":
            python = Path(tasks.Environment(Path(command[3]).name).python)
            python.parent.mkdir()
            python.touch()
        if asked == self.broken:
            raise KeyboardInterrupt


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Machine:
    stand_in = Machine()
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    monkeypatch.setattr(tasks, "ROOT", tmp_path)
    monkeypatch.setattr(tasks, "call", stand_in.call)
    monkeypatch.setattr(
        tasks.Environment, "_usable", lambda self: Path(self.python).exists()
    )
    return stand_in


def test_an_environment_is_made_once_and_then_used(machine):
    for _ in range(3):
        tasks.Environment(".venv").provide("test")
    assert machine.asked == ["venv", "pip", "compile"]


def test_the_demo_compiles_only_what_it_needs_and_tests_all_that_is_installed(machine):
    tasks.Environment(".venv").provide()
    assert machine.asked == ["venv", "pip"]
    tasks.Environment(".venv").provide("test")
    assert machine.asked == ["venv", "pip", "pip", "compile"]


def test_what_one_task_installed_stays_for_another(machine):
    tasks.Environment(".venv").provide("test")
    tasks.Environment(".venv").provide()
    tasks.Environment(".venv").provide("dev")
    tasks.Environment(".venv").provide("test")
    assert machine.asked == ["venv", "pip", "compile", "pip", "compile"]


def test_a_changed_pyproject_is_installed_again_in_place(machine, tmp_path):
    tasks.Environment(".venv").provide()
    (tmp_path / "pyproject.toml").write_text("[project]\n#\n", encoding="utf-8")
    tasks.Environment(".venv").provide()
    assert machine.asked == ["venv", "pip", "pip"]


@pytest.mark.parametrize("broken", ["venv", "pip"])
def test_an_interrupted_attempt_is_made_anew(machine, broken):
    machine.broken = broken
    with pytest.raises(KeyboardInterrupt):
        tasks.Environment(".venv").provide()
    machine.broken, machine.asked = "", []
    tasks.Environment(".venv").provide()
    assert machine.asked == ["venv", "pip"]


def test_an_environment_whose_python_is_gone_is_made_anew(machine):
    environment = tasks.Environment(".venv").provide()
    Path(environment.python).unlink()
    environment.provide()
    assert machine.asked == ["venv", "pip"] * 2


def test_a_version_nobody_has_is_said_in_one_line():
    with pytest.raises(tasks.TaskError, match=r"^no Python 3\.99 found[^\n]*$"):
        tasks.find_python("3.99")


def test_this_python_is_found_by_its_version():
    version = "{}.{}".format(*sys.version_info)
    code = "import sys; print('{}.{}'.format(*sys.version_info))"
    command = [tasks.find_python(version), "-c", code]
    assert subprocess.check_output(command, text=True).strip() == version


def test_an_unknown_task_is_a_usage_error(checkout):
    command = [sys.executable, str(checkout / "tasks.py"), "peace"]
    reply = subprocess.run(command, capture_output=True, text=True)
    assert reply.returncode == 2
    assert "invalid choice: 'peace'" in reply.stderr


@pytest.mark.parametrize("broken", [None, "experiments.reality.recovery"])
def test_reality_runs_all_there_is_and_says_what_failed(monkeypatch, broken):
    ran = []

    def run(_: tasks.Environment, command: list[str]) -> None:
        ran.append(command[-1])
        if command[-1] == broken:
            raise tasks.TaskError("exit code 1")

    monkeypatch.setattr(tasks.Environment, "provide", lambda self: self)
    monkeypatch.setattr(tasks.Environment, "run", run)
    folders = ("reality", "durations", "inference", "wars", "drivers", "claims")
    if broken is None:
        tasks.reality([])
        assert {name.split(".")[1] for name in ran} == set(folders)
        order = [f"experiments.reality.{part}" for part in ("recovery", "report")]
        assert [name for name in ran if name in order] == order
    else:
        with pytest.raises(tasks.TaskError):
            tasks.reality([])
        assert "experiments.reality.report" not in ran
        assert "experiments.durations.report" in ran


def test_make_knows_every_task():
    (line,) = re.findall(r"^TASKS = (.*)$", (ROOT / "Makefile").read_text(), re.M)
    assert line.split() == list(tasks.TASKS)


def test_fuzz_tells_how_to_repeat_a_run(monkeypatch, capsys):
    ran = []
    environment = tasks.Environment(".venv")
    monkeypatch.setattr(tasks.Environment, "provide", lambda *_: environment)
    monkeypatch.setattr(environment, "run", lambda *words, **set: ran.append(set))
    tasks.fuzz(["50", "7"])
    walk = {"CEASEFIRE_WALK": "whole"}
    assert ran == [{}, {"CEASEFIRE_EXAMPLES": "100"}, walk]
    assert 'the same again: make fuzz ARGS="50 7"' in capsys.readouterr().err
    for wrong in (["many"], ["1", "2", "3"]):
        with pytest.raises(tasks.TaskError, match="takes a number of scenarios"):
            tasks.fuzz(wrong)
