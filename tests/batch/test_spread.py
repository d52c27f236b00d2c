"""What of the variance of a world is due to inputs, and what to luck."""

import numpy as np
import pytest

from sim.api.sweep import carry_out
from sim.batch.estimates import HEADLINES, part_of_inputs, spread_columns
from tests.batch.small import AREA, plan


def parts(chances, common, rng, replicates=40, repetitions=2000):
    """Estimates with luck that all sets have in common, or each its own."""
    found = []
    for _ in range(repetitions):
        sets = rng.choice(chances, size=12)
        luck = rng.random((1 if common else sets.size, replicates))
        seen = luck < sets[:, np.newaxis]
        half = seen[:, : replicates // 2].mean(axis=1)
        found.append(part_of_inputs(seen.mean(axis=1), half, replicates))
    return np.array(found)


@pytest.mark.parametrize("common", [False, True])
def test_luck_is_not_taken_for_inputs_however_few_the_worlds(common):
    # Two chances, as likely: the variance of the chance is .04, of a world .25.
    found = parts([0.3, 0.7], common, np.random.default_rng(1))
    # Of 12 sets the mean square is a little short: its own variance goes from .25.
    assert found.mean() == pytest.approx(0.04 / (0.25 - 0.04 / 12), abs=0.01)


def test_sets_that_differ_by_luck_alone_leave_next_to_nothing_to_inputs():
    found = parts([0.5], False, np.random.default_rng(2))
    assert found.mean() < 0.02
    assert (found == 0.0).mean() > 0.4


def test_inputs_that_decide_everything_have_all_of_it():
    shares = np.array([0.0, 1.0] * 500)
    assert part_of_inputs(shares, shares, 10) == pytest.approx(1.0, abs=0.002)


@pytest.mark.parametrize(
    ("shares", "replicates"), [([0.5], 10), ([0.0, 0.0], 10), ([0.0, 1.0], 1)]
)
def test_where_nothing_can_be_said_there_is_nothing(shares, replicates):
    shares = np.array(shares)
    assert np.isnan(part_of_inputs(shares, shares, replicates))


def test_cells_have_the_band_of_their_sets_and_the_part_of_the_inputs():
    found = carry_out(plan(input_sets=9, input_replicates=30), None)
    for cell, row in enumerate(found.cells.to_dict("records")):
        sets = found.input_sets[found.input_sets[AREA] == row[AREA]]
        for name in HEADLINES:
            low, high = np.quantile(sets[name], [0.05, 0.95])
            assert row[f"{name}_inputs_low"] == low, cell
            assert row[f"{name}_inputs_high"] == high
        columns = spread_columns(sets.to_dict("records"), 30)
        assert row["truce_share_inputs_part"] == columns["truce_share_inputs_part"]
    for name in HEADLINES:
        assert found.cells[f"{name}_inputs_part"].between(0, 1).any()


def test_the_halves_are_those_of_fewer_worlds():
    few = carry_out(plan(input_sets=3, input_replicates=10), None).input_sets
    more = carry_out(plan(input_sets=3, input_replicates=20), None).input_sets
    assert list(more["full_truce_share_first_half"]) == list(few["full_truce_share"])


def test_without_sets_there_are_no_columns_about_them():
    assert not [n for n in carry_out(plan(), None).cells if "_inputs" in n]
