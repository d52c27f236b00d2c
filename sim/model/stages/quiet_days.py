"""Quiet days: those of a war on which nobody has anything to decide.

On most days of a war no offer is due, and at most a partial truce is in force. The
stages of bargaining then change nothing, and the engine leaves them out; the Mesa model
walks them all, and tests hold both to the same bits.
"""

from sim.model.compile import kernel
from sim.model.stages.propose import clear_desk
from sim.model.stages.truce import partial_ends
from sim.model.state import NEVER, NOBODY, WAR, Params, Table, World

# stages that act on a quiet day
QUIET_STAGES = ("aid", "truce", "flows", "front", "chips", "close")


@kernel(inline="always")
def next_round(params: Params, step: int) -> int:
    """First step from `step` on at which a round is due by the calendar."""
    since = step - params.first_round
    if since <= 0:
        return params.first_round
    return step + (params.round_every - since % params.round_every) % params.round_every


@kernel(inline="always")
def is_quiet(params: Params, world: World, round_due: int) -> bool:
    """Whether no offer can be on the table today; `round_due` is from `next_round`."""
    return (
        world.phase == WAR
        and world.step < round_due
        and world.round_waits == 0
        and (world.partial_offer == NOBODY or not partial_ends(params, world))
        and world.counter_step[0] == NEVER
        and world.counter_step[1] == NEVER
        and (
            world.entry >= params.entries or params.entry_step[world.entry] > world.step
        )
    )


@kernel(inline="always")
def clear(params: Params, world: World, table: Table) -> None:
    """Do what is left of the stages of bargaining: clear the desk of yesterday."""
    if world.author != NOBODY:  # a desk without an author is clear
        clear_desk(world)
