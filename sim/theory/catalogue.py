"""The published models by name, and the one function that computes any of them."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import UsageError
from sim.scenario.references import did_you_mean
from sim.theory import (
    attrition,
    audience_costs,
    brownian_front,
    collapse_screening,
    commitment,
    crises,
    crisis_signalling,
    expected_utility,
    fighting,
    learning,
    mediator,
    ruin,
    slantchev_types,
    spatial_values,
    splits,
    truces,
)
from sim.theory.inputs import Model, checked

MODELS: Mapping[str, Model] = {
    each.name: each
    for each in (
        splits.rubinstein,
        splits.nash,
        splits.outside_options,
        crises.fearon_range,
        crises.first_strike,
        crises.fearon_demand,
        crises.two_types,
        commitment.preventive,
        commitment.commitment,
        commitment.surprise_attack,
        audience_costs.audience_costs,
        mediator.mediator,
        crisis_signalling.crisis_signalling,
        ruin.ruin,
        ruin.collapse_race,
        brownian_front.brownian_front,
        attrition.attrition,
        fighting.slantchev,
        fighting.random_proposer,
        fighting.private_cost_demand,
        slantchev_types.slantchev_types,
        collapse_screening.collapse_screening,
        learning.beta_learning,
        learning.learning_step,
        learning.type_posterior,
        learning.optimism_gap,
        learning.first_deal,
        truces.chip_time,
        truces.waiting,
        truces.ceasefire_value,
        truces.inspection,
        truces.shrinking_stakes,
        expected_utility.expected_utility,
        spatial_values.spatial_values,
    )
}
"""In the order in which a course would take them."""


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

    >>> calculate("inspection", {"G": 0.03, "L": "0.09"}).results
    {'m': 0.25}

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
