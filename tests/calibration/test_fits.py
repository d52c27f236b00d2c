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
from sim import load
from sim.analysis.calibration.area_fit import fit_chip, usable
from sim.analysis.calibration.front_fit import Changes, fit_line, local_level
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
        found = np.array([holds(name, i) for i in range(100)])
        rows = [row for row in recovered if row["record"] == name]
        for place, (row, true) in enumerate(
            zip(rows, truth.values.values(), strict=True)
        ):
            assert float(row["true"]) == true
            stored = float(row["median_estimate"])
            assert np.median(found[:, place, 0]) == pytest.approx(stored, rel=0.1)


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


def test_drift_and_volatility_are_mean_and_spread_of_the_weeks():
    changes = np.array([10.0, 50.0, -20.0, 70.0, 40.0, 5.0, 60.0, 25.0, 45.0, 35.0])
    fit = fit_line(line(1000 + np.concatenate([[0.0], np.cumsum(changes)])))
    assert fit.drift.estimate == pytest.approx(changes.mean())
    assert fit.volatility.estimate == pytest.approx(changes.std(ddof=1))
    # Neighbours differ rather than resemble each other, so all ten count: the interval
    # of a mean is Student's, that of a variance is by chi-square.
    assert fit.changes.autocorrelation < 0.0
    t, low, high = 1.8331, 3.3251, 16.9190  # tables, nine degrees of freedom
    assert fit.drift.high == pytest.approx(
        changes.mean() + t * changes.std(ddof=1) / np.sqrt(10), abs=1e-3
    )
    squares = np.sum((changes - changes.mean()) ** 2)
    assert fit.volatility.low == pytest.approx(np.sqrt(squares / high), rel=1e-4)
    assert fit.volatility.high == pytest.approx(np.sqrt(squares / low), rel=1e-4)


def test_the_flagship_quotes_the_record():
    fit = fit_line(read_series("russian_held_ukraine"))
    front = load("kursk-2025-03-13").scenario.front
    assert fit.volatility.estimate == pytest.approx(
        front.volatility_km2_per_week, abs=0.5
    )
    assert fit.drift.low < -front.drift_km2_per_week < fit.drift.high
    assert fit.changes.spread_over(13) > 2.5 * fit.changes.spread_over(1)


def test_pushes_that_last_widen_the_intervals():
    rng = np.random.default_rng(6)
    apart = rng.normal(30.0, 40.0, 120)
    lasting = np.sort(apart.reshape(12, 10), axis=0).T.ravel()
    fits = [
        fit_line(line(1000 + np.concatenate([[0.0], np.cumsum(changes)])))
        for changes in (apart, lasting)
    ]
    for one, other in ((each.drift, each.volatility) for each in fits[1:]):
        assert one.high - one.low > 1.2 * (fits[0].drift.high - fits[0].drift.low)
        assert other.high > fits[0].volatility.high
    assert fits[0].drift.estimate == pytest.approx(fits[1].drift.estimate)


def by_covariances(changes, ratio):
    """Drift on the last day, its variance, and the likelihood, without a filter.

    The drift is a level that nothing is known of and a Brownian motion B from the first
    day; the changes, and what is asked of them, are normal with these covariances.
    """
    ends = np.cumsum(changes.weeks)
    begins, n = ends - changes.weeks, len(changes)

    def doubly(s, t):  # of the integrals of B to s and to t
        least, most = np.minimum(s, t), np.maximum(s, t)
        return least**2 * (3 * most - least) / 6

    one, other = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    whole = ratio * (
        doubly(ends[one], ends[other])
        - doubly(begins[one], ends[other])
        - doubly(ends[one], begins[other])
        + doubly(begins[one], begins[other])
    ) + np.diag(changes.weeks)
    # of B on the last day with each integral: it is the time at each moment
    shared = ratio * (ends**2 - begins**2) / 2
    inverse, x = np.linalg.inv(whole), changes.weeks
    precision = x @ inverse @ x
    level = x @ inverse @ changes.km2 / precision
    off = changes.km2 - level * x
    variance = off @ inverse @ off / (n - 1)
    drift = level + shared @ inverse @ off
    left = 1 - shared @ inverse @ x
    error = ratio * ends[-1] - shared @ inverse @ shared + left**2 / precision
    likelihood = -0.5 * (
        np.linalg.slogdet(whole)[1] + np.log(precision) + (n - 1) * np.log(variance)
    )
    return drift, error * variance, variance, likelihood


@pytest.mark.parametrize("weeks", [np.ones(40), np.tile([1.0, 2.0, 4 / 7, 3.0], 10)])
def test_the_drift_of_the_last_day_is_the_best_guess_of_all_changes(weeks):
    """Against matrices; the ratio that was found is likelier than its neighbours."""
    rng = np.random.default_rng(11)
    drift = 30.0 + np.cumsum(15.0 * np.sqrt(weeks) * rng.standard_normal(40))
    noise = 30.0 * np.sqrt(weeks) * rng.standard_normal(40)
    changes = Changes(drift * weeks + noise, weeks)
    found = local_level(changes)
    ratio = (found.wander / found.volatility) ** 2
    assert ratio > 0.01
    exact, error, variance, likelihood = by_covariances(changes, ratio)
    assert found.drift == pytest.approx(exact)
    assert found.error == pytest.approx(np.sqrt(error))
    assert found.volatility == pytest.approx(np.sqrt(variance))
    for nearby in (ratio / 1.3, ratio * 1.3):
        assert by_covariances(changes, nearby)[3] < likelihood


def test_a_drift_that_does_not_wander_is_the_mean_with_its_error():
    changes = Changes(np.tile([10.0, 50.0], 20), np.ones(40))
    found = local_level(changes)
    assert (found.drift, found.wander) == (pytest.approx(30.0), 0.0)
    assert found.error == pytest.approx(found.volatility / np.sqrt(40))


def test_the_error_of_a_wandering_drift_is_as_large_as_it_says():
    held, records = 0, 300
    for seed in range(records):
        rng = np.random.default_rng(seed)
        fine = 50.0 + np.cumsum(12.0 / np.sqrt(7) * rng.standard_normal(7 * 80))
        weekly = fine.reshape(80, 7).mean(axis=1) + 30.0 * rng.standard_normal(80)
        found = local_level(Changes(weekly, np.ones(80)))
        held += abs(fine[-1] - found.drift) < 1.645 * found.error
    assert 0.82 < held / records < 0.95


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
def test_a_line_seen_less_often_than_every_week_gives_its_front_back(every):
    """f03: the gaps between observations are the time that their changes took."""
    estimates, held, records = [], 0, 100
    for seed in range(records):
        rng = np.random.default_rng(seed)
        moves = 30.0 / 7 + 60.0 / np.sqrt(7) * rng.standard_normal(728)
        areas = 100_000 + np.concatenate([[0.0], np.cumsum(moves)])
        days = np.arange(0, 729, every)
        seen = Series(
            "x", "h", 739_000 + days, areas[days], areas[days], areas[days], "south"
        )
        fit = fit_line(seen)
        estimates.append((fit.drift.estimate, fit.volatility.estimate))
        held += fit.volatility.low <= 60.0 <= fit.volatility.high
    assert np.median(estimates, axis=0) == pytest.approx([30.0, 60.0], rel=0.05)
    assert held >= 0.82 * records


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        ([5e4] * 20, "by nothing, 19 times"),
        (5e4 + 0.7 * np.arange(20), "by 0.7 km2 a week all the time"),
        ([5e4, 5.1e4], "1 changes from one week to another"),
    ],
)
def test_a_line_that_tells_nothing_of_its_spread_is_refused_in_words(areas, said):
    with pytest.raises(UsageError, match=said):
        fit_line(line(areas))


@pytest.mark.parametrize("slope", [0.0, 0.7, -30.0])
def test_a_line_without_spread_goes_on_as_it_did(slope):
    found = local_level(Changes.of(line(5e4 + slope * np.arange(30))))
    assert found.drift == pytest.approx(slope)
    assert (found.error, found.volatility) == pytest.approx((0.0, 0.0), abs=1e-9)


def test_a_chip_unseen_for_years_is_refused_in_words():
    """f10: a long gap, or a year that is mistyped."""
    areas = 1000 * 0.99 ** np.arange(30.0)
    for gap in (200, 65_000):
        days = 739_000 + np.arange(30) + gap * (np.arange(30) > 20)
        seen = Series("x.csv", "midpoint_km2", days, areas, areas, areas)
        with pytest.raises(
            UsageError, match=r"there are no observations for the .* days from"
        ):
            fit_chip(seen)
