"""The inputs of a decision, as they stand on its day, and how to change one of them.

The world of the day is held: what is varied is the one input, as the parties see it
that day. Where the day has a state of its own (land held, the line, the level of aid,
beliefs, private costs, a public commitment) that state is changed; every other input
is changed in the scenario, with the world as it had become.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.errors import ScenarioError
from sim.model.events import Record
from sim.model.parameters import build
from sim.model.state import IN_PLACE, as_kernels_take_it
from sim.model.world import Scene
from sim.scenario.load import Loaded, changed
from sim.scenario.lookup import bounds_of
from sim.scenario.parties import Belligerent
from sim.scenario.provenance import annotation_of, known_paths

# What no decision of a day rests on alone: the clock, later days.
_NOT_INPUTS = frozenset({"horizon_days", "step_days"})
_SIZES = ("area_km2", "amount")  # of a chip
# An input is searched up to so many of its scales from where it stands.
REACH = 20.0
# A worth in km2 that is 0 is moved by a tenth of the stake, which is what wars cost.
_PARTS_OF_STAKE = 10.0


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


def day_inputs(
    scene: Scene, parameters: Parameters | None = None
) -> Iterator[DayInput]:
    """Yield all inputs of the scene's scenario that are numbers.

    Decisions of one world are faster with `parameters` in common.
    """
    parameters = parameters or Parameters(scene.loaded)
    for path, known in known_paths(scene.loaded).items():
        value = known.value
        if path.endswith(".cost_of_war_km2.private"):
            for end in (0, 1):
                yield _input(scene, parameters, f"{path}.{end}", value[end])
        elif isinstance(value, bool) or not isinstance(value, int | float):
            continue
        elif path not in _NOT_INPUTS and not path.startswith("timeline."):
            yield _input(scene, parameters, path, value)


def _input(
    scene: Scene, parameters: Parameters, path: str, written: float | int
) -> DayInput:
    place, value = _place(scene, path), float(written)
    if place is not None:
        value = float(scene.world[place.field][place.at]) * place.unit
    low, high = _known_bounds(scene.loaded, path, float(written), value)
    lowest, highest = _allowed(scene, path)
    if low is not None and high is not None and low < high:
        scale, scale_is = high - low, "width from low to high"
    elif value != 0.0:
        scale, scale_is = abs(value), "value itself"
    else:
        scale, scale_is = _scale_of_nothing(scene, path, highest - lowest)
    whole = isinstance(written, int)

    def at(number: float) -> Numbers | None:
        if place is not None:
            return _with_state(scene, place, number)
        written = round(number) if whole else number
        return _with_parameter(scene, parameters, path, written)

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


def _scale_of_nothing(scene: Scene, path: str, width: float) -> tuple[float, str]:
    """Return in what a change of an input that is 0 is measured."""
    front = scene.loaded.scenario.front
    if path.endswith("_km2_per_week") and front.volatility_km2_per_week > 0.0:
        return front.volatility_km2_per_week, "weekly spread of the line"
    if (path.startswith("chips.") and path.endswith(_SIZES)) or width <= 1.0:
        return width, "range of the field"
    if "km2" in path:
        return front.stake_km2 / _PARTS_OF_STAKE, "tenth of the stake"
    return 1.0, "unit"


def _known_bounds(
    loaded: Loaded, path: str, written: float, value: float
) -> tuple[float | None, float | None]:
    """Return how low and how high the input may be on the day.

    What the scenario says of its own value is moved to that of the day: an area in
    proportion, everything else by as much. Of a private cost the others know the
    interval that it lies in.
    """
    names = tuple(path.split("."))
    if names[-2:] == ("cost_of_war_km2", "value"):
        party = loaded.scenario.parties[names[1]]
        assert isinstance(party, Belligerent)
        return party.cost_of_war_km2.private
    about = None if "private" in names else annotation_of(loaded, names)
    if about is None or about.low is about.high is None:
        return None, None
    low = written if about.low is None else about.low
    high = written if about.high is None else about.high
    if names[-1] in _SIZES and written > 0.0:
        return low * value / written, high * value / written
    return low + value - written, high + value - written


def _allowed(scene: Scene, path: str) -> tuple[float, float]:
    """Return the bounds of the schema, and those that the day sets."""
    scenario, names = scene.loaded.scenario, path.split(".")
    if "private" in names:
        names = [*names[: names.index("private")], "value"]
    low, high = bounds_of(".".join(names), scenario.front.stake_km2)
    if names[0] == "chips" and names[-1] in _SIZES:
        high = scenario.chips[names[1]].full
    return low, high


def _with_parameter(
    scene: Scene, parameters: Parameters, path: str, number: float
) -> Numbers | None:
    """Return the scene's numbers with another value of the scenario.

    The size of a chip on the day stays what it is when its peak is another one.
    """
    params, world, names = parameters(path, number), scene.world, path.split(".")
    if params is None:
        return None
    if names[0] == "chips" and names[-1] in ("peak_km2", "peak"):
        chip = scene.labels.chips.index(names[1])
        world = world.copy()
        world["chip"][0, chip] *= scene.labels.fulls[chip] / number
        if world["chip"][0, chip] > 1.0:
            return None
    return _inside(params, world)


def _inside(params: Record, world: Record) -> Numbers | None:
    """Return the numbers; None if the line would not lie within the stake."""
    inside = 0.0 < world["line"][0] < float(params["stake"][0])
    return Numbers(params, world) if inside else None


class _Place(NamedTuple):
    """Where the world's record has an input, and how much of it 1 is there."""

    field: str
    at: tuple[int, ...]
    unit: float


_OF_SIDES = {
    "belief.drift_km2_per_week": "belief",
    "cost_of_war_km2.value": "cost",
    "cost_of_war_km2.private.0": "cost_low",
    "cost_of_war_km2.private.1": "cost_high",
    "audience_cost_km2": "audience_cost",
}


def _place(scene: Scene, path: str) -> _Place | None:
    """Return where the day has a state of its own; None for what is no state."""
    labels, (head, *names) = scene.labels, path.split(".")
    if path == "front.held_km2":
        return _Place("line", (0,), 1.0)
    if path == "aid.level":
        return _Place("aid", (0,), 1.0)
    if head == "chips" and names[-1] in _SIZES:
        chip = labels.chips.index(names[0])
        return _Place("chip", (0, chip), labels.fulls[chip])
    found = _OF_SIDES.get(".".join(names[1:]))
    if head == "parties" and names[0] in labels.sides and found is not None:
        return _Place(found, (0, labels.sides.index(names[0])), 1.0)
    return None


def _with_state(scene: Scene, place: _Place, number: float) -> Numbers | None:
    """Return the scene's numbers with another state of the day."""
    world, params = scene.world.copy(), scene.params
    world[place.field][place.at] = number / place.unit
    if place.field == "aid":
        world["aid_felt"] = number
    if place.field == "line":  # an offer in place goes with it
        offer = int(world["offer"][0])
        if offer >= 0 and params["line_kind"][0, offer] == IN_PLACE:
            world["offer_line"] = world["line"]
    if (world["cost_low"] > world["cost_high"]).any():
        return None
    return _inside(params, world)
