"""Many runs day by day are the runs that `sim.run` tells one by one."""

import numpy as np
import pytest

from sim import load, run
from sim.batch.ensemble import Ensemble

SCENARIO = load("kursk-2025-03-13", set={"horizon_days": 40})
# All truces are full ones, and some are settled.
SETTLING = load("swap-offered", set={"negotiation.offers.energy_truce": None})


@pytest.fixture(scope="module")
def ensemble():
    return Ensemble(SCENARIO, seed=3, replicates=range(4, 74), range_runs=70)


def test_a_run_of_many_is_the_run_told_alone(ensemble):
    for replicate in (4, 70):
        alone = run(SCENARIO, seed=3, replicate=replicate)
        days = ensemble.days[ensemble.days.replicate == replicate]
        for name in ("day", "phase", "held_km2", "aid", "chips_km2.kursk"):
            assert days[name].tolist() == alone.steps[name].tolist()
        limits = ensemble.limits[ensemble.limits.replicate == replicate]
        for party in SCENARIO.scenario.sides:
            name = f"reservation_value.{party}"
            assert limits[name].tolist() == alone.steps[name].tolist()
        row = ensemble.runs.set_index("replicate").loc[replicate]
        assert row["end"] == alone.outcome["end"]
        for name in ("first_full_truce_day", "fighting_stopped_day"):
            assert row[name] == alone.outcome[name] or (
                np.isnan(row[name]) and alone.outcome[name] is None
            )


def test_moments_are_the_days_on_which_the_phase_changes():
    many = Ensemble(SETTLING, seed=1, replicates=range(200))
    runs, days = many.runs.set_index("replicate"), many.days
    for name, phase in (("settled_day", "settled"), ("defeat_day", "defeat")):
        first = days[days.phase == phase].groupby("replicate").day.min()
        assert runs[name].dropna().astype(int).to_dict() == first.to_dict()
    broken = runs[runs.truces_broken > 0]
    assert len(broken)
    assert broken.first_collapse_day.notna().all()
    assert runs.first_collapse_day.notna().sum() == len(broken)
    calm = runs.end.isin(["truce", "settled"])
    assert (runs.terms.notna() == calm).all()
    assert many.horizon == 180


def test_a_partial_truce_that_breaks_is_no_collapse():
    runs = Ensemble(load("swap-offered"), seed=1, replicates=range(100)).runs
    partial = runs[runs.first_full_truce_day.isna() & (runs.truces_broken > 0)]
    assert len(partial)
    assert partial.first_collapse_day.isna().all()


def test_a_run_that_has_ended_stays_as_it_was():
    many = Ensemble(SETTLING, seed=1, replicates=range(100))
    ended = many.runs[many.runs.settled_day.notna()].iloc[0]
    days = many.days[many.days.replicate == ended.replicate]
    after = days[days.day >= ended.settled_day]
    assert len(after) > 1
    assert after.held_km2.nunique() == 1
    assert after.held_km2.iloc[-1] == ended.held_km2


def test_a_run_leaves_for_good_when_a_full_truce_has_come():
    many = Ensemble(SETTLING, seed=1, replicates=range(100))
    runs, days = many.runs, many.days
    last = days[days.before_truce].groupby("replicate").day.max()
    broke = runs[runs.truces_broken > 0]
    assert len(broke)
    assert (last[broke.replicate] < broke.first_full_truce_day.to_numpy()).all()
