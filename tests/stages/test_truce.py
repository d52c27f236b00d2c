"""A truce from its first day to its end: age, expiry, extension, settlement."""

import math

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
from tests.stages.worlds import reference


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
        negotiation__offers__peace__line={"share": 0.33},
        negotiation__offers__peace__hand_back={"land": 0.25},
    )
    assert desk.w.line == pytest.approx(6.6)
    assert desk.w.chip[0] == 0.75
    assert (desk.w.truce_offer, desk.w.truce_author, desk.w.truce_age) == (0, PATRON, 0)
    assert (desk.w.first_truce, desk.w.first_full_truce) == (0, 0)
    assert desk.w.fighting_stopped == 0
    assert desk.w.line_at_agreement == desk.w.line
    assert desk.w.chip_at_agreement[0] == 0.75


def test_a_day_of_truce_ages_it_and_shifts_power():
    desk = in_truce(parties__r__rearmament_per_week=0.006)
    for age in (1, 2, 3):
        next_day(desk)
        assert desk.w.truce_age == age
        assert desk.w.rearmed == pytest.approx(-0.002 * age, rel=1e-12)
        assert (desk.w.phase, desk.w.business) == (TRUCE, NOTHING)


def test_frozen_aid_stops_the_rearmament_of_the_supported_side():
    desk = in_truce(
        negotiation__offers__peace__aid_freeze=0.5, parties__r__rearmament_per_week=0
    )
    next_day(desk)
    assert desk.w.rearmed == pytest.approx(0.002, rel=1e-12)


def test_a_freeze_named_as_a_condition_counts_as_one_offered():
    desk = reference(truce__breakdown_per_week=0)
    desk.weigh(author=1, demands=AID_FREEZE | HAND_BACK, demanded_by=1)
    desk.w.answer[0] = ACCEPT
    desk.stage("conclude")
    assert desk.w.chip[0] == 0.0
    next_day(desk)
    assert desk.w.rearmed == pytest.approx(-0.004, rel=1e-12)


def test_fighting_and_chips_rest_in_a_truce():
    desk = in_truce()
    desk.p.battle_chance = 1.0
    before = desk.w.line, desk.w.chip[0], tuple(desk.w.belief)
    for _ in range(5):
        desk.stage("battle", "chips")
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
    desk.t.put_gain[:], desk.t.put_slope[:] = (-0.1, 0.1), 0.0
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
    assert desk.w.line / 20 == pytest.approx(own + 0.5 * (1 - own - other), rel=1e-9)


def test_a_chip_worth_more_to_its_holder_stays_and_is_paid_for_with_land():
    desk = settled(chips__land__value_to={"u": 0.05, "r": 0.01})
    assert desk.w.chip[0] == 1.0
    twin = in_truce(chips__land__value_to={"u": 0.05, "r": 0.01})
    own, other = twin.wars()
    value = own + 0.5 * (1 + 0.04 - own - other)
    assert desk.w.line / 20 == pytest.approx(value - 0.05, rel=1e-9)


def test_a_settlement_is_worth_its_value_to_both_sides():
    """Together the sides get the stake and what chips add at their best holder."""
    desk = settled(chips__land__value_to={"u": 0.05, "r": 0.01})
    desk.w.payoff[:] = 0.0
    desk.w.present_worth = 1.0
    desk.stage("close")
    assert sum(desk.w.payoff) == pytest.approx(1.0 + 0.05 - 0.01, rel=1e-12)


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


def test_a_truce_settles_only_if_a_surplus_is_left_that_day():
    """With more hope on both sides than there is to share, the truce goes on.

    It still runs out on its day, though the luck of that day would have settled it.
    """
    desk = in_truce(
        truce__settlement_per_week=0.999, negotiation__offers__peace__duration_days=7
    )
    desk.w.belief[:] = 0.8, 0.2
    desk.w.truce_variant = 1  # signed when a settlement was possible
    next_day(desk)
    assert desk.t.after_surplus < 0.0
    assert (desk.w.phase, desk.w.business) == (WAR, EXTENSION)
