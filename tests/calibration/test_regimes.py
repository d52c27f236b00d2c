"""The filter of two regimes against brute force: sums over a grid and over paths."""

import itertools
import math

import numpy as np
import pytest

from sim.analysis.calibration.hidden_markov import days_in_second, filtered

THETA = np.array([0.05, 0.9, 0.06, 0.25, 0.3, 0.8, 0.4])
GAP = np.array([1, 3, 1, 2, 5, 1, 4, 2])
SEEN = np.log([1000.0, 985.0, 940.0, 930.0, 560.0, 500.0, 470.0, 480.0])
ZONE = np.array([0.1, 0.2, 0.15, 0.1, 0.12, 0.2, 0.1, 0.15])


def by_grid(theta, cells):
    """Return the log-likelihood with the log of the area cut into cells, day by day."""
    grid = np.linspace(math.log(150.0), math.log(1600.0), cells)
    width = grid[1] - grid[0]
    blur = (theta[6] * ZONE) ** 2
    moves = []
    for j in range(2):
        spread = theta[2 + j] ** 2 / 7
        drift = -theta[j] / 7 - spread / 2
        off = grid[:, None] - grid[None, :] - drift
        moves.append(np.exp(-0.5 * off**2 / spread) / np.sqrt(2 * np.pi * spread))
    leave = 1 - np.exp(-theta[4:6] / 7)
    turn = np.array([[1 - leave[0], leave[0]], [leave[1], 1 - leave[1]]])
    here = np.exp(-0.5 * (grid - SEEN[0]) ** 2 / blur[0])
    mass = 0.5 * np.array([here, here]) / (here.sum() * width)
    total = 0.0
    for t in range(1, SEEN.size):
        for _ in range(GAP[t]):
            moved = np.array([moves[j] @ mass[j] * width for j in range(2)])
            mass = turn.T @ moved
        error = SEEN[t] - grid
        mass = mass * np.exp(-0.5 * error**2 / blur[t]) / np.sqrt(2 * np.pi * blur[t])
        chance = mass.sum() * width
        mass /= chance
        total += math.log(chance)
    return total, mass[1].sum() * width


@pytest.mark.parametrize(
    ("blur", "near"), [(0.05, 1e-3), (0.1, 0.004), (0.2, 0.02), (0.4, 0.1)]
)
def test_the_filter_agrees_with_a_grid_the_better_the_less_blur(blur, near):
    theta = THETA.copy()
    theta[6] = blur
    state = np.empty((2, 3))
    value = filtered(theta, GAP, SEEN, ZONE, state)
    exact, fast = by_grid(theta, 1500)
    assert value == pytest.approx(exact, abs=near)
    assert state[1, 0] == pytest.approx(fast, abs=near)
    assert state[0, 0] + state[1, 0] == pytest.approx(1.0)


def test_without_blur_the_filter_is_the_sum_over_all_paths_of_the_regime():
    theta = THETA.copy()
    theta[6] = 0.0
    gap, seen = GAP[:4], SEEN[:4]
    days = int(gap[1:].sum())
    leave = 1 - np.exp(-theta[4:6] / 7)
    total = 0.0
    for path in itertools.product((0, 1), repeat=days + 1):
        chance, day = 0.5, 0
        for t in range(1, 4):
            mean = spread = 0.0
            for _ in range(gap[t]):
                j = path[day]
                variance = theta[2 + j] ** 2 / 7
                mean += -theta[j] / 7 - variance / 2
                spread += variance
                turned = path[day + 1] != j
                chance *= leave[j] if turned else 1 - leave[j]
                day += 1
            off = seen[t] - seen[t - 1] - mean
            chance *= math.exp(-0.5 * off**2 / spread) / math.sqrt(2 * np.pi * spread)
        total += chance
    state = np.empty((2, 3))
    value = filtered(theta, gap, seen, ZONE[:4], state)
    assert value == pytest.approx(math.log(total), abs=1e-10)


def test_an_observation_far_from_all_expected_has_a_likelihood_all_the_same():
    seen = SEEN.copy()
    seen[4] -= 6.0
    state = np.empty((2, 3))
    value = filtered(THETA, GAP, seen, ZONE, state)
    assert -1e6 < value < -500.0
    assert np.isfinite(state).all()


def test_days_in_the_second_regime_are_a_distribution():
    weight = days_in_second(6, np.array([0.9, 0.7]))
    np.testing.assert_allclose(weight.sum(axis=(2, 3)), 1.0)
    # Two days from the first regime: it is left after the first day or not.
    assert weight[2, 0, :, 1].sum() == pytest.approx(0.1)
    assert weight[2, 0, :, 2].sum() == 0.0
