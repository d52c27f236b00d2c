"""How actors value each other's positions when several issues are decided at once.

A position is a point with one coordinate per issue; an actor values another's position
by the distance to its own, issues weighted by how much they matter to it. An attitude
to risk bends the value into a utility.

Source: the spatial model of politics of the KAPSARC Toolkit for Behavioral Analysis
(KTAB), reference run of 2017-05-30.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.theory.actor_table import MOST_ACTORS, read_table, rows_of
from sim.theory.inputs import SHARE, Range, Results, model, takes

PLACE_IN_COURSE = 7.2
MOST_DIMENSIONS = 20


@dataclass(frozen=True)
class SpatialActor:
    """An actor: coordinates in [0, 1], and a salience at least 0 for each of them."""

    name: str
    coordinates: tuple[float, ...]
    saliences: tuple[float, ...]


@model(
    title="Positions on several issues",
    question="What is one actor's position worth to another?",
    results={
        "names": "actors",
        "values": "value of a position (column) to an actor (row)",
        "utilities": "the same with the attitude to risk",
    },
    formula="v = 1 - sqrt(sum s^2 (x-x')^2 / sum s^2); u = v + r v (1-v)",
    source="KAPSARC Toolkit for Behavioral Analysis, spatial model, run of 2017-05-30",
    teaches=(
        "With several issues, how far apart two sides are depends on which issues "
        "matter to whom. So the same offer can be close to one side and far from the "
        "other."
    ),
    example="actors=ktab_2017 r=1",
)
def spatial_values(
    actors: str = takes(
        "actors",
        "CSV file with the columns actor,x1,s1,x2,s2 and so on (coordinate and "
        "salience), or ktab_2017, in which A alone has saliences of its own",
        kind="file",
    ),
    risk: float = takes(
        "r", "attitude to risk; above 0 is averse", Range(-1, 1), default=0.0
    ),
) -> Results:
    """Distances weighted by salience."""
    return values_of(read_spatial_actors(actors), risk)


def read_spatial_actors(name: str) -> list[SpatialActor]:
    """Return the actors of a table, all mistakes in it told with path and line.

    The columns are actor,x1,s1,x2,s2 and so on: a coordinate and a salience for each of
    up to 20 dimensions.
    """
    table = read_table(name)
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
        raise table.wrong(f"0 actors: from 1 to {MOST_ACTORS} are needed")
    return actors


def values_of(actors: Sequence[SpatialActor], risk: float) -> Results:
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
    return {
        "names": [actor.name for actor in actors],
        "values": values.tolist(),
        "utilities": utilities.tolist(),
    }
