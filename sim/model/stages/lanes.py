"""Worlds at war, side by side: one lane a world, one array a quantity.

A processor does a sum for several worlds in the time of one if the same quantity of all
of them lies side by side. So what a day of war changes is copied from the record of a
world to its lane, and back on the day on which the world has something to decide; in
between nothing else changes in the record. Lane i is that of world i of a block, and a
world that is walked alone is in lane 0.

A stage in lanes is one loop over lanes for each step of its formula. Lanes whose world
is not inside are computed as well, and nobody reads them: that is cheaper than to ask.
"""

import math
from collections.abc import Callable
from typing import Any

from sim.model.compile import kernel
from sim.model.formulas.elementary import normal_quantile
from sim.model.rng import uniform_pair
from sim.model.stages.partial_truce import spared_flow
from sim.model.stages.propose import clear_desk
from sim.model.stages.terms import variant_of
from sim.model.state import NEVER, NOBODY, SIDES, WAR, Params, Table, World

# a record of `sim.model.state.WAR_DAYS`
Lanes = Any


@kernel
def enter(params: Params, world: World, lanes: Lanes, lane: int) -> None:
    """Copy from a record to its lane what a day of war reads or changes."""
    lanes.since[lane], lanes.wakes[lane] = world.step, next_business(params, world)
    lanes.line[lane], lanes.rearmed[lane] = world.line, world.rearmed
    lanes.aid[lane], lanes.aid_felt[lane] = world.aid, world.aid_felt
    lanes.aid_given[lane] = world.aid_given
    for j in range(params.chips):
        lanes.chip[j, lane], lanes.regime[j, lane] = world.chip[j], world.regime[j]
    for side in range(SIDES):
        lanes.belief[side, lane] = world.belief[side]
        lanes.belief_weight[side, lane] = world.belief_weight[side]
        lanes.cost[side, lane] = world.cost[side]
        lanes.payoff[side, lane] = world.payoff[side]
        lanes.spared[side, lane] = 0.0
    lanes.partial_age[lane], lanes.breakdown[lane] = world.partial_age, 0.0
    if world.partial_offer != NOBODY:
        variant = variant_of(world.partial_demands, 0)
        lanes.breakdown[lane] = params.breakdown[world.partial_offer, variant]
        for side in range(SIDES):
            flow, slope = spared_flow(params, world.partial_offer, side)
            lanes.spared[side, lane] = flow + slope * world.cost[side]


@kernel
def next_business(params: Params, world: World) -> int:
    """Step on which a world at war next has something to decide.

    A partial truce may break down before (`sim.model.stages.truce.wake_broken`).
    """
    step, every = params.first_round, params.round_every
    since = world.step + 1 - step
    if since > 0:
        step += (since + every - 1) // every * every
    if world.round_waits == 1:
        step = world.step
    for side in range(SIDES):
        if world.counter_step[side] != NEVER:
            step = min(step, world.counter_step[side])
    if world.entry < params.entries:
        step = min(step, params.entry_step[world.entry])
    if world.partial_offer != NOBODY:
        duration = params.duration[world.partial_offer]
        if duration > 0.0:
            left = math.ceil(duration) - world.partial_age
            step = min(step, world.step + left)
    return step


@kernel
def leave(params: Params, world: World, lanes: Lanes, lane: int, days: int) -> None:
    """Copy from a lane to its record what has changed since the world came in.

    `days` are those that it was only in its lane, after the one on which it came in.
    """
    world.step, world.present_worth = lanes.step, lanes.present_worth
    world.line = lanes.line[lane]
    world.aid, world.aid_felt = lanes.aid[lane], lanes.aid_felt[lane]
    world.aid_given = lanes.aid_given[lane]
    for j in range(params.chips):
        world.chip[j], world.regime[j] = lanes.chip[j, lane], lanes.regime[j, lane]
    for side in range(SIDES):
        world.belief[side] = lanes.belief[side, lane]
        world.belief_weight[side] = lanes.belief_weight[side, lane]
        world.payoff[side] = lanes.payoff[side, lane]
    if world.partial_offer != NOBODY:
        world.partial_age = lanes.partial_age[lane] + days
    if days > 0 and world.author != NOBODY:  # a desk without an author is clear
        clear_desk(world)


@kernel
def meet(world: World, lanes: Lanes) -> None:
    """Write what all lanes have in common, from the world in lane 0."""
    lanes.seed, lanes.first = world.seed, world.replicate
    lanes.step, lanes.present_worth = world.step, world.present_worth


def alone(stage: Callable[..., None]) -> Callable[[Any, Any, Any], None]:
    """Return a stage in lanes as one that moves the record of a single world at war."""

    @kernel
    def act(params: Params, world: World, table: Table) -> None:
        if world.phase == WAR:
            lanes = table.lanes
            meet(world, lanes)
            enter(params, world, lanes, 0)
            stage(params, lanes, 1)
            leave(params, world, lanes, 0, 0)

    return act


@kernel
def draw(lanes: Lanes, who: Any, block: int) -> None:
    """Draw today's uniforms of streams 2 * block and 2 * block + 1 for some lanes.

    They go to the first places of `even` and `odd`, in the order of `who`.
    """
    even, odd = lanes.even[: who.size], lanes.odd[: who.size]
    seed, first, step = lanes.seed, lanes.first, lanes.step
    for i in range(who.size):
        even[i], odd[i] = uniform_pair(seed, first + who[i], step, block)


@kernel
def deviate(lanes: Lanes, n: int) -> None:
    """Turn the first n of these uniforms into standard normal deviates."""
    luck, chance = lanes.even[:n], lanes.deviate[:n]
    for i in range(n):
        chance[i] = normal_quantile(luck[i])
