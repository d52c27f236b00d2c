"""The worlds of a finished sweep once more: what the page shows and the folder lacks.

A world is a function of its address (scenario, seed, replicate), so the first worlds of
each cell are run again instead of being kept.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.batch.design import Design
from sim.batch.plan import Cell, Plan
from sim.batch.timeseries import series_of
from sim.errors import ScenarioError, UsageError
from sim.model.engine import simulate
from sim.model.trajectories import watch
from sim.scenario.load import Loaded, rebuilt
from sim.scenario.quantities import Annotation

if TYPE_CHECKING:
    from sim.api.sweep_result import Sweep

SERIES_RUNS = 200


def plan_of(sweep: "Sweep") -> Plan:
    """Return the plan of a sweep of compiled worlds from its manifest.

    Raises
    ------
    UsageError
        If this version reads the scenario of the manifest as another one.
    """
    made = sweep.manifest
    try:
        base = rebuilt(made.get("written"), Path(made["scenario_id"]))
    except ScenarioError as error:
        raise _other_version(made, str(error)) from None
    if base.hash != made["scenario_hash"]:
        raise _other_version(made, f"its hash is {base.hash} now")
    return Plan(
        _with_known(base, made["known_values"]),
        Design.read(made["design"]),
        seed=made["seed"],
        replicates=made["replicates"],
        within_days=made["within_days"],
    )


def _with_known(loaded: Loaded, known: Mapping[str, Mapping[str, Any]]) -> Loaded:
    """Return a scenario with the lows and highs that were known of its values."""
    annotations: dict[tuple[str | int, ...], Annotation] = {
        tuple(path.split(".")): Annotation(
            "assumption" if about["source"] is None else "sourced",
            low=about["low"],
            high=about["high"],
            source=about["source"],
        )
        for path, about in known.items()
    }
    return replace(loaded, parted=replace(loaded.parted, annotations=annotations))


def first_worlds(cell: Cell, seed: int, count: int) -> NDArray[np.void]:
    """Return worlds 0 to `count` - 1 of a cell as they ended, shape (count,)."""
    return simulate(cell.params, seed=seed, replicates=range(count))


def series_of_sweep(sweep: "Sweep", plan: Plan) -> pd.DataFrame:
    """Return the sweep's series, or that of its first worlds if it has kept none."""
    if sweep.manifest.get("series"):
        return sweep.series
    runs = range(min(SERIES_RUNS, plan.replicates))
    tables = []
    for index, cell in enumerate(plan.cells):
        days = watch(cell.params, seed=plan.seed, replicates=runs)
        found = series_of(index, days, cell.lines, cell.labels).days
        columns = {name: list(each) for name, each in found.items()}
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def _other_version(made: dict[str, Any], why: str) -> UsageError:
    version = made["versions"]["ceasefire-sim"]
    return UsageError(
        f"the scenario of this sweep, made with version {version}, is another one to "
        f"this version of the program ({why}): run the sweep again"
    )
