"""A sweep with policies in Python: the worlds of `run`, whatever process runs them."""

import io
import os
import textwrap

import numpy as np
import pandas as pd
import pytest

import sim
from sim.api.sweep import carry_out
from sim.api.sweep_result import open_sweep
from sim.batch import executors, tasks
from sim.batch.checkpoint import Checkpoint
from sim.batch.executors import Processes
from sim.batch.manifest import command_of, describe, identity
from sim.batch.policy_worlds import file_policies, policy_worlds
from sim.errors import CheckFailedError, PolicyError, UsageError
from sim.model.policies import BestResponse
from tests.batch.small import AREA, REPLICATES, SHORT, files_of, plan

POLICIES = """
    import os
    import random
    from pathlib import Path

    from sim.model.policies import BestResponse

    luck = random.Random(5)
    here = Path(__file__).parent


    class Same(BestResponse):
        pass


    class Refusing(BestResponse):
        def answer(self, view):
            return view.refuse()


    class Forgetful(BestResponse):
        asked = []

        def answer(self, view):
            print("thinking")
            self.asked.append(view.day)
            if luck.random() < 0.3 or len(self.asked) % 3 == 0:
                return view.refuse()
            return view.accept()


    class Misspelt(BestResponse):
        def answer(self, view):
            if view.world["replicate"][0] == 25:
                return view.acept()
            return super().answer(view)


    class Leaving(BestResponse):
        def answer(self, view):
            raise SystemExit("enough")


    class Dying(BestResponse):
        def answer(self, view):
            if view.world["replicate"][0] in (3, 12):
                with (here / "deaths").open("a") as deaths:
                    deaths.write("x")
                if os.path.getsize(here / "deaths") <= int(os.environ["DEATHS"]):
                    os.kill(os.getpid(), 9)
            return super().answer(view)
"""


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(tasks, "POLICY_CHUNK_STEPS", 10 * SHORT["horizon_days"])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "my_policy.py"
    path.write_text(textwrap.dedent(POLICIES), encoding="utf-8")
    return path


@pytest.fixture
def asked(file):
    """A plan in which a class of the file decides for Russia."""

    def make(name, **changes):
        policies = file_policies([f"russia={file}:{name}"], ["russia", "ukraine"])
        return plan(policies=policies, **changes)

    return make


class InMemory(BestResponse):
    """Refuses every second question that it is asked in its life."""

    def __init__(self):
        self.asked = 0

    def answer(self, view):
        self.asked += 1
        return view.refuse() if self.asked % 2 else super().answer(view)


# ---- the numbers ---------------------------------------------------------------------


def test_best_response_in_a_file_gives_the_numbers_of_the_engine(asked):
    sets = {"input_sets": 2, "input_replicates": 3}
    engine = carry_out(plan(**sets), None)
    mesa = carry_out(asked("Same", **sets), None, threads=2)
    pd.testing.assert_frame_equal(mesa.cells, engine.cells, check_exact=True)
    pd.testing.assert_frame_equal(mesa.input_sets, engine.input_sets, check_exact=True)


@pytest.mark.slow
def test_every_world_is_the_one_that_run_gives(asked, file, tmp_path):
    # What the file keeps from one answer to the next, it keeps within one world.
    carry_out(asked("Forgetful", keep_worlds=True), tmp_path / "out", threads=2)
    kept = pd.read_parquet(tmp_path / "out" / "worlds").set_index(["cell", "replicate"])
    different = 0
    for cell, replicate in [(0, 0), (1, 9), (1, 10), (2, 29), (2, 14)]:
        loaded = sim.load("kursk-2025-03-13", set={**SHORT, AREA: [0, 400, 800][cell]})
        files = file_policies([f"russia={file}:Forgetful"], ["russia"])
        alone = sim.run(loaded, replicate=replicate, policies=files.fresh())
        different += alone.outcome != sim.run(loaded, replicate=replicate).outcome
        found = kept.loc[(cell, replicate)]
        assert found["end"] == alone.outcome["end"]
        assert found["held_km2"] == alone.outcome["held_km2"]
        for side in ("russia", "ukraine"):
            assert found[f"payoff.{side}"] == alone.outcome["payoff"][side]
            assert found[f"refusals.{side}"] == alone.outcome["refusals"][side]
    assert different > 0


@pytest.mark.slow
def test_processes_and_chunks_change_nothing(asked, monkeypatch):
    found = carry_out(asked("Forgetful"), None, threads=1).cells
    monkeypatch.setattr(tasks, "POLICY_CHUNK_STEPS", 7 * SHORT["horizon_days"])
    again = carry_out(asked("Forgetful"), None, threads=3).cells
    pd.testing.assert_frame_equal(found, again, check_exact=True)


def test_an_object_is_copied_for_every_world():
    policy = InMemory()
    found = sim.sweep(
        "kursk-2025-03-13", {AREA: [0, 800]}, 20, set=SHORT, policies={"russia": policy}
    )
    assert policy.asked == 0
    ended = [
        sim.run(
            sim.load("kursk-2025-03-13", set={**SHORT, AREA: 800}),
            replicate=replicate,
            policies={"russia": InMemory()},
        ).outcome["payoff"]["russia"]
        for replicate in range(20)
    ]
    assert found.cells["payoff.russia_mean"][1] == pytest.approx(sum(ended) / 20)


# ---- what is said of them ------------------------------------------------------------


def test_the_manifest_names_class_and_file(asked, file):
    from hashlib import sha256

    made = describe(asked("Refusing"))
    digest = sha256(file.read_bytes()).hexdigest()
    assert made["policies"] == {"russia": {"class": "Refusing", "sha256": digest}}
    assert "mesa" in made["versions"]
    assert f"--policy russia={file}:Refusing" in made["command"]
    assert describe(plan())["policies"] is None


def test_another_policy_in_the_folder_is_refused_with_what_differs(
    asked, file, tmp_path
):
    out = tmp_path / "out"
    carry_out(asked("Same", replicates=2), out)
    with pytest.raises(UsageError, match=r"\"Refusing\" here, \"Same\" there"):
        carry_out(asked("Refusing", replicates=2), out)
    with pytest.raises(UsageError, match=r"policies: null here, \{.*Same"):
        carry_out(plan(replicates=2), out)
    file.write_text(file.read_text() + "\n# edited\n")
    with pytest.raises(UsageError, match=r"policies\.russia\.sha256"):
        carry_out(asked("Same", replicates=2), out)


def test_objects_are_named_in_the_command_and_not_kept_in_a_folder(tmp_path):
    policies = policy_worlds({"russia": InMemory()}, ["russia"])
    assert command_of(plan(policies=policies)).endswith(
        "--out DIR  # with policies={russia: InMemory()}"
    )
    with pytest.raises(UsageError, match="give the class as text"):
        sim.sweep("kursk-2025-03-13", policies={"russia": InMemory()}, out=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"russia": "nothing.py"}, "needs PARTY=FILE.py:CLASS"),
        ({"rusia": InMemory()}, "did you mean 'russia'"),
        ({"russia": InMemory}, "is a class; give an object"),
        ({"russia": InMemory(), "ukraine": "a.py:B"}, "or all as objects"),
    ],
)
def test_what_is_no_policy_is_refused_at_once(given, message):
    with pytest.raises(UsageError, match=message):
        sim.sweep("kursk-2025-03-13", policies=given)


# ---- what goes wrong -----------------------------------------------------------------


def test_an_error_in_a_policy_ends_the_sweep_and_keeps_what_is_finished(
    asked, file, tmp_path
):
    out = tmp_path / "out"
    with pytest.raises(PolicyError) as error:
        carry_out(asked("Misspelt"), out, threads=1)
    words = str(error.value)
    assert f'File "{file}", line ' in words
    assert "return view.acept()" in words
    assert f"--set {AREA}=0 --seed 1 --replicate 25 --policy russia={file}" in words
    of = identity(describe(asked("Misspelt")))
    journal = Checkpoint(out / "unfinished" / "journal.jsonl", of).read()
    assert [entry["first"] for entry in journal] == [0, 10]


def test_a_policy_that_leaves_the_program_is_told_as_an_error(asked):
    with pytest.raises(PolicyError, match=r"left the program: sys\.exit\('enough'\)"):
        carry_out(asked("Leaving"), None, threads=1)


def test_a_message_that_is_cut_off_anywhere_is_the_end_of_a_worker():
    whole = executors.packed((True, {"end": np.arange(400.0), "of": "x" * 70_000}))
    for size in [*range(400), *range(400, len(whole), 199)]:
        with pytest.raises(EOFError):
            executors.receive(io.BufferedReader(io.BytesIO(whole[:size])))


@pytest.mark.slow
def test_a_dead_worker_is_replaced_and_its_chunk_done_again(asked, monkeypatch):
    monkeypatch.setenv("DEATHS", "2")
    found = carry_out(asked("Dying"), None, threads=2).cells
    pd.testing.assert_frame_equal(
        found, carry_out(plan(), None).cells, check_exact=True
    )


@pytest.mark.slow
def test_a_chunk_that_fails_three_times_is_named_and_the_rest_done(
    asked, tmp_path, monkeypatch
):
    monkeypatch.setenv("DEATHS", "3")
    with pytest.raises(CheckFailedError) as error:
        carry_out(asked("Dying"), tmp_path / "out", threads=1)
    assert str(error.value).splitlines()[1:] == [
        f"  cell 0 ({AREA} 0), replicates 0 to 9: killed by signal 9"
    ]
    of = identity(describe(asked("Dying")))
    journal = Checkpoint(tmp_path / "out" / "unfinished" / "journal.jsonl", of).read()
    assert sum(entry["kind"] == "worlds" for entry in journal) == 8
    # By now nothing dies any more, and the same sweep goes on to the same end.
    carry_out(asked("Dying"), tmp_path / "out", threads=2)
    carry_out(asked("Dying"), tmp_path / "again", threads=1)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "again")
    assert list(open_sweep(tmp_path / "out").cells["replicates"]) == [REPLICATES] * 3


def test_workers_that_cannot_start_end_the_sweep(asked, monkeypatch):
    monkeypatch.setattr(executors, "_PROGRAM", "raise SystemExit(7)")
    with pytest.raises(
        CheckFailedError, match=r"as soon as they start \(exit code 7\)"
    ):
        carry_out(asked("Same"), None)


def test_a_fault_of_ours_in_a_worker_is_a_fault_here(asked):
    workers = Processes(asked("Same"), None)
    try:
        with pytest.raises(RuntimeError, match="AttributeError") as error:
            workers.compute("no chunk")
        assert "Traceback" in error.value.__notes__[0]
    finally:
        workers.close()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_worker_killed_while_it_waits_is_replaced(asked):
    workers = Processes(asked("Same"), None)
    chunk = tasks.WorldChunk(0, 0, 1)
    try:
        before = workers.compute(chunk)
        (worker,) = workers._idle
        worker.kill()
        worker._process.wait()
        after = workers.compute(chunk)
    finally:
        workers.close()
    np.testing.assert_equal(before, after)
