"""Screening: which inputs do anything at all, from few samples for each.

A trajectory walks through the space of inputs and moves each of them once, by two
thirds of its range, the others wherever they happen to be. All of its worlds have the
same luck, so an input that changes no world at all has an effect of exactly 0.
Sources: Morris (1991); Campolongo, Cariboni and Saltelli (2007) for the mean of
absolute effects; both as SALib computes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from SALib.analyze import morris
from SALib.sample import morris as sampling

from sim.analysis.outcomes import refuse_nan
from sim.batch.intervals import Floats

LEVELS = 4


@dataclass(frozen=True, eq=False)
class Screening:
    """Effects by input, arrays (inputs,), in units of the outcome over a full range.

    `mean_size` is the mean of absolute effects with the half-width of its 95 %
    interval, `mean` that with signs, `spread` their standard deviation: beside a mean
    near 0 it shows effects of both signs. `acted` counts the trajectories in which a
    world changed at all.
    """

    names: tuple[str, ...]
    mean_size: Floats
    half_width: Floats
    mean: Floats
    spread: Floats
    acted: NDArray[np.int64]
    trajectories: int


def morris_design(names: Sequence[str], trajectories: int, seed: int) -> Floats:
    """Return samples of shape (trajectories, inputs + 1, inputs), each from 0 to 1."""
    samples = sampling.sample(
        _problem(names), trajectories, num_levels=LEVELS, seed=seed
    )
    return np.asarray(samples.reshape(trajectories, len(names) + 1, len(names)))


def screening(
    names: Sequence[str],
    design: Floats,
    worlds: NDArray[np.float64],
    *,
    seed: int,
) -> Screening:
    """Estimate effects.

    Parameters
    ----------
    design : array of shape (trajectories, inputs + 1, inputs)
        From `morris_design`.
    worlds : array of shape (trajectories, inputs + 1, r)
        The outcome of each world of each sample.

    Raises
    ------
    CheckFailedError
        If a number is NaN.
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
    acted = np.bincount(moved[changed], minlength=inputs)

    def column(name: str) -> Floats:
        return np.asarray(np.ma.filled(found[name], np.nan), np.float64)

    return Screening(
        tuple(names),
        mean_size=column("mu_star"),
        half_width=column("mu_star_conf"),
        mean=column("mu"),
        spread=column("sigma"),
        acted=acted,
        trajectories=trajectories,
    )


def screening_table(found: Screening) -> pd.DataFrame:
    """Return one row an input, the largest mean absolute effect first."""
    table = pd.DataFrame(
        {
            "path": found.names,
            "mean_size": found.mean_size,
            "mean_size_half_width": found.half_width,
            "mean": found.mean,
            "spread": found.spread,
            "acted": found.acted,
            "trajectories": found.trajectories,
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
