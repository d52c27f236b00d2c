"""Decisions of many actors, read from a table: what all of them would settle on.

The functions are in `expected_utility.py` and `spatial_values.py`; tables that are
shipped lie in `tables/`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sim.errors import InputMissingError
from sim.scenario.references import did_you_mean
from sim.theory import expected_utility as group
from sim.theory import spatial_values as space
from sim.theory.inputs import Input, Range, Result, Results, model

TABLES = Path(__file__).with_name("tables")

T = TypeVar("T")


@model(
    title="Expected utility of a group",
    question="Where do many actors settle, and who takes risks?",
    inputs=(
        Input(
            "actors",
            "actors",
            "CSV file with the columns actor,capability,position,salience, or "
            "ten_countries, the printed sample",
            kind="file",
        ),
    ),
    results=(
        Result("mean", "mean position, weighted by capability times salience"),
        Result("median", "position that no other one beats"),
        Result("names", "actors"),
        Result("risk", "risk exponent of each, from 1/2 (at ease) to 2 (threatened)"),
        Result("beats", "chance that an actor (row) beats another one (column)"),
    ),
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
def expected_utility(actors: str) -> Results:
    """First pass of the group decision model."""
    found = group.expected_utility(_read(group.read_actors, actors))
    return {
        "mean": found.mean,
        "median": found.median,
        "names": found.names,
        "risk": found.risk,
        "beats": found.beats,
    }


@model(
    title="Positions on several issues",
    question="What is one actor's position worth to another?",
    inputs=(
        Input(
            "actors",
            "actors",
            "CSV file with the columns actor,x1,s1,x2,s2 and so on (coordinate and "
            "salience), or ktab_2017, in which A alone has saliences of its own",
            kind="file",
        ),
        Input(
            "r",
            "risk",
            "attitude to risk; above 0 is averse",
            Range(-1, 1),
            required=False,
            default=0.0,
        ),
    ),
    results=(
        Result("names", "actors"),
        Result("values", "value of a position (column) to an actor (row)"),
        Result("utilities", "the same with the attitude to risk"),
    ),
    formula="v = 1 - sqrt(sum s^2 (x-x')^2 / sum s^2); u = v + r v (1-v)",
    source="KAPSARC Toolkit for Behavioral Analysis, spatial model, run of 2017-05-30",
    teaches=(
        "With several issues, how far apart two sides are depends on which issues "
        "matter to whom. So the same offer can be close to one side and far from the "
        "other."
    ),
    example="actors=ktab_2017 r=1",
)
def spatial_values(actors: str, risk: float) -> Results:
    """Distances weighted by salience."""
    found = space.spatial_values(_read(space.read_spatial_actors, actors), risk=risk)
    return {
        "names": found.names,
        "values": found.values,
        "utilities": found.utilities,
    }


def _read(reader: Callable[[Path], T], name: str) -> T:
    """Read a table from a path, or one of ours by its name.

    Raises
    ------
    InputMissingError
        If there is no such file, or it cannot be read.
    ScenarioError
        With path and line of what is wrong in it.
    """
    shipped = {path.stem: path for path in sorted(TABLES.glob("*.csv"))}
    path = Path(name)
    if not path.exists():
        near = [*shipped, *(str(each) for each in path.parent.glob("*.csv"))]
        if name not in shipped:
            raise InputMissingError(
                f"there is no file {name}, and no table of that name is shipped "
                f"({', '.join(shipped)}){did_you_mean(name, near)}"
            )
        path = shipped[name]
    return reader(path)
