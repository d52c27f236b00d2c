"""What the offers of a scenario are worth to one party on day 0, and with conditions.

At the cost of war that the scenario gives, or at those that a world has drawn.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from sim.analysis.narrative.sentences import conditions_in_words
from sim.analysis.narrative.words import joined
from sim.analysis.play.briefing import menu
from sim.analysis.values import morning, patron_gains, put_forward
from sim.model.events import named_conditions
from sim.model.labels import labels_of
from sim.model.stages.appraise import demands, weigh
from sim.model.stages.propose import clear_desk
from sim.model.stages.terms import idle_demands
from sim.model.state import DEMANDS, SCRIPTED
from sim.scenario.load import Loaded

Costs: TypeAlias = Mapping[str, float]


class Worth(NamedTuple):
    """An offer as one party sees it on day 0, gains in km2.

    `gain` is over fighting on, to a patron over no truce; None if the patron may not
    make it. `with_conditions` are sets of conditions that the party may name, in words,
    and the gain with them.
    """

    name: str
    said: str
    by: str
    gain: float | None
    with_conditions: tuple[tuple[str, float], ...] = ()


def worths(loaded: Loaded, party: str, costs: Costs | None = None) -> list[Worth]:
    """Return all offers of a scenario as a party sees them on day 0.

    `costs` are the costs of war by side, if they are not those of the scenario.
    """
    if party == loaded.scenario.patron:
        known = patron_gains(loaded, costs)
        return [
            Worth(name, said, by, known.get(name)) for name, said, by in menu(loaded)
        ]
    return list(_to_side(loaded, party, costs))


def _to_side(loaded: Loaded, party: str, costs: Costs | None) -> Iterator[Worth]:
    labels, side = labels_of(loaded.scenario), loaded.scenario.sides.index(party)
    params, world, table = morning(loaded.scenario, costs)
    # a script has all conditions valued; this one has no entries
    params.policy[side], params.answers = SCRIPTED, 0
    cost = world.cost[side]
    holders = zip(labels.chips, labels.holders, strict=True)
    theirs = [chip for chip, holder in holders if holder != party]
    for index, (name, said, by) in enumerate(menu(loaded)):
        put_forward(params, world, table, index)
        weigh(params, world, table)
        demands(params, world, table)
        gain = float(table.put_gain[side] + table.put_slope[side] * cost)
        idle, own = idle_demands(params, world, index, side), params.own_demands[side]
        sets = [bits for bits in range(1, DEMANDS) if not bits & (idle | ~own)]
        if world.author == side:
            sets = []
        added = tuple(
            (
                joined(
                    [
                        conditions_in_words([each], theirs, labels)
                        for each in named_conditions(bits)
                    ]
                ),
                float(table.demand_gain[side, bits]),
            )
            for bits in sets
        )
        clear_desk(world)
        yield Worth(name, said, by, gain, added)
