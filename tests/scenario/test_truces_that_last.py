"""A scenario is refused exactly where break-down and settlement leave no chance."""

import pytest

from sim.errors import ScenarioError
from sim.model.formulas.offers import breakdown_hazard
from sim.scenario.load import resolve


@pytest.mark.parametrize("settlement", [0.0, 0.01, 0.4])
@pytest.mark.parametrize("base", [0.2, 0.6, 0.999])
@pytest.mark.parametrize(("monitoring", "pressure"), [(0, 0), (0.5, 0), (0, 2), (1, 3)])
def test_the_check_agrees_with_the_models_formula(
    flagship, settlement, base, monitoring, pressure
):
    changes = {
        "truce": {
            "breakdown_per_week": base,
            "monitoring_effect": 1.5,
            "pressure_effect": 0.5,
            "settlement_per_week": settlement,
        },
        "parties.united_states.pressure": pressure,
        "negotiation.offers": {"o": {"monitoring": monitoring}},
        "timeline": [],
    }
    hazard = breakdown_hazard(base, 1.5, monitoring, 0.5, pressure)
    if hazard + settlement < 1:
        assert resolve(flagship, changes)
    else:
        with pytest.raises(ScenarioError, match="leave the truce no chance to last"):
            resolve(flagship, changes)


def test_a_partial_truce_cannot_settle_so_only_break_down_counts(flagship):
    offer = {"kind": "partial", "relief": {"ukraine": 0.1}, "monitoring": 0}
    changes = {
        "truce": {"breakdown_per_week": 0.5, "settlement_per_week": 0.6},
        "negotiation.offers": {"o": offer},
        "timeline": [],
    }
    assert resolve(flagship, changes)
