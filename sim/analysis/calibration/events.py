"""Chances of dated events in the worlds of a scenario, scored on what happened.

An event counts if it comes on the scenario's first day or on one of the D days after:
a full truce, or a partial one before any full one. Aid counts as resumed within D days
if on day D it is above its level of the first day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.batch.intervals import Interval, wilson
from sim.errors import UsageError
from sim.model.engine import simulate
from sim.model.parameters import build
from sim.model.state import NEVER
from sim.scenario.load import Loaded
from sim.scenario.observations import EVENTS, Record

_FULL, _PARTIAL, _AID = EVENTS


@dataclass(frozen=True)
class EventScore:
    """A chance, and its Brier score once the record covers its days.

    The score is the squared distance of the chance from 1 if the event came, else from
    0. `chance` has a 95 % interval, of luck only. `happened` and `brier` are None where
    the record ends too early. Saying 0.5 to everything scores 0.25.
    """

    event: str
    start: date
    days: int
    chance: Interval
    happened: bool | None
    brier: float | None


def score_events(
    loaded: Loaded,
    record: Record,
    *,
    days: Sequence[int],
    replicates: int = 2000,
    seed: int = 1,
) -> list[EventScore]:
    """Return the scores of each event within each number of days.

    Aid is left out where nothing says that it would rise. UsageError if some of the
    days lie beyond the horizon of the scenario.
    """
    scenario = loaded.scenario
    late = [each for each in days if each > scenario.horizon_days]
    if late:
        raise UsageError(
            f"{late[0]} days are beyond the horizon of {scenario.id}, "
            f"{scenario.horizon_days} days"
        )
    # A world cut off after day D is the whole world up to then: luck goes by the day.
    worlds = {each: _came(loaded, each, replicates, seed) for each in days}
    rows = []
    for event in EVENTS:
        if event == _AID and not any(came[_AID].any() for came in worlds.values()):
            continue
        for each in days:
            chance = wilson(int(worlds[each][event].sum()), replicates)
            ends = Interval(*map(float, chance))
            happened = record.happened(event, scenario.start_date, each)
            score = None if happened is None else (happened - ends.estimate) ** 2
            rows.append(
                EventScore(event, scenario.start_date, each, ends, happened, score)
            )
    return rows


def _came(
    loaded: Loaded, day: int, replicates: int, seed: int
) -> dict[str, NDArray[np.bool_]]:
    """Return for each event in which worlds, of shape (replicates,), it came."""
    params = build(loaded.scenario)
    params["steps"] = day // loaded.scenario.step_days + 1
    worlds = simulate(params, seed=seed, replicates=range(replicates))
    first, full = worlds["first_truce"], worlds["first_full_truce"]
    return {
        _FULL: full != NEVER,
        _PARTIAL: (first != NEVER) & ((full == NEVER) | (first < full)),
        _AID: worlds["aid"] > params["aid"][0],
    }
