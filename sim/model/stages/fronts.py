"""Fronts of listed wars: where their values come from, many at a time.

The value of a war needs the discounted odds of one front for each side, and of one more
for each chip at stake: to hold a chip that melts is like waiting with less patience.
Fronts are listed on a bench, valued together in a loop that the compiler turns into
vector code, and their values are handed back to the tables of the wars. The bench is
the table of the world itself, or one that many worlds share.
"""

from sim.model.compile import kernel
from sim.model.formulas.front import discounted_odds, expected_gain, rate_while_held
from sim.model.formulas.war import time_held, war_value
from sim.model.state import LANES, SIDES, Params, Table, World


@kernel
def value_wars(params: Params, world: World, table: Table) -> None:
    """Value the wars of the list that have no value yet, all at once.

    Writes the value at no cost of war and without bargaining, and 1 - psi - phi, by
    which the cost counts.
    """
    if table.valued < table.wars:
        fronts = list_fronts(params, world, table, table, 0)
        value_fronts(params, table, fronts)
        hand_back(params, world, table, table, 0, fronts)


@kernel
def list_fronts(
    params: Params, world: World, table: Table, bench: Table, front: int
) -> int:
    """List the fronts of wars without a value from place `front` on.

    Returns the place after the last. First one for each lane, then one for each chip
    that is at stake in it.
    """
    first, last = SIDES * table.valued, SIDES * table.wars
    for lane in range(first, last):
        _list_front(table, bench, front, lane, params.rate)
        front += 1
    for j in range(params.chips):
        if world.chip[j] > 0.0:
            hazard = table.loss_hazard[j, world.regime[j]]
            rate = rate_while_held(params.rate, hazard, params.weeks)
            for lane in range(first, last):
                if table.war_stakes[j, lane] != 0.0:
                    _list_front(table, bench, front, lane, rate)
                    bench.front_chip[front] = j
                    front += 1
    return front


@kernel(inline="always")
def _list_front(table: Table, bench: Table, front: int, lane: int, rate: float) -> None:
    bench.front_lane[front] = lane
    bench.front_drift[front] = table.war_drift[lane]
    bench.front_held[front] = table.war_held[lane]
    bench.front_rate[front] = rate


@kernel
def value_fronts(params: Params, bench: Table, fronts: int) -> None:
    """Write the value of a war without chips to each front, and its 1 - psi - phi."""
    stake, volatility = params.stake, params.front_volatility
    weeks, discount, flow = params.weeks, params.discount, params.territory_flow
    # what is left of the last vectors repeats a front; nobody asks for it
    n = (fronts + LANES - 1) // LANES * LANES
    for front in range(fronts, n):
        bench.front_drift[front] = bench.front_drift[0]
        bench.front_held[front] = bench.front_held[0]
        bench.front_rate[front] = bench.front_rate[0]
    # indices that count from 0 are never negative: else there would be no vector code
    drift, held, rate = (
        bench.front_drift[:n],
        bench.front_held[:n],
        bench.front_rate[:n],
    )
    value, fighting = bench.front_value[:n], bench.front_fighting[:n]
    for front in range(n):
        psi, phi = discounted_odds(
            drift[front], volatility, rate[front], held[front], stake
        )
        gain = expected_gain(drift[front], weeks, discount, flow)
        value[front] = war_value(held[front], stake, psi, phi, gain, flow)
        fighting[front] = 1.0 - psi - phi


@kernel
def hand_back(
    params: Params, world: World, table: Table, bench: Table, first: int, last: int
) -> None:
    """Write the values of the wars, from their fronts at places first to last - 1."""
    wars = SIDES * (table.wars - table.valued)
    table.valued = table.wars
    for front in range(first, first + wars):
        lane = bench.front_lane[front]
        table.war_value[lane] = bench.front_value[front]
        table.war_fighting[lane] = bench.front_fighting[front]
    for front in range(first + wars, last):
        lane, chip = bench.front_lane[front], bench.front_chip[front]
        hazard = table.loss_hazard[chip, world.regime[chip]]
        time = time_held(bench.front_fighting[front], params.discount, hazard)
        table.war_value[lane] += table.war_stakes[chip, lane] * time
