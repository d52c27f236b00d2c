"""A sweep on disk: whole or resumed, the same bytes; never mixed with another."""

import errno
import json
import os
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.api.sweep import carry_out
from sim.api.sweep_result import open_sweep
from sim.batch import tasks
from sim.batch.checkpoint import Checkpoint
from sim.batch.manifest import describe, identity
from sim.batch.progress import Progress
from sim.batch.tasks import WorldChunk
from sim.errors import CheckFailedError, InputMissingError, UsageError
from tests.batch.small import AREA, REPLICATES, SHORT, files_of, plan


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(tasks, "CHUNK_STEPS", 10 * SHORT["horizon_days"])


@cache  # to check a plan takes far longer than to carry this one out
def asked(**changes):
    return plan(input_sets=3, input_replicates=5, **changes)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "CHUNK_STEPS", 10 * SHORT["horizon_days"])
        folders = {}
        for keep in (False, True):
            folder = tmp_path_factory.mktemp("whole")
            carry_out(asked(keep_worlds=keep), folder, threads=1)
            folders[keep] = files_of(folder)
    return folders


class KilledAt:
    """Ends a sweep just before, or in the middle of, its n-th write."""

    def __init__(self, patch, moment, *, half):
        self.left, self.half = moment, half
        replace, append = Path.replace, Checkpoint.append

        def replace_or_die(path, target):
            self._strike(path)
            return replace(path, target)

        def append_or_die(journal, entry):
            before = journal.path.stat().st_size if journal.path.exists() else 0
            append(journal, entry)
            try:
                self._strike(None)
            except Killed:
                if self.half:
                    size = journal.path.stat().st_size
                    os.truncate(journal.path, (before + size) // 2)
                raise

        patch.setattr(Path, "replace", replace_or_die)
        patch.setattr(Checkpoint, "append", append_or_die)
        # A process that is killed tidies nothing up.
        patch.setattr(Path, "unlink", self._unlink(Path.unlink))

    def _strike(self, path):
        self.left -= 1
        if self.left == 0:
            if self.half and path is not None:
                os.truncate(path, path.stat().st_size // 2)
            raise Killed

    def _unlink(self, unlink):
        def unlink_if_alive(path, missing_ok=False):
            if self.left != 0:
                unlink(path, missing_ok=missing_ok)

        return unlink_if_alive


@pytest.mark.parametrize("keep", [False, True], ids=["cells", "worlds"])
@pytest.mark.parametrize("half", [False, True], ids=["before", "within"])
@pytest.mark.parametrize(
    "every", [pytest.param(1, marks=pytest.mark.slow), 9], ids=["all", "some"]
)
def test_a_sweep_killed_at_any_write_ends_with_the_same_bytes(
    whole, tmp_path, keep, half, every
):
    # Nine chunks of worlds, and rows of three cells and of their inputs, at the least.
    for moment in range(every, 200, every):
        folder = tmp_path / str(moment)
        with pytest.MonkeyPatch.context() as patch:
            KilledAt(patch, moment, half=half)
            try:
                carry_out(asked(keep_worlds=keep), folder, threads=1)
            except Killed:
                pass
            else:
                break
        carry_out(asked(keep_worlds=keep), folder, threads=2)
        assert files_of(folder) == whole[keep]
    assert moment > 20


def test_threads_write_the_same_files(whole, tmp_path):
    carry_out(asked(keep_worlds=True), tmp_path, threads=5)
    assert files_of(tmp_path) == whole[True]


def test_only_unfinished_chunks_are_computed_again(tmp_path, monkeypatch):
    with pytest.MonkeyPatch.context() as patch:
        KilledAt(patch, 12, half=False)
        with pytest.raises(Killed):
            carry_out(plan(), tmp_path, threads=1)
    of = identity(describe(plan()))
    journal = Checkpoint(tmp_path / "unfinished" / "journal.jsonl", of).read()
    finished = sum(entry["kind"] == "worlds" for entry in journal)
    assert 2 < finished < 9
    run = []
    compute = WorldChunk.compute

    def counted(chunk, a_plan):
        run.append(chunk)
        return compute(chunk, a_plan)

    monkeypatch.setattr(WorldChunk, "compute", counted)
    carry_out(plan(), tmp_path, threads=1)
    warm_up = WorldChunk(0, 0, 1)
    assert len(set(run) - {warm_up}) == 9 - finished


def test_a_damaged_part_is_named_and_computed_again(whole, tmp_path):
    with pytest.MonkeyPatch.context() as patch:
        KilledAt(patch, 12, half=False)
        with pytest.raises(Killed):
            carry_out(asked(keep_worlds=True), tmp_path, threads=1)
    damaged, missing = sorted((tmp_path / "worlds").glob("part-*"))[:2]
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    missing.unlink()
    told = Told()
    carry_out(asked(keep_worlds=True), tmp_path, progress=told)
    assert [damaged.name in told.notes[0], missing.name in told.notes[1]] == [True] * 2
    assert len(told.notes) == 2
    assert files_of(tmp_path) == whole[True]


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "gone"])
def test_a_damaged_manifest_costs_no_finished_chunk(whole, tmp_path, damage):
    """Also r19: the journal says by itself which sweep it is of."""
    with pytest.raises(KeyboardInterrupt):
        carry_out(asked(keep_worlds=True), tmp_path, progress=Told(stop_after=6))
    manifest = tmp_path / "manifest.json"
    content = manifest.read_bytes()
    if damage == "gone":
        manifest.unlink()
    elif damage == "flip":
        manifest.write_bytes(content.replace(b'"seed": 1', b'"seed": 3'))
    else:
        manifest.write_bytes(content[:-40] if damage == "cut" else b"")
    other = asked(keep_worlds=True, seed=2)
    with pytest.raises((InputMissingError, UsageError), match="force"):
        carry_out(other, tmp_path)
    told = Told()
    carry_out(asked(keep_worlds=True), tmp_path, progress=told)
    assert told.notes == [f"{manifest} is damaged or missing and is made again"]
    assert told.done >= 6 * 5
    assert files_of(tmp_path) == whole[True]


class Losing(Progress):
    """Progress during which somebody deletes or changes a file, once or always."""

    def __init__(self, folder, pattern, *, always=False):
        self.folder, self.pattern, self.always = folder, pattern, always
        self.notes, self.lost = [], 0

    def note(self, text):
        self.notes.append(text)

    def advance(self, worlds):
        files = sorted(self.folder.glob(self.pattern))
        if files and (self.always or not self.lost):
            self.lost += 1
            if self.lost % 2:
                files[0].unlink()
            else:
                files[0].write_bytes(files[0].read_bytes()[:-1] + b"?")


@pytest.mark.parametrize(
    "pattern", ["worlds/part-*", "unfinished/*-series.parquet", "manifest.json"]
)
def test_what_is_lost_while_a_sweep_runs_is_made_again(whole, tmp_path, pattern):
    """Also r14: nothing that is called complete has a hole."""
    told = Losing(tmp_path, pattern)
    carry_out(asked(keep_worlds=True), tmp_path, threads=1, progress=told)
    assert told.lost == 1
    assert files_of(tmp_path) == whole[True]


def test_what_is_lost_again_and_again_leaves_the_sweep_unfinished(whole, tmp_path):
    told = Losing(tmp_path, "worlds/part-*", always=True)
    with pytest.raises(CheckFailedError, match="was deleted or changed while"):
        carry_out(asked(keep_worlds=True), tmp_path, threads=1, progress=told)
    with pytest.raises(InputMissingError, match="not finished"):
        open_sweep(tmp_path)
    carry_out(asked(keep_worlds=True), tmp_path)
    assert files_of(tmp_path) == whole[True]


def test_a_folder_of_somebody_elses_named_unfinished_is_left_alone(tmp_path):
    (tmp_path / "unfinished").mkdir()
    (tmp_path / "unfinished" / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="contains files and is not a sweep"):
        carry_out(plan(), tmp_path)
    carry_out(plan(), tmp_path, force=True)
    assert (tmp_path / "unfinished" / "thesis.txt").read_text() == "years of work"


class Told(Progress):
    """Progress that remembers."""

    def __init__(self, stop_after=None):
        self.notes, self.steps, self.stop_after = [], [], stop_after

    def note(self, text):
        self.notes.append(text)

    def start(self, worlds, done):
        self.worlds, self.done = worlds, done

    def expect(self, worlds):
        self.worlds = worlds

    def advance(self, worlds):
        self.steps.append(worlds)
        if len(self.steps) == self.stop_after:
            raise KeyboardInterrupt


@pytest.mark.parametrize("name", ["series", "series_runs"])
def test_a_damaged_series_is_named_and_made_again(whole, tmp_path, name):
    with pytest.raises(KeyboardInterrupt):
        carry_out(asked(), tmp_path, threads=1, progress=Told(stop_after=17))
    files = sorted((tmp_path / "unfinished").glob(f"*-{name}.parquet"))
    assert len(files) == 2
    files[1].write_bytes(files[0].read_bytes())  # whole, and of another cell
    told = Told()
    carry_out(asked(), tmp_path, progress=told)
    assert [str(files[1]) in note for note in told.notes] == [True]
    assert sum(told.steps) == 2 * REPLICATES
    assert files_of(tmp_path) == whole[False]


def test_worlds_of_few_cells_are_on_disk_at_a_time(tmp_path):
    cells_there = []

    class Watching(Told):
        def advance(self, worlds):
            parts = (tmp_path / "unfinished").glob("part-*")
            cells_there.append({part.name[:10] for part in parts})

    a_plan = plan(vary={AREA: range(0, 1000, 50)})
    carry_out(a_plan, tmp_path, threads=2, progress=Watching())
    assert set().union(*cells_there) == {f"part-{cell:05}" for cell in range(20)}
    # The reference, and those that two threads are at.
    assert max(map(len, cells_there)) <= 4
    assert all("part-00000" in there for there in cells_there[3:])


def test_an_interrupted_sweep_keeps_what_is_finished(whole, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        carry_out(asked(), tmp_path, progress=Told(stop_after=4))
    with pytest.raises(InputMissingError, match="not finished; its command") as error:
        open_sweep(tmp_path)
    assert str(error.value).endswith(f" --out {tmp_path}")
    told = Told()
    carry_out(asked(), tmp_path, progress=told)
    assert told.done >= 4 * 5
    assert told.done + sum(told.steps) == told.worlds == 2 * 3 * REPLICATES + 3 * 3 * 5
    assert files_of(tmp_path) == whole[False]


def test_a_complete_sweep_is_not_run_again_unless_forced(tmp_path):
    carry_out(plan(), tmp_path)
    before = files_of(tmp_path)
    with pytest.raises(UsageError, match="already, complete; --force runs it again"):
        carry_out(plan(), tmp_path)
    assert files_of(tmp_path) == before
    carry_out(plan(), tmp_path, force=True)
    assert files_of(tmp_path) == before


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"seed": 2}, "seed: 2 here, 1 there"),
        ({"set": {"aid.level": 0.5}}, "aid.level: 0.5 here, 1.0 there"),
        ({"replicates": 31}, "replicates: 31 here, 30 there"),
        ({"vary": {AREA: [0, 500]}}, "design.points: "),
        ({"within_days": 14}, "within_days: 14 here, 15 there"),
        ({"keep_worlds": True}, "keep_worlds: true here, false there"),
        ({"input_sets": 2}, "inputs: "),
    ],
)
def test_another_sweep_in_the_folder_is_refused_with_what_differs(
    tmp_path, changes, difference
):
    carry_out(plan(), tmp_path)
    before = files_of(tmp_path)
    with pytest.raises(UsageError, match="contains a different sweep") as error:
        carry_out(plan(**changes), tmp_path)
    assert difference in str(error.value)
    assert files_of(tmp_path) == before


def test_force_leaves_nothing_of_the_sweep_before(tmp_path):
    carry_out(asked(keep_worlds=True), tmp_path / "a")
    for folder in ("a", "b"):
        carry_out(plan(vary={AREA: [5]}), tmp_path / folder, force=True)
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="contains files and is not a sweep"):
        carry_out(plan(), tmp_path)
    assert list(files_of(tmp_path)) == ["thesis.txt"]
    with pytest.raises(UsageError, match="a file, not a folder"):
        carry_out(plan(), tmp_path / "thesis.txt")


def test_two_processes_do_not_work_on_one_sweep(tmp_path):
    fcntl = pytest.importorskip("fcntl")
    (tmp_path / "unfinished").mkdir()
    with (tmp_path / "unfinished" / "lock").open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(UsageError, match="another process is working"):
            carry_out(plan(), tmp_path)


def test_a_full_disk_is_told_in_one_line_and_the_sweep_goes_on_later(
    whole, tmp_path, monkeypatch
):
    opened = Path.open
    written = []

    def open_until_full(path, mode="r", *more, **named):
        written.append(path)
        if mode == "xb" and len(written) > 6:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return opened(path, mode, *more, **named)

    monkeypatch.setattr(Path, "open", open_until_full)
    with pytest.raises(InputMissingError, match="No space left") as error:
        carry_out(asked(), tmp_path)
    assert len(str(error.value).splitlines()) == 1
    assert "the same command continues" in str(error.value)
    assert not any(name.endswith(".tmp") for name in files_of(tmp_path))
    monkeypatch.undo()
    monkeypatch.setattr(tasks, "CHUNK_STEPS", 10 * SHORT["horizon_days"])
    carry_out(asked(), tmp_path)
    assert files_of(tmp_path) == whole[False]


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputMissingError, match="cannot be written"):
        carry_out(plan(), tmp_path / "file" / "below")


def test_what_was_kept_of_a_world_is_what_comes_of_it_again(tmp_path):
    a_plan = plan(keep_worlds=True)
    carry_out(a_plan, tmp_path)
    kept = pd.read_parquet(tmp_path / "worlds")
    assert len(kept) == 3 * REPLICATES
    for cell in range(3):
        again = WorldChunk(cell, 0, REPLICATES).compute(a_plan)
        rows = kept[kept["cell"] == cell].sort_values("replicate")
        assert list(rows["replicate"]) == list(range(REPLICATES))
        ends = ["war", "truce", "settled", "defeat"]
        assert list(rows["end"]) == [ends[code] for code in again.pop("end")]
        offers = [None, *a_plan.cells[cell].labels.offers]
        offered = [offers[code + 1] for code in again.pop("truce_offer")]
        assert [None if pd.isna(o) else o for o in rows["truce_offer"]] == offered
        for name in ("truce_by", "defeated"):
            parties = [None, *a_plan.cells[cell].labels.parties]
            names = [parties[code + 1] for code in again.pop(name)]
            assert [None if pd.isna(p) else p for p in rows[name]] == names
        for name, column in again.items():
            np.testing.assert_array_equal(rows[name].to_numpy(), column)


def test_every_file_says_what_it_is_of(tmp_path):
    carry_out(asked(keep_worlds=True), tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    files = [*tmp_path.glob("*.parquet"), *(tmp_path / "worlds").iterdir()]
    assert len(files) == 4 + 9
    for file in files:
        about = {
            k.decode(): v.decode() for k, v in pq.read_metadata(file).metadata.items()
        }
        assert about["scenario_hash"] == manifest["scenario_hash"]
        assert (about["seed"], about["command"]) == ("1", manifest["command"])
        assert set(json.loads(about["versions"])) >= {"ceasefire-sim", "numpy", "numba"}


def test_checksums_in_the_manifest_are_those_of_the_files(tmp_path):
    from hashlib import sha256

    carry_out(asked(keep_worlds=True), tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    for name, expected in manifest["files"].items():
        assert sha256((tmp_path / name).read_bytes()).hexdigest() == expected
    for chunk in manifest["chunks"]:
        name = f"part-{chunk['cell']:05}-{chunk['first']:010}.parquet"
        content = (tmp_path / "worlds" / name).read_bytes()
        assert sha256(content).hexdigest() == chunk["sha256"]


def test_memory_and_folder_give_the_same_cells(tmp_path):
    kept = carry_out(asked(), tmp_path)
    shown = carry_out(asked(), None)
    pd.testing.assert_frame_equal(kept.cells, shown.cells, check_exact=True)
    pd.testing.assert_frame_equal(kept.input_sets, shown.input_sets, check_exact=True)
    assert kept.manifest["scenario"] == shown.manifest["scenario"]


def test_a_damaged_manifest_or_table_is_named(tmp_path):
    carry_out(plan(), tmp_path)
    (tmp_path / "cells.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputMissingError, match=r"cells\.parquet is damaged or was"):
        open_sweep(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(InputMissingError, match=r"manifest\.json cannot be read"):
        open_sweep(tmp_path)
    with pytest.raises(InputMissingError, match="no such folder"):
        open_sweep(tmp_path / "nowhere")


def test_no_file_holds_the_path_it_was_written_to(tmp_path):
    carry_out(asked(keep_worlds=True), tmp_path)
    for content in files_of(tmp_path).values():
        assert os.fsencode(tmp_path) not in content
