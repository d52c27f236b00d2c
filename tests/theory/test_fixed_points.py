"""All fixed points of an increasing map: found where they were put, none missed."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.theory.fixed_points import increasing_fixed_points
from tests.conftest import examples

RESOLUTION = 1e-6


@given(st.lists(st.floats(0.02, 0.98), min_size=1, max_size=3, unique=True))
def test_every_fixed_point_that_was_put_there_is_found(roots):
    roots = sorted(roots)
    gaps = [b - a for a, b in zip([0.0, *roots], [*roots, 1.0], strict=True)]
    assume(min(gaps) > 0.05)

    def f(x):
        # the product moves f off the diagonal by less than would make it fall
        bump = 1.0
        for root in roots:
            bump *= x - root
        return x - 0.2 * bump

    found = increasing_fixed_points(f, RESOLUTION)
    inside = [point for point in found.points if 1e-9 < point < 1.0 - 1e-9]
    assert inside == pytest.approx(roots, abs=1e-5)
    for point in inside:
        assert any(low <= point <= high for low, high in found.candidates)


@given(st.floats(0.1, 0.9), st.floats(2e-5, 1e-2))
@settings(max_examples=examples(15))
def test_two_points_between_neighbours_of_a_coarse_grid_are_both_found(middle, apart):
    half = 0.5 * apart
    assume(half < min(middle, 1.0 - middle))

    def f(x):
        return x + 0.2 * ((x - middle) ** 2 - half * half) * (1.0 - x) * x

    inside = [x for x in increasing_fixed_points(f).points if 1e-9 < x < 1.0 - 1e-9]
    assert inside == pytest.approx([middle - half, middle + half], abs=1e-6)


def test_a_map_that_touches_the_diagonal_and_one_that_nearly_does():
    def map_above(gap):
        return lambda x: min(1.0, x + 0.3 * (x - 0.4) ** 2 + gap)

    touching = increasing_fixed_points(map_above(0.0))
    assert any(abs(point - 0.4) < 1e-5 for point in touching.points)
    near = increasing_fixed_points(map_above(1e-10))
    assert near.points == (1.0,)
    assert any(low < 0.4001 and high > 0.3999 for low, high in near.candidates)
    far = increasing_fixed_points(map_above(1e-3))
    assert far.points == (1.0,)
    assert all(low > 0.99 for low, _ in far.candidates)


def test_constant_maps_and_jumps_have_the_points_they_have():
    assert increasing_fixed_points(lambda x: 0.3).points == (0.3,)
    assert increasing_fixed_points(lambda x: 0.0).points == (0.0,)
    assert increasing_fixed_points(lambda x: 1.0).points == (1.0,)
    steep = increasing_fixed_points(lambda x: 0.5 + 0.5 * math.tanh(1000 * (x - 0.5)))
    assert steep.points == pytest.approx((0.0, 0.5, 1.0), abs=1e-9)


def test_a_map_that_is_the_diagonal_is_given_up():
    with pytest.raises(ArithmeticError, match="follows the diagonal too closely"):
        increasing_fixed_points(lambda x: x)
    assert len(increasing_fixed_points(lambda x: x, 1e-3).candidates) == 1


@pytest.mark.parametrize("resolution", [0.0, 1e-12, 0.5, math.nan])
def test_a_resolution_out_of_range_is_refused(resolution):
    with pytest.raises(ValueError, match=r"is not between 1e-9 and 0\.1"):
        increasing_fixed_points(lambda x: x, resolution)
