"""Worlds for tests of the stages: small scenarios, and a desk to work at by hand."""

import copy

import numpy as np

from sim.model import wrappers
from sim.model.parameters import build
from sim.model.state import (
    COUNTER,
    IN_PLACE,
    NOBODY,
    TABLE,
    WORLD,
    as_kernels_take_it,
    blank,
)
from sim.scenario.defaults import completed
from sim.scenario.references import gather
from sim.scenario.schema import Scenario

# A wide front: both ends count in what the sides expect, and one chip melts at one
# constant rate. The step is a week, and no truce is settled.
REFERENCE = {
    "schema_version": 2,
    "id": "reference",
    "title": "The world of the tests",
    "start_date": "2025-03-13",
    "horizon_days": 140,
    "step_days": 7,
    "discount_factor_per_week": 0.98,
    "front": {
        "side": "u",
        "stake_km2": 8000,
        "held_km2": 3200,
        "drift_km2_per_week": -20,
        "volatility_km2_per_week": 280,
    },
    "parties": {
        "u": {
            "cost_of_war_km2": 800,
            "belief": {"drift_km2_per_week": 0, "weight_weeks": 80},
            "decision_noise_km2": 0,
            "rearmament_km2_per_week": 0.4,
        },
        "r": {
            "cost_of_war_km2": 640,
            "belief": {"drift_km2_per_week": -24, "weight_weeks": 80},
            "decision_noise_km2": 0,
            "rearmament_km2_per_week": 0.4,
        },
        "w": {
            "role": "patron",
            "supports": "u",
            "value_per_km2": 0.6,
            "aid_cost_km2": 400,
            "cost_while_war_km2": 160,
            "sanctions_relief_cost_km2": 160,
            "reputation_km2": 80,
            "price_of_refusal_km2": 40,
        },
    },
    "aid": {"drift_km2_per_week": 60},
    "chips": {
        "land": {
            "holder": "u",
            "peak_km2": 1000,
            "area_km2": 1000,
            "value_km2": {"u": 80, "r": 400},
            "drift_km2_per_week": 10,
            "regimes": {"only": {"loss_per_week": 0.08}},
            "floor": 0,
        }
    },
    "truce": {
        "breakdown_per_week": 0.04,
        "monitoring_effect": 1.5,
        "settlement_per_week": 0,
    },
    "negotiation": {
        "offers": {
            "peace": {
                "duration_days": None,
                "line": {"held_km2": 3200},
                "monitoring": 0.8,
            }
        }
    },
}


def scenario(base, changes):
    """Scenario of a dictionary with other values at dotted paths."""
    data = copy.deepcopy(base)
    for path, value in changes.items():
        *parents, name = path.split(".")
        place = data
        for parent in parents:
            place = place.setdefault(parent, {})
        place[name] = value
    full = completed(data)
    return Scenario.model_validate(full, context=gather(full))


class Desk:
    """One world with its parameters and its table, to be changed by hand.

    `p`, `w` and `t` are the records; a stage is called by its name.
    """

    def __init__(self, params, seed=0, replicate=0):
        self.params = as_kernels_take_it(params)
        self.world, self.table = blank(WORLD, 1), blank(TABLE, 1)
        self.p, self.w, self.t = (
            array.view(np.recarray)[0]
            for array in (self.params, self.world, self.table)
        )
        self.begin(seed, replicate)

    def begin(self, seed=0, replicate=0):
        wrappers.start(self.params, self.world, self.table, seed, replicate)

    def stage(self, *names):
        for name in names:
            wrappers.STAGE_WRAPPERS[name](self.params, self.world, self.table)

    def day(self):
        self.stage(*wrappers.STAGE_WRAPPERS)

    def see(self):
        wrappers.see(self.params, self.world, self.table)

    def wars(self):
        """Values of war at the own costs."""
        self.see()
        return tuple(self.t.war - self.t.fighting * self.w.cost)

    def weigh(self, offer=0, author=NOBODY, demands=0, demanded_by=NOBODY, line=None):
        """Put terms on the table as a counter-offer, and value them."""
        self.see()
        self.w.business, self.w.offer, self.w.author = COUNTER, offer, author
        self.w.demands, self.w.demanded_by = demands, demanded_by
        in_place = self.p.line_kind[offer] == IN_PLACE
        usual = self.w.line if in_place else self.p.line_km2[offer]
        self.w.offer_line = usual if line is None else line
        self.stage("weigh", "demands")

    def gains(self, *args, **terms):
        """Gains of both sides, at their own costs, from terms on the table."""
        self.weigh(*args, **terms)
        return tuple(self.t.put_gain + self.t.put_slope * self.w.cost)

    def values(self, *args, **terms):
        """Values of terms on the table to both sides, at their own costs."""
        self.weigh(*args, **terms)
        return tuple(self.t.value + self.t.value_slope * self.w.cost)


def told(**changes):
    """Scenario of the reference world; `__` in a name stands for a dot."""
    dotted = {name.replace("__", "."): value for name, value in changes.items()}
    return scenario(REFERENCE, dotted)


def reference(**changes):
    """Desk of the reference world; `__` in a name stands for a dot."""
    return Desk(build(told(**changes)))
