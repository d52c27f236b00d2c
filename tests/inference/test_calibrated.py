"""Truths drawn from the prior have uniform ranks among the sets inferred from them."""

import numpy as np
import pytest
from numpy.random import default_rng

from experiments.inference.ranks import (
    BINS,
    DRAWS,
    band,
    likelihood_of,
    ranks,
    uniform,
)
from sim.scenario.facts import Fact

FACTS, MISCODED = 3, 0.02
SETS, WORLDS, TRUTHS = 2_000, 32, 300


def fact(at, **about):
    coded = {"name": "every_answer", "party": "a", "offer": "o", "answer": "accept"}
    common = {"id": f"f{at}", "scenario": "s", "date": "2025-01-01", "statement": "s"}
    return Fact(**(common | {"coded": coded} | about))


def made_up(seed, worlds=WORLDS, truths=TRUTHS):
    """Facts that come true with the chance that the input is, independently.

    Without miscoding the posterior of k true facts of n is Beta(k + 1, n - k + 1).
    """
    luck = default_rng(seed)
    sets = luck.random((SETS, 1))
    said = (luck.random((SETS, worlds, FACTS)) < sets[:, :, None]).astype(float)
    truth = luck.random((truths, 1))
    one = luck.random((truths, FACTS)) < truth
    coded = one ^ (luck.random(one.shape) < MISCODED)
    facts = [fact(at) for at in range(FACTS)]
    return sets, truth, said, facts, coded.astype(int)


def ranked(sets, truth, said, facts, coded, *, miscoded=MISCODED, seed=5):
    likelihood = likelihood_of([said], [facts], miscoded)
    patterns = [(tuple(row.tolist()),) for row in coded]
    return ranks(truth, sets, patterns, likelihood, default_rng(seed))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ranks_of_truths_are_uniform(seed):
    found = ranked(*made_up(seed))
    tested = uniform(found.ranks[:, 0], default_rng(6))
    assert tested.chi_square > 0.01
    assert tested.kolmogorov > 0.01
    assert found.effective.min() > 300
    for each in tested.coverage:
        assert each.low <= each.level <= each.high


def test_what_is_seen_to_be_otherwise_has_a_likelihood_too():
    """Of k facts seen and n - k seen not to be, the posterior is Beta."""
    sets, _, said, facts, _ = made_up(1)
    for pattern in [(1, 1, 1), (1, 0, 0), (0, 0, 0)]:
        likelihood = likelihood_of([said], [facts], 1e-9)(((pattern),))
        mean = (likelihood * sets[:, 0]).sum() / likelihood.sum()
        assert mean == pytest.approx((sum(pattern) + 1) / (FACTS + 2), abs=0.02)


def test_the_likelihoods_of_all_that_may_be_seen_sum_to_one():
    _, _, said, facts, _ = made_up(1, worlds=8)
    parts = [said[:, :, :2], said[:, :, 2:]], [facts[:2], facts[2:]]
    likelihood = likelihood_of(*parts, 0.1)
    every = [((a, b), (c,)) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    assert sum(map(likelihood, every)) == pytest.approx(np.ones(SETS))


def test_a_posterior_that_is_too_sure_is_found_out():
    """The same facts, counted four times as if they were of other scenarios."""
    sets, truth, said, facts, coded = made_up(1)
    likelihood = likelihood_of([said] * 4, [facts] * 4, MISCODED)
    patterns = [(tuple(row.tolist()),) * 4 for row in coded]
    found = ranks(truth, sets, patterns, likelihood, default_rng(5))
    tested = uniform(found.ranks[:, 0], default_rng(6))
    assert tested.chi_square < 0.001
    assert tested.coverage[1].high < tested.coverage[1].level


def test_a_posterior_that_leans_is_found_out():
    sets, truth, said, facts, coded = made_up(1)
    found = ranked(sets, truth, said, facts, 1 - coded)
    assert uniform(found.ranks[:, 0], default_rng(6)).kolmogorov < 0.001


def test_ranks_among_equal_values_are_drawn():
    """A truth that equals all draws may have any rank."""
    sets, truth, said, facts, coded = made_up(1)
    found = ranked(np.ones_like(sets), np.ones_like(truth), said, facts, coded)
    assert uniform(found.ranks[:, 0], default_rng(6)).chi_square > 0.01
    assert found.ranks.max() <= DRAWS


def test_counts_of_uniform_ranks_lie_in_the_band():
    low, high = band(TRUTHS)
    luck = default_rng(7)
    counts = np.array(
        [uniform(luck.integers(0, DRAWS + 1, TRUTHS), luck).counts for _ in range(60)]
    )
    assert (counts.sum(axis=1) == TRUTHS).all()
    assert counts.shape[1] == BINS
    inside = ((counts >= low) & (counts <= high)).mean()
    assert 0.94 < inside < 0.98


def test_measured_facts_have_no_opposite():
    number = fact(0, coded={"name": "line", "day": 1, "held_km2": 1.0}, tolerance=1.0)
    with pytest.raises(ValueError, match="no opposite"):
        likelihood_of([np.ones((2, 2, 1))], [[number]], MISCODED)
