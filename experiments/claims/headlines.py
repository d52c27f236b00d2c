"""What the README says the model answers, each as something that can come out false."""

from dataclasses import dataclass

SCENARIO = "kursk-2025-03-13"
OUTCOME = "full_truce_share"
WITHIN_DAYS = 90
REPLICATES = 2000
SEED = 1


@dataclass(frozen=True)
class Headline:
    """More of something, more truces (or fewer): two settings of one path.

    `sign` is the direction that is claimed, +1 or -1.
    """

    name: str
    says: str
    path: str
    before: float
    after: float
    sign: int


HEADLINES = (
    Headline(
        "Kursk",
        "From 0 to 1,000 km2 of Kursk held, more worlds have a full truce by day 90.",
        "chips.kursk.area_km2",
        0.0,
        1000.0,
        +1,
    ),
    Headline(
        "Cost of war",
        "With a cost of war of 800 km2 for Russia, more worlds have one than with 480.",
        "parties.russia.cost_of_war_km2",
        480.0,
        800.0,
        +1,
    ),
)

# And of the scenario as it is: this many worlds at the most.
RARE = 0.5
RARE_SAYS = "Fewer than half of the worlds have a full truce by day 90."
