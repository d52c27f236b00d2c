"""A day at the front: perhaps a battle, which moves the line and the beliefs."""

from sim.core.compile import kernel
from sim.core.elementary import expit
from sim.luck import BATTLE, WINNER, uniform
from sim.step.outlook import learn_from_battle, present_odds
from sim.step.record import WAR, Params, Table, World


@kernel
def battle(params: Params, world: World, table: Table) -> None:
    """Fight with chance h; the winner takes one step, and both sides learn."""
    if world.phase != WAR:
        return
    seed, replicate, step = world.seed, world.replicate, world.step
    if uniform(seed, replicate, step, BATTLE) >= params.battle_chance:
        return
    odds = expit(present_odds(params, world, params.true_log_odds))
    won = uniform(seed, replicate, step, WINNER) < odds
    world.line += 1.0 if won else -1.0
    learn_from_battle(params, world, 1.0 if won else 0.0)
