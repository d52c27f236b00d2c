"""Simulation-based calibration: where truths lie among the draws of their posterior.

If inputs are drawn from the prior, facts from a world of theirs, and sets from the
posterior given these facts, then the rank of the truth among the sets is uniform, for
every input and for the answer.

Source: Talts, Betancourt, Simpson, Vehtari and Gelman (2018), Validating Bayesian
inference algorithms with simulation-based calibration, arXiv:1804.06788.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from experiments.inference.truths import Floats, Pattern
from sim.analysis.inference.evidence import Evidence, effective, of_facts
from sim.scenario.facts import Fact

DRAWS = 99  # of the posterior of a truth, so that ranks are 0 to 99
BINS = 10
LEVELS = (0.5, 0.9)
Likelihood = Callable[[tuple[Pattern, ...]], Floats]


def likelihood_of(
    said: Sequence[Floats], facts: Sequence[Sequence[Fact]], miscoded: float
) -> Likelihood:
    """Return what gives the likelihood of each set for anything that may be seen.

    `said` has of each scenario an array (n_sets, n_worlds, n_facts). The worlds are
    those of one run, whatever was seen. Only of facts that are true or false.
    """
    if any(fact.is_measured for each in facts for fact in each):
        raise ValueError("a measured fact has no opposite")
    known: dict[tuple[int, Pattern], Floats] = {}

    def of_case(at: int, pattern: Pattern) -> Floats:
        if (at, pattern) not in known:
            told = np.abs(said[at] - (1.0 - np.array(pattern)))
            scored = [False] * len(pattern)
            case = of_facts(told, facts[at], miscoded, scored)
            evidence = Evidence((case,), np.ones(len(told)))
            known[at, pattern] = evidence.likelihood()
        return known[at, pattern]

    def likelihood(patterns: tuple[Pattern, ...]) -> Floats:
        cases = [of_case(at, pattern) for at, pattern in enumerate(patterns)]
        return np.asarray(np.prod(cases, axis=0))

    return likelihood


@dataclass(frozen=True)
class Ranks:
    """Ranks (n_truths, n_quantities) in 0..DRAWS, and the effective sets of each."""

    ranks: NDArray[np.int64]
    effective: Floats


def ranks(
    truths: Floats,
    sets: Floats,
    patterns: Sequence[tuple[Pattern, ...]],
    likelihood: Likelihood,
    luck: np.random.Generator,
) -> Ranks:
    """Return the rank of each truth among `DRAWS` sets drawn by weight.

    `truths` (n, q) and `sets` (m, q) have the quantities that are ranked. Where draws
    equal the truth, one of the ranks that it may have is drawn.
    """
    found = np.empty(truths.shape, np.int64)
    counts = np.empty(len(truths))
    for i, (truth, pattern) in enumerate(zip(truths, patterns, strict=True)):
        weights = likelihood(pattern)
        counts[i] = effective(weights)
        drawn = sets[luck.choice(len(sets), DRAWS, p=weights / weights.sum())]
        below, ties = (drawn < truth).sum(axis=0), (drawn == truth).sum(axis=0)
        found[i] = below + luck.integers(0, ties + 1)
    return Ranks(found, counts)


@dataclass(frozen=True)
class Coverage:
    """How often an interval had the truth, with the exact 95 % interval of that."""

    level: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Uniform:
    """How ranks of one quantity depart from uniform ones."""

    counts: tuple[int, ...]
    chi_square: float
    """Chance of so uneven counts if ranks are uniform."""
    kolmogorov: float
    """The same for the largest distance of distributions (Kolmogorov-Smirnov)."""
    mean: float
    """Mean rank as a share of all; a half if uniform."""
    coverage: tuple[Coverage, ...]


def uniform(ranks: NDArray[np.int64], luck: np.random.Generator) -> Uniform:
    """Test ranks (n,) for uniformity, and count how often intervals had the truth.

    The central interval of a level has that share of the ranks, so that its coverage
    is exact, also where a quantity has few values.
    """
    size = DRAWS + 1
    counts = np.bincount(ranks * BINS // size, minlength=BINS)
    even = (ranks + luck.random(ranks.size)) / size
    return Uniform(
        tuple(counts.tolist()),
        float(scipy.stats.chisquare(counts).pvalue),
        float(scipy.stats.kstest(even, "uniform").pvalue),
        float(even.mean()),
        tuple(_coverage(ranks, level) for level in LEVELS),
    )


def _coverage(ranks: NDArray[np.int64], level: float) -> Coverage:
    size = DRAWS + 1
    outside = round(size * (1.0 - level) / 2)
    inside = (ranks >= outside) & (ranks < size - outside)
    found = scipy.stats.binomtest(int(inside.sum()), inside.size).proportion_ci()
    return Coverage(level, float(inside.mean()), float(found.low), float(found.high))


def band(truths: int) -> tuple[float, float]:
    """Return between which counts a bin lies in 95 of 100 cases if ranks are uniform.

    >>> band(200)
    (12.0, 29.0)
    """
    low, high = scipy.stats.binom.ppf([0.025, 0.975], truths, 1 / BINS)
    return float(low), float(high)
