"""`ceasefire validate`: silence, or every mistake with its place."""


def test_a_valid_file_is_met_with_silence(ceasefire, scenario_file):
    assert ceasefire("validate", scenario_file()) == (0, "", "")


def test_shipped_scenarios_are_valid_by_their_id(ceasefire):
    assert ceasefire("validate", "kursk-2025-03-13") == (0, "", "")


def test_all_mistakes_of_all_files_are_named_with_their_places(
    ceasefire, scenario_file
):
    one = scenario_file("one.yaml", "step_dais: 2\nhorizon_days: 0\n")
    fine = scenario_file("fine.yaml")
    two = scenario_file("two.yaml")
    two.write_text(two.read_text().replace("side: north", "side: nrth"))
    reply = ceasefire("validate", one, fine, two)
    assert (reply.code, reply.out) == (3, "")
    lines = reply.err.splitlines()
    places = [line for line in lines if not line.startswith("    ")]
    assert places == [
        f"{one}:8:1: step_dais: unknown field; did you mean 'step_days'?",
        f"{one}:9:15: horizon_days: 0 is below 1",
        f"{two}:4:15: front.side: 'nrth' is not a belligerent of this scenario; "
        "did you mean 'north'?",
    ]
    assert lines[1:3] == ["    step_dais: 2", "    ^"]


def test_a_mistake_in_a_shared_parent_is_named_once(ceasefire, scenario_file):
    parent = scenario_file("parent.yaml", "horizon_days: 0\n")
    for name in ("a.yaml", "b.yaml"):
        (parent.parent / name).write_text("extends: parent.yaml\n", encoding="utf-8")
    reply = ceasefire("validate", parent.parent / "a.yaml", parent.parent / "b.yaml")
    assert reply.code == 3
    assert reply.err.count("is below 1") == 1


def test_a_file_of_version_1_is_told_what_its_values_are_now(ceasefire, scenario_file):
    old = scenario_file(front="{side: north, stake_km2: 8000, share: 0.4}")
    reply = ceasefire("validate", old)
    assert (reply.code, reply.out) == (3, "")
    assert "front.share 0.4 -> front.held_km2 3200" in reply.err
    assert f"ceasefire convert {old.name} NEW.yaml" in reply.err


def test_a_missing_file_is_missing_input(ceasefire, scenario_file, tmp_path):
    scenario_file("war.yaml")
    reply = ceasefire("validate", tmp_path / "wra.yaml")
    assert (reply.code, reply.out) == (4, "")
    assert str(tmp_path / "wra.yaml") in reply.err
    assert str(tmp_path / "war.yaml") in reply.err


def test_a_mistake_outranks_a_missing_file(ceasefire, scenario_file, tmp_path):
    wrong = scenario_file(more="horizon_days: 0\n")
    reply = ceasefire("validate", tmp_path / "nothing.yaml", wrong)
    assert reply.code == 3
    assert "nothing.yaml" in reply.err
    assert "horizon_days" in reply.err


def test_a_folder_is_no_scenario(ceasefire, tmp_path):
    reply = ceasefire("validate", tmp_path)
    assert reply.code == 4
    assert "folder" in reply.err


def test_nothing_to_validate_is_a_matter_of_usage(ceasefire):
    assert ceasefire("validate").code == 2
