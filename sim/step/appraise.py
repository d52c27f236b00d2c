"""What offers are worth: the seam between values and decisions.

`appraise` values the menu of the day's proposer, `weigh` the offer that is on the
table and, for a side that would refuse it, the same offer with conditions of its own.
Both write to the table; decisions only read it. Gains are linear in a side's private
cost of war c: gain + slope c.
"""

from sim.core.acceptance import believed_acceptance, decision_noise
from sim.core.compile import kernel
from sim.core.elementary import logit
from sim.core.offers import truce_value
from sim.core.patron import patron_gain
from sim.core.war import nash_share
from sim.luck import DECISION_NOISE, ONCE, uniform
from sim.step.outlook import (
    chips_to_whom_they_are_worth_most,
    expect,
    fight,
    mean_cost,
    outlook,
    own_line,
)
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


@kernel
def line_of(params: Params, world: World, offer: int) -> float:
    """Line of an offer in steps of side 0."""
    if params.line_kind[offer] == AT_SHARE:
        return params.line_share[offer] * params.lines
    return world.line


@kernel
def part_handed_back(
    params: Params, world: World, offer: int, demands: int, demanded_by: int, chip: int
) -> float:
    """Share of a chip that its holder hands back; of an extension, none again."""
    if world.business == EXTENSION:
        return 0.0
    if demands & HAND_BACK and params.chip_holder[chip] != demanded_by:
        return 1.0
    return params.hand_back[offer, chip]


@kernel
def freeze_of(params: Params, offer: int, demands: int) -> float:
    """Share of the aid that an offer freezes."""
    return 1.0 if demands & AID_FREEZE else params.aid_freeze[offer]


@kernel
def relief_of(params: Params, offer: int, demands: int) -> float:
    """Sanctions relief of an offer."""
    return 1.0 if demands & SANCTIONS_RELIEF else params.sanctions_relief[offer]


@kernel
def variant_of(demands: int, settles: int) -> int:
    """Index of the constants of a truce: as offered or monitored; ending or not."""
    return (2 if demands & MONITORED else 0) + settles


@kernel
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
    surplus = 1.0 + chips_to_whom_they_are_worth_most(params, table)
    for side in range(SIDES):
        value, fighting = fight(params, world, table, side, line, rearmed)
        table.after_war[side], table.after_fighting[side] = value, fighting
        surplus -= value - mean_cost(world, side) * fighting
    table.after_surplus = surplus


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
def value_offer(
    params: Params,
    world: World,
    table: Table,
    offer: int,
    demands: int,
    demanded_by: int,
    line: float,
) -> int:
    """Write value and slope of an offer to `table.value`; return the variant it has.

    If the wars after the truce leave no surplus S' > 0 it cannot become a settlement,
    and is valued anew without that end.
    """
    for j in range(params.chips):
        part = part_handed_back(params, world, offer, demands, demanded_by, j)
        table.kept[j] = world.chip[j] * (1.0 - part)
    shift = rearmament_of(params, offer, demands)
    variant = variant_of(demands, 1)
    length = params.mean_length[offer, variant]
    after_truce(params, world, table, line, world.rearmed + shift * length)
    if params.settlement[offer, variant] > 0.0 and table.after_surplus <= 0.0:
        variant = variant_of(demands, 0)
        length = params.mean_length[offer, variant]
        after_truce(params, world, table, line, world.rearmed + shift * length)
    for side in range(SIDES):
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
    return variant


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


@kernel
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
def war_for_patron(params: Params, world: World, table: Table) -> float:
    """Share that the supported side expects of war, without cost, chips or doubt.

    W_0 of section 7: at the mean of both beliefs. Writes over no table value that is
    read later.
    """
    mean = 0.5 * (world.belief[0] + world.belief[1])
    side = params.supports
    own = table.base_log_odds[side]
    expect(params, world, table, logit(mean), side)
    for j in range(params.chips):
        table.kept[j] = 0.0
    value, _ = fight(params, world, table, side, world.line, world.rearmed)
    table.base_log_odds[side] = own
    return value


@kernel
def appraise(params: Params, world: World, table: Table) -> None:
    """Value fighting on and, in a round, each offer that today's author may make."""
    if world.business == NOTHING:
        return
    outlook(params, world, table)
    if world.business != ROUND:
        return
    war_share = 0.0
    if world.author == PATRON:
        war_share = war_for_patron(params, world, table)
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
    if world.offer == NOBODY:
        return
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
        tau = params.decision_noise[side]
        table.noise[side] = 0.0
        if tau > 0.0:
            stream = DECISION_NOISE + 2 * params.offer_luck[offer] + side
            luck = uniform(world.seed, world.replicate, ONCE, stream)
            table.noise[side] = decision_noise(tau, luck)
    if world.business == ROUND or world.business == DATED:
        for side in range(SIDES):
            own = table.put_gain[side] + table.put_slope[side] * world.cost[side]
            if side != author and own + table.noise[side] < 0.0:
                weigh_demands(params, world, table, side)


@kernel
def weigh_demands(params: Params, world: World, table: Table, side: int) -> None:
    """Value the offer on the table with each set of conditions that `side` may add."""
    allowed = params.own_demands[side]
    for demands in range(1, DEMANDS):
        table.demand_gain[side, demands] = -1.0
        table.demand_chance[side, demands] = -1.0
        if demands & ~allowed:
            continue
        value_offer(params, world, table, world.offer, demands, side, world.offer_line)
        gain, slope = gain_of(params, table, side, NOBODY)
        table.demand_gain[side, demands] = gain + slope * world.cost[side]
        gain, slope = gain_of(params, table, 1 - side, NOBODY)
        table.demand_chance[side, demands] = chance_of(
            params, world, 1 - side, gain, slope
        )
