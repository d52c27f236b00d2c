"""What lies before a decision: the seam between values and decisions.

`appraise` values the menu of the day, `weigh` the offer that is on the table, and
`demands`, for a side that would refuse it, the same offer with conditions of its own.
They write to the table; decisions only read it. Gains are linear in a side's private
cost of war c: gain + slope c.
"""

import math

from sim.model.compile import kernel
from sim.model.stages.aspiration import aspire
from sim.model.stages.draws import judgement
from sim.model.stages.menu import value_menu
from sim.model.stages.outlook import face_war, look_ahead, outlook
from sim.model.stages.terms import idle_demands, line_of
from sim.model.stages.threats import is_conditional
from sim.model.stages.valuation import (
    chance_of,
    gain_of,
    list_wars_after,
    look_after,
    value_offer,
    value_to,
)
from sim.model.state import (
    DATED,
    DEMANDS,
    NO_LEVEL,
    NOBODY,
    NOTHING,
    PATRON,
    ROUND,
    SCRIPTED,
    SIDES,
    Params,
    Table,
    World,
)


@kernel
def appraise(params: Params, world: World, table: Table) -> None:
    """Value fighting on and, in a round or by date, each offer on the menu."""
    if world.business == ROUND:
        value_menu(params, world, table)
    elif world.business == DATED:
        value_menu(params, world, table)
        world.offer_line = line_of(params, world, table, world.offer)
    elif world.business != NOTHING:
        appraise_offer(params, world, table)


@kernel
def appraise_offer(params: Params, world: World, table: Table) -> None:
    """Value fighting on, where an offer lies on the table that is not from a menu."""
    look_ahead(params, world, table)
    list_wars_after(
        params,
        world,
        table,
        world.offer,
        world.demands,
        world.demanded_by,
        world.offer_line,
    )
    face_war(params, world, table)
    aspire(params, world, table)


@kernel
def weigh(params: Params, world: World, table: Table) -> None:
    """Value the offer on the table, with each side's error of judgement."""
    if world.offer != NOBODY:
        weigh_offer(params, world, table)


@kernel
def weigh_offer(params: Params, world: World, table: Table) -> None:
    """Do the work of `weigh`, of which most days have none."""
    offer = world.offer
    if is_from_menu(world):
        for side in range(SIDES):
            table.put_gain[side] = table.gain[side, offer]
            table.put_slope[side] = table.gain_slope[side, offer]
    else:
        value_offer(
            params,
            world,
            table,
            offer,
            world.demands,
            world.demanded_by,
            world.offer_line,
        )
        for side in range(SIDES):
            gain, slope = gain_of(table, side)
            table.put_gain[side], table.put_slope[side] = gain, slope
    for side in range(SIDES):
        table.noise[side] = judgement(params, world, table, offer, side)


@kernel
def demands(params: Params, world: World, table: Table) -> None:
    """Value, to each side that would refuse an offer, the same with conditions."""
    if world.offer != NOBODY:
        for side in range(SIDES):
            if may_ask(params, world, table, side):
                foresee_demands(params, world, table, side)


@kernel(inline="always")
def is_from_menu(world: World) -> bool:
    """Whether the offer on the table is one of the menu, as its author put it."""
    return world.business == ROUND or world.business == DATED


@kernel
def may_ask(params: Params, world: World, table: Table, side: int) -> bool:
    """Whether a side may name conditions: if it would refuse, or has a script."""
    if side == world.author or not is_from_menu(world):
        return False
    own = table.put_gain[side] + table.put_slope[side] * world.cost[side]
    refuses = own + table.noise[side] < table.aspiration[side]
    return refuses or params.policy[side] == SCRIPTED


@kernel
def foresee_demands(params: Params, world: World, table: Table, side: int) -> None:
    """Value conditions as they will look when they are put: to name them is to refuse.

    Where aid hangs on the answers, it will be at the level that a lone refusal brings.
    """
    of_patron = world.author == PATRON and is_conditional(params, world)
    if not of_patron or table.threat[side] == NO_LEVEL:
        weigh_demands(params, world, table, side)
        return
    felt = world.aid_felt
    world.aid_felt = table.threat[side]
    outlook(params, world, table)
    weigh_demands(params, world, table, side)
    world.aid_felt = felt
    outlook(params, world, table)


@kernel
def weigh_demands(params: Params, world: World, table: Table, side: int) -> None:
    """Value the offer on the table with each set of conditions that `side` may add.

    Sets that ask in vain count as never enough; what the other side would say is asked
    only of a set that is.
    """
    offer, line = world.offer, world.offer_line
    allowed = params.own_demands[side]
    if allowed == 0:
        return
    idle = idle_demands(params, world, offer, side)
    for demands in range(1, DEMANDS):
        if demands & ~allowed == 0 and demands & idle == 0:
            list_wars_after(params, world, table, offer, demands, side, line)
    for demands in range(1, DEMANDS):
        if demands & ~allowed:
            continue
        table.demand_gain[side, demands] = -math.inf
        if demands & idle:
            continue
        look_after(params, world, table, offer, demands, side, line)
        value_to(params, world, table, side, offer, demands, line)
        gain, slope = gain_of(table, side)
        own = gain + slope * world.cost[side]
        table.demand_gain[side, demands] = own
        if own + table.noise[side] >= table.aspiration[side]:
            value_to(params, world, table, 1 - side, offer, demands, line)
            gain, slope = gain_of(table, 1 - side)
            chance = chance_of(params, world, 1 - side, gain, slope)
            table.demand_chance[side, demands] = chance
