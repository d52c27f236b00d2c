"""What offers are worth: the seam between values and decisions.

`appraise` values the menu of the day's proposer, `weigh` the offer that is on the
table and, for a side that would refuse it, the same offer with conditions of its own.
Both write to the table; decisions only read it. Gains are linear in a side's private
cost of war c: gain + slope c.
"""

import math

from sim.core.acceptance import believed_acceptance
from sim.core.compile import kernel
from sim.core.elementary import logit
from sim.core.offers import truce_value
from sim.core.patron import patron_gain
from sim.core.war import nash_share
from sim.step.draws import noise_of
from sim.step.outlook import at_expected_aid, face_war, look_ahead
from sim.step.record import (
    AID_FREEZE,
    AT_SHARE,
    DATED,
    DEMANDS,
    EXTENSION,
    HAND_BACK,
    MONITORED,
    NOBODY,
    NOTHING,
    PATRON,
    ROUND,
    SANCTIONS_RELIEF,
    SIDES,
    Params,
    Table,
    World,
)
from sim.step.wars import (
    listed_war,
    mean_cost,
    own_line,
    surplus_of,
    value_wars,
    war_at_odds,
    war_from,
)


@kernel(inline="always")
def line_of(params: Params, world: World, offer: int) -> float:
    """Line of an offer in steps of side 0."""
    if params.line_kind[offer] == AT_SHARE:
        return params.line_share[offer] * params.lines
    return world.line


@kernel(inline="always")
def part_handed_back(
    params: Params, world: World, offer: int, demands: int, demanded_by: int, chip: int
) -> float:
    """Share of a chip that its holder hands back; of an extension, none again."""
    if world.business == EXTENSION:
        return 0.0
    if demands & HAND_BACK and params.chip_holder[chip] != demanded_by:
        return 1.0
    return params.hand_back[offer, chip]


@kernel(inline="always")
def freeze_of(params: Params, offer: int, demands: int) -> float:
    """Share of the aid that an offer freezes."""
    return 1.0 if demands & AID_FREEZE else params.aid_freeze[offer]


@kernel(inline="always")
def relief_of(params: Params, offer: int, demands: int) -> float:
    """Sanctions relief of an offer."""
    return 1.0 if demands & SANCTIONS_RELIEF else params.sanctions_relief[offer]


@kernel(inline="always")
def variant_of(demands: int, settles: int) -> int:
    """Index of the constants of a truce: as offered or monitored; ending or not."""
    return (2 if demands & MONITORED else 0) + settles


@kernel(inline="always")
def rearmament_of(params: Params, offer: int, demands: int) -> float:
    """Log-odds towards side 0 by which each step of the truce shifts later battles."""
    thawed = 1.0 - freeze_of(params, offer, demands)
    own, other = params.rearmament[0], params.rearmament[1]
    if params.supports == 0:
        own *= thawed
    elif params.supports == 1:
        other *= thawed
    return own - other


@kernel
def truce_flow(
    params: Params,
    world: World,
    table: Table,
    side: int,
    line: float,
    offer: int,
    demands: int,
) -> float:
    """Flow y of a side during a truce at `line` with the chips in `table.kept`."""
    share = own_line(params, line, side) / params.lines
    flow = share
    # a claim that is just met may miss by rounding
    trespassed = share < params.claimed_share[side] - 1e-9
    for j in range(params.chips):
        if table.kept[j] > 0.0:
            worth = params.chip_value[side, j] * table.kept[j]
            if params.chip_holder[j] == side:
                flow += worth
            else:
                flow -= worth
                trespassed = True
    if trespassed:
        flow -= world.audience_cost[side]
    if side == params.supports:
        flow -= params.freeze_cost[side] * freeze_of(params, offer, demands)
    elif params.supports != NOBODY:
        flow += params.relief_value[side] * relief_of(params, offer, demands)
    return flow


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


@kernel(inline="always")
def keep_what_stays(
    params: Params,
    world: World,
    table: Table,
    offer: int,
    demands: int,
    demanded_by: int,
) -> None:
    """Write to `table.kept` the chips as an offer would leave them."""
    for j in range(params.chips):
        part = part_handed_back(params, world, offer, demands, demanded_by, j)
        table.kept[j] = world.chip[j] * (1.0 - part)


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


@kernel(inline="always")
def may_propose(params: Params, world: World, offer: int) -> bool:
    """Whether today's author may put this offer on the table."""
    if world.blocked_until[offer] > world.step:
        return False
    return (params.offered_by[offer] >> world.author) & 1 == 1


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
def idle_demands(params: Params, world: World, offer: int, side: int) -> int:
    """Conditions of a side that ask for what an offer gives anyway, as bits.

    A set with one of them is worth what it is worth without, and larger.
    """
    idle = HAND_BACK
    for j in range(params.chips):
        kept = world.chip[j] * (1.0 - params.hand_back[offer, j])
        if params.chip_holder[j] != side and kept > 0.0:
            idle = 0
    if params.aid_freeze[offer] == 1.0:
        idle |= AID_FREEZE
    if params.sanctions_relief[offer] == 1.0:
        idle |= SANCTIONS_RELIEF
    return idle


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
