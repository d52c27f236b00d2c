"""Tables as a sweep writes them, from worlds whose truces follow a known curve."""

from datetime import date

import numpy as np
import pandas as pd

from sim.batch.estimates import summarise
from sim.plots.curve_words import Observed
from sim.plots.provenance import Context

PATH = "chips.kursk.area_km2"

CONTEXT = Context(
    scenario_id="kursk-2025-03-13",
    scenario_title="Russia about to retake Kursk",
    scenario_hash="9f2c51d07ab34e68",
    seed=1,
    replicates=2000,
    version="0.1.0",
    within_days=90,
    command="ceasefire sweep kursk-2025-03-13 --vary chips.kursk.area_km2=0:1000:11",
    horizon_days=180,
)

OBSERVED = Observed(date(2025, 3, 13), 189.4, 151.6, 227.1)

RISING = (0.11, 0.14, 0.17, 0.21, 0.25, 0.31, 0.37, 0.45, 0.52, 0.58, 0.63)
HUMP = (0.11, 0.24, 0.41, 0.54, 0.59, 0.58, 0.56, 0.51, 0.49, 0.44, 0.38)
FLAT = (0.2,) * 11


def worlds(chance, replicates=2000, seed=1):
    """Outcomes of one cell: luck is shared by all cells of the same seed.

    A truce comes with a chance; of those that come, about half hold.
    """
    rng = np.random.default_rng(seed)
    tendency, day = rng.random(replicates), rng.integers(1, 90, replicates)
    first = np.where(tendency < chance, day, np.nan)
    stopped = np.where(tendency < chance - chance**2 / 2, first, np.nan)
    return {
        "end": np.where(np.isnan(stopped), 0, 1).astype(np.int8),
        "first_truce_day": first,
        "first_full_truce_day": first,
        "truces_broken": np.isfinite(first) & np.isnan(stopped),
        "fighting_stopped_day": stopped,
        "held_km2": np.full(replicates, 3200.0),
        "chips_km2.kursk": np.full(replicates, 100.0),
        "payoff.russia": tendency,
        "payoff.ukraine": 1 - tendency,
        "aid_given": np.full(replicates, 180.0),
        "longest_pause_days": np.where(np.isnan(first), 0.0, 30.0),
    }


def cells(chances, *, replicates=2000, reference=0, step=100.0):
    """Cells of settings 0, step, 2 step ... with the given chances of a truce."""
    outcomes = [worlds(chance, replicates) for chance in chances]
    rows = [
        summarise(each, reference=outcomes[reference], within_days=90)
        for each in outcomes
    ]
    table = pd.DataFrame(rows)
    table.insert(0, PATH, step * np.arange(len(chances)))
    return table


def input_sets(chances, *, sets=40, step=100.0):
    """Shares over sets of inputs that lie around the given chances."""
    shift = np.linspace(-0.5, 0.5, sets)
    return pd.DataFrame(
        [
            {
                PATH: step * i,
                "input_set": s,
                "full_truce_share": odds / (1 + odds),
                "fighting_stopped_share": odds / (2 + odds),
            }
            for i, chance in enumerate(chances)
            for s, odds in enumerate(chance / (1 - chance) * np.exp(2 * shift))
        ]
    )
