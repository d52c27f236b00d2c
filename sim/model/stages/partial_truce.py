"""Partial truces: some kinds of attack stop, and the war goes on.

While one lasts, side i is spared a share of its cost of war and forgoes harm to the
other side that it values, theta_i a unit. Both are flows: intercept + slope c_i, as the
own cost is private; the cost of the other counts at its mean at the start.

Sources: a truce on one kind of attack is the smallest co-operative step in a contest
(Fearon 1995 on divisible issues); how harm to the other side is valued is an assumption
of this project, see `docs/model.md`.
"""

from sim.model.compile import kernel
from sim.model.formulas.offers import UNENDING, annuity
from sim.model.stages.terms import variant_of
from sim.model.state import NOBODY, SIDES, Params, Table, World


@kernel
def spared_flow(params: Params, offer: int, side: int) -> tuple[float, float]:
    """Flow to a side while a partial truce lasts: rel_i c_i - theta_i rel_j E[c_j].

    Returns intercept and slope in the own cost of war.
    """
    other = 1 - side
    mean = 0.5 * (params.cost_low[other] + params.cost_high[other])
    harm = params.value_of_harm[side] * params.relief[other, offer] * mean
    return -harm, params.relief[side, offer]


@kernel
def mean_relief(params: Params, offer: int) -> float:
    """Mean share of the cost of war that a partial truce takes from the two sides."""
    return 0.5 * (params.relief[0, offer] + params.relief[1, offer])


@kernel
def time_left(params: Params, world: World) -> float:
    """Discounted time (1-d) n that is left of the partial truce, with today."""
    offer = world.partial_offer
    variant = variant_of(world.partial_demands, 0)
    duration = params.duration[offer]
    if duration == UNENDING:
        return (1.0 - params.discount) * params.annuity[offer, variant]
    left = duration - float(world.partial_age)
    if left <= 0.0:
        return 0.0
    worth, _ = annuity(params.discount, params.breakdown[offer, variant], left)
    return (1.0 - params.discount) * worth


@kernel
def foresee_spared(params: Params, world: World, table: Table) -> None:
    """Write to `table.spared` what a partial truce in force still gives each side."""
    for side in range(SIDES):
        table.spared[side], table.spared_slope[side] = 0.0, 0.0
    if world.partial_offer == NOBODY:
        return
    time = time_left(params, world)
    for side in range(SIDES):
        flow, slope = spared_flow(params, world.partial_offer, side)
        table.spared[side], table.spared_slope[side] = flow * time, slope * time
