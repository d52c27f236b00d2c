"""Luck by address: every uniform is a pure function of where it is used.

A run is a pure function of (scenario, seed, replicate). The uniform of a use of
chance depends on (seed, replicate, step, stream) and on nothing else, so replicate 17
has the same luck alone, in a batch, on any number of threads and in every cell of a
sweep. Source: Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy
as 1, 2, 3", generator Philox4x32-10.

A stream has one name and one use: two uses never share one, and a number once given
is not given to another use later, since stored results would change their meaning.
Two streams 2n and 2n + 1 come from one block of the generator, so what is drawn
together is numbered like that.
"""

import hashlib
from typing import Final

import numpy as np

from sim.model.compile import kernel

# ---- streams of a step ---------------------------------------------------------------

# 0 and 1 were those of battles, which the model no longer has
TRUCE_END: Final = 2  # does a truce break down, or become a settlement?
AID_REVERT: Final = 3  # does aid return to its usual level?
PROPOSER: Final = 4  # who makes the offer of this round
PARTIAL_END: Final = 5  # does a partial truce break down?
FRONT_MOVE: Final = 6  # how far does the line of contact move?
# Chips and offers take their streams from their names (`spot`), not from their places:
# a chip or an offer that is added to a scenario leaves the luck of the others alone.
ANSWER: Final = 1 << 27  # + 2 * spot of the offer + side: noise in an answer
CHIP_MOVE: Final = 1 << 28  # + 4 * spot of the chip: how much land changes hands
CHIP_SWITCH: Final = CHIP_MOVE + 1  # does the regime change? drawn with CHIP_MOVE
CHIP_CAPTURE: Final = CHIP_MOVE + 2  # is it taken whole?

# ---- streams drawn once per world, at step ONCE --------------------------------------

ONCE: Final = 0xFFFFFFFF  # a step that no run reaches
COST: Final = 0  # + side: private cost of war
DECISION_NOISE: Final = 1 << 27  # + 2 * spot of the offer + side: error in valuing it

_SPOTS: Final = 1 << 24  # so that the streams above do not meet

_WORD: Final = np.uint64(0xFFFFFFFF)
_12, _20, _32 = np.uint64(12), np.uint64(20), np.uint64(32)


def spot(name: str) -> int:
    """Return the number in [0, 2^24) by which a chip or an offer finds its streams.

    >>> spot("thirty_days") == spot("freeze")
    False
    """
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:8], "big") % _SPOTS


@kernel(inline="always")
def philox(
    c0: np.uint64,
    c1: np.uint64,
    c2: np.uint64,
    c3: np.uint64,
    k0: np.uint64,
    k1: np.uint64,
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Philox4x32-10: four words of luck from a counter of four words and a key of two.

    Each is a 32-bit word held in an unsigned 64-bit integer, which leaves room for
    the products. Source: Salmon et al. (2011), section 3.3, and the test vectors
    published with it.
    """
    for _ in range(10):
        high = np.uint64(0xD2511F53) * c0
        low = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (
            (low >> _32) ^ c1 ^ k0,
            low & _WORD,
            (high >> _32) ^ c3 ^ k1,
            high & _WORD,
        )
        k0 = (k0 + np.uint64(0x9E3779B9)) & _WORD
        k1 = (k1 + np.uint64(0xBB67AE85)) & _WORD
    return c0, c1, c2, c3


@kernel(inline="always")
def open_uniform(high: np.uint64, low: np.uint64) -> float:
    """Turn two 32-bit words into one of 2^52 equally likely numbers in (0, 1).

    They are the middles of 2^52 equal intervals, so every one is a float: the first
    is 2^-53, the last 1 - 2^-53. With one more bit the last would round to 1.
    """
    return (float((high << _20) ^ (low >> _12)) + 0.5) * 2.0**-52


@kernel(inline="always")
def uniform_pair(
    seed: int, replicate: int, step: int, block: int
) -> tuple[float, float]:
    """Uniforms of streams 2 * block and 2 * block + 1, for the price of one.

    `seed` and `replicate` are in [0, 2^63), `step` and `block` in [0, 2^32).
    """
    key, world = np.uint64(seed), np.uint64(replicate)
    a, b, c, d = philox(
        world & _WORD,
        world >> _32,
        np.uint64(step),
        np.uint64(block),
        key & _WORD,
        key >> _32,
    )
    return open_uniform(a, b), open_uniform(c, d)


@kernel
def uniform(seed: int, replicate: int, step: int, stream: int) -> float:
    """Uniform in (0, 1) of one use of chance, named by its step and stream.

    >>> moved, _ = uniform_pair(seed=0, replicate=17, step=3, block=FRONT_MOVE >> 1)
    >>> moved == uniform(seed=0, replicate=17, step=3, stream=FRONT_MOVE)
    True
    """
    even, odd = uniform_pair(seed, replicate, step, stream >> 1)
    return odd if stream & 1 else even
