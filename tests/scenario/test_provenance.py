"""Of each value it is known whether it is default, assumption, sourced or set."""

from sim.scenario.load import load, resolve
from sim.scenario.provenance import blocks, known_paths


def test_a_value_with_a_source_is_sourced(flagship):
    area = known_paths(flagship)["chips.kursk.area_km2"]
    assert area.value == 189
    assert area.annotation.kind == "sourced"
    assert (area.annotation.low, area.annotation.high) == (152, 227)
    assert area.annotation.source.startswith("DeepStateMap.Live")
    assert area.annotation.file.endswith("kursk-2025-03-13.yaml")


def test_the_place_of_a_value_is_its_line(flagship, flagship_text):
    known = known_paths(flagship)
    lines = flagship_text.splitlines()
    assert lines[known["aid.level"].annotation.place.line - 2] == "  level:"
    assert (
        "role: patron"
        in lines[known["parties.united_states.role"].annotation.place.line - 1]
    )


def test_what_the_file_leaves_out_is_a_default(write):
    known = known_paths(load(write()))
    for path in (
        "parties.north.decision_noise_km2",
        "parties.south.cost_of_war_km2.private",
        "parties.south.label",
        "negotiation.offers.freeze.monitoring",
        "chips.bridge.value_km2.north",
        "aid.rule.name",
    ):
        assert known[path].annotation.kind == "default"
        assert known[path].annotation.file is None
    assert known["front.held_km2"].annotation.kind == "assumption"


def test_a_cost_written_as_a_number_is_an_assumption_its_interval_a_default(write):
    known = known_paths(load(write()))
    assert known["parties.north.cost_of_war_km2.value"].annotation.kind == "assumption"
    assert known["parties.north.cost_of_war_km2.private"].annotation.kind == "default"


def test_a_chip_is_shown_as_land_or_as_an_amount(write):
    ships = "    amount: 3\n    peak: 4\n    unit: ships\n    value_km2: {}\n"
    land = "    area_km2: 10\n    peak_km2: 20\n"
    for text, shown, hidden in (
        (land, "area_km2", "amount"),
        (ships, "amount", "area"),
    ):
        known = known_paths(load(write((land, text))))
        assert f"chips.bridge.{shown}" in known
        assert not [path for path in known if path.startswith(f"chips.bridge.{hidden}")]


def test_a_source_of_an_event_is_that_of_all_its_parts(flagship):
    known = known_paths(flagship)
    kinds = {
        path: each.annotation.kind
        for path, each in known.items()
        if path.startswith("timeline")
    }
    assert kinds == dict.fromkeys(
        ("timeline.0.date", "timeline.0.offer", "timeline.0.by"), "sourced"
    )


def test_a_note_of_a_block_is_kept_and_makes_nothing_sourced(write):
    swap = ("holder: north", "holder: north\n    source: an atlas")
    loaded = load(write(swap))
    assert blocks(loaded)["chips.bridge"].source == "an atlas"
    known = known_paths(loaded)["chips.bridge.area_km2"]
    assert known.annotation.kind == "assumption"


def test_what_is_set_is_set_with_all_below_it(flagship):
    known = known_paths(
        resolve(flagship, {"aid": {"level": 0.5}, "front.side": "russia"})
    )
    assert known["aid.level"].annotation.kind == "set"
    assert known["front.side"].annotation.kind == "set"
    assert known["aid.lag_weeks"].annotation.kind == "default"
    assert known["truce.settlement_per_week"].annotation.kind == "assumption"


def test_prose_is_not_among_the_values(flagship):
    assert not {"id", "title", "notes", "sources"} & known_paths(flagship).keys()


def test_every_value_can_be_set_by_its_path(flagship):
    for path, known in known_paths(flagship).items():
        assert resolve(flagship, {path: known.value}).hash == flagship.hash, path
