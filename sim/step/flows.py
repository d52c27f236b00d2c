"""What a day of war or of truce pays: land, chips, costs; and the aid given."""

from sim.core.compile import kernel
from sim.step.appraise import freeze_of, truce_flow
from sim.step.outlook import own_line
from sim.step.record import NOBODY, SIDES, TRUCE, WAR, Params, Table, World


@kernel
def flows(params: Params, world: World, table: Table) -> None:
    """Add the flows of one step to the payoffs, before the day's battle.

    The order is that of the value of war: a period pays at the line it starts from.
    """
    if world.phase != WAR and world.phase != TRUCE:
        return
    for j in range(params.chips):
        table.kept[j] = world.chip[j]
    weight = (1.0 - params.discount) * world.present_worth
    for side in range(SIDES):
        if world.phase == TRUCE:
            flow = truce_flow(
                params,
                world,
                table,
                side,
                world.line,
                world.truce_offer,
                world.truce_demands,
            )
        else:
            flow = war_flow(params, world, side)
        world.payoff[side] += weight * flow
    if params.supports == NOBODY:
        return
    given = world.aid
    if world.phase == TRUCE:
        given *= 1.0 - freeze_of(params, world.truce_offer, world.truce_demands)
    world.aid_given += given * params.weeks


@kernel
def war_flow(params: Params, world: World, side: int) -> float:
    """Flow of a side in a period of war."""
    share = own_line(params, world.line, side) / params.lines
    flow = params.territory_flow * share - world.cost[side]
    for j in range(params.chips):
        worth = params.chip_value[side, j] * world.chip[j]
        flow += worth if params.chip_holder[j] == side else -worth
    return flow
