"""`ceasefire convert`: the same file in the units of today, comments and all."""

import pytest

from sim.scenario.load import load
from sim.scenario.provenance import known_paths
from tests.scenario.test_version_1 import OLD

COMMENTED = """\
# A war of before.
id: old          # known as
title: A file of before
start_date: 2020-01-01
front:
  side: north
  stake_km2: {value: 1000, low: 800, note: "Roughly: a guess."}
  # How far a battle moves the line.
  step_km2:
    value: 100
    note: >-
      A tenth, as # nobody
      measured it.

  share: 0.4   # of all
  win_probability:
    value: 0.45
    low: 0.40
    source: https://example.org/a#b
parties:
  north: {}    # all left out
  south:
    cost_of_war:
      value: 0.1
      private: [0.05, 0.15]   # seen from outside
      source: "a: book"
"""
CONVERTED = """\
# A war of before.
id: old          # known as
title: A file of before
start_date: 2020-01-01
front:
  volatility_km2_per_week: 70.6854  # as version 1 took it
  side: north
  stake_km2: {value: 1000, low: 800, note: "Roughly: a guess."}
  # How far a battle moves the line.
  # version 1:
  # step_km2:
  #   value: 100
  #   note: >-
  #     A tenth, as # nobody
  #     measured it.

  held_km2: 400   # of all
  drift_km2_per_week:
    value: -5
    low: -10
    source: https://example.org/a#b
parties:
  north: {cost_of_war_km2: {value: 100, private: [60, 140]}, conditions: [], \
rearmament_km2_per_week: 0.1, aid_freeze_cost_km2: 50, \
sanctions_relief_value_km2: 50, value_of_harm: 0.4, audience_cost_km2: 0, \
belief: {drift_km2_per_week: 0, weight_weeks: 80}}    # all left out
  south:
    conditions: [hand_back, aid_freeze]  # as version 1 took it
    rearmament_km2_per_week: 0.15  # as version 1 took it
    aid_freeze_cost_km2: 50  # as version 1 took it
    sanctions_relief_value_km2: 50  # as version 1 took it
    value_of_harm: 0.4  # as version 1 took it
    audience_cost_km2: 20  # as version 1 took it
    belief: {drift_km2_per_week: -9, weight_weeks: 80}  # as version 1 took it
    cost_of_war_km2:
      value: 100
      private: [50, 150]   # seen from outside
      source: "a: book"
"""


@pytest.fixture
def old(tmp_path):
    """Write a file of version 1, and return its place."""

    def write(text=OLD, name="old.yaml"):
        file = tmp_path / "before" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_comments_order_sources_and_notes_stay_where_they_were(
    ceasefire, old, tmp_path
):
    new = tmp_path / "new.yaml"
    reply = ceasefire("convert", old(COMMENTED), new)
    assert (reply.code, reply.out) == (0, "")
    assert new.read_text(encoding="utf-8") == CONVERTED
    known = known_paths(load(new))
    assert known["front.drift_km2_per_week"].annotation.source.endswith("a#b")
    assert known["parties.south.cost_of_war_km2.private"].value == (50, 150)


def test_what_is_written_is_valid_and_has_the_values_that_the_refusal_named(
    ceasefire, old, tmp_path
):
    file, new = old(), tmp_path / "new.yaml"
    refusal = ceasefire("validate", file)
    assert refusal.code == 3
    assert ceasefire("convert", file, new).code == 0
    assert ceasefire("validate", new) == (0, "", "")
    known = known_paths(load(new))
    said = [line.split(" -> ")[1] for line in refusal.err.splitlines() if "->" in line]
    numbers = dict(each.split(" ", 1) for each in said if each.count(" ") == 1)
    assert len(numbers) > 10
    for path, number in numbers.items():
        value = known[path].value
        assert number == ("null" if value is None else f"{value:.6g}")


def test_the_next_command_is_named(ceasefire, old, tmp_path):
    reply = ceasefire("convert", old(), tmp_path / "new.yaml")
    assert f"written: {tmp_path / 'new.yaml'}\n" in reply.err
    assert f"next: ceasefire show {tmp_path / 'new.yaml'}" in reply.err


def test_what_it_extends_is_converted_beside_it(ceasefire, old, tmp_path):
    old(name="base-war.yaml")
    child = old(
        "extends: base-war.yaml  # ours\nid: child\n"
        "front: {win_probability: 0.5}\n"
        "parties: {north: {belief: {weight_battles: 8}}}\n",
        "child.yaml",
    )
    new = tmp_path / "after" / "mine.yaml"
    assert ceasefire("convert", child, new).code == 0
    assert sorted(file.name for file in new.parent.iterdir()) == [
        "base-war.yaml",
        "mine.yaml",
    ]
    assert new.read_text(encoding="utf-8") == (
        "extends: base-war.yaml  # ours\nid: child\n"
        "front: {volatility_km2_per_week: 70.7107, drift_km2_per_week: 0}\n"
        "parties: {north: {belief: {weight_weeks: 16}}}\n"
    )
    loaded = load(new).scenario
    assert (loaded.front.held_km2, loaded.front.drift_km2_per_week) == (800, 0)


def test_a_change_of_scale_in_a_child_is_written_out(ceasefire, old, tmp_path):
    """Twice the battles: every drift, spread and weight of the parent is another."""
    old(name="base.yaml")
    child = old("extends: base.yaml\nfront:\n  battles_per_week: 1.0\n", "child.yaml")
    new = tmp_path / "after" / "child.yaml"
    assert ceasefire("convert", child, new).code == 0
    base, twice = (load(new.with_name(n)).scenario for n in ("base.yaml", "child.yaml"))
    for name, party in base.parties.items():
        other = twice.parties[name]
        if party.role == "patron":
            assert other == party
            continue
        drift = party.belief.drift_km2_per_week
        assert other.belief.drift_km2_per_week == 2 * drift
        assert other.belief.weight_weeks == party.belief.weight_weeks / 2
        assert other.cost_of_war_km2 == party.cost_of_war_km2
    assert twice.aid.drift_km2_per_week == 2 * base.aid.drift_km2_per_week
    assert twice.front.held_km2 == base.front.held_km2
    assert "chips: {hill: {drift_km2_per_week: 5}}" in new.read_text(encoding="utf-8")


def test_a_part_of_a_scenario_is_converted_with_the_whole(ceasefire, old, tmp_path):
    old("# Common to all.\naid: {log_odds_per_unit: 0.6}\n", "common.yaml")
    whole = OLD.replace("aid: {log_odds_per_unit: 0.6}\n", "")
    file = old("extends: common.yaml\n" + whole, "war.yaml")
    new = tmp_path / "war.yaml"
    assert ceasefire("convert", file, new).code == 0
    assert (tmp_path / "common.yaml").read_text() == (
        "# Common to all.\naid: {drift_km2_per_week: 15}\n"
    )
    assert load(new).scenario.aid.drift_km2_per_week == 15


def test_json_is_converted_as_it_is(ceasefire, old, tmp_path):
    file = old(
        '{"id":"a","title":"T","start_date":"2020-01-01","front":{"side":"n",'
        '"stake_km2":1000,"step_km2":50,"share":0.3},"parties":{"n":null,"s":{}}}'
    )
    new = tmp_path / "new.yaml"
    assert ceasefire("convert", file, new).code == 0
    assert '"held_km2":300}' in new.read_text()
    front = load(new).scenario.front
    assert (front.held_km2, front.drift_km2_per_week) == (300, -3.5)


def test_nothing_is_overwritten_without_force(ceasefire, old, tmp_path):
    new = tmp_path / "new.yaml"
    new.write_text("mine")
    reply = ceasefire("convert", old(), new)
    assert (reply.code, reply.out) == (2, "")
    assert f"{new} would be overwritten; --force allows it" in reply.err
    assert new.read_text() == "mine"
    assert ceasefire("convert", old(), new, "--force").code == 0


def test_what_is_read_is_never_overwritten(ceasefire, old):
    file = old()
    child = old("extends: old.yaml\nid: b\n", "child.yaml")
    for given, new in ((file, file), (child, child.with_name("new.yaml"))):
        reply = ceasefire("convert", given, new, "--force")
        assert (reply.code, reply.out) == (2, "")
        assert "is used as input and would be overwritten" in reply.err
    assert file.read_text() == OLD


def test_a_file_of_today_is_refused(ceasefire, tmp_path):
    reply = ceasefire("convert", "kursk-2025-03-13", tmp_path / "new.yaml")
    assert (reply.code, reply.out) == (2, "")
    assert "nothing in it is of schema_version 1" in reply.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_before_that_extends_one_of_today_is_refused(
    ceasefire, old, tmp_path
):
    ceasefire("new", old().with_name("base.yaml"))
    child = old("extends: base.yaml\nschema_version: 1\nid: b\n", "child.yaml")
    reply = ceasefire("convert", child, tmp_path / "new.yaml")
    assert (reply.code, reply.out) == (2, "")
    assert "base.yaml is of schema_version 2 already" in reply.err


def test_a_stake_is_needed(ceasefire, old, tmp_path):
    file = old("schema_version: 1\naid: {log_odds_per_unit: 1}\n")
    reply = ceasefire("convert", file, tmp_path / "new.yaml")
    assert (reply.code, reply.out) == (3, "")
    assert "front.stake_km2: is missing" in reply.err


def test_an_alias_that_would_mean_two_things_is_refused(ceasefire, old, tmp_path):
    text = OLD.replace("share: 0.4", "share: &x 0.4").replace(
        "share: 0.45", "share: *x"
    )
    assert ceasefire("convert", old(text), tmp_path / "fine.yaml").code == 0
    text = OLD.replace("win_probability: 0.5,", "win_probability: &x 0.5,")
    text = text.replace("share: 0.45", "share: *x")
    reply = ceasefire("convert", old(text), tmp_path / "new.yaml")
    assert (reply.code, reply.out) == (3, "")
    assert "an alias that means two things" in reply.err
    assert not (tmp_path / "new.yaml").exists()


def test_a_mistake_that_was_in_the_file_is_named_in_the_new_one(
    ceasefire, old, tmp_path
):
    file = old(OLD.replace("holder: south", "holder: west"))
    new = tmp_path / "new.yaml"
    reply = ceasefire("convert", file, new)
    assert (reply.code, reply.out) == (3, "")
    assert f"written: {new}" in reply.err
    assert "chips.hill.holder: 'west' is not a belligerent" in reply.err
    assert f"{new}:" in reply.err
