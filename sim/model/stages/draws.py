"""Errors that sides make in judging offers.

The numbers are those of their addresses, whenever they are drawn; that of an offer is
kept in the table, since a world needs it again and again.
"""

from sim.model.compile import kernel
from sim.model.formulas.acceptance import decision_noise
from sim.model.rng import ANSWER, DECISION_NOISE, ONCE, uniform_pair
from sim.model.state import OFFERS, QUANTAL, SIDES, Params, Table, World


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
def forget_noise(table: Table) -> None:
    """Make ready to draw the errors of another world."""
    for offer in range(OFFERS):
        table.noise_known[offer] = 0
