"""`ceasefire sweep --part` and `ceasefire merge`, as in a job array."""

import re
import shlex

import pytest

from tests.docs.runner import lines, page

FLAGSHIP = "kursk-2025-03-13"
VARY = ["--vary", "chips.kursk.area_km2=0:800:3", "--set", "horizon_days=20"]
SWEEP = ["sweep", FLAGSHIP, *VARY, "--replicates", "20"]


@pytest.fixture
def parts(ceasefire, tmp_path):
    """A sweep in three parts, one cell each."""
    for number in (1, 2, 3):
        reply = ceasefire(*SWEEP, "--part", f"{number}/3", "--out", tmp_path / "out")
        assert (reply.code, reply.out) == (0, "")
    return tmp_path / "out"


def test_a_part_says_what_comes_next_and_the_command_that_repeats_it(
    ceasefire, tmp_path
):
    out = tmp_path / "out"
    reply = ceasefire(*SWEEP, "--part", "2/3", "--out", out)
    assert f"part 2/3; when all 3 parts are there: ceasefire merge {out}\n" in reply.err
    command = shlex.split(re.search(r"again: ceasefire (.*)", reply.err)[1])
    refused = ceasefire(*command)
    assert refused.code == 2
    assert "part-00002-of-00003: contains this sweep already" in refused.err
    assert ceasefire(*command, "--force").code == 0


def test_what_merge_prints_and_writes_is_that_of_the_whole_sweep(
    ceasefire, parts, tmp_path
):
    whole = ceasefire(*SWEEP, "--out", tmp_path / "whole")
    reply = ceasefire("merge", parts)
    assert (reply.code, reply.out) == (0, whole.out)
    for name in ("cells.parquet", "manifest.json"):
        assert (parts / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    again = ceasefire("merge", parts)
    assert again.code == 2
    assert "--force merges it again" in again.err
    assert ceasefire("merge", parts, "--force", "--json", "--quiet").out.startswith("{")


def test_missing_parts_are_4_and_damaged_ones_5(ceasefire, parts):
    world = next((parts / "part-00003-of-00003" / "worlds").iterdir())
    world.write_bytes(b"")
    reply = ceasefire("merge", parts)
    assert (reply.code, reply.out) == (5, "")
    assert str(world) in reply.err
    (parts / "part-00001-of-00003" / "manifest.json").unlink()
    reply = ceasefire("merge", parts)
    assert (reply.code, reply.out) == (4, "")
    assert "1/3: not there" in reply.err
    reply = ceasefire("merge", parts / "nowhere")
    assert reply.code == 4


def test_what_is_no_part_is_a_matter_of_usage(ceasefire, tmp_path):
    reply = ceasefire(*SWEEP, "--part", "4/3", "--out", tmp_path / "out")
    assert reply.code == 2
    assert "--part needs K/N" in reply.err
    assert not (tmp_path / "out").exists()


def test_the_page_on_parts_shows_commands_that_run(ceasefire, tmp_path):
    shown = [words for _, *words in lines(page("how-to-sweep-on-many-machines"))]
    (sweep,) = (words for words in shown if "--part" in words)
    (merge,) = (words for words in shown if words[:1] == ["merge"])
    at = sweep.index("--out") + 1
    assert sweep[at] == merge[1]
    assert sweep[sweep.index("--part") + 1] == "$SLURM_ARRAY_TASK_ID/40"
    sweep[sweep.index("--part") + 1] = "3/40"
    sweep[at] = str(tmp_path)
    assert ceasefire(*sweep, "--dry-run").code == 0
