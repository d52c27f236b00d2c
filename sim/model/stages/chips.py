"""Land held outside the stake: it melts, moves in regimes, is captured, or opens."""

from sim.model.compile import kernel
from sim.model.formulas.elementary import exp
from sim.model.rng import CHIP_CAPTURE, CHIP_MOVE, uniform
from sim.model.stages.draws import FIRST_CHIP, day_of_luck, deviate_of
from sim.model.stages.outlook import switch_rate
from sim.model.state import NOBODY, WAR, Params, Table, World


@kernel
def chips(params: Params, world: World, table: Table) -> None:
    """Move every chip by one step of war."""
    if world.phase != WAR:
        return
    for j in range(params.chips):
        if world.chip[j] > 0.0 or params.gain[j, world.regime[j]] > 0.0:
            block = (CHIP_MOVE + 4 * params.chip_luck[j]) >> 1
            day = day_of_luck(params, world, table, FIRST_CHIP + j, block)
            move(params, world, table, j, day)
            turn = table.luck[FIRST_CHIP + j, 1, day]  # the stream CHIP_SWITCH
            switch_regime(params, world, j, turn)
            capture(params, world, j)
    for j in range(params.chips):
        opener = params.chip_opener[j]
        closed = opener != NOBODY and world.regime[j] == params.chip_regime[j]
        if closed and world.chip[opener] < params.chip_opens_below[j]:
            world.regime[j] = params.chip_opens_into[j]


@kernel
def move(params: Params, world: World, table: Table, chip: int, day: int) -> None:
    """K (1-loss) exp(sigma z - sigma^2/2), or K + gain (1-K); never above 1.

    `day` is the place of today's luck in the table.
    """
    regime = world.regime[chip]
    held = world.chip[chip]
    gain = params.gain[chip, regime]
    if gain > 0.0:
        held += gain * (1.0 - held)
    else:
        held *= 1.0 - params.loss[chip, regime]
    sigma = params.volatility[chip, regime]
    if sigma > 0.0 and held > 0.0:
        if table.shock_volatility[chip] != sigma:
            foresee_shocks(table, chip, sigma)
        held *= table.shock[chip, day]
    held = min(held, 1.0)
    if held < params.chip_floor[chip] and gain <= 0.0:
        held = 0.0
    world.chip[chip] = held


@kernel
def foresee_shocks(table: Table, chip: int, volatility: float) -> None:
    """Write what chance does to a chip on the days whose luck is in the table.

    exp(sigma z - sigma^2/2), a factor of mean 1; worked out for all days at once.
    """
    row = FIRST_CHIP + chip
    deviate_of(table, row, 0)  # which works out all of them
    deviate, shock = table.deviate[row], table.shock[chip]
    table.shock_volatility[chip] = volatility
    drift = 0.5 * volatility * volatility
    for day in range(table.luck_days[row]):
        shock[day] = exp(volatility * deviate[day] - drift)


@kernel
def switch_regime(params: Params, world: World, chip: int, luck: float) -> None:
    """Leave the regime with chance 1 - exp(-sum of rates), split by the rates."""
    here = world.regime[chip]
    n = params.chip_regimes[chip]
    total = 0.0
    for there in range(n):
        total += switch_rate(params, chip, here, there, world.aid_felt)
    if total <= 0.0:
        return
    if luck >= total:  # 1 - exp(-x) <= x: most days need no more than this
        return
    leave = 1.0 - exp(-total)
    if luck >= leave:
        return
    rest = luck / leave * total
    for there in range(n):
        rate = switch_rate(params, chip, here, there, world.aid_felt)
        if rate > 0.0:
            world.regime[chip] = there
            rest -= rate
            if rest < 0.0:
                return


@kernel
def capture(params: Params, world: World, chip: int) -> None:
    """An encircled remainder may be taken whole."""
    hazard = params.chip_capture[chip]
    if hazard > 0.0 and world.chip[chip] > 0.0:
        stream = CHIP_CAPTURE + 4 * params.chip_luck[chip]
        if uniform(world.seed, world.replicate, world.step, stream) < hazard:
            world.chip[chip] = 0.0
