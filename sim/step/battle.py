"""A day at the front: perhaps a battle, which moves the line and the beliefs."""

from sim.core.compile import kernel
from sim.core.elementary import expit
from sim.luck import BATTLE, uniform_pair
from sim.step.outlook import learn_from_battle, present_odds
from sim.step.record import WAR, Params, Table, World


@kernel
def battle(params: Params, world: World, table: Table) -> None:
    """Fight with chance h; the winner takes one step, and both sides learn."""
    if world.phase != WAR:
        return
    comes, goes = uniform_pair(world.seed, world.replicate, world.step, BATTLE >> 1)
    if comes >= params.battle_chance:
        return
    odds = expit(present_odds(params, world, params.true_log_odds))
    won = goes < odds  # the stream WINNER
    world.line += 1.0 if won else -1.0
    learn_from_battle(params, world, 1.0 if won else 0.0)
