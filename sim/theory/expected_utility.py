"""Forecast of a group decision from the power and the priorities of those involved.

Every actor has a capability, a position on one issue and a salience: how much the
issue matters to it. Who could beat whom follows from who would side with whom; actors
whom the others would hardly gain by challenging are at ease and accept risks.

Source: Bueno de Mesquita (1997), "A Decision Making Model: Its Structure and Form",
International Interactions 23, as laid open by Scholz, Calbert and Smith (2011),
"Unravelling Bueno de Mesquita's Group Decision Model",
doi:10.1177/0951629811418142. The first pass only: outside
attempts do not reproduce the later rounds of the paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.theory.actor_table import MOST_ACTORS, read_table, rows_of
from sim.theory.inputs import SHARE, Range, Results, model, takes

PLACE_IN_COURSE = 7.1
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


@model(
    title="Expected utility of a group",
    question="Where do many actors settle, and who takes risks?",
    results={
        "mean": "mean position, weighted by capability times salience",
        "median": "position that no other one beats",
        "names": "actors",
        "risk": "risk exponent of each, from 1/2 (at ease) to 2 (threatened)",
        "beats": "chance that an actor (row) beats another one (column)",
    },
    formula=(
        "k votes w_k (|x_k-x_j| - |x_k-x_i|) for i against j; beats = net vote over "
        "the sum of its absolute parts, at least 0; risk = (1-R/3)/(1+R/3), R from "
        "-1 to 1 by how much the others would gain from a challenge"
    ),
    source="Bueno de Mesquita 1997; Scholz, Calbert and Smith 2011, first pass",
    teaches=(
        "What a group settles on follows from who cares enough to use its power, not "
        "from power alone. Actors with whom the others are content can afford risks."
    ),
    example="actors=ten_countries",
)
def expected_utility(
    actors: str = takes(
        "actors",
        "CSV file with the columns actor,capability,position,salience, or "
        "ten_countries, the printed sample",
        kind="file",
    ),
) -> Results:
    """First pass of the group decision model."""
    return forecast(read_actors(actors))


def read_actors(name: str) -> list[Actor]:
    """Return the actors of a table, all mistakes in it told with path and line."""
    table = read_table(name)
    actors = [Actor(row.name, *row.numbers) for row in rows_of(table, COLUMNS)]
    problem = ""
    if (count := len(actors)) < 2:
        problem = f"{count} actors: from 2 to {MOST_ACTORS} are needed"
    elif len({actor.position for actor in actors}) < 2:
        problem = "all actors hold the same position: there is nothing to decide"
    elif not any(actor.capability * actor.salience > 0.0 for actor in actors):
        problem = "no actor has both capability and salience"
    if problem:
        raise table.wrong(problem)
    return actors


def forecast(actors: Sequence[Actor]) -> Results:
    """Mean, median, pairwise odds and risk exponents, in the order of the actors.

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
    return {
        "mean": np.average(x, weights=weight),
        "median": x[best].min(),
        "names": [actor.name for actor in actors],
        "risk": risk.tolist(),
        "beats": beats.tolist(),
    }


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
