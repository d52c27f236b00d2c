"""Aid from the patron: its level, and the effect at the front, which lags behind."""

from sim.core.compile import kernel
from sim.luck import AID_REVERT, uniform
from sim.step.record import NOBODY, Params, Table, World


@kernel
def aid(params: Params, world: World, table: Table) -> None:
    """End a pause by chance, then let the effect follow the level.

    A level other than the long-run one goes there with hazard rho_a (`aid_revert`).
    """
    if params.supports == NOBODY:
        return
    if world.aid != params.aid_long_run and params.aid_revert > 0.0:
        luck = uniform(world.seed, world.replicate, world.step, AID_REVERT)
        if luck < params.aid_revert:
            world.aid = params.aid_long_run
    world.aid_felt += (world.aid - world.aid_felt) * params.aid_felt_at_once
