"""Land held outside the stake: it melts, moves in regimes, is captured, or opens."""

from sim.model.compile import kernel
from sim.model.formulas.elementary import exp
from sim.model.rng import CHIP_CAPTURE, CHIP_MOVE, uniform
from sim.model.stages.lanes import Lanes, alone, deviate, draw
from sim.model.stages.outlook import switch_rate
from sim.model.state import NOBODY, TOGETHER, Params


@kernel
def chips_in_lanes(params: Params, lanes: Lanes, n: int) -> None:
    """Move every chip by one step of war."""
    for j in range(params.chips):
        some = list_changing(params, lanes, n, j)
        if some > 0:
            padded = (some + TOGETHER - 1) // TOGETHER * TOGETHER
            who = lanes.some[:padded]
            who[some:] = who[0]
            draw(lanes, who, (CHIP_MOVE + 4 * params.chip_luck[j]) >> 1)
            deviate(lanes, padded)
            shake(lanes, padded)
            for place in range(some):
                move(params, lanes, j, place)
                capture(params, lanes, j, lanes.some[place])
    for j in range(params.chips):
        if params.chip_opener[j] != NOBODY:
            for i in range(n):
                open_up(params, lanes, j, i)


@kernel
def list_changing(params: Params, lanes: Lanes, n: int, chip: int) -> int:
    """List the lanes in which a chip melts or grows, and its volatility there."""
    some = 0
    for i in range(n):
        regime = lanes.regime[chip, i]
        if lanes.chip[chip, i] > 0.0 or params.gain[chip, regime] > 0.0:
            lanes.some[some] = i
            lanes.total[some] = params.volatility[chip, regime]
            some += 1
    return some


@kernel
def shake(lanes: Lanes, n: int) -> None:
    """Write what chance does to a chip: exp(sigma z - sigma^2/2), of mean 1."""
    factor, chance = lanes.total[:n], lanes.deviate[:n]
    for i in range(n):
        sigma = factor[i]
        factor[i] = exp(sigma * chance[i] - 0.5 * sigma * sigma)


@kernel
def move(params: Params, lanes: Lanes, chip: int, place: int) -> None:
    """K (1-loss) times chance, or K + gain (1-K), never above 1; then the regime.

    `place` is that of a lane in the list.
    """
    i = lanes.some[place]
    regime, held = lanes.regime[chip, i], lanes.chip[chip, i]
    gain = params.gain[chip, regime]
    if gain > 0.0:
        held += gain * (1.0 - held)
    else:
        held *= 1.0 - params.loss[chip, regime]
    if held > 0.0:
        held *= lanes.total[place]
    held = min(held, 1.0)
    if held < params.chip_floor[chip] and gain <= 0.0:
        held = 0.0
    felt, luck = lanes.aid_felt[i], lanes.odd[place]  # of the stream CHIP_SWITCH
    lanes.regime[chip, i] = next_regime(params, chip, regime, felt, luck)
    lanes.chip[chip, i] = held


@kernel
def capture(params: Params, lanes: Lanes, chip: int, i: int) -> None:
    """An encircled remainder may be taken whole."""
    hazard = params.chip_capture[chip]
    if hazard > 0.0 and lanes.chip[chip, i] > 0.0:
        stream = CHIP_CAPTURE + 4 * params.chip_luck[chip]
        if uniform(lanes.seed, lanes.first + i, lanes.step, stream) < hazard:
            lanes.chip[chip, i] = 0.0


@kernel
def next_regime(
    params: Params, chip: int, here: int, aid_felt: float, luck: float
) -> int:
    """Leave a regime with chance 1 - exp(-sum of rates), split by the rates."""
    n = params.chip_regimes[chip]
    total = 0.0
    for there in range(n):
        total += switch_rate(params, chip, here, there, aid_felt)
    # 1 - exp(-x) <= x: most days need no more than this
    if total <= 0.0 or luck >= total:
        return here
    leave = 1.0 - exp(-total)
    if luck >= leave:
        return here
    rest, last = luck / leave * total, here
    for there in range(n):
        rate = switch_rate(params, chip, here, there, aid_felt)
        if rate > 0.0:
            last = there
            rest -= rate
            if rest < 0.0:
                break
    return last


@kernel
def open_up(params: Params, lanes: Lanes, chip: int, i: int) -> None:
    """Begin to change, once what opens this chip has shrunk below a share."""
    opener = params.chip_opener[chip]
    closed = lanes.regime[chip, i] == params.chip_regime[chip]
    if closed and lanes.chip[opener, i] < params.chip_opens_below[chip]:
        lanes.regime[chip, i] = params.chip_opens_into[chip]


chips = alone(chips_in_lanes)
