"""Smooth lines: a plane is found, noise is averaged, intervals hold the truth."""

import numpy as np
import pytest

from sim.analysis.smooth import FEWEST, smooth


def scattered(count, inputs, seed=3):
    return np.random.default_rng(seed).uniform(-5.0, 20.0, (count, inputs))


@pytest.mark.parametrize("inputs", [1, 2, 3])
def test_a_plane_is_found_as_it_is(inputs):
    points = scattered(60, inputs)
    slopes = np.arange(1, inputs + 1)
    places = scattered(7, inputs, seed=4)
    inside = places.clip(points.min(axis=0), points.max(axis=0))
    found = smooth(points, 2.0 + points @ slopes, inside)
    assert found.estimate == pytest.approx(2.0 + inside @ slopes, abs=1e-3)
    assert found.low == pytest.approx(found.estimate, abs=1e-2)


def test_intervals_hold_a_straight_truth_nineteen_times_in_twenty():
    places = np.linspace(1.0, 19.0, 20)[:, None]
    truth = 0.1 * places[:, 0]
    held = []
    for seed in range(60):
        draw = np.random.default_rng(seed)
        points = draw.uniform(0.0, 20.0, (150, 1))
        # a spread that grows along the input
        noise = draw.normal(0.0, 0.2 + 0.03 * points[:, 0])
        found = smooth(points, 0.1 * points[:, 0] + noise, places)
        held.append((found.low <= truth) & (truth <= found.high))
    assert 0.92 <= np.mean(held) <= 0.98


def test_units_of_inputs_do_not_matter():
    points, places = scattered(40, 2), scattered(5, 2, seed=9)
    values = np.cos(points).sum(axis=1)
    scale = np.array([1000.0, 0.01])
    one, other = (
        smooth(points, values, places),
        smooth(points * scale, values, places * scale),
    )
    assert other.estimate == pytest.approx(one.estimate)
    assert other.width == one.width


def test_too_few_points_or_an_input_that_never_varies_are_refused():
    points = scattered(FEWEST, 2)
    with pytest.raises(ValueError, match="a smooth line needs 8"):
        smooth(points[1:], np.zeros(FEWEST - 1), points)
    points[:, 1] = 3.0
    with pytest.raises(ValueError, match="the same setting in all points"):
        smooth(points, np.zeros(FEWEST), points)


def test_many_points_take_little_memory():
    points = scattered(5000, 2)
    found = smooth(points, points[:, 0], points[:3])
    assert found.estimate == pytest.approx(points[:3, 0], abs=1e-2)
