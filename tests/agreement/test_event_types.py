"""Every type of event that a run may tell of happens in a scenario that is shipped.

Two are too rare in half a year to wait for: there the settlements of a truce come soon,
or the line is close to its end.
"""

from itertools import product

import pytest

from sim.model.mesa_model import CeasefireModel
from sim.scenario.library import shipped
from sim.scenario.load import load

# The types of `run --json`. Terms tell full from partial truces, and answers to an
# extension from those to an offer.
PLAIN = [
    "acceptance",
    "conditional_acceptance",
    "rejection",
    "counter_offer",
    "aid",
    "battle",
    "territory",
    "settlement",
    "capture",
    "regime",
    "commitment",
    "defeat",
]
OF_A_KIND = ["offer", "truce", "breakdown", "expiry", "extension"]

EXPECTED = (
    {(name, None) for name in PLAIN}
    | set(product(OF_A_KIND, ("full", "partial")))
    | {("acceptance", "extension"), ("rejection", "extension")}
)

RARE = [
    ("strong-monitoring", {"truce.settlement_per_week": 0.5}),
    ("aid-cut-for-good", {"front.held_km2": 100}),
]
MOST = 20  # replicates of each scenario; at seed 1 the first few have it all


def told(event):
    """Type of an event, and which kind of it."""
    terms = event["terms"]
    if terms.get("extension"):
        return event["type"], "extension"
    of_a_kind = event["type"] in OF_A_KIND
    return event["type"], terms["kind"] if of_a_kind else None


@pytest.mark.slow
@pytest.mark.compiled  # hundreds of whole runs
def test_every_type_of_event_happens_in_a_shipped_scenario():
    scenarios = [load(name) for name in sorted(shipped())]
    scenarios += [load(name, set=changes) for name, changes in RARE]
    seen = set()
    for replicate in range(MOST):
        for scenario in scenarios:
            world = CeasefireModel(scenario, seed=1, replicate=replicate).run()
            seen |= {told(event) for event in world.events}
        if seen >= EXPECTED:
            break
    assert EXPECTED - seen == set(), "never happened"
    assert seen - EXPECTED == set(), "not in the list of types"
