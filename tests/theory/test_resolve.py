"""Those who did not stay quiet: against other integrals, and its direction."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

from sim.theory.resolve import chance_above, chance_of_resolve, log_tail

mean, bar = st.floats(-5.0, 5.0), st.floats(-8.0, 8.0)


@given(bar, mean, mean)
def test_the_chance_is_that_of_two_normals(c, war, back):
    found = chance_of_resolve(c, war, back) * chance_above(c, war, back)
    root = 1.0 / math.sqrt(2.0)
    joint = multivariate_normal([0.0, 0.0], [[1.0, root], [root, 1.0]])
    expected = joint.cdf([(war - back) * root, war - c])
    assert found == pytest.approx(expected, abs=1e-9)


@given(st.floats(-30.0, 60.0), mean, mean)
def test_tails_are_those_of_slow_quadrature(c, war, back):
    # scaled by the height at the top, so that a tail of e^-1000 can be integrated
    def height(x):
        return norm.logpdf(x, war) + norm.logcdf(x - back)

    grid = np.linspace(c, max(c, war, back) + 12.0, 4001)
    top = height(grid).max()
    at = float(grid[height(grid).argmax()])
    ends = max(c, at - 15.0), at + 15.0
    area, _ = quad(
        lambda x: math.exp(height(x) - top),
        *ends,
        points=[max(at, ends[0])],
        limit=200,
        epsrel=1e-11,
    )
    assert log_tail(c, war, back) == pytest.approx(top + math.log(area), abs=1e-8)


@given(st.floats(-40.0, 40.0), st.floats(0.0, 20.0), st.floats(-20.0, 20.0), mean)
def test_a_higher_bar_moves_the_chance_one_way(c, more, gap, back):
    low, high = (chance_of_resolve(c + step, back + gap, back) for step in (0.0, more))
    slack = 1e-12
    if gap > 0.0:
        assert high >= low - slack
    elif gap < 0.0:
        assert high <= low + slack
    else:
        assert low == high == 0.5


@given(mean, mean)
def test_without_a_bar_war_is_better_as_often_as_its_mean_says(war, back):
    expected = norm.cdf((war - back) / math.sqrt(2.0))
    found = chance_of_resolve(-math.inf, war, back)
    assert found == pytest.approx(expected, rel=1e-10)


@given(st.floats(-1e6, 1e6), st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_nothing_overflows_far_from_the_means(c, war, back):
    assert 0.0 <= chance_of_resolve(c, war, back) <= 1.0
    assert 0.0 <= chance_above(c, war, back) <= 1.0
