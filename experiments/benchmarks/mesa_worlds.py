"""Worlds of the Mesa model through Mesa's own `batch_run`, without data collection."""

from typing import Any

import mesa
from mesa.batchrunner import batch_run

from sim.model.mesa_model import CeasefireModel
from sim.scenario.load import Loaded


class Uncollected(CeasefireModel):
    """The model as it is, keeping nothing but its world.

    `batch_run` asks every model for a data collector: this one is empty.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(collect=False, **settings)
        self.datacollector = mesa.DataCollector()


def run_batch(loaded: Loaded, worlds: int, processes: int) -> int:
    """Run replicates 0, 1, ... to their end, and return how many there were.

    The scenario is read once, outside; worker processes are started anew each time.
    """
    rows = batch_run(
        Uncollected,
        {"scenario": [loaded], "seed": [1], "replicate": range(worlds)},
        number_processes=processes,
        max_steps=10_000,
        display_progress=False,
    )
    return len(rows)
