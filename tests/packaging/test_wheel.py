"""A wheel holds all that the command needs, away from the checkout."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made the long way: first the source archive, then from that."""
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target)]
    reply = subprocess.run(command, cwd=checkout, capture_output=True, text=True)
    assert reply.returncode == 0, reply.stdout + reply.stderr
    (archive,) = target.glob("*.whl")
    return archive


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as pip would lay it out, in a folder of its own."""
    target = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def test_every_scenario_observation_and_lesson_is_inside(wheel, project_files):
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    here = [name for name in project_files if name.parts[0] == "scenarios"]
    lessons = Path("experiments", "lessons")
    here += [
        name.relative_to("experiments")
        for name in project_files
        if lessons in name.parents
    ]
    assert {each.parts[0] for each in here} == {"scenarios", "lessons"}
    assert {f"sim/_data/{name.as_posix()}" for name in here} <= inside


def test_its_description_leads_to_no_file_that_is_not_there(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith("/METADATA"))
        text = archive.read(name).decode("utf-8")
    assert "Description-Content-Type: text/markdown" in text
    _, _, told = text.partition("\n\n")
    assert "\n# ceasefire-sim\n" in f"\n{told}"
    assert re.findall(r"\]\((?!https?:)[^)]*\)", told) == []
    # A reader without links still sees where things are.
    assert "lesson 1 (`experiments/lessons/01-why-fight-at-all/lesson.md`)" in told
    assert "fit the record: `docs/figures/outcome_curve.svg`*" in told


def test_every_module_is_inside_and_nothing_else(wheel, project_files):
    with zipfile.ZipFile(wheel) as archive:
        names = [Path(name) for name in archive.namelist()]
    inside = {name for name in names if name.parts[:2] != ("sim", "_data")}
    inside = {name for name in inside if not name.parts[0].endswith(".dist-info")}
    assert inside == {name for name in project_files if name.parts[0] == "sim"}


def test_scenarios_and_lessons_are_found_away_from_the_checkout(unpacked, tmp_path):
    # -P and the empty folder: neither the checkout nor its tests can be seen.
    code = (
        f"import sys; sys.path.insert(0, {str(unpacked)!r}); import sim, sim.cli\n"
        f"assert sim.__file__.startswith({str(unpacked)!r}), sim.__file__\n"
    )
    for words, told in (
        (["list"], "kursk-2025-03-13"),
        (["lesson", "1"], "The model: 30"),
    ):
        argv = f"sys.argv = {['ceasefire', *words]!r}; sim.cli.main()"
        reply = subprocess.run(
            [sys.executable, "-P", "-c", f"{code}{argv}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert reply.returncode == 0, reply.stderr
        assert told in reply.stdout
