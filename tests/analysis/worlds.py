"""Worlds in which every kind of decision is taken, by scenario and what is set."""

FLAGSHIP = "kursk-2025-03-13"
ALL = ["russia", "ukraine", "united_states"]

WORLDS = {
    "flagship": (FLAGSHIP, {}),
    "conditional aid": ("kursk-2025-03-03", {}),
    "partial truces": ("kursk-2024-08-20", {}),
    "best level of aid": ("swap-offered", {}),
    "a second chip": ("sumy-opens", {}),
    "boulware and hardliner": (
        FLAGSHIP,
        {
            "parties.russia.policy": {"name": "boulware"},
            "parties.ukraine.policy": {"name": "hardliner", "premium_km2": 16},
            "parties.ukraine.conditions": ["monitoring", "sanctions_relief"],
        },
    ),
    "sides propose, optimal line": (
        FLAGSHIP,
        {
            "parties.russia.policy": {"name": "quantal"},
            "parties.ukraine.policy": {"name": "conceder"},
            "parties.ukraine.bargaining_weight": 0.3,
            "parties.russia.bargaining_weight": 0.2,
            "negotiation.proposer_weights": dict.fromkeys(ALL, 1),
            "negotiation.offers.freeze.offered_by": ALL,
            "negotiation.offers.freeze.line": "optimal",
            "negotiation.offers.thirty_days.offered_by": ALL,
        },
    ),
}
