"""A cell day by day: the days of the chronicle, counted and put in order."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.api.sweep import carry_out
from sim.batch import limits
from sim.batch.limits import check_fits, needs
from sim.batch.manifest import command_of
from sim.batch.policy_worlds import policy_worlds
from sim.batch.timeseries import (
    DOTS,
    LEVELS,
    MOST_ROWS,
    depth,
    quantiles,
    runs_of_series,
    series_bytes,
)
from sim.errors import UsageError
from sim.model.parameters import build
from sim.model.policies import BestResponse
from tests.batch.small import AREA, plan

RUNS, STEPS = 12, 40
# Truces soon, some of them broken or settled, and the line soon at an end.
LIVELY = {
    "horizon_days": STEPS,
    "front.volatility_km2_per_week": 1100.0,
    "truce.settlement_per_week": 0.5,
    "truce.breakdown_per_week": 0.5,
    "parties.russia.belief.drift_km2_per_week": -75.0,
    "parties.russia.cost_of_war_km2": 2600.0,
}


def lively(**changes):
    changed = {"replicates": 2 * RUNS, "series": RUNS, "vary": {AREA: [400]}, **changes}
    return plan(set=LIVELY, **changed)


@pytest.fixture(scope="module")
def found():
    return carry_out(lively(), None)


@pytest.fixture(scope="module")
def days():
    """The days of the same runs, agent by agent."""
    loaded = lively().scenario(0)
    return [sim.run(loaded, replicate=replicate).days for replicate in range(RUNS)]


def staying(days, key):
    """One quantity, shape (runs, days); what it was at the end of a run stays."""
    return np.array(
        [[key(run[min(i, len(run) - 1)]) for i in range(STEPS + 1)] for run in days]
    )


def fan_of(days):
    phases = staying(days, lambda day: day["phase"])
    agreed = np.maximum.accumulate(np.isin(phases, ["truce", "settled"]), axis=1)
    return (phases == "war") & ~agreed


def test_the_runs_are_those_of_the_chronicle_day_by_day(found, days):
    phases = staying(days, lambda day: day["phase"])
    names = {"war": "fighting", "truce": "in_truce"}
    names |= {"settled": "settled", "defeat": "defeated"}
    assert set(np.unique(phases)) == set(names)  # it is lively
    table = found.series
    assert list(table["day"]) == list(range(-1, STEPS))
    assert list(table["date"]) == [
        max(days, key=len)[i]["date"] for i in range(STEPS + 1)
    ]
    for phase, name in names.items():
        np.testing.assert_array_equal(table[name], (phases == phase).sum(axis=0))
    np.testing.assert_array_equal(table["before_truce"], fan_of(days).sum(axis=0))
    assert set(table["runs"]) == {RUNS} == {found.manifest["series"]}


@pytest.mark.parametrize("which", ["", "_before_truce"])
@pytest.mark.parametrize(
    "name", ["held_km2", "chips_km2.kursk", "reservation_value.russia"]
)
def test_quantiles_are_of_the_values_of_the_chronicle(found, days, name, which):
    first, _, last = name.partition(".")
    values = staying(days, lambda day: day[first][last] if last else day[first])
    if first == "reservation_value":
        for run, line in zip(days, values, strict=True):
            line[len(run) :] = np.nan
    if which:
        values = np.where(fan_of(days), values, np.nan)
    for i, row in found.series.iterrows():
        there = values[~np.isnan(values[:, i]), i]
        for level in LEVELS:
            expected = np.quantile(there, level / 100) if there.size else np.nan
            got = row[f"{name}{which}_q{level:02}"]
            assert got == pytest.approx(expected, rel=1e-14, abs=1e-14, nan_ok=True)


def test_dots_of_the_last_day_stand_for_as_many_runs_each(found, days):
    fan = fan_of(days)[:, -1]
    areas = staying(days, lambda day: day["chips_km2"]["kursk"])[fan, -1]
    dots = found.series["chips_km2.kursk_before_truce_dots"]
    assert dots.iloc[:-1].isna().all()
    expected = np.quantile(areas, (np.arange(DOTS) + 0.5) / DOTS)
    np.testing.assert_allclose(dots.iloc[-1], expected, rtol=1e-14)


def test_single_runs_are_some_of_these_runs_to_their_end(found, days):
    runs = found.series_runs
    fan = fan_of(days)
    assert runs["replicate"].nunique() == 5
    depths = runs.groupby("replicate", sort=False)["depth"].first()
    assert depths.is_monotonic_decreasing
    for replicate, run in runs.groupby("replicate"):
        told = days[replicate]
        assert list(run["day"]) == [day["day"] for day in told]
        assert list(run["phase"]) == [day["phase"] for day in told]
        assert list(run["before_truce"]) == list(fan[replicate, : len(told)])
        assert list(run["held_km2"]) == [day["held_km2"] for day in told]
        for party in ("russia", "ukraine"):
            own = [day["reservation_value"][party] for day in told]
            assert list(run[f"reservation_value.{party}"]) == own


def test_policies_of_ones_own_have_series_too(found):
    policies = policy_worlds({"russia": BestResponse()}, ["russia"])
    mesa = carry_out(lively(policies=policies), None)
    for name in ("series", "series_runs"):
        pd.testing.assert_frame_equal(
            getattr(mesa, name), getattr(found, name), check_exact=True
        )


def test_a_step_of_a_week_has_a_row_a_week():
    weekly = plan(set={"horizon_days": 28, "step_days": 7}, vary={AREA: [400]})
    assert list(carry_out(weekly, None).series["day"]) == [-7, 0, 7, 14, 21]


def test_series_are_for_the_asking_and_left_out_where_they_would_be_long(tmp_path):
    assert runs_of_series(None, replicates=1000, rows=MOST_ROWS) == 400
    assert runs_of_series(None, replicates=1000, rows=MOST_ROWS + 1) == 0
    assert runs_of_series(1000, replicates=700, rows=MOST_ROWS + 1) == 700
    done = carry_out(plan(series=0), tmp_path)
    assert sorted(done.manifest["files"]) == ["cells.parquet"]
    assert "--series 0 " in done.manifest["command"]
    assert "--series" not in command_of(plan())
    with pytest.raises(UsageError, match=r"run without recording.*--series 400"):
        _ = done.series
    with pytest.raises(UsageError, match="--series must be at least 0, not -1"):
        plan(series=-1)


def test_series_that_do_not_fit_are_refused_with_their_size(monkeypatch):
    a_plan = lively(vary={AREA: [0, 400]})
    assert a_plan.rows == 2 * (STEPS + 1)
    found = carry_out(a_plan, None)
    exact = sum(8 * table.size for table in (found.series, found.series_runs))
    assert exact / 1.1 < series_bytes(a_plan.rows, 1) < 1.3 * exact
    with_none = needs(lively(vary={AREA: [0, 400]}, series=0))
    more = needs(a_plan).disk_bytes - with_none.disk_bytes
    assert more == series_bytes(a_plan.rows, 1)
    monkeypatch.setattr(limits, "_memory", lambda: 100_000)
    with pytest.raises(
        UsageError, match=r"series of 82 rows need .*leave out --series"
    ):
        check_fits(a_plan, None)


def test_looking_at_the_days_changes_no_world():
    from sim.model.engine import simulate
    from sim.model.trajectories import watch

    params = build(lively().scenario(0).scenario)
    seen = watch(params, seed=1, replicates=range(3, 3 + RUNS))
    worlds = simulate(params, seed=1, replicates=range(3, 3 + RUNS))
    np.testing.assert_array_equal(seen.last, worlds["step"])
    at = np.arange(RUNS), seen.last
    np.testing.assert_array_equal(seen.phases[at], worlds["phase"])
    np.testing.assert_array_equal(seen.values[*at, 0], worlds["line"])


numbers = st.floats(-10.0, 10.0).map(lambda x: round(x, 1)) | st.just(float("nan"))


@given(st.lists(st.lists(numbers, min_size=2, max_size=2), min_size=1, max_size=9))
def test_quantiles_leave_out_what_is_not_there(rows):
    values = np.array(rows)
    found = quantiles(values, np.array(LEVELS) / 100)
    for day in range(2):
        there = values[~np.isnan(values[:, day]), day]
        expected = (
            np.quantile(there, np.array(LEVELS) / 100)
            if there.size
            else np.full(len(LEVELS), np.nan)
        )
        np.testing.assert_allclose(found[:, day], expected, rtol=1e-13, atol=1e-13)


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2))
def test_depth_is_the_share_of_bands_of_two_runs_that_hold_a_run(rows):
    values = np.array(rows[:7], dtype=float)
    pairs = list(combinations(values, 2))
    for run, found in zip(values, depth(values), strict=True):
        held = [
            np.mean((np.minimum(a, b) <= run) & (run <= np.maximum(a, b)))
            for a, b in pairs
        ]
        assert found == pytest.approx(np.mean(held))
