"""What the findings say the model answers, each so that it can come out false.

Two outcomes, never one alone: a full truce begins by day 90, and the fighting has
stopped at the horizon.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

SCENARIO = "kursk-2025-03-13"
BEGUN, STOPPED = "full_truce_share", "fighting_stopped_share"
WITHIN_DAYS = 90
REPLICATES = 2000
SEED = 1


@dataclass(frozen=True)
class Headline:
    """More of something, more of an outcome (or less): two settings of one path.

    `sign` is the direction that is claimed, +1 or -1; `settings` hold in both.
    """

    name: str
    says: str
    outcome: str
    path: str
    before: float
    after: float
    sign: int
    settings: Mapping[str, object] = field(default_factory=dict)


HEADLINES = (
    Headline(
        "Pause",
        "While the front in Kursk collapses, from 0 to 1,000 km2 held there a full "
        "truce begins by day 90 in more worlds.",
        BEGUN,
        "chips.kursk.area_km2",
        0.0,
        1000.0,
        +1,
    ),
    Headline(
        "Stop",
        "While the front in Kursk is quiet, from 0 to 1,000 km2 held there the "
        "fighting has stopped on day 180 in more worlds.",
        STOPPED,
        "chips.kursk.area_km2",
        0.0,
        1000.0,
        +1,
        {"chips.kursk.regime": "lull"},
    ),
    Headline(
        "Cost of war",
        "With a cost of war of 800 km2 for Russia, a full truce begins by day 90 in "
        "more worlds than with 480.",
        BEGUN,
        "parties.russia.cost_of_war_km2",
        480.0,
        800.0,
        +1,
    ),
)

# And of the scenario as it is: this many worlds at the most.
RARE = 0.5
RARE_SAYS = "A full truce begins by day 90 in fewer than half of the worlds."
