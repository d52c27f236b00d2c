"""As many worlds of each cell as it takes: precision on demand.

A cell is run in batches, and after each the worlds so far decide whether the interval
of its `full_truce_share` is narrow enough. Batches are fixed in advance, a twentieth
each of the worlds that would do for any share, so neither timing nor the number of
processors changes where a cell ends. Looking again after each batch costs a little of
the interval's coverage: an interval that is narrow by luck is one that stops early.
"""

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

from sim.errors import UsageError

BATCHES = 20
OUTCOME = "full_truce_share"

_LEAST = 1e-5


def check_precision(precision: float) -> None:
    """Raise UsageError if `precision` is no half-width that an interval can have."""
    if not _LEAST <= precision < 0.5:
        raise UsageError(f"--precision is {_LEAST:g} or more and below 0.5")


def most_replicates(precision: float) -> int:
    """Return how many worlds are enough whatever the share.

    Wilson's interval is widest at a share of one half, where its half-width is
    z / (2 sqrt(n + z^2)).

    >>> most_replicates(0.01)
    9600
    """
    z2 = NormalDist().inv_cdf(0.975) ** 2
    return max(1, math.ceil(z2 / (2 * precision) ** 2 - z2))


def spent(
    manifest: Mapping[str, Any], rows: Mapping[int, Mapping[str, float]]
) -> dict[str, Any] | None:
    """Return what a precision took, as the manifest holds it; None without one.

    `cells` has the worlds of each cell, `cells_at_cap` those that took `cap`, as many
    as are enough for any share.
    """
    if manifest["precision"] is None:
        return None
    worlds = [int(rows[cell]["replicates"]) for cell in sorted(rows)]
    cap = manifest["replicates"]
    at_cap = [cell for cell, each in enumerate(worlds) if each == cap]
    total = sum(worlds)
    return {"worlds": total, "cells": worlds, "cap": cap, "cells_at_cap": at_cap}


def is_precise(row: Mapping[str, float], precision: float) -> bool:
    """Say whether the interval in a row is narrow enough."""
    return (row[f"{OUTCOME}_high"] - row[f"{OUTCOME}_low"]) / 2 <= precision
