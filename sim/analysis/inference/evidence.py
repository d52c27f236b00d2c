"""From what worlds say of the facts to weights of sets of inputs.

A fact that is true or false is coded wrongly with a small chance; one that was measured
has a normal error. Given the inputs and the luck of a world the facts are independent,
so that a world has a likelihood, a product over facts; a set of inputs has the mean
over its worlds, and the product of that over scenarios, whose luck is not shared.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.facts import Fact

Floats = NDArray[np.float64]


def of_facts(
    said: Floats, facts: Sequence[Fact], miscoded: float, scored: Sequence[bool]
) -> Floats:
    """Return the likelihood of each fact in each world, shape as `said`.

    `said` is (..., n_facts), from `witness`. That of a measured fact is the normal
    density over its maximum, so that no unit enters the evidence; one that is only
    scored carries no weight.
    """
    found = np.where(said > 0.5, 1.0 - miscoded, miscoded)
    for j, fact in enumerate(facts):
        if fact.is_measured:
            assert fact.tolerance is not None
            off = (said[..., j] - number(fact)) / fact.tolerance
            found[..., j] = np.exp(-0.5 * off * off)
    found[..., np.array(scored, bool)] = 1.0
    return found


def number(fact: Fact) -> float:
    """Return what was measured."""
    for name in ("level", "size", "held_km2"):
        if hasattr(fact.coded, name):
            return float(getattr(fact.coded, name))
    raise TypeError(fact.id)


@dataclass(frozen=True)
class Evidence:
    """Likelihoods of facts, and how much each set counts before them.

    `cases` has an array (n_sets, n_worlds, n_facts) for each scenario. `before` (n,)
    is 1 for sets drawn from the prior; of sets drawn from the posterior it is the
    inverse of their likelihood.
    """

    cases: tuple[Floats, ...]
    before: Floats

    def likelihood(self, without: tuple[int, int] | None = None) -> Floats:
        """Return the likelihood of each set, shape (n_sets,).

        `without` leaves out a fact: the place of its scenario, and its own there.
        """
        product = np.ones(self.before.size)
        for place, each in enumerate(self.cases):
            left_out = without[1] if without and without[0] == place else None
            product *= _of_worlds(each, left_out).mean(axis=1)
        return product

    def weights(self, without: tuple[int, int] | None = None) -> Floats:
        """Return the weights of the sets, which sum to 1; `without` as above."""
        weights = self.before * self.likelihood(without)
        total = float(weights.sum())
        return weights / total if total > 0.0 else self.before / self.before.sum()

    def given_the_others(self, place: int, fact: int, said: Floats) -> float:
        """Return what the other facts expect of one: their mean of what worlds say.

        `said` (n_sets, n_worlds) is of that fact; of one that is true or false this is
        the chance that it is true.
        """
        weight = self.of_worlds(place, fact)
        return float((weight * said).sum())

    def luck_error(self) -> float:
        """Return the relative standard error of P(facts) that luck leaves.

        All sets have the luck of the same worlds, so that P(facts) is a mean over these
        as well: of what each of them says, by the weights of the sets.
        """
        weights, variance = self.weights(), 0.0
        for each in self.cases:
            worlds = _of_worlds(each, None)
            ratios = worlds / np.maximum(worlds.mean(axis=1, keepdims=True), 1e-300)
            of_world = weights @ ratios
            variance += float(of_world.var(ddof=1)) / of_world.size
        return float(np.sqrt(variance))

    def of_worlds(self, place: int, without: int | None = None) -> Floats:
        """Return weights of single worlds of a scenario, (n_sets, n_worlds), sum 1.

        `without` leaves out one of its facts.
        """
        worlds = _of_worlds(self.cases[place], without)
        others = self.before.copy()
        for at, each in enumerate(self.cases):
            if at != place:
                others *= _of_worlds(each, None).mean(axis=1)
        weight = worlds * others[:, np.newaxis]
        return np.asarray(weight / weight.sum())


def _of_worlds(each: Floats, left_out: int | None) -> Floats:
    if left_out is not None:
        each = np.delete(each, left_out, axis=2)
    return np.asarray(each.prod(axis=2))


def effective(weights: Floats) -> float:
    """Return how many sets of equal weight would tell as much, (sum w)^2 / sum w^2.

    Source: Kish (1965), Survey Sampling.

    >>> effective(np.array([1.0, 1.0, 0.0]))
    2.0
    """
    squares = float((weights * weights).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0.0 else 0.0


def chance_of(likelihood: Floats) -> tuple[float, float]:
    """Return P(facts) and its standard error: the mean over sets from the prior."""
    error = float(likelihood.std(ddof=1)) / np.sqrt(likelihood.size)
    return float(likelihood.mean()), float(error)


def quantiles(values: Floats, weights: Floats, shares: Sequence[float]) -> list[float]:
    """Return weighted quantiles: the least value up to which the weight is reached."""
    order = np.argsort(values, kind="stable")
    sums = np.cumsum(weights[order])
    at = np.searchsorted(sums, np.asarray(shares) * sums[-1] * (1.0 - 1e-12))
    return [float(each) for each in values[order][np.minimum(at, values.size - 1)]]


def spread(values: Floats, weights: Floats) -> float:
    """Return the weighted standard deviation."""
    share = weights / weights.sum()
    middle = float((share * values).sum())
    return float(np.sqrt((share * (values - middle) ** 2).sum()))
