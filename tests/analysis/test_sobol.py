"""Indices against what is known of the Ishigami function, with any kind of luck."""

import numpy as np
import pytest

from sim.analysis.sobol import indices_table, rows_needed, sobol_design, sobol_indices
from sim.errors import CheckFailedError

NAMES = ("x1", "x2", "x3")
A, B = 7.0, 0.1

# Analytic, Ishigami and Homma (1990): variances of x1, x2 and x1 with x3.
V1 = (1 + B * np.pi**4 / 5) ** 2 / 2
V2 = A**2 / 8
V13 = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
V = V1 + V2 + V13
FIRST = np.array([V1, V2, 0.0]) / V
TOTAL = np.array([V1 + V13, V2, V13]) / V

KINDS = {
    "none": lambda values, rng: np.zeros((*values.shape, 2)),
    "alone": lambda values, rng: 3 * rng.normal(size=(len(values), 1, 8)),
    "together": lambda values, rng: (
        values[..., np.newaxis] * rng.normal(size=(len(values), 1, 8))
    ),
    "separate": lambda values, rng: 3 * rng.normal(size=(*values.shape, 8)),
}


def ishigami(unit):
    x = np.pi * (2 * unit - 1)
    return (
        np.sin(x[..., 0])
        + A * np.sin(x[..., 1]) ** 2
        + B * x[..., 2] ** 4 * np.sin(x[..., 0])
    )


def found(kind, rows=1024, seed=5):
    names, design = sobol_design({name: name for name in NAMES}, rows, seed=seed)
    values = ishigami(design)
    luck = KINDS[kind](values, np.random.default_rng(1))
    return sobol_indices(names, values[..., np.newaxis] + luck, seed=1)


@pytest.mark.parametrize("kind", KINDS)
def test_indices_are_those_of_the_function_whatever_the_luck(kind):
    result = found(kind)
    assert result.first.estimate == pytest.approx(FIRST, abs=0.06)
    assert result.total.estimate == pytest.approx(TOTAL, abs=0.06)
    for known, got in ((FIRST, result.first), (TOTAL, result.total)):
        assert ((got.low <= known + 0.01) & (known - 0.01 <= got.high)).all()


# SALib at its lower bound, with pandas at its own.
@pytest.mark.filterwarnings("ignore:unique with argument:FutureWarning")
def test_without_luck_the_estimates_are_those_of_salib():
    from SALib.analyze import sobol

    names, design = sobol_design({name: name for name in NAMES}, 256, seed=3)
    values = ishigami(design)
    ours = sobol_indices(names, np.repeat(values[..., np.newaxis], 2, axis=2), seed=1)
    problem = {"num_vars": 3, "names": list(NAMES), "bounds": [[0, 1]] * 3}
    theirs = sobol.analyze(problem, values.ravel(), calc_second_order=False, seed=1)
    # SALib takes off the mean of all samples, we that of A and B.
    assert ours.first.estimate == pytest.approx(theirs["S1"], abs=0.02)
    assert ours.total.estimate == pytest.approx(theirs["ST"], rel=1e-6)


def test_the_parts_of_luck_are_told_apart():
    mean_square = (A / 2) ** 2  # of the function's mean
    alone, together = found("alone").luck, found("together").luck
    assert alone.inputs.estimate == pytest.approx(V / (V + 9), abs=0.03)
    assert alone.alone.estimate == pytest.approx(9 / (V + 9), abs=0.03)
    assert alone.together.estimate == pytest.approx(0.0, abs=0.01)
    whole = 2 * V + mean_square
    assert together.inputs.estimate == pytest.approx(V / whole, abs=0.04)
    assert together.alone.estimate == pytest.approx(mean_square / whole, abs=0.04)
    for luck in (alone, together):
        shares = (luck.inputs, luck.alone, luck.together)
        assert sum(each.estimate for each in shares) == pytest.approx(1.0)


def test_inputs_that_share_a_group_have_one_index_between_them():
    groups = {"x1": "x1", "x2": "x2", "x3": "x1"}
    names, design = sobol_design(groups, 512, seed=5)
    values = np.repeat(ishigami(design)[..., np.newaxis], 2, axis=2)
    table = indices_table(sobol_indices(names, values, seed=1), groups)
    assert dict(zip(table.path, table.inputs, strict=True)) == {"x1": 2, "x2": 1}
    shared = table.set_index("path").loc["x1"]
    assert shared["first"] == pytest.approx((V1 + V13) / V, abs=0.05)
    assert shared["total"] == pytest.approx((V1 + V13) / V, abs=0.05)


def test_the_same_seed_gives_the_same_numbers_and_another_one_others():
    one, again, other = (found("alone", 64, seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.total, again.total)
    assert not np.array_equal(one.total.estimate, other.total.estimate)


def test_the_advice_makes_intervals_as_narrow_as_it_says():
    few = found("separate", rows=128)
    wanted = rows_needed(few, few.widest / 2)
    assert wanted == 512
    assert found("separate", rows=wanted).widest < 0.75 * few.widest


def test_nan_is_refused_with_how_many_there_are():
    worlds = np.random.default_rng(1).random((16, 5, 2))
    worlds[3, 2, 1] = np.nan
    with pytest.raises(CheckFailedError, match="1 of 160 numbers"):
        sobol_indices(NAMES, worlds, seed=1)


def test_an_outcome_that_only_luck_moves_has_no_indices():
    luck = np.random.default_rng(1).random((64, 1, 4)).repeat(5, axis=1)
    with pytest.raises(
        CheckFailedError, match="too little to distinguish it from luck"
    ):
        sobol_indices(NAMES, luck, seed=1)
