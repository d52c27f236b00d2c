"""What a day's bargaining is about, and who proposes what.

`agenda` finds the business of the day, `propose` lets its author choose from the menu
that `appraise` has valued.
"""

from sim.model.compile import kernel
from sim.model.rng import PROPOSER, uniform
from sim.model.stages.menu import is_on_menu
from sim.model.stages.offer_values import worth_of
from sim.model.stages.terms import line_of
from sim.model.state import (
    COUNTER,
    DATED,
    EXTENSION,
    IN_PLACE,
    NEVER,
    NOBODY,
    NOTHING,
    PATRON,
    ROUND,
    SIDES,
    SILENT,
    WAR,
    Params,
    Table,
    World,
)


@kernel
def clear_desk(world: World) -> None:
    """Take yesterday's offer off the table."""
    world.business = NOTHING
    world.offer = NOBODY
    world.author = NOBODY
    world.demands = 0
    world.demanded_by = NOBODY
    for side in range(SIDES):
        world.answer[side] = SILENT
        world.answer_demands[side] = 0


@kernel
def drawn_proposer(params: Params, world: World) -> int:
    """Who proposes in this round, drawn by weight."""
    total = 0.0
    for party in range(SIDES + 1):
        total += params.proposer_weight[party]
    for party in range(SIDES + 1):  # one alone needs no luck
        if params.proposer_weight[party] == total:
            return party
    rest = total * uniform(world.seed, world.replicate, world.step, PROPOSER)
    for place in range(SIDES):
        party = place ^ params.mirrored
        rest -= params.proposer_weight[party]
        if rest < 0.0:
            return party
    return PATRON


@kernel
def agenda(params: Params, world: World, table: Table) -> None:
    """Find what the day's bargaining is about: the first of these that is due.

    An extension of a truce that expires today, a dated offer, a counter-offer, a round.
    A round that finds its day taken waits for the next free one, unless an offer came
    in its place by date.
    """
    since = world.step - params.first_round
    if since >= 0 and since % params.round_every == 0:
        world.round_waits = 1
    if world.business == EXTENSION:
        return
    if world.phase != WAR:
        world.round_waits = 0
        clear_desk(world)
        return
    if world.business == DATED:
        world.round_waits = 0
        return
    for place in range(SIDES):
        side = place ^ params.mirrored
        due = world.counter_step[side]
        if due != NEVER and due <= world.step:
            world.business = COUNTER
            world.offer = world.counter_offer[side]
            world.author = side
            world.demands = world.counter_demands[side]
            world.demanded_by = side
            if params.line_kind[world.offer] == IN_PLACE:
                world.offer_line = world.line
            else:
                world.offer_line = world.counter_line[side]
            world.counter_step[side] = NEVER
            return
    if world.round_waits == 1:
        world.round_waits = 0
        world.business = ROUND
        world.author = drawn_proposer(params, world)


@kernel
def best_proposal(params: Params, world: World, table: Table) -> int:
    """Offer of today's author with the largest expected gain, or NOBODY."""
    best, chosen = 0.0, NOBODY
    for offer in range(params.offers):
        if is_on_menu(table, offer):
            worth = worth_of(params, world, table, offer)
            if worth > best:
                best, chosen = worth, offer
    return chosen


@kernel
def put_on_table(params: Params, world: World, table: Table, offer: int) -> None:
    """Put an offer of the menu on the table, or end the round without one."""
    world.offer = offer
    if offer == NOBODY:
        world.business = NOTHING
        return
    world.offer_line = line_of(params, world, table, offer)


@kernel
def propose(params: Params, world: World, table: Table) -> None:
    """Let today's author choose from its menu."""
    if world.business == ROUND:
        put_on_table(params, world, table, best_proposal(params, world, table))
