"""Many runs of one scenario, day by day, as the tables that figures are made from.

A sweep keeps what its worlds came to; a figure of days also needs how they went. Since
all luck has an address, the same worlds are run again here, in the compiled loop.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.batch.estimates import END_NAMES
from sim.batch.tables import code_names
from sim.model import wrappers
from sim.model.engine import run_recorded
from sim.model.events import named_conditions
from sim.model.labels import Labels, labels_of
from sim.model.outcome import outcomes
from sim.model.parameters import build
from sim.model.state import (
    DEFEAT,
    SETTLED,
    SIDES,
    TABLE,
    TRUCE,
    WAR,
    WORLD,
    as_kernels_take_it,
    blank,
)
from sim.model.trajectories import watch
from sim.scenario.load import Loaded

# Worlds whose days are in memory at once, 140 kB each at 180 days.
_BLOCK = 64


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Runs `replicates` of a scenario under the luck of `seed`.

    `range_runs` of them, the first ones, are also asked on every day what each side
    would accept.
    """

    loaded: Loaded
    seed: int
    replicates: range
    range_runs: int = 200

    @property
    def labels(self) -> Labels:
        """What the numbers of the records stand for."""
        return labels_of(self.loaded.scenario)

    @property
    def horizon(self) -> int:
        """Number of days simulated; runs still fighting are censored there."""
        return int(self._recorded[1]["day"][-1]) + self.labels.step_days

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run, in the order of `replicates`.

        `replicate` and the fields of `outcome` (as in `worlds/part-*.parquet`, with
        names for codes), then `first_collapse_day`, on which a full truce first broke
        down, `settled_day`, `defeat_day` (nan where there was none), `terms`, the offer
        of the truce or settlement in force at the end, and `conditions` added to it.
        """
        worlds, found = self._recorded[0], self.labels
        columns: dict[str, Any] = {"replicate": np.asarray(self.replicates)}
        columns |= outcomes(worlds, found)
        for name, words in code_names(found).items():
            columns[name] = [
                None if code < 0 else words[code] for code in columns[name]
            ]
        columns |= self._moments()
        still = np.isin(worlds["phase"], (TRUCE, SETTLED))
        columns["terms"] = [
            found.offers[int(world["truce_offer"])] if calm else None
            for world, calm in zip(worlds, still, strict=True)
        ]
        columns["conditions"] = [
            ", ".join(named_conditions(int(world["truce_demands"]))) if calm else ""
            for world, calm in zip(worlds, still, strict=True)
        ]
        return pd.DataFrame(columns)

    @cached_property
    def days(self) -> pd.DataFrame:
        """One row a run and day, the eve of the start first, as `run --json` has it.

        `replicate`, `day`, `phase`, `before_truce` (at war, and no full truce has come
        so far), `held_km2`, `aid`, `chips_km2.CHIP`. A run that has ended stays as it
        was.
        """
        _, days = self._recorded
        runs, length = days["phase"].shape
        columns = {
            "replicate": np.repeat(np.asarray(self.replicates), length),
            "day": np.tile(days["day"], runs),
            "phase": np.array(END_NAMES)[days["phase"].ravel()],
            "before_truce": np.logical_and.accumulate(
                days["phase"] == WAR, axis=1
            ).ravel(),
            "held_km2": days["line"].ravel(),
            "aid": days["aid"].ravel(),
        }
        for j, (name, full) in enumerate(
            zip(self.labels.chips, self.labels.fulls, strict=True)
        ):
            columns[f"chips_km2.{name}"] = (days["chip"][:, :, j] * full).ravel()
        return pd.DataFrame(columns)

    @cached_property
    def limits(self) -> pd.DataFrame:
        """What each side would accept: rows of `days` of the first `range_runs` runs.

        `replicate`, `day`, `before_truce`, `held_km2` and `reservation_value.PARTY`,
        the least land, in km2, for which a side would end the war for good.
        """
        count = min(self.range_runs, len(self.replicates))
        table = self.days
        table = table[table["replicate"] < self.replicates.start + count]
        kept = ["replicate", "day", "before_truce", "held_km2"]
        table = table[kept].reset_index(drop=True)
        values = self._reservations(count)
        for side, name in enumerate(self.labels.sides):
            table[f"reservation_value.{name}"] = values[:, :, side].ravel()
        return table

    # ---- running ---------------------------------------------------------------------

    @cached_property
    def _params(self) -> NDArray[np.void]:
        return as_kernels_take_it(build(self.loaded.scenario))

    @cached_property
    def _recorded(self) -> tuple[NDArray[np.void], dict[str, NDArray[Any]]]:
        """Worlds as they ended, and days (runs, 1 + steps, ...) by field of tables."""
        steps = int(self._params["steps"][0])
        worlds = blank(WORLD, len(self.replicates))
        kept = ("phase", "line", "chip", "aid", "broken")
        days = {
            name: np.empty(
                (worlds.size, steps + 1, *WORLD[name].shape), WORLD[name].base
            )
            for name in kept
        }
        for first in range(0, worlds.size, _BLOCK):
            block = worlds[first : first + _BLOCK]
            record = self._block(block, self.replicates.start + first)
            for name in kept:
                days[name][first : first + block.size] = record[name]
        days["day"] = np.array([self.labels.day(step) for step in range(-1, steps)])
        return worlds, days

    def _block(self, worlds: NDArray[np.void], first: int) -> NDArray[np.void]:
        """Run some worlds; return their records (n, 1 + steps), the eve first."""
        steps = int(self._params["steps"][0])
        days = blank(WORLD, worlds.size * steps).reshape(worlds.size, steps)
        table = blank(TABLE, 1)
        run_recorded(self._params, worlds, table, self.seed, first, days)
        record = blank(WORLD, worlds.size * (steps + 1)).reshape(worlds.size, steps + 1)
        record[:, 1:] = days
        for i in range(worlds.size):
            wrappers.start(self._params, record[i, :1], table, self.seed, first + i)
            record[i, 1 + int(worlds[i]["step"]) :] = worlds[i]
        return record

    def _reservations(self, count: int) -> NDArray[np.float64]:
        """Return reservation values, shape (count, days, SIDES)."""
        first = self.replicates.start
        seen = watch(
            self._params, seed=self.seed, replicates=range(first, first + count)
        )
        values = seen.values[:, :, -SIDES:]
        # A run that has ended stays as it was.
        there = np.minimum(np.arange(values.shape[1]), seen.last[:, np.newaxis])
        return np.take_along_axis(values, there[:, :, np.newaxis], axis=1)

    def _moments(self) -> dict[str, NDArray[np.float64]]:
        """Days on which something first happened, nan where it did not."""
        _, days = self._recorded
        phase, broken = days["phase"], np.diff(days["broken"], axis=1) > 0
        # The count is of partial truces too; of a full one, the day before was calm.
        collapse = np.zeros(phase.shape, bool)
        collapse[:, 1:] = broken & (phase[:, :-1] == TRUCE)
        return {
            "first_collapse_day": _first(collapse, days["day"]),
            "settled_day": _first(phase == SETTLED, days["day"]),
            "defeat_day": _first(phase == DEFEAT, days["day"]),
        }


def _first(seen: NDArray[np.bool_], day: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(seen.any(axis=1), day[seen.argmax(axis=1)].astype(float), np.nan)
