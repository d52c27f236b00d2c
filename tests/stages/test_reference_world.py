"""Whole worlds by hand: every day of the simulation is that of the model's text."""

from collections import Counter

import pytest

from sim.model.parameters import build
from sim.model.state import DEFEAT, NEVER, NOBODY, SETTLED, TRUCE, WAR
from tests.stages.days_by_hand import ByHand
from tests.stages.worlds import REFERENCE, Desk, scenario

PHASES = {"war": WAR, "truce": TRUCE, "settled": SETTLED, "defeat": DEFEAT}

# A quarrel in which everything happens somewhere: costs and answers have luck in them,
# chips grow, melt and change regime, truces break, settle and run out.
PRIVATE = {"value": 350, "private": [100, 600]}
LIVELY = {
    "horizon_days": 210,
    "front.volatility_km2_per_week": 500,
    "territory_flow": 0.9,
    "aid.revert_per_week": 0.2,
    "aid.long_run_level": 0.9,
    "aid.lag_weeks": 2,
    "parties.u.cost_of_war_km2": PRIVATE,
    "parties.u.decision_noise_km2": 20,
    "parties.u.aid_freeze_cost_km2": 150,
    "parties.u.bargaining_weight": 0.2,
    "parties.u.claimed_km2": 3300,
    "parties.u.audience_cost_km2": 30,
    "parties.u.conditions": ["hand_back", "monitoring"],
    "parties.r.cost_of_war_km2": PRIVATE,
    "parties.r.decision_noise_km2": 20,
    "parties.r.sanctions_relief_value_km2": 200,
    "parties.r.bargaining_weight": 0.3,
    "parties.r.audience_cost_km2": 60,
    "parties.r.rearmament_km2_per_week": 0.9,
    "parties.r.belief.learning_weight": 0.6,
    "parties.r.conditions": ["hand_back", "aid_freeze", "sanctions_relief"],
    "parties.w.pressure": 0.5,
    "chips.land.regimes": {
        "collapse": {
            "loss_per_week": 0.4,
            "volatility_per_week": 0.2,
            "switch_per_week": {"lull": 0.3},
        },
        "lull": {
            "loss_per_week": 0.03,
            "volatility_per_week": 0.1,
            "switch_per_week": {"collapse": 0.1, "rest": 0.05},
        },
        "rest": {},
    },
    "chips.land.regime": "lull",
    "chips.land.switch_on_aid_cut": 1.5,
    "chips.land.capture_per_week": 0.02,
    "chips.land.floor": 0.05,
    "chips.rail": {
        "holder": "r",
        "label": "Railway cars",
        "amount": 300,
        "peak": 900,
        "unit": "cars",
        "value_km2": {"u": 50, "r": 120},
        "drift_km2_per_week": 6,
        "regimes": {"grows": {"gain_per_week": 0.05, "volatility_per_week": 0.1}},
    },
    "truce.breakdown_per_week": 0.1,
    "truce.settlement_per_week": 0.02,
    "negotiation": {
        "round_every_days": 14,
        "counter_after_days": 7,
        "repeat_after_days": 21,
        "proposer_weights": {"u": 1, "r": 1, "w": 2},
        "offers": {
            "back": {"duration_days": 70, "hand_back": {"land": 1, "rail": 0.5}},
            "peace": {"duration_days": None, "monitoring": 0.8},
            "plain": {"duration_days": 42, "aid_freeze": 0.3, "sanctions_relief": 0.4},
            "swap": {"duration_days": None, "line": {"held_km2": 3000}},
        },
    },
    "timeline": [
        {"date": "2025-03-13", "offer": "peace", "by": "w"},
        {"date": "2025-03-27", "aid_level": 0.2},
        {"date": "2025-04-10", "audience_cost_km2": {"r": 90}},
        {"date": "2025-04-24", "regime": {"land": "collapse"}},
        {"date": "2025-05-15", "offer": "back", "by": "r"},
    ],
}


def step_by_step(changes, replicates):
    """Compare all days of some worlds; count what has happened in them."""
    told = scenario(REFERENCE, changes)
    desk, seen = Desk(build(told)), Counter()
    for replicate in replicates:
        desk.begin(3, replicate)
        hand = ByHand(told, 3, replicate)
        while not hand.over:
            desk.day()
            hand.day()
            compare(desk.w, hand)
            seen["counter"] += any(hand.counter)
        seen.update({name: n > 0 for name, n in hand.counts.items()})
        seen[hand.phase] += 1
        seen["refused"] += sum(hand.refusals) > 0
    return seen


def compare(w, hand):
    near = {"rel": 1e-9, "abs": 1e-7}
    where = f"replicate {hand.address[1]}, step {hand.step}"
    assert (w.step, w.phase) == (hand.step, PHASES[hand.phase]), where
    assert list(w.refusals) == hand.refusals, where
    assert (w.broken, w.expired, w.extended) == tuple(hand.counts.values()), where
    assert w.first_full_truce == or_else(hand.first, NEVER), where
    assert w.fighting_stopped == or_else(hand.stopped, NEVER), where
    assert w.longest_pause == hand.pause, where
    assert w.defeated == or_else(hand.defeated, NOBODY), where
    chips = range(len(hand.held))
    names = [list(hand.chips[j].regimes)[w.regime[j]] for j in chips]
    assert names == hand.regime, where
    numbers = (
        (w.line, hand.z),
        (w.chip[: len(hand.held)], hand.held),
        ((w.aid, w.aid_felt, w.rearmed), (hand.a, hand.a_eff, hand.ell)),
        (w.payoff, hand.payoff),
        (w.aid_given, hand.aid_given),
        (w.cost, hand.c),
        (w.cost_low, [low for low, _ in hand.known]),
        (w.cost_high, [high for _, high in hand.known]),
        (w.audience_cost, hand.audience),
    )
    for found, expected in numbers:
        assert found == pytest.approx(expected, **near), where
    if not hand.over:  # what is to come at the horizon is counted at the true drift
        assert w.belief == pytest.approx(hand.m, **near), where
        assert w.belief_weight == pytest.approx(hand.n, **near), where


def or_else(found, otherwise):
    return otherwise if found is None else found


# the same war at a narrow end of the front, in days, and told from the other side
NEAR_DEFEAT = LIVELY | {"front.held_km2": 700, "parties.u.claimed_km2": 900}
DAILY = LIVELY | {"step_days": 1, "horizon_days": 120}
FROM_RUSSIA = LIVELY | {
    "front.side": "r",
    "front.held_km2": 4800,
    "front.drift_km2_per_week": 20,
    "parties.u.belief.drift_km2_per_week": 0,
    "parties.r.belief.drift_km2_per_week": 24,
    "negotiation.offers.swap.line.held_km2": 5000,
}


@pytest.mark.parametrize(
    ("changes", "worlds", "happens"),
    [
        (LIVELY, 25, "refused counter broken expired extended settled truce"),
        (NEAR_DEFEAT, 12, "defeat"),
        (FROM_RUSSIA, 8, "refused"),
        pytest.param(
            LIVELY,
            250,
            "refused counter broken expired extended settled truce war defeat",
            marks=pytest.mark.slow,
        ),
        pytest.param(DAILY, 40, "refused counter broken", marks=pytest.mark.slow),
    ],
    ids=["weekly", "near defeat", "from the other side", "many", "daily"],
)
def test_every_day_is_that_of_the_text(changes, worlds, happens):
    """And in some of the worlds everything happens that can."""
    seen = step_by_step(changes, range(worlds))
    assert {name for name in happens.split() if not seen[name]} == set()
