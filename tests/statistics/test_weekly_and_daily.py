"""A step of a week and steps of a day tell the same story, as far as they can.

Section 9 of the model asks: values of war within .3 percent, gains from a 30-day offer
within 3 km2. Two things cannot agree, and the tests say how far they are off:

- A period pays at the line it starts from, so by week the land that a drift brings
  comes half a week later. Where aid is cut and the front gives way, that is more: up
  to half a week of a drift of 96 km2.
- How often truces come about. With weeks a counter-offer waits 7 days for 1, 30 days
  last 35, an offer of day 8 comes on day 14; and gains that differ by half of the
  decision noise, 4 km2, move a chance of acceptance by up to .12.

kursk-2024-08-20 has a round every 30 days, which no week divides: 28 are taken.
"""

import math
from functools import cache

import pytest

from sim.analysis.values import values
from sim.model.engine import simulate
from sim.model.parameters import build
from sim.model.state import DEFEAT, SETTLED
from sim.scenario.load import load
from tests.conftest import ROOT
from tests.statistics.evidence import NEVER

SHIPPED = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))
AID_IS_CUT = {"aid-cut-for-good", "kursk-2025-03-03"}
HALF_A_WEEK = 0.5 * 96.0  # km2 that the line then moves, as Russia expects
WORLDS = 20_000


@cache
def scenario(name, days):
    changes = {"step_days": days}
    if name == "kursk-2024-08-20":
        changes["negotiation.round_every_days"] = 28
    return load(name, set=changes)


@cache
def seen(name, days):
    """Values on the first day, and the offers of 30 days and without end."""
    offers = scenario(name, days).scenario.negotiation.offers
    full = {offer: terms for offer, terms in offers.items() if terms.kind == "full"}
    lengths = {offer: terms.duration_days for offer, terms in full.items()}
    return values(scenario(name, days)), lengths


def gains(name, days, length):
    """Gains of both sides from the offers of a length, by offer and side."""
    found, lengths = seen(name, days)
    return {
        (offer, side): gain
        for offer, lasts in lengths.items()
        if lasts == length
        for side, gain in found["offers"][offer]["gain"].items()
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_values_of_war_agree(name):
    daily, weekly = (seen(name, days)[0]["parties"] for days in (1, 7))
    for side, party in daily.items():
        expected = weekly[side]["war_value"]
        limit = 0.003 * expected if name not in AID_IS_CUT else HALF_A_WEEK
        assert party["war_value"] == pytest.approx(expected, rel=0.0, abs=limit)


@pytest.mark.parametrize("name", SHIPPED)
def test_gains_from_30_days_agree(name):
    daily, weekly = (gains(name, days, 30) for days in (1, 7))
    assert daily
    limit = 15.0 if name in AID_IS_CUT else 3.0
    assert daily == pytest.approx(weekly, rel=0.0, abs=limit)


@pytest.mark.parametrize("name", SHIPPED)
def test_gains_from_permanent_truces_agree_less_well(name):
    """What may follow a truce without end is all that counts: of hundreds of km2."""
    daily, weekly = (gains(name, days, None) for days in (1, 7))
    assert daily
    limit = 20.0 if name in AID_IS_CUT else 8.0
    assert daily == pytest.approx(weekly, rel=0.0, abs=limit)


@cache
def worlds(name, days, talks):
    params = build(scenario(name, days).scenario)
    if not talks:
        params["first_round"], params["entries"] = NEVER, 0
    return simulate(params, seed=30 + days, replicates=range(WORLDS))


def apart(name, talks, quantity):
    """Difference of the means of a quantity, and 4 standard errors of it."""
    daily, weekly = (quantity(worlds(name, days, talks), days) for days in (1, 7))
    error = math.sqrt((daily.var() + weekly.var()) / WORLDS)
    return abs(daily.mean() - weekly.mean()), 4 * error


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_wars_without_talks_pay_the_same(name):
    for side in (0, 1):
        gap, luck = apart(name, False, lambda w, _, i=side: w["payoff"][:, i])
        assert gap < (HALF_A_WEEK if name in AID_IS_CUT else 24.0) + luck


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_wars_without_talks_are_lost_as_often(name):
    gap, luck = apart(name, False, lambda w, _: w["phase"] == DEFEAT)
    assert gap <= luck


def signed_by_day_90(worlds, days):
    first = worlds["first_full_truce"]
    return (first >= 0) & (first * days <= 90)


STATED = {  # how far outcomes may lie apart, beside luck
    "a full truce by day 90": (signed_by_day_90, 0.10),
    "a settlement": (lambda w, _: w["phase"] == SETTLED, 0.01),
    "a defeat": (lambda w, _: w["phase"] == DEFEAT, 0.01),
    "payoff of Ukraine": (lambda w, _: w["payoff"][:, 0], 80.0),
    "payoff of Russia": (lambda w, _: w["payoff"][:, 1], 80.0),
}
# A side that agrees on a condition asks for what the other takes today. A day later it
# still does, and a week later the line has moved: of 100 worlds 28 have a freeze by day
# and 4 by week where Kursk is held at its peak, and its talks hang on that answer.
AT_THE_PEAK = {
    "a full truce by day 90": 0.12,
    "a settlement": 0.03,
    "payoff of Ukraine": 180.0,
}


@pytest.mark.slow
@pytest.mark.parametrize("what", STATED)
@pytest.mark.parametrize("name", [n for n in SHIPPED if n != "swap-offered"])
def test_outcomes_lie_no_further_apart_than_stated(name, what):
    """Swap-offered is left out: its search for lines takes minutes."""
    quantity, stated = STATED[what]
    if name == "kursk-at-its-peak":
        stated = AT_THE_PEAK.get(what, stated)
    gap, luck = apart(name, True, quantity)
    assert gap <= stated + luck
