"""The floor: drawing the luck that worlds use, and nothing else.

How much that is was counted in the worlds themselves, day by day. It is drawn by the
same generator, in the same loops that the compiler turns into vector code, but without
a number that nobody asks for.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.compile import kernel
from sim.model.engine import run_recorded
from sim.model.rng import (
    CHIP_MOVE,
    COST,
    DECISION_NOISE,
    FRONT_MOVE,
    ONCE,
    PARTIAL_END,
    TRUCE_END,
    uniform_pair,
)
from sim.model.state import NOBODY, TABLE, TRUCE, WAR, WORLD, as_kernels_take_it, blank

# of a world, in pairs: days of the front, days of a chip, days of truce, full and
# partial, judged offers
FRONT, CHIP, TRUCE_DAYS, PARTIAL_DAYS, OFFERS = range(5)
_PART = 256  # worlds whose days are in memory at once


def count_luck(params: NDArray[np.void], worlds: int) -> NDArray[np.int64]:
    """Return how many pairs of uniforms each of the first worlds uses, (worlds, 5).

    Days on which a war was fought, chips that were held on them, days that began in
    truce or in a partial one, and offers that came on the table: each of these takes
    one pair. Seed 1.
    """
    cell = as_kernels_take_it(params)
    steps = int(cell["steps"][0])
    counts = np.zeros((worlds, 5), np.int64)
    for first in range(0, worlds, _PART):
        many = min(_PART, worlds - first)
        ended, days = blank(WORLD, many), blank(WORLD, many * steps)
        days = days.reshape(many, steps)
        run_recorded(cell, ended, blank(TABLE, 1), 1, first, days)
        for i in range(many):
            lived = days[i, : ended["step"][i]]
            counts[first + i] = _luck_of(cell, lived)
    return counts


def _luck_of(cell: NDArray[np.void], lived: NDArray[np.void]) -> list[int]:
    """Count the pairs that one world used, from its record after each day."""
    # a side may be defeated only on a day of war, in which it was fought
    fought = (lived["phase"] == WAR) | (lived["defeated"] != NOBODY)
    before = np.concatenate([cell["chip_start"], lived["chip"][:-1]])
    held = (before > 0.0) & fought[:, np.newaxis]
    in_truce = lived["phase"][:-1] == TRUCE
    in_part = (lived["partial_offer"][:-1] != NOBODY) & ~in_truce
    offers = set(lived["offer"].tolist()) - {NOBODY}
    days = (fought, held, in_truce, in_part)
    return [*(int(each.sum()) for each in days), len(offers)]


@kernel
def draw(counts: Any, seed: int, luck: Any) -> float:
    """Draw as many pairs for each world as `counts` says; return the last of them.

    `luck` (2, steps) is working space. Returning a number keeps the compiler from
    leaving the work out.
    """
    last = 0.0
    even, odd = luck[0], luck[1]
    for world in range(counts.shape[0]):
        even[0], odd[0] = uniform_pair(seed, world, ONCE, COST >> 1)
        for offer in range(counts[world, OFFERS]):
            block = (DECISION_NOISE >> 1) + offer
            even[offer], odd[offer] = uniform_pair(seed, world, ONCE, block)
        for kind in range(OFFERS):
            block = (FRONT_MOVE if kind == FRONT else TRUCE_END) >> 1
            if kind == CHIP:
                block = CHIP_MOVE >> 1
            if kind == PARTIAL_DAYS:
                block = PARTIAL_END >> 1
            for day in range(counts[world, kind]):
                even[day], odd[day] = uniform_pair(seed, world, day, block)
        last += even[0] + odd[0]
    return last
