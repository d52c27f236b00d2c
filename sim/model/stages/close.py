"""The end of a day: defeat, the next day, and at the end what is still to come."""

from sim.model.compile import kernel
from sim.model.formulas.offers import annuity, mean_length
from sim.model.stages.outlook import expect, keep_chips, outlook
from sim.model.stages.partial_truce import spared_flow, time_left
from sim.model.stages.terms import rearmament_of, truce_flow
from sim.model.stages.valuation import after_truce, value_truce
from sim.model.stages.wars import fight, own_line
from sim.model.state import DEFEAT, NOBODY, SETTLED, SIDES, WAR, Params, Table, World


@kernel
def close(params: Params, world: World, table: Table) -> None:
    """Find out whether a side is defeated, and go to the next day or end the world."""
    if world.phase == SETTLED:
        pay_settlement(params, world)
    world.present_worth *= params.discount
    world.step += 1
    if world.phase == SETTLED:
        return
    if world.phase == WAR and (world.line <= 0.0 or world.line >= params.lines):
        world.defeated = 0 if world.line <= 0.0 else 1
        world.phase = DEFEAT
        world.line = min(max(world.line, 0.0), params.lines)
        world.payoff[1 - world.defeated] += world.present_worth
    elif world.step >= params.steps:
        pay_what_is_left(params, world, table)


@kernel
def pay_settlement(params: Params, world: World) -> None:
    """Add the worth of the settlement: the line and the chips as they now are."""
    for side in range(SIDES):
        worth = own_line(params, world.line, side) / params.lines
        for j in range(params.chips):
            value = params.chip_value[side, j] * world.chip[j]
            worth += value if params.chip_holder[j] == side else -value
        world.payoff[side] += world.present_worth * worth


@kernel
def pay_what_is_left(params: Params, world: World, table: Table) -> None:
    """Add the worth of what follows the last step, at the true odds and own costs."""
    outlook(params, world, table)
    expect(params, world, table, params.true_log_odds, params.true_log_odds)
    keep_chips(params, world, table)
    if world.phase == WAR:
        for side in range(SIDES):
            value, fighting = fight(
                params, world, table, side, world.line, world.rearmed
            )
            worth = value - world.cost[side] * fighting
            if world.partial_offer != NOBODY:
                worth += spared_from_tomorrow(params, world, side)
            world.payoff[side] += world.present_worth * worth
    else:
        pay_truce(params, world, table)


@kernel
def spared_from_tomorrow(params: Params, world: World, side: int) -> float:
    """Worth to a side of what is left of a partial truce whose last day is paid."""
    flow, slope = spared_flow(params, world.partial_offer, side)
    today = 1.0 - params.discount
    left = (time_left(params, world) - today) / params.discount
    return (flow + slope * world.cost[side]) * left


@kernel
def pay_truce(params: Params, world: World, table: Table) -> None:
    """Add the worth of what is left of a truce and of the war after it."""
    offer, demands, variant = (
        world.truce_offer,
        world.truce_demands,
        world.truce_variant,
    )
    breakdown = params.breakdown[offer, variant]
    settling = params.settlement[offer, variant]
    worth, end = params.annuity[offer, variant], params.end_worth[offer, variant]
    length = params.mean_length[offer, variant]
    if params.duration[offer] > 0.0:
        # age >= D was caught at the start of the day, so some of the truce is left
        left = params.duration[offer] - float(world.truce_age)
        worth, end = annuity(params.discount, breakdown + settling, left)
        length = mean_length(breakdown + settling, left)
    shift = rearmament_of(params, offer, demands) * length
    after_truce(params, world, table, world.line, world.rearmed + shift)
    for side in range(SIDES):
        flow = truce_flow(params, world, table, side, world.line, offer, demands)
        value_truce(params, world, table, side, flow, breakdown, settling, worth, end)
        value = table.value[side] + table.value_slope[side] * world.cost[side]
        # from the last day, whose flow is paid, to the morning after it
        value = (value - (1.0 - params.discount) * flow) / params.discount
        world.payoff[side] += world.present_worth * value
