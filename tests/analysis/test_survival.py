"""Time to an event: published and exact values, and what censoring may not do."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from sim.analysis.survival import (
    collapse_times,
    cumulative_incidence,
    fighting_times,
    kaplan_meier,
    median_day,
    still_at_risk,
)

# Freireich et al. (1963), weeks of remission with 6-MP; 1 = relapse, 0 = censored.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSE = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]

times = st.lists(st.integers(0, 9), min_size=2, max_size=40)


def freireich():
    return pd.DataFrame({"time": np.float64(WEEKS), "seen": np.bool_(RELAPSE)})


def test_the_remission_times_of_freireich_have_their_published_curve():
    curve = kaplan_meier(freireich()).set_index("day")
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538}
    for week, share in published.items():
        assert curve.surviving[week] == pytest.approx(share, abs=5e-4)
    # As R's survfit with conf.type = "log-log" prints it.
    assert curve.loc[6, ["low", "high"]].tolist() == pytest.approx(
        [0.620, 0.952], abs=5e-4
    )
    assert curve.loc[23, ["surviving", "low", "high"]].tolist() == pytest.approx(
        [0.448, 0.188, 0.680], abs=5e-4
    )
    assert curve.at_risk[[6, 7, 10, 23]].tolist() == [21, 17, 15, 6]


def test_the_median_is_the_first_day_at_one_half_and_else_not_there():
    assert median_day(kaplan_meier(freireich())) == 23
    never = pd.DataFrame({"time": [5.0, 9.0, 9.0], "seen": [True, False, False]})
    assert np.isnan(median_day(kaplan_meier(never)))


@given(times)
def test_without_censoring_the_curve_is_the_share_of_runs_still_going(days):
    table = pd.DataFrame({"time": np.float64(days), "seen": True})
    curve = kaplan_meier(table)
    for row in curve.itertuples():
        assert row.surviving == pytest.approx(np.mean(np.array(days) > row.day))
        assert 0.0 <= row.low <= row.surviving <= row.high <= 1.0


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=40))
def test_the_curve_and_its_band_are_those_of_scipy(days):
    table = pd.DataFrame(days, columns=["time", "seen"]).astype({"time": float})
    time, seen = table.time.to_numpy(), table.seen.to_numpy()
    theirs = ecdf(CensoredData(time[seen], right=time[~seen])).sf
    with np.errstate(divide="ignore", invalid="ignore"):
        band = theirs.confidence_interval(method="log-log")
    curve = kaplan_meier(table)
    share = theirs.evaluate(curve.day)
    assert curve.surviving.to_numpy() == pytest.approx(share, abs=1e-15)
    for ours, bound in ((curve.low, band.low), (curve.high, band.high)):
        # Theirs is not there where ours has no width.
        other = bound.evaluate(curve.day)
        other = np.where(np.isnan(other), share, other)
        assert ours.to_numpy() == pytest.approx(other, abs=1e-12)


@given(times, st.integers(1, 9))
def test_numbers_at_risk_are_those_of_the_curve(days, horizon):
    runs = pd.DataFrame({"first_full_truce_day": np.float64(days)})
    runs.loc[runs.first_full_truce_day > 6, "first_full_truce_day"] = np.nan
    table = fighting_times(runs, horizon)
    curve = kaplan_meier(table)
    at_risk = still_at_risk(table, curve.day).at_risk
    assert at_risk.tolist() == curve.at_risk.tolist()
    assert curve.events.sum() + curve.censored.sum() == len(days)


def test_a_run_that_still_fights_is_censored_and_a_defeat_stops_the_fighting():
    runs = pd.DataFrame(
        {
            "first_full_truce_day": [3.0, np.nan, np.nan],
            "defeat_day": [np.nan, 7.0, np.nan],
        }
    )
    table = fighting_times(runs, 10)
    assert table.time.tolist() == [3.0, 7.0, 10.0]
    assert table.seen.tolist() == [True, True, False]


def test_without_censoring_incidence_is_a_share_with_the_variance_of_one():
    cause = ["collapse"] * 30 + ["settlement"] * 20 + ["defeat"] * 50
    table = pd.DataFrame({"time": np.arange(100.0), "cause": cause})
    found = cumulative_incidence(table, "collapse")
    last = found.iloc[-1]
    assert last.incidence == pytest.approx(0.3)
    # Both ends of the band give back the binomial variance on the scale of log(-log).
    spread = 1.959964 * np.sqrt(0.3 * 0.7 / 100) / (0.3 * -np.log(0.3))
    ends = 0.3 ** np.exp([spread, -spread])
    assert [last.low, last.high] == pytest.approx(ends, rel=1e-6)


def test_other_causes_do_not_inflate_the_chance_as_censoring_them_would():
    cause = ["settlement", "collapse"] * 20
    table = pd.DataFrame({"time": np.arange(40.0), "cause": cause})
    found = cumulative_incidence(table, "collapse").incidence.iloc[-1]
    wrong = kaplan_meier(
        pd.DataFrame({"time": table.time, "seen": table.cause == "collapse"})
    )
    assert found == pytest.approx(0.5)
    assert 1 - wrong.surviving.iloc[-1] == pytest.approx(1.0)


def test_a_settlement_or_a_defeat_ends_the_time_in_which_a_truce_can_collapse():
    runs = pd.DataFrame(
        {
            "first_collapse_day": [5.0, np.nan, np.nan, np.nan],
            "settled_day": [9.0, 4.0, np.nan, np.nan],
            "defeat_day": [np.nan, np.nan, 6.0, np.nan],
        }
    )
    table = collapse_times(runs, 10)
    assert table.cause.tolist() == ["collapse", "settlement", "defeat", ""]
    assert table.time.tolist() == [5.0, 4.0, 6.0, 10.0]
