"""Sequential Monte Carlo on the unit cube, where plain weighting leaves too few sets.

The likelihood is raised to a power that grows from 0 to 1. At each power sets are drawn
by weight, and moved by a random walk that leaves the posterior at that power as it is.
The luck of worlds stays the same, so that the likelihood is a function of the inputs.

Source: Del Moral, Doucet and Jasra (2006), Sequential Monte Carlo samplers; power by
power as in Neal (2001), Annealed importance sampling.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.analysis.inference.evidence import Floats, effective
from sim.batch.sampled import resampled

Likelihood = Callable[[Floats, str], Floats]
"""Likelihoods (n,) of points of the cube (n, n_paths), told by a name of their own."""

MOVES = 5  # of each set at each power
_KEPT = 0.5  # effective share of sets that a step of the power may leave
_STREAM = 0x4F
_MOST_POWERS = 60


@dataclass(frozen=True)
class Sample:
    """Equally weighted points of the posterior, and the evidence."""

    places: Floats
    """Shape (n, n_paths)."""
    likelihood: Floats
    """Theirs, shape (n,)."""
    chance: float
    """P(facts), from the means of the weights at each power."""
    error: float
    """Its standard error, from how many of the first sets have descendants."""
    powers: tuple[float, ...]
    """Up to 1."""
    moved: float
    """Share of moves that were accepted."""


def next_power(likelihood: Floats, power: float) -> float:
    """Return the greatest power up to 1 at which enough sets still count."""
    logs = _log(likelihood)

    def left(to: float) -> float:
        raised = (to - power) * logs
        return effective(np.exp(raised - raised.max())) / likelihood.size

    if left(1.0) >= _KEPT:
        return 1.0
    low, high = power, 1.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if left(middle) >= _KEPT else (low, middle)
    return max(low, min(1.0, power + 1e-6))


def sample(
    places: Floats, likelihood: Floats, evaluate: Likelihood, *, seed: int
) -> Sample:
    """Return a sample of the posterior, from one of the prior and its likelihoods.

    `places` (n, n_paths) are drawn from the prior, uniform on the cube. Every power
    takes `MOVES` evaluations of n points each; their names tell the power and the move.
    """
    power, log_chance = 0.0, 0.0
    powers: list[float] = []
    tried = accepted = 0
    n, width = places.shape
    first = np.arange(n)  # the set of the prior that each descends from
    scale = 2.38 / np.sqrt(width)
    while power < 1.0 and len(powers) < _MOST_POWERS:
        draws = np.random.default_rng([seed, _STREAM, len(powers)])
        after = next_power(likelihood, power)
        weights = likelihood ** (after - power)
        log_chance += np.log(float(weights.mean()))
        chosen = resampled(weights, n, draws.random())
        places, likelihood, power = places[chosen], likelihood[chosen], after
        first = first[chosen]
        powers.append(power)
        root = _root_of_covariance(places)
        for move in range(MOVES):
            steps = scale * draws.standard_normal((n, width)) @ root.T
            proposed = reflected(places + steps)
            found = evaluate(proposed, f"power-{len(powers)}-move-{move + 1}")
            # in logarithms, as the ratio of two may be beyond all numbers
            gain = power * (_log(found) - _log(likelihood))
            take = np.log(draws.random(n)) < gain
            places = np.where(take[:, np.newaxis], proposed, places)
            likelihood = np.where(take, found, likelihood)
            tried, accepted = tried + n, accepted + int(take.sum())
            # towards a quarter accepted, which is best for many inputs
            scale *= np.exp(take.mean() - 0.25)
    chance = float(np.exp(log_chance))
    return Sample(
        places,
        likelihood,
        chance,
        chance * _relative_error(first, len(powers)),
        tuple(powers),
        accepted / max(tried, 1),
    )


def _log(likelihood: Floats) -> Floats:
    return np.log(np.maximum(likelihood, 1e-300))


def _relative_error(first: NDArray[np.int64], steps: int) -> float:
    """Return the relative standard error of the evidence.

    From the shares of sets that descend from each of the first ones: the fewer are
    left, the more hangs on chance. Source: Lee and Whiteley (2018), Variance estimation
    in the particle filter, Biometrika 105, with the first-order term of their formula.
    """
    shares = np.unique(first, return_counts=True)[1] / first.size
    return float(np.sqrt(max((shares**2).sum() - (steps + 1) / first.size, 0.0)))


def reflected(places: Floats) -> Floats:
    """Return points folded back at the walls of the unit cube.

    >>> reflected(np.array([-0.25, 0.5, 1.25])).tolist()
    [0.25, 0.5, 0.75]
    """
    folded = np.mod(places, 2.0)
    return np.where(folded > 1.0, 2.0 - folded, folded)


def _root_of_covariance(places: Floats) -> Floats:
    """Return a square root of the covariance of points, a little wider for safety."""
    width = places.shape[1]
    covariance = np.atleast_2d(np.cov(places, rowvar=False)) + 1e-6 * np.eye(width)
    return np.asarray(np.linalg.cholesky(covariance))
