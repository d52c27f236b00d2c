"""Runs of shipped scenarios, day by day, that figures of many runs are tried on."""

from dataclasses import replace
from functools import cache

from sim import load
from sim.batch.ensemble import Ensemble
from tests.plots.tables import CONTEXT


@cache
def ensemble(scenario="kursk-2025-03-13", runs=120, seed=1, **values):
    changes = {path.replace("__", "."): value for path, value in values.items()}
    if "timeline" in changes:
        changes["timeline"] = list(changes["timeline"])
    return Ensemble(load(scenario, set=changes), seed, range(runs), range_runs=25)


def context(scenario="kursk-2025-03-13", runs=120):
    return replace(CONTEXT, scenario_id=scenario, replicates=runs)


def start(found):
    return found.loaded.scenario.start_date
