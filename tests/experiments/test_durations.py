"""Lengths of wars: how they are counted, compared and fitted."""

import numpy as np
import pytest

from experiments.durations import compare, report
from experiments.durations.compare import HORIZON_WEEKS, curve, distance
from experiments.durations.lengths import AGREED, DEFEATED, GOES_ON, Length, length
from experiments.durations.observed import observed
from experiments.durations.population import RANGES, STAKE, population, units
from sim.model.state import DEFEAT, SETTLED, TRUCE, WAR, WORLD
from tests.conftest import ROOT


def path(*spells):
    """Records of a world from (phase, weeks) spells."""
    rows = np.zeros(sum(weeks for _, weeks in spells), WORLD)
    rows["phase"] = np.concatenate([np.full(n, phase) for phase, n in spells])
    return rows


@pytest.mark.parametrize(
    ("spells", "expected"),
    [
        # a truce that lasts, after fighting
        ([(WAR, 3), (TRUCE, 60)], Length(3, AGREED, True)),
        # one that does not, and the war that went on
        ([(WAR, 3), (TRUCE, 51), (WAR, 2), (DEFEAT, 1)], Length(57, DEFEATED, True)),
        # a settlement ends a war however short the truce before it
        ([(WAR, 2), (TRUCE, 4), (SETTLED, 1)], Length(2, AGREED, True)),
        # no war: both sign in the first week
        ([(TRUCE, 60)], Length(0, AGREED, False)),
        ([(TRUCE, 3), (WAR, 1), (TRUCE, 60)], Length(4, AGREED, True)),
        ([(TRUCE, 3), (WAR, 9)], Length(12, GOES_ON, True)),
    ],
)
def test_a_war_lasts_until_a_defeat_or_a_truce_that_lasts(spells, expected):
    assert length(path(*spells), 52) == expected


def test_with_other_rules_a_short_truce_ends_a_war():
    spells = [(WAR, 3), (TRUCE, 8), (WAR, 9)]
    assert length(path(*spells), 5) == Length(3, AGREED, True)


def test_the_distance_is_the_largest_gap():
    one, other = curve([1, 2, 3, 4]), curve([3, 4, 5, 6])
    assert float(distance(one, other)) == 0.5
    assert float(distance(one, one)) == 0.0


def test_what_lasts_beyond_the_horizon_is_never_over():
    assert curve([1, HORIZON_WEEKS + 1])[-1] == 0.5
    assert compare.quantile([1, HORIZON_WEEKS + 1], 0.5) == 1
    assert compare.quantile([1, HORIZON_WEEKS + 1], 0.9) == float("inf")


def test_a_hazard_is_ends_by_weeks_at_risk():
    first, second, *_ = compare.hazards(np.array([2, 4, 5, 600]))
    assert first == (4, 2, 2 / (2 + 4 + 4 + 4))
    assert second == (2, 1, 1 / (1 + 9))


@pytest.mark.parametrize("shape", [0.6, 1.0, 1.5])
def test_the_shape_of_a_weibull_is_found_again(shape):
    luck = np.random.default_rng(5)
    weeks = np.ceil(60 * luck.weibull(shape, 4_000)).astype(int)
    weeks[weeks > HORIZON_WEEKS] = HORIZON_WEEKS + 1
    assert compare.weibull_shape(weeks) == pytest.approx(shape, rel=0.06)


def test_a_constant_chance_is_that_of_wars_that_end_with_it():
    luck = np.random.default_rng(3)
    weeks = luck.geometric(0.02, 20_000)
    assert float(distance(curve(weeks), compare.constant_hazard(weeks))) < 0.02


def test_distances_by_luck_alone_hold_true_samples_as_often_as_they_say():
    luck = np.random.default_rng(4)
    run = luck.geometric(0.05, 3_000)
    limit = np.quantile(compare.by_luck_alone(run, 60, luck), 0.95)
    fresh = [distance(curve(luck.geometric(0.05, 60)), curve(run)) for _ in range(400)]
    assert np.mean(np.array(fresh) <= limit) == pytest.approx(0.95, abs=0.04)


def test_a_tilt_of_the_population_is_found_again_and_helps_on_unseen_wars(monkeypatch):
    luck = np.random.default_rng(8)
    places = luck.random((3_000, 2))
    run = luck.geometric(0.01 * 10 ** places[:, 0])
    weights = compare.tilt(places, (3.0, 0.0))
    assert weights.mean() == pytest.approx(1, abs=0.05)
    seen = luck.choice(run, 400, p=weights / weights.sum())
    found = compare.fit(seen, run, places, 20, luck)
    assert found.tilts[0] == pytest.approx(3.0, abs=1.5)
    assert found.tested_after < found.tested_before
    assert found.fitted_after <= found.fitted_before
    assert found.better > 0.9
    monkeypatch.setattr(compare, "RESAMPLED", 200)
    (before, same, after), gained = compare.resampled_distances(
        seen, run, (None, np.ones(run.size), found.weights), luck
    )
    assert before == same
    assert after.estimate == pytest.approx(before.estimate + gained.estimate)
    assert gained.high < 0.0


def test_wars_are_drawn_from_the_stated_ranges():
    for row, war in zip(units(30, 2), population(units(30, 2)), strict=True):
        scenario = war.scenario
        drawn = dict(zip(RANGES, row, strict=True))
        front, north = scenario.front, scenario.parties["north"]
        spread = RANGES["volatility"].at(drawn["volatility"]) * STAKE
        assert front.volatility_km2_per_week == spread
        drift = RANGES["drift"].at(drawn["drift"]) * spread
        assert front.drift_km2_per_week == drift
        assert 0.02 <= north.cost_of_war_km2.value / STAKE <= 0.3
        lines = [
            scenario.negotiation.offers[name].line.held_km2
            for name in ("for_south", "for_north")
        ]
        assert lines[0] < front.held_km2 < lines[1]


def test_a_range_in_the_logarithm_has_its_middle_at_the_geometric_mean():
    assert RANGES["weight_weeks"].at(0.5) == pytest.approx(4000**0.5)


def test_observed_wars_are_read_in_begun_weeks():
    wars = {war.name: war for war in observed(report.OBSERVED)}
    assert len(wars) == 63
    assert wars["Football War"].weeks == 1
    assert wars["Six Day War"].outcome == "victory"
    assert wars["Crimean"].weeks == 123  # 861 days are whole weeks


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("war_name,outcome_class\nA,victory\n", "no column duration_days_span"),
        ("war_name,duration_days_span,outcome_class\n", "no wars"),
        (
            "war_name,duration_days_span,outcome_class\nA,long,victory\n",
            "line 2: duration_days_span needs days, not 'long'",
        ),
        (None, "No such file"),
    ],
)
def test_a_table_that_cannot_be_used_ends_in_one_line(tmp_path, capsys, text, says):
    file = tmp_path / "wars.csv"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    assert report.main(["--observed", str(file), "--out", str(tmp_path / "p")]) == 4
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line


@pytest.mark.slow
@pytest.mark.compiled
def test_the_report_takes_another_table(tmp_path, monkeypatch):
    monkeypatch.setattr(compare, "RESAMPLED", 40)
    rows = "\n".join(f"W{days},{days},victory" for days in range(10, 400, 20))
    table = tmp_path / "wars.csv"
    table.write_text(f"war_name,duration_days_span,outcome_class\n{rows}\n")
    out = tmp_path / "page.md"
    arguments = ["--wars", "60", "--observed", str(table), "--out", str(out)]
    assert report.main(arguments) == 0
    text = out.read_text(encoding="utf-8")
    assert "60 random wars" in text
    assert "| observed  | victory" in text


def test_the_page_that_is_shown_was_made_from_the_table_that_is_shown():
    page = (ROOT / report.OUT).read_text(encoding="utf-8")
    wars = observed(report.OBSERVED)
    weeks = [compare.quantile([war.weeks for war in wars], at) for at in (0.1, 0.5)]
    (line,) = [row for row in page.splitlines() if row.startswith("| observed   ")]
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert [cells[1], cells[3]] == [f"{each:.0f}" for each in weeks]
