"""What an offer says: line, chips handed back, freeze, relief, and the flow of a truce.

Conditions that a side adds are bits of `demands`; `demanded_by` is that side.
"""

from typing import Final

from sim.model.compile import kernel
from sim.model.stages.wars import own_line
from sim.model.state import (
    AID_FREEZE,
    AT_LINE,
    EXTENSION,
    HAND_BACK,
    MONITORED,
    NOBODY,
    OPTIMAL,
    SANCTIONS_RELIEF,
    SIDES,
    Params,
    Table,
    World,
)

# Parts of a payoff that are flows by the terms alone, in the order of their kernels.
TERM_PARTS: Final = ("aid", "sanctions")


@kernel(inline="always")
def line_of(params: Params, world: World, table: Table, offer: int) -> float:
    """Line of an offer; an optimal one was found by `appraise`."""
    if params.line_kind[offer] == AT_LINE:
        return params.line_km2[offer]
    if params.line_kind[offer] == OPTIMAL:
        return table.menu_line[offer]
    return world.line


@kernel(inline="always")
def part_handed_back(
    params: Params, world: World, offer: int, demands: int, demanded_by: int, chip: int
) -> float:
    """Share of a chip that its holder hands back; of an extension, none again."""
    if world.business == EXTENSION:
        return 0.0
    if demands & HAND_BACK and params.chip_holder[chip] != demanded_by:
        return 1.0
    return params.hand_back[offer, chip]


@kernel(inline="always")
def freeze_of(params: Params, offer: int, demands: int) -> float:
    """Share of the aid that an offer freezes."""
    return 1.0 if demands & AID_FREEZE else params.aid_freeze[offer]


@kernel(inline="always")
def relief_of(params: Params, offer: int, demands: int) -> float:
    """Sanctions relief of an offer."""
    return 1.0 if demands & SANCTIONS_RELIEF else params.sanctions_relief[offer]


@kernel(inline="always")
def variant_of(demands: int, settles: int) -> int:
    """Index of the constants of a truce: as offered or monitored, and how it may end.

    `settles` is 1 if it may become a settlement, which a partial truce never does.
    """
    return (2 if demands & MONITORED else 0) + settles


@kernel(inline="always")
def rearmament_of(params: Params, offer: int, demands: int) -> float:
    """Drift towards side 0 by which each step of the truce shifts a later war."""
    thawed = 1.0 - freeze_of(params, offer, demands)
    own, other = params.rearmament[0], params.rearmament[1]
    if params.supports == 0:
        own *= thawed
    elif params.supports == 1:
        other *= thawed
    return own - other


@kernel(inline="always")
def side_terms(
    params: Params, side: int, offer: int, demands: int
) -> tuple[float, float]:
    """Flows to a side during a truce that are its TERM_PARTS."""
    frozen, relieved = 0.0, 0.0
    if side == params.supports:
        frozen = params.aid_freeze_cost[side] * freeze_of(params, offer, demands)
    elif params.supports != NOBODY:
        worth = params.sanctions_relief_value[side]
        relieved = worth * relief_of(params, offer, demands)
    return -frozen, relieved


@kernel
def patron_terms(params: Params, world: World, offer: int) -> tuple[float, float]:
    """Flows to the patron during a truce that are its TERM_PARTS."""
    frozen = world.aid * params.aid_freeze[offer]
    paid = params.sanctions_relief_cost * params.sanctions_relief[offer]
    return params.aid_cost * frozen, -paid


@kernel
def patron_flow(
    params: Params, world: World, table: Table, offer: int, line: float
) -> float:
    """Flow to the patron of a full truce: kap_w + kap_a a f + B (x - W0) - kap_g g."""
    aid_saved, relief = patron_terms(params, world, offer)
    held = own_line(params, line, params.supports)
    line_gained = params.value_per_km2 * (held - table.war_of_patron)
    return params.cost_while_war + aid_saved + line_gained + relief


@kernel
def truce_flow(
    params: Params,
    world: World,
    table: Table,
    side: int,
    line: float,
    offer: int,
    demands: int,
) -> float:
    """Flow y of a side during a truce at `line` with the chips in `table.kept`."""
    flow = own_line(params, line, side)
    # a claim that is just met may miss by rounding
    trespassed = flow < params.claimed_km2[side] - 1e-6
    for j in range(params.chips):
        if table.kept[j] > 0.0:
            worth = params.chip_value[side, j] * table.kept[j]
            if params.chip_holder[j] == side:
                flow += worth
            else:
                flow -= worth
                trespassed = True
    if trespassed:
        flow -= world.audience_cost[side]
    for term in side_terms(params, side, offer, demands):
        flow += term
    return flow


@kernel(inline="always")
def keep_what_stays(
    params: Params,
    world: World,
    table: Table,
    offer: int,
    demands: int,
    demanded_by: int,
) -> None:
    """Write to `table.kept` the chips as an offer would leave them."""
    for j in range(params.chips):
        part = part_handed_back(params, world, offer, demands, demanded_by, j)
        table.kept[j] = world.chip[j] * (1.0 - part)


@kernel
def idle_demands(params: Params, world: World, offer: int, side: int) -> int:
    """Conditions of a side that ask for what an offer gives anyway, as bits.

    A set with one of them is worth what it is worth without, and larger. A partial
    truce has room for monitoring only.
    """
    if params.partial[offer]:
        return HAND_BACK | AID_FREEZE | SANCTIONS_RELIEF
    idle = HAND_BACK
    for j in range(params.chips):
        kept = world.chip[j] * (1.0 - params.hand_back[offer, j])
        if params.chip_holder[j] != side and kept > 0.0:
            idle = 0
    if params.aid_freeze[offer] == 1.0:
        idle |= AID_FREEZE
    if params.sanctions_relief[offer] == 1.0:
        idle |= SANCTIONS_RELIEF
    return idle


@kernel
def same_terms(params: Params, world: World, one: int, other: int) -> bool:
    """Whether two offers of the menu mean the same today.

    What they say of chips that nobody holds any more makes no difference.
    """
    if one == other:
        return True
    same = (
        params.partial[one] == params.partial[other]
        and params.duration[one] == params.duration[other]
        and params.line_kind[one] == params.line_kind[other]
        and params.line_km2[one] == params.line_km2[other]
        and params.aid_freeze[one] == params.aid_freeze[other]
        and params.sanctions_relief[one] == params.sanctions_relief[other]
        # equal monitoring, as far as it matters
        and params.breakdown[one, 0] == params.breakdown[other, 0]
    )
    if not same:
        return False
    for side in range(SIDES):
        same = same and params.relief[side, one] == params.relief[side, other]
    for j in range(params.chips):
        back = params.hand_back[one, j] == params.hand_back[other, j]
        same = same and (back or world.chip[j] <= 0.0)
    return same
