"""Sampling power by power meets posteriors and evidence that are known."""

import math

import numpy as np
import pytest

from sim.analysis.inference.evidence import chance_of, effective
from sim.analysis.inference.tempered import next_power, reflected, sample

WIDTH = 0.02  # of a normal likelihood around the middle, in each input


def normal(inputs, width=WIDTH):
    """A likelihood, its evidence on the unit cube, and a count of its evaluations."""
    calls = []

    def likelihood(places, name):
        calls.append(name)
        off = (places[:, :inputs] - 0.4) / width
        return np.exp(-0.5 * (off * off).sum(axis=1))

    exact = (math.sqrt(2 * math.pi) * width) ** inputs
    return likelihood, exact, calls


def prior(n, width, seed=5):
    return np.random.default_rng(seed).random((n, width))


@pytest.mark.parametrize("inputs", [1, 3])
def test_a_normal_posterior_and_its_evidence_are_met(inputs):
    likelihood, exact, calls = normal(inputs)
    places = prior(4000, inputs + 2)
    found = sample(places, likelihood(places, "prior"), likelihood, seed=1)
    assert found.powers[-1] == 1.0
    assert found.chance == pytest.approx(exact, abs=5 * found.error)
    assert found.error < 0.3 * exact
    for at in range(inputs):
        assert found.places[:, at].mean() == pytest.approx(0.4, abs=0.003)
        assert found.places[:, at].std() == pytest.approx(WIDTH, rel=0.1)
    free = found.places[:, inputs]  # what the likelihood says nothing about
    assert free.mean() == pytest.approx(0.5, abs=0.04)
    assert free.std() == pytest.approx(math.sqrt(1 / 12), rel=0.1)
    assert len(set(calls)) == len(calls)  # names that chunks can be kept by
    assert 0.05 < found.moved < 0.8


def test_plain_weighting_and_powers_agree_where_both_have_enough_sets():
    likelihood, _, _ = normal(2, width=0.15)
    places = prior(20_000, 2)
    plain = likelihood(places, "prior")
    assert effective(plain) > 1000
    chance, error = chance_of(plain)
    found = sample(places, plain, likelihood, seed=2)
    assert found.chance == pytest.approx(chance, abs=5 * math.hypot(error, found.error))
    weights = plain / plain.sum()
    mean = weights @ places
    assert found.places.mean(axis=0) == pytest.approx(mean, abs=0.01)


def test_the_same_seed_gives_the_same_sample():
    likelihood, _, _ = normal(1)
    places = prior(200, 2)
    one, other = (
        sample(places, likelihood(places, ""), likelihood, seed=9) for _ in range(2)
    )
    assert one.places.tolist() == other.places.tolist()


def test_a_power_leaves_half_of_the_sets_or_is_one():
    draws = np.random.default_rng(1).random(1000)
    sharp = draws**200
    power = next_power(sharp, 0.0)
    assert 0.0 < power < 1.0
    assert effective(sharp**power) / 1000 == pytest.approx(0.5, abs=0.01)
    assert next_power(0.5 + 0.1 * draws, 0.0) == 1.0


def test_points_stay_inside_the_cube():
    far = np.linspace(-3.0, 4.0, 101)
    assert reflected(far).min() >= 0.0
    assert reflected(far).max() <= 1.0
