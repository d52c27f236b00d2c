"""Aid that hangs on answers: what refusing and accepting are then worth."""

import numpy as np
import pytest

from sim.model.state import DATED, HAND_BACK, NO_LEVEL, PATRON, ROUND
from tests.stages.worlds import reference

EXACT = {"rel": 1e-12, "abs": 1e-11}
PAUSE = {"aid__revert_per_week": 0.05}
RULE = {
    "name": "conditional",
    "after_refusal_by": {"u": 0.0, "r": 1.5},
    "after_acceptance_by": {"u": 1.2},
}


def conditional(**changes):
    rule = RULE | changes.pop("rule", {})
    desk = reference(**{**PAUSE, "aid__rule": rule, **changes})
    return on_table(desk)


def on_table(desk, author=PATRON, business=DATED):
    desk.w.business, desk.w.offer, desk.w.author = business, 0, author
    desk.stage("appraise")
    return desk


def refusal(desk):
    return desk.t.refusal + desk.t.refusal_slope * desk.w.cost


def at(level):
    """What fighting on and the offer are worth when aid is at a level."""
    desk = reference(**PAUSE, aid__level=level)
    return desk.wars(), desk.values()


def test_each_side_refuses_at_the_level_that_it_is_threatened_with():
    desk = conditional()
    (cut, _), _ = at(0.0)
    (_, raised), _ = at(1.5)
    assert refusal(desk) == pytest.approx((cut, raised), **EXACT)
    assert desk.t.threat.tolist() == [0.0, 1.5]


def test_the_truce_is_worth_what_it_is_at_the_level_promised():
    desk = conditional()
    _, promised = at(1.2)
    own = desk.t.gain[:, 0] + desk.t.gain_slope[:, 0] * desk.w.cost
    assert own + refusal(desk) == pytest.approx(promised, **EXACT)


def price_of_a_cut():
    """Cost to the patron of stopping the aid: B dW - kap_a (1 - psi - phi)."""
    full, cut = (reference(**PAUSE, aid__level=level) for level in (1.0, 0.0))
    lost = full.wars()[0] - cut.wars()[0]
    return 0.6 * lost - 400 * full.t.fighting[0]


def test_a_threat_that_costs_more_than_the_reputation_does_not_count():
    price = price_of_a_cut()
    assert price > 1.0
    small = conditional(parties__w__reputation_km2=0.999 * price)
    assert small.t.threat[0] == NO_LEVEL
    (own, _), _ = at(1.0)
    assert refusal(small)[0] == pytest.approx(own, **EXACT)
    enough = conditional(parties__w__reputation_km2=1.001 * price)
    assert enough.t.threat[0] == 0.0


def test_without_a_level_there_is_no_threat_and_no_promise():
    desk = conditional(rule={"after_refusal_by": {}, "after_acceptance_by": {}})
    wars, values = at(1.0)
    assert refusal(desk) == pytest.approx(wars, **EXACT)
    own = desk.t.gain[:, 0] + desk.t.gain_slope[:, 0] * desk.w.cost
    assert own + refusal(desk) == pytest.approx(values, **EXACT)


def test_the_table_is_left_as_at_present_aid():
    desk = conditional()
    (own, other), _ = at(1.0)
    least = desk.t.reservation + desk.t.reservation_slope * desk.w.cost
    assert least == pytest.approx((own, other), **EXACT)
    assert desk.w.aid_felt == 1.0


@pytest.mark.parametrize(
    ("answers", "level", "is_open"),
    [
        ((1, 1), 1.2, 0),  # both accept: the promise
        ((1, 2), 1.5, 0),  # a lone refusal by r
        ((1, 3), 1.5, 0),  # on conditions is a refusal
        ((2, 1), 0.0, 1),  # a lone refusal by u: it may still accept later
        ((2, 2), 1.0, 1),  # nobody alone
    ],
)
def test_aid_follows_the_answers_and_acceptance_ends_the_condition(
    answers, level, is_open
):
    desk = conditional()
    desk.stage("weigh", "demands")
    desk.w.answer[:] = answers
    desk.stage("conclude")
    assert (desk.w.aid, desk.w.condition_open) == (level, is_open)


def test_a_threat_that_does_not_count_is_not_carried_out():
    desk = conditional(parties__w__reputation_km2=0)
    desk.stage("weigh", "demands")
    desk.w.answer[:] = (2, 1)
    desk.stage("conclude")
    assert desk.w.aid == 1.0


def test_a_condition_once_met_neither_threatens_nor_promises():
    desk = conditional()
    desk.w.condition_open = 0
    on_table(desk)
    wars, _ = at(1.0)
    assert refusal(desk) == pytest.approx(wars, **EXACT)
    desk.stage("weigh", "demands")
    desk.w.answer[:] = (2, 1)
    desk.stage("conclude")
    assert desk.w.aid == 1.0


def test_offers_of_the_sides_and_counter_offers_are_not_covered():
    desk = on_table(conditional(), author=1)
    plain = on_table(reference(**PAUSE), author=1)
    for array in ("gain", "gain_slope"):
        assert np.array_equal(desk.t[array][:, 0], plain.t[array][:, 0])
    assert conditional().gains() == reference(**PAUSE).gains()


def test_threats_to_both_widen_the_room_for_a_deal():
    """By what both lose at the level that each is threatened with."""
    own, other = refusal(conditional())
    (full, other_full), _ = at(1.0)
    room = 8000 - full - other_full
    wider = 8000 - own - other
    assert wider > room + 500
    (cut, _), _ = at(0.0)
    (_, raised), _ = at(1.5)
    assert wider - room == pytest.approx(full - cut + other_full - raised, rel=1e-9)


def test_who_presses_takes_its_price_off_refusing():
    desk = on_table(
        reference(parties__w__pressure=2, parties__w__price_of_refusal_km2=40)
    )
    assert refusal(desk) == pytest.approx(np.array(reference().wars()) - 80, **EXACT)


# ---- the level that serves the patron best -------------------------------------------


def chosen(levels, **changes):
    rule = {"name": "best_response", "levels": levels}
    desk = reference(**{**PAUSE, "aid__rule": rule, **changes})
    desk.stage("timeline", "aid")
    return desk.w.aid


def worth(level, **changes):
    """Worth of a level to the patron, from the parts that a menu shows."""
    desk = reference(**{**PAUSE, "aid__level": level, **changes})
    desk.w.business, desk.w.author = ROUND, PATRON
    desk.stage("appraise")
    gain = max(0.0, desk.t.patron_gain[0])
    for side in (0, 1):
        own = desk.t.gain[side, 0] + desk.t.gain_slope[side, 0] * desk.w.cost[side]
        gain *= own >= 0.0  # costs are known and there is no noise
    outcome = float(changes.get("parties__w__value_per_km2", 0.6))
    flow = 160 + 400 * level
    war = outcome * desk.t.war_of_patron - flow * desk.t.fighting_of_patron
    return war + gain


LEVELS = [0.0, 0.5, 1.0, 1.5]


@pytest.mark.parametrize("outcome", [0.0, 0.3, 0.6, 0.9])
def test_the_patron_picks_the_level_worth_most_to_it(outcome):
    changes = {"parties__w__value_per_km2": outcome}
    best = max(LEVELS, key=lambda level: worth(level, **changes))
    assert chosen(LEVELS, **changes) == best


def test_who_cares_for_nothing_but_cost_stops_and_who_cares_most_gives_most():
    assert chosen(LEVELS, parties__w__value_per_km2=0.0) == 0.0
    assert chosen(LEVELS, parties__w__value_per_km2=5.0) == 1.5


def test_between_rounds_and_in_a_truce_it_does_not_decide():
    rule = {"name": "best_response", "levels": [0.0]}
    desk = reference(**PAUSE, aid__rule=rule, negotiation__round_every_days=21)
    desk.w.step = 1
    desk.stage("timeline", "aid")
    assert desk.w.aid == 1.0
    desk.w.step, desk.w.phase = 3, 1
    desk.stage("timeline", "aid")
    assert desk.w.aid == 1.0
    desk.w.phase = 0
    desk.stage("timeline", "aid")
    assert desk.w.aid == 0.0


def test_unconditional_aid_does_not_revert():
    rule = {"name": "unconditional"}
    desk = reference(aid__level=0.5, aid__revert_per_week=0.9, aid__rule=rule)
    (own, _), _ = at(0.5)
    steady = reference(aid__level=0.5)
    assert desk.wars() == steady.wars() != (own, _)
    for step in range(20):
        desk.w.step = step
        desk.stage("aid")
    assert desk.w.aid == 0.5


# ---- the other side, and its conditions ----------------------------------------------


def test_a_lone_refusal_by_the_other_side_brings_at_least_the_promise():
    """Where no threat to it counts: the supported side has then accepted."""
    desk = conditional(aid__level=0.0, rule={"after_refusal_by": {"u": 0.0}})
    assert desk.t.threat.tolist() == [0.0, 1.2]
    (_, promised), _ = at(1.2)
    assert refusal(desk)[1] == pytest.approx(promised, **EXACT)
    desk.stage("weigh", "demands")
    desk.w.answer[:] = (1, 2)
    desk.stage("conclude")
    assert desk.w.aid == 1.2


def test_conditions_are_valued_at_the_aid_that_a_lone_refusal_brings():
    asks = {"parties__r__conditions": ["hand_back"], "aid__level": 0.0}
    desk = conditional(
        **asks, parties__r__policy={"name": "hardliner", "premium_km2": 9000}
    )
    desk.w.offer_line = 3200.0
    desk.stage("weigh", "demands")
    there = reference(**PAUSE, aid__level=1.5)
    gain = there.gains(demands=HAND_BACK, demanded_by=1)[1]
    assert desk.t.demand_gain[1, HAND_BACK] == pytest.approx(gain, **EXACT)
    assert desk.w.aid_felt == 0.0
