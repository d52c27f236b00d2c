"""A file of schema_version 1 is refused with what each of its values is now."""

import itertools

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load, rebuilt
from sim.scenario.lookup import bounds_of, wording
from sim.scenario.version_1 import FIELDS, Walk, converted, walk_of, with_defaults

OLD = """\
schema_version: 1
id: old
title: A file of before
start_date: 2020-01-01
front:
  side: north
  stake_km2: 2000
  step_km2: 100
  share: 0.4
  battles_per_week: 0.5
  win_probability: {value: 0.45, low: 0.4, note: "Seen."}
parties:
  north:
    cost_of_war: {value: 0.1, private: [0.06, 0.14]}
    belief: {win_probability: 0.5, weight_battles: 40}
    claimed_share: null
  south: {policy: {name: hardliner, premium: 0.02}, rearmament_per_week: 0.004}
  east: {role: patron, supports: north, value_of_outcome: 0.6, aid_cost: 0.05}
aid: {log_odds_per_unit: 0.6}
chips:
  hill:
    holder: south
    area_km2: 10
    peak_km2: 20
    value_to: {north: 0.08}
    log_odds_while_held: 0.1
negotiation:
  offers:
    swap: {duration_days: null, line: {share: 0.45}}
timeline:
  - {date: 2020-01-09, audience_cost: {south: 0.04}}
"""
# By hand: 0.5 battles of 100 km2 a week, 5000 less 25 / 7.
SAID = """\
front.step_km2 100 -> gone, as the line has no steps
front.share 0.4 -> front.held_km2 800
front.battles_per_week 0.5 -> front.volatility_km2_per_week 70.6854
front.win_probability 0.45 -> front.drift_km2_per_week -5
parties.north.cost_of_war 0.1 [0.06, 0.14] -> \
parties.north.cost_of_war_km2 200 [120, 280]
parties.north.belief.win_probability 0.5 -> parties.north.belief.drift_km2_per_week 0
parties.north.belief.weight_battles 40 -> parties.north.belief.weight_weeks 80
parties.north.claimed_share null -> parties.north.claimed_km2 null
parties.south.policy.premium 0.02 -> parties.south.policy.premium_km2 40
parties.south.rearmament_per_week 0.004 -> parties.south.rearmament_km2_per_week 0.1
parties.east.value_of_outcome 0.6 -> parties.east.value_per_km2 0.6
parties.east.aid_cost 0.05 -> parties.east.aid_cost_km2 100
aid.log_odds_per_unit 0.6 -> aid.drift_km2_per_week 15
chips.hill.value_to north 0.08 -> chips.hill.value_km2 north 160
chips.hill.log_odds_while_held 0.1 -> chips.hill.drift_km2_per_week 2.5
negotiation.offers.swap.line.share 0.45 -> negotiation.offers.swap.line.held_km2 900
timeline.0.audience_cost south 0.04 -> timeline.0.audience_cost_km2 south 80
"""


def _refusal(write, text=OLD):
    with pytest.raises(ScenarioError) as caught:
        load(write(text=text))
    [problem] = caught.value.problems
    return problem.split("\n")


def test_each_value_is_named_with_what_it_is_now(write):
    first, second, *values = _refusal(write)
    assert "s.yaml:1:17: schema_version: this is a file of version 1" in first
    assert "ceasefire convert s.yaml NEW.yaml" in second
    expected = SAID.splitlines()
    assert [each.strip() for each in values] == expected


def test_it_is_known_without_a_version_by_what_it_says(write):
    text = OLD.removeprefix("schema_version: 1\n")
    first, _, *values = _refusal(write, text)
    assert "schema_version: this is a file of version 1" in first
    assert len(values) == len(SAID.splitlines())


def test_without_a_stake_it_is_said_how_values_convert(write):
    *_, last = _refusal(write, "schema_version: 1\naid: {log_odds_per_unit: 0.6}\n")
    assert last.strip() == (
        "aid.log_odds_per_unit 0.6 -> aid.drift_km2_per_week (x: x times step x "
        "battles / 2)"
    )


def test_what_was_run_and_kept_in_version_1_is_refused_too(tmp_path):
    with pytest.raises(ScenarioError, match=r"share 0\.4 -> front\.held_km2 800"):
        rebuilt(
            {"id": "a", "front": {"stake_km2": 2000, "share": 0.4}}, tmp_path / "a.yaml"
        )


@pytest.mark.parametrize("field", [each for each in FIELDS if each.name])
def test_what_a_field_is_called_now_exists(field):
    new = field.path.rpartition(".")[0] + f".{field.name}"
    new = new.replace("timeline.*", "timeline.0").replace("*", "x")
    if field.name in ("value_km2", "audience_cost_km2") and "parties" not in new:
        new += ".north"  # one number for each party
        assert bounds_of(new, 1000.0)[1] == 10_000
    else:
        assert wording(new).about, new
    old = field.path.replace("timeline.*", "timeline.0").replace("*", "x")
    assert not wording(old).about or "audience" in old


@pytest.mark.parametrize(("battles", "odds", "days"), [(0.5, 0.43, 1), (1, 0.1, 7)])
def test_mean_and_spread_of_a_week_are_those_of_the_walk(battles, odds, days):
    """Every way in which the steps of a week can go, one after the other."""
    walk = Walk(2000.0, 100.0, battles, odds, days / 7)
    chance = battles * days / 7
    moves = ((100.0, chance * odds), (-100.0, chance * (1 - odds)), (0.0, 1 - chance))
    mean = square = 0.0
    for path in itertools.product(moves, repeat=7 // days):
        weight = 1.0
        for _, each in path:
            weight *= each
        moved = sum(move for move, _ in path)
        mean += weight * moved
        square += weight * moved**2
    assert walk.of_odds(odds) == pytest.approx(mean)
    assert walk.of_battles(battles) == pytest.approx(
        (square - mean**2) ** 0.5, rel=1e-5
    )


def test_a_small_shift_of_log_odds_is_a_drift():
    """Near even odds: the slope of the odds is a quarter."""
    walk = Walk(2000.0, 100.0, 0.5, 0.5, 1 / 7)
    assert walk.of_shift(0.01) == pytest.approx(walk.of_odds(0.5 + 0.01 / 4))


def test_what_was_left_out_keeps_what_it_meant():
    data = {
        "front": {"side": "a", "stake_km2": 1000, "share": 0.5},
        "parties": {"a": None, "b": {}, "c": {"role": "patron"}},
        "chips": {"hill": {"holder": "b", "area_km2": 1, "peak_km2": 2}},
    }
    new = converted(with_defaults(data), walk_of(data))
    a, b, c = new["parties"].values()
    assert a["cost_of_war_km2"] == {"value": 100, "private": [60, 140]}
    assert b["cost_of_war_km2"] == {"value": 80, "private": [50, 110]}
    assert (a["conditions"], b["conditions"]) == ([], ["hand_back", "aid_freeze"])
    assert a["belief"] == {"drift_km2_per_week": 0, "weight_weeks": 80}
    assert b["belief"] == {"drift_km2_per_week": -4.5, "weight_weeks": 80}
    assert (a["audience_cost_km2"], b["audience_cost_km2"]) == (0, 20)
    assert (a["rearmament_km2_per_week"], b["rearmament_km2_per_week"]) == (0.05, 0.075)
    assert (c["supports"], c["value_per_km2"], c["aid_cost_km2"]) == ("a", 0.6, 50)
    assert new["aid"] == {"drift_km2_per_week": 7.5}
    hill = new["chips"]["hill"]
    assert hill["value_km2"] == {"a": 80, "b": 10}
    assert hill["drift_km2_per_week"] == 1.25
    assert hill["regime"] == "collapse"
    assert hill["regimes"]["lull"]["loss_per_week"] == 0.03
    assert new["front"]["drift_km2_per_week"] == -3.5
