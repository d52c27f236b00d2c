"""Fits of a chip and of a line find what was put in."""

import csv

import numpy as np
import pytest

from experiments.reality.recovery import (
    LINES,
    TABLE,
    TRUTHS,
    holds,
    simulated,
    true_values,
)
from sim.analysis.calibration.area_fit import fit_chip, usable
from sim.analysis.calibration.front_fit import Changes, fit_line, step_that_fits
from sim.analysis.calibration.process import line_paths
from sim.cli.calibrate import NARROW
from sim.errors import UsageError
from sim.scenario.observations import Series, read_series


@pytest.fixture(scope="module")
def recovered():
    with TABLE.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def line(areas, first=739_000):
    areas = np.array(areas, dtype=float)
    days = first + 7 * np.arange(areas.size)
    return Series("line.csv", "held_by_south_km2", days, areas, areas, areas, "south")


def test_a_long_record_gives_its_regimes_back():
    truth = true_values(TRUTHS["long"].regimes)
    fit = fit_chip(simulated(TRUTHS["long"], 3), intervals=False)
    found = true_values(fit.regimes)
    for name, true in truth.items():
        near = 2.2 if name.startswith("leaving") else 1.5
        assert 1 / near < found[name] / true < near, name
    assert fit.log_likelihood > fit.one_regime + 20


def test_intervals_of_a_short_record_hold_their_estimates():
    fit = fit_chip(simulated(TRUTHS["short"], 1))
    for name, ends in fit.intervals.items():
        assert ends.low <= ends.estimate <= ends.high, name


def test_over_200_records_intervals_hold_the_truth_as_often_as_they_say(recovered):
    rows = [row for row in recovered if row["record"] != "short"]
    assert len(rows) == 7 + 2 + 2
    for row in rows:
        assert int(row["repetitions"]) == 200
        assert 0.85 <= float(row["covered"]) <= 0.95, row["parameter"]


def test_calibrate_says_how_narrow_intervals_of_short_records_were(recovered):
    shares = [float(row["covered"]) for row in recovered if row["record"] == "short"]
    assert f"{100 * min(shares):.0f} to {100 * max(shares):.0f} of 100" in NARROW


def test_the_table_has_what_comes_of_a_simulated_line(recovered):
    for name, truth in LINES.items():
        found = np.array([holds(name, i) for i in range(20)])
        rows = [row for row in recovered if row["record"] == name]
        for place, (row, true) in enumerate(
            zip(rows, truth.values.values(), strict=True)
        ):
            assert float(row["true"]) == true
            stored = float(row["median_estimate"])
            assert np.median(found[:, place, 0]) == pytest.approx(stored, rel=0.15)


@pytest.mark.slow
def test_the_table_of_recovery_is_that_of_the_code(recovered):
    few = 24
    for name, truth in TRUTHS.items():
        rows = {row["parameter"]: row for row in recovered if row["record"] == name}
        fits = [fit_chip(simulated(truth, i), intervals=False) for i in range(few)]
        for parameter in ("loss_slow", "volatility_slow"):
            found = [true_values(fit.regimes)[parameter] for fit in fits]
            stored = float(rows[parameter]["median_estimate"])
            assert np.median(found) == pytest.approx(stored, rel=0.25)


def test_kursk_has_a_lull_and_a_collapse():
    fit = fit_chip(usable(read_series("kursk_held")), intervals=False)
    assert fit.regimes.loss == pytest.approx((0.034, 0.636), abs=0.002)
    assert fit.state[1, 0] > 0.99


def test_a_chip_that_is_gone_ends_the_record():
    areas = np.array([90, 80, 70, 60, 0, 0.0])
    seen = Series("x", "midpoint_km2", 739_000 + np.arange(6), areas, areas, areas)
    assert usable(seen).area.tolist() == [90, 80, 70, 60]
    assert usable(seen, 65.0).area.tolist() == [90, 80, 70]
    assert len(usable(seen, 100.0)) == 0


def test_few_observations_are_refused():
    areas = np.linspace(9, 4, 6)
    seen = Series("x", "midpoint_km2", 739_000 + np.arange(6), areas, areas, areas)
    with pytest.raises(UsageError, match="6 observations with news"):
        fit_chip(seen)


def test_battles_and_odds_give_mean_and_spread_back():
    changes = np.array([10.0, 50.0, -20.0, 70.0, 40.0, 5.0, 60.0, 25.0, 45.0, 35.0])
    seen = line(1000 + np.concatenate([[0.0], np.cumsum(changes)]))
    fit = fit_line(seen, step_km2=20.0)
    mean = 20 * fit.battles_per_week * (1 - 2 * fit.win_probability)
    variance = 400 * fit.battles_per_week - mean**2 / 7
    assert mean == pytest.approx(changes.mean())
    assert variance == pytest.approx(changes.var())
    for name, ends in fit.intervals.items():
        assert ends.low < getattr(fit, name) < ends.high


def test_a_simulated_line_gives_its_odds_back():
    rng = np.random.default_rng(5)
    days = list(range(7, 7 * 401, 7))
    path = line_paths(
        5000.0,
        days,
        step_km2=50.0,
        battles_per_week=1.4,
        win_probability=0.3,
        paths=1,
        rng=rng,
    )
    fit = fit_line(line([5000.0, *path[:, 0]]), step_km2=50.0)
    assert fit.battles_per_week == pytest.approx(1.4, rel=0.15)
    assert fit.win_probability == pytest.approx(0.3, abs=0.04)


def test_pushes_that_last_widen_the_intervals():
    rng = np.random.default_rng(6)
    apart = rng.normal(30.0, 40.0, 120)
    lasting = np.sort(apart.reshape(12, 10), axis=0).T.ravel()
    width = []
    for changes in (apart, lasting):
        seen = line(1000 + np.concatenate([[0.0], np.cumsum(changes)]))
        fit = fit_line(seen, step_km2=30.0)
        ends = fit.intervals["win_probability"]
        width.append(ends.high - ends.low)
    assert width[1] > 1.2 * width[0]


def test_a_step_too_long_is_refused_and_a_shorter_one_found():
    seen = read_series("russian_held_ukraine")
    with pytest.raises(UsageError, match="battle steps of 400 km2 cannot"):
        fit_line(seen, step_km2=400.0)
    step = step_that_fits(seen, stake_km2=8000, share=0.4, step_km2=400)
    lines = 8000 / step
    assert lines == int(lines)
    assert (0.4 * lines) % 1 == pytest.approx(0.0)
    assert fit_line(seen, step_km2=step).win_probability > 0.05


def test_a_change_counts_over_the_weeks_that_it_took():
    changes = Changes.of(line([100.0, 110.0, 120.0, 140.0]).take(np.array([0, 1, 3])))
    assert (changes.km2.tolist(), changes.weeks.tolist()) == ([10.0, 30.0], [1.0, 2.0])
    assert changes.gain == pytest.approx(40 / 3)


def test_of_each_week_the_last_day_counts_and_of_the_past_the_weeks_asked_for():
    days = 739_000 + np.arange(-3000, 22)
    areas = np.arange(days.size, dtype=float)
    seen = Series("x", "held_by_south_km2", days, areas, areas, areas, "south")
    assert Changes.of(seen, 3).km2.tolist() == [7.0, 7.0, 7.0]
    # What was seen years before these weeks is not part of them.
    sparse = seen.take(np.array([0, days.size - 15, days.size - 8, days.size - 1]))
    assert Changes.of(sparse, 3).weeks.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("every", [10, 14, 30])
def test_a_line_seen_less_often_than_every_week_gives_its_battles_back(every):
    """f03: the gaps between observations are the time that their changes took."""
    estimates, held, records = [], 0, 24
    for seed in range(records):
        rng = np.random.default_rng(seed)
        fought = rng.random(728) < 1 / 7
        moves = np.where(fought, np.where(rng.random(728) < 0.3, -64.0, 64.0), 0.0)
        areas = 100_000 + np.concatenate([[0.0], np.cumsum(moves)])
        days = np.arange(0, 729, every)
        seen = Series(
            "x", "h", 739_000 + days, areas[days], areas[days], areas[days], "south"
        )
        found = fit_line(seen, step_km2=64.0).intervals
        ends = found["battles_per_week"]
        estimates.append(ends.estimate)
        held += ends.low <= 1.0 <= ends.high
    # Of few changes the estimate is a little low, as that of any variance is.
    assert np.median(estimates) == pytest.approx(1.0, abs=0.12)
    assert held >= 0.8 * records


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        ([5e4] * 20, "by nothing, 19 times"),
        (5e4 + 0.7 * np.arange(20), "by 0.7 km2 a week all the time"),
        ([5e4, 5.1e4], "1 changes from one week to another"),
    ],
)
def test_a_line_that_tells_nothing_of_battles_is_refused_in_words(areas, said):
    with pytest.raises(UsageError, match=said):
        fit_line(line(areas), step_km2=50.0)


@pytest.mark.parametrize("slope", [0.0, 0.7, -30.0])
def test_the_step_of_a_line_without_spread_is_within_its_limits(slope):
    changes = Changes.of(line(5e4 + slope * np.arange(30)))
    shortest, _ = changes.limits(1)
    battles, odds = changes.battles(shortest or 50.0, 1)
    assert battles == pytest.approx(7.0 if slope else 0.0)
    assert odds == pytest.approx(0.5 - 0.5 * np.sign(slope))


def test_a_step_that_is_too_short_gives_way_to_the_shortest_that_fits():
    """Where nothing is gained any long step fits, but none should be half the stake."""
    seen = line(5e4 + 900.0 * (np.arange(41) % 2))
    step = step_that_fits(seen, stake_km2=8000, share=0.4, step_km2=100)
    assert step == 400.0
    assert fit_line(seen, step_km2=step).longest_step == np.inf


def test_a_chip_unseen_for_years_is_refused_in_words():
    """f10: a long gap, or a year that is mistyped."""
    areas = 1000 * 0.99 ** np.arange(30.0)
    for gap in (200, 65_000):
        days = 739_000 + np.arange(30) + gap * (np.arange(30) > 20)
        seen = Series("x.csv", "midpoint_km2", days, areas, areas, areas)
        with pytest.raises(UsageError, match=r"nothing is known of the .* days from"):
            fit_chip(seen)
