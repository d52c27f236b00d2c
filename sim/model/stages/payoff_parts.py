"""Why an offer beats fighting on, or does not: its gain taken apart.

A truce that nothing breaks and nothing settles is worth (1-d) n y + b^D W', and its
gain over fighting on is (1-d) n (y - W) + b^D (W' - W): land, chips, cost, terms and
rearmament follow it term by term. What the chance of a break-down takes away from it is
the distrust of the truce. What the chance P+ of a settlement then adds, and what
bargaining does to both sides of the comparison, are the settlement prospects. Aid that
hangs on the answers, and the price of refusing a patron that presses, are what they add
to the gain. The parts sum to the gain.
"""

from typing import Any

from sim.model.compile import kernel
from sim.model.formulas.offers import annuity, mean_length, truce_value
from sim.model.stages.partial_truce import spared_flow
from sim.model.stages.terms import (
    TERM_PARTS,
    part_handed_back,
    rearmament_of,
    side_terms,
    truce_flow,
    variant_of,
)
from sim.model.stages.valuation import gain_of, value_offer
from sim.model.stages.wars import chips_in_war, expected_drift, fight, own_line
from sim.model.state import DATED, PATRON, ROUND, Params, Table, World

PARTS = (
    "territory",
    "chips",
    "cost_of_fighting",
    *TERM_PARTS,  # of which aid is the first
    "audience_cost",
    "rearmament",
    "settlement_prospects",
    "distrust_of_truce",
    "price_of_refusal",
    "harm_forgone",
    "partial_truce",
)
LAND, CHIPS, COST, AID = range(4)
AUDIENCE, REARMED, SETTLING, DISTRUST, PRICE, HARM, SPARED = range(
    len(PARTS) - 7, len(PARTS)
)


@kernel
def reasons(params: Params, world: World, table: Table, side: int, parts: Any) -> None:
    """Write the parts of a side's gain from the offer on the table, in order of PARTS.

    `parts` has shape (len(PARTS),); the table must have been weighed today.
    """
    offer, demands, line = world.offer, world.demands, world.offer_line
    cost = world.cost[side]
    weighed = table.put_gain[side] + table.put_slope[side] * cost
    # the same at present aid, which is the offer without threats and promises
    value_offer(params, world, table, offer, demands, world.demanded_by, line)
    gain, slope = gain_of(table, side)
    plain = gain + slope * cost
    for i in range(parts.size):
        parts[i] = 0.0
    if params.partial[offer]:
        of_partial(params, world, side, parts)
    else:
        of_truce(params, world, table, side, parts)
    # what the partial truce in force, if there is one, would still have given
    parts[SPARED] = -(table.spared[side] + table.spared_slope[side] * cost)
    known = 0.0
    for i in range(parts.size):
        known += parts[i]
    parts[DISTRUST] = plain - known
    asked = world.business == ROUND or world.business == DATED
    if world.author == PATRON and asked:
        parts[PRICE] = params.refusal_price
        parts[AID] += weighed - plain - params.refusal_price


@kernel
def of_partial(params: Params, world: World, side: int, parts: Any) -> None:
    """Write the parts of a partial truce that nothing breaks."""
    time, _ = annuity(params.discount, 0.0, params.duration[world.offer])
    time *= 1.0 - params.discount
    harm, relief = spared_flow(params, world.offer, side)
    parts[COST] = time * relief * world.cost[side]
    parts[HARM] = time * harm


@kernel
def of_truce(params: Params, world: World, table: Table, side: int, parts: Any) -> None:
    """Write the parts of a full truce but for the distrust of it."""
    offer, demands, line = world.offer, world.demands, world.offer_line
    cost = world.cost[side]
    # fighting on, and how much of it is land, chips and cost
    for j in range(params.chips):
        table.kept[j] = world.chip[j]
    own_war = table.war[side] - cost * table.fighting[side]
    drift = expected_drift(params, world, table, side, world.rearmed)
    held = own_line(params, world.line, side)
    war_chips = chips_in_war(params, world, table, side, held, drift)
    war_land = table.war[side] - war_chips
    # a truce that nothing breaks and nothing settles
    duration = params.duration[offer]
    worth, end = annuity(params.discount, 0.0, duration)
    in_truce = (1.0 - params.discount) * worth
    shift = rearmament_of(params, offer, demands) * mean_length(0.0, duration)
    # wars after it: as today, on its line, with its chips, and rearmed
    on_line = _own_war(params, world, table, side, line, world.rearmed)
    for j in range(params.chips):
        part = part_handed_back(params, world, offer, demands, world.demanded_by, j)
        table.kept[j] = world.chip[j] * (1.0 - part)
    with_chips = _own_war(params, world, table, side, line, world.rearmed)
    rearmed = _own_war(params, world, table, side, line, world.rearmed + shift)
    held = own_line(params, line, side)
    flow = truce_flow(params, world, table, side, line, offer, demands)
    chips = 0.0
    for j in range(params.chips):
        value = params.chip_value[side, j] * table.kept[j]
        chips += value if params.chip_holder[j] == side else -value
    audience = held + chips
    terms = side_terms(params, side, offer, demands)
    for i in range(len(terms)):
        audience += terms[i]
        parts[AID + i] = in_truce * terms[i]
    parts[AUDIENCE] = -in_truce * (audience - flow)
    parts[LAND] = in_truce * (held - war_land) + end * (on_line - own_war)
    parts[CHIPS] = in_truce * (chips - war_chips) + end * (with_chips - on_line)
    parts[COST] = in_truce * cost * table.fighting[side]
    parts[REARMED] = end * (rearmed - with_chips)
    least = table.reservation[side] - table.spared[side]
    value = table.value[side] + table.value_slope[side] * cost
    parts[SETTLING] = own_war - (least - cost * table.fighting[side])
    parts[SETTLING] += value - _unsettled(params, world, table, side, flow)


@kernel
def _unsettled(
    params: Params, world: World, table: Table, side: int, flow: float
) -> float:
    """Value to a side, at its own cost, of the offer on the table if never settled.

    The chips are those in `table.kept`; whatever war follows, nobody bargains in it.
    """
    offer, variant = world.offer, variant_of(world.demands, 0)
    shift = rearmament_of(params, offer, world.demands)
    rearmed = world.rearmed + shift * params.mean_length[offer, variant]
    return truce_value(
        flow,
        _own_war(params, world, table, side, world.offer_line, rearmed),
        0.0,
        params.breakdown[offer, variant],
        0.0,
        params.annuity[offer, variant],
        params.end_worth[offer, variant],
        params.discount,
    )


@kernel
def _own_war(
    params: Params, world: World, table: Table, side: int, line: float, rearmed: float
) -> float:
    """War value of a side at its own cost, with the chips in `table.kept`."""
    value, fighting = fight(params, world, table, side, line, rearmed)
    return value - world.cost[side] * fighting
