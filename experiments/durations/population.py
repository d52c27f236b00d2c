"""Random wars: parameters drawn from the ranges that docs/reports/durations.md states.

Two nameless sides, no patron; each war has its own parameters and one run of luck.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.scenario.load import Loaded, load, resolve

WAR = Path(__file__).with_name("war.yaml")
HORIZON_WEEKS = 520
STAKE, CHIP = 1000.0, 50.0  # km2, as in war.yaml
STREAM = 0x57  # draws of parameters share the seed of the runs, not their luck


class Range(NamedTuple):
    """What a parameter is drawn from: uniform, or uniform in the logarithm."""

    low: float
    high: float
    logarithmic: bool = False

    def at(self, unit: float) -> float:
        """The value at a place in [0, 1]."""
        if self.logarithmic:
            return float(self.low * (self.high / self.low) ** unit)
        return self.low + unit * (self.high - self.low)


# As far as they concern two belligerents and a chip. Costs, reliefs and worths are
# shares of the stake; drifts are in units of the volatility, the spread of a week's
# change, which is itself a share of the stake. What spans a factor of ten or more is
# drawn in the logarithm.
RANGES = {
    "volatility": Range(0.003, 0.125, logarithmic=True),
    "held": Range(0.02, 0.98),
    "drift": Range(-0.4, 0.1),
    "discount_factor_per_week": Range(0.95, 0.99),
    "north.cost": Range(0.02, 0.30),
    "south.cost": Range(0.02, 0.30),
    "north.belief": Range(-0.35, 0.25),
    "south.belief": Range(-0.35, 0.25),
    "weight_weeks": Range(10.0, 400.0, logarithmic=True),
    "learning_weight": Range(0.0, 1.0),
    "parties.north.bargaining_weight": Range(0.0, 0.5),
    "parties.south.bargaining_weight": Range(0.0, 0.5),
    "north.rearmament": Range(0.0, 0.005),
    "south.rearmament": Range(0.0, 0.005),
    "north.audience_cost": Range(0.0, 0.1),
    "south.audience_cost": Range(0.0, 0.1),
    "decision_noise": Range(0.0001, 0.005, logarithmic=True),
    "chip": Range(0.0, 1.0),
    "chip_to_north": Range(-0.01, 0.03),
    "chip_to_south": Range(0.01, 0.15),
    "chip_drift": Range(-0.05, 0.1),
    "chips.land.regimes.held.loss_per_week": Range(0.01, 0.1),
    "truce.breakdown_per_week": Range(0.0005, 0.3, logarithmic=True),
    "truce.monitoring_effect": Range(0.0, 3.0),
    "truce.settlement_per_week": Range(0.0, 0.1),
    "monitoring": Range(0.0, 1.0),
}


def units(wars: int, seed: int) -> NDArray[np.float64]:
    """Places in the ranges, shape (wars, parameters), uniform in [0, 1]."""
    return np.random.default_rng([seed, STREAM]).random((wars, len(RANGES)))


def population(places: NDArray[np.float64]) -> Iterator[Loaded]:
    """Yield a war for each row of `places`, shape (wars, parameters)."""
    base = load(WAR)
    for row in places:
        drawn = {
            name: about.at(float(unit))
            for (name, about), unit in zip(RANGES.items(), row, strict=True)
        }
        yield resolve(base, settings(drawn))


def settings(drawn: dict[str, float]) -> dict[str, object]:
    """What a draw sets in `war.yaml`: what is no field of its own is spread out."""
    spread = drawn["volatility"] * STAKE
    held = drawn["held"] * STAKE
    changes: dict[str, object] = {
        "front.held_km2": held,
        "front.volatility_km2_per_week": spread,
        "front.drift_km2_per_week": drawn["drift"] * spread,
        "chips.land.area_km2": drawn["chip"] * CHIP,
        "chips.land.drift_km2_per_week": drawn["chip_drift"] * spread,
    }
    for side in ("north", "south"):
        cost, party = drawn[f"{side}.cost"] * STAKE, f"parties.{side}"
        # What the other can tell of it: give or take two fifths, as in the flagship.
        changes[f"{party}.cost_of_war_km2"] = {
            "value": cost,
            "private": [0.6 * cost, 1.4 * cost],
        }
        changes[f"{party}.belief.drift_km2_per_week"] = drawn[f"{side}.belief"] * spread
        changes[f"{party}.belief.weight_weeks"] = drawn["weight_weeks"]
        changes[f"{party}.belief.learning_weight"] = drawn["learning_weight"]
        changes[f"{party}.rearmament_km2_per_week"] = (
            drawn[f"{side}.rearmament"] * spread
        )
        changes[f"{party}.audience_cost_km2"] = drawn[f"{side}.audience_cost"] * STAKE
        changes[f"{party}.decision_noise_km2"] = drawn["decision_noise"] * STAKE
        changes[f"chips.land.value_km2.{side}"] = drawn[f"chip_to_{side}"] * STAKE
    for offer in ("freeze", "for_north", "for_south"):
        changes[f"negotiation.offers.{offer}.monitoring"] = drawn["monitoring"]
    # Lines a tenth of the stake away, within the stake.
    away = 0.1 * STAKE
    for offer, moved in (("for_north", held + away), ("for_south", held - away)):
        line = min(max(moved, 0.01 * STAKE), 0.99 * STAKE)
        changes[f"negotiation.offers.{offer}.line"] = {"held_km2": line}
    fields = ("parties.", "chips.", "truce.", "discount")
    changes |= {path: value for path, value in drawn.items() if path.startswith(fields)}
    return changes
