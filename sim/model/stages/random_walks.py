"""Walks of the front: where the values of listed wars come from, many at a time.

The value of a war needs the discounted odds of one walk of the front for each side, and
of one more for each chip at stake: to hold a chip that melts is like waiting with a
lower discount factor. Walks are listed on a bench, solved together in loops that the
compiler turns into vector code, and their values are handed back to the tables of the
wars. The bench is the table of the world itself, or one that many worlds share.
"""

from sim.model.compile import kernel
from sim.model.formulas.elementary import expit
from sim.model.formulas.odds import log_ratio_of_walk, odds_from_roots, waiting
from sim.model.formulas.war import front_drift, time_held, war_value
from sim.model.state import LANES, SIDES, Params, Table, World


@kernel
def value_wars(params: Params, world: World, table: Table) -> None:
    """Value the wars of the list that have no value yet, all at once.

    Writes the value at no cost of war and without bargaining, and 1 - psi - phi, by
    which the cost counts.
    """
    if table.valued < table.wars:
        walks = list_walks(params, world, table, table, 0)
        solve_walks(params, table, walks)
        hand_back(params, world, table, table, 0, walks)


@kernel
def list_walks(
    params: Params, world: World, table: Table, bench: Table, walk: int
) -> int:
    """List the walks of wars without a value from place `walk`; return the next place.

    First one for each lane, then one for each chip that is at stake in it.
    """
    first, last = SIDES * table.valued, SIDES * table.wars
    d, h = params.discount, params.battle_chance
    e, spread = waiting(d, h)
    for lane in range(first, last):
        _list_walk(table, bench, walk, lane, e, spread)
        walk += 1
    for j in range(params.chips):
        if world.chip[j] > 0.0:
            hazard = table.loss_hazard[j, world.regime[j]]
            e, spread = waiting(d * (1.0 - hazard), h)
            for lane in range(first, last):
                if table.war_stakes[j, lane] != 0.0:
                    _list_walk(table, bench, walk, lane, e, spread)
                    bench.walk_chip[walk] = j
                    walk += 1
    return walk


@kernel(inline="always")
def _list_walk(
    table: Table, bench: Table, walk: int, lane: int, e: float, spread: float
) -> None:
    bench.walk_lane[walk] = lane
    bench.walk_log_odds[walk] = table.war_log_odds[lane]
    bench.walk_held[walk] = table.war_held[lane]
    bench.walk_next_battle[walk], bench.walk_spread[walk] = e, spread


@kernel
def solve_walks(params: Params, bench: Table, walks: int) -> None:
    """Write the value of a war without chips to each walk, and its 1 - psi - phi."""
    lines, flow = params.lines, params.territory_flow
    d, h = params.discount, params.battle_chance
    # what is left of the last vectors repeats a walk; nobody asks for it
    n = (walks + LANES - 1) // LANES * LANES
    for walk in range(walks, n):
        _list_walk_again(bench, walk)
    # indices that count from 0 are never negative: else there would be no vector code
    log_odds, held = bench.walk_log_odds[:n], bench.walk_held[:n]
    e, spread = bench.walk_next_battle[:n], bench.walk_spread[:n]
    ratio = bench.walk_ratio[:n]
    value, fighting = bench.walk_value[:n], bench.walk_fighting[:n]
    for walk in range(n):
        ratio[walk] = log_ratio_of_walk(log_odds[walk], e[walk], spread[walk])
    for walk in range(n):
        psi, phi = odds_from_roots(log_odds[walk], ratio[walk], held[walk], lines)
        drift = front_drift(expit(log_odds[walk]), lines, d, h, flow)
        value[walk] = war_value(held[walk] / lines, psi, phi, drift, flow)
        fighting[walk] = 1.0 - psi - phi


@kernel(inline="always")
def _list_walk_again(bench: Table, walk: int) -> None:
    bench.walk_log_odds[walk], bench.walk_held[walk] = (
        bench.walk_log_odds[0],
        bench.walk_held[0],
    )
    bench.walk_next_battle[walk], bench.walk_spread[walk] = (
        bench.walk_next_battle[0],
        bench.walk_spread[0],
    )


@kernel
def hand_back(
    params: Params, world: World, table: Table, bench: Table, first: int, last: int
) -> None:
    """Write the values of the wars, from their walks at places first to last - 1."""
    fronts = SIDES * (table.wars - table.valued)
    table.valued = table.wars
    for walk in range(first, first + fronts):
        lane = bench.walk_lane[walk]
        table.war_value[lane] = bench.walk_value[walk]
        table.war_fighting[lane] = bench.walk_fighting[walk]
    for walk in range(first + fronts, last):
        lane, chip = bench.walk_lane[walk], bench.walk_chip[walk]
        hazard = table.loss_hazard[chip, world.regime[chip]]
        time = time_held(bench.walk_fighting[walk], params.discount, hazard)
        table.war_value[lane] += table.war_stakes[chip, lane] * time
