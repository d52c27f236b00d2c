"""A truce from its first day to its end: age, expiry, extension, settlement."""

import math

import numpy as np
import pytest

from sim.model.state import (
    ACCEPT,
    AID_FREEZE,
    EXTENSION,
    HAND_BACK,
    NEVER,
    NOBODY,
    NOTHING,
    PATRON,
    REJECT,
    SETTLED,
    TRUCE,
    WAR,
)
from tests.stages.talks_by_hand import Talks
from tests.stages.worlds import reference, told


def in_truce(**changes):
    """Desk of a world on the day on which the offer `peace` has been accepted."""
    changes = {"truce__breakdown_per_week": 0, **changes}
    desk = reference(**changes)
    desk.weigh(author=PATRON)
    desk.w.answer[:] = ACCEPT
    desk.stage("conclude")
    assert desk.w.phase == TRUCE
    return desk


def next_day(desk):
    desk.w.step += 1
    desk.stage("timeline", "aid", "truce", "agenda")


def test_a_truce_begins_on_the_terms_accepted():
    desk = in_truce(
        negotiation__offers__peace__line={"held_km2": 2640},
        negotiation__offers__peace__hand_back={"land": 0.25},
    )
    assert desk.w.line == 2640.0
    assert desk.w.chip[0] == 0.75
    assert (desk.w.truce_offer, desk.w.truce_author, desk.w.truce_age) == (0, PATRON, 0)
    assert (desk.w.first_truce, desk.w.first_full_truce) == (0, 0)
    assert desk.w.fighting_stopped == 0
    assert desk.w.line_at_agreement == desk.w.line
    assert desk.w.chip_at_agreement[0] == 0.75


def test_a_day_of_truce_ages_it_and_shifts_power():
    desk = in_truce(parties__r__rearmament_km2_per_week=0.6)
    for age in (1, 2, 3):
        next_day(desk)
        assert desk.w.truce_age == age
        assert desk.w.rearmed == pytest.approx(-0.2 * age, rel=1e-12)
        assert (desk.w.phase, desk.w.business) == (TRUCE, NOTHING)


def test_frozen_aid_stops_the_rearmament_of_the_supported_side():
    desk = in_truce(
        negotiation__offers__peace__aid_freeze=0.5,
        parties__r__rearmament_km2_per_week=0,
    )
    next_day(desk)
    assert desk.w.rearmed == pytest.approx(0.2, rel=1e-12)


def test_a_freeze_named_as_a_condition_counts_as_one_offered():
    desk = reference(truce__breakdown_per_week=0)
    desk.weigh(author=1, demands=AID_FREEZE | HAND_BACK, demanded_by=1)
    desk.w.answer[0] = ACCEPT
    desk.stage("conclude")
    assert desk.w.chip[0] == 0.0
    next_day(desk)
    assert desk.w.rearmed == pytest.approx(-0.4, rel=1e-12)


def test_fighting_and_chips_rest_in_a_truce():
    desk = in_truce()
    before = desk.w.line, desk.w.chip[0], tuple(desk.w.belief)
    for _ in range(5):
        desk.stage("front", "chips")
    assert (desk.w.line, desk.w.chip[0], tuple(desk.w.belief)) == before


@pytest.mark.parametrize(("days", "age"), [(28, 4), (30, 5), (7, 1)])
def test_a_truce_runs_out_on_the_first_day_it_has_lasted(days, age):
    desk = in_truce(negotiation__offers__peace__duration_days=days)
    for _ in range(age - 1):
        next_day(desk)
        assert desk.w.phase == TRUCE
    next_day(desk)
    assert (desk.w.phase, desk.w.business) == (WAR, EXTENSION)


def test_a_permanent_truce_never_runs_out():
    desk = in_truce()
    for _ in range(300):
        next_day(desk)
    assert desk.w.phase == TRUCE


def expired(**changes):
    desk = in_truce(negotiation__offers__peace__duration_days=7, **changes)
    next_day(desk)
    return desk


def test_the_same_terms_are_put_again_to_both_sides():
    desk = expired(negotiation__offers__peace__hand_back={"land": 0.25})
    assert (desk.w.offer, desk.w.author) == (0, PATRON)
    assert desk.w.offer_line == desk.w.line
    desk.stage("appraise", "propose", "weigh", "demands")
    # chips that were handed back are not handed back again
    assert desk.t.kept[0] == desk.w.chip[0] == 0.75
    desk.w.answer[:] = ACCEPT
    desk.stage("conclude")
    assert (desk.w.phase, desk.w.truce_age, desk.w.extended) == (TRUCE, 0, 1)
    assert desk.w.chip[0] == 0.75


def test_a_truce_that_is_extended_has_held_since_it_began():
    desk = expired()
    desk.stage("appraise", "propose", "weigh", "demands")
    desk.w.answer[:] = ACCEPT
    desk.stage("conclude")
    assert desk.w.step == 1
    assert desk.w.fighting_stopped == 0
    assert desk.w.first_full_truce == 0


def test_even_who_made_the_offer_may_refuse_to_extend_it():
    desk = expired()
    desk.w.author = 0
    desk.stage("appraise", "propose", "weigh", "demands")
    desk.t.put_gain[:], desk.t.put_slope[:] = (-800, 800), 0.0
    desk.stage("answer")
    assert list(desk.w.answer) == [REJECT, ACCEPT]
    desk.stage("conclude")
    assert desk.w.phase == WAR
    assert (desk.w.expired, desk.w.extended) == (1, 0)
    assert desk.w.fighting_stopped == NEVER
    assert desk.w.truce_age == 1


def test_an_extension_is_worth_what_the_same_terms_are_worth_today():
    desk = expired()
    desk.stage("appraise", "propose", "weigh", "demands")
    extension = tuple(desk.t.put_gain)
    again = desk.gains(author=PATRON, line=desk.w.line)
    assert extension + desk.t.put_slope * desk.w.cost == pytest.approx(again, rel=1e-12)


def test_a_truce_that_must_break_down_breaks_down():
    desk = in_truce()
    desk.p.breakdown[0, :] = 1.0
    next_day(desk)
    assert (desk.w.phase, desk.w.broken) == (WAR, 1)
    assert desk.w.business != EXTENSION
    assert desk.w.fighting_stopped == NEVER
    assert desk.w.first_full_truce == 0


def test_break_down_comes_before_expiry():
    desk = in_truce(negotiation__offers__peace__duration_days=7)
    desk.p.breakdown[0, :] = 1.0
    next_day(desk)
    assert (desk.w.broken, desk.w.expired) == (1, 0)
    assert desk.w.business != EXTENSION


def settled(**changes):
    desk = in_truce(truce__settlement_per_week=0.01, **changes)
    desk.p.settlement[0, :] = 1.0
    next_day(desk)
    assert desk.w.phase == SETTLED
    return desk


def test_a_settlement_gives_the_chip_to_whom_it_is_worth_more():
    desk = settled()
    assert desk.w.chip[0] == 0.0


def test_a_settlement_is_the_nash_share_of_what_is_left():
    desk = settled()
    # wars as of the day of the settlement, with the chip where the truce left it
    twin = in_truce()
    twin.w.rearmed = desk.w.rearmed
    own, other = twin.wars()
    assert desk.w.line == pytest.approx(own + 0.5 * (8000 - own - other), rel=1e-9)


SECRET = {
    "parties__u__cost_of_war_km2": {"value": 800, "private": [400, 1200]},
    "parties__r__cost_of_war_km2": {"value": 640, "private": [340, 940]},
}


def test_in_talks_on_a_settlement_both_find_out_what_war_costs_the_other():
    """The line is the Nash share at the costs that chance has dealt."""
    desk = settled(**SECRET)
    assert abs(desk.w.cost - (800, 640)).min() > 10.0
    twin = in_truce(**SECRET)
    twin.w.rearmed = desk.w.rearmed
    own, other = twin.wars()  # at own costs
    assert desk.w.line == pytest.approx(own + 0.5 * (8000 - own - other), rel=1e-9)


KEEPS = {"chips__land__value_km2": {"u": 400, "r": 80}}


def test_a_chip_worth_more_to_its_holder_stays_and_is_paid_for_with_land():
    desk = settled(**KEEPS)
    assert desk.w.chip[0] == 1.0
    twin = in_truce(**KEEPS)
    own, other = twin.wars()
    value = own + 0.5 * (8000 + 320 - own - other)
    assert desk.w.line == pytest.approx(value - 400, rel=1e-9)


def test_a_settlement_is_worth_its_value_to_both_sides():
    """Together the sides get the stake and what chips add at their best holder."""
    desk = settled(**KEEPS)
    desk.w.payoff[:] = 0.0
    desk.w.present_worth = 1.0
    desk.stage("close")
    assert sum(desk.w.payoff) == pytest.approx(8000 + 400 - 80, rel=1e-12)


def test_days_of_truce_are_no_days_of_talks():
    desk = in_truce()
    for step in range(1, 12):
        desk.w.step = step
        desk.stage("timeline", "aid", "truce", "agenda")
        assert (desk.w.business, desk.w.offer) == (NOTHING, NOBODY)


@pytest.mark.slow
def test_truces_end_as_often_as_their_hazards_say():
    desk = in_truce()
    desk.p.breakdown[0, :], desk.p.settlement[0, :] = 0.15, 0.1
    start = desk.world.copy()
    trials, broken, done = 4000, 0, 0
    for replicate in range(trials):
        desk.world[:] = start
        desk.w.replicate = replicate
        next_day(desk)
        broken += desk.w.broken
        done += desk.w.phase == SETTLED
    assert abs(broken / trials - 0.15) < 4 * math.sqrt(0.15 * 0.85 / trials)
    assert abs(done / trials - 0.1) < 4 * math.sqrt(0.1 * 0.9 / trials)


# ---- whether a settlement is possible: P+ --------------------------------------------


@pytest.mark.parametrize("off", [-1.0, 1.0], ids=["lacking", "left"])
def test_a_truce_settles_only_if_a_surplus_is_left_at_the_true_costs(off):
    """Whatever the others think, and whatever the luck of the day.

    A truce that goes on still runs out on its day.
    """
    desk = in_truce(
        truce__settlement_per_week=0.999,
        negotiation__offers__peace__duration_days=7,
        **SECRET,
    )

    def surplus(gap):
        desk.w.belief[:] = gap, -gap
        desk.see()
        expected = 0.5 * (desk.w.cost_low + desk.w.cost_high)
        return desk.t.surplus + (desk.w.cost - expected) @ desk.t.fighting

    low, high = 0.0, 100.0
    assert surplus(low) > 1.0
    assert surplus(high) < -1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if surplus(middle) > off else (low, middle)
    desk.w.belief[:] = low, -low
    next_day(desk)
    if off > 0.0:
        assert desk.w.phase == SETTLED
    else:
        assert (desk.w.phase, desk.w.business) == (WAR, EXTENSION)


MIXED = {
    **SECRET,
    "truce__settlement_per_week": 0.05,
    "negotiation__offers__peace__duration_days": 140,
    "parties__r__rearmament_km2_per_week": 0.9,
    "parties__u__belief__drift_km2_per_week": 12,
}


def ends_of_a_truce(gap):
    """P+, the values with and without a settlement, and the value of the offer."""
    changes = MIXED | {"parties__r__belief__drift_km2_per_week": 12 - gap}
    desk = reference(**changes)
    desk.weigh()
    chance = float(desk.t.settle_chance)
    mixed = desk.t.value + desk.t.value_slope * desk.w.cost
    never = reference(**changes | {"truce__settlement_per_week": 0})
    without = np.array(never.values())
    # the same where the chance is one: no private costs, at the means and a surplus
    hand = Talks(told(**changes))
    terms = hand.plain("peace")
    end = hand.after(terms.line, hand.kept(terms), terms, True, 20)
    with_it = []
    for side in (0, 1):
        flow = hand.flow(side, terms.line, hand.kept(terms), terms)
        value = hand.truce_worth(side, flow, end, hand.settlement(side, end))
        with_it.append(hand.at_own_cost(side, value))
    return chance, np.array(with_it), without, mixed, end


@pytest.mark.parametrize("gap", [10, 20, 32, 48, 60])
def test_an_offer_is_worth_a_mixture_of_truces_with_and_without_a_settlement(gap):
    chance, with_it, without, mixed, _ = ends_of_a_truce(gap)
    assert mixed == pytest.approx(chance * with_it + (1.0 - chance) * without, rel=1e-9)


def test_the_chance_of_a_settlement_is_the_share_of_costs_that_leave_a_surplus():
    seen = []
    for gap in (10, 20, 32, 48, 60):
        chance, _, _, _, end = ends_of_a_truce(gap)
        own, other = np.meshgrid(*(np.arange(-0.999, 1.0, 0.002),) * 2)
        surplus = end[5] + 400 * own * end[4][0][1] + 300 * other * end[4][1][1]
        assert chance == pytest.approx((surplus > 0.0).mean(), abs=1e-3)
        seen.append(chance)
    assert seen == sorted(seen, reverse=True)
    assert seen[0] == 1.0
    assert seen[-1] < 0.2
    assert len(set(seen)) > 3


@pytest.mark.parametrize(("gap", "chance"), [(20, 1.0), (60, 0.0)])
def test_without_private_costs_everybody_knows_whether_it_may_settle(gap, chance):
    known = {"parties__u__cost_of_war_km2": 800, "parties__r__cost_of_war_km2": 640}
    changes = MIXED | known | {"parties__r__belief__drift_km2_per_week": 12 - gap}
    desk = reference(**changes)
    desk.weigh()
    assert desk.t.settle_chance == chance


# ---- the longest pause ---------------------------------------------------------------


def test_the_longest_pause_is_that_of_the_longest_truce():
    """Counted day by day while a full truce holds, over extensions, not over wars."""
    desk = in_truce()
    for pause in (1, 2, 3):
        desk.stage("close")
        assert desk.w.longest_pause == pause
        desk.stage("timeline", "aid", "truce", "agenda")
    desk.p.breakdown[0, :] = 1.0
    desk.stage("truce")
    assert desk.w.phase == WAR
    desk.stage("close")
    assert desk.w.longest_pause == 3
    desk.p.breakdown[0, :] = 0.0
    desk.w.phase, desk.w.fighting_stopped = TRUCE, desk.w.step
    desk.stage("close")
    assert desk.w.longest_pause == 3  # the second truce is shorter so far


def test_a_settlement_pauses_the_war_to_the_end():
    desk = settled()  # on day 1, after a truce since day 0
    desk.stage("close")
    assert desk.w.longest_pause == desk.p.steps == 20
