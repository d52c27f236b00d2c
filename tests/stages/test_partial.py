"""Partial truces: worth by hand, what goes on meanwhile, and how they end."""

import numpy as np
import pytest

from sim.model.rng import PARTIAL_END, uniform
from sim.model.state import EXTENSION, MONITORED, NEVER, NOBODY, PATRON, TRUCE, WAR
from tests.stages.worlds import reference

EXACT = {"rel": 1e-12, "abs": 1e-11}

STRIKES = {
    "negotiation__offers": {
        "peace": {"duration_days": None, "line": {"held_km2": 3200}, "monitoring": 0.8},
        "strikes": {
            "kind": "partial",
            "duration_days": 70,
            "monitoring": 0.3,
            "relief": {"u": 0.2, "r": 0.1},
        },
    },
    "parties__u__value_of_harm": 0.3,
    "parties__r__value_of_harm": 0.5,
}
PEACE, PARTIAL = 0, 1
SLOPE = (0.2, 0.1)  # relief of each side
FLOW = (0.2 * 800 - 0.3 * 0.1 * 640, 0.1 * 640 - 0.5 * 0.2 * 800)  # by hand


@pytest.fixture
def desk():
    return reference(**STRIKES)


def discounted_time(desk, steps, monitoring=0.3):
    """(1-d) n of so many weeks, by summing up."""
    hazard = min(1.0, 0.04 * np.exp(-1.5 * monitoring))
    kept = 0.98 * (1.0 - hazard)
    return 0.02 * sum(kept**k for k in range(steps))


def in_force(desk, age=0, author=PATRON):
    desk.w.partial_offer, desk.w.partial_author = PARTIAL, author
    desk.w.partial_age = age


def test_a_partial_truce_is_worth_what_it_spares_less_the_harm_forgone(desk):
    gains = desk.gains(offer=PARTIAL)
    time = discounted_time(desk, 10)
    assert gains == pytest.approx([flow * time for flow in FLOW], **EXACT)
    assert desk.t.put_slope == pytest.approx([s * time for s in SLOPE], **EXACT)


def test_close_monitoring_makes_it_last(desk):
    desk.weigh(offer=PARTIAL, demands=MONITORED, demanded_by=0)
    own = desk.t.put_gain + desk.t.put_slope * desk.w.cost
    time = discounted_time(desk, 10, monitoring=0.8)
    assert own == pytest.approx([flow * time for flow in FLOW], **EXACT)


def test_the_patron_is_spared_the_mean_of_both_reliefs(desk):
    desk.w.business, desk.w.author = 1, PATRON
    desk.stage("appraise")
    time = discounted_time(desk, 10)
    assert desk.t.patron_gain[PARTIAL] == pytest.approx(160 * 0.15 * time, **EXACT)


@pytest.mark.parametrize("age", [0, 4, 9])
def test_while_it_lasts_fighting_on_is_worth_what_is_left_of_it_more(desk, age):
    before = desk.wars()
    in_force(desk, age)
    desk.see()
    least = desk.t.reservation + desk.t.reservation_slope * desk.w.cost
    time = discounted_time(desk, 10 - age)
    left = [flow * time for flow in FLOW]
    assert least - before == pytest.approx(left, **EXACT)
    # so a full truce gains less, by as much
    plain = reference(**STRIKES).gains(offer=PEACE)
    assert np.subtract(plain, desk.gains(offer=PEACE)) == pytest.approx(left, **EXACT)


def test_a_renewal_gains_only_what_it_adds(desk):
    in_force(desk, age=4)
    added = discounted_time(desk, 10) - discounted_time(desk, 6)
    gains = desk.gains(offer=PARTIAL)
    assert gains == pytest.approx([flow * added for flow in FLOW], **EXACT)


def agree(desk, business):
    """Let both accept the partial truce that the patron puts."""
    desk.w.business, desk.w.offer, desk.w.author = business, PARTIAL, PATRON
    desk.w.offer_line = desk.w.line
    desk.stage("appraise", "weigh", "demands")
    desk.w.answer[:] = 1
    desk.stage("conclude")


def test_it_is_the_first_truce_but_no_full_one_and_the_war_goes_on(desk):
    desk.w.step = 3
    agree(desk, business=2)
    assert (desk.w.phase, desk.w.partial_offer) == (WAR, PARTIAL)
    assert (desk.w.first_truce, desk.w.first_full_truce) == (3, NEVER)
    assert desk.w.fighting_stopped == NEVER


def test_a_week_of_it_pays_the_flow_on_top_of_the_war(desk):
    desk.stage("flows")
    plain = desk.w.payoff.copy()
    other = reference(**STRIKES)
    in_force(other)
    other.stage("flows")
    assert other.w.payoff - plain == pytest.approx([0.02 * f for f in FLOW], **EXACT)


def test_it_cannot_be_proposed_again_in_a_round_while_it_lasts(desk):
    desk.w.business, desk.w.author = 1, PATRON
    in_force(desk)
    desk.w.blocked_until[PEACE] = 99
    desk.stage("appraise", "propose")
    assert desk.w.offer == NOBODY


def test_it_ages_with_the_war_and_is_put_again_when_it_runs_out():
    desk = reference(**STRIKES, truce__breakdown_per_week=0)
    in_force(desk, author=1)
    for _ in range(9):
        desk.stage("timeline", "truce")
        assert desk.w.business != EXTENSION
    desk.stage("timeline", "truce")
    assert (desk.w.business, desk.w.offer, desk.w.author) == (EXTENSION, PARTIAL, 1)
    assert desk.w.partial_offer == PARTIAL  # in force until this is answered


@pytest.mark.parametrize(("answers", "counts"), [((1, 1), (1, 0)), ((1, 2), (0, 1))])
def test_an_extension_is_agreed_or_ends_it(desk, answers, counts):
    in_force(desk, age=10)
    desk.w.business, desk.w.offer, desk.w.author = EXTENSION, PARTIAL, PATRON
    desk.stage("appraise", "weigh", "demands")
    desk.w.answer[:] = answers
    desk.stage("conclude")
    assert (desk.w.extended, desk.w.expired) == counts
    extended = counts[0] == 1
    assert desk.w.partial_offer == (PARTIAL if extended else NOBODY)
    if extended:
        assert desk.w.partial_age == 0


def test_it_breaks_down_by_its_own_luck():
    broken = 0
    for replicate in range(200):
        desk = reference(**STRIKES, truce__breakdown_per_week=0.5)
        desk.begin(seed=4, replicate=replicate)
        in_force(desk)
        desk.stage("truce")
        ended = desk.w.partial_offer == NOBODY
        luck = uniform(4, replicate, 0, PARTIAL_END)
        assert ended == (luck < desk.p.breakdown[PARTIAL, 0])
        assert desk.w.broken == ended
        broken += ended
    assert 40 < broken < 90  # .5 exp(-.45) = .32 of 200


def test_a_full_truce_ends_it(desk):
    in_force(desk)
    desk.w.business, desk.w.offer, desk.w.author = 2, PEACE, PATRON
    desk.stage("appraise", "weigh", "demands")
    desk.w.answer[:] = 1
    desk.stage("conclude")
    assert (desk.w.phase, desk.w.partial_offer) == (TRUCE, NOBODY)


def test_what_is_left_at_the_horizon_counts():
    payoffs = []
    for partial in (False, True):
        desk = reference(**STRIKES)
        desk.w.step = desk.p.steps - 1
        if partial:
            in_force(desk, age=3)
        desk.stage("flows", "close")
        payoffs.append(desk.w.payoff.copy())
    # today, and 6 more weeks as seen from today
    time = discounted_time(desk, 7)
    expected = [flow * time for flow in FLOW]
    assert payoffs[1] - payoffs[0] == pytest.approx(expected, **EXACT)
