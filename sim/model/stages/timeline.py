"""Events with a date: offers that were tabled, aid decisions, commitments."""

from sim.model.compile import kernel
from sim.model.stages.propose import clear_desk
from sim.model.state import (
    AID_ENTRY,
    DATED,
    OFFER_ENTRY,
    REGIME_ENTRY,
    Params,
    Table,
    World,
)


@kernel
def timeline(params: Params, world: World, table: Table) -> None:
    """Start the day with an empty table, then apply the entries of its date."""
    clear_desk(world)
    while world.entry < params.entries and params.entry_step[world.entry] <= world.step:
        entry = world.entry
        world.entry += 1
        kind, index = params.entry_kind[entry], params.entry_index[entry]
        if kind == OFFER_ENTRY:
            world.business = DATED
            world.offer = index
            world.author = params.entry_by[entry]
        elif kind == AID_ENTRY:
            world.aid = params.entry_value[entry]
        elif kind == REGIME_ENTRY:
            world.regime[index] = params.entry_by[entry]
        else:
            world.audience_cost[index] = params.entry_value[entry]
