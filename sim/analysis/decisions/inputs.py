"""The inputs of a decision, as they stand on its day, and how to change one of them.

The world of the day is held: what is varied is the one input, as the parties see it
that day. Where the day has a state of its own (land held, the line, the level of aid,
beliefs, private costs, a public commitment) that state is changed; every other input
is changed in the scenario, with the world as it had become.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.analysis.decisions.payoffs import Record
from sim.errors import ScenarioError
from sim.model.parameters import build
from sim.model.state import IN_PLACE, as_kernels_take_it
from sim.model.world import Scene
from sim.scenario.load import Loaded, changed
from sim.scenario.lookup import bounds_of
from sim.scenario.parties import Belligerent
from sim.scenario.provenance import annotation_of, known_paths

# What no decision of a day rests on alone: units of account, the clock, later days.
_NOT_INPUTS = frozenset(
    {"horizon_days", "step_days", "front.stake_km2", "front.step_km2"}
)
# An input is searched up to so many of its scales from where it stands.
REACH = 20.0

WIDTH, RELATIVE, RANGE, UNIT = (
    "width from low to high",
    "value itself",
    "range of the field",
    "unit",
)


class Numbers(NamedTuple):
    """Parameters and world with one input changed, arrays of shape (1,)."""

    params: Record
    world: Record


@dataclass(frozen=True, eq=False)
class DayInput:
    """One number that a decision may depend on.

    `value` is that of the day; `low` and `high` say how well it is known, where the
    scenario does; `lowest` and `highest` bound the search. A change is measured in
    units of `scale`, which is what `scale_is` says. `at` returns the numbers with
    another value, None where that is no scenario.
    """

    path: str
    value: float
    low: float | None
    high: float | None
    lowest: float
    highest: float
    scale: float
    scale_is: str
    whole: bool
    at: Callable[[float], Numbers | None] = field(repr=False)


class Parameters:
    """Parameters of a scenario with one number changed, built once each.

    The decisions of a day ask for the same ones again and again.
    """

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self._known: dict[tuple[str, float], Record | None] = {}

    def __call__(self, path: str, number: float) -> Record | None:
        """Return them, shape (1,); None where they are no valid scenario."""
        key = path, number
        if key not in self._known:
            try:
                scenario, _ = changed(self.loaded, {path: number})
                self._known[key] = as_kernels_take_it(build(scenario))
            except ScenarioError:
                self._known[key] = None
        return self._known[key]


def day_inputs(scene: Scene, parameters: Parameters) -> Iterator[DayInput]:
    """Yield all inputs of the scene's scenario that are numbers."""
    loaded, state = scene.loaded, _State(scene)
    for path, known in known_paths(loaded).items():
        value = known.value
        names = tuple(path.split("."))
        if path.endswith(".cost_of_war.private"):
            for end in (0, 1):
                yield _input(scene, state, parameters, f"{path}.{end}", value[end])
        elif isinstance(value, bool) or not isinstance(value, int | float):
            continue
        elif path not in _NOT_INPUTS and names[0] != "timeline":
            yield _input(scene, state, parameters, path, value)


def _input(
    scene: Scene,
    state: "_State",
    parameters: Parameters,
    path: str,
    written: float | int,
) -> DayInput:
    held = state.reads(path)
    value = float(written) if held is None else held
    low, high = _known_bounds(scene.loaded, path, float(written), value)
    lowest, highest = _allowed(scene, path)
    if low is not None and high is not None and low < high:
        scale, scale_is = high - low, WIDTH
    elif value != 0.0:
        scale, scale_is = abs(value), RELATIVE
    elif path.endswith("_km2") or highest - lowest <= 1.0:
        scale, scale_is = highest - lowest, RANGE
    else:
        scale, scale_is = 1.0, UNIT
    whole = isinstance(written, int)

    def at(number: float) -> Numbers | None:
        if held is not None:
            return state.with_state(path, number)
        return _with_parameter(
            scene, parameters, path, round(number) if whole else number
        )

    return DayInput(
        path,
        value,
        low,
        high,
        max(lowest, value - REACH * scale),
        min(highest, value + REACH * scale),
        scale,
        scale_is,
        whole,
        at,
    )


def _known_bounds(
    loaded: Loaded, path: str, written: float, value: float
) -> tuple[float | None, float | None]:
    """Return how low and how high the input may be on the day.

    What the scenario says of its own value is moved to that of the day: an area in
    proportion, everything else by as much. Of a private cost the others know the
    interval that it lies in.
    """
    names = tuple(path.split("."))
    if names[-2:] == ("cost_of_war", "value"):
        party = loaded.scenario.parties[names[1]]
        assert isinstance(party, Belligerent)
        return party.cost_of_war.private
    if "private" in names:
        return None, None
    about = annotation_of(loaded, names)
    low = written if about.low is None else about.low
    high = written if about.high is None else about.high
    if about.low is None and about.high is None:
        return None, None
    if names[-1] == "area_km2" and written > 0.0:
        return low * value / written, high * value / written
    return low + value - written, high + value - written


def _allowed(scene: Scene, path: str) -> tuple[float, float]:
    """Return the bounds of the schema, and those that the day sets."""
    scenario = scene.loaded.scenario
    names = path.split(".")
    if "private" in names:
        return 0.0, 10.0
    low, high = bounds_of(path)
    if names[0] == "chips" and names[-1] == "area_km2":
        high = scenario.chips[names[1]].peak_km2
    return low, high


def _with_parameter(
    scene: Scene, parameters: Parameters, path: str, number: float
) -> Numbers | None:
    """Return the scene's numbers with another value of the scenario.

    The area of a chip on the day stays what it is when its peak is another one.
    """
    params = parameters(path, number)
    if params is None:
        return None
    names = path.split(".")
    world = scene.world
    if names[0] == "chips" and names[-1] == "peak_km2":
        chip = scene.labels.chips.index(names[1])
        world = world.copy()
        world["chip"][0, chip] *= scene.labels.peaks_km2[chip] / number
        if world["chip"][0, chip] > 1.0:
            return None
    return Numbers(params, world)


class _State:
    """The world of a day by the paths of the scenario that it started from."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.sides = scene.labels.sides
        self.chips = scene.labels.chips
        self.lines = float(scene.params["lines"][0])

    def reads(self, path: str) -> float | None:
        """Return what the day has at a path; None for what is no state."""
        found = self._place(path)
        if found is None:
            return None
        name, index, unit = found
        values = self.scene.world[name][0]
        return float(values if index is None else values[index]) * unit

    def with_state(self, path: str, number: float) -> Numbers | None:
        """Return the numbers with another state at a path."""
        found = self._place(path)
        assert found is not None
        name, index, unit = found
        world = self.scene.world.copy()
        if index is None:
            world[name] = number / unit
        else:
            world[name][0, index] = number / unit
        if name == "aid":
            world["aid_felt"] = number
        if name == "line":
            self._move_offer(world)
        if world["cost_low"][0, 0] > world["cost_high"][0, 0]:
            return None
        if world["cost_low"][0, 1] > world["cost_high"][0, 1]:
            return None
        inside = 0.0 < world["line"][0] < self.lines
        odds = all(0.0 < belief < 1.0 for belief in world["belief"][0])
        return Numbers(self.scene.params, world) if inside and odds else None

    def _move_offer(self, world: Record) -> None:
        """Let the line of an offer in place be the line of contact."""
        offer = int(world["offer"][0])
        if offer >= 0 and self.scene.params["line_kind"][0, offer] == IN_PLACE:
            world["offer_line"] = world["line"]

    def _place(self, path: str) -> tuple[str, int | None, float] | None:
        """Return field, position and unit of the record at a path of the scenario."""
        names = path.split(".")
        if path == "front.share":
            return "line", None, 1.0 / self.lines
        if path == "aid.level":
            return "aid", None, 1.0
        if names[0] == "chips" and names[-1] == "area_km2":
            chip = self.chips.index(names[1])
            return "chip", chip, self.scene.labels.peaks_km2[chip]
        if names[0] == "parties" and names[1] in self.sides:
            side = self.sides.index(names[1])
            field_of = {
                "belief.win_probability": "belief",
                "cost_of_war.value": "cost",
                "cost_of_war.private.0": "cost_low",
                "cost_of_war.private.1": "cost_high",
                "audience_cost": "audience_cost",
            }
            found = field_of.get(".".join(names[2:]))
            return None if found is None else (found, side, 1.0)
        return None
