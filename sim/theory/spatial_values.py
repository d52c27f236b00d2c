"""How actors value each other's positions when several issues are decided at once.

A position is a point with one coordinate per issue; an actor values another's position
by the distance to its own, issues weighted by how much they matter to it. An attitude
to risk bends the value into a utility.

Source: the spatial model of politics of the KAPSARC Toolkit for Behavioral Analysis
(KTAB), reference run of 2017-05-30.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import ScenarioError
from sim.theory.actor_table import MOST_ACTORS, read_table, rows_of
from sim.theory.inputs import SHARE, Range

MOST_DIMENSIONS = 20


@dataclass(frozen=True)
class SpatialActor:
    """An actor: coordinates in [0, 1], and a salience at least 0 for each of them."""

    name: str
    coordinates: tuple[float, ...]
    saliences: tuple[float, ...]


@dataclass(frozen=True)
class SpatialValues:
    """Rows are the actors that judge, columns those whose position is judged."""

    names: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    utilities: tuple[tuple[float, ...], ...]


def read_spatial_actors(path: Path | str) -> list[SpatialActor]:
    """Return the actors of a file, with any number of dimensions up to 20.

    The columns are actor,x1,s1,x2,s2 and so on: a coordinate and a salience for each
    dimension.

    Raises
    ------
    ScenarioError
        With path and line of each mistake.
    """
    table = read_table(path)
    dimensions = min(max((len(table.columns) - 1) // 2, 1), MOST_DIMENSIONS)
    columns: dict[str, Range] = {}
    for dimension in range(1, dimensions + 1):
        columns |= {f"x{dimension}": SHARE, f"s{dimension}": Range(0, 1e12)}
    actors = []
    for row in rows_of(table, columns):
        actor = SpatialActor(row.name, row.numbers[0::2], row.numbers[1::2])
        if max(actor.saliences) <= 0.0:
            table.refuse([(row.line, "no dimension has a salience above 0")])
        actors.append(actor)
    if not actors:
        raise ScenarioError(f"{path}: 0 actors: from 1 to {MOST_ACTORS} are needed")
    return actors


def spatial_values(
    actors: Sequence[SpatialActor], *, risk: float = 0.0
) -> SpatialValues:
    """Value and risk-adjusted utility of each actor's position to each actor.

    v_ij = 1 - sqrt(sum_d s_id^2 (x_id - x_jd)^2 / sum_d s_id^2), where only i's
    saliences matter, and u = v + r v (1 - v) with `risk` r in [-1, 1]: above 0 is
    averse, below 0 seeks risk.
    """
    at = np.array([actor.coordinates for actor in actors])
    weight = np.array([actor.saliences for actor in actors])
    weight = (weight / weight.max(axis=1, keepdims=True)) ** 2
    weight /= weight.sum(axis=1, keepdims=True)
    apart = (at[:, None, :] - at[None, :, :]) ** 2  # [i, j, d]
    values = 1.0 - np.sqrt((weight[:, None, :] * apart).sum(axis=2))
    values = np.clip(values, 0.0, 1.0)  # rounding
    utilities = values + risk * values * (1.0 - values)
    return SpatialValues(
        names=tuple(actor.name for actor in actors),
        values=tuple(tuple(map(float, row)) for row in values),
        utilities=tuple(tuple(map(float, row)) for row in utilities),
    )
