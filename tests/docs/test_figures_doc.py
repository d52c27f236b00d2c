"""The gallery shows every figure with its question, picture and command, which run."""

import re
import shlex
import subprocess
import sys

import pytest

from sim.api.figures import FIGURES

FENCE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
# A picture of another size would make every clone of the project larger.
MOST_BYTES = 170_000


@pytest.fixture(scope="module")
def page(checkout):
    return (checkout / "docs" / "figures.md").read_text(encoding="utf-8")


def test_every_figure_of_the_gallery_has_a_section_a_picture_and_a_command(
    checkout, page
):
    sections = {
        part.partition(":")[0]: part for part in re.split(r"^## ", page, flags=re.M)[1:]
    }
    assert set(FIGURES) <= set(sections)
    for name in FIGURES:
        assert f"](figures/{name}.svg)" in sections[name]
        assert f"--figure {name}" in sections[name]
        picture = checkout / "docs" / "figures" / f"{name}.svg"
        text = picture.read_text(encoding="utf-8")
        assert len(text.encode()) < MOST_BYTES, name
        assert "<desc" in text


@pytest.mark.slow
def test_the_commands_of_the_page_run_in_order(page, tmp_path):
    lines = [line for block in FENCE.findall(page) for line in block.splitlines()]
    assert len(lines) >= len(FIGURES)
    for line in lines:
        program, *words = shlex.split(line)
        assert program == "ceasefire"
        command = [sys.executable, "-m", "sim", *words]
        reply = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert reply.returncode == 0, f"{line}\n{reply.stderr}"
