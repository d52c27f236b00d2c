"""Dated events, and aid: what a pause does, how it ends, how its effect lags."""

import math

import numpy as np
import pytest

from sim.model.state import ACCEPT, DATED, NOBODY, NOTHING, PATRON, SILENT
from tests.stages.worlds import REFERENCE, reference

LULL_AND_COLLAPSE = {
    "collapse": {"loss_per_week": 0.6},
    "lull": {"loss_per_week": 0.03},
}

EVENTS = [
    {"date": "2025-03-27", "aid_level": 0},
    {"date": "2025-03-20", "regime": {"land": "collapse"}},
    {"date": "2025-03-27", "audience_cost_km2": {"r": 240}},
    {"date": "2025-03-20", "offer": "peace", "by": "w"},
]


@pytest.fixture
def desk():
    return reference(
        timeline=EVENTS,
        chips__land__regimes=LULL_AND_COLLAPSE,
        chips__land__regime="lull",
    )


def on_step(desk, step):
    desk.w.step = step
    desk.stage("timeline")


def test_nothing_happens_before_its_date(desk):
    on_step(desk, 0)
    assert desk.w.business == NOTHING
    assert desk.w.offer == NOBODY
    assert desk.w.aid == 1.0
    assert desk.w.regime[0] == 1


def test_entries_of_a_date_happen_on_it_whatever_their_order_in_the_file(desk):
    on_step(desk, 1)
    assert (desk.w.business, desk.w.offer, desk.w.author) == (DATED, 0, PATRON)
    assert desk.w.regime[0] == 0
    assert (desk.w.aid, desk.w.audience_cost[1]) == (1.0, 0.0)
    desk.stage("agenda", "appraise")
    assert desk.w.offer_line == 3200.0
    on_step(desk, 2)
    assert (desk.w.aid, desk.w.audience_cost[1]) == (0.0, 240.0)


def test_a_day_starts_with_an_empty_table_and_no_event_comes_twice(desk):
    on_step(desk, 1)
    desk.w.answer[0], desk.w.answer_demands[0] = ACCEPT, 3
    desk.w.demands, desk.w.demanded_by = 3, 1
    desk.w.regime[0] = 1
    on_step(desk, 2)
    assert (desk.w.business, desk.w.offer) == (NOTHING, NOBODY)
    assert (desk.w.demands, desk.w.demanded_by) == (0, NOBODY)
    assert list(desk.w.answer) == [SILENT, SILENT]
    assert desk.w.answer_demands[0] == 0
    assert desk.w.regime[0] == 1


def test_an_event_between_two_steps_comes_with_the_next():
    desk = reference(timeline=[{"date": "2025-03-15", "aid_level": 0}])
    on_step(desk, 0)
    assert desk.w.aid == 1.0
    on_step(desk, 1)
    assert desk.w.aid == 0.0


def test_without_a_lag_aid_is_felt_at_once():
    desk = reference()
    desk.w.aid = 0.25
    desk.stage("aid")
    assert desk.w.aid_felt == 0.25


def test_the_effect_of_a_pause_comes_with_a_lag():
    """After t weeks of a pause exp(-t/lag) of the effect of aid is left."""
    weekly = reference(aid__lag_weeks=3)
    daily = reference(aid__lag_weeks=3, step_days=1)
    for desk, steps in ((weekly, 4), (daily, 28)):
        desk.w.aid = 0.0
        for _ in range(steps):
            desk.stage("aid")
        assert desk.w.aid_felt == pytest.approx(math.exp(-4 / 3), rel=1e-12)
    assert weekly.w.aid == 0.0


def test_a_lag_too_short_for_a_number_is_none():
    desk = reference(aid__lag_weeks=2.2e-313)  # y / lag is infinite
    desk.w.aid = 0.25
    desk.stage("aid")
    assert desk.w.aid_felt == 0.25


def test_a_pause_without_a_hazard_never_ends_by_chance():
    desk = reference(aid__level=0)
    for step in range(50):
        desk.w.step = step
        desk.stage("aid")
    assert desk.w.aid == 0.0


def test_a_pause_that_must_end_ends_at_the_long_run_level():
    desk = reference(aid__level=0, aid__revert_per_week=1, aid__long_run_level=0.8)
    desk.stage("aid")
    assert (desk.w.aid, desk.w.aid_felt) == (0.8, 0.8)


def test_without_a_patron_there_is_no_aid_to_pause():
    parties = {name: REFERENCE["parties"][name] for name in ("u", "r")}
    desk = reference(parties=parties, aid__level=0, aid__revert_per_week=1)
    before = desk.w.aid
    desk.stage("aid")
    assert desk.w.aid == before


@pytest.mark.slow
def test_pauses_end_as_often_as_their_hazard_says():
    desk = reference(aid__level=0, aid__revert_per_week=0.3)
    trials, ended = 4000, 0
    for replicate in range(trials):
        desk.begin(seed=5, replicate=replicate)
        desk.stage("aid")
        ended += desk.w.aid == 1.0
    error = math.sqrt(0.3 * 0.7 / trials)
    assert abs(ended / trials - 0.3) < 4 * error
    assert np.isclose(desk.p.aid_revert, 0.3)
