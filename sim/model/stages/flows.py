"""What a day of war or of truce pays: land, chips, costs; and the aid given."""

from sim.model.compile import kernel
from sim.model.stages.outlook import keep_chips
from sim.model.stages.partial_truce import spared_flow
from sim.model.stages.terms import freeze_of, truce_flow
from sim.model.stages.wars import own_line
from sim.model.state import NOBODY, SIDES, TRUCE, WAR, Params, Table, World


@kernel(inline="always")
def flows(params: Params, world: World, table: Table) -> None:
    """Add the flows of one step to the payoffs, before the line moves.

    The order is that of the value of war: a period pays at the line it starts from.
    """
    if world.phase == WAR:
        pay_war(params, world)
    elif world.phase == TRUCE:
        pay_truce(params, world, table)


@kernel(inline="always")
def pay_war(params: Params, world: World) -> None:
    """Add the flows of one step of war."""
    weight = (1.0 - params.discount) * world.present_worth
    for side in range(SIDES):
        world.payoff[side] += weight * war_flow(params, world, side)
    if params.supports != NOBODY:
        world.aid_given += world.aid * params.weeks


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


@kernel(inline="always")
def war_flow(params: Params, world: World, side: int) -> float:
    """Flow of a side in a period of war."""
    held = own_line(params, world.line, side)
    flow = params.territory_flow * held - world.cost[side]
    for j in range(params.chips):
        worth = params.chip_value[side, j] * world.chip[j]
        flow += worth if params.chip_holder[j] == side else -worth
    if world.partial_offer != NOBODY:
        spared, slope = spared_flow(params, world.partial_offer, side)
        flow += spared + slope * world.cost[side]
    return flow
