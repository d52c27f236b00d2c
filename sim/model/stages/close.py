"""The end of a day: defeat, the next day, and at the end what is still to come."""

from sim.model.compile import kernel
from sim.model.formulas.offers import annuity, mean_length
from sim.model.stages.outlook import expect, keep_chips, outlook
from sim.model.stages.partial_truce import spared_flow, time_left
from sim.model.stages.terms import rearmament_of, truce_flow, variant_of
from sim.model.stages.valuation import after_truce, true_settlement, value_truce
from sim.model.stages.wars import fight, own_line
from sim.model.state import (
    DEFEAT,
    NOBODY,
    SETTLED,
    SIDES,
    TRUCE,
    WAR,
    Params,
    Table,
    World,
)


@kernel
def close(params: Params, world: World, table: Table) -> None:
    """Find out whether a side is defeated, and go to the next day or end the world."""
    if world.phase == SETTLED:
        pay_settlement(params, world)
    world.present_worth *= params.discount
    world.step += 1
    if world.phase == SETTLED:
        note_pause(world, params.steps)
        return
    if world.phase == TRUCE:
        note_pause(world, world.step)
    if world.phase == WAR and (world.line <= 0.0 or world.line >= params.stake):
        world.defeated = 0 if world.line <= 0.0 else 1
        world.phase = DEFEAT
        world.line = min(max(world.line, 0.0), params.stake)
        world.payoff[1 - world.defeated] += world.present_worth * params.stake
    elif world.step >= params.steps:
        pay_what_is_left(params, world, table)


@kernel
def note_pause(world: World, until: int) -> None:
    """Remember how long the fighting has stopped, if it never did for longer."""
    world.longest_pause = max(world.longest_pause, until - world.fighting_stopped)


@kernel
def pay_settlement(params: Params, world: World) -> None:
    """Add the worth of the settlement: the line and the chips as they now are."""
    for side in range(SIDES):
        worth = own_line(params, world.line, side)
        for j in range(params.chips):
            value = params.chip_value[side, j] * world.chip[j]
            worth += value if params.chip_holder[j] == side else -value
        world.payoff[side] += world.present_worth * worth


@kernel
def pay_what_is_left(params: Params, world: World, table: Table) -> None:
    """Add the worth of what follows the last step, at the true drift and costs."""
    outlook(params, world, table)
    expect(params, world, table, params.drift, params.drift)
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
    """Add the worth of what is left of a truce, and of what follows it."""
    offer, demands = world.truce_offer, world.truce_demands
    after_truce_left(params, world, table, 1)
    _, surplus = true_settlement(params, world, table, 0)
    end = 1 if surplus > 0.0 else 0
    if end == 0:
        after_truce_left(params, world, table, 0)
    breakdown, settling, worth, end_worth, _ = truce_left(params, world, end)
    for side in range(SIDES):
        flow = truce_flow(params, world, table, side, world.line, offer, demands)
        settled, _ = true_settlement(params, world, table, side)
        value, slope = value_truce(
            params,
            table,
            side,
            end,
            flow,
            settled,
            breakdown,
            settling,
            worth,
            end_worth,
        )
        value += slope * world.cost[side]
        # from the last day, whose flow is paid, to the morning after it
        value = (value - (1.0 - params.discount) * flow) / params.discount
        world.payoff[side] += world.present_worth * value


@kernel
def after_truce_left(params: Params, world: World, table: Table, end: int) -> None:
    """Write to `table.after` the wars that follow what is left of a truce."""
    length = truce_left(params, world, end)[4]
    shift = rearmament_of(params, world.truce_offer, world.truce_demands)
    rearmed = world.rearmed + shift * length
    after_truce(params, world, table, end, world.line, rearmed)


@kernel
def truce_left(
    params: Params, world: World, end: int
) -> tuple[float, float, float, float, float]:
    """Constants of what is left of a truce: both exits, n, b^D and its mean length."""
    offer, variant = world.truce_offer, variant_of(world.truce_demands, end)
    breakdown = params.breakdown[offer, variant]
    settling = params.settlement[offer, variant]
    worth, end_worth = params.annuity[offer, variant], params.end_worth[offer, variant]
    length = params.mean_length[offer, variant]
    if params.duration[offer] > 0.0:
        # age >= D was caught at the start of the day, so some of the truce is left
        left = params.duration[offer] - float(world.truce_age)
        worth, end_worth = annuity(params.discount, breakdown + settling, left)
        length = mean_length(breakdown + settling, left)
    return breakdown, settling, worth, end_worth, length
