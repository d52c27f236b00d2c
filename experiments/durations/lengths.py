"""How long a simulated war lasts, in the words of those who list real ones.

A war lasts until one side is defeated, or until a truce that goes on for a year or
becomes a settlement; shorter truces are part of the war, as in the list. What stops
before a week was fought is no war: the list has none below 1,000 battle deaths.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.durations.population import HORIZON_WEEKS
from sim.model.engine import run_recorded
from sim.model.parameters import build
from sim.model.state import DEFEAT, SETTLED, TABLE, WORLD, as_kernels_take_it, blank
from sim.model.state import WAR as AT_WAR
from sim.scenario.load import Loaded

LASTING_WEEKS = 52
DEFEATED, AGREED, GOES_ON = "defeat", "agreement", "goes on"


class Length(NamedTuple):
    """Begun weeks until the fighting stopped, how it did, and whether it was a war."""

    weeks: int
    end: str
    fought: bool


def lengths(
    wars: Iterable[Loaded], *, seed: int, lasting: Sequence[int] = (LASTING_WEEKS,)
) -> dict[int, list[Length]]:
    """Run each war once, replicate by its place, and measure it; steps of a week.

    `lasting` says after how many weeks of truce a war counts as over: one list each.
    """
    worlds, tables = blank(WORLD, 1), blank(TABLE, 1)
    days = as_kernels_take_it(np.zeros((1, HORIZON_WEEKS), WORLD))
    found: dict[int, list[Length]] = {weeks: [] for weeks in lasting}
    for place, war in enumerate(wars):
        cell = as_kernels_take_it(build(war.scenario))
        run_recorded(cell, worlds, tables, seed, place, days)
        path = np.asarray(days[0, : int(worlds["step"][0])])
        for weeks, of_these in found.items():
            of_these.append(length(path, weeks))
    return found


def length(path: NDArray[np.void], lasting: int) -> Length:
    """Measure a war from its record after each step, shape (steps,), field `phase`."""
    phase = path["phase"]
    stops = phase != AT_WAR
    begins = np.flatnonzero(stops & ~np.concatenate([[False], stops[:-1]]))
    for first in begins.tolist():
        still = ~stops[first:]
        last = first + int(still.argmax()) if still.any() else phase.size
        if phase[last - 1] == DEFEAT:
            return Length(first + 1, DEFEATED, True)
        settled = bool((phase[first:last] == SETTLED).any())
        if settled or last - first >= lasting:
            # The step of the record is the one on which the truce began.
            return Length(first, AGREED, not stops[:first].all())
    return Length(phase.size, GOES_ON, True)
