"""Dots side by side along a row, none on top of another."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.intervals import Floats


def packed(
    across: Floats, size: float, width: float, most: int
) -> tuple[Floats, NDArray[Any]]:
    """Places of dots, shapes (n,): along the row, and the level above its first.

    A dot takes the lowest level on which it touches none; beyond `most` levels it goes
    aside to the nearest free place of a lower one. `across`, `size` and `width` are in
    one unit; dots stay inside of the width.

    >>> places, level = packed(np.array([5.0, 5.0, 9.0]), 2.0, 20.0, 4)
    >>> places.tolist(), level.tolist()
    ([5.0, 5.0, 9.0], [0, 1, 0])
    """
    places = np.clip(across, size / 2, width - size / 2)
    level = np.zeros(across.size, np.int64)
    taken: list[list[float]] = [[] for _ in range(most)]
    for dot in np.argsort(across, kind="stable"):
        wanted = float(places[dot])
        options = [
            (abs(at - wanted), step, at)
            for step in range(most)
            for at in _free(taken[step], wanted, size, width)
        ]
        _, step, at = min(options) if options else (0.0, 0, wanted)
        taken[step].append(at)
        places[dot], level[dot] = at, step
    return places, level


def _free(taken: list[float], wanted: float, size: float, width: float) -> list[float]:
    """Places on a level nearest to the wanted one, to its left and right."""
    close = size - 1e-9
    tries = [wanted, *(each + way * size for each in taken for way in (-1.0, 1.0))]
    return [
        at
        for at in tries
        if size / 2 - 1e-9 <= at <= width - size / 2 + 1e-9
        and all(abs(at - each) >= close for each in taken)
    ]


def alternating(level: NDArray[Any]) -> Floats:
    """Return levels counted from the middle of a row: 0, up, down, further up ...

    >>> alternating(np.array([0, 1, 2])).tolist()
    [-0.0, 1.0, -1.0]
    """
    count = int(level.max()) + 1 if level.size else 1
    shift = 0.5 if count % 2 == 0 else 0.0
    steps = (level + 1) // 2 * np.where(level % 2 == 1, 1.0, -1.0)
    return np.asarray(steps - shift, np.float64)
