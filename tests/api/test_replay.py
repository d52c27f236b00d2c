"""A world of a sweep on disk, run again agent by agent."""

import hashlib
import json
import random
import shutil

import pandas as pd
import pytest

import sim
from sim.api.sweep_result import open_sweep
from sim.batch.files import sealed
from sim.batch.manifest import model
from sim.errors import CheckFailedError, InputMissingError, UsageError
from tests.batch.small import AREA

FLAGSHIP = "kursk-2025-03-13"
VARY = {
    AREA: [0, 189, 800],
    "aid.level": [0.4, 1],
    "negotiation.first_round": ["2025-03-13", "2025-04-01"],
    "parties.russia.policy.name": ["best_response", "hardliner", "boulware"],
    # a deadline that is not given is the horizon
    "horizon_days": [50, 90],
}
REPLICATES = 25


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept") / "sweep"
    sim.sweep(
        FLAGSHIP,
        VARY,
        REPLICATES,
        set={"parties.ukraine.policy": {"name": "quantal"}},
        out=folder,
        keep_worlds=True,
        series=0,
    )
    return folder


def flattened(outcome):
    for name, value in outcome.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{key}", each) for key, each in value.items())
        else:
            yield name, value


@pytest.mark.parametrize("count", [15, pytest.param(300, marks=pytest.mark.slow)])
def test_every_outcome_is_the_one_that_the_sweep_kept(kept, count):
    rows = pd.read_parquet(kept / "worlds").set_index(["cell", "replicate"])
    chance = random.Random(5)
    agreed = rows.index[rows["first_full_truce_day"].notna()]
    pairs = chance.sample(list(rows.index), count - 5) + chance.sample(list(agreed), 5)
    ends = set()
    for cell, replicate in pairs:
        world = sim.replay(kept, cell, replicate)
        row = rows.loc[(cell, replicate)]
        now = dict(flattened(world.outcome))
        assert set(now) == set(row.index)
        for name, value in now.items():
            was = None if pd.isna(row[name]) else row[name]
            assert value == was, (cell, replicate, name)
        ends |= {now["end"]}
    assert len({cell for cell, _ in pairs}) > min(count, 72) // 2
    assert {"war", "truce"} <= ends


def test_the_scenario_is_the_one_of_the_cell_though_its_file_is_gone(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "id: mine\ntitle: Two sides\nstart_date: 2025-03-13\nhorizon_days: 30\n"
        "front: {side: north, stake_km2: 8000, held_km2: {value: 3200, low: 2400}, "
        "drift_km2_per_week: -28, volatility_km2_per_week: 61}\n"
        "parties:\n"
        "  north: {policy: {name: boulware}, cost_of_war_km2: 800, "
        "belief: {drift_km2_per_week: 0}}\n"
        "  south: {cost_of_war_km2: 640, belief: {drift_km2_per_week: -36}}\n"
    )
    vary = {"front.held_km2": [1600, 4800], "horizon_days": [20, 40]}
    sim.sweep(file, vary, 5, out=tmp_path / "out")
    file.unlink()
    world = sim.replay(tmp_path / "out", cell=3, replicate=4)
    scenario = world.loaded.scenario
    assert (scenario.front.held_km2, scenario.horizon_days) == (4800, 40)
    assert scenario.parties["north"].policy.deadline_days == 40
    assert (world.seed, world.replicate) == (1, 4)


def test_a_precision_decides_which_replicates_there_are(tmp_path):
    sim.sweep(
        FLAGSHIP, {AREA: [0, 800]}, precision=0.1, set={"horizon_days": 40},
        within_days=30, out=tmp_path, series=0,
    )  # fmt: skip
    spent = list(open_sweep(tmp_path).cells["replicates"])
    assert spent[0] < spent[1]
    assert sim.replay(tmp_path, 0, spent[0] - 1).replicate == spent[0] - 1
    with pytest.raises(UsageError, match=f"cell 0 has {spent[0]}, 0 to {spent[0] - 1}"):
        sim.replay(tmp_path, 0, spent[0])


def test_what_is_not_there_is_told_with_what_is(kept):
    with pytest.raises(UsageError, match=r"(?s)no cell 72 there:\n  0: .*\.\.\. to 71"):
        sim.replay(kept, 72, 0)
    with pytest.raises(UsageError, match="no cell -1 there"):
        sim.replay(kept, -1, 0)
    with pytest.raises(UsageError, match="cell 2 has 25, 0 to 24"):
        sim.replay(kept, 2, 25)
    with pytest.raises(InputMissingError, match="no such folder"):
        sim.replay(kept / "nowhere", 0, 0)


@pytest.fixture
def copy(kept, tmp_path):
    """A copy of the sweep whose manifest and worlds may be changed."""
    folder = tmp_path / "copy"
    shutil.copytree(kept, folder)
    file = folder / "manifest.json"

    def change(**values):
        made = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps(sealed({**made, **values})), encoding="utf-8")
        return folder

    return change


def test_another_world_than_the_kept_one_is_a_failed_check(copy):
    with pytest.raises(
        CheckFailedError, match=r"not the same as the world .*payoff\.russia is"
    ):
        sim.replay(copy(seed=2), 0, 0)


def test_other_code_is_told(copy, recwarn):
    assert not recwarn.list
    folder = copy(model="0123456789abcdef")
    with pytest.warns(UserWarning, match="run by a different version of the code"):
        sim.replay(folder, 0, 0)
    assert model() != "0123456789abcdef"


def test_a_scenario_that_reads_otherwise_now_is_refused(copy):
    with pytest.raises(
        UsageError, match=r"with version 0\..* something else .* its hash is"
    ):
        sim.replay(copy(scenario_hash="0" * 64), 0, 0)


def test_a_damaged_file_of_worlds_is_named(copy):
    file = copy() / "worlds" / "part-00003-0000000000.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(InputMissingError, match=r"part-00003-0000000000.* is damaged"):
        sim.replay(file.parent.parent, 3, 0)
    file.unlink()
    assert sim.replay(file.parent.parent, 3, 0).outcome


POLICY = """
from sim.model.policies import BestResponse
class Odd(BestResponse):
    def answer(self, view):
        return view.refuse()
"""


def test_a_folder_runs_nothing_that_this_call_does_not_name(tmp_path, monkeypatch):
    """r01: its manifest may name any file, and have the right checksum of it."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "mine.py"
    file.write_text(POLICY)
    folder = tmp_path / "gift"
    sim.sweep(
        FLAGSHIP, replicates=3, set={"horizon_days": 20},
        policies={"ukraine": "mine.py:Odd"}, out=folder, series=0,
    )  # fmt: skip
    (folder / "notes.py").write_text(f"open('ran', 'w')\n{POLICY}")
    made = json.loads((folder / "manifest.json").read_text("utf-8"))
    digest = hashlib.sha256((folder / "notes.py").read_bytes()).hexdigest()
    made["policies"]["ukraine"]["sha256"] = digest
    made["command"] = made["command"].replace("mine.py", "gift/notes.py")
    (folder / "manifest.json").write_text(json.dumps(sealed(made)), encoding="utf-8")
    with pytest.raises(
        UsageError, match="the file is not run unless you name it"
    ) as error:
        sim.replay(folder, 0, 0)
    assert "'gift/notes.py:Odd'" in str(error.value)
    assert digest[:16] in str(error.value)
    assert "\n" not in str(error.value)
    with pytest.raises(CheckFailedError, match="not the one of the sweep"):
        sim.replay(folder, 0, 0, policies={"ukraine": "mine.py:Odd"})
    assert not (tmp_path / "ran").exists()
    made["policies"] = {"ukraine": "mine.py"}
    (folder / "manifest.json").write_text(json.dumps(sealed(made)), encoding="utf-8")
    with pytest.raises(InputMissingError, match="its policies cannot be read"):
        sim.replay(folder, 0, 0)


def test_policies_of_the_sweep_decide_again(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(POLICY)
    folder = tmp_path / "out"
    sim.sweep(
        FLAGSHIP, {AREA: [0, 800]}, 3, set={"horizon_days": 20},
        policies={"ukraine": f"{file}:Odd"}, out=folder, keep_worlds=True, series=0,
    )  # fmt: skip
    named = {"ukraine": f"{file}:Odd"}
    world = sim.replay(folder, 1, 2, policies=named)
    assert world.outcome["refusals"]["ukraine"] > 0
    assert world.policies["ukraine"]["class"] == "Odd"
    moved = file.rename(tmp_path / "moved.py")
    with pytest.raises(InputMissingError, match=r"mine\.py"):
        sim.replay(folder, 1, 2, policies=named)
    again = sim.replay(folder, 1, 2, policies={"ukraine": f"{moved}:Odd"})
    assert again.to_dict() == world.to_dict()
    moved.write_text(POLICY + "# other\n")
    with pytest.raises(CheckFailedError, match="not the one of the sweep"):
        sim.replay(folder, 1, 2, policies={"ukraine": f"{moved}:Odd"})
    with pytest.raises(UsageError, match="the sweep did not use such a policy"):
        sim.replay(folder, 1, 2, policies={"russia": f"{moved}:Odd"})
