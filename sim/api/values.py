"""What fighting on, the chips and all offers are worth at the start of a scenario."""

from pathlib import Path
from typing import Any

from sim.analysis.values import values as values_of
from sim.scenario.load import Loaded, load


def values(scenario: str | Path | Loaded) -> dict[str, Any]:
    """Value the war, the chips and all offers at the start of a scenario.

    As `sim.analysis.values.values`, for an id, a path or a loaded scenario.
    """
    return values_of(load(scenario))
