"""The gallery shows every figure with its question, picture and command, which run."""

import re

import pytest

from sim.api.figures import FIGURES
from tests.docs import runner

# A picture of another size would make every clone of the project larger.
MOST_BYTES = 190_000


@pytest.fixture(scope="module")
def page():
    return runner.page("figures")


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
def test_the_commands_of_the_page_run_in_order(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(runner.run(page)) >= len(FIGURES)
