"""Luck of different replicates, steps, names and seeds is uniform and unrelated.

21.6 million uniforms: two seeds, 5,000 replicates, the 180 steps of the flagship and 12
streams by name. Bounds are those that chance passes once in a million for each
statistic (some 180 are looked at); the draws are always the same.
"""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from sim.model import rng
from sim.model.compile import kernel
from sim.model.rng import spot, uniform

REPLICATES, STEPS = 5000, 180
STREAMS = {
    "the line moves": rng.FRONT_MOVE,
    "private cost": rng.COST,
    "truce end": rng.TRUCE_END,
    "aid": rng.AID_REVERT,
    "proposer": rng.PROPOSER,
    "partial truce end": rng.PARTIAL_END,
    "kursk moves": rng.CHIP_MOVE + 4 * spot("kursk"),
    "kursk switches": rng.CHIP_SWITCH + 4 * spot("kursk"),
    "kursk taken": rng.CHIP_CAPTURE + 4 * spot("kursk"),
    "sumy moves": rng.CHIP_MOVE + 4 * spot("sumy"),
    "answer of one side": rng.ANSWER + 2 * spot("thirty_days"),
    "answer of the other": rng.ANSWER + 2 * spot("thirty_days") + 1,
}
NAMES = list(STREAMS)
ONE_IN_A_MILLION = 1e-6

pytestmark = [pytest.mark.slow, pytest.mark.compiled]


@kernel
def draw(seed, streams, out):
    for i in range(out.shape[0]):
        for step in range(out.shape[1]):
            for k in range(streams.size):
                out[i, step, k] = uniform(seed, i, step, streams[k])


@kernel
def count(one, other, counts):
    """Count pairs of uniforms in equal squares; return the sum of their products."""
    total, side = 0.0, counts.shape[0]
    for i in range(one.shape[0]):
        for step in range(one.shape[1]):
            for k in range(one.shape[2]):
                u, v = one[i, step, k], other[i, step, k]
                total += (u - 0.5) * (v - 0.5)
                counts[int(side * u), int(side * v)] += 1
    return total


@kernel
def count_fractions(draws, scale, counts):
    """Count what is left of the uniforms, times a scale, after the point."""
    for i in range(draws.size):
        scaled = draws[i] * scale
        counts[int(counts.size * (scaled - np.floor(scaled)))] += 1


@pytest.fixture(scope="module")
def draws():
    """Uniforms by seed, replicate, step and stream."""
    out = np.empty((2, REPLICATES, STEPS, len(STREAMS)))
    for seed in range(2):
        draw(seed, np.array(list(STREAMS.values())), out[seed])
    assert out.size > 2e7
    return out


def check_unrelated(one, other, what):
    """Correlation, and counts in 20 x 20 equal squares, of pairs of uniforms."""
    counts = np.zeros((20, 20), np.int64)
    correlation = 12.0 * count(one, other, counts) / one.size
    most = stats.norm.isf(ONE_IN_A_MILLION / 2) / np.sqrt(one.size)
    assert abs(correlation) < most, what
    check_even(counts.ravel(), what)


def check_even(counts, what):
    expected = counts.sum() / counts.size
    chi_square = ((counts - expected) ** 2).sum() / expected
    assert chi_square < stats.chi2.isf(ONE_IN_A_MILLION, counts.size - 1), what
    assert chi_square > stats.chi2.ppf(ONE_IN_A_MILLION, counts.size - 1), what


@pytest.mark.parametrize("bits", [0, 10, 20, 32, 42])
def test_all_are_uniform_to_their_last_bits(draws, bits):
    counts = np.zeros(1024, np.int64)
    count_fractions(draws.ravel(), 2.0**bits, counts)
    check_even(counts, f"after {bits} bits")


@pytest.mark.parametrize("lag", [1, 2, 7, 64, 512])
def test_replicates_are_unrelated(draws, lag):
    check_unrelated(draws[0, lag:], draws[0, :-lag], f"replicates {lag} apart")


@pytest.mark.parametrize("lag", [1, 2, 7, 30])
def test_steps_are_unrelated(draws, lag):
    check_unrelated(draws[0, :, lag:], draws[0, :, :-lag], f"steps {lag} apart")
    # the next replicate is not this one some days later
    check_unrelated(draws[0, 1:, :-lag], draws[0, :-1, lag:], f"a world and {lag}")


def test_names_are_uniform_and_unrelated(draws):
    for one, other in combinations(range(len(NAMES)), 2):
        pair = (draws[0, ..., [k]].transpose(1, 2, 0) for k in (one, other))
        check_unrelated(*pair, f"{NAMES[one]} and {NAMES[other]}")


def test_seeds_are_unrelated(draws):
    check_unrelated(draws[0], draws[1], "seeds 0 and 1")
    check_unrelated(draws[0, 1:], draws[1, :-1], "a seed and a replicate")


def test_sums_over_a_world_spread_as_they_should(draws):
    # Small dependencies within a world would add up in its total.
    totals = (draws - 0.5).sum(axis=(2, 3)).ravel()
    spread = totals.var() * 12.0 / (STEPS * len(STREAMS))
    low, high = stats.chi2.ppf(
        [ONE_IN_A_MILLION / 2, 1 - ONE_IN_A_MILLION / 2], totals.size
    )
    assert low / totals.size < spread < high / totals.size


def test_a_generator_that_repeats_itself_a_little_is_found_out(draws):
    poor = draws[0, 1:].copy()
    poor[::400] = draws[0, :-1][::400]  # one world in 400 is the one before
    with pytest.raises(AssertionError):
        check_unrelated(poor, draws[0, :-1], "poor")
