"""What an offer is worth to each side: a truce, and the wars or settlement after it.

Values are linear in a side's private cost of war c: value + slope c. They are written
to the table, from which `sim.step.appraise` makes menus and decisions read.
"""

from sim.core.acceptance import believed_acceptance
from sim.core.compile import kernel
from sim.core.offers import truce_value
from sim.core.war import nash_share
from sim.step.record import (
    PATRON,
    SIDES,
    Params,
    Table,
    World,
)
from sim.step.terms import (
    keep_what_stays,
    rearmament_of,
    truce_flow,
    variant_of,
)
from sim.step.wars import (
    listed_war,
    mean_cost,
    surplus_of,
    war_from,
)


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


@kernel
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
    keep_what_stays(params, world, table, offer, demands, demanded_by)
    shift = rearmament_of(params, offer, demands)
    variant = variant_of(demands, 1)
    length = params.mean_length[offer, variant]
    listed_war(params, world, table, line, world.rearmed + shift * length)
    if params.settlement[offer, variant] > 0.0:  # if S' is not positive
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

    If the wars after the truce leave no surplus S' > 0 it cannot become a settlement,
    and is seen anew without that end.
    """
    keep_what_stays(params, world, table, offer, demands, demanded_by)
    shift = rearmament_of(params, offer, demands)
    variant = variant_of(demands, 1)
    length = params.mean_length[offer, variant]
    after_truce(params, world, table, line, world.rearmed + shift * length)
    if params.settlement[offer, variant] > 0.0 and table.after_surplus <= 0.0:
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


@kernel
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
def gain_of(
    params: Params, table: Table, side: int, author: int
) -> tuple[float, float]:
    """Gain over fighting on, and its slope, of the offer in `table.value`.

    Refusing an offer of a patron that presses costs a side the price of refusal.
    """
    gain = table.value[side] - table.reservation[side]
    if author == PATRON:
        gain += params.refusal_price
    return gain, table.value_slope[side] + table.fighting[side]


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
