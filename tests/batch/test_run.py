"""A sweep's result depends on what was asked, not on how it was computed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.api.sweep import carry_out, sweep
from sim.batch import tasks
from sim.batch.estimates import GAIN, HEADLINES
from sim.batch.tasks import WorldChunk, input_chunks, world_chunks
from sim.model.engine import simulate
from sim.model.outcome import outcomes
from tests.batch.small import AREA, REPLICATES, SHORT, plan
from tests.conftest import examples

SMALL_CHUNKS = 7 * SHORT["horizon_days"]  # seven worlds


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(tasks, "CHUNK_STEPS", SMALL_CHUNKS)


@pytest.fixture(scope="module")
def whole():
    return carry_out(plan(), None, threads=1).cells


def test_chunks_and_threads_change_nothing(whole, small_chunks):
    for threads in (1, 2, 5):
        found = carry_out(plan(), None, threads=threads).cells
        pd.testing.assert_frame_equal(found, whole, check_exact=True)


def test_chunks_share_out_every_replicate_once(small_chunks):
    a_plan = plan()
    for cell in range(3):
        parts = list(world_chunks(a_plan, cell))
        found = [
            r for part in parts for r in range(part.first, part.first + part.count)
        ]
        assert found == list(range(REPLICATES))
        assert len(parts) > 2
        assert max(part.count for part in parts) <= 7


@settings(max_examples=examples(20))
@given(st.integers(0, 2), st.integers(0, REPLICATES - 1))
def test_a_world_is_the_same_alone_and_in_a_chunk(cell, replicate):
    a_plan = plan()
    chunk = WorldChunk(cell, 0, REPLICATES).compute(a_plan)
    alone = WorldChunk(cell, replicate, 1).compute(a_plan)
    for name, column in alone.items():
        np.testing.assert_array_equal(chunk[name][replicate : replicate + 1], column)


def test_a_replicate_has_the_same_luck_in_every_cell():
    # What is varied here enters no formula, so only luck could make a difference.
    found = carry_out(plan(vary={"notes": ["one", "two", "three"]}), None).cells
    estimates = found.drop(columns=["cell", "notes"])
    assert (estimates["truce_share_diff"] == 0.0).all()
    assert (estimates["held_km2_mean_diff_high"] == 0.0).all()
    shares = estimates[[name for name in estimates if "diff" not in name]]
    shares = shares.drop(columns=[each + GAIN for each in HEADLINES])
    pd.testing.assert_frame_equal(
        shares.iloc[[0, 0]].reset_index(drop=True),
        shares.iloc[[1, 2]].reset_index(drop=True),
        check_exact=True,
    )


def test_other_cells_of_a_sweep_do_not_change_a_cell(whole):
    alone = carry_out(plan(vary={AREA: [800]}), None).cells
    gains = [each + GAIN for each in HEADLINES]
    estimates = [n for n in whole if "diff" not in n and n not in ("cell", *gains)]
    pd.testing.assert_frame_equal(
        alone[estimates],
        whole.loc[[2], estimates].reset_index(drop=True),
        check_exact=True,
    )


def test_more_replicates_leave_the_first_ones_as_they_are():
    few = WorldChunk(1, 0, 10).compute(plan(replicates=10))
    many = WorldChunk(1, 0, 30).compute(plan(replicates=30))
    for name, column in few.items():
        np.testing.assert_array_equal(many[name][:10], column)


def test_another_seed_is_other_luck(whole):
    other = carry_out(plan(seed=2), None).cells
    assert not other["held_km2_mean"].equals(whole["held_km2_mean"])
    assert carry_out(plan(seed=0), None).cells["held_km2_mean"].notna().all()


def test_differences_are_taken_from_the_reference_replicate_by_replicate():
    a_plan = plan(reference={AREA: 400})
    found = carry_out(a_plan, None).cells
    assert found["held_km2_mean_diff"][1] == found["held_km2_mean_diff_low"][1] == 0.0
    cell, there = (
        simulate(a_plan.cells[i].params, seed=1, replicates=range(REPLICATES))
        for i in (2, 1)
    )
    labels = a_plan.cells[0].labels
    differences = (
        outcomes(cell, labels)["payoff.russia"]
        - outcomes(there, labels)["payoff.russia"]
    )
    assert found["payoff.russia_mean_diff"][2] == pytest.approx(
        differences.mean(), abs=1e-12
    )


def test_sets_of_inputs_do_not_depend_on_chunks_or_threads(monkeypatch):
    asked = plan(input_sets=5, input_replicates=6)
    before = carry_out(asked, None, threads=1).input_sets
    monkeypatch.setattr(tasks, "CHUNK_STEPS", 2 * 6 * SHORT["horizon_days"])
    assert len(list(input_chunks(asked, 0))) == 3
    after = carry_out(asked, None, threads=3).input_sets
    pd.testing.assert_frame_equal(before, after, check_exact=True)


def test_luck_of_the_main_sweep_is_untouched_by_sets_of_inputs(whole):
    found = carry_out(plan(input_sets=2, input_replicates=5), None)
    own = found.cells[list(whole)]  # those without what is said of the sets
    pd.testing.assert_frame_equal(own, whole, check_exact=True)


def test_an_error_in_a_chunk_ends_the_sweep(monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(tasks, "outcomes", broken)
    with pytest.raises(ZeroDivisionError, match="a fault"):
        carry_out(plan(), None)


def test_the_public_function_takes_ranges_and_what_it_finds_is_a_table():
    found = sweep(
        "kursk-2025-03-13",
        vary={AREA: range(0, 1001, 500)},
        replicates=20,
        set=SHORT,
        within_days=15,
    )
    assert list(found.cells[AREA]) == [0.0, 500.0, 1000.0]
    assert list(found.cells["replicates"]) == [20, 20, 20]
    assert found.manifest["complete"]
    assert found.input_sets is None
