"""Python's way in: load a scenario, run one world or many, value its offers.

Works in a script and in a notebook alike; nothing here needs a `__main__` guard.
"""

from typing import Any

from sim.scenario.load import Loaded, load

__all__ = ["load", "values"]


def values(scenario: str | Loaded) -> dict[str, Any]:
    """Value the war, the chips and all offers at the start of a scenario.

    As `sim.analysis.values.values`, for an id, a path or a loaded scenario.
    """
    from sim.analysis.values import values as values_of

    return values_of(load(scenario))
