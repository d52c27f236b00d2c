"""Forecast of a group decision from the power and the priorities of those involved.

Every actor has a capability, a position on one issue and a salience: how much the
issue matters to it. Who could beat whom follows from who would side with whom; actors
whom the others would hardly gain by challenging are at ease and accept risks.

Source: Bueno de Mesquita (1997), "A Decision Making Model: Its Structure and Form",
International Interactions 23, as laid open by Scholz, Calbert and Smith (2011),
"Unravelling Bueno de Mesquita's Group Decision Model". The first pass only: outside
attempts do not reproduce the later rounds of the paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.theory.actor_table import MOST_ACTORS, read_table, rows_of
from sim.theory.inputs import SHARE, Range

COLUMNS = {
    "capability": Range(0, 1e12),
    "position": Range(-1e12, 1e12),
    "salience": SHARE,
}


@dataclass(frozen=True)
class Actor:
    """Someone with a say: `capability` at least 0, `salience` in [0, 1]."""

    name: str
    capability: float
    position: float
    salience: float


@dataclass(frozen=True)
class Forecast:
    """First pass of the model; entries are in the order of the actors.

    `beats[i][j]` is the probability that i wins a contest with j, which the model sets
    to 0 if the others side with j on balance. `risk` exponents lie between 1/2 (safe,
    accepts risks) and 2 (threatened, avoids them).
    """

    names: tuple[str, ...]
    mean: float
    median: float
    beats: tuple[tuple[float, ...], ...]
    risk: tuple[float, ...]


def read_actors(path: Path | str) -> list[Actor]:
    """Return the actors of a file with the columns actor,capability,position,salience.

    Raises
    ------
    ScenarioError
        With path and line of each mistake.
    """
    rows = rows_of(read_table(path), COLUMNS)
    actors = [Actor(row.name, *row.numbers) for row in rows]
    if (count := len(actors)) < 2:
        raise ScenarioError(
            f"{path}: {count} actors: from 2 to {MOST_ACTORS} are needed"
        )
    if len({actor.position for actor in actors}) < 2:
        raise ScenarioError(
            f"{path}: all actors hold the same position: there is nothing to decide"
        )
    if not any(actor.capability * actor.salience > 0.0 for actor in actors):
        raise ScenarioError(f"{path}: no actor has both capability and salience")
    return actors


def expected_utility(actors: Sequence[Actor]) -> Forecast:
    """Mean, median, pairwise odds and risk exponents of a group of actors.

    With weight w = capability times salience: the mean is that of positions; the
    median is the position that no other beats when each actor k votes
    w_k (|x_k - b| - |x_k - a|) for a against b (of several, the lowest). The
    probability that i beats j is the net vote for x_i against x_j over the sum of its
    absolute parts, 0 if the net vote is negative. Expected gain of i from challenging
    j, with D = |x_i - x_j|/range: EU_ij = s_j [p_ij 2D - (1 - p_ij) 2D] + (1 - s_j) 2D.
    Security of j: S_j = sum_i EU_ij, R_j = (2 S_j - max - min)/(max - min), exponent
    (1 - R/3)/(1 + R/3), and 1 for all if all are as secure.
    """
    x = np.array([actor.position for actor in actors])
    salience = np.array([actor.salience for actor in actors])
    weight = salience * np.array([actor.capability for actor in actors])
    weight /= weight.max()  # capabilities have any unit
    distance = np.abs(x[:, None] - x[None, :])  # [k, i]
    beats = _odds(weight, distance)
    # 4 (1/2 + D/2) - 2 = 2D is the worth of winning, -2D that of losing, status quo 0
    worth = 2.0 * distance / (x.max() - x.min())
    gain = salience[None, :] * (2.0 * beats - 1.0) * worth
    gain += (1.0 - salience[None, :]) * worth
    security = gain.sum(axis=0)  # the diagonal is 0
    low, high = security.min(), security.max()
    risk = np.ones(x.size)
    # Sums that differ by less than their rounding are equal.
    if high - low > 1e-12 * x.size:
        ease = (2.0 * security - high - low) / (high - low)
        risk = np.clip((1.0 - ease / 3.0) / (1.0 + ease / 3.0), 0.5, 2.0)  # rounding
    # Net votes are differences of total distances: the median has the smallest one.
    total = (weight[:, None] * distance).sum(axis=0)
    best = total <= total.min() * (1.0 + 1e-12)
    return Forecast(
        names=tuple(actor.name for actor in actors),
        mean=float(np.average(x, weights=weight)),
        median=float(x[best].min()),
        beats=tuple(tuple(map(float, row)) for row in beats),
        risk=tuple(map(float, risk)),
    )


def _odds(
    weight: NDArray[np.float64], distance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Probability that each actor (row) beats each other one (column)."""
    odds = np.zeros_like(distance)
    for i in range(weight.size):
        # vote of k (row) for i against j (column)
        votes = weight[:, None] * (distance - distance[:, i, None])
        net, cast = votes.sum(axis=0), np.abs(votes).sum(axis=0)
        np.divide(np.maximum(net, 0.0), cast, out=odds[i], where=cast > 0.0)
    return odds
