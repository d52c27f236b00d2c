"""Precision on demand: worlds are spent where needed, whatever the timing."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.api.sweep import carry_out, make_plan
from sim.api.sweep_result import open_sweep
from sim.batch import tasks
from sim.batch.estimates import HEADLINES
from sim.batch.folder import Folder
from sim.batch.intervals import wilson
from sim.batch.manifest import command_of
from sim.batch.plan import Part
from sim.batch.policy_worlds import policy_worlds
from sim.batch.progress import Progress
from sim.batch.tasks import BATCHES, batches, most_replicates, world_chunks
from sim.errors import UsageError
from sim.model.policies import BestResponse
from tests.batch.small import AREA, SHORT, files_of, plan

PRECISION = 0.06


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(tasks, "CHUNK_STEPS", 5 * SHORT["horizon_days"])


def asked(**changes):
    return plan(replicates=None, precision=PRECISION, series=0, **changes)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "CHUNK_STEPS", 5 * SHORT["horizon_days"])
        folder = tmp_path_factory.mktemp("whole")
        cells = carry_out(asked(keep_worlds=True), folder, threads=1).cells
    return cells, files_of(folder)


def half_width(cells):
    """The wider one of both headlines."""
    widths = [cells[f"{each}_high"] - cells[f"{each}_low"] for each in HEADLINES]
    return pd.concat(widths, axis=1).max(axis=1) / 2


def test_each_cell_ends_with_the_first_batch_that_is_enough(whole):
    cells, _ = whole
    assert (half_width(cells) <= PRECISION).all()
    assert cells["replicates"].nunique() > 1
    ends = [batch.stop for batch in batches(asked())]
    for cell, spent in enumerate(cells["replicates"]):
        assert spent in ends
        before = ends[ends.index(spent) - 1]
        fewer = carry_out(plan(replicates=before), None).cells
        assert half_width(fewer)[cell] > PRECISION


def test_a_cell_is_that_of_a_sweep_with_its_number_of_replicates(whole):
    cells, _ = whole
    for cell, spent in enumerate(cells["replicates"]):
        same = carry_out(plan(replicates=int(spent)), None).cells
        own = [n for n in cells if "_diff" not in n and "luck_gain" not in n]
        pd.testing.assert_frame_equal(
            cells.loc[[cell], own], same.loc[[cell], own], check_exact=True
        )


def test_differences_are_of_the_replicates_in_common(whole):
    cells, _ = whole
    for cell in (1, 2):
        both = min(cells["replicates"][0], cells["replicates"][cell])
        same = carry_out(plan(replicates=int(both)), None).cells
        for name in ("full_truce_share", "payoff.russia_mean"):
            for end in ("_diff", "_diff_low", "_diff_high"):
                assert cells[name + end][cell] == same[name + end][cell]


def test_threads_change_nothing(whole, tmp_path):
    carry_out(asked(keep_worlds=True), tmp_path, threads=4)
    assert files_of(tmp_path) == whole[1]


class Killed(BaseException):
    pass


@pytest.mark.parametrize("writes", [3, 17, 40, 70])
def test_a_sweep_that_is_killed_resumes_to_the_same_bytes(
    whole, tmp_path, monkeypatch, writes
):
    left = [writes]
    keep = Folder.keep

    def keep_or_die(folder, chunk, result):
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        keep(folder, chunk, result)

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "keep", keep_or_die)
        with pytest.raises(Killed):
            carry_out(asked(keep_worlds=True), tmp_path, threads=2)
    told = Told()
    carry_out(asked(keep_worlds=True), tmp_path, threads=2, progress=told)
    assert files_of(tmp_path) == whole[1]
    # Whatever it expected at first, in the end it has run what it says it needed.
    assert told.done + told.run == told.worlds == whole[0]["replicates"].sum()


class Told(Progress):
    """Progress that counts."""

    run = 0

    def start(self, worlds, done):
        self.worlds, self.done = worlds, done

    def expect(self, worlds):
        self.worlds = worlds

    def advance(self, worlds):
        self.run += worlds


def test_a_lost_file_is_made_again_and_no_more(whole, tmp_path, monkeypatch):
    def die(_):
        raise Killed

    a_plan = asked(keep_worlds=True)
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "finish", die)
        with pytest.raises(Killed):
            carry_out(a_plan, tmp_path)
    names = [f"part-0000{cell}-0000000000.parquet" for cell in (0, 2)]
    lost = [tmp_path / "worlds" / name for name in names]
    for file in lost:
        file.unlink()
    told = Told()
    carry_out(a_plan, tmp_path, progress=told)
    first = next(world_chunks(a_plan, 0)).count
    assert told.run == 2 * first
    assert files_of(tmp_path) == whole[1]


def test_policies_of_ones_own_may_be_precise_too():
    policies = policy_worlds({"russia": BestResponse()}, ["russia"])
    changes = {"replicates": None, "precision": 0.15, "vary": {AREA: [0, 800]}}
    mesa = carry_out(plan(policies=policies, **changes), None).cells
    engine = carry_out(plan(**changes), None).cells
    pd.testing.assert_frame_equal(mesa, engine, check_exact=True)


@given(st.floats(0.002, 0.49), st.floats(0.0, 1.0))
def test_the_most_replicates_are_enough_for_any_share(precision, share):
    most = most_replicates(precision)
    found = wilson(round(share * most), most)
    assert (found.high - found.low) / 2 <= precision * (1 + 1e-12)
    if most > 2:
        fewer = wilson((most - 1) / 2, most - 1)
        assert (fewer.high - fewer.low) / 2 > precision


@pytest.mark.parametrize("precision", [0.3, 0.01, 0.0003])
def test_batches_share_out_all_replicates(precision):
    a_plan = plan(replicates=None, precision=precision)
    found = list(batches(a_plan))
    assert len(found) <= BATCHES
    assert [batch.start for batch in found[1:]] == [batch.stop for batch in found[:-1]]
    assert (found[0].start, found[-1].stop) == (0, a_plan.replicates)
    assert len(list(batches(plan(replicates=50_000)))) == 1


def test_what_cannot_be_is_refused(tmp_path):
    base = asked().base
    with pytest.raises(UsageError, match="give only one of"):
        make_plan(base, {}, replicates=100, precision=0.01)
    for precision in (0.0, -1.0, 0.5, float("nan")):
        with pytest.raises(
            UsageError, match=r"--precision must be (at least 1e-05|a finite)"
        ):
            make_plan(base, {}, precision=precision)
    with pytest.raises(UsageError, match="--part with --precision"):
        asked(part=Part(1, 2))
    carry_out(asked(), tmp_path)
    with pytest.raises(UsageError, match=r"precision: null here, 0\.06 there"):
        carry_out(plan(replicates=asked().replicates), tmp_path)


def test_the_command_says_precision_and_so_does_the_manifest(tmp_path):
    assert "--precision 0.06 --seed 1" in command_of(asked())
    assert "--replicates" not in command_of(asked())
    carry_out(asked(), tmp_path)
    made = open_sweep(tmp_path).manifest
    assert (made["precision"], made["replicates"]) == (0.06, asked().replicates)
