"""How a world can end, and the small integers that stand for it in tables.

A world still fighting when its time is up is at `war`: censored, never dropped. A
partial truce counts as war, because the fighting goes on.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.step.outcome import END_NAMES as _NAMES
from sim.step.record import DEFEAT, SETTLED, TRUCE, WAR

__all__ = ["DEFEAT", "END_NAMES", "SETTLED", "TRUCE", "WAR", "end_codes"]

# By code: the phases of the world record.
END_NAMES: Final = tuple(_NAMES[code] for code in sorted(_NAMES))


def end_codes(ends: ArrayLike) -> NDArray[np.int8]:
    """Codes of ends given as names or as codes, shape (n,).

    Raises
    ------
    ValueError
        If a name or a code stands for no end.

    >>> end_codes(["truce", "war"]).tolist()
    [1, 0]
    """
    given = np.asarray(ends)
    if given.dtype.kind in "iu":
        if given.size and not 0 <= given.min() <= given.max() < len(END_NAMES):
            raise ValueError(f"an end is 0 to {len(END_NAMES) - 1}, not {given}")
        return given.astype(np.int8)
    codes = np.full(given.shape, -1, dtype=np.int8)
    for code, name in enumerate(END_NAMES):
        codes[given == name] = code
    if (codes < 0).any():
        raise ValueError(f"an end is one of {END_NAMES}, not {given[codes < 0][0]!r}")
    return codes
