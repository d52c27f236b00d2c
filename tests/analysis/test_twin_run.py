"""A twin is the run of the changed scenario with the same luck, told where it parts."""

import pandas as pd
import pytest

import sim
from sim.analysis.decisions.paired_runs import twin_run

FLAGSHIP = "kursk-2025-03-13"


@pytest.mark.parametrize(
    ("change", "day"),
    [
        ({"aid.level": 0.5}, 0),
        ({"parties.russia.belief.drift_km2_per_week": -36.001}, None),
    ],
)
def test_a_twin_is_the_run_of_the_changed_scenario(change, day):
    short = {"horizon_days": 20}
    base = sim.load(FLAGSHIP, set=short)
    twin = twin_run(base, change, 1, 3)
    whole = sim.run(sim.load(FLAGSHIP, set={**short, **change}), 1, 3)
    pd.testing.assert_frame_equal(twin.steps, whole.steps)
    pd.testing.assert_frame_equal(
        twin.events.drop(columns="short"), whole.events, check_like=True
    )
    assert twin.change.startswith(f"{next(iter(change))} ")
    assert twin.day == day
    assert twin.words(("this run", "the twin")).startswith(
        "Because of the change itself"
    )


def test_a_change_that_changes_nothing_is_told_as_such():
    base = sim.load(FLAGSHIP, set={"horizon_days": 20})
    twin = twin_run(base, {"horizon_days": 20}, 1, 0)
    assert (twin.day, twin.change) == (None, "nothing changed")
    many = twin_run(
        base, {"aid.level": 0.9, "aid.lag_weeks": 1, "horizon_days": 10}, 1, 0
    )
    assert many.change == "3 values changed"
