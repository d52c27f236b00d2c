"""What an offer is worth to each side: a truce, and the wars or settlement after it.

Values are linear in a side's private cost of war c: value + slope c. They are written
to the table, from which `sim.model.stages.appraise` makes menus and decisions read.
"""

from sim.model.compile import kernel
from sim.model.formulas.acceptance import believed_acceptance
from sim.model.formulas.offers import settlement_chance, truce_value
from sim.model.formulas.war import nash_share
from sim.model.stages.partial_truce import spared_flow
from sim.model.stages.terms import (
    keep_what_stays,
    rearmament_of,
    truce_flow,
    variant_of,
)
from sim.model.stages.wars import listed_war, mean_cost, surplus_of, war_from
from sim.model.state import ENDS, SIDES, Params, Table, World

_UNSETTLED, _SETTLED = 0, 1  # how a truce may end, beside a break-down and its last day


@kernel
def after_truce(
    params: Params, world: World, table: Table, end: int, line: float, rearmed: float
) -> None:
    """Write to `table.after` the wars that follow a truce, and their surplus S'.

    `end` is 1 for a truce that may become a settlement, else 0.
    """
    war = war_from(params, world, table, line, rearmed)
    for side in range(SIDES):
        table.after_war[end, side] = table.war_value[SIDES * war + side]
        table.after_fighting[end, side] = table.war_fighting[SIDES * war + side]
    table.after_surplus[end] = surplus_of(params, world, table, war)


@kernel(inline="always")
def settlement_value(params: Params, world: World, table: Table, side: int) -> float:
    """Value V of a settlement to a side, as expected: at the means of both costs.

    W' + nu S', however small S' is there: it is weighed by the chance that S' > 0.
    """
    fighting = table.after_fighting[_SETTLED, side]
    return _bargain(
        params,
        side,
        table.after_war[_SETTLED, side] - mean_cost(world, side) * fighting,
        table.after_surplus[_SETTLED],
    )


@kernel(inline="always")
def true_settlement(
    params: Params, world: World, table: Table, side: int
) -> tuple[float, float]:
    """Value of a settlement to a side at the true costs of both, and their surplus S'.

    Settled is what leaves both better off than war, S' > 0; only then is it a bargain.
    """
    surplus = table.after_surplus[_SETTLED]
    for other in range(SIDES):
        hidden = world.cost[other] - mean_cost(world, other)
        surplus += hidden * table.after_fighting[_SETTLED, other]
    fighting = table.after_fighting[_SETTLED, side]
    own = table.after_war[_SETTLED, side] - world.cost[side] * fighting
    return _bargain(params, side, own, surplus), surplus


@kernel(inline="always")
def _bargain(params: Params, side: int, own: float, surplus: float) -> float:
    """Nash share of a side, with `own` as its value of war."""
    other = params.bargaining_weight[1 - side]
    return nash_share(own, other, params.bargaining_weight[side], surplus)


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
    for end in range(ENDS):
        if end == _UNSETTLED or _may_settle(params, offer, demands):
            length = params.mean_length[offer, variant_of(demands, end)]
            listed_war(params, world, table, line, world.rearmed + shift * length)


@kernel(inline="always")
def _may_settle(params: Params, offer: int, demands: int) -> bool:
    return bool(params.settlement[offer, variant_of(demands, _SETTLED)] > 0.0)


@kernel
def look_after(
    params: Params,
    world: World,
    table: Table,
    offer: int,
    demands: int,
    demanded_by: int,
    line: float,
) -> None:
    """Write to `table.after` what follows an offer, and the chance P+ of a settlement.

    A partial truce is followed by the war that goes on anyway. Another one becomes a
    settlement only if the wars after it leave a surplus S' > 0 at the true costs, and
    everybody knows how likely that is.
    """
    table.settle_chance = 0.0
    if params.partial[offer]:
        return
    keep_what_stays(params, world, table, offer, demands, demanded_by)
    shift = rearmament_of(params, offer, demands)
    if _may_settle(params, offer, demands):
        length = params.mean_length[offer, variant_of(demands, _SETTLED)]
        rearmed = world.rearmed + shift * length
        after_truce(params, world, table, _SETTLED, line, rearmed)
        table.settle_chance = settlement_chance(
            table.after_surplus[_SETTLED],
            _half_width(world, 0) * table.after_fighting[_SETTLED, 0],
            _half_width(world, 1) * table.after_fighting[_SETTLED, 1],
        )
    if table.settle_chance < 1.0:
        length = params.mean_length[offer, variant_of(demands, _UNSETTLED)]
        rearmed = world.rearmed + shift * length
        after_truce(params, world, table, _UNSETTLED, line, rearmed)


@kernel(inline="always")
def _half_width(world: World, side: int) -> float:
    """Half of the interval in which others take a side's cost of war to lie."""
    return 0.5 * (world.cost_high[side] - world.cost_low[side])


@kernel
def value_offer(
    params: Params,
    world: World,
    table: Table,
    offer: int,
    demands: int,
    demanded_by: int,
    line: float,
) -> None:
    """Write value and slope of an offer to each side to `table.value`."""
    look_after(params, world, table, offer, demands, demanded_by, line)
    for side in range(SIDES):
        value_to(params, world, table, side, offer, demands, line)


@kernel
def value_to(
    params: Params,
    world: World,
    table: Table,
    side: int,
    offer: int,
    demands: int,
    line: float,
) -> None:
    """Write what an offer is worth to one side, after `look_after`.

    P+ [value with the hazard of a settlement] + (1 - P+) [value without].
    """
    if params.partial[offer]:
        value_partial(params, table, side, offer, variant_of(demands, _UNSETTLED))
        return
    flow = truce_flow(params, world, table, side, line, offer, demands)
    table.value[side] = table.value_slope[side] = 0.0
    for end in range(ENDS):
        chance = table.settle_chance if end == _SETTLED else 1.0 - table.settle_chance
        if chance > 0.0:
            settled = 0.0
            if end == _SETTLED:
                settled = settlement_value(params, world, table, side)
            variant = variant_of(demands, end)
            value, slope = value_truce(
                params,
                table,
                side,
                end,
                flow,
                settled,
                params.breakdown[offer, variant],
                params.settlement[offer, variant],
                params.annuity[offer, variant],
                params.end_worth[offer, variant],
            )
            table.value[side] += chance * value
            table.value_slope[side] += chance * slope


@kernel(inline="always")
def value_truce(
    params: Params,
    table: Table,
    side: int,
    end: int,
    flow: float,
    settled: float,
    breakdown: float,
    settling: float,
    annuity_worth: float,
    end_worth: float,
) -> tuple[float, float]:
    """Value of a truce to a side, and its slope, from `table.after`.

    `settled` is what a settlement is worth to it.
    """
    weight = params.bargaining_weight[side]
    war_after = table.after_war[end, side]
    war_after += weight * max(0.0, table.after_surplus[end])
    value = truce_value(
        flow,
        war_after,
        settled,
        breakdown,
        settling,
        annuity_worth,
        end_worth,
        params.discount,
    )
    back_to_war = params.discount * breakdown * annuity_worth + end_worth
    return value, -back_to_war * table.after_fighting[end, side]


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
