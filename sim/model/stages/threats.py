"""Aid that hangs on answers: what the patron threatens and promises, and if it counts.

While the condition is open, an offer that the patron itself puts forward is weighed
with the aid that would follow: refusing it at the level threatened to a side that
refuses alone, accepting it at the level promised to the side it supports. A threat
counts only if carrying it out costs the patron no more than its reputation is worth.

Source: deterrence by a third party with a stake in its reputation; the credibility
condition is that of `sim.model.formulas.patron`.
"""

from sim.model.compile import kernel
from sim.model.formulas.patron import cost_of_cutting_aid
from sim.model.stages.outlook import outlook
from sim.model.stages.wars import mean_cost
from sim.model.state import ACCEPT, CONDITIONAL, NO_LEVEL, SIDES, Params, Table, World


@kernel(inline="always")
def is_conditional(params: Params, world: World) -> bool:
    """Whether aid hangs on the answers to an offer of the patron's own."""
    return params.aid_rule == CONDITIONAL and world.condition_open == 1


@kernel
def price_refusal(params: Params, table: Table) -> None:
    """Write what refusing is worth: fighting on, less the price of refusal."""
    for side in range(SIDES):
        price_refusal_by(params, table, side)


@kernel
def price_refusal_by(params: Params, table: Table, side: int) -> None:
    """Write it for one side, from the outlook in the table."""
    table.refusal[side] = table.reservation[side] - params.refusal_price
    table.refusal_slope[side] = table.reservation_slope[side]


@kernel
def face_threats(params: Params, world: World, table: Table) -> None:
    """Write what refusing is worth to each side, the aid that follows, the promise.

    A threat is judged at the mean cost of war and the belief of the side that gets the
    aid, at present aid. Where none counts for the other side, its lone refusal brings
    what is promised to the side that gets the aid, which has then accepted. Leaves the
    outlook of the day, at present aid, in the table.
    """
    supported, felt = params.supports, world.aid_felt
    table.promise = params.aid_after_acceptance
    outlook(params, world, table)
    price_refusal(params, table)
    fighting = table.fighting[supported]
    cost = mean_cost(world, supported)
    war = table.war[supported] - cost * fighting
    for side in range(SIDES):
        table.threat[side] = NO_LEVEL
        level = params.aid_after_refusal[side]
        if level != NO_LEVEL:
            world.aid_felt = level
            outlook(params, world, table)
            lost = war - (table.war[supported] - cost * table.fighting[supported])
            price = cost_of_cutting_aid(
                params.value_per_km2,
                lost,
                params.aid_cost,
                world.aid - level,
                fighting,
            )
            if price <= params.reputation:
                table.threat[side] = level
        if table.threat[side] == NO_LEVEL and side != supported:
            table.threat[side] = table.promise
    for side in range(SIDES):
        if table.threat[side] != NO_LEVEL:
            world.aid_felt = table.threat[side]
            outlook(params, world, table)
            price_refusal_by(params, table, side)
    world.aid_felt = felt
    outlook(params, world, table)


@kernel
def keep_word(params: Params, world: World, table: Table) -> None:
    """Let the aid follow the answers to an offer of the patron's own.

    Acceptance by the side that is supported meets the condition, and ends it.
    """
    met = world.answer[params.supports] == ACCEPT
    level = table.promise if met else NO_LEVEL
    for side in range(SIDES):
        alone = world.answer[side] != ACCEPT and world.answer[1 - side] == ACCEPT
        if alone:
            level = table.threat[side]
    if level != NO_LEVEL:
        world.aid = level
    if met:
        world.condition_open = 0
