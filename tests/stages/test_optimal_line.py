"""The line that an author draws for itself: Fearon's demand, and properties."""

import numpy as np
import pytest

from sim.model.formulas.acceptance import believed_acceptance
from sim.model.state import AT_LINE, DATED, PATRON, ROUND
from tests.stages.worlds import reference

# A take-it-or-leave-it demand of u: both expect the same drift, nothing ends a truce,
# and an interval hides the cost of r.
DEMAND = {
    "chips__land__area_km2": 0,
    "parties__u__belief__drift_km2_per_week": -12,
    "parties__r__belief__drift_km2_per_week": -12,
    "parties__r__cost_of_war_km2": {"value": 720, "private": [160, 1280]},
    "truce__breakdown_per_week": 0,
    "negotiation__proposer_weights": {"u": 1, "r": 0, "w": 0},
    "negotiation__offers__peace__line": "optimal",
}


def proposed(author=0, **changes):
    desk = reference(**{**DEMAND, **changes})
    desk.w.business, desk.w.author = ROUND, author
    desk.stage("appraise", "propose")
    return desk


def published(desk):
    """Line and marginal cost of Fearon (1995), pp. 410-411, for a cost in [160, 1280].

    Of a line x the author gains x - own, times the chance that r accepts, which it does
    at a cost of at least c where 8000 - x = free - fighting c.
    """
    own, _ = desk.wars()
    free, fighting = desk.t.war[1], desk.t.fighting[1]
    marginal = (1280 + (own - (8000 - free)) / fighting) / 2
    marginal = min(max(marginal, 160), 1280)
    return 8000 - free + fighting * marginal, marginal


def test_the_demand_is_the_published_one():
    desk = proposed()
    line, marginal = published(desk)
    assert desk.w.offer == 0
    assert desk.w.offer_line == pytest.approx(line, abs=2e-4)
    assert 160 < marginal < 1280  # some refuse, and that risk is worth it


def test_the_other_side_refuses_where_its_cost_is_below_that_of_the_marginal_type():
    desk = proposed()
    chance = believed_acceptance(
        desk.t.gain[1, 0], desk.t.gain_slope[1, 0], 160, 1280, 0.0
    )
    _, marginal = published(desk)
    assert 1.0 - chance == pytest.approx((marginal - 160) / 1120, abs=1e-6)


def test_no_line_beside_it_is_worth_more_to_its_author():
    desk = proposed(parties__r__decision_noise_km2=80, truce__breakdown_per_week=0.1)
    line = float(desk.w.offer_line)

    def worth(at):
        desk.p.line_kind[0], desk.p.line_km2[0] = AT_LINE, at
        desk.w.business, desk.w.author = ROUND, 0
        desk.stage("appraise")
        own = desk.t.gain[0, 0] + desk.t.gain_slope[0, 0] * desk.w.cost[0]
        return own * believed_acceptance(
            desk.t.gain[1, 0], desk.t.gain_slope[1, 0], 160, 1280, 80.0
        )

    best = worth(line)
    assert best > 0.0
    for other in np.linspace(0.0, 8000.0, 401):
        assert worth(other) <= best * (1.0 + 1e-12)


def test_the_other_side_draws_it_the_other_way():
    line = proposed(author=0).w.offer_line
    changes = {
        "negotiation__proposer_weights": {"u": 0, "r": 1, "w": 0},
        "parties__u__cost_of_war_km2": {"value": 720, "private": [160, 1280]},
    }
    assert proposed(author=1, **changes).w.offer_line < line


def test_where_no_line_serves_both_none_is_proposed():
    desk = proposed(
        parties__u__belief__drift_km2_per_week=80,
        parties__r__belief__drift_km2_per_week=-120,
        parties__r__cost_of_war_km2=160,
    )
    assert desk.w.offer == -1


def test_a_room_for_deals_narrower_than_the_lines_tried_is_found():
    """All is known and nobody errs: the line is the most that the other concedes."""
    desk = proposed(
        parties__u__belief__drift_km2_per_week=-4,
        parties__r__belief__drift_km2_per_week=-24,
        parties__u__cost_of_war_km2=400,
        parties__r__cost_of_war_km2=560,
    )
    own, other = desk.wars()
    room = 8000 - other - own
    assert 0.0 < room < 8000 / 64
    assert desk.w.offer == 0
    assert desk.w.offer_line == pytest.approx(8000 - other, abs=1e-5)


def test_a_dated_offer_gets_its_line_on_its_day():
    desk = reference(**DEMAND)
    desk.w.business, desk.w.offer, desk.w.author = DATED, 0, 0
    desk.stage("appraise")
    assert desk.w.offer_line == pytest.approx(published(desk)[0], abs=2e-4)


def test_a_patron_draws_the_line_that_both_most_likely_accept_at_its_gain():
    changes = {
        "negotiation__proposer_weights": {"w": 1},
        "parties__u__decision_noise_km2": 40,
        "parties__r__decision_noise_km2": 40,
    }
    desk = proposed(author=PATRON, **changes)
    assert desk.w.offer == 0
    own = desk.t.gain[:, 0] + desk.t.gain_slope[:, 0] * desk.w.cost
    assert (own > 0.0).all()


def test_the_counter_offer_keeps_the_line_that_was_drawn():
    desk = reference(
        **{
            **DEMAND,
            "chips__land__area_km2": 1000,
            "parties__r__conditions": ["hand_back"],
        }
    )
    desk.w.business, desk.w.offer, desk.w.author = DATED, 0, 0
    desk.stage("appraise", "weigh", "demands")
    drawn = float(desk.w.offer_line)
    desk.w.answer[1], desk.w.answer_demands[1] = 3, 1
    desk.stage("conclude")
    desk.w.line += 400.0
    desk.w.step += 1
    desk.stage("timeline", "agenda")
    assert desk.w.offer_line == drawn
