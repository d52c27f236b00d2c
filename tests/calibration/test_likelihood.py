"""Profile intervals of likelihoods whose intervals are known."""

import numpy as np
import pytest

from sim.analysis.calibration.profile_likelihood import Task, profile

SAMPLE = np.array([1.0, 2.0, 4.0, 5.0, 8.0, 10.0])


def normal_loss(at):
    mean, log_spread = at
    off = float(np.sum((SAMPLE - mean) ** 2)) * np.exp(-2 * log_spread)
    return 0.5 * off + SAMPLE.size * log_spread


TASK = Task(normal_loss, np.array([[-50.0, 50.0], [-3.0, 5.0]]))


def ends_of(task, which, start):
    best, lowest = task.descend(np.array(start))
    return profile(task, best, lowest, which=which, first_step=0.5)


def test_the_maximum_of_a_normal_likelihood_is_mean_and_spread():
    best, _ = TASK.minimum([np.array([0.0, 0.0]), np.array([40.0, 3.0])])
    assert best[0] == pytest.approx(SAMPLE.mean(), abs=1e-3)
    assert np.exp(best[1]) == pytest.approx(SAMPLE.std(), abs=1e-3)


def test_the_profile_of_a_mean_with_unknown_spread_is_the_closed_form():
    ends = ends_of(TASK, 0, [4.0, 1.0])
    # n log(1 + (m - mean)^2 / s^2) = 1.6449^2
    half = SAMPLE.std() * np.sqrt(np.exp(1.6448536**2 / SAMPLE.size) - 1)
    assert ends.low == pytest.approx(SAMPLE.mean() - half, rel=0.02)
    assert ends.high == pytest.approx(SAMPLE.mean() + half, rel=0.02)
    assert not ends.open_low
    assert not ends.open_high


def test_an_end_that_lies_beyond_the_bounds_is_said_to_be_open():
    near = Task(normal_loss, np.array([[4.0, 50.0], [-3.0, 5.0]]))
    ends = ends_of(near, 0, [6.0, 1.0])
    assert (ends.low, ends.open_low, ends.open_high) == (4.0, True, False)


def test_a_maximum_at_a_bound_is_found():
    cut = Task(normal_loss, np.array([[7.0, 50.0], [-3.0, 5.0]]))
    best, _ = cut.descend(np.array([20.0, 2.0]))
    assert best[0] == 7.0
    spread = np.sqrt(np.mean((SAMPLE - 7.0) ** 2))
    assert np.exp(best[1]) == pytest.approx(spread, abs=1e-3)
