"""How often the intervals of a sweep hold the truth, over 1,000 seeds.

Two cells of a cheap scenario, whose true numbers are known: a truce of day 0 that may
break down, watched well and watched badly. Each seed is a whole small sweep, put
through the code that writes `cells.parquet`. Of 1,000 intervals at 95 % some 950 must
hold the truth, within 4 standard deviations of the binomial: 922 to 978.

`tests/analysis/test_coverage.py` computes the coverage of each interval for samples
that are listed one by one; here the samples are those that the engine draws.
"""

import math
from functools import cache

import numpy as np
import pytest

from sim.batch import intervals
from sim.batch.estimates import events, summarise
from sim.batch.intervals import Interval
from sim.model.labels import labels_of
from sim.model.outcome import outcomes
from tests.statistics.evidence import NEVER, front, parameters, plain, worlds_of

pytestmark = pytest.mark.slow

SEEDS, WORLDS = 1_000, 200
STEPS, D, LINE, STAKE = 6, 0.98, 80_000, 160_000
COST = 1600
MONITORING = {"watched": 0.8, "unwatched": 0.2}
LOWEST, HIGHEST = (
    SEEDS * 0.95 + sign * 4 * math.sqrt(SEEDS * 0.95 * 0.05) for sign in (-1, 1)
)


def hazard(cell):
    return 0.15 * math.exp(-1.5 * MONITORING[cell])


@cache
def cell_parameters(cell):
    settings = front(STAKE, LINE, 0.0, 61.0)
    params = parameters(
        **settings,
        horizon_days=7 * STEPS,
        parties__u__cost_of_war_km2=COST,
        parties__r__cost_of_war_km2=COST,
        truce__breakdown_per_week=0.15,
        negotiation__offers__peace__monitoring=MONITORING[cell],
        negotiation__repeat_after_days=3660,
        timeline=[{"date": "2025-03-13", "offer": "peace", "by": "w"}],
    )
    params["first_round"] = NEVER
    return params


def truth():
    """True value of each quantity, in the watched cell and as a difference."""
    broken, worth = {}, {}
    for cell in MONITORING:
        z = hazard(cell)
        broken[cell] = 1 - (1 - z) ** (STEPS - 1)
        # a permanent truce; the horizon cuts it, and what is left of it counts. No war
        # on so wide a front ends: it is worth the line, which stays on average, less
        # its cost
        annuity = 1 / (1 - D * (1 - z))
        worth[cell] = annuity * ((1 - D) * LINE + D * z * (LINE - COST))
    watched, unwatched = MONITORING
    return {
        "broken_share": broken[watched],
        "fighting_stopped_share": 1 - broken[watched],
        "held_km2_mean": LINE,
        "payoff.u_mean": worth[watched],
        "broken_share_diff": broken[watched] - broken[unwatched],
        "fighting_stopped_share_diff": broken[unwatched] - broken[watched],
        "held_km2_mean_diff": 0.0,
        "payoff.u_mean_diff": worth[watched] - worth[unwatched],
    }


@cache
def sweeps():
    """Outcomes of both cells, seed by seed."""
    names = labels_of(plain(step_days=7))
    return [
        [
            outcomes(worlds_of(cell_parameters(cell), WORLDS, seed), names)
            for cell in MONITORING
        ]
        for seed in range(SEEDS)
    ]


@cache
def rows():
    within = 7 * STEPS
    return [
        summarise(here, reference=there, within_days=within) for here, there in sweeps()
    ]


def held(found, true):
    """Number of intervals, given as (low, high), that hold the truth."""
    return sum(low <= true <= high for low, high in found)


@pytest.mark.parametrize("quantity", truth())
def test_intervals_of_a_sweep_hold_the_truth_as_often_as_they_say(quantity):
    found = [(row[f"{quantity}_low"], row[f"{quantity}_high"]) for row in rows()]
    assert LOWEST < held(found, truth()[quantity]) < HIGHEST


def broken(outcome):
    return events(outcome, within_days=7 * STEPS)["broken_share"]


def share(outcome, confidence=0.95):
    count = np.count_nonzero(broken(outcome))
    return Interval(*map(float, intervals.wilson(count, WORLDS, confidence)))


def of_single_worlds(here, there):
    """An interval for one world in place of the mean of all."""
    found = intervals.mean(here["payoff.u"])
    spread = math.sqrt(WORLDS) * (found.high - found.estimate)
    return found.estimate - spread, found.estimate + spread


WRONG = {
    "one standard error to each side": (
        "broken_share",
        lambda here, there: share(here, 0.683)[1:],
    ),
    "the luck of both cells taken for separate": (
        "broken_share_diff",
        lambda here, there: intervals.unpaired_difference(share(here), share(there))[
            1:
        ],
    ),
    "means of a cell at 90 %": (
        "payoff.u_mean",
        lambda here, there: intervals.mean(here["payoff.u"], 0.90)[1:],
    ),
    "the spread of worlds for that of their mean": ("payoff.u_mean", of_single_worlds),
    "replicates paired with the next": (
        "payoff.u_mean_diff",
        lambda here, there: intervals.paired_means(
            here["payoff.u"], np.roll(there["payoff.u"], 1)
        )[1:],
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_wrong_intervals_are_told_from_right_ones(mistake):
    quantity, interval = WRONG[mistake]
    found = [interval(here, there) for here, there in sweeps()]
    assert not LOWEST < held(found, truth()[quantity]) < HIGHEST
