"""Weights from likelihoods: posteriors that are known, properties of the weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.analysis.inference.evidence import (
    Evidence,
    chance_of,
    effective,
    of_facts,
    quantiles,
    spread,
)
from sim.batch.sampled import resampled
from sim.scenario.facts import Fact

positive = arrays(float, st.integers(1, 40), elements=st.floats(0.001, 1.0))


def fact(**about):
    common = {"id": "f", "scenario": "s", "date": "2025-01-01", "statement": "s"}
    return Fact(**common, **about)


TRUE = fact(
    coded={"name": "every_answer", "party": "a", "offer": "o", "answer": "accept"}
)
NUMBER = fact(coded={"name": "line", "day": 1, "held_km2": 100.0}, tolerance=10.0)


def test_a_fact_counts_by_its_chance_of_being_coded_wrongly():
    said = np.array([[[1.0, 100.0], [0.0, 110.0]]])
    found = of_facts(said, [TRUE, NUMBER], 0.02, [False, False])
    expected = [[[0.98, 1.0], [0.02, np.exp(-0.5)]]]
    assert found == pytest.approx(np.array(expected))
    scored = of_facts(said, [TRUE, NUMBER], 0.02, [True, False])
    assert scored[..., 0].tolist() == [[1.0, 1.0]]


def came_true(chance, worlds, facts, seed=3):
    """Whether facts come true in worlds, each with a chance of its set's own."""
    luck = np.random.default_rng(seed).random((chance.size, worlds, facts))
    return (luck < chance[:, np.newaxis, np.newaxis]).astype(float)


def beta_case(n, worlds, facts):
    """Worlds in which a fact comes true with the chance that the input is."""
    chance = (np.arange(n) + 0.5) / n
    return chance, came_true(chance, worlds, facts)


@pytest.mark.parametrize("facts", [1, 3])
def test_the_posterior_of_a_chance_is_beta(facts):
    """Of k facts with the chance u each, uniform before: Beta(k + 1, 1)."""
    n, worlds = 20_000, 64
    chance, true = beta_case(n, worlds, facts)
    evidence = Evidence((true,), np.ones(n))
    weights = evidence.weights()
    found, error = chance_of(evidence.likelihood())
    assert found == pytest.approx(1 / (facts + 1), abs=4 * error)
    mean = (weights * chance).sum()
    exact = (facts + 1) / (facts + 2)
    variance = exact * (1 - exact) / (facts + 3)
    far = 5 * np.sqrt(variance / effective(weights))
    assert mean == pytest.approx(exact, abs=far)
    assert spread(chance, weights) == pytest.approx(np.sqrt(variance), rel=0.03)
    middle = 0.5 ** (1 / (facts + 1))
    assert quantiles(chance, weights, [0.5]) == pytest.approx([middle], abs=0.01)
    # k facts expect one more with the chance that k - 1 give
    expected = facts / (facts + 1)
    given_others = evidence.given_the_others(0, 0, true[:, :, 0])
    assert given_others == pytest.approx(expected, abs=0.02)


def test_scenarios_multiply_and_their_luck_is_not_shared():
    n = 20_000
    chance, one = beta_case(n, 32, 1)
    other = came_true(1.0 - chance, 32, 1, seed=4)
    evidence = Evidence((one, other), np.ones(n))
    found, error = chance_of(evidence.likelihood())
    assert found == pytest.approx(1 / 6, abs=5 * error)  # B(2, 2)
    mean = (evidence.weights() * chance).sum()
    assert mean == pytest.approx(0.5, abs=0.01)
    assert evidence.of_worlds(0).sum() == pytest.approx(1.0)


def test_sets_from_the_posterior_count_by_the_inverse_of_their_likelihood():
    chance, true = beta_case(20_000, 64, 2)
    plain = Evidence((true,), np.ones(20_000))
    drawn = resampled(plain.weights(), 20_000)
    likelihood = plain.likelihood()[drawn]
    again = Evidence((true[drawn],), 1.0 / likelihood)
    assert again.weights() == pytest.approx(1.0 / 20_000)
    one = (plain.weights((0, 1)) * chance).sum()
    other = (again.weights((0, 1)) * chance[drawn]).sum()
    assert other == pytest.approx(one, abs=0.01)


@given(positive, st.integers(1, 200), st.floats(0.0, 0.999))
def test_a_set_is_drawn_as_often_as_its_weight_says_rounded(weights, count, place):
    drawn = resampled(weights, count, place)
    times = np.bincount(drawn, minlength=weights.size)
    exact = weights / weights.sum() * count
    assert times.sum() == count
    assert (np.abs(times - exact) < 1.0 + 1e-6).all()
    assert (np.diff(drawn) >= 0).all()


@given(positive)
def test_the_effective_size_lies_between_one_and_all(weights):
    assert 1.0 - 1e-9 <= effective(weights) <= weights.size + 1e-9
    assert effective(np.ones(weights.size)) == pytest.approx(weights.size)


@given(positive, st.integers(0, 2**31))
def test_quantiles_of_equal_weights_are_those_of_the_values(values, seed):
    found = quantiles(values, np.ones(values.size), [0.0, 0.5, 1.0])
    ordered = np.sort(values)
    assert found[0] == ordered[0]
    assert found[2] == ordered[-1]
    assert found[1] == ordered[(values.size - 1) // 2]


def test_the_error_of_p_facts_has_the_luck_that_all_sets_share():
    """Worlds of the same luck: of 400 trials, P(facts) spreads as it says."""
    n, worlds = 400, 20
    chance = (np.arange(n) + 0.5) / n
    draws = np.random.default_rng(7)
    found, told = [], []
    for _ in range(400):
        luck = draws.random((2, 1, worlds, 1))
        cases = tuple((each < chance[:, None, None]) * 0.96 + 0.02 for each in luck)
        evidence = Evidence(cases, np.ones(n))
        found.append(evidence.likelihood().mean())
        told.append(found[-1] * evidence.luck_error())
    assert np.std(found) == pytest.approx(np.mean(told), rel=0.1)


def test_no_fact_leaves_all_sets_as_they_were():
    evidence = Evidence((np.ones((5, 4, 0)),), np.ones(5))
    assert evidence.weights() == pytest.approx(0.2)
    assert chance_of(evidence.likelihood())[0] == 1.0
