"""Scores against closed forms, and skill with blocks."""

import numpy as np
import pytest
from scipy.stats import norm

from sim.analysis.calibration.scores import crps, interval_score, skill, transform


@pytest.mark.parametrize("seen", [-2.0, 0.0, 1.3])
def test_crps_of_a_normal_sample_is_the_closed_form(seen):
    sample = norm.ppf((np.arange(4000) + 0.5) / 4000)
    exact = seen * (2 * norm.cdf(seen) - 1) + 2 * norm.pdf(seen) - 1 / np.sqrt(np.pi)
    assert crps(sample, seen) == pytest.approx(exact, abs=2e-3)


def test_a_better_centred_sample_has_the_smaller_crps():
    sample = np.linspace(-1.0, 1.0, 101)
    assert crps(sample, 0.0) < crps(sample + 0.5, 0.0) < crps(sample + 2.0, 0.0)


def test_an_interval_pays_for_its_width_and_for_what_it_misses():
    assert interval_score(0.0, 2.0, 1.0, 0.5) == 2.0
    assert interval_score(0.0, 2.0, -1.0, 0.5) == 2.0 + 4.0


def test_good_forecasts_have_transforms_spread_evenly():
    rng = np.random.default_rng(1)
    sample = rng.normal(size=2000)
    shares = [transform(sample, seen) for seen in rng.normal(size=2000)]
    counts, _ = np.histogram(shares, 5, (0, 1))
    assert counts.min() > 340
    assert counts.max() < 460


def test_skill_is_zero_against_oneself_and_known_against_half_the_error():
    scores = np.arange(1.0, 31.0)
    assert skill(scores, scores, block=3, seed=1) == (0.0, 0.0, 0.0)
    estimate, low, high = skill(scores, 2 * scores, block=3, seed=1)
    assert (estimate, low, high) == (0.5, 0.5, 0.5)


def test_blocks_widen_the_interval_of_errors_that_last():
    rng = np.random.default_rng(2)
    lasting = np.repeat(rng.lognormal(size=12), 5)
    reference = np.ones(60)
    _, low, high = skill(lasting, reference, block=1, seed=1)
    _, lower, higher = skill(lasting, reference, block=5, seed=1)
    assert higher - lower > 1.3 * (high - low)


def test_few_origins_give_no_interval_and_no_errors_no_skill():
    estimate, low, _ = skill(np.ones(5), np.full(5, 2.0), block=2, seed=1)
    assert estimate == 0.5
    assert np.isnan(low)
    assert np.isnan(skill(np.ones(5), np.zeros(5), block=1, seed=1)[0])
