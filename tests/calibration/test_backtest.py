"""The back-test: it sees no future, knows a good forecast, and moves as the engine."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim import load
from sim.analysis.calibration.area_fit import Regimes
from sim.analysis.calibration.backtest import backtest
from sim.analysis.calibration.baselines import Past, baselines
from sim.analysis.calibration.events import score_events
from sim.analysis.calibration.forecasts import ChipMethod, LineMethod
from sim.analysis.calibration.front_fit import LocalLevel
from sim.analysis.calibration.process import chip_paths, line_paths
from sim.analysis.calibration.report import run_trials
from sim.errors import UsageError
from sim.model.engine import simulate
from sim.model.parameters import build
from sim.scenario.observations import Record, Series, read_series

KURSK = "kursk-2025-03-13"
LULL = Regimes((0.03, 0.62), (0.05, 0.15), (0.03, 0.3), 0.0)
FIRST = 739_000


def made(areas, every=7):
    areas = np.array(areas, dtype=float)
    days = FIRST + every * np.arange(areas.size)
    return Series("made.csv", "midpoint_km2", days, areas, areas, areas)


def line_method():
    return LineMethod(LocalLevel(20.0, 0.0, 30.0), paths=400)


def test_later_observations_do_not_change_earlier_forecasts():
    seen = read_series("kursk_held").between(None, date(2024, 12, 20))
    other = Series(
        seen.name,
        seen.column,
        seen.day,
        np.where(seen.day > date(2024, 11, 15).toordinal(), 3.0, seen.area),
        seen.low,
        seen.high,
    )
    method = ChipMethod(None, 0.01, paths=100)
    quantiles = [
        {
            (row.method, row.origin, row.days): (row.q05, row.q50, row.q95)
            for row in backtest(
                table, {"fitted": method}, horizons=(7,), past_of=method.past_of
            ).forecasts.itertuples()
            if row.origin <= date(2024, 11, 8)
        }
        for table in (seen, other)
    ]
    assert len(quantiles[0]) > 20
    assert quantiles[0] == quantiles[1]


def test_forecasts_of_the_true_process_are_calibrated_and_beat_simple_ones():
    rng = np.random.default_rng(3)
    changes = 20.0 + 30.0 * rng.standard_normal(300)
    found = backtest(
        made(5000.0 + np.concatenate([[0.0], np.cumsum(changes)])),
        {"given": line_method()},
        horizons=(14, 30),
    )
    for score in found.scores:
        if score.method == "given":
            assert score.coverage["90"] == pytest.approx(0.9, abs=0.06)
            assert score.coverage["50"] == pytest.approx(0.5, abs=0.12)
            assert max(score.transform) < 0.3
    saved = {(each.rival, each.days): each for each in found.skills}
    assert saved["persistence", 30].low > 0.3
    assert saved["random_walk_28", 30].low > 0.0


def test_a_process_that_is_wrong_is_seen_to_be():
    seen = made(5000.0 - 20.0 * np.arange(60))
    found = backtest(seen, {"given": line_method()}, horizons=(30,))
    (score,) = (each for each in found.scores if each.method == "given")
    assert score.coverage["90"] == 0.0
    assert score.transform == [1.0, 0.0, 0.0, 0.0, 0.0]
    saved = {each.rival: each.skill for each in found.skills}
    assert saved["log_random_walk_28"] < -5.0


def test_paths_of_a_chip_spread_as_the_engine_spreads_them():
    loaded = load(KURSK, set={"chips.kursk.regime": "lull", "horizon_days": 30})
    params = build(loaded.scenario)
    params["offers"] = 0
    params["entries"] = 0
    worlds = simulate(params, seed=1, replicates=range(20_000))
    theirs = np.sort(worlds["chip"][:, 0] * 1078.0)
    ours = np.sort(
        chip_paths(
            LULL,
            np.full(20_000, 189.0),
            np.zeros(20_000, dtype=np.int64),
            [30],
            cap=1078.0,
            floor=10.78,
            rng=np.random.default_rng(1),
        )[0]
    )
    for share in (0.03, 0.1, 0.25, 0.5, 0.75, 0.95):
        place = int(20_000 * share)
        assert ours[place] == pytest.approx(theirs[place], rel=0.05, abs=4.0)


def test_paths_of_the_line_spread_as_the_engine_spreads_them():
    loaded = load(KURSK, set={"chips.kursk.drift_km2_per_week": 0, "horizon_days": 30})
    params = build(loaded.scenario)
    params["offers"] = 0
    params["entries"] = 0
    worlds = simulate(params, seed=1, replicates=range(20_000))
    front = loaded.scenario.front
    gained = line_paths(
        0.0,
        [7, 30],
        drift=np.full(20_000, front.drift_km2_per_week),
        volatility=front.volatility_km2_per_week,
        rng=np.random.default_rng(1),
    )
    moved = worlds["line"] - front.held_km2
    assert gained[1].std() == pytest.approx(moved.std(), rel=0.02)
    assert gained[1].mean() == pytest.approx(moved.mean(), abs=4.0)
    assert gained[0].std() == pytest.approx(front.volatility_km2_per_week, rel=0.02)


def test_a_wandering_drift_is_followed_and_its_error_is_in_the_forecast():
    """Gains of 40 a week turn into losses of 40: the old weeks no longer count."""
    rng = np.random.default_rng(4)
    turned = np.where(np.arange(160) < 100, 40.0, -40.0)
    changes = turned + 20.0 * rng.standard_normal(160)
    seen = made(9000.0 + np.concatenate([[0.0], np.cumsum(changes)]))
    method = LineMethod(paths=4000)
    week, quarter = method(seen, [7, 91], rng)
    assert np.median(week) - seen.area[-1] == pytest.approx(-40.0, abs=15.0)
    fit = method.fitted(seen)
    assert week.std() == pytest.approx(np.hypot(fit.volatility, fit.error), rel=0.05)
    alone = fit.volatility * np.sqrt(13)
    assert quarter.std() == pytest.approx(np.hypot(alone, 13 * fit.error), rel=0.05)


def test_rivals_say_what_their_names_say():
    seen = made([100.0, 80.0, 64.0, 51.2, 40.96])
    said = {
        name: rival(Past.before(seen, window), 7)
        for name, (rival, window) in baselines().items()
    }
    assert said["persistence"].tolist() == [40.96]
    assert said["constant_drift_28"][0] == pytest.approx(40.96 - 59.04 / 4)
    # Shrinking by a fifth a week without fail: the log walk is sure of the next.
    np.testing.assert_allclose(said["log_random_walk_28"], 32.768)
    assert np.median(said["random_walk_28"]) == pytest.approx(40.96, abs=0.2)
    assert said["random_walk_28"].std() == pytest.approx(15.6, abs=1.0)


def test_a_table_without_enough_past_is_refused():
    with pytest.raises(UsageError, match="no day from 2030-01-01"):
        run_trials(
            load(KURSK), [read_series("kursk_held")], first=date(2030, 1, 1), paths=100
        )


def test_later_data_can_be_scored_from_a_date_on():
    past = read_series("kursk_held")
    days = past.day[-1] + 1 + np.arange(40)
    areas = 180.0 * 0.97 ** np.arange(40.0)
    later = Series(
        past.name,
        past.column,
        np.concatenate([past.day, days]),
        np.concatenate([past.area, areas]),
        np.concatenate([past.low, areas]),
        np.concatenate([past.high, areas]),
    )
    found = run_trials(load(KURSK), [later], first=date(2025, 3, 13), paths=100)
    (test,) = found.tests
    assert test.origins[0] == date(2025, 3, 13)
    assert set(test.forecasts.days) == {7, 14, 30}


def test_events_are_scored_once_the_record_covers_them():
    loaded = load("kursk-2025-03-03")
    record = Record(
        "x",
        date(2025, 1, 1),
        date(2025, 3, 13),
        ((date(2025, 3, 11), "aid_resumed"),),
    )
    scores = {
        (each.event, each.days): each
        for each in score_events(loaded, record, days=(7, 8, 14), replicates=200)
    }
    assert scores["aid_resumed", 7].happened is False
    assert scores["aid_resumed", 8].happened is True
    assert scores["full_truce", 7].brier == 0.0
    assert scores["full_truce", 14].brier is None
    for each in scores.values():
        if each.brier is not None:
            assert each.brier == (each.happened - each.chance.estimate) ** 2
    with pytest.raises(UsageError, match="beyond the horizon"):
        score_events(loaded, record, days=(500,), replicates=10)


def test_whether_the_fighting_has_stopped_is_that_of_the_last_truce():
    events = (
        (date(2025, 2, 1), "full_truce"),
        (date(2025, 3, 1), "full_truce_ended"),
        (date(2025, 4, 1), "full_truce"),
    )
    record = Record("x", date(2025, 1, 1), date(2025, 4, 30), events)
    days = {(1, 31): False, (2, 1): True, (3, 1): False, (4, 1): True, (5, 1): None}
    for (month, day), stopped in days.items():
        assert record.stopped(date(2025, month, day)) is stopped


def test_sets_of_inputs_share_out_the_worlds_that_are_scored():
    loaded = load("kursk-2025-03-13")
    record = Record("x", date(2025, 1, 1), date(2025, 12, 31), ())
    path = "parties.russia.belief.drift_km2_per_week"
    sets = pd.DataFrame({path: [-36.0, -20.0], "weight": [0.75, 0.25]})
    found = score_events(loaded, record, days=(60,), replicates=400, sets={"two": sets})
    chances = {(s.inputs, s.event): s.chance.estimate for s in found}
    # of 200 draws 150 are as the scenario, so three quarters of the worlds are its own
    own, two = (chances[each, "full_truce"] for each in ("as_written", "two"))
    assert own < two < own + 0.3
    for each in found:
        assert each.brier == each.chance.estimate**2
        assert each.log_score == pytest.approx(
            -np.log(1.0 - (400 * each.chance.estimate + 0.5) / 401.0)
        )
