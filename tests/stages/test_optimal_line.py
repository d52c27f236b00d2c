"""The line that an author draws for itself: T45, and properties."""

import numpy as np
import pytest

from sim.model.formulas.acceptance import believed_acceptance
from sim.model.formulas.offers import best_demand
from sim.model.state import DATED, PATRON, ROUND
from tests.stages.worlds import reference

# Section 7 of the reference values, T45: an interval hides the cost of r.
T45 = {
    "chips__land__area_km2": 0,
    "parties__u__belief": {"win_probability": 0.47},
    "parties__r__belief": {"win_probability": 0.47},
    "parties__r__cost_of_war": {"value": 0.09, "private": [0.02, 0.16]},
    "truce__breakdown_per_week": 0,
    "negotiation__proposer_weights": {"u": 1, "r": 0, "w": 0},
    "negotiation__offers__peace__line": "optimal",
}


def proposed(author=0, **changes):
    desk = reference(**{**T45, **changes})
    desk.w.business, desk.w.author = ROUND, author
    desk.stage("appraise", "propose")
    return desk


def test_the_demand_is_the_published_one():  # T45
    desk = proposed()
    assert desk.w.offer == 0
    assert desk.w.offer_line / 20.0 == pytest.approx(0.3639775007, abs=2e-8)
    exact = best_demand(desk.t.war[1], desk.t.fighting[1], 0.02, 0.16, desk.wars()[0])
    assert desk.w.offer_line / 20.0 == pytest.approx(exact, abs=2e-8)


def test_the_other_side_refuses_the_demand_one_time_in_fourteen():  # T45
    desk = proposed()
    chance = believed_acceptance(
        desk.t.gain[1, 0], desk.t.gain_slope[1, 0], 0.02, 0.16, 0.0
    )
    assert 1.0 - chance == pytest.approx(0.07142857143, abs=1e-5)


def test_no_line_beside_it_is_worth_more_to_its_author():
    desk = proposed(parties__r__decision_noise=0.01, truce__breakdown_per_week=0.1)
    line = float(desk.w.offer_line)

    def worth(at):
        desk.p.line_kind[0], desk.p.line_share[0] = 1, at / 20.0
        desk.w.business, desk.w.author = ROUND, 0
        desk.stage("appraise")
        own = desk.t.gain[0, 0] + desk.t.gain_slope[0, 0] * desk.w.cost[0]
        return own * believed_acceptance(
            desk.t.gain[1, 0], desk.t.gain_slope[1, 0], 0.02, 0.16, 0.01
        )

    best = worth(line)
    assert best > 0.0
    for other in np.linspace(0.0, 20.0, 401):
        assert worth(other) <= best * (1.0 + 1e-12)


def test_the_other_side_draws_it_the_other_way():
    line = proposed(author=0).w.offer_line
    changes = {
        "negotiation__proposer_weights": {"u": 0, "r": 1, "w": 0},
        "parties__u__cost_of_war": {"value": 0.09, "private": [0.02, 0.16]},
    }
    assert proposed(author=1, **changes).w.offer_line < line


def test_where_no_line_serves_both_none_is_proposed():
    desk = proposed(
        parties__u__belief={"win_probability": 0.7},
        parties__r__belief={"win_probability": 0.2},
        parties__r__cost_of_war=0.02,
    )
    assert desk.w.offer == -1


def test_a_room_for_deals_narrower_than_the_lines_tried_is_found():
    """All is known and nobody errs: the line is the most that the other concedes."""
    desk = proposed(
        parties__u__belief={"win_probability": 0.49},
        parties__r__belief={"win_probability": 0.44},
        parties__u__cost_of_war=0.05,
        parties__r__cost_of_war=0.07,
    )
    own, other = desk.wars()
    room = 1.0 - other - own
    assert 0.0 < room < 1.0 / 64
    assert desk.w.offer == 0
    assert desk.w.offer_line / 20.0 == pytest.approx(1.0 - other, abs=1e-9)


def test_a_dated_offer_gets_its_line_on_its_day():
    desk = reference(**T45)
    desk.w.business, desk.w.offer, desk.w.author = DATED, 0, 0
    desk.stage("appraise")
    assert desk.w.offer_line / 20.0 == pytest.approx(0.3639775007, abs=2e-8)


def test_a_patron_draws_the_line_that_both_most_likely_accept_at_its_gain():
    changes = {
        "negotiation__proposer_weights": {"w": 1},
        "parties__u__decision_noise": 0.005,
        "parties__r__decision_noise": 0.005,
    }
    desk = proposed(author=PATRON, **changes)
    assert desk.w.offer == 0
    own = desk.t.gain[:, 0] + desk.t.gain_slope[:, 0] * desk.w.cost
    assert (own > 0.0).all()


def test_the_counter_offer_keeps_the_line_that_was_drawn():
    desk = reference(
        **{
            **T45,
            "chips__land__area_km2": 1000,
            "parties__r__conditions": ["hand_back"],
        }
    )
    desk.w.business, desk.w.offer, desk.w.author = DATED, 0, 0
    desk.stage("appraise", "weigh", "demands")
    drawn = float(desk.w.offer_line)
    desk.w.answer[1], desk.w.answer_demands[1] = 3, 1
    desk.stage("conclude")
    desk.w.line += 1.0
    desk.w.step += 1
    desk.stage("timeline", "agenda")
    assert desk.w.offer_line == drawn
