"""Elementary functions: true values to 2 ulp, and the same bits however they run."""

import math
import os
import re
import subprocess
import sys
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from scipy.special import ndtri

import sim
from sim.model.formulas import elementary
from sim.model.formulas.elementary import (
    exp,
    expit,
    log,
    logit,
    normal_quantile,
    softplus,
)

FUNCTIONS = ("exp", "log", "expit", "softplus", "logit", "normal_quantile")
ENDS = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.0, -1.0, 5e-324, 1e300, -1e300]


def numbers(low, high, count=500):
    return np.random.default_rng(7).uniform(low, high, count).tolist()


def powers(low, high, count=500):
    return (10.0 ** np.array(numbers(low, high, count))).tolist()


def ulps_off(value, true):
    """Distance of a float from the true value, in ulp of the true value."""
    return float(abs(Decimal(value) - true) / Decimal(math.ulp(float(true))))


def worst(function, truth, points):
    with localcontext() as context:
        context.prec = 50
        return max(ulps_off(function(x), truth(Decimal(x))) for x in points)


def softplus_truth(x):
    small = x.exp()
    return (1 + small).ln() if x > -40 else small - small**2 / 2 + small**3 / 3


def odds_log(p):
    return (p / (1 - p)).ln()


@pytest.mark.parametrize(("low", "high"), [(-1, 1), (-30, 30), (-708, 709.78)])
def test_exp_is_within_one_ulp(low, high):
    assert worst(exp, Decimal.exp, numbers(low, high)) < 1.0


def test_exp_fades_out_gradually():
    assert worst(exp, Decimal.exp, numbers(-745.1, -708)) < 1.0
    assert exp(-745.14) == exp(-1e308) == exp(-math.inf) == 0.0


def test_exp_grows_to_infinity():
    assert exp(709.782) < math.inf
    assert exp(709.783) == exp(1e308) == exp(math.inf) == math.inf


@pytest.mark.parametrize(
    "points",
    [
        numbers(0.5, 2),
        numbers(2, 1000),
        powers(-323, 308),
        [1 + x for x in powers(-15.9, -1)],
        [1 - x for x in powers(-15.9, -1)],
    ],
    ids=["near 1", "large", "every size", "just above 1", "just below 1"],
)
def test_log_is_within_one_ulp(points):
    assert worst(log, Decimal.ln, points) < 1.0


def test_log_at_the_ends():
    assert log(0.0) == log(-0.0) == -math.inf
    assert log(math.inf) == math.inf
    assert log(1.0) == 0.0
    assert math.isnan(log(-5e-324))
    assert math.isnan(log(-math.inf))


@pytest.mark.parametrize(("low", "high"), [(-6, 6), (-40, 40), (-740, 1)])
def test_logistic_function_and_its_integral_are_within_two_ulp(low, high):
    points = numbers(low, high)
    assert worst(expit, lambda x: 1 / (1 + (-x).exp()), points) < 2.0
    assert worst(softplus, softplus_truth, points) < 2.0


def test_logistic_function_at_the_ends():
    assert (expit(-math.inf), expit(math.inf)) == (0.0, 1.0)
    assert (softplus(-math.inf), softplus(math.inf)) == (0.0, math.inf)
    assert (softplus(-1e300), softplus(1e300)) == (0.0, 1e300)


@pytest.mark.parametrize(
    "points",
    [
        numbers(0, 1),
        [0.5 + x for x in powers(-15.9, -1)],
        [0.5 - x for x in powers(-15.9, -1)],
        powers(-323, -1),
        [1 - x for x in powers(-15.9, -1)],
    ],
    ids=["all", "just above 1/2", "just below 1/2", "small", "near 1"],
)
def test_log_odds_are_within_two_ulp(points):
    assert worst(logit, odds_log, points) < 2.0


def test_log_odds_at_the_ends():
    assert (logit(0.0), logit(0.5), logit(1.0)) == (-math.inf, 0.0, math.inf)
    assert math.isnan(logit(-0.1))
    assert math.isnan(logit(1.1))


@given(st.floats(-700.0, 30.0))
def test_log_odds_undo_the_logistic_function(x):
    p = expit(x)
    # One ulp of p moves its log odds by ulp / (p (1 - p)).
    reach = 3.0 * math.ulp(p) / (p * (1.0 - p)) + 2.0 * math.ulp(x)
    assert abs(logit(p) - x) <= reach


@given(st.floats(-30.0, 30.0), st.floats(1e-3, 5.0))
def test_softplus_is_the_integral_of_the_logistic_function(start, width):
    stop = start + width
    nodes, weights = np.polynomial.legendre.leggauss(20)
    points = start + (stop - start) * (nodes + 1.0) / 2.0
    total = sum(w * expit(x) for w, x in zip(weights, points, strict=True))
    integral = (stop - start) / 2.0 * total
    rounding = 4.0 * math.ulp(softplus(stop))
    difference = softplus(stop) - softplus(start)
    assert difference == pytest.approx(integral, rel=1e-12, abs=rounding)


@pytest.mark.parametrize(
    ("u", "published"),
    [
        (0.25, -0.6744897501960817),
        (0.001, -3.090232306167814),
        (1e-20, -9.262340089798408),
    ],
)
def test_normal_quantile_gives_the_check_values_of_its_paper(u, published):
    assert normal_quantile(u) == pytest.approx(published, rel=1e-15)


@pytest.mark.parametrize(
    "points",
    [numbers(0, 1, 5000), powers(-307, -1, 5000), [1 - x for x in powers(-15.9, -1)]],
    ids=["all", "lower tail", "upper tail"],
)
def test_normal_quantile_agrees_with_an_independent_one(points):
    ours = np.array([normal_quantile(u) for u in points])
    np.testing.assert_allclose(ours, ndtri(points), rtol=2e-15)


@pytest.mark.parametrize("seam", [0.075, math.exp(-25.0)])
def test_normal_quantile_has_no_step_where_its_formulas_meet(seam):
    below, above = math.nextafter(seam, 0.0), math.nextafter(seam, 1.0)
    assert normal_quantile(below) == pytest.approx(normal_quantile(above), rel=1e-15)


@given(st.integers(1, 2**52 - 1))
def test_normal_quantile_of_swapped_tails_is_swapped(n):
    u = n / 2.0**52
    assert normal_quantile(1.0 - u) == -normal_quantile(u)


def test_normal_quantile_at_the_ends():
    assert (normal_quantile(0.0), normal_quantile(1.0)) == (-math.inf, math.inf)
    assert math.isnan(normal_quantile(-0.1))
    assert math.isnan(normal_quantile(1.1))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_no_number_stays_none(name):
    assert math.isnan(getattr(elementary, name)(math.nan))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_whole_number_is_taken_as_a_float(name):
    function = getattr(elementary, name)
    assert function(1) == function(1.0)
    assert function(np.float64(0.25)) == function(0.25)


# ---- the same bits, compiled one by one, as vector code and as plain Python ----------


def sample(name, count):
    """Points of a function's whole domain, its ends, and some outside it."""
    rng = np.random.default_rng(11)
    if name in ("exp", "expit", "softplus"):
        parts = [rng.uniform(-760.0, 720.0, count // 2), rng.normal(0.0, 5.0, count)]
    elif name == "log":
        parts = [
            10.0 ** rng.uniform(-323.0, 308.0, count // 2),
            rng.uniform(0, 3, count),
        ]
    else:
        tail = 10.0 ** rng.uniform(-323.0, 0.0, count // 2)
        parts = [tail, 1.0 - tail, rng.uniform(0.0, 1.0, count)]
    return np.concatenate([*parts, ENDS])


def over_array(function):
    @njit(error_model="numpy")
    def loop(points, out):
        for i in range(points.size):
            out[i] = function(points[i])

    return loop


IN_PYTHON = """
import sys
import numpy as np
from sim.model.formulas import elementary
data = np.load(sys.argv[1])
assert type(elementary.exp) is type(lambda: 0), "not compiled"
results = {
    name: [getattr(elementary, name)(x) for x in data[name].tolist()]
    for name in data.files
}
np.savez(sys.argv[2], **results)
"""


@pytest.mark.compiled
@pytest.mark.parametrize(
    "count", [2_000, pytest.param(100_000, marks=pytest.mark.slow)]
)
def test_compiled_code_vector_code_and_python_give_the_same_bits(tmp_path, count):
    points = {name: sample(name, count) for name in FUNCTIONS}
    np.savez(tmp_path / "points.npz", **points)
    subprocess.run(
        [
            *(sys.executable, "-W", "error", "-c", IN_PYTHON),
            *(tmp_path / "points.npz", tmp_path / "results.npz"),
        ],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        cwd=Path(sim.__file__).parents[1],
        check=True,
    )
    python = np.load(tmp_path / "results.npz")
    for name in FUNCTIONS:
        function = getattr(elementary, name)
        vector = np.empty_like(points[name])
        over_array(function)(points[name], vector)
        scalar = np.array([function(x) for x in points[name].tolist()])
        np.testing.assert_array_equal(scalar, python[name], err_msg=name)
        np.testing.assert_array_equal(vector, python[name], err_msg=name)


@pytest.mark.compiled
@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_of_the_c_library_is_called(name):
    loop = over_array(getattr(elementary, name))
    loop(np.ones(3), np.empty(3))
    (code,) = loop.inspect_llvm().values()
    called = set(re.findall(r"call [^@\n]*@\"?([\w.]+)", code))
    left_to_others = re.compile(
        r"(llvm\.)?(exp|log|pow|fma|ldexp|frexp|erf)\w*(\.f64)?"
    )
    assert not {name for name in called if left_to_others.fullmatch(name)}
