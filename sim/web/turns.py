"""What would have turned decisions of the ringed run: searched for here, not in a page.

A search tries inputs of the scenario some thousand times. So one decision of a setting
is searched, the first refusal, or the first acceptance of a run without one; at the
reference setting, every answer that the page takes apart.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from sim.analysis.decisions.inputs import Parameters
from sim.analysis.decisions.thresholds import Flip, flips_along, smallest_flip
from sim.batch.plan import Plan
from sim.model.events import Event, Record
from sim.model.world import ANSWER, Scene, Walk
from sim.scenario.load import Loaded

Search: TypeAlias = Callable[[Event], list[Any] | None]

# Settings that are searched, those nearest to the reference first. Where parameters
# differ from one to the next, numbers that are tried take a scenario each.
MOST, MOST_BUILT = 100, 16

REFUSALS = ("rejection", "conditional_acceptance")

# What only says where a world starts: a decision rests on where it has come from there.
_START = re.compile(
    r"chips\.\w+\.(area_km2|amount)|aid\.level|front\.held_km2"
    r"|parties\.\w+\.belief\.drift_km2_per_week"
)


class Turns:
    """The searches of one sweep, by cell."""

    def __init__(self, plan: Plan) -> None:
        self.paths: Sequence[str] = plan.design.paths
        self.starts = all(map(_START.fullmatch, self.paths))
        self.reference = plan.design.reference
        self.common = Parameters(plan.scenario(self.reference))
        most = MOST if self.starts else MOST_BUILT
        self.cells = frozenset(nearest(plan.design.points, self.reference)[:most])

    def of(self, cell: int, walked: Walk) -> Search:
        """Return what finds the changes that turn an answer of a cell's run.

        They are the smallest of any one input, None if none does, and one for each
        varied path at which there is a number. No list where nothing is searched.
        """
        answers = [each for each in walked.scenes if each.kind == ANSWER]
        known = self.common
        if cell not in self.cells:
            answers = []
        elif cell != self.reference:
            refused = [each for each in answers if _type(each) in REFUSALS]
            answers = (refused or answers)[:1]
            known = Parameters(walked.loaded)
            if self.starts:
                known = _FromAnotherStart(walked.loaded, self.common)
        scenes = {id(each.event): each for each in answers}

        def found(event: Event) -> list[Any] | None:
            scene = scenes.get(id(event))
            if scene is None:
                return None
            smallest = smallest_flip(scene, known)
            along = flips_along(scene, self.paths, known)
            return [
                None if smallest is None else change(smallest),
                *(change(along[path]) for path in self.paths if path in along),
            ]

        return found


class _FromAnotherStart(Parameters):
    """Parameters of a cell that differs from another only in where its worlds start.

    A decision takes land, line, aid and beliefs from the world of its day, so those of
    the other cell do; only whether an area fits its peak hangs on the start.
    """

    def __init__(self, loaded: Loaded, other: Parameters) -> None:
        super().__init__(loaded)
        self._other = other

    def __call__(self, path: str, number: float) -> Record | None:
        if path.endswith((".peak_km2", ".peak")):
            return super().__call__(path, number)
        return self._other(path, number)


def _type(scene: Scene) -> str:
    return str(scene.event["type"]) if scene.event else ""


def change(flip: Flip) -> list[Any]:
    """Return path, number of the day, number at which the choice turns, and where.

    That number has no more digits than the other one. The last is -1 below the number,
    1 above it, 0 at it, the end of what is possible, and -2 or 2 below or above or at
    it, a whole number. Both are None where nothing turns.
    """
    at, given = flip.rounded, flip.input
    if at is None:
        return [given.path, _short(given.value), None, None]
    where = (1 if flip.above else -1) * (2 if given.whole else 1)
    if at in (flip.lowest, flip.highest):
        where = 0
    digits = len(f"{at:.12f}".rstrip("0").partition(".")[2])
    return [given.path, _short(round(given.value, digits)), _short(at), where]


def nearest(points: Sequence[Sequence[Any]], reference: int) -> list[int]:
    """Return the cells, those first that differ from the reference in fewest inputs.

    >>> nearest([(0, 0), (0, 1), (1, 0), (1, 1)], 1)
    [1, 0, 3, 2]
    """
    here = points[reference]

    def differing(cell: int) -> int:
        return sum(a != b for a, b in zip(points[cell], here, strict=True))

    return sorted(range(len(points)), key=differing)


def _short(number: float) -> float:
    """Return a number as it is written for readers: six digits."""
    return float(f"{number:.6g}")
