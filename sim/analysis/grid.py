"""A share over two varied quantities, and where it crosses a level."""

from itertools import pairwise

import numpy as np
import pandas as pd

LEVELS = (0.25, 0.5, 0.75)


def grid(cells: pd.DataFrame, across: str, up: str, outcome: str) -> pd.DataFrame:
    """Return the cells of a full grid of two quantities.

    `cells` are rows of `cells.parquet` that differ in the columns `across` and `up`
    only; `outcome` is a share. Returns `across`, `up`, `replicates`, `share`, `low`,
    `high`, and `in_brackets`, true where the interval spans one half; sorted by `up`,
    then `across`. ValueError if a column is missing, or a pair of settings is missing
    or occurs twice.
    """
    wanted = [across, up, "replicates", outcome, f"{outcome}_low", f"{outcome}_high"]
    missing = [name for name in wanted if name not in cells.columns]
    if missing:
        raise ValueError(f"the cells have no column {missing[0]!r}")
    table = cells[wanted].copy()
    table.columns = ["across", "up", "replicates", "share", "low", "high"]
    table = table.sort_values(["up", "across"], ignore_index=True)
    size = table["across"].nunique() * table["up"].nunique()
    if len(table) != size or table.duplicated(["across", "up"]).any():
        raise ValueError(
            f"{across} and {up} make {size} pairs of settings, and there are "
            f"{len(table)} cells: pass a full grid with all else at its reference"
        )
    table["in_brackets"] = (table["low"] < 0.5) & (table["high"] > 0.5)
    return table


def crossings(table: pd.DataFrame) -> pd.DataFrame:
    """Where the share crosses each level along each row, by straight lines between.

    Returns `level`, `up` and `across`, the first setting from the left at which the
    share passes the level; rows only where it does.
    """
    found = []
    for up, row in table.groupby("up"):
        settings, shares = row["across"].to_numpy(float), row["share"].to_numpy(float)
        for level in LEVELS:
            for left, right in pairwise(range(len(row))):
                here, there = shares[left] - level, shares[right] - level
                if here == there or here * there > 0.0 or here == 0.0:
                    continue
                step = here / (here - there)
                at = settings[left] + step * (settings[right] - settings[left])
                found.append({"level": level, "up": up, "across": at})
                break
    return pd.DataFrame(found, columns=["level", "up", "across"])


def offset(table: pd.DataFrame) -> dict[str, float] | None:
    """How far along one quantity makes up for a step down in the other.

    Of the first level that is crossed in two rows or more, 0.5 before the others, the
    highest such row and the lowest one: `level`, `up`, `across` there, `other_up`,
    `other_across`. None if there is no such level.
    """
    found = crossings(table)
    for level in (0.5, 0.25, 0.75):
        at = found[np.isclose(found["level"], level)].sort_values("up")
        if len(at) > 1:
            high, low = at.iloc[-1], at.iloc[0]
            return {
                "level": level,
                "up": float(high["up"]),
                "across": float(high["across"]),
                "other_up": float(low["up"]),
                "other_across": float(low["across"]),
            }
    return None
