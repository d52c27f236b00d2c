"""What lies before a decision: the seam between values and decisions.

`appraise` values the menu of the day's proposer, `weigh` the offer that is on the
table and, for a side that would refuse it, the same offer with conditions of its own.
Both write to the table; decisions only read it. Gains are linear in a side's private
cost of war c: gain + slope c.
"""

import math

from sim.core.compile import kernel
from sim.core.elementary import logit
from sim.core.patron import patron_gain
from sim.step.draws import noise_of
from sim.step.outlook import at_expected_aid, face_war, look_ahead
from sim.step.record import (
    DATED,
    DEMANDS,
    NOBODY,
    NOTHING,
    PATRON,
    ROUND,
    SIDES,
    Params,
    Table,
    World,
)
from sim.step.terms import (
    idle_demands,
    line_of,
)
from sim.step.valuation import (
    chance_of,
    gain_of,
    list_wars_after,
    look_after,
    value_offer,
    value_to,
)
from sim.step.wars import (
    own_line,
    value_wars,
    war_at_odds,
)


@kernel(inline="always")
def may_propose(params: Params, world: World, offer: int) -> bool:
    """Whether today's author may put this offer on the table."""
    if world.blocked_until[offer] > world.step:
        return False
    return (params.offered_by[offer] >> world.author) & 1 == 1


@kernel
def has_a_choice(params: Params, world: World) -> bool:
    """Whether today's author may make any offer at all."""
    found = False
    for offer in range(params.offers):
        found = found or may_propose(params, world, offer)
    return found


@kernel
def appraise(params: Params, world: World, table: Table) -> None:
    """Value fighting on and, in a round, each offer that today's author may make."""
    if world.business == ROUND:
        value_menu(params, world, table)
    elif world.business != NOTHING:
        face_offer(params, world, table)


@kernel
def face_offer(params: Params, world: World, table: Table) -> None:
    """Value fighting on, and the wars after the offer that lies on the table."""
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


@kernel
def value_menu(params: Params, world: World, table: Table) -> None:
    """Value fighting on and each offer that today's author may make, if any."""
    if not has_a_choice(params, world):
        return
    look_ahead(params, world, table)
    war_of_patron = NOBODY
    if world.author == PATRON:
        # W_0 of section 7: war at the mean of both beliefs, without cost and chips
        mean = logit(0.5 * (world.belief[0] + world.belief[1]))
        odds = at_expected_aid(params, world, mean)
        war_of_patron = war_at_odds(params, world, table, odds)
    for offer in range(params.offers):
        if may_propose(params, world, offer):
            line = line_of(params, world, offer)
            list_wars_after(params, world, table, offer, 0, NOBODY, line)
    face_war(params, world, table)
    war_share = 0.0
    if war_of_patron != NOBODY:
        war_share = table.war_value[SIDES * war_of_patron + params.supports]
    for offer in range(params.offers):
        if not may_propose(params, world, offer):
            continue
        line = line_of(params, world, offer)
        variant = value_offer(params, world, table, offer, 0, NOBODY, line)
        table.menu_variant[offer] = variant
        for side in range(SIDES):
            gain, slope = gain_of(params, table, side, world.author)
            table.gain[side, offer], table.gain_slope[side, offer] = gain, slope
        if world.author == PATRON:
            frozen = world.aid * params.aid_freeze[offer]
            share = own_line(params, line, params.supports) / params.lines
            table.patron_gain[offer] = patron_gain(
                params.annuity[offer, variant],
                params.discount,
                params.cost_while_war,
                params.aid_cost * frozen,
                params.value_of_outcome * (share - war_share),
                params.relief_cost * params.sanctions_relief[offer],
            )


@kernel
def weigh(params: Params, world: World, table: Table) -> None:
    """Value the offer on the table and, to who would refuse it, better versions."""
    if world.offer != NOBODY:
        weigh_offer(params, world, table)


@kernel
def weigh_offer(params: Params, world: World, table: Table) -> None:
    """Do the work of `weigh`, of which most days have none."""
    offer, author = world.offer, world.author
    if world.business == ROUND:
        table.put_variant = table.menu_variant[offer]
        for side in range(SIDES):
            table.put_gain[side] = table.gain[side, offer]
            table.put_slope[side] = table.gain_slope[side, offer]
    else:
        table.put_variant = value_offer(
            params,
            world,
            table,
            offer,
            world.demands,
            world.demanded_by,
            world.offer_line,
        )
        # pressure is for refusing what the patron itself puts forward
        presser = author if world.business == DATED else NOBODY
        for side in range(SIDES):
            gain, slope = gain_of(params, table, side, presser)
            table.put_gain[side], table.put_slope[side] = gain, slope
    for side in range(SIDES):
        table.noise[side] = noise_of(params, world, table, offer, side)
    if world.business == ROUND or world.business == DATED:
        for side in range(SIDES):
            own = table.put_gain[side] + table.put_slope[side] * world.cost[side]
            if side != author and own + table.noise[side] < 0.0:
                weigh_demands(params, world, table, side)


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
    value_wars(params, world, table)
    for demands in range(1, DEMANDS):
        if demands & ~allowed:
            continue
        table.demand_gain[side, demands] = -math.inf
        if demands & idle:
            continue
        variant = look_after(params, world, table, offer, demands, side, line)
        value_to(params, world, table, side, offer, demands, line, variant)
        gain, slope = gain_of(params, table, side, NOBODY)
        own = gain + slope * world.cost[side]
        table.demand_gain[side, demands] = own
        if own + table.noise[side] >= 0.0:
            value_to(params, world, table, 1 - side, offer, demands, line, variant)
            gain, slope = gain_of(params, table, 1 - side, NOBODY)
            chance = chance_of(params, world, 1 - side, gain, slope)
            table.demand_chance[side, demands] = chance
