"""Screening: which inputs do anything at all, from few samples for each.

A trajectory walks through the space of inputs and moves each of them once, by two
thirds of its range, the others wherever they happen to be. All of its worlds have the
same luck, so an input that changes no world at all has an effect of exactly 0.
Sources: Morris (1991); Campolongo, Cariboni and Saltelli (2007) for the mean of
absolute effects; both as SALib computes them.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from SALib.analyze import morris
from SALib.sample import morris as sampling

from sim.analysis.outcomes import refuse_nan
from sim.batch.intervals import Floats

LEVELS = 4


def morris_design(names: Sequence[str], trajectories: int, seed: int) -> Floats:
    """Return samples of shape (trajectories, inputs + 1, inputs), each from 0 to 1."""
    samples = sampling.sample(
        _problem(names), trajectories, num_levels=LEVELS, seed=seed
    )
    return np.asarray(samples.reshape(trajectories, len(names) + 1, len(names)))


def screening(
    names: Sequence[str], design: Floats, worlds: Floats, *, seed: int
) -> pd.DataFrame:
    """Estimate effects: one row an input, the largest mean absolute effect first.

    `design` is that of `morris_design`, `worlds`, shape (trajectories, inputs + 1, r),
    the outcome of each world of each sample. Returns `path`; in units of the outcome
    over a full range, `mean_size`, the mean of absolute effects, `mean_size_half_width`
    of its 95 % interval, `mean` with signs, and `spread`, their standard deviation:
    beside a mean near 0 it shows effects of both signs. `acted` counts the
    trajectories, of all `trajectories`, in which a world changed at all.
    CheckFailedError if a number is NaN.
    """
    refuse_nan(worlds, "the outcome of worlds")
    trajectories, _, inputs = design.shape
    found = morris.analyze(
        _problem(names),
        design.reshape(-1, inputs),
        worlds.mean(axis=2).ravel(),
        num_levels=LEVELS,
        num_resamples=1000,
        seed=seed,
    )
    moved = np.abs(np.diff(design, axis=1)).argmax(axis=2)
    changed = (np.diff(worlds, axis=1) != 0.0).any(axis=2)
    columns = {
        "mean_size": "mu_star",
        "mean_size_half_width": "mu_star_conf",
        "mean": "mu",
        "spread": "sigma",
    }
    table = pd.DataFrame(
        {
            "path": names,
            **{
                name: np.ma.filled(found[each], np.nan)
                for name, each in columns.items()
            },
            "acted": np.bincount(moved[changed], minlength=inputs),
            "trajectories": trajectories,
        }
    )
    order = ["mean_size", "path"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)


def _problem(names: Sequence[str]) -> dict[str, object]:
    return {
        "num_vars": len(names),
        "names": list(names),
        "bounds": [[0.0, 1.0]] * len(names),
    }
