"""What follows from the answers: a truce, or refusals with what they teach and demand.

Only this stage applies an answer; whoever decided, it reads the record alone.
"""

from sim.model.compile import kernel
from sim.model.formulas.beliefs import narrowed
from sim.model.stages.answer import must_answer
from sim.model.stages.terms import part_handed_back
from sim.model.stages.threats import is_conditional, keep_word
from sim.model.state import (
    ACCEPT,
    COUNTER,
    DATED,
    EXTENSION,
    NEVER,
    NOBODY,
    ON_CONDITIONS,
    PATRON,
    ROUND,
    SIDES,
    TRUCE,
    Params,
    Table,
    World,
)


@kernel
def conclude(params: Params, world: World, table: Table) -> None:
    """Apply the answers: a truce, or refusals with what is learned and demanded."""
    if world.offer != NOBODY:
        apply_answers(params, world, table)


@kernel
def apply_answers(params: Params, world: World, table: Table) -> None:
    """Do the work of `conclude`, of which most days have none."""
    agreed = True
    for side in range(SIDES):
        if not must_answer(world, side):
            continue  # an author is bound, whatever it thinks of its offer today
        code = world.answer[side]
        accepted = code == ACCEPT
        hear_answer(params, world, table, side, accepted)
        if accepted:
            continue
        agreed = False
        world.refusals[side] += 1
        if world.business != COUNTER:
            world.blocked_until[world.offer] = world.step + params.repeat_after
        if code == ON_CONDITIONS:
            world.counter_step[side] = world.step + params.counter_after
            world.counter_offer[side] = world.offer
            world.counter_demands[side] = world.answer_demands[side]
            world.counter_line[side] = world.offer_line
    asked = world.business == ROUND or world.business == DATED
    if asked and world.author == PATRON and is_conditional(params, world):
        keep_word(params, world, table)
    partial = params.partial[world.offer] == 1
    if agreed and partial:
        begin_partial(world)
    elif agreed:
        begin_truce(params, world, table)
    elif world.business == EXTENSION:
        world.expired += 1
        if partial:
            world.partial_offer = NOBODY
        else:
            world.fighting_stopped = NEVER


@kernel
def hear_answer(
    params: Params, world: World, table: Table, side: int, accepted: bool
) -> None:
    """Let the others learn from an answer what the side's cost of war may be."""
    width = params.cost_high[side] - params.cost_low[side]
    low, high = narrowed(
        world.cost_low[side],
        world.cost_high[side],
        width,
        table.put_gain[side],
        table.put_slope[side],
        2.0 * params.decision_noise[side],
        accepted,
    )
    world.cost_low[side], world.cost_high[side] = low, high


@kernel
def begin_truce(params: Params, world: World, table: Table) -> None:
    """Stop the fighting on the terms of the offer on the table."""
    for j in range(params.chips):
        part = part_handed_back(
            params, world, world.offer, world.demands, world.demanded_by, j
        )
        world.chip[j] *= 1.0 - part
    world.line = world.offer_line
    world.phase = TRUCE
    world.partial_offer = NOBODY  # all of the fighting stops
    world.truce_age = 0
    for side in range(SIDES):
        world.counter_step[side] = NEVER
    if world.business == EXTENSION:
        world.extended += 1
        return
    world.truce_offer = world.offer
    world.truce_author = world.author
    world.truce_demands = world.demands
    world.truce_demanded_by = world.demanded_by
    world.fighting_stopped = world.step
    if world.first_truce == NEVER:
        world.first_truce = world.step
    if world.first_full_truce == NEVER:
        world.first_full_truce = world.step
        world.first_truce_offer = world.offer
        world.first_truce_author = world.author
        world.line_at_agreement = world.line
        for j in range(params.chips):
            world.chip_at_agreement[j] = world.chip[j]


@kernel
def begin_partial(world: World) -> None:
    """Stop some kinds of attack on the terms of the offer on the table."""
    world.partial_age = 0
    if world.business == EXTENSION:
        world.extended += 1
        return
    world.partial_offer = world.offer
    world.partial_author = world.author
    world.partial_demands = world.demands
    world.partial_demanded_by = world.demanded_by
    if world.first_truce == NEVER:
        world.first_truce = world.step
