"""Sets of inputs: what is not known about a scenario, drawn apart from luck.

Every value with a `low` or `high` is an input. Sets are drawn by Latin hypercube, each
input uniform between its bounds (one that is missing is the value itself), the same
sets for every cell. Where a plain draw would make no scenario, it is fitted:

- whole numbers are rounded;
- the peak of a chip is at least its area, and an area drawn at most the peak;
- a cost of war moves together with its private interval, which is cut at 0.

A bound that no scenario can have, alone or together with those of the other inputs, is
refused by its name (`check_inputs`); nothing takes its place.

All sets have the luck of the same replicates. The share of one set is still that of a
limited number of worlds: the spread over sets is a little wider than that of the inputs
alone, by about 0.035 a set for shares near a half and 200 worlds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sim.batch.design import plain
from sim.batch.settings import Setting, shown
from sim.errors import ScenarioError
from sim.scenario.load import Loaded, resolve
from sim.scenario.parties import PrivateCost
from sim.scenario.problems import Problem, dotted
from sim.scenario.schema import Scenario

NO_SCENARIO = "a set of inputs does not give a valid scenario: "


@dataclass(frozen=True)
class Input:
    """A number of the scenario that is known only within bounds."""

    path: str
    low: float
    high: float


Numbers: TypeAlias = Any
"""A float, or an array of shape (n,) with one for each of many sets."""


def inputs_of(loaded: Loaded, without: tuple[str, ...]) -> tuple[Input, ...]:
    """Return the inputs of a scenario, by path; those varied anyway are left out."""
    found = []
    for path, about in loaded.sourced.annotations.items():
        value = number_at(loaded.scenario, path)
        name = dotted(path)
        if value is None or any(overlap(name, varied) for varied in without):
            continue
        low = value if about.low is None else about.low
        high = value if about.high is None else about.high
        if low < high:
            found.append(Input(name, low, high))
    return tuple(sorted(found, key=lambda each: each.path))


def with_inputs(
    base: Loaded, settings: Mapping[str, object], draw: Mapping[str, float]
) -> tuple[Loaded, dict[str, float]]:
    """Return a cell's scenario with a set of inputs, and the inputs as fitted."""
    cell = resolve(base, settings) if settings else base
    used = fitted(cell.scenario, draw)
    try:
        return resolve(base, {**settings, **changes_of(cell.scenario, used)}), used
    except ScenarioError as error:
        wrong = (each.removeprefix("--set: ") for each in error.problems)
        raise ScenarioError(f"{NO_SCENARIO}{each}" for each in wrong) from None


def check_inputs(
    base: Loaded,
    inputs: Sequence[Input],
    settings: Mapping[str, Setting] | None = None,
    *,
    are_scenarios: bool = False,
) -> None:
    """Raise ScenarioError with all bounds that an input cannot have in a cell.

    `are_scenarios`: it is known that any set is a scenario; so only bounds to which
    the others do not let an input go are looked for, which is a hundred times faster.
    """
    found = impossible(base, inputs, settings or {}, are_scenarios=are_scenarios)
    problems = [text for _, text in found]
    if problems:
        raise ScenarioError(problems)


def impossible(
    base: Loaded,
    inputs: Sequence[Input],
    settings: Mapping[str, Setting],
    *,
    are_scenarios: bool = False,
) -> Iterator[tuple[str, str]]:
    """Yield the path of an input that cannot be what a bound says, and why it cannot.

    If each can alone, but not all together, there is no path.
    """
    for end in ("low", "high"):
        draw = {each.path: float(getattr(each, end)) for each in inputs}
        wrong = {} if are_scenarios else dict(_refused_alone(base, draw, settings))
        # a cell may have what its inputs are fitted to, as the peak of a chip
        wrong |= {} if settings else _misfits(base, draw)
        for name, why in wrong.items():
            text = f"{draw[name]:g} cannot be used: {why}"
            yield name, _about(base, name, end, text, settings)
        if not (wrong or are_scenarios) and (why := _refused(base, draw, settings)):
            text = f"cannot all be at their {end} at once: {why}"
            yield "", _about(base, "", end, text, settings)


def _refused_alone(
    base: Loaded, draw: Mapping[str, float], settings: Mapping[str, Setting]
) -> Iterator[tuple[str, str]]:
    """Yield each input whose number in a draw makes no scenario, and why."""
    for path, number in draw.items():
        if why := _refused(base, {path: number}, settings):
            yield path, why.removeprefix(f"{path}: ")


def _misfits(base: Loaded, draw: Mapping[str, float]) -> dict[str, str]:
    """Return the inputs that are fitted to another number than a draw has, and why."""
    used, found = fitted(base.scenario, draw), {}
    for path, number in draw.items():
        whole = isinstance(value_at(base.scenario, tuple(path.split("."))), int)
        if abs(used[path] - number) > (0.5 if whole else 0.0):
            found[path] = f"with the others as they are it would be {used[path]:g}"
    return found


def _refused(
    base: Loaded, draw: Mapping[str, float], settings: Mapping[str, Setting]
) -> str:
    """Return why a draw is no scenario, or nothing."""
    changes = {path: plain(each) for path, each in settings.items()}
    try:
        with_inputs(base, changes, draw)
    except ScenarioError as error:
        return error.problems[0].removeprefix(NO_SCENARIO)
    return ""


def _about(
    base: Loaded, name: str, end: str, text: str, settings: Mapping[str, Setting]
) -> str:
    """Return a message about a bound, with its place in the file if it has one."""
    known = {dotted(path): path for path in base.sourced.annotations}
    path = (*known.get(name, (name,)), end)
    listed = ", ".join(f"{path} {shown(each)}" for path, each in settings.items())
    if listed:
        text = f"{text} (in the cell with {listed})"
    place = base.sourced.values.get(path)
    if place is not None:
        return str(Problem(path, text, place))
    what = f"{dotted(path)}: " if name else "the inputs "
    return f"{base.scenario.id}: {what}{text}"


def number_at(scenario: Scenario, path: tuple[str | int, ...]) -> float | None:
    """Return the number at a path of a scenario, None if there is none."""
    value = value_at(scenario, path)
    if isinstance(value, PrivateCost):
        value = value.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def value_at(value: Any, path: tuple[str | int, ...]) -> Any:
    """Return what a scenario has at a path, None if nothing."""
    for name in path:
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, tuple):
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = getattr(value, str(name), None)
    return value


def overlap(one: str, other: str) -> bool:
    """Say whether one path is that of a part of the other, or the same."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def fitted(scenario: Scenario, draw: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Return the draw, each input moved to the nearest number that can be.

    Of many sets at once each input is an array of shape (n,), and so is what comes out.
    """
    used = dict(draw)
    for path, number in draw.items():
        if isinstance(value_at(scenario, tuple(path.split("."))), int):
            used[path] = _plain(_rounded(number))
    for name, chip in scenario.chips.items():
        size, full = (f"chips.{name}.{field}" for field in chip.pair)
        if full in draw:
            # What is held now has been held: a smaller peak contradicts the cell.
            used[full] = _plain(_larger(draw[full], draw.get(size, chip.size)))
        elif size in draw:
            used[size] = _plain(_smaller(draw[size], chip.full))
    return used


def changes_of(scenario: Scenario, used: Mapping[str, Numbers]) -> dict[str, object]:
    """Return what `resolve` is to set: a number, or a cost with its interval.

    Worlds draw a private cost from its interval, which therefore moves with the cost.
    Arrays of shape (n,) give the changes of many sets at once.
    """
    changes: dict[str, object] = {}
    for path, number in used.items():
        now = value_at(scenario, tuple(path.split(".")))
        if isinstance(now, PrivateCost):
            low, high = (number + end - now.value for end in now.private)
            # Rounding may move an end past the cost, most of all one that equals it.
            low = _smaller(number, _larger(low, 0.0))
            private = [_plain(low), _plain(_larger(number, high))]
            changes[path] = {"value": number, "private": private}
        else:
            changes[path] = number
    return changes


def _plain(number: Any) -> Any:
    """Return an array as it is, and a number of numpy as one of Python, never -0.0."""
    return number + 0.0 if _is_many(number) else float(number + 0.0)


# Without numpy, for which `ceasefire validate` should not wait: arrays know themselves.


def _is_many(number: Numbers) -> bool:
    return getattr(number, "ndim", 0) > 0


def _larger(one: Numbers, other: Numbers) -> Numbers:
    if _is_many(one):
        return one.clip(min=other)
    return other.clip(min=one) if _is_many(other) else max(one, other)


def _smaller(one: Numbers, other: Numbers) -> Numbers:
    if _is_many(one):
        return one.clip(max=other)
    return other.clip(max=one) if _is_many(other) else min(one, other)


def _rounded(number: Numbers) -> Numbers:
    """Return the nearest whole number, of two the even one."""
    return number.round() if _is_many(number) else round(number)
