"""What a change of one setting does to an outcome, world by world with the same luck.

A case names a base, what is changed in it, and the sign that each outcome must show;
its reason says why. A setting that changes nothing fails its case.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from sim.model.engine import simulate
from sim.model.labels import labels_of
from sim.model.outcome import outcomes
from sim.model.parameters import build
from sim.model.state import DEFEAT, SETTLED
from sim.scenario.load import load

FLAGSHIP = "kursk-2025-03-13"
REPLICATES = range(1000)
ERRORS = 3.0  # standard errors that a mean change is at least away from 0

UP, SAME, DOWN = 1, 0, -1

START = "2025-03-13"
NOISY = {
    "parties.ukraine.decision_noise_km2": 40,
    "parties.russia.decision_noise_km2": 40,
}
# one day with one answer: how often a side accepts rises with what the offer is worth
ANSWER = {"horizon_days": 1, **NOISY}


class Case(NamedTuple):
    """One setting changed, and what it does."""

    name: str
    changed: Mapping[str, object]
    expected: Mapping[str, int]
    reason: str
    base: Mapping[str, object] = ANSWER
    scenario: str = FLAGSHIP


def tabled(offer, by="united_states"):
    """A timeline with one offer, on the first day."""
    return {"timeline": [{"date": START, "offer": offer, "by": by}]}


def scripted(*answers):
    """A policy with an answer to each (offer, answer), from the first day on."""
    listed = [{"date": START, "offer": o, "answer": a} for o, a in answers]
    return {"name": "scripted", "answers": listed}


def signed(offer, days):
    """A base in which both sides sign an offer on the first day, whatever it is."""
    policy = scripted((offer, "accept"))
    return {
        "horizon_days": days,
        "parties.ukraine.policy": policy,
        "parties.russia.policy": policy,
        **tabled(offer),
    }


def check(case):
    """Assert that each outcome changes as the case says."""
    base = load(shipped(case.scenario), set=case.base)
    before, after = worlds_of(base), worlds_of(load(base, set=case.changed))
    for outcome, sign in case.expected.items():
        change = after(outcome) - before(outcome)
        mean = change.mean()
        error = change.std(ddof=1) / np.sqrt(change.size)
        told = f"{outcome} changes by {mean:.3g} +- {error:.1g}; {case.reason}"
        if sign == SAME:
            assert not change.any(), told
        else:
            assert sign * mean > ERRORS * error, told


@cache
def shipped(scenario):
    return load(scenario)


def worlds_of(loaded):
    """A function that gives an outcome of each world by its name."""
    told = loaded.scenario
    names = labels_of(told)
    worlds = simulate(build(told), seed=1, replicates=REPLICATES)
    columns = outcomes(worlds, names)

    def outcome(name):
        kind, _, of = name.partition(".")
        if kind == "accepts":
            return 1.0 - (columns[f"refusals.{of}"] > 0)
        if kind == "full_truce":
            return np.isfinite(columns["first_full_truce_day"]) * 1.0
        if kind == "author":
            return (columns["truce_by"] == names.parties.index(of)) * 1.0
        if kind == "settled":
            return (columns["end"] == SETTLED) * 1.0
        if kind == "defeat":
            defeated = columns["defeated"] == names.sides.index(of)
            return ((columns["end"] == DEFEAT) & defeated) * 1.0
        if kind == "gone":
            return (columns[f"chips_km2.{of}"] == 0.0) * 1.0
        if kind == "belief":
            return worlds["belief"][:, names.sides.index(of)]
        if kind == "uncertainty":  # about a side's cost of war
            side = names.sides.index(of)
            return worlds["cost_high"][:, side] - worlds["cost_low"][:, side]
        if kind == "days_of_war":  # before the first full truce, or all of them
            days = columns["first_full_truce_day"]
            return np.where(np.isfinite(days), days, told.horizon_days)
        return columns[name] * 1.0

    return outcome
