"""The README says what works: its blocks are run, line by line as a user would.

Lines that set the project up (`git clone`, `cd ceasefire-sim`, `make TASK`,
`python tasks.py TASK`) are not run from within the tests, which such a line has
started; that they name a task that exists is checked instead.
"""

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs import runner

SET_UP = re.compile(
    r"(?:git clone |cd ceasefire-sim\b|(?:make|python tasks\.py) (?P<task>\w+))"
)
SHELL = {"sh", "bash"}
# A transcript with prompts could not be run, and what is not run goes stale.
NOT_RUN = {"console", "shell", "zsh", "pycon"}


@pytest.fixture(scope="session")
def blocks(checkout: Path) -> list[tuple[str, str]]:
    """Language and text of every fenced block, in order."""
    return runner.FENCE.findall((checkout / "README.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def copy(
    checkout: Path, project_files: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A copy of the checkout, so that what a block writes is not left in ours."""
    target = tmp_path_factory.mktemp("readme") / "ceasefire-sim"
    for name in project_files:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(checkout / name, target / name)
    return target


def without_set_up(text: str) -> str:
    return "".join(
        line for line in text.splitlines(keepends=True) if not SET_UP.match(line)
    )


def test_the_readme_shows_both_commands_that_do_all_set_up(blocks):
    shell = "".join(text for language, text in blocks if language in SHELL)
    tasks = {found["task"] for found in SET_UP.finditer(shell)}
    assert {"demo", "test"} <= tasks


def test_every_task_the_readme_names_exists_for_make_and_without(checkout, blocks):
    tasks = set(runpy.run_path(str(checkout / "tasks.py"))["TASKS"])
    makefile = (checkout / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^TASKS = (.*)$", makefile, re.MULTILINE)[1].split()
    assert set(targets) == tasks
    shell = "".join(text for language, text in blocks if language in SHELL)
    assert {found["task"] for found in SET_UP.finditer(shell)} - {None} <= tasks


def test_the_readme_has_no_transcript_that_nothing_runs(blocks):
    assert not {language for language, _ in blocks} & NOT_RUN


@pytest.mark.slow
def test_the_shell_and_python_blocks_run_in_order(copy, blocks):
    scripts = Path(sys.executable).parent
    assert shutil.which("ceasefire", path=str(scripts)), "the project is not installed"
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(scripts), os.environ["PATH"]]),
    }
    ran = 0
    for language, text in blocks:
        if language in SHELL:
            command = ["bash", "-euo", "pipefail", "-c", without_set_up(text)]
        # Examples with >>> are run by pytest itself.
        elif language == "python" and ">>>" not in text:
            command = [sys.executable, "-c", text]
        else:
            continue
        reply = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True
        )
        assert reply.returncode == 0, f"{text}\n{reply.stdout}\n{reply.stderr}"
        ran += 1
    assert ran, "no block was run"
