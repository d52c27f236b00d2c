"""The smallest single change of one input that turns a decision.

Each input is moved away from its value on the day, both ways, in steps that grow; where
the choice first becomes another one, the last step is halved until the edge is known
to a ten-millionth of the input's scale. Nothing is assumed of what lies between: values
in this model can jump, for instance where a line falls short of a claim. A change
that turns the choice and turns it back between two steps is missed.
"""

import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush
from typing import Any

from sim.analysis.decisions.inputs import DayInput, Parameters, day_inputs
from sim.analysis.decisions.payoffs import Look
from sim.analysis.decisions.weighing import choose
from sim.model.world import Scene

# Steps away from the value, in scales of the input: fine near by, then in eighths.
STEPS = sorted(
    {0.001 * 2.0**i for i in range(9)}
    | {0.125 * i for i in range(1, 17)}
    | {2.0 * 1.25**i for i in range(1, 11)}
    | {20.0}
)
_PROBES = (0.05, 0.6, 2.3)
EDGE = 1e-7


@dataclass(frozen=True)
class Flip:
    """Where a decision turns as one input moves, or that it nowhere does.

    At `at` the choice is `becomes`, at `inside`, a hair nearer to the value of the day,
    it is what it was: both were tried. `rounded` is `at` in few digits, rounded away
    from the value of the day and tried as well. `size` is the change in scales of the
    input. All five are None where nothing between `lowest` and `highest` turns it;
    `touches` says whether the input then matters to the numbers at all.
    """

    input: DayInput
    lowest: float
    highest: float
    touches: bool
    at: float | None = None
    inside: float | None = None
    becomes: str | None = None
    rounded: float | None = None

    @property
    def size(self) -> float | None:
        """Change that turns the decision, in scales of the input."""
        if self.at is None:
            return None
        return abs(self.at - self.input.value) / self.input.scale

    @property
    def above(self) -> bool:
        """Whether the decision turns above the value of the day, not below it."""
        return self.at is not None and self.at > self.input.value

    def to_dict(self) -> dict[str, Any]:
        """Return the flip as plain data: one of `flips` of `why --json`."""
        given = self.input
        return {
            "path": given.path,
            "value": given.value,
            "low": given.low,
            "high": given.high,
            "turns_at": self.at,
            "holds_at": self.inside,
            "becomes": self.becomes,
            "size": self.size,
            "scale": given.scale,
            "scale_is": given.scale_is,
            "searched": [self.lowest, self.highest],
            "touches": self.touches,
        }


def flips(scene: Scene, parameters: Parameters | None = None) -> list[Flip]:
    """Return for each input where it turns the decision, the smallest change first.

    Those that turn nothing come last, in the order of the scenario.
    """
    found = [_flip(scene, each) for each in day_inputs(scene, parameters)]
    return sorted(found, key=lambda each: math.inf if each.size is None else each.size)


def flips_along(
    scene: Scene, paths: Collection[str], parameters: Parameters | None = None
) -> dict[str, Flip]:
    """Return where some inputs turn the decision, or that they nowhere do, by path.

    A path at which the scenario has no number that can be moved is left out.
    """
    inputs = day_inputs(scene, parameters)
    return {each.path: _flip(scene, each) for each in inputs if each.path in paths}


def smallest_flip(scene: Scene, parameters: Parameters | None = None) -> Flip | None:
    """Return the first of `flips` that turns the decision, without the others.

    None if none does. The input that has been moved least is moved on, until none can
    turn the decision nearer by than one has.
    """
    here = choose(scene, scene.params, scene.world)
    inputs = list(day_inputs(scene, parameters))
    # How far each has been moved, its place and which way, and what comes next.
    moved: list[tuple[float, int, bool, Iterator[float]]] = [
        (0.0, place, up, _away(given, given.highest if up else given.lowest))
        for place, given in enumerate(inputs)
        for up in (False, True)
    ]
    nearest: tuple[float, int, Flip] | None = None
    while moved and (nearest is None or moved[0][:2] < nearest[:2]):
        _, place, up, following = heappop(moved)
        given = inputs[place]
        number = next(following, None)
        seen = None if number is None else _look(scene, given, number)
        if number is None or seen is None:
            continue
        if seen.choice == here.choice:
            so_far = abs(number - given.value) / given.scale
            heappush(moved, (so_far, place, up, following))
            continue
        flip = _flip(scene, given)
        size = flip.size
        if size is not None and (nearest is None or (size, place) < nearest[:2]):
            nearest = size, place, flip
    return None if nearest is None else nearest[2]


_Seeing = Callable[[float], Look | None]


def _look(scene: Scene, given: DayInput, number: float) -> Look | None:
    numbers = given.at(number)
    return None if numbers is None else choose(scene, *numbers)


def _flip(scene: Scene, given: DayInput) -> Flip:
    look = partial(_look, scene, given)
    here = choose(scene, scene.params, scene.world)
    ends = given.lowest, given.highest
    if not _touches(look, here, given):
        return Flip(given, *ends, touches=False)
    reached: list[float] = []
    edges: list[tuple[float, float]] = []  # steps in which the choice turns
    for end in ends:
        inside = given.value
        for number in _away(given, end):
            seen = look(number)
            if seen is not None and seen.choice != here.choice:
                edges.append((inside, number))
            if seen is None or seen.choice != here.choice:
                break
            inside = number
        reached.append(inside)
    if not edges:
        return Flip(given, reached[0], reached[1], touches=True)

    def change(found: tuple[float, *tuple[Any, ...]]) -> float:
        return abs(found[0] - given.value)

    edges.sort(key=change)
    best = _narrowed(look, here.choice, *edges[0], given)
    if len(edges) > 1 and change(edges[1]) < change(best):
        best = min(best, _narrowed(look, here.choice, *edges[1], given), key=change)
    at, inside, becomes = best
    rounded = _rounded(look, given, at, becomes)
    return Flip(given, *ends, True, at, inside, becomes, rounded)


def _touches(look: _Seeing, here: Look, given: DayInput) -> bool:
    """Whether anything that the choice is made from changes with the input."""
    tried = [given.lowest, given.highest]
    tried += [given.value + way * t * given.scale for t in _PROBES for way in (-1, 1)]
    if given.whole:
        tried = [float(round(number)) for number in tried]
    seen = (look(each) for each in tried if given.lowest <= each <= given.highest)
    return any(each not in (None, here) for each in seen)


def _away(given: DayInput, end: float) -> Iterator[float]:
    """Yield numbers from the value of the day to one end of its range."""
    way = -1.0 if end < given.value else 1.0
    last = given.value
    for step in STEPS:
        number = given.value + way * step * given.scale
        number = max(number, end) if way < 0 else min(number, end)
        if given.whole:
            number = float(round(number))
        if number != last:
            last = number
            yield number
        if number == end:
            return


def _narrowed(
    look: _Seeing, choice: str, inside: float, outside: float, given: DayInput
) -> tuple[float, float, str]:
    """Halve the step in which the choice turns; return where it has, has not, and to.

    A number that is no scenario counts as one at which nothing has turned.
    """
    least = 1.0 if given.whole else EDGE * given.scale
    seen = look(outside)
    assert seen is not None
    becomes = seen.choice
    while abs(outside - inside) > least:
        middle = 0.5 * (inside + outside)
        if given.whole:
            middle = float(math.floor(middle))
        if middle in (inside, outside):
            break
        seen = look(middle)
        if seen is None or seen.choice == choice:
            inside = middle
        else:
            outside, becomes = middle, seen.choice
    return outside, inside, becomes


def _rounded(look: _Seeing, given: DayInput, at: float, becomes: str) -> float:
    """Return a number of few digits beyond an edge at which the choice has turned.

    Whole if the change is 10 or more, else two digits of it, or as many as it takes not
    to turn back.
    """
    change = abs(at - given.value)
    if given.whole or change == 0.0:
        return at
    up = math.ceil if at > given.value else math.floor
    first = max(0, 1 - math.floor(math.log10(change)))
    for digits in range(first, first + 8):
        factor = 10.0**digits
        number = min(max(up(at * factor) / factor, given.lowest), given.highest)
        seen = look(number)
        if seen is not None and seen.choice == becomes:
            return number
    return at
