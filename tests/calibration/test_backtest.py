"""The back-test: it sees no future, knows a good forecast, and moves as the engine."""

from datetime import date

import numpy as np
import pytest

from sim import load
from sim.analysis.calibration.area_fit import Regimes
from sim.analysis.calibration.backtest import backtest
from sim.analysis.calibration.baselines import Past, baselines
from sim.analysis.calibration.events import score_events
from sim.analysis.calibration.forecasts import Battles, ChipMethod, LineMethod
from sim.analysis.calibration.process import chip_paths, line_paths
from sim.analysis.calibration.report import run_trials
from sim.errors import UsageError
from sim.scenario.observations import Record, Series, read_series

KURSK = "kursk-2025-03-13"
LULL = Regimes((0.03, 0.62), (0.05, 0.15), (0.03, 0.3), 0.0)
FIRST = 739_000


def made(areas, every=7):
    areas = np.array(areas, dtype=float)
    days = FIRST + every * np.arange(areas.size)
    return Series("made.csv", "midpoint_km2", days, areas, areas, areas)


def line_method():
    return LineMethod(400.0, given=Battles(12.0, 6.0, 0.35), paths=400)


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
    days = list(range(7, 7 * 301, 7))
    truth = {"step_km2": 12.0, "battles_per_week": 6.0, "win_probability": 0.35}
    path = line_paths(5000.0, days, paths=1, rng=rng, **truth)
    found = backtest(
        made([5000.0, *path[:, 0]]), {"given": line_method()}, horizons=(14, 30)
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
    from sim.model.engine import simulate
    from sim.model.parameters import build

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
    stake = load(KURSK).scenario.front
    gains = line_paths(
        0.0,
        [30],
        step_km2=stake.step_km2,
        battles_per_week=stake.battles_per_week,
        win_probability=stake.win_probability,
        paths=20_000,
        rng=np.random.default_rng(1),
    )[0]
    moved = (stake.line - worlds["line"]) * stake.step_km2
    assert gains.std() == pytest.approx(moved.std(), rel=0.06)
    # Aid and land held help a little: at the norm they add to the log-odds.
    assert gains.mean() == pytest.approx(moved.mean(), abs=40.0)


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
