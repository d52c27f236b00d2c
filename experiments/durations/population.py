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


# Section 11 of the specification that the project was built to, as far as the fields
# concern two belligerents and a chip. What spans a factor of ten or more is drawn in
# the logarithm.
RANGES = {
    "steps": Range(8, 80, logarithmic=True),
    "share": Range(0.0, 1.0),
    "front.battles_per_week": Range(0.05, 1.0, logarithmic=True),
    "front.win_probability": Range(0.15, 0.60),
    "discount_factor_per_week": Range(0.95, 0.99),
    "north.cost": Range(0.02, 0.30),
    "south.cost": Range(0.02, 0.30),
    "parties.north.belief.win_probability": Range(0.2, 0.7),
    "parties.south.belief.win_probability": Range(0.2, 0.7),
    "weight_battles": Range(5.0, 100.0, logarithmic=True),
    "learning_weight": Range(0.0, 1.0),
    "parties.north.bargaining_weight": Range(0.0, 0.5),
    "parties.south.bargaining_weight": Range(0.0, 0.5),
    "parties.north.rearmament_per_week": Range(0.0, 0.02),
    "parties.south.rearmament_per_week": Range(0.0, 0.02),
    "parties.north.audience_cost": Range(0.0, 0.1),
    "parties.south.audience_cost": Range(0.0, 0.1),
    "decision_noise": Range(0.0001, 0.005, logarithmic=True),
    "chip": Range(0.0, 1.0),
    "chips.land.value_to.north": Range(-0.01, 0.03),
    "chips.land.value_to.south": Range(0.01, 0.15),
    "chips.land.log_odds_while_held": Range(-0.2, 0.4),
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
    steps = round(drawn["steps"])
    line = min(max(round(drawn["share"] * steps), 1), steps - 1)
    changes: dict[str, object] = {
        "front.stake_km2": float(steps),
        "front.share": line / steps,
        "chips.land.area_km2": drawn["chip"],
    }
    for side in ("north", "south"):
        cost = drawn[f"{side}.cost"]
        # What the other can tell of it: give or take two fifths, as in the flagship.
        changes[f"parties.{side}.cost_of_war"] = {
            "value": cost,
            "private": [0.6 * cost, 1.4 * cost],
        }
        changes[f"parties.{side}.belief.weight_battles"] = drawn["weight_battles"]
        changes[f"parties.{side}.belief.learning_weight"] = drawn["learning_weight"]
        changes[f"parties.{side}.decision_noise"] = drawn["decision_noise"]
    for offer in ("freeze", "for_north", "for_south"):
        changes[f"negotiation.offers.{offer}.monitoring"] = drawn["monitoring"]
    # Lines a step or a tenth of the stake away, whichever is more, within the stake.
    away = max(1, round(0.1 * steps))
    for offer, moved in (("for_north", line + away), ("for_south", line - away)):
        share = min(max(moved, 1), steps - 1) / steps
        changes[f"negotiation.offers.{offer}.line"] = {"share": share}
    fields = ("front.", "parties.", "chips.", "truce.", "discount")
    changes |= {path: value for path, value in drawn.items() if path.startswith(fields)}
    return changes
