"""Plain compiled loops, as yardsticks: one world at a time, each offer by itself.

They run the stages of the model, compiled with the same flags and the same inlining, on
the same luck, and walk all stages on every day, where the engine knows quiet days. They
differ in a few kernels, which are put in place of the model's:

- `plain_loop()`: whatever offer or set of conditions is valued, its wars are valued for
  it alone; no other offer of the day shares them.
- `plain_loop(keeping=False)`: nothing at all is kept from one use to the next. Wars are
  valued anew for each side too, front by front; luck is drawn on the day on which it is
  used, noise whenever it is asked for; what the day's beliefs and aid imply is worked
  out anew for each look at the day.

Their worlds are those of the engine to the last bit.
"""

from collections.abc import Callable, Sequence
from typing import Any

from rebuilt import rebuilt

from sim.model.compile import kernel
from sim.model.engine import Act, ended
from sim.model.rng import uniform_pair
from sim.model.schedule import STAGES
from sim.model.stages.draws import (
    FIRST_CHIP,
    PARTIAL,
    draw_ahead,
    forget_noise,
    noise_of,
)
from sim.model.stages.outlook import look_ahead
from sim.model.stages.start import begin
from sim.model.stages.valuation import (
    list_wars_after,
    look_after,
    value_offer,
    value_to,
)
from sim.model.stages.wars import forget_wars, value_front, value_fronts
from sim.model.state import SIDES, Params, Table, World

# ---- in place of the model's: no war is shared ---------------------------------------


@kernel
def look_after_this_one(
    params: Params,
    world: World,
    table: Table,
    offer: int,
    demands: int,
    demanded_by: int,
    line: float,
) -> None:
    """Look at what follows an offer, with no war known that another has asked for."""
    forget_wars(table)
    look_after(params, world, table, offer, demands, demanded_by, line)


@kernel
def list_nothing(
    params: Params,
    world: World,
    table: Table,
    offer: int,
    demands: int,
    demanded_by: int,
    line: float,
) -> None:
    """List no war ahead."""
    return


# ---- in place of the model's: nothing is kept ----------------------------------------


@kernel
def value_offer_to_each(
    params: Params,
    world: World,
    table: Table,
    offer: int,
    demands: int,
    demanded_by: int,
    line: float,
) -> None:
    """Value an offer to one side, then look again at what follows, for the other."""
    for side in range(SIDES):
        look_after(params, world, table, offer, demands, demanded_by, line)
        value_to(params, world, table, side, offer, demands, line)


@kernel
def value_front_by_front(
    params: Params, drift: Any, held: Any, value: Any, fighting: Any
) -> None:
    """Value fronts one after the other."""
    for front in range(drift.size):
        worth, share = value_front(params, drift[front], held[front])
        if share >= 0.0:  # always: a branch, without which it would be vector code
            value[front], fighting[front] = worth, share


@kernel
def draw_today(
    params: Params, world: World, table: Table, row: int, block: int
) -> None:
    """Draw the luck of today only."""
    table.luck_from[row], table.luck_days[row] = world.step, 1
    table.luck_seed[row], table.luck_replicate[row] = world.seed, world.replicate
    table.luck[row, 0, 0], table.luck[row, 1, 0] = uniform_pair(
        world.seed, world.replicate, world.step, block
    )
    table.deviates_known[row] = 0
    if FIRST_CHIP <= row < PARTIAL:
        table.shock_volatility[row - FIRST_CHIP] = 0.0


@kernel
def noise_drawn_anew(
    params: Params, world: World, table: Table, offer: int, side: int
) -> float:
    """Draw the noise of a decision, whether or not it was drawn before."""
    forget_noise(table)
    return noise_of(params, world, table, offer, side)


@kernel
def look_ahead_anew(params: Params, world: World, table: Table) -> None:
    """Look at the day as if for the first time."""
    table.aid_known = -1.0
    look_ahead(params, world, table)


_ALONE = {look_after: look_after_this_one, list_wars_after: list_nothing}
_UNKEPT = {
    value_offer: value_offer_to_each,
    value_fronts: value_front_by_front,
    draw_ahead: draw_today,
    noise_of: noise_drawn_anew,
    look_ahead: look_ahead_anew,
}

# ---- the loop ------------------------------------------------------------------------


def plain_loop(*, keeping: bool = True) -> Callable[..., None]:
    """Return a loop, called as loop(params (1,), worlds (n,), tables (1,), seed).

    It fills `worlds` with replicates 0, 1, ... It is compiled anew by each process.
    """
    instead = _ALONE if keeping else {**_ALONE, **_UNKEPT}
    made: dict[Any, Any] = {}
    period = in_order([rebuilt(stage.act, instead, made) for stage in STAGES])

    @kernel
    def loop(params: Any, worlds: Any, tables: Any, seed: int) -> None:
        for i in range(worlds.size):
            begin(params[0], worlds[i], tables[0], seed, i)
            while not ended(params[0], worlds[i]):
                period(params[0], worlds[i], tables[0])

    return loop


def in_order(acts: Sequence[Act]) -> Act:
    """Return one function that does all, joined by halves.

    It is `chained` of the engine, which keeps what it compiles under the names of the
    stages: these must not be taken for the model's.
    """
    if len(acts) == 1:
        return acts[0]
    half = len(acts) // 2
    first, second = in_order(acts[:half]), in_order(acts[half:])

    @kernel(inline="always")
    def run(params: Params, world: World, table: Table) -> None:
        first(params, world, table)
        second(params, world, table)

    return run
