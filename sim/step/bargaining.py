"""A day of bargaining: what is due, who proposes, who answers how, what follows.

`agenda` finds the business of the day; `propose`, `answer` and `conclude` do it.
Decisions read the table that `appraise` and `weigh` have written. Only `conclude`
applies an answer.
"""

from sim.core.beliefs import narrowed
from sim.core.compile import kernel
from sim.luck import PROPOSER, uniform
from sim.step.appraise import may_propose
from sim.step.record import (
    ACCEPT,
    COUNTER,
    DATED,
    DEMANDS,
    EXTENSION,
    NEVER,
    NOBODY,
    NOTHING,
    ON_CONDITIONS,
    PATRON,
    REJECT,
    ROUND,
    SIDES,
    SILENT,
    TRUCE,
    WAR,
    Params,
    Table,
    World,
)
from sim.step.terms import line_of, part_handed_back
from sim.step.valuation import chance_of


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
    for party in range(SIDES):
        rest -= params.proposer_weight[party]
        if rest < 0.0:
            return party
    return PATRON


@kernel
def agenda(params: Params, world: World, table: Table) -> None:
    """Find what the day's bargaining is about: the first of these that is due.

    An extension of a truce that expires today, a dated offer, a counter-offer, a round.
    """
    if world.business == EXTENSION:
        return
    if world.phase != WAR:
        clear_desk(world)
        return
    if world.business == DATED:
        return
    for side in range(SIDES):
        due = world.counter_step[side]
        if due != NEVER and due <= world.step:
            world.business = COUNTER
            world.offer = world.counter_offer[side]
            world.author = side
            world.demands = world.counter_demands[side]
            world.demanded_by = side
            world.offer_line = line_of(params, world, world.offer)
            world.counter_step[side] = NEVER
            return
    since = world.step - params.first_round
    if since >= 0 and since % params.round_every == 0:
        world.business = ROUND
        world.author = drawn_proposer(params, world)


@kernel
def best_proposal(params: Params, world: World, table: Table) -> int:
    """Offer of today's author with the largest expected gain, or NOBODY.

    The patron weighs its own gain by the chances that both sides accept, a side by
    that of the other one. Without a positive best nothing is offered.
    """
    best, chosen = 0.0, NOBODY
    author = world.author
    for offer in range(params.offers):
        if not may_propose(params, world, offer):
            continue
        if author == PATRON:
            worth = table.patron_gain[offer]
        else:
            worth = table.gain[author, offer]
            worth += table.gain_slope[author, offer] * world.cost[author]
        if worth <= 0.0:
            continue
        for side in range(SIDES):
            if side != author:
                worth *= chance_of(
                    params,
                    world,
                    side,
                    table.gain[side, offer],
                    table.gain_slope[side, offer],
                )
        if worth > best:
            best, chosen = worth, offer
    return chosen


@kernel
def put_on_table(params: Params, world: World, offer: int) -> None:
    """Put an offer of the menu on the table, or end the round without one."""
    world.offer = offer
    if offer == NOBODY:
        world.business = NOTHING
        return
    world.offer_line = line_of(params, world, offer)


@kernel
def propose(params: Params, world: World, table: Table) -> None:
    """Let today's author choose from its menu."""
    if world.business == ROUND:
        put_on_table(params, world, best_proposal(params, world, table))


@kernel
def own_gain(world: World, table: Table, side: int) -> float:
    """Gain of a side from the offer on the table, with its cost and decision noise."""
    exact = table.put_gain[side] + table.put_slope[side] * world.cost[side]
    return exact + table.noise[side]


@kernel
def best_response(
    params: Params, world: World, table: Table, side: int
) -> tuple[int, int]:
    """Answer of a side that takes what beats fighting on; a tie accepts.

    Returns the answer and, for ON_CONDITIONS, the conditions as bits: of the sets that
    would make the offer acceptable to this side, the one that the other side most
    likely accepts, the smallest on ties. The noise of the decision is that of the
    offer, so that asking again is no new toss.
    """
    if own_gain(world, table, side) >= 0.0:
        return ACCEPT, 0
    if world.business != ROUND and world.business != DATED:
        return REJECT, 0
    best, best_size, chosen = -1.0, 0, 0
    for demands in range(1, DEMANDS):
        if demands & ~params.own_demands[side]:
            continue
        if table.demand_gain[side, demands] + table.noise[side] < 0.0:
            continue
        size = 0
        for bit in range(4):
            size += (demands >> bit) & 1
        chance = table.demand_chance[side, demands]
        if chance > best or (chance == best and size < best_size):
            best, best_size, chosen = chance, size, demands
    if chosen == 0:
        return REJECT, 0
    return ON_CONDITIONS, chosen


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
            code, demands = best_response(params, world, table, side)
            world.answer[side], world.answer_demands[side] = code, demands


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
    if agreed:
        begin_truce(params, world, table)
    elif world.business == EXTENSION:
        world.expired += 1
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
    world.truce_age = 0
    world.truce_variant = table.put_variant
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
