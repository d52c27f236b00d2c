"""Luck that a world needs again and again, kept in the table.

What a world needs every day of war is drawn for some days at once, since a processor
draws the luck of several days in the time of one. The noise of decisions is drawn once.
The numbers are those of their addresses, whenever they are drawn.
"""

from sim.model.compile import kernel
from sim.model.formulas.acceptance import decision_noise
from sim.model.formulas.elementary import normal_quantile
from sim.model.rng import ANSWER, DECISION_NOISE, ONCE, uniform_pair
from sim.model.state import (
    AHEAD,
    CHIPS,
    LUCKS,
    OFFERS,
    QUANTAL,
    SIDES,
    Params,
    Table,
    World,
)

# rows of `table.luck`; chip j has row FIRST_CHIP + j
FRONT, FIRST_CHIP, PARTIAL = 0, 1, 1 + CHIPS


@kernel
def day_of_luck(
    params: Params, world: World, table: Table, row: int, block: int
) -> int:
    """Place of today in `table.luck[row, 0]` and `table.luck[row, 1]`.

    There are the uniforms of streams 2 * block and 2 * block + 1.
    """
    day = world.step - table.luck_from[row]
    known = (
        0 <= day < table.luck_days[row]
        and table.luck_replicate[row] == world.replicate
        and table.luck_seed[row] == world.seed
    )
    if known:
        return day
    draw_ahead(params, world, table, row, block)
    return 0


@kernel
def draw_ahead(
    params: Params, world: World, table: Table, row: int, block: int
) -> None:
    """Draw the luck of today and of the days after it, up to the last."""
    days = max(min(AHEAD, params.steps - world.step), 1)
    table.luck_from[row], table.luck_days[row] = world.step, days
    table.luck_seed[row], table.luck_replicate[row] = world.seed, world.replicate
    even, odd = table.luck[row, 0], table.luck[row, 1]
    seed, replicate, step = world.seed, world.replicate, world.step
    for day in range(days):
        even[day], odd[day] = uniform_pair(seed, replicate, step + day, block)
    table.deviates_known[row] = 0
    if FIRST_CHIP <= row < PARTIAL:  # shocks were those of other days
        table.shock_volatility[row - FIRST_CHIP] = 0.0


@kernel
def deviate_of(table: Table, row: int, day: int) -> float:
    """Standard normal deviate of a day whose luck is in the table, from its first half.

    Those of all these days are worked out at once.
    """
    luck, deviate = table.luck[row, 0], table.deviate[row]
    if table.deviates_known[row] == 0:
        table.deviates_known[row] = 1
        for other in range(table.luck_days[row]):
            deviate[other] = normal_quantile(luck[other])
    return deviate[day]


@kernel
def judgement(
    params: Params, world: World, table: Table, offer: int, side: int
) -> float:
    """Error that a side makes in judging an offer today, by its policy."""
    if params.policy[side] == QUANTAL:
        return fresh_noise(params, world, offer, side)
    return noise_of(params, world, table, offer, side)


@kernel
def noise_of(
    params: Params, world: World, table: Table, offer: int, side: int
) -> float:
    """Error that a side makes in valuing an offer, the same whenever it is asked."""
    other_world = (
        table.noise_replicate != world.replicate or table.noise_seed != world.seed
    )
    if other_world:
        table.noise_seed, table.noise_replicate = world.seed, world.replicate
        forget_noise(table)
    if table.noise_known[offer] == 0:
        block = (DECISION_NOISE >> 1) + params.offer_luck[offer]
        luck = uniform_pair(world.seed, world.replicate, ONCE, block)
        for i in range(SIDES):
            tau = params.decision_noise[i]
            table.noise_in[i, offer] = decision_noise(tau, luck[i ^ params.mirrored])
        table.noise_known[offer] = 1
    return table.noise_in[side, offer]


@kernel
def fresh_noise(params: Params, world: World, offer: int, side: int) -> float:
    """Error that a quantal side makes today, drawn afresh every time."""
    block = (ANSWER >> 1) + params.offer_luck[offer]
    luck = uniform_pair(world.seed, world.replicate, world.step, block)
    return decision_noise(params.decision_noise[side], luck[side ^ params.mirrored])


@kernel
def forget_luck(table: Table) -> None:
    """Make ready for another world, of whatever parameters."""
    for row in range(LUCKS):
        table.luck_days[row] = 0
    forget_noise(table)


@kernel
def forget_noise(table: Table) -> None:
    """Make ready to draw the noise of decisions anew."""
    for offer in range(OFFERS):
        table.noise_known[offer] = 0
