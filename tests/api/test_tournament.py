"""A tournament: every pair, the same luck, and who does best against whom."""

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.tournament import best_table, read_aloud, stopped_most
from sim.batch.players import players
from sim.errors import PolicyError, ScenarioError, UsageError
from sim.model.policies import BestResponse

FLAGSHIP = "kursk-2025-03-13"
SHORT = {"horizon_days": 60}
NAMES = ["best_response", "hardliner", {"name": "boulware", "beta": 0.2}]

FILE = """
from sim.model.policies import BestResponse


class Same(BestResponse):
    pass


class Never(BestResponse):
    def answer(self, view):
        return view.refuse()
"""


class Never(BestResponse):
    def answer(self, view):
        return view.refuse()


@pytest.fixture(scope="module")
def found():
    return sim.tournament(FLAGSHIP, NAMES, 40, set=SHORT)


def test_every_pair_is_the_cell_of_a_sweep_with_the_same_luck(found):
    assert found.policies == ["best response", "hardliner", "boulware, beta 0.2"]
    assert found.parties == ["russia", "ukraine"]
    settings = [each if isinstance(each, dict) else {"name": each} for each in NAMES]
    cells = sim.sweep(
        FLAGSHIP,
        {f"parties.{party}.policy": settings for party in found.parties},
        40,
        set=SHORT,
    ).cells
    assert len(found.pairs) == 9
    for column in found.pairs.columns.drop(["policy.russia", "policy.ukraine"]):
        assert np.array_equal(found.pairs[column], cells[column], equal_nan=True)


def test_who_does_best_is_told_from_the_worlds_of_each_pair():
    luck = np.random.default_rng(1).normal(0.0, 50.0, 400)

    def runs(own, other):
        return np.stack([luck + own, -luck + other], axis=1)

    payoffs = {
        ("a", "a"): runs(10, 5),
        ("a", "b"): runs(0, 9),
        ("b", "a"): runs(4, 5),
        ("b", "b"): runs(2, 7),
    }
    best = best_table(payoffs, ["x", "y"])
    rows = best.set_index(["party", "against"])
    assert rows["best"].to_dict() == {
        ("x", "a"): "a",
        ("x", "b"): "b",
        ("y", "a"): "b",
        ("y", "b"): "b",
    }
    assert rows["lead"].tolist() == pytest.approx([6.0, 2.0, 4.0, 2.0])
    # The luck is the same in both, so even 2 km2 are sure beside a spread of 50.
    assert (best["lead_low"] > 0).all()
    assert (best["as_good"] == "").all()
    assert read_aloud(best, {"x": "Xland", "y": "Yland"}) == [
        "The best policy for Xland depends on the policy of the other side: a "
        "against a; b against b.",
        "Against every policy of the other side, no policy does better for Yland "
        "than b, by 2 km2 or more over the next.",
    ]


def test_policies_that_luck_does_not_tell_apart_are_said_to_be_as_good():
    first, second = np.random.default_rng(2).normal(0.0, 50.0, (2, 100, 2))
    payoffs = {
        pair: (first if pair[0] == "a" else second) + np.array([0.0, 0.0])
        for pair in [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]
    }
    best = best_table(payoffs, ["x", "y"])
    (told, _) = read_aloud(best, {"x": "Xland", "y": "Yland"})
    one, other = best["best"][0], best["as_good"][0]
    assert {one, other} == {"a", "b"}
    assert told == (
        "Against every policy of the other side, no policy does better for Xland "
        f"than {one}; {other} cannot be told apart from it."
    )


def test_where_the_fighting_stops_is_told_with_the_pair():
    pairs = pd.DataFrame(
        {
            "policy.x": ["a", "b"],
            "policy.y": ["a", "a"],
            "fighting_stopped_share": [0.25, 0.1],
        }
    )
    assert stopped_most(pairs, {"x": "Xland", "y": "Yland"}, "it has stopped") == (
        "It has stopped in 25 of 100 runs with Xland as a and Yland as a, the most, "
        "and in 10 of 100 with Xland as b and Yland as a, the fewest."
    )


def test_objects_play_in_this_process_and_one_that_refuses_ends_no_fighting():
    found = sim.tournament(FLAGSHIP, ["best_response", Never], 4, set=SHORT)
    assert found.policies == ["best response", "Never"]
    both = found.pairs[(found.pairs == "Never").any(axis=1)]
    assert len(both) == 3
    assert (both["full_truce_share"] == 0.0).all()
    assert found.command.endswith("# objects in place of their names: Never")


@pytest.mark.slow
def test_files_play_in_worker_processes_and_give_the_worlds_of_the_engine(tmp_path):
    (tmp_path / "mine.py").write_text(FILE)
    text = f"best_response,{tmp_path}/mine.py:Same,{tmp_path}/mine.py:Never"
    found = sim.tournament(FLAGSHIP, text, 6, set=SHORT, threads=2)
    assert found.policies == ["best response", "Same", "Never"]
    rows = found.pairs.set_index(["policy.russia", "policy.ukraine"])
    alike = rows.loc[[("best response", "best response"), ("Same", "Same")]]
    assert np.array_equal(*alike.to_numpy(float), equal_nan=True)
    assert len(found.manifest["policies"]["Same"]["sha256"]) == 64
    with pytest.raises(UsageError, match=r"all given as FILE\.py:CLASS, or all as"):
        sim.tournament(FLAGSHIP, [f"{tmp_path}/mine.py:Same", Never], 4)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("best_response", "has 2 to 12 policies, not 1"),
        ("best_response,bowlware", "no policy 'bowlware'; did you mean 'boulware'"),
        (["best_response", 7], "no policy 7 "),
        ("hardliner,hardliner", "hardliner is given twice"),
        ("hardliner,{name: boulware", "--policies"),
    ],
)
def test_who_is_no_policy_is_refused_in_words(given, words):
    with pytest.raises(UsageError, match=words):
        players(given)


def test_a_parameter_or_a_file_that_is_not_there_is_found_before_anything_runs(
    tmp_path,
):
    with pytest.raises(
        ScenarioError, match=r"^--policies: parties\.\w+\.policy.*premium"
    ):
        sim.tournament(FLAGSHIP, "best_response,{name: hardliner, premium: 3}", 4)
    (tmp_path / "mine.py").write_text("class Same: pass")
    with pytest.raises(PolicyError, match="is no policy"):
        sim.tournament(FLAGSHIP, f"quantal,{tmp_path}/mine.py:Same", 4)


def test_classes_of_one_name_are_told_apart_by_their_files():
    assert [each.name for each in players("a.py:Same,b.py:Same")] == [
        "a.py:Same",
        "b.py:Same",
    ]
