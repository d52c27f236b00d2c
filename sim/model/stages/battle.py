"""A day at the front: perhaps a battle, which moves the line and the beliefs."""

from sim.model.compile import kernel
from sim.model.formulas.elementary import expit
from sim.model.rng import BATTLE
from sim.model.stages.draws import FRONT, day_of_luck
from sim.model.stages.outlook import learn_from_battle, present_help
from sim.model.state import WAR, Params, Table, World


@kernel
def battle(params: Params, world: World, table: Table) -> None:
    """Fight with chance h; the winner takes one step, and both sides learn."""
    if world.phase != WAR:
        return
    day = day_of_luck(params, world, table, FRONT, BATTLE >> 1)
    if table.luck[FRONT, 0, day] < params.battle_chance:
        luck = table.luck[FRONT, 1, day]  # the stream WINNER
        fight_battle(params, world, 1.0 - luck if params.mirrored else luck)


@kernel
def fight_battle(params: Params, world: World, luck: float) -> None:
    """Let one side win a battle, and both learn from it."""
    help_of_day = present_help(params, world)
    won = luck < expit(params.true_log_odds + help_of_day)
    world.line += 1.0 if won else -1.0
    learn_from_battle(params, world, help_of_day, 1.0 if won else 0.0)
