"""Chances of dated events in the worlds of a scenario, scored on what happened.

An event counts if it comes on the scenario's first day or on one of the D days after:
a full truce, or a partial one before any full one. Aid counts as resumed within D days
if on day D it is above its level of the first day, the fighting as stopped if a truce
or a settlement holds at the end of that day.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.batch.intervals import Interval, wilson
from sim.batch.sampled import shared_out
from sim.errors import UsageError
from sim.model.engine import simulate
from sim.model.state import NEVER, SETTLED, TRUCE
from sim.scenario.load import Loaded
from sim.scenario.observations import EVENTS, Record

_FULL, _PARTIAL, _AID = EVENTS
STOPPED = "fighting_stopped"
AS_WRITTEN = "as_written"  # the inputs are those of the scenario


@dataclass(frozen=True)
class EventScore:
    """A chance, and its scores once the record covers its days.

    `brier` is the squared distance of the chance from 1 if the event came, else from 0;
    `log_score` the negative logarithm of the chance of what came. `inputs` says whose
    worlds these are. `chance` has a 95 % interval, of luck only. `happened` and the
    scores are None where the record ends too early. Saying 0.5 to everything scores
    0.25 and 0.69.
    """

    inputs: str
    event: str
    start: date
    days: int
    chance: Interval
    happened: bool | None
    brier: float | None
    log_score: float | None


def score_events(
    loaded: Loaded,
    record: Record,
    *,
    days: Sequence[int],
    replicates: int = 2000,
    seed: int = 1,
    sets: Mapping[str, pd.DataFrame] | None = None,
) -> list[EventScore]:
    """Return the scores of each event within each number of days.

    `sets` names sets of inputs, each with `weight` and a column an input, which share
    the worlds out and are scored beside the scenario as it is. Aid is left out where
    nothing says that it would rise. UsageError if some of the days lie beyond the
    horizon of the scenario.
    """
    scenario = loaded.scenario
    late = [each for each in days if each > scenario.horizon_days]
    if late:
        raise UsageError(
            f"{late[0]} days are beyond the horizon of {scenario.id}, "
            f"{scenario.horizon_days} days"
        )
    rows = []
    for name, drawn in {AS_WRITTEN: None, **(sets or {})}.items():
        # A world cut off after day D is the whole world up to then: luck goes by day.
        worlds = {each: _came(loaded, each, replicates, seed, drawn) for each in days}
        for event in (*EVENTS, STOPPED):
            if event == _AID and not any(came[_AID].any() for came in worlds.values()):
                continue
            for each in days:
                rows.append(
                    _score(name, event, scenario.start_date, each, worlds[each], record)
                )
    return rows


def _score(
    name: str,
    event: str,
    start: date,
    days: int,
    came: Mapping[str, NDArray[np.bool_]],
    record: Record,
) -> EventScore:
    seen = came[event]
    chance = Interval(*map(float, wilson(int(seen.sum()), seen.size)))
    happened = (
        record.stopped(start + timedelta(days))
        if event == STOPPED
        else record.happened(event, start, days)
    )
    if happened is None:
        return EventScore(name, event, start, days, chance, None, None, None)
    # One world more on either side, so that no chance is 0.
    likely = (float(seen.sum()) + 0.5) / (seen.size + 1.0)
    log_score = -math.log(likely if happened else 1.0 - likely)
    brier = (happened - chance.estimate) ** 2
    return EventScore(name, event, start, days, chance, happened, brier, log_score)


def _came(
    loaded: Loaded, day: int, replicates: int, seed: int, sets: pd.DataFrame | None
) -> dict[str, NDArray[np.bool_]]:
    """Return for each event in which worlds, of shape (replicates,), it came."""
    parts: dict[str, list[NDArray[np.bool_]]] = {}
    for cell, some in shared_out(loaded, replicates, sets):
        params = cell.params.copy()
        params["steps"] = day // loaded.scenario.step_days + 1
        worlds = simulate(params, seed=seed, replicates=some)
        first, full = worlds["first_truce"], worlds["first_full_truce"]
        found = {
            _FULL: full != NEVER,
            _PARTIAL: (first != NEVER) & ((full == NEVER) | (first < full)),
            _AID: worlds["aid"] > params["aid"][0],
            STOPPED: np.isin(worlds["phase"], (TRUCE, SETTLED)),
        }
        for name, came in found.items():
            parts.setdefault(name, []).append(came)
    return {name: np.concatenate(each) for name, each in parts.items()}
