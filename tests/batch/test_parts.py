"""Parts of a sweep, run anywhere and joined: the same bytes as the whole."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from sim.api.sweep import carry_out, merge
from sim.api.sweep_result import open_sweep
from sim.batch import tasks
from sim.batch.files import sealed
from sim.batch.limits import needs
from sim.batch.plan import Part, parse_part, parts_in
from sim.batch.policy_worlds import policy_worlds
from sim.batch.progress import Progress
from sim.batch.tasks import WorldChunk, chunks_of
from sim.errors import CheckFailedError, InputMissingError, UsageError
from sim.model.policies import BestResponse
from tests.batch.small import AREA, REPLICATES, SHORT, files_of, plan


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(tasks, "CHUNK_STEPS", 10 * SHORT["horizon_days"])
    monkeypatch.setattr(tasks, "POLICY_CHUNK_STEPS", 10 * SHORT["horizon_days"])


def asked(**changes):
    return plan(input_sets=3, input_replicates=5, **changes)


def run_parts(a_plan, folder, of, *, but=()):
    for number in range(1, of + 1):
        if number not in but:
            carry_out(replace(a_plan, part=Part(number, of)), folder)


def without_parts(folder):
    found = files_of(folder)
    return {name: each for name, each in found.items() if "-of-" not in name}


@pytest.mark.parametrize("keep", [False, True], ids=["cells", "worlds"])
@pytest.mark.parametrize("of", [1, 4, 30])
def test_parts_joined_are_the_whole_byte_for_byte(tmp_path, keep, of):
    # Nine chunks of worlds and six of inputs: some of 30 parts have nothing to do.
    a_plan = asked(keep_worlds=keep, reference={AREA: 400})
    carry_out(a_plan, tmp_path / "whole")
    run_parts(a_plan, tmp_path / "parts", of)
    merge(tmp_path / "parts")
    assert without_parts(tmp_path / "parts") == files_of(tmp_path / "whole")


def test_parts_may_run_at_the_same_time(tmp_path):
    carry_out(asked(), tmp_path / "whole")
    with ThreadPoolExecutor(3) as pool:
        jobs = [
            pool.submit(carry_out, asked(part=Part(number, 3)), tmp_path / "parts")
            for number in (3, 1, 2)
        ]
    assert [job.result() for job in jobs] == [None, None, None]
    assert (tmp_path / "parts" / "part-00001-of-00003").is_dir()
    merge(tmp_path / "parts")
    assert without_parts(tmp_path / "parts") == files_of(tmp_path / "whole")


@pytest.mark.parametrize("of", [1, 2, 7, 100])
def test_every_chunk_is_in_one_part(of):
    a_plan = asked()
    parts = [replace(a_plan, part=Part(number, of)) for number in range(1, of + 1)]
    shares = [list(chunks_of(part)) for part in parts]
    everything = list(chunks_of(a_plan))
    assert sum(map(len, shares)) == len(everything) == 9 + 6 + 3
    assert {chunk for share in shares for chunk in share} == set(everything)
    assert max(map(len, shares)) - min(map(len, shares)) <= 1
    assert sum(needs(part).worlds for part in parts) == 3 * REPLICATES
    assert sum(needs(part).series_worlds for part in parts) == 3 * REPLICATES


def test_a_part_resumes(tmp_path, monkeypatch):
    a_plan = replace(asked(), part=Part(1, 2))
    carry_out(a_plan, tmp_path / "uninterrupted")

    class Stop(Progress):
        def start(self, worlds, done):
            self.done = done

        def advance(self, worlds):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out(a_plan, tmp_path / "again", progress=Stop(), threads=1)
    run = []
    compute = WorldChunk.compute
    monkeypatch.setattr(
        WorldChunk,
        "compute",
        lambda chunk, a_plan: run.append(chunk) or compute(chunk, a_plan),
    )
    carry_out(a_plan, tmp_path / "again", threads=1)
    assert len(set(run)) == 1 + 4  # the first world, which compiles, and what was left
    assert files_of(tmp_path / "again") == files_of(tmp_path / "uninterrupted")


def test_parts_with_a_policy_are_the_whole_with_it(tmp_path):
    policies = policy_worlds({"russia": BestResponse()}, ["russia"])
    a_plan = plan(policies=policies, replicates=15)
    carry_out(a_plan, tmp_path / "whole")
    run_parts(a_plan, tmp_path / "parts", 3)
    merge(tmp_path / "parts")
    assert without_parts(tmp_path / "parts") == files_of(tmp_path / "whole")


# ---- what merge refuses --------------------------------------------------------------


def test_missing_and_unfinished_parts_are_named(tmp_path):
    run_parts(plan(), tmp_path, 5, but=(2, 4))
    with pytest.raises(InputMissingError) as error:
        merge(tmp_path)
    assert str(error.value).splitlines()[1:] == ["  2/5: not there", "  4/5: not there"]
    run_parts(plan(), tmp_path, 5, but=(1, 2, 3, 5))
    part = tmp_path / "part-00002-of-00005"
    part.mkdir()
    made = json.loads((tmp_path / "part-00001-of-00005" / "manifest.json").read_text())
    unfinished = sealed({**made, "complete": False})
    (part / "manifest.json").write_text(json.dumps(unfinished))
    with pytest.raises(InputMissingError) as error:
        merge(tmp_path)
    assert str(error.value).splitlines()[1:] == ["  2/5: not finished"]
    assert without_parts(tmp_path) == {}


def test_damaged_files_are_named_and_nothing_is_written(tmp_path):
    run_parts(asked(), tmp_path, 3)
    worlds = sorted((tmp_path / "part-00002-of-00003" / "worlds").iterdir())
    content = bytearray(worlds[0].read_bytes())
    content[len(content) // 2] ^= 1
    worlds[0].write_bytes(content)
    worlds[1].unlink()
    inputs = tmp_path / "part-00003-of-00003" / "inputs.parquet"
    inputs.write_bytes(b"PAR1")
    with pytest.raises(CheckFailedError) as error:
        merge(tmp_path)
    named = [line.strip() for line in str(error.value).splitlines()[1:]]
    assert sorted(named) == sorted(map(str, [*worlds[:2], inputs]))
    assert without_parts(tmp_path) == {}
    for number in (2, 3):
        carry_out(asked(part=Part(number, 3)), tmp_path, force=True)
    carry_out(asked(), tmp_path / "whole")
    merge(tmp_path)
    assert (tmp_path / "cells.parquet").read_bytes() == (
        tmp_path / "whole" / "cells.parquet"
    ).read_bytes()


def test_parts_of_two_sweeps_are_not_joined(tmp_path):
    run_parts(plan(), tmp_path / "a", 2, but=(2,))
    with pytest.raises(UsageError, match=r"another sweep\n  seed: 2 here, 1 there"):
        carry_out(plan(seed=2, part=Part(2, 2)), tmp_path / "a")
    run_parts(plan(seed=2), tmp_path / "b", 2)
    (tmp_path / "b" / "part-00002-of-00002").rename(
        tmp_path / "a" / "part-00002-of-00002"
    )
    with pytest.raises(UsageError, match=r"another sweep\n  seed: 1 here, 2 there"):
        merge(tmp_path / "a")
    run_parts(plan(), tmp_path / "c", 3)
    (tmp_path / "c" / "part-00003-of-00003").rename(
        tmp_path / "a" / "part-00003-of-00003"
    )
    with pytest.raises(UsageError, match="parts of 2 and of 3"):
        merge(tmp_path / "a")


def test_a_whole_sweep_is_not_mixed_with_parts(tmp_path):
    carry_out(plan(), tmp_path)
    with pytest.raises(UsageError, match="contains a whole"):
        carry_out(plan(part=Part(1, 2)), tmp_path)
    with pytest.raises(UsageError, match="complete sweep already; --force"):
        merge(tmp_path)
    assert parts_in(tmp_path) == {}
    other = json.dumps(sealed({"kind": "sensitivity"}))
    (tmp_path / "manifest.json").write_text(other)
    with pytest.raises(InputMissingError, match="contains a sensitivity, not a sweep"):
        merge(tmp_path)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"chunks": [{"cell": "a"}]}, InputMissingError, "chunks.0.cell: "),
        ({"chunks": {}}, InputMissingError, "chunks: "),
        ({"replicates": None}, InputMissingError, "replicates: "),
        ({"spent": "all"}, InputMissingError, "spent: "),
        ({"cell": 10**18}, InputMissingError, "chunks.0: lies outside the cells"),
        ({"first": -1}, InputMissingError, "chunks.0.first: "),
        ({"first": 3, "count": 7}, CheckFailedError, "worlds were found"),
    ],
)
def test_a_manifest_that_nobody_can_rely_on_is_refused(tmp_path, change, error, said):
    """It has the right checksum: somebody made it, or another version wrote it."""
    run_parts(plan(), tmp_path, 2)
    file = tmp_path / "part-00001-of-00002" / "manifest.json"
    made = json.loads(file.read_text("utf-8"))
    if made.keys().isdisjoint(change):
        made["chunks"][0] |= change
    file.write_text(json.dumps(sealed(made | change)), encoding="utf-8")
    with pytest.raises(error, match=said):
        merge(tmp_path)
    assert without_parts(tmp_path) == {}


def test_worlds_that_are_there_twice_are_not_joined(tmp_path):
    run_parts(plan(), tmp_path, 2)
    file = tmp_path / "part-00001-of-00002" / "manifest.json"
    made = json.loads(file.read_text("utf-8"))
    made["chunks"][1] = made["chunks"][0]
    file.write_text(json.dumps(sealed(made)), encoding="utf-8")
    with pytest.raises(CheckFailedError, match="were found twice"):
        merge(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_worlds_are_not_written_through_a_link(tmp_path):
    run_parts(plan(keep_worlds=True), tmp_path / "sweep", 2)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "part-00000-0000000000.parquet").write_text("precious")
    (tmp_path / "sweep" / "worlds").symlink_to(elsewhere)
    with pytest.raises(InputMissingError, match="worlds is a link"):
        merge(tmp_path / "sweep")
    assert [file.read_text() for file in elsewhere.iterdir()] == ["precious"]


def test_what_is_merged_may_be_merged_again(tmp_path):
    run_parts(plan(keep_worlds=True), tmp_path, 2)
    merge(tmp_path)
    before = files_of(tmp_path)
    (tmp_path / "worlds" / "part-00009-0000000000.parquet").write_bytes(b"")
    merge(tmp_path, force=True)
    assert files_of(tmp_path) == before


def test_parts_that_are_not_merged_are_no_sweep_yet(tmp_path):
    run_parts(plan(), tmp_path, 2)
    with pytest.raises(InputMissingError, match="first, ceasefire merge"):
        open_sweep(tmp_path)
    with pytest.raises(InputMissingError, match=r"part 1/2 of a sweep; first"):
        open_sweep(tmp_path / "part-00001-of-00002")
    with pytest.raises(InputMissingError, match="no parts of a sweep"):
        merge(tmp_path / "part-00001-of-00002" / "worlds")


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/0", "-1/3", "1/100000"])
def test_what_is_no_part_is_refused(text):
    with pytest.raises(UsageError, match="--part needs K/N"):
        parse_part(text)
