"""The parts of a gain: they sum to it, and each is what its name says."""

import numpy as np
import pytest

from sim.model import wrappers
from sim.model.stages.payoff_parts import PARTS
from sim.model.state import AID_FREEZE, DATED, HAND_BACK, NOBODY, PATRON
from tests.stages.talks_by_hand import Talks
from tests.stages.worlds import reference, told

# both costs are private, talks may settle, everything is in the terms
RICH = {
    "parties__u__cost_of_war_km2": {"value": 800, "private": [500, 1100]},
    "parties__r__cost_of_war_km2": {"value": 640, "private": [340, 940]},
    "parties__u__aid_freeze_cost_km2": 240,
    "parties__r__sanctions_relief_value_km2": 160,
    "parties__r__audience_cost_km2": 90,
    "parties__u__bargaining_weight": 0.2,
    "parties__r__bargaining_weight": 0.1,
    "parties__r__rearmament_km2_per_week": 1.2,
    "truce__settlement_per_week": 0.03,
    "negotiation__offers__peace": {
        "duration_days": 210,
        "line": {"held_km2": 3000},
        "hand_back": {"land": 0.4},
        "aid_freeze": 0.5,
        "sanctions_relief": 0.25,
        "monitoring": 0.4,
    },
}


NO_BARGAIN = {
    "parties__u__bargaining_weight": 0,
    "parties__r__bargaining_weight": 0,
}


def parts_of(desk, side):
    """Parts of a side's gain from the offer on the table, by name."""
    found = np.zeros(len(PARTS))
    wrappers.explain(desk.params, desk.world, desk.table, side, found)
    return dict(zip(PARTS, found, strict=True))


def parts(side, **changes):
    desk = reference(**{**RICH, **changes})
    gain = desk.gains()[side]
    found = parts_of(desk, side)
    assert sum(found.values()) == pytest.approx(gain, rel=1e-9, abs=1e-9)
    return found


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("demands", [0, HAND_BACK, HAND_BACK | AID_FREEZE])
@pytest.mark.parametrize("days", [None, 28, 210])
@pytest.mark.parametrize("replicate", [0, 5])
def test_the_parts_sum_to_the_gain(side, demands, days, replicate):
    desk = reference(**{**RICH, "negotiation__offers__peace__duration_days": days})
    desk.begin(2, replicate)
    gain = desk.gains(demands=demands, demanded_by=1 if demands else NOBODY)[side]
    assert 0.0 < desk.t.settle_chance < 1.0
    found = parts_of(desk, side)
    assert sum(found.values()) == pytest.approx(gain, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("side", [0, 1])
def test_a_truce_that_nothing_breaks_and_nothing_settles_has_no_prospects(side):
    """Nor distrust: it is land, chips, cost, terms and rearmament, term by term."""
    sure = NO_BARGAIN | {
        "truce__breakdown_per_week": 0,
        "truce__settlement_per_week": 0,
    }
    found = parts(side, **sure)
    assert found["settlement_prospects"] == pytest.approx(0.0, abs=1e-9)
    assert found["distrust_of_truce"] == pytest.approx(0.0, abs=1e-9)
    hand = Talks(told(**{**RICH, **sure}))
    cost, b = hand.c[side], hand.d**30

    def war(line, kept, ell=0.0):
        value, fighting = hand.fight(side, line, [kept], ell)
        return value - cost * fighting

    _, fighting = hand.fight(side, 3200, [1.0], 0.0)
    assert found["cost_of_fighting"] == pytest.approx((1 - b) * cost * fighting)
    assert found["aid"] == pytest.approx((1 - b) * (-120, 0)[side])
    assert found["sanctions"] == pytest.approx((1 - b) * (0, 40)[side])
    assert found["audience_cost"] == pytest.approx((1 - b) * (0, -90)[side])
    # chips are worth in the war what it is worth less where they are worth nothing
    nothing = {"chips__land__value_km2": {"u": 0, "r": 0}}
    bare = Talks(told(**{**RICH, **sure, **nothing}))
    land = bare.fight(side, 3200, [1.0], 0.0)[0]
    chips = war(3200, 1.0) + cost * fighting - land
    held = (3000, 5000)[side]
    later = war(3000, 1.0) - war(3200, 1.0)
    assert found["territory"] == pytest.approx((1 - b) * (held - land) + b * later)
    worth = sum(hand.signed(side, [0.6]))
    later = war(3000, 0.6) - war(3000, 1.0)
    assert found["chips"] == pytest.approx((1 - b) * (worth - chips) + b * later)
    later = war(3000, 0.6, 30 * hand.arming(0.5)) - war(3000, 0.6)
    assert found["rearmament"] == pytest.approx(b * later)


@pytest.mark.parametrize("step_days", [1, 7])
@pytest.mark.parametrize("side", [0, 1])
def test_settlement_prospects_are_what_the_chance_of_a_settlement_adds(side, step_days):
    """P+ times what it would add for sure, between sides that else do not bargain."""
    changes = NO_BARGAIN | {"step_days": step_days}
    desk = reference(**{**RICH, **changes})
    with_it = desk.gains()[side]
    chance = float(desk.t.settle_chance)
    changes["truce__settlement_per_week"] = 0
    without = reference(**{**RICH, **changes}).gains()[side]
    del changes["truce__settlement_per_week"]
    found = parts(side, **changes)["settlement_prospects"]
    assert found == pytest.approx(with_it - without, rel=1e-9)
    assert abs(found) > 1.0
    hand = Talks(told(**{**RICH, **changes}))
    terms = hand.plain("peace")
    sure, _ = hand.ends_of(terms.line, hand.kept(terms), terms, 210 / step_days)
    flow = hand.flow(side, terms.line, hand.kept(terms), terms)
    value = hand.truce_worth(side, flow, sure[1], hand.settlement(side, sure[1]))
    least = hand.at_own_cost(side, hand.least()[side])
    added = hand.at_own_cost(side, value) - least - without
    assert found == pytest.approx(chance * added, rel=1e-9)


@pytest.mark.parametrize("side", [0, 1])
def test_distrust_is_what_a_break_down_takes_away(side):
    """From a truce that is never settled."""
    never = NO_BARGAIN | {"truce__settlement_per_week": 0}
    shaky = reference(**{**RICH, **never}).gains()[side]
    never["truce__breakdown_per_week"] = 0
    sure = reference(**{**RICH, **never}).gains()[side]
    found = parts(side, **NO_BARGAIN)["distrust_of_truce"]
    assert found == pytest.approx(shaky - sure, rel=1e-9)
    assert abs(found) > 1.0


def test_parts_that_do_not_depend_on_how_a_truce_ends_are_the_same_however_it_ends():
    for side in (0, 1):
        first = parts(side)
        other = parts(
            side, truce__breakdown_per_week=0.1, truce__settlement_per_week=0.2
        )
        for name in PARTS:
            if name not in ("settlement_prospects", "distrust_of_truce"):
                assert first[name] == pytest.approx(other[name], rel=1e-12, abs=1e-12)


def test_a_patron_that_presses_adds_its_price():
    desk = reference(
        **{**RICH, "parties__w__pressure": 2, "parties__w__price_of_refusal_km2": 30}
    )
    desk.w.business, desk.w.offer, desk.w.author = DATED, 0, PATRON
    desk.stage("appraise", "weigh", "demands")
    for side in (0, 1):
        own = desk.t.put_gain[side] + desk.t.put_slope[side] * desk.w.cost[side]
        found = parts_of(desk, side)
        assert found["price_of_refusal"] == 60.0
        assert sum(found.values()) == pytest.approx(own, rel=1e-9)


def test_a_partial_truce_spares_cost_and_forgoes_harm():
    strikes = {
        "kind": "partial",
        "duration_days": 70,
        "monitoring": 0.3,
        "relief": {"u": 0.2, "r": 0.1},
    }
    desk = reference(
        negotiation__offers__peace=strikes,
        parties__u__value_of_harm=0.3,
        parties__r__value_of_harm=0.5,
    )
    time = 1.0 - 0.98**10
    for side, (spared, harm) in enumerate([(160, 0.3 * 64), (64, 0.5 * 160)]):
        gain = desk.gains()[side]
        found = parts_of(desk, side)
        assert sum(found.values()) == pytest.approx(gain, rel=1e-9)
        assert found["cost_of_fighting"] == pytest.approx(spared * time)
        assert found["harm_forgone"] == pytest.approx(-harm * time)
        assert found["distrust_of_truce"] != 0.0
