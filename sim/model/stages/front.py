"""A day at the front: the line moves, and both sides learn from it."""

import math

from sim.model.compile import kernel
from sim.model.formulas.beliefs import learned
from sim.model.rng import FRONT_MOVE
from sim.model.stages.lanes import Lanes, alone, deviate, draw
from sim.model.state import SIDES, Params


@kernel
def front_in_lanes(params: Params, lanes: Lanes, n: int) -> None:
    """Move the line by one step of war, dz = (m_0 + known) y + s sqrt(y) N(0, 1)."""
    known_drift(params, lanes, n)
    draw(lanes, lanes.everybody[:n], FRONT_MOVE >> 1)
    deviate(lanes, n)
    advance(params, lanes, n)
    for side in range(SIDES):
        learn(params, lanes, n, side)


@kernel
def known_drift(params: Params, lanes: Lanes, n: int) -> None:
    """Write the drift that aid, chips and rearmament give, which everybody knows."""
    known, felt, rearmed = lanes.total[:n], lanes.aid_felt[:n], lanes.rearmed[:n]
    for i in range(n):
        known[i] = params.aid_drift * (felt[i] - 1.0)
    for j in range(params.chips):
        drift, chip = params.chip_drift[j], lanes.chip[j, :n]
        for i in range(n):
            known[i] += drift * chip[i]
    for i in range(n):
        known[i] += rearmed[i]


@kernel
def advance(params: Params, lanes: Lanes, n: int) -> None:
    """Move the line by what is true and by chance; `deviate` becomes the move."""
    known, line, moved = lanes.total[:n], lanes.line[:n], lanes.deviate[:n]
    drift, weeks = params.drift, params.weeks
    spread = params.front_volatility * math.sqrt(weeks)
    spread = -spread if params.mirrored else spread
    for i in range(n):
        moved[i] = (drift + known[i]) * weeks + spread * moved[i]
        line[i] += moved[i]


@kernel
def learn(params: Params, lanes: Lanes, n: int, side: int) -> None:
    """Let a side learn from how the line has moved."""
    known, moved = lanes.total[:n], lanes.deviate[:n]
    belief, weight = lanes.belief[side, :n], lanes.belief_weight[side, :n]
    weeks, learning_weight = params.weeks, params.learning_weight[side]
    for i in range(n):
        belief[i], weight[i] = learned(
            belief[i], weight[i], moved[i], known[i], weeks, learning_weight
        )


front = alone(front_in_lanes)
