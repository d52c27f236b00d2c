"""The bargaining range: of one run as its log has it, and over many."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.narrative.timeline import story
from sim.analysis.ranges import offers_in_range, range_of_run, range_of_runs
from tests.plots import runs


def told():
    return story(runs.steps(), runs.events(), runs.FRONT)


def test_a_run_has_its_range_day_by_day():
    table = range_of_run(told())
    assert table.least.tolist() == runs.steps()["reservation_value.ukraine"].tolist()
    assert table.deal.tolist() == (table.most >= table.least).tolist()
    assert table.believed_least.isna().all()


def test_what_a_side_believes_of_the_other_is_turned_like_its_limit():
    steps = runs.steps().assign(
        **{
            "believed_reservation_value.ukraine": 2400.0,
            "believed_reservation_value.russia": 4800.0,
        }
    )
    table = range_of_run(story(steps, runs.events(), runs.FRONT))
    assert (table.believed_least == 2400.0).all()
    assert table.believed_most.to_numpy() == pytest.approx(3200.0)


def test_an_offer_is_held_against_the_range_of_the_morning():
    steps = runs.steps(10).assign(
        **{
            "reservation_value.ukraine": [2400.0] * 5 + [4000.0] * 6,
            "reservation_value.russia": 3200.0,
        }
    )
    events = runs.events(10).iloc[[0, 0, 0]].assign(
        type="offer", day=[0, 5, 6], **{"terms.line_km2": 3200.0}
    )  # fmt: skip
    found = offers_in_range(story(steps, events, runs.FRONT))
    # The limit that rises in the evening of day 5 is that of day 6.
    assert found.inside.tolist() == [True, True, False]


def test_over_many_runs_only_those_still_fighting_count():
    limits = pd.DataFrame(
        {
            "replicate": np.repeat(np.arange(4), 2),
            "day": np.tile([0, 1], 4),
            "before_truce": [True, True, True, False, True, True, True, True],
            "held_km2": 3200.0,
            "reservation_value.ukraine": [800, 800, 1600, 7200, 2400, 2400, 3200, 4000],
            "reservation_value.russia": 5600.0,
        }
    )
    found = range_of_runs(limits, front=runs.FRONT, other_side="russia")
    assert found.runs.tolist() == [4, 3]
    assert found.of.tolist() == [4, 4]
    assert found.least_q50.tolist() == pytest.approx([2000, 2400])
    assert found.most_q50.tolist() == pytest.approx([2400, 2400])
    assert found.deals.tolist() == [3, 2]
