"""The first morning of a world: its record at step 0, with what chance has dealt."""

from sim.model.compile import kernel
from sim.model.rng import COST, ONCE, uniform_pair
from sim.model.stages.draws import forget_luck
from sim.model.state import NEVER, NOBODY, OFFERS, SIDES, WAR, Params, Table, World


@kernel
def begin(
    params: Params, world: World, table: Table, seed: int, replicate: int
) -> None:
    """Write the start of world (seed, replicate); private costs are drawn here."""
    world.seed, world.replicate, world.step = seed, replicate, 0
    world.phase, world.defeated = WAR, NOBODY
    world.line = params.line
    for j in range(params.chips):
        world.chip[j] = params.chip_start[j]
        world.regime[j] = params.chip_regime[j]
        world.chip_at_agreement[j] = 0.0
    world.aid, world.aid_felt, world.rearmed = params.aid, params.aid, 0.0
    luck = uniform_pair(seed, replicate, ONCE, COST >> 1)
    for side in range(SIDES):
        world.belief[side] = params.belief[side]
        world.belief_weight[side] = params.belief_weight[side]
        low, high = params.cost_low[side], params.cost_high[side]
        world.cost_low[side], world.cost_high[side] = low, high
        world.cost[side] = low + (high - low) * luck[side ^ params.mirrored]
        world.audience_cost[side] = params.audience_cost[side]
        world.counter_step[side] = NEVER
        world.refusals[side] = 0
        world.payoff[side] = 0.0
    for offer in range(OFFERS):
        world.blocked_until[offer] = 0
    world.condition_open = 1
    world.entry = world.round_waits = 0
    world.truce_offer, world.truce_author = NOBODY, NOBODY
    world.truce_demands, world.truce_demanded_by = 0, NOBODY
    world.truce_age = 0
    world.partial_offer, world.partial_author = NOBODY, NOBODY
    world.partial_demands, world.partial_demanded_by = 0, NOBODY
    world.partial_age = 0
    world.present_worth, world.aid_given = 1.0, 0.0
    world.first_truce, world.first_full_truce = NEVER, NEVER
    world.first_truce_offer, world.first_truce_author = NOBODY, NOBODY
    world.line_at_agreement = 0.0
    world.broken, world.expired, world.extended = 0, 0, 0
    world.fighting_stopped, world.longest_pause = NEVER, 0
    table.aid_known = -1.0
    forget_luck(table)
