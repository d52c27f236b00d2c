"""A day at the front: the line moves, and both sides learn from it."""

import math

from sim.model.compile import kernel
from sim.model.formulas.beliefs import learned
from sim.model.rng import FRONT_MOVE
from sim.model.stages.draws import FRONT, day_of_luck, deviate_of
from sim.model.state import SIDES, WAR, Params, Table, World


@kernel
def front(params: Params, world: World, table: Table) -> None:
    """Move the line by one step of war, dz = (m_0 + known) y + s sqrt(y) N(0, 1)."""
    if world.phase != WAR:
        return
    day = day_of_luck(params, world, table, FRONT, FRONT_MOVE >> 1)
    chance = deviate_of(table, FRONT, day)
    advance(params, world, -chance if params.mirrored else chance)


@kernel
def advance(params: Params, world: World, chance: float) -> None:
    """Move the line by what is true and by a standard normal `chance`; both learn."""
    known, weeks = known_drift(params, world), params.weeks
    moved = (params.drift + known) * weeks
    moved += params.front_volatility * math.sqrt(weeks) * chance
    world.line += moved
    for side in range(SIDES):
        world.belief[side], world.belief_weight[side] = learned(
            world.belief[side],
            world.belief_weight[side],
            moved,
            known,
            weeks,
            params.learning_weight[side],
        )


@kernel
def known_drift(params: Params, world: World) -> float:
    """Drift that aid, chips and rearmament give side 0 today, which everybody knows."""
    total = params.aid_drift * (world.aid_felt - 1.0)
    for j in range(params.chips):
        total += params.chip_drift[j] * world.chip[j]
    return total + world.rearmed
