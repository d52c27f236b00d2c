"""Dates and durations of a scenario in steps."""

import math
from datetime import date

from sim.scenario.schema import Scenario


def whole_steps(days: float, step_days: int) -> int:
    """Return the number of whole steps that cover so many days."""
    return math.ceil(days / step_days)


def since_start(scenario: Scenario, day: date) -> int:
    """Return the first step that does not begin before a day."""
    return whole_steps((day - scenario.start_date).days, scenario.step_days)
