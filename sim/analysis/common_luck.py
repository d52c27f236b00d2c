"""What common luck gained a sweep: by how much it narrowed its differences."""

from typing import NamedTuple

import pandas as pd

from sim.analysis.cells import LUCK_GAIN


class CommonLuck(NamedTuple):
    """How many times the worlds separate luck would need for the same differences.

    Of the cells but the reference: `median`, `lowest` and `highest` over the `cells`
    in which it is known, and the number of cells, `same`, where it is not since all
    worlds came to the same in both.
    """

    median: float
    lowest: float
    highest: float
    cells: int
    same: int


def common_luck(cells: pd.DataFrame, reference: int) -> CommonLuck | None:
    """Return what common luck gained differences in full truces, cell by cell.

    None if there is no cell beside the reference in which it is known. The gain of a
    cell (`sim.analysis.cells.luck_gain`) is a ratio of variances estimated from its
    worlds; where few worlds differ it is rough.
    """
    others = cells.loc[cells["cell"] != reference, LUCK_GAIN]
    known = others.dropna()
    if known.empty:
        return None
    return CommonLuck(
        float(known.median()),
        float(known.min()),
        float(known.max()),
        cells=len(known),
        same=len(others) - len(known),
    )
