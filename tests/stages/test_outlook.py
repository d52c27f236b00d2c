"""Fighting on: how chips melt, what aid changes, and the war seen from either side.

Values of random wars and offers are compared with those by hand in
`test_scenario_oracle`.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.parameters import build
from tests.stages.by_hand import odds
from tests.stages.worlds import REFERENCE, Desk, reference, scenario

shares = st.floats(0.0, 1.0)
FAR = {"front__stake_km2": 80_000, "front__held_km2": 32_000}  # from both ends


def test_far_from_both_ends_a_war_is_what_is_held_and_gained_less_what_it_costs():
    """Land, the drift over the horizon, the cost, and the chip while it lasts."""
    desk = reference(**FAR)
    own, other = desk.wars()
    horizon = 0.98 / 0.02  # weeks ahead, as they count
    chip = 0.02 / (1.0 - 0.98 * 0.92)  # share of time for which it is held
    gained = horizon * 10.0 * chip  # by Ukraine, since forces are tied down
    assert own == pytest.approx(32_000 + gained - 800 + 80 * chip, abs=0.01)
    lost = horizon * (10.0 * chip - 24.0)
    assert other == pytest.approx(48_000 - lost - 640 - 400 * chip, abs=0.01)


def test_the_room_for_a_deal_is_both_costs_less_what_the_sides_disagree_about():
    desk = reference(**FAR)
    desk.w.chip[0] = 0.0
    desk.see()
    assert desk.t.surplus == pytest.approx(1440.0 - 24.0 * 0.98 / 0.02, abs=0.01)


@pytest.mark.parametrize("spread", [30, 280, 1000])
def test_the_cost_counts_as_long_as_the_war_goes_on(spread):
    desk = reference(front__volatility_km2_per_week=spread)
    desk.see()
    drift = 10.0 * 0.02 / (1.0 - 0.98 * 0.92)
    rate = desk.p.rate
    ends = (
        sum(odds(drift, spread, rate, 3200.0, 8000.0)),
        sum(odds(24.0 - drift, spread, rate, 4800.0, 8000.0)),
    )
    assert desk.t.fighting == pytest.approx([1.0 - end for end in ends], rel=1e-9)


@pytest.mark.parametrize(("drift", "worth"), [(0.0, 2400.0), (400.0, None)])
def test_a_line_that_does_not_shake_ends_the_war_only_by_its_drift(drift, worth):
    desk = reference(
        front__volatility_km2_per_week=0,
        parties__u__belief__drift_km2_per_week=drift,
    )
    desk.w.chip[0] = 0.0
    own, _ = desk.wars()
    if worth is None:
        # twelve weeks of gains, then all of the stake
        soon = 0.98**12
        gains = 0.98 / 0.02 * 400.0
        worth = 3200 + gains - 800 + (8000 - 8000 - gains + 800) * soon
    assert own == pytest.approx(worth, rel=1e-9)


def test_one_regime_melts_as_fast_as_it_says():
    desk = reference(chips__land__regimes={"only": {"loss_per_week": 0.3}})
    desk.see()
    assert desk.t.loss_hazard[0, 0] == pytest.approx(0.3, rel=1e-12)


def test_a_change_of_aid_is_seen_in_how_fast_chips_melt():
    desk = reference(
        chips__land__regimes={
            "lull": {"loss_per_week": 0.03, "switch_per_week": {"collapse": 0.1}},
            "collapse": {"loss_per_week": 0.6, "switch_per_week": {"lull": 0.3}},
        },
        chips__land__regime="lull",
        chips__land__switch_on_aid_cut=1.5,
    )
    desk.see()
    before = desk.t.loss_hazard[0, 1]
    desk.w.aid = desk.w.aid_felt = 0.0
    desk.see()
    assert desk.t.loss_hazard[0, 1] > before
    desk.w.aid = desk.w.aid_felt = 1.0
    desk.see()
    assert desk.t.loss_hazard[0, 1] == before


# ---- the same war seen from the other side -------------------------------------------


@given(
    share=st.sampled_from([0.05, 0.2, 0.4, 0.65, 0.95]),
    beliefs=st.tuples(st.floats(-80.0, 80.0), st.floats(-80.0, 80.0)),
    level=st.floats(0.0, 1.5),
    held=st.floats(0.0, 1000.0),
    offered=st.integers(0, 8000),
    freeze=shares,
    relief=shares,
    weights=st.tuples(shares, shares),
    pi=st.floats(0.0, 0.1),
)
def test_swapped_sides_have_swapped_values(
    share, beliefs, level, held, offered, freeze, relief, weights, pi
):
    """Which belligerent is side 0 changes no value; the patron goes with its side."""
    terms = {
        "parties.u.bargaining_weight": weights[0],
        "parties.r.bargaining_weight": weights[1],
        "parties.u.cost_of_war_km2": {"value": 800, "private": [500, 1100]},
        "parties.u.aid_freeze_cost_km2": 400,
        "parties.r.sanctions_relief_value_km2": 400,
        "parties.r.audience_cost_km2": 160,
        "parties.u.claimed_km2": 4000,
        "aid.level": level,
        "aid.revert_per_week": 0.05,
        "chips.land.area_km2": held,
        "truce.settlement_per_week": pi,
        "negotiation.offers.peace.duration_days": 70,
        "negotiation.offers.peace.aid_freeze": freeze,
        "negotiation.offers.peace.sanctions_relief": relief,
    }
    sides = [
        {
            "front.side": side,
            "front.held_km2": 8000 * (share if side == "u" else 1 - share),
            "negotiation.offers.peace.line": {
                "held_km2": offered if side == "u" else 8000 - offered
            },
            "parties.u.belief.drift_km2_per_week": towards * beliefs[0],
            "parties.r.belief.drift_km2_per_week": towards * beliefs[1],
        }
        for side, towards in (("u", 1), ("r", -1))
    ]
    first, second = (Desk(build(scenario(REFERENCE, terms | s))) for s in sides)
    near = {"rel": 1e-9, "abs": 1e-7}
    assert first.wars() == pytest.approx(second.wars()[::-1], **near)
    assert first.gains() == pytest.approx(second.gains()[::-1], **near)
    assert first.t.settle_chance == pytest.approx(second.t.settle_chance, abs=1e-9)
