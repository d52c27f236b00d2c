"""What a day of war or of truce pays: land, chips, costs; and the aid given.

A period pays before the line moves, as in the value of war: at the line it starts from.
"""

from sim.model.compile import kernel
from sim.model.stages.lanes import Lanes, alone
from sim.model.stages.outlook import keep_chips
from sim.model.stages.terms import freeze_of, truce_flow
from sim.model.stages.wars import own_line
from sim.model.state import NOBODY, SIDES, TRUCE, Params, Table, World


@kernel
def flows_in_lanes(params: Params, lanes: Lanes, n: int) -> None:
    """Add the flows of one step of war to the payoffs."""
    for side in range(SIDES):
        pay_war(params, lanes, n, side)
    if params.supports != NOBODY:
        aid, given, weeks = lanes.aid[:n], lanes.aid_given[:n], params.weeks
        for i in range(n):
            given[i] += aid[i] * weeks


@kernel
def pay_war(params: Params, lanes: Lanes, n: int, side: int) -> None:
    """Pay a side omega z - c, its chips less those of the other, what it is spared."""
    flow, line, cost = lanes.total[:n], lanes.line[:n], lanes.cost[side, :n]
    payoff, spared = lanes.payoff[side, :n], lanes.spared[side, :n]
    for i in range(n):
        flow[i] = params.territory_flow * own_line(params, line[i], side) - cost[i]
    for j in range(params.chips):
        worth, chip = params.chip_value[side, j], lanes.chip[j, :n]
        worth = worth if params.chip_holder[j] == side else -worth
        for i in range(n):
            flow[i] += worth * chip[i]
    weight = (1.0 - params.discount) * lanes.present_worth
    for i in range(n):
        payoff[i] += weight * (flow[i] + spared[i])


_pay_war_alone = alone(flows_in_lanes)


@kernel
def flows(params: Params, world: World, table: Table) -> None:
    """Add the flows of one step to the payoffs."""
    _pay_war_alone(params, world, table)
    if world.phase == TRUCE:
        pay_truce(params, world, table)


@kernel
def pay_truce(params: Params, world: World, table: Table) -> None:
    """Add the flows of one step of truce; of the aid, what is not frozen."""
    offer, demands = world.truce_offer, world.truce_demands
    keep_chips(params, world, table)
    weight = (1.0 - params.discount) * world.present_worth
    for side in range(SIDES):
        flow = truce_flow(params, world, table, side, world.line, offer, demands)
        world.payoff[side] += weight * flow
    if params.supports != NOBODY:
        given = world.aid * (1.0 - freeze_of(params, offer, demands))
        world.aid_given += given * params.weeks
