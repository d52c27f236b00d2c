"""What a side wants beyond its reservation value, by its policy.

Boulware and conceder begin at the best of the menu and give way until a deadline.
Source: Faratin, Sierra and Jennings (1998), time-dependent tactics.
"""

from sim.model.compile import kernel
from sim.model.formulas.acceptance import aspiration_left
from sim.model.stages.terms import line_of
from sim.model.stages.valuation import gain_of, look_after, value_to
from sim.model.state import (
    BOULWARE,
    HARDLINER,
    NOBODY,
    OPTIMAL,
    SIDES,
    Params,
    Table,
    World,
)


@kernel
def aspire(params: Params, world: World, table: Table) -> None:
    """Write the aspiration of each side over R, after the outlook of the day."""
    for side in range(SIDES):
        policy = params.policy[side]
        wanted = 0.0
        if policy == HARDLINER:
            wanted = params.premium[side]
        elif policy >= BOULWARE:
            passed = min(1.0, float(world.step) / params.deadline[side])
            left = aspiration_left(passed, params.beta[side])
            if left > 0.0:
                wanted = left * hope(params, world, table, side)
        table.aspiration[side] = wanted


@kernel
def hope(params: Params, world: World, table: Table, side: int) -> float:
    """Gain of a side from the best offer there is, whoever may make it; at least 0.

    An optimal line, which is its author's choice, counts as the line in place.
    """
    best = 0.0
    for offer in range(params.offers):
        line = world.line
        if params.line_kind[offer] != OPTIMAL:
            line = line_of(params, world, table, offer)
        look_after(params, world, table, offer, 0, NOBODY, line)
        value_to(params, world, table, side, offer, 0, line)
        gain, slope = gain_of(table, side)
        # summed as an answer will sum it, so that the best offer is just good enough
        best = max(best, gain + slope * world.cost[side])
    return best
