"""One version, told everywhere the same, and a licence."""

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points, version

import pytest
import yaml

import sim


def test_the_version_stands_in_one_place(checkout, project_files):
    assert (
        "version"
        in tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))[
            "project"
        ]["dynamic"]
    )
    assignment = re.compile(r"^__version__\s*=", re.MULTILINE)
    sources = [name for name in project_files if name.parts[0] == "sim"]
    holders = [
        name.as_posix()
        for name in sources
        if name.suffix == ".py"
        and assignment.search((checkout / name).read_text(encoding="utf-8"))
    ]
    assert holders == ["sim/__init__.py"]


def test_the_citation_and_the_changelog_know_this_version(checkout):
    citation = yaml.safe_load((checkout / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == sim.__version__
    changelog = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {sim.__version__} " in changelog


def test_the_installed_distribution_has_this_version():
    assert version("ceasefire-sim") == sim.__version__


def test_the_installed_command_is_the_one_of_the_package():
    (command,) = entry_points(group="console_scripts", name="ceasefire")
    assert command.value == "sim.cli:main"


def test_an_exit_code_belongs_to_one_kind_of_exception():
    from sim import errors

    kinds = errors.CeasefireError.__subclasses__()
    assert sorted(kind.exit_code for kind in kinds) == [2, 3, 4, 5]
    assert errors.CeasefireError.exit_code == 1


@pytest.mark.parametrize(("argument", "status"), [("--help", 0), ("no-such-word", 2)])
def test_python_m_sim_is_the_command(checkout, argument, status):
    code = "import sys; sys.argv[0] = 'ceasefire'; from sim.cli import main; main()"
    replies = [
        subprocess.run(
            [sys.executable, *how, argument],
            cwd=checkout,
            env={**os.environ, "COLUMNS": "80"},
            capture_output=True,
            text=True,
        )
        for how in (["-m", "sim"], ["-c", code])
    ]
    as_module, as_command = [(r.returncode, r.stdout, r.stderr) for r in replies]
    assert as_module == as_command
    assert as_module[0] == status
    assert "ceasefire" in "".join(as_module[1:])
