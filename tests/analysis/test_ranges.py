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
            "believed_reservation_value.ukraine": 0.3,
            "believed_reservation_value.russia": 0.6,
        }
    )
    table = range_of_run(story(steps, runs.events(), runs.FRONT))
    assert (table.believed_least == 0.3).all()
    assert table.believed_most.to_numpy() == pytest.approx(0.4)


def test_an_offer_is_held_against_the_range_of_the_morning():
    steps = runs.steps(10).assign(
        **{
            "reservation_value.ukraine": [0.3] * 5 + [0.5] * 6,
            "reservation_value.russia": 0.4,
        }
    )
    events = runs.events(10).iloc[[0, 0, 0]].assign(
        type="offer", day=[0, 5, 6], **{"terms.line_share": 0.4}
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
            "share": 0.4,
            "reservation_value.ukraine": [0.1, 0.1, 0.2, 0.9, 0.3, 0.3, 0.4, 0.5],
            "reservation_value.russia": 0.7,
        }
    )
    found = range_of_runs(limits, front_side="ukraine", other_side="russia")
    assert found.runs.tolist() == [4, 3]
    assert found.of.tolist() == [4, 4]
    assert found.least_q50.tolist() == pytest.approx([0.25, 0.3])
    assert found.most_q50.tolist() == pytest.approx([0.3, 0.3])
    # Limits that are equal up to rounding: .3 and 1 - .7 = .30000000000000004.
    assert found.deals.tolist() == [3, 2]
