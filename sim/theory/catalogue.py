"""The published models by name, and the one function that computes any of them."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from sim import theory
from sim.errors import UsageError
from sim.scenario.references import did_you_mean
from sim.theory.inputs import Model, checked


def _models() -> Iterator[Model]:
    """Yield the models of each module that has a place in a course, in that order."""
    names = [f"{theory.__name__}.{each.name}" for each in iter_modules(theory.__path__)]
    modules = [import_module(name) for name in names if name != __name__]
    placed = [each for each in modules if hasattr(each, "PLACE_IN_COURSE")]
    for module in sorted(placed, key=lambda each: each.PLACE_IN_COURSE):
        for each in vars(module).values():
            if isinstance(each, Model) and each.function.__module__ == module.__name__:
                yield each


MODELS: Mapping[str, Model] = {each.name: each for each in _models()}
"""In the order in which a course would take them.

A file with a `PLACE_IN_COURSE`, its chapter and section, is all that a model needs to
be listed; those of one file stand in the order in which they are written.
"""


@dataclass(frozen=True)
class Answer:
    """Inputs of a model, defaults filled in, and its results; JSON takes both.

    What has no end is None among the inputs, what does not exist among the results.
    """

    inputs: dict[str, Any]
    results: dict[str, Any]


def find(name: str) -> Model:
    """Return a model by name; `UsageError` if there is none of that name."""
    if name not in MODELS:
        hint = did_you_mean(name.lower(), MODELS) or "; `ceasefire theory` lists them"
        raise UsageError(f"no model is called {name[:40]!a}{hint}")
    return MODELS[name]


def calculate(
    name: str, given: Mapping[str, object], problems: Iterable[str] = ()
) -> Answer:
    """Compute a model from its inputs, numbers or texts, by the names of the paper.

    `problems` are mistakes that were found before; all are reported together.

    >>> calculate("nash", {"D1": 0.25, "D2": "0.25", "a": 0.5}).results
    {'x': 0.5, 'y': 0.5}

    Raises
    ------
    UsageError
        If the model or an input is unknown, or an input is missing or out of range, or
        the inputs are so extreme that a result overflows.
    """
    model = find(name)
    values = checked(model, given, problems)
    arguments = {each.argument: values[each.name] for each in model.inputs}
    try:
        found = model(**arguments)
    except ArithmeticError:  # a division by what rounds to 0, a power too large
        found = dict.fromkeys(model.results, math.nan)
    results = {name: _plain(value) for name, value in found.items()}
    lost = [name for name, value in results.items() if not _is_finite(value)]
    if lost:
        raise UsageError(
            f"{model.name}: {', '.join(lost)} cannot be computed from inputs so extreme"
        )
    for each in model.inputs:
        value = values[each.name]
        if isinstance(value, float) and math.isinf(value):
            values[each.name] = None
        elif each.kind == "whole" and value is not None:
            values[each.name] = int(value)
    return Answer(values, results)


def _plain(value: Any) -> Any:
    """Return a result as Python's own number, which JSON takes."""
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.item() if hasattr(value, "item") else value


def _is_finite(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)
