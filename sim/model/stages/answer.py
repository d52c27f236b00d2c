"""How a side answers the offer on the table: by its policy, from what was weighed."""

from sim.model.compile import kernel
from sim.model.stages.terms import idle_demands
from sim.model.state import (
    ACCEPT,
    DATED,
    DEMANDS,
    EXTENSION,
    NOBODY,
    ON_CONDITIONS,
    REJECT,
    ROUND,
    SCRIPTED,
    SIDES,
    SILENT,
    Params,
    Table,
    World,
)


@kernel
def own_gain(world: World, table: Table, side: int) -> float:
    """Gain of a side from the offer on the table, with its cost and decision noise."""
    exact = table.put_gain[side] + table.put_slope[side] * world.cost[side]
    return exact + table.noise[side]


@kernel
def respond(params: Params, world: World, table: Table, side: int) -> tuple[int, int]:
    """Answer of a side that takes what is worth its aspiration; a tie accepts.

    Returns the answer and, for ON_CONDITIONS, the conditions as bits. Under the policy
    best_response the aspiration is 0: what beats fighting on is taken.
    """
    if own_gain(world, table, side) >= table.aspiration[side]:
        return ACCEPT, 0
    if world.business != ROUND and world.business != DATED:
        return REJECT, 0
    chosen = best_demands(params, table, side)
    if chosen == 0:
        return REJECT, 0
    return ON_CONDITIONS, chosen


@kernel
def best_demands(params: Params, table: Table, side: int) -> int:
    """Conditions to name, as bits: of the sets that would make a side accept one.

    That which the other side most likely accepts, the smallest on ties; 0 if no set
    would do. The noise of the decision is that of the offer, so that asking again is
    no new toss.
    """
    best, best_size, chosen = -1.0, 0, 0
    for demands in range(1, DEMANDS):
        if demands & ~params.own_demands[side]:
            continue
        own = table.demand_gain[side, demands] + table.noise[side]
        if own < table.aspiration[side]:
            continue
        size = 0
        for bit in range(4):
            size += (demands >> bit) & 1
        chance = table.demand_chance[side, demands]
        if chance > best or (chance == best and size < best_size):
            best, best_size, chosen = chance, size, demands
    return chosen


@kernel
def scripted_answer(params: Params, world: World, side: int) -> int:
    """Answer that a script has for the offer on the table today; SILENT if none.

    The latest entry counts. A script is about offers as they stand on the menu: not
    about counter-offers, nor about extensions.
    """
    code = SILENT
    if world.business != ROUND and world.business != DATED:
        return code
    for i in range(params.answers):
        here = params.answer_side[i] == side and params.answer_offer[i] == world.offer
        if here and params.answer_step[i] <= world.step:
            code = params.answer_code[i]
    return code


@kernel
def follow_script(
    params: Params, world: World, table: Table, side: int
) -> tuple[int, int]:
    """Answer by the script of a side, or as best response where it has none.

    Conditions are those that would make it accept; if none would, all it may name.
    """
    code = scripted_answer(params, world, side)
    if code == SILENT:
        return respond(params, world, table, side)
    if code != ON_CONDITIONS:
        return code, 0
    chosen = best_demands(params, table, side)
    if chosen == 0:
        idle = idle_demands(params, world, world.offer, side)
        chosen = params.own_demands[side] & ~idle
    if chosen == 0:
        return REJECT, 0
    return ON_CONDITIONS, chosen


@kernel
def answer_by_policy(
    params: Params, world: World, table: Table, side: int
) -> tuple[int, int]:
    """Answer of a side by the policy that the scenario gives it."""
    if params.policy[side] == SCRIPTED:
        return follow_script(params, world, table, side)
    return respond(params, world, table, side)


@kernel
def must_answer(world: World, side: int) -> bool:
    """Whether the offer on the table waits for this side; its author is bound."""
    return world.offer != NOBODY and (
        side != world.author or world.business == EXTENSION
    )


@kernel
def answer(params: Params, world: World, table: Table) -> None:
    """Let the sides answer the offer on the table."""
    if world.offer == NOBODY:
        return
    for side in range(SIDES):
        if must_answer(world, side):
            code, demands = answer_by_policy(params, world, table, side)
            world.answer[side], world.answer_demands[side] = code, demands
