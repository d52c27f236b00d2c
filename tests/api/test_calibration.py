"""Calibrate and back-test from Python: what a notebook cell holds on to."""

import dataclasses
import json

import pytest

import sim
from sim.cli import exit_code
from sim.errors import InputMissingError, UsageError

FLAGSHIP = "kursk-2025-03-13"
LATE = {"first": "2025-02-05", "days": (7, 14), "paths": 100}


@pytest.fixture(scope="module")
def fitted():
    return sim.calibrate(FLAGSHIP, "kursk_held", "russian_held_ukraine")


@pytest.fixture(scope="module")
def tested():
    return sim.backtest(FLAGSHIP, "kursk_held", events="events", **LATE)


def test_a_calibration_is_that_of_the_command(fitted, capsys):
    words = ["calibrate", FLAGSHIP, "--observed", "kursk_held"]
    words += ["--observed", "russian_held_ukraine", "--json", "--quiet"]
    assert exit_code(words) == 0
    printed = json.loads(capsys.readouterr().out)
    told = json.loads(json.dumps(fitted.to_dict())) | {"command": printed["command"]}
    assert told == printed
    table = fitted.table.set_index("path")
    assert list(table.index) == list(printed["values"])
    loss = table.loc["chips.kursk.regimes.lull.loss_per_week"]
    assert loss.low < loss.value < loss.high
    drift = table.loc["front.drift_km2_per_week"]
    assert drift.low < drift.value < drift.high < 0.0


def test_what_was_fitted_is_kept_as_a_scenario_that_runs(fitted, tmp_path):
    kept = fitted.write_scenario(tmp_path / "fitted.yaml")
    assert kept.scenario.id == f"{FLAGSHIP}-calibrated"
    assert kept.hash == sim.load(tmp_path / "fitted.yaml").hash
    again = sim.load(
        FLAGSHIP, set={each.path: each.value for each in fitted.fits.values}
    )
    assert (kept.scenario.front, kept.scenario.chips) == (
        again.scenario.front,
        again.scenario.chips,
    )
    assert sim.run(kept).outcome["end"]


def test_what_was_set_would_be_lost_in_a_file_and_is_refused(fitted, tmp_path):
    changed = sim.load(FLAGSHIP, set={"aid.level": 0.5})
    found = dataclasses.replace(fitted.fits, loaded=changed)
    with pytest.raises(UsageError, match="does not keep what was set"):
        found.save(tmp_path / "fitted.yaml")
    assert not (tmp_path / "fitted.yaml").exists()


def test_a_back_test_is_that_of_the_command(tested, capsys):
    words = ["backtest", FLAGSHIP, "--observed", "kursk_held", "--events", "events"]
    words += ["--from", "2025-02-05", "--days", "7,14", "--paths", "100"]
    assert exit_code([*words, "--json", "--quiet"]) == 0
    printed = json.loads(capsys.readouterr().out)
    told = json.loads(json.dumps(tested.to_dict())) | {"command": printed["command"]}
    assert told == printed


def test_tables_have_a_row_for_each_score_skill_forecast_and_chance(tested):
    [test] = tested.found.tests
    assert len(tested.scores) == len(test.scores)
    assert len(tested.skills) == len(test.skills)
    assert len(tested.forecasts) == len(test.forecasts)
    assert len(tested.chances) == len(tested.found.events)


def test_both_are_kept_and_opened_again(fitted, tested, tmp_path):
    fitted.save(tmp_path / "fit")
    tested.save(tmp_path / "test")
    table = sim.open_result(tmp_path / "fit").table
    assert table.value.tolist() == fitted.table.value.tolist()
    again = sim.open_result(tmp_path / "test")
    assert again.to_dict() == json.loads(json.dumps(tested.to_dict()))
    assert len(again.forecasts) == len(tested.forecasts)


def test_the_means_of_the_forecasts_are_the_scores(tested):
    means = tested.forecasts.groupby(["method", "days"]).crps_km2.mean()
    for row in tested.scores.itertuples():
        assert row.crps_km2 == pytest.approx(means[row.method, row.days])


def test_events_alone_leave_the_tables_of_areas_empty():
    found = sim.backtest(FLAGSHIP, events="events", days=[7], paths=100)
    assert len(found.chances)
    assert not len(found.scores) + len(found.skills) + len(found.forecasts)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: sim.calibrate(FLAGSHIP), UsageError, "a table of observed areas"),
        (lambda: sim.calibrate(FLAGSHIP, "none.csv"), InputMissingError, "no such"),
        (
            lambda: sim.calibrate(FLAGSHIP, "kursk_held", last="soon"),
            UsageError,
            "--until is a day such as 2025-02-28, not .soon",
        ),
        (lambda: sim.backtest(FLAGSHIP, "kursk_held", days=[]), UsageError, "rising"),
        (
            lambda: sim.backtest(FLAGSHIP, "kursk_held", days=[14, 7]),
            UsageError,
            "rising",
        ),
        (
            lambda: sim.backtest(FLAGSHIP, "kursk_held", paths=5),
            UsageError,
            "--paths must be at least 100, not 5",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(call, error, said):
    with pytest.raises(error, match=said):
        call()
