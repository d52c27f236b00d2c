"""The flagship with other horizons, and with as many offers or chips as asked for."""

from typing import Any

from sim.scenario.load import Loaded, load

FLAGSHIP = "kursk-2025-03-13"
MOST_OFFERS, MOST_CHIPS = 16, 4

# what a scenario may have beside the flagship's offers of a patron, with an example
FEATURES: dict[str, tuple[str, dict[str, object]]] = {
    "flagship": (FLAGSHIP, {}),
    "aid that hangs on answers": ("kursk-2025-03-03", {}),
    "aid as the patron likes best": (FLAGSHIP, {"aid.rule.name": "best_response"}),
    "lines drawn by authors": ("swap-offered", {}),
    "two chips": ("sumy-opens", {}),
    "sides propose": ("kursk-2024-08-20", {}),
    "quantal answers": (FLAGSHIP, {"parties.russia.policy": {"name": "quantal"}}),
    "a side that gives way": (
        FLAGSHIP,
        {"parties.russia.policy": {"name": "boulware", "beta": 0.5}},
    ),
    "no partial truce": (FLAGSHIP, {"negotiation.offers.energy_truce": None}),
}


def with_horizon(days: int) -> Loaded:
    """Return the flagship with another last day."""
    return load(FLAGSHIP, set={"horizon_days": days})


def with_offers(many: int) -> Loaded:
    """Return the flagship with so many offers of 30 days or more, all different.

    Every second one hands Kursk back. None comes by date: a round a week chooses.
    """
    offers: dict[str, Any] = {
        f"offer_{i}": {
            "offered_by": ["united_states"],
            "duration_days": 30 + 10 * i,
            "line": "in_place",
            "monitoring": 0.3,
            "hand_back": {"kursk": float(i % 2)},
        }
        for i in range(many)
    }
    return load(FLAGSHIP, set={"negotiation.offers": offers, "timeline": []})


def with_chips(many: int) -> Loaded:
    """Return the flagship with so many chips like Kursk; offers leave them alone.

    None is in the collapse of that day: what melts within weeks costs little.
    """
    kursk = load(FLAGSHIP).scenario.chips["kursk"].model_dump(mode="json")
    chips = {f"chip_{i}": {**kursk, "regime": "lull"} for i in range(many)}
    offers = {
        f"offer_{i}": {
            "offered_by": ["united_states"],
            "duration_days": days,
            "line": "in_place",
            "monitoring": 0.3,
        }
        for i, days in enumerate((30, 60, 90, None))
    }
    changes = {"negotiation.offers": offers, "timeline": [], "chips": chips}
    return load(FLAGSHIP, set=changes)
