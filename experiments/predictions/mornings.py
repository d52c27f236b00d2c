"""Values on the first mornings of worlds, by the kernels of the simulation.

A morning is the start of world (seed, replicate), whose private costs chance has dealt,
with line, chips and beliefs moved a little by more of the same luck at every level. So
a value has an interval: over states and costs, not over what happens later.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.predictions.questions import Question
from sim.model import wrappers
from sim.model.formulas.acceptance import acceptance_chance
from sim.model.formulas.war import nash_share
from sim.model.parameters import build
from sim.model.state import (
    DATED,
    NOBODY,
    SIDES,
    TABLE,
    WORLD,
    as_kernels_take_it,
    blank,
)
from sim.scenario.load import Loaded

LINE = 400.0  # km2, to either side
CHIP = 0.25  # part of each chip that may be gone
SHIFT = 10.0  # of both beliefs together, in km2 a week, to either side


def mornings(
    loaded: Loaded, question: Question, *, seed: int, n: int
) -> dict[str, NDArray[Any]]:
    """Numbers of n mornings by name, each of shape (n,) or (n, 2) with both sides.

    `war` is what fighting on is worth, `war_without_chips` the same were there none,
    `kept` the worth of the chips where they are, to the flow of a side, of a `stake`.
    Of the offer there are its `value`, `gain` and `chance` to be accepted, its
    `refusal` (what refusing it is worth), `settlement` (worth of one after it),
    `settle_chance`, the chance that there can be one, and `hazard`, the chance of a
    break-down a step.
    """
    scenario, offer = loaded.scenario, question.offer
    params, table = as_kernels_take_it(build(scenario)), blank(TABLE, 1)
    worlds = blank(WORLD, n)
    put = NOBODY if offer is None else list(scenario.negotiation.offers).index(offer)
    author = (*scenario.sides, scenario.patron).index(question.by)  # a seat
    rows = []
    for replicate, luck in enumerate(np.random.default_rng(seed).random((n, 3))):
        world = worlds[replicate : replicate + 1]
        wrappers.start(params, world, table, seed, replicate)
        if not question.still:
            _move(world, luck)
        numbers = _of_war(params, world, table)
        if offer is not None:
            world["business"], world["offer"], world["author"] = DATED, put, author
            wrappers.STAGE_WRAPPERS["appraise"](params, world, table)
            numbers |= _of_offer(params, world, table, put)
        rows.append(numbers)
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _move(world: NDArray[np.void], luck: Any) -> None:
    """Move the state of a morning by three uniforms."""
    world["line"] += (2.0 * luck[0] - 1.0) * LINE
    world["chip"] *= 1.0 - CHIP * luck[1]
    world["belief"] += (2.0 * luck[2] - 1.0) * SHIFT


def _of_war(
    params: NDArray[np.void], world: NDArray[np.void], table: NDArray[np.void]
) -> dict[str, Any]:
    """Numbers about fighting on."""
    chips = world["chip"].copy()
    world["chip"] = 0.0
    without = _war(params, world, table)
    world["chip"] = chips
    used = int(params["chips"][0])
    size, values = chips[0, :used], params["chip_value"][0, :, :used]
    signs = np.where(params["chip_holder"][0, :used] == 0, 1.0, -1.0)
    kept = np.array(
        [(signs * values[0] * size).sum(), (-signs * values[1] * size).sum()]
    )
    return {
        "war": _war(params, world, table),
        "war_without_chips": without,
        "kept": kept,
        "stake": float(params["stake"][0]),
    }


def _war(
    params: NDArray[np.void], world: NDArray[np.void], table: NDArray[np.void]
) -> Any:
    wrappers.see(params, world, table)
    return (table["war"] - table["fighting"] * world["cost"])[0]


def _of_offer(
    params: NDArray[np.void], world: NDArray[np.void], table: NDArray[np.void], put: int
) -> dict[str, Any]:
    """Numbers about the offer that was appraised last."""
    cost = world["cost"][0]
    gain = table["gain"][0, :, put] + table["gain_slope"][0, :, put] * cost
    noise = params["decision_noise"][0]
    means = 0.5 * (world["cost_low"] + world["cost_high"])[0]
    # the wars after a truce that may become a settlement
    after = table["after_war"][0, 1] - means * table["after_fighting"][0, 1]
    weights = params["bargaining_weight"][0]
    surplus = float(table["after_surplus"][0, 1])
    return {
        "value": table["value"][0] + table["value_slope"][0] * cost,
        "gain": gain,
        "chance": np.array(
            [acceptance_chance(float(gain[i]), float(noise[i])) for i in range(SIDES)]
        ),
        "refusal": table["refusal"][0] + table["refusal_slope"][0] * cost,
        "settlement": np.array(
            [
                nash_share(
                    float(after[i]), float(weights[1 - i]), float(weights[i]), surplus
                )
                for i in range(SIDES)
            ]
        ),
        "settle_chance": float(table["settle_chance"][0]),
        "hazard": float(params["breakdown"][0, put, 1]),
    }
