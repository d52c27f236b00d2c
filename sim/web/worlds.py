"""The worlds of a finished sweep once more: what the page shows and the folder lacks.

A world is a function of its address (scenario, seed, replicate), so the first worlds of
each cell are run again instead of being kept.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.run import simulate
from sim.errors import CheckFailedError
from sim.scenario.load import Loaded, load
from sim.sweep.design import Design
from sim.sweep.plan import Cell, Plan


def plan_of(manifest: dict[str, Any]) -> Plan:
    """Return the plan of a sweep of compiled worlds from its manifest.

    Raises
    ------
    CheckFailedError
        If this version reads the scenario of the manifest as another one.
    """
    return Plan(
        _scenario(manifest),
        Design.read(manifest["design"]),
        seed=manifest["seed"],
        replicates=manifest["replicates"],
        within_days=manifest["within_days"],
    )


def first_worlds(cell: Cell, seed: int, count: int) -> NDArray[np.void]:
    """Return worlds 0 to `count` - 1 of a cell as they ended, shape (count,)."""
    return simulate(cell.params, seed=seed, replicates=range(count))


def _scenario(manifest: dict[str, Any]) -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        # JSON is YAML; there is one way to read a scenario, and it starts at a file.
        file = Path(folder, f"{manifest['scenario_id']}.yaml")
        file.write_text(json.dumps(manifest["scenario"]), encoding="utf-8")
        found = load(file)
    if found.hash != manifest["scenario_hash"]:
        raise CheckFailedError(
            "this version reads the scenario of the sweep otherwise than the one that "
            "ran it: run the sweep again"
        )
    return found
