"""Boxes that were put there are found, and those that were not are not."""

import numpy as np
import pytest

from sim.analysis.scenario_discovery import Box, chosen, peel, quasi_p, worth

INPUTS = 5


def planted(points=2000, seed=1, inside=0.9, outside=0.1):
    rng = np.random.default_rng(seed)
    x = rng.random((points, INPUTS))
    there = (x[:, 0] > 0.6) & (x[:, 2] < 0.5)
    y = (rng.random(points) < np.where(there, inside, outside)).astype(float)
    return x, y


def test_a_planted_box_is_found_with_its_bounds_and_no_others():
    x, y = planted()
    box = chosen(peel(x, y), x, y)
    assert box.restricted == [0, 2]
    assert box.low[0] == pytest.approx(0.6, abs=0.05)
    assert box.high[2] == pytest.approx(0.5, abs=0.05)
    found = worth(box, *planted(seed=2))
    assert found.density == pytest.approx(0.9, abs=0.06)
    assert found.outside == pytest.approx(0.1, abs=0.03)


def test_coverage_density_and_mass_are_counted():
    x = np.arange(10.0)[:, np.newaxis]
    y = (x[:, 0] >= 6).astype(float)
    found = worth(Box(np.array([5.0]), np.array([8.0])), x, y)
    assert (found.density, found.coverage, found.mass) == (0.75, 0.75, 0.4)
    assert found.outside == pytest.approx(1 / 6)


def test_peeling_makes_boxes_smaller_and_denser_down_to_the_least_size():
    x, y = planted()
    found = [worth(box, x, y) for box in peel(x, y)[:-1]]
    masses = [each.mass for each in found]
    assert masses == sorted(masses, reverse=True)
    densities = [each.density for each in found]
    assert densities == sorted(densities)
    assert masses[-1] >= 0.05


@pytest.mark.parametrize("seed", range(5))
def test_in_pure_luck_hardly_any_bound_is_left_and_it_does_not_last(seed):
    x, y = planted(400, seed=seed, inside=0.4, outside=0.4)
    box = chosen(peel(x, y), x, y)
    again = worth(box, *planted(4000, seed=seed + 50, inside=0.4, outside=0.4))
    assert again.density == pytest.approx(0.4, abs=0.06)


def test_a_bound_that_chance_explains_has_a_large_quasi_p():
    x, y = planted()
    low, high = np.full(INPUTS, -np.inf), np.full(INPUTS, np.inf)
    low[0], high[2], low[4] = 0.6, 0.5, 0.1
    box = Box(low, high)
    assert quasi_p(box, 0, x, y) < 1e-6
    assert quasi_p(box, 4, x, y) > 0.05


def test_shares_do_as_well_as_zeros_and_ones():
    x, _ = planted()
    y = np.where((x[:, 0] > 0.6) & (x[:, 2] < 0.5), 0.8, 0.2)
    box = chosen(peel(x, y), x, y)
    assert box.restricted == [0, 2]
    assert worth(box, x, y).density == pytest.approx(0.8, abs=0.04)


def test_a_density_asked_for_gives_the_largest_box_that_has_it():
    x, y = planted()
    boxes = peel(x, y)
    wide, narrow = (chosen(boxes, x, y, density) for density in (0.3, 0.88))
    assert worth(wide, x, y).coverage > worth(narrow, x, y).coverage
    assert worth(wide, x, y).density >= 0.3


def test_an_input_of_few_values_is_cut_between_them():
    rng = np.random.default_rng(1)
    x = rng.integers(0, 3, (900, 2)).astype(float)
    y = (x[:, 1] == 2).astype(float)
    box = chosen(peel(x, y), x, y)
    assert box.restricted == [1]
    assert box.low[1] == 1.5
    assert worth(box, x, y).density == worth(box, x, y).coverage == 1.0
