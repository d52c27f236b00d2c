"""The list of stages compiled into one period, and the loop over worlds.

Worlds run one after another, each to its end, on a table of their own thread. Which
worlds share a call, and on which thread, changes nothing: a world is a function of
(parameters, seed, replicate).
"""

from collections.abc import Callable, Sequence
from typing import Any

from sim.core.compile import kernel
from sim.step.quiet import QUIET_STAGES, clear, is_quiet, next_round
from sim.step.record import DEFEAT, SETTLED, Params, Table, World
from sim.step.stages import NATURE, STAGES, Stage
from sim.step.start import begin

Act = Callable[[Any, Any, Any], None]


def chained(stages: Sequence[Stage]) -> Act:
    """Return one compiled function that runs the stages in order.

    Stages are joined by fours, and the fours in turn: the compiler works on a function
    once more for each one around it, which a chain of single stages would make costly.
    """
    if len(stages) == 1:
        return stages[0].act
    quarter = -(-len(stages) // 4)
    parts = [stages[i : i + quarter] for i in range(0, len(stages), quarter)]
    acts = [chained(part) for part in parts] + [idle] * 3
    first, second, third, fourth = acts[:4]

    @kernel(inline="always")
    def run(params: Params, world: World, table: Table) -> None:
        first(params, world, table)
        second(params, world, table)
        third(params, world, table)
        fourth(params, world, table)

    return run


@kernel
def idle(params: Params, world: World, table: Table) -> None:
    """Do nothing."""
    return


@kernel
def ended(params: Params, world: World) -> bool:
    """Whether nothing more happens in a world."""
    return world.phase == SETTLED or world.phase == DEFEAT or world.step >= params.steps


def looped(period: Act, quiet: Act) -> Callable[..., None]:
    """Return a compiled loop that runs worlds from start to end.

    Called as loop(params (1,), worlds (n,), tables (1,), seed, first), it fills
    `worlds` with replicates first, first + 1, ... `quiet` is the period of a day on
    which nobody has anything to decide.
    """

    @kernel
    def loop(params: Any, worlds: Any, tables: Any, seed: int, first: int) -> None:
        cell, table = params[0], tables[0]
        for i in range(worlds.size):
            world = worlds[i]
            begin(cell, world, table, seed, first + i)
            round_due = next_round(cell, 0)
            while not ended(cell, world):
                if is_quiet(cell, world, round_due):
                    quiet(cell, world, table)
                else:
                    period(cell, world, table)
                    round_due = next_round(cell, world.step)

    return loop


def recorded(period: Act) -> Callable[..., None]:
    """Return a loop that keeps each world as it stood after every step.

    Called as loop(params (1,), worlds (n,), tables (1,), seed, first, days (n, steps));
    rows after the end of a world are left as they were.
    """

    @kernel
    def loop(
        params: Any, worlds: Any, tables: Any, seed: int, first: int, days: Any
    ) -> None:
        for i in range(worlds.size):
            world = worlds[i]
            begin(params[0], world, tables[0], seed, first + i)
            while not ended(params[0], world):
                today = world.step
                period(params[0], world, tables[0])
                days[i, today] = world

    return loop


period = chained(STAGES)
quiet_period = chained(
    [
        Stage("clear", NATURE, clear),
        *(stage for stage in STAGES if stage.name in QUIET_STAGES),
    ]
)
run_worlds = looped(period, quiet_period)
run_recorded = recorded(period)
