"""What an offer is worth to each side: a truce, and the wars or settlement after it.

Values are linear in a side's private cost of war c: value + slope c. They are written
to the table, from which `sim.model.stages.appraise` makes menus and decisions read.
"""

from sim.model.compile import kernel
from sim.model.formulas.acceptance import believed_acceptance
from sim.model.formulas.offers import truce_value
from sim.model.formulas.war import nash_share
from sim.model.stages.partial_truce import spared_flow, variant_of_partial
from sim.model.stages.terms import (
    keep_what_stays,
    rearmament_of,
    truce_flow,
    variant_of,
)
from sim.model.stages.wars import listed_war, mean_cost, surplus_of, war_from
from sim.model.state import SIDES, Params, Table, World


@kernel
def after_truce(
    params: Params, world: World, table: Table, line: float, rearmed: float
) -> None:
    """Write to `table.after` the wars that follow a truce, and their surplus S'."""
    war = war_from(params, world, table, line, rearmed)
    for side in range(SIDES):
        table.after_war[side] = table.war_value[SIDES * war + side]
        table.after_fighting[side] = table.war_fighting[SIDES * war + side]
    table.after_surplus = surplus_of(params, world, table, war)


@kernel(inline="always")
def settlement_value(params: Params, world: World, table: Table, side: int) -> float:
    """Value V of a settlement to a side, from `table.after_*`."""
    mean = table.after_war[side] - mean_cost(world, side) * table.after_fighting[side]
    return nash_share(
        mean,
        params.bargaining_weight[1 - side],
        params.bargaining_weight[side],
        max(0.0, table.after_surplus),
    )


@kernel
def list_wars_after(
    params: Params,
    world: World,
    table: Table,
    offer: int,
    demands: int,
    demanded_by: int,
    line: float,
) -> None:
    """List the wars that `value_offer` will ask for, to be valued with others."""
    if params.partial[offer]:
        return  # it leads to no other war than the one that goes on
    keep_what_stays(params, world, table, offer, demands, demanded_by)
    shift = rearmament_of(params, offer, demands)
    variant = variant_of(demands, 1)
    length = params.mean_length[offer, variant]
    listed_war(params, world, table, line, world.rearmed + shift * length)
    # if S' is not positive; last time is the best guess
    if params.settlement[offer, variant] > 0.0 and table.unsettled[offer]:
        length = params.mean_length[offer, variant_of(demands, 0)]
        listed_war(params, world, table, line, world.rearmed + shift * length)


@kernel
def look_after(
    params: Params,
    world: World,
    table: Table,
    offer: int,
    demands: int,
    demanded_by: int,
    line: float,
) -> int:
    """Write to `table.after` what follows an offer; return the variant it has.

    A partial truce is followed by the war that goes on anyway: nothing is written. If
    the wars after another truce leave no surplus S' > 0 it cannot become a settlement,
    and is seen anew without that end.
    """
    if params.partial[offer]:
        return variant_of_partial(demands)
    keep_what_stays(params, world, table, offer, demands, demanded_by)
    shift = rearmament_of(params, offer, demands)
    variant = variant_of(demands, 1)
    length = params.mean_length[offer, variant]
    after_truce(params, world, table, line, world.rearmed + shift * length)
    if params.settlement[offer, variant] > 0.0:
        table.unsettled[offer] = table.after_surplus <= 0.0
        if table.unsettled[offer]:
            variant = variant_of(demands, 0)
            length = params.mean_length[offer, variant]
            after_truce(params, world, table, line, world.rearmed + shift * length)
    return variant


@kernel
def value_offer(
    params: Params,
    world: World,
    table: Table,
    offer: int,
    demands: int,
    demanded_by: int,
    line: float,
) -> int:
    """Write value and slope of an offer to `table.value`; return the variant it has."""
    variant = look_after(params, world, table, offer, demands, demanded_by, line)
    for side in range(SIDES):
        value_to(params, world, table, side, offer, demands, line, variant)
    return variant


@kernel
def value_to(
    params: Params,
    world: World,
    table: Table,
    side: int,
    offer: int,
    demands: int,
    line: float,
    variant: int,
) -> None:
    """Write what an offer is worth to one side, after `look_after`."""
    if params.partial[offer]:
        value_partial(params, table, side, offer, variant)
        return
    value_truce(
        params,
        world,
        table,
        side,
        truce_flow(params, world, table, side, line, offer, demands),
        params.breakdown[offer, variant],
        params.settlement[offer, variant],
        params.annuity[offer, variant],
        params.end_worth[offer, variant],
    )


@kernel(inline="always")
def value_truce(
    params: Params,
    world: World,
    table: Table,
    side: int,
    flow: float,
    breakdown: float,
    settling: float,
    annuity_worth: float,
    end_worth: float,
) -> None:
    """Write a side's value of a truce and its slope, from `table.after_*`."""
    weight = params.bargaining_weight[side]
    war_after = table.after_war[side] + weight * max(0.0, table.after_surplus)
    settlement = 0.0
    if settling > 0.0:
        settlement = settlement_value(params, world, table, side)
    table.value[side] = truce_value(
        flow,
        war_after,
        settlement,
        breakdown,
        settling,
        annuity_worth,
        end_worth,
        params.discount,
    )
    back_to_war = params.discount * breakdown * annuity_worth + end_worth
    table.value_slope[side] = -back_to_war * table.after_fighting[side]


@kernel(inline="always")
def value_partial(
    params: Params, table: Table, side: int, offer: int, variant: int
) -> None:
    """Write a side's value of a partial truce, R + (1-d) n spared flow, and its slope.

    R is fighting on without the partial truce in force, which a new one replaces.
    """
    time = (1.0 - params.discount) * params.annuity[offer, variant]
    flow, slope = spared_flow(params, offer, side)
    fight_on = table.reservation[side] - table.spared[side]
    table.value[side] = fight_on + flow * time
    fight_on_slope = table.reservation_slope[side] - table.spared_slope[side]
    table.value_slope[side] = fight_on_slope + slope * time


@kernel(inline="always")
def gain_of(table: Table, side: int) -> tuple[float, float]:
    """Gain over fighting on, and its slope, of the offer in `table.value`."""
    return (
        table.value[side] - table.reservation[side],
        table.value_slope[side] - table.reservation_slope[side],
    )


@kernel(inline="always")
def gain_over_refusal(table: Table, side: int) -> tuple[float, float]:
    """Gain over refusing an offer that the patron puts forward itself."""
    return (
        table.value[side] - table.refusal[side],
        table.value_slope[side] - table.refusal_slope[side],
    )


@kernel
def chance_of(
    params: Params, world: World, side: int, gain: float, slope: float
) -> float:
    """Chance that a side accepts, as the others see it."""
    return believed_acceptance(
        gain,
        slope,
        world.cost_low[side],
        world.cost_high[side],
        params.decision_noise[side],
    )
