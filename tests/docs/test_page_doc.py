"""The how-tos of the classroom page and of a lecture do what they say, line by line."""

import json
import re
import shutil

import pandas as pd
import pytest

from sim.cli import exit_code
from tests.docs.runner import blocks, lines, page

DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>')


NAMES = ("how-to-make-a-classroom-page", "how-to-give-a-lecture")


def test_the_lecture_begins_with_the_page_that_the_other_how_to_makes():
    making, lecture = (blocks(page(name), "sh") for name in NAMES)
    assert lecture[0] == making[0]


@pytest.mark.slow
def test_the_blocks_of_the_how_tos_run_and_show_what_they_say(
    checkout, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    texts = list(map(page, NAMES))
    shutil.copytree(checkout / "sim" / "web", tmp_path / "sim" / "web")
    for program, *words in dict.fromkeys(map(tuple, lines("".join(texts)))):
        if program == "cp":
            shutil.copy(*words)
            continue
        assert program == "ceasefire"
        if words[0] == "dashboard":  # tests/cli serves it
            continue
        assert exit_code(words) == 0, words
    out = tmp_path / "out"
    made = sorted((out / "class").glob("*.html"))
    assert [each.name for each in made] == ["page-uk.html", "page.html"]
    size = made[1].stat().st_size
    assert size < 1_000_000
    (said,) = re.findall(r"about ([\d.]+) MB", texts[0])
    assert size / 1e6 == pytest.approx(float(said), abs=0.06)
    assert (out / "class" / "figures" / "outcome_curve.png").exists()
    assert list((out / "why" / "figures").glob("*.svg"))
    lecture_fits(texts[1], made[1].read_text("utf-8"), out / "class")


def lecture_fits(lecture, page, folder):
    """What the lecture promises the class is what its page shows."""
    cells = pd.read_parquet(folder / "cells.parquet")
    area, aid = cells["chips.kursk.area_km2"], cells["aid.level"]
    shares = cells["full_truce_share"]
    curve = (100 * shares[aid == 1].groupby(area).first()).round().astype(int)
    (said,) = re.findall(
        r"from (\d+) of 100 runs\s+with no land held to (\d+)", lecture
    )
    assert (curve.iloc[0], curve.iloc[-1]) == tuple(map(int, said))
    assert (shares[aid == 0] < 0.005).all()
    data = json.loads(DATA.search(page)[1])
    story, here = data["story"], data["reference"]
    assert f"--replicate {story['replicate']} --day 0" in lecture
    (refusal,) = [
        turns
        for place, turns in story["runs"]["turns"][here].items()
        if story["words"][turns[0][0]] == "aid.level" and int(place) == 2
    ]
    smallest, of_land, of_aid = refusal
    assert smallest == of_aid
    assert smallest[3] == 1  # more aid
    assert of_land[2] is None  # no other area
