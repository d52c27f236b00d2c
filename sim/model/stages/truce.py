"""A day of truce: it ages, breaks down, becomes a settlement, or runs out.

A partial truce, while the war goes on, does the same but for the settlement.
"""

from sim.model.compile import kernel
from sim.model.rng import PARTIAL_END, TRUCE_END, uniform
from sim.model.stages.draws import PARTIAL, day_of_luck
from sim.model.stages.outlook import outlook
from sim.model.stages.propose import clear_desk
from sim.model.stages.terms import rearmament_of, variant_of
from sim.model.stages.valuation import after_truce, true_settlement
from sim.model.state import (
    EXTENSION,
    NEVER,
    NOBODY,
    SETTLED,
    TRUCE,
    WAR,
    Params,
    Table,
    World,
)


@kernel
def truce(params: Params, world: World, table: Table) -> None:
    """Let a truce age by one step; a break-down is chance, never a choice.

    At the first step with age >= D the same terms are put again to both sides: the
    business of the day is then an extension.
    """
    if world.phase == TRUCE:
        age(params, world, table)
    elif world.partial_offer != NOBODY:
        age_partial(params, world, table)


@kernel
def age(params: Params, world: World, table: Table) -> None:
    """Do the work of `truce`, of which days of war have none."""
    offer, variant = world.truce_offer, variant_of(world.truce_demands, 1)
    world.truce_age += 1
    world.rearmed += rearmament_of(params, offer, world.truce_demands)
    broken = params.breakdown[offer, variant]
    leave = broken + params.settlement[offer, variant]
    if leave > 0.0:
        luck = uniform(world.seed, world.replicate, world.step, TRUCE_END)
        if luck < broken:
            world.broken += 1
            back_to_war(world)
            return
        if luck < leave and settles(params, world, table):
            return
    duration = params.duration[offer]
    if duration > 0.0 and float(world.truce_age) >= duration:
        world.phase = WAR  # the truce holds on if it is extended today
        ask_to_extend(world, offer, world.truce_author)
        world.demands = world.truce_demands
        world.demanded_by = world.truce_demanded_by


@kernel
def age_partial(params: Params, world: World, table: Table) -> None:
    """Let a partial truce age by one step: it breaks down, or runs out and is asked."""
    offer, ends = world.partial_offer, partial_ends(params, world)
    world.partial_age += 1
    broken = params.breakdown[offer, variant_of(world.partial_demands, 0)]
    if broken > 0.0:
        day = day_of_luck(params, world, table, PARTIAL, PARTIAL_END >> 1)
        if table.luck[PARTIAL, 1, day] < broken:
            world.broken += 1
            world.partial_offer = NOBODY
            return
    if ends:
        ask_to_extend(world, offer, world.partial_author)
        world.demands = world.partial_demands
        world.demanded_by = world.partial_demanded_by


@kernel(inline="always")
def partial_ends(params: Params, world: World) -> bool:
    """Whether the partial truce in force runs out today, if it does not break down."""
    duration = params.duration[world.partial_offer]
    return bool(duration > 0.0 and float(world.partial_age + 1) >= duration)


@kernel
def ask_to_extend(world: World, offer: int, author: int) -> None:
    """Put the terms of a truce that runs out today to both sides again."""
    clear_desk(world)
    world.business = EXTENSION
    world.offer, world.author = offer, author
    world.offer_line = world.line


@kernel
def back_to_war(world: World) -> None:
    """End the truce: whatever it stopped goes on."""
    world.phase = WAR
    world.fighting_stopped = NEVER


@kernel
def settles(params: Params, world: World, table: Table) -> bool:
    """Turn the truce into a settlement, if there is a surplus S' to share today.

    It is at the true costs of both: once they talk about a settlement they find out.
    Without one no line is better for both than war: it returns False, and the truce
    goes on.
    Chips go to whom they are worth most, and the line becomes the Nash share V of
    side 0 less what its chips then give it, plus what those of side 1 cost it.
    """
    outlook(params, world, table)
    after_truce(params, world, table, 1, world.line, world.rearmed)
    line, surplus = true_settlement(params, world, table, 0)
    if surplus <= 0.0:
        return False
    world.phase = SETTLED
    for j in range(params.chips):
        holder = params.chip_holder[j]
        worth = params.chip_value[holder, j]
        if params.chip_value[1 - holder, j] > worth:
            world.chip[j] = 0.0
        given = params.chip_value[0, j] * world.chip[j]
        line += -given if holder == 0 else given
    world.line = min(max(line, 0.0), params.stake)
    return True
