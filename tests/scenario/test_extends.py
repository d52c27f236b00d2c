"""A file that extends another says only what differs."""

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.provenance import known_paths


def _child(write, text):
    write(name="parent.yaml")
    return write(text=f"extends: parent.yaml\nid: child\n{text}", name="child.yaml")


def test_maps_merge_and_what_is_not_said_stays(write):
    child = load(_child(write, "front: {held_km2: 500}\n")).scenario
    assert child.id == "child"
    assert child.title == "Two neighbours and a valley"
    assert (child.front.held_km2, child.front.stake_km2) == (500, 2000)


def test_a_child_that_changes_no_parameter_has_its_parents_hash(write):
    assert load(_child(write, "")).hash == load(write()).hash


def test_the_files_are_named_the_one_asked_for_last(write):
    names = [file.name for file in load(_child(write, "")).files]
    assert names == ["parent.yaml", "child.yaml"]


def test_lists_replace(write):
    swap = ("south: {", "south: {conditions: [hand_back, monitoring], ")
    write(swap, name="parent.yaml")
    text = "extends: parent.yaml\nparties: {south: {conditions: [aid_freeze]}}\n"
    child = load(write(text=text, name="child.yaml")).scenario
    assert child.parties["south"].conditions == ("aid_freeze",)


@pytest.mark.parametrize(
    ("parent", "child"),
    [
        ("{value: 10, low: 5, high: 15, source: a map}", "11"),
        ("{value: 10, low: 5, high: 15, source: a map}", "{value: 11, note: mine}"),
        ("10", "{value: 11, note: mine}"),
    ],
)
def test_a_quantity_is_replaced_whole(write, parent, child):
    write(("area_km2: 10", f"area_km2: {parent}"), name="parent.yaml")
    text = f"extends: parent.yaml\nchips: {{bridge: {{area_km2: {child}}}}}\n"
    loaded = load(write(text=text, name="child.yaml"))
    known = known_paths(loaded)["chips.bridge.area_km2"]
    assert known.value == 11
    assert (known.annotation.low, known.annotation.source) == (None, None)
    assert known.annotation.kind == "assumption"
    assert known.annotation.file.endswith("child.yaml")


def test_a_private_interval_goes_with_its_quantity(write):
    swap = ("_war_km2: 200", "_war_km2: {value: 100, private: [0, 200]}")
    write(swap, name="parent.yaml")
    text = "extends: parent.yaml\nparties: {north: {cost_of_war_km2: {value: 300}}}\n"
    north = load(write(text=text, name="c.yaml")).scenario.parties["north"]
    assert north.cost_of_war_km2.private == (300, 300)


def test_another_policy_brings_none_of_the_first_ones_fields(write):
    swap = ("north: {", "north: {policy: {name: hardliner, premium_km2: 9}, ")
    write(swap, name="parent.yaml")
    text = "extends: parent.yaml\nparties: {north: {policy: {name: boulware}}}\n"
    policy = load(write(text=text, name="c.yaml")).scenario.parties["north"].policy
    assert policy.name == "boulware"


def test_an_entry_set_to_null_is_taken_away(write):
    assert load(_child(write, "chips: {bridge: null}\n")).scenario.chips == {}


def test_a_chain_of_files_is_followed(write):
    write(name="a.yaml")
    write(text="extends: a.yaml\nfront: {held_km2: 500}\n", name="b.yaml")
    file = write(text="extends: b.yaml\nfront: {stake_km2: 4000}\n", name="c.yaml")
    front = load(file).scenario.front
    assert (front.held_km2, front.stake_km2) == (500, 4000)


def test_a_mistake_is_named_in_the_file_where_it_stands(write):
    write(("held_km2: 1000", "held_km2: 5000"), name="parent.yaml")
    text = "extends: parent.yaml\nfront: {volatility_km2_per_week: -9}\n"
    with pytest.raises(ScenarioError) as caught:
        load(write(text=text, name="child.yaml"))
    first, second = caught.value.problems
    assert "child.yaml:2:34: front.volatility_km2_per_week: -9 is below 0" in first
    assert "parent.yaml:7:13: front.held_km2: 5000 km2 is not less than" in second


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("extends: child.yaml", "child.yaml:1:10: extends: a cycle: child.yaml"),
        ("extends: parnt.yaml", "child.yaml:1:10: extends: no file"),
        ("extends: [parent.yaml]", "child.yaml:1:10: extends: needs the path of a"),
        ("extends: /parent.yaml", "child.yaml:1:10: extends: needs a relative path"),
    ],
)
def test_what_cannot_be_extended_is_named(write, text, expected):
    write(name="parent.yaml")
    with pytest.raises(ScenarioError) as caught:
        load(write(text=text + "\nid: c\n", name="child.yaml"))
    assert len(caught.value.problems) == 1
    assert expected in caught.value.problems[0]


def test_a_missing_parent_brings_near_names(write):
    write(name="parent.yaml")
    with pytest.raises(ScenarioError, match=r"similar names: \S*parent\.yaml"):
        load(write(text="extends: parnt.yaml\n", name="child.yaml"))


def test_a_cycle_of_two_is_refused(write):
    write(text="extends: b.yaml\n", name="a.yaml")
    with pytest.raises(ScenarioError, match=r"a cycle: .*yaml extends"):
        load(write(text="extends: a.yaml\n", name="b.yaml"))
