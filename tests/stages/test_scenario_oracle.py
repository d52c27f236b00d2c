"""From the rates a user writes to values, twice: the project's way and by hand.

By hand means `by_hand`, which knows the text of the model only: it turns weeks into
steps by itself, solves the chain of regimes, and takes the front from hyperbolic sines.
"""

import itertools

import pytest
from hypothesis import strategies as st

from sim.model.parameters import build
from tests.formulas.sane_worlds import (
    MANY,
    in_random_worlds,
    loss_shares,
    regime_rates,
    shares,
    weekly_discounts,
)
from tests.stages.talks_by_hand import Talks
from tests.stages.worlds import REFERENCE, Desk, scenario

EXACT = {"rel": 1e-7, "abs": 1e-5}  # km2 of thousands; by hand, sums of as many

REGIMES = ("calm", "lull", "storm")  # in the order of the record


def clear_cut(losses):
    """Whether it is clear which regimes lose more, in weeks and in days.

    A cut in aid speeds switches to those; conversion to days rounds, and may make
    equals of two losses that differ in the last bit.
    """
    pairs = itertools.combinations(losses.values(), 2)
    return all(one == other or abs(one - other) > 1e-9 for one, other in pairs)


@st.composite
def wars(draw):
    """What a file may say of a war, in the sane ranges of section 13 of the model."""
    each = st.fixed_dictionaries
    stake = draw(st.floats(500.0, 20_000.0))
    up_to = lambda share: st.floats(0.0, share * stake)  # noqa: E731
    drifts = st.floats(-100.0, 100.0)
    losses = draw(each(dict.fromkeys(REGIMES, loss_shares)).filter(clear_cut))
    rates = draw(each({r: each(dict.fromkeys(REGIMES, regime_rates)) for r in REGIMES}))
    changes = {
        "step_days": draw(st.sampled_from([1, 7])),
        "negotiation.offers.peace.line": "in_place",
        "discount_factor_per_week": draw(weekly_discounts),
        "territory_flow": draw(shares),
        "front.stake_km2": stake,
        "front.held_km2": draw(st.floats(0.01, 0.99)) * stake,
        "front.volatility_km2_per_week": draw(st.floats(1.0, 500.0)),
        "aid.level": draw(st.floats(0.0, 1.5)),
        "aid.long_run_level": draw(shares),
        "aid.revert_per_week": draw(shares),
        "aid.drift_km2_per_week": draw(st.floats(0.0, 150.0)),
        "chips.land.area_km2": 1000.0 * draw(shares),
        "chips.land.regimes": {
            name: {
                "loss_per_week": losses[name],
                "switch_per_week": {r: x for r, x in rates[name].items() if r != name},
            }
            for name in REGIMES
        },
        "chips.land.regime": draw(st.sampled_from(REGIMES)),
        "chips.land.switch_on_aid_cut": draw(st.floats(0.0, 4.0)),
        "chips.land.capture_per_week": draw(shares),
        "chips.land.drift_km2_per_week": draw(st.floats(-20.0, 40.0)),
        "chips.land.value_km2": {"u": draw(up_to(0.03)), "r": draw(up_to(0.15))},
        "chips.field": {
            "holder": "r",
            "area_km2": 100.0 * draw(shares),
            "peak_km2": 100,
            "value_km2": {"u": draw(up_to(0.15)), "r": draw(up_to(0.15))},
            "drift_km2_per_week": draw(st.floats(0.0, 40.0)),
        },
    }
    for party in "ur":
        bound = st.integers(0, int(0.3 * stake))
        low, high = sorted(draw(st.tuples(bound, bound)))
        cost = {"value": 0.5 * (low + high), "private": [low, high]}
        changes |= {
            f"parties.{party}.belief.drift_km2_per_week": draw(drifts),
            f"parties.{party}.cost_of_war_km2": cost,
            f"parties.{party}.bargaining_weight": draw(shares),
        }
    return changes


@st.composite
def offers(draw):
    """What it may say of an offer and of how truces end."""
    held = st.integers(0, 500)  # of the smallest stake
    weight = st.floats(0.0, 400.0)
    terms = {
        "duration_days": draw(st.none() | st.integers(1, 400)),
        "line": draw(st.just("in_place") | st.builds(lambda x: {"held_km2": x}, held)),
        "hand_back": {"land": draw(shares), "field": draw(shares)},
        "aid_freeze": draw(shares),
        "sanctions_relief": draw(shares),
        "monitoring": draw(shares),
    }
    return {
        "negotiation.offers.peace": terms,
        "truce.breakdown_per_week": draw(st.just(0.0) | st.floats(0.001, 0.3)),
        "truce.settlement_per_week": draw(st.just(0.0) | st.floats(0.001, 0.3)),
        "parties.w.pressure": draw(st.floats(0.0, 1.0)),
        "parties.u.aid_freeze_cost_km2": draw(weight),
        "parties.r.sanctions_relief_value_km2": draw(weight),
        "parties.u.audience_cost_km2": draw(weight),
        "parties.r.audience_cost_km2": draw(weight),
        "parties.u.claimed_km2": draw(st.none() | held),
        "parties.r.claimed_km2": draw(st.none() | held),
        "parties.u.rearmament_km2_per_week": draw(st.floats(0.0, 3.0)),
        "parties.r.rearmament_km2_per_week": draw(st.floats(0.0, 3.0)),
    }


def both(changes):
    """A desk of the simulation, and the same morning by hand."""
    told = scenario(REFERENCE, changes)
    return Desk(build(told)), Talks(told)


def at_own_cost(hand, values):
    return [hand.at_own_cost(side, value) for side, value in enumerate(values)]


@MANY
def test_war_and_the_least_a_side_accepts_follow_from_what_the_file_says(count):
    """The least is war, and a part of what both could share but for the next round."""

    def claim(changes):
        desk, hand = both(changes)
        fights = [hand.fight(i, hand.z, hand.held, hand.ell) for i in (0, 1)]
        own = at_own_cost(hand, [(value, -f) for value, f in fights])
        assert desk.wars() == pytest.approx(own, **EXACT)
        least = desk.t.reservation + desk.t.reservation_slope * desk.w.cost
        assert least == pytest.approx(at_own_cost(hand, hand.least()), **EXACT)

    in_random_worlds(count, claim, wars())


@MANY
def test_how_fast_a_chip_melts_follows_from_what_the_file_says(count):
    def claim(changes):
        desk, hand = both(changes)
        desk.see()
        j = hand.chip_names.index("land")
        expected = list(hand.lam_eff(j).values())
        found = desk.t.loss_hazard[j, : len(REGIMES)]
        assert found == pytest.approx(expected, rel=1e-8, abs=1e-10)

    in_random_worlds(count, claim, wars())


@MANY
def test_an_offer_is_worth_its_days_and_what_may_follow_them(count):
    """Weighed by the chance that a settlement is possible, which everybody knows."""

    def claim(changes, terms):
        desk, hand = both(changes | terms)
        offer = hand.plain("peace")
        after = (offer.line, hand.kept(offer), offer, True, hand.duration("peace"))
        if abs(hand.after(*after)[5]) < 1e-6:
            return  # whether it may become a settlement hangs on rounding
        values, chance, _ = hand.value(offer)
        assert desk.values() == pytest.approx(at_own_cost(hand, values), **EXACT)
        assert desk.t.settle_chance == pytest.approx(chance, abs=1e-7)

    in_random_worlds(count, claim, wars(), offers())
