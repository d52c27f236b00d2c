"""`ceasefire new`: a file that is valid, runs, and says what may be changed in it."""

import json
import re
import shlex
import shutil

import pytest

from sim.scenario.library import find, shipped
from sim.scenario.load import load
from sim.scenario.provenance import known_paths

FLAGSHIP = "kursk-2025-03-13"


@pytest.fixture
def family(tmp_path, monkeypatch):
    """Shipped scenarios, of which one extends another."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    shutil.copy(shipped()[FLAGSHIP], folder)
    (folder / "cut.yaml").write_text(
        f"# What if?\nextends: {FLAGSHIP}.yaml\nid: cut\ntitle: >-\n  Aid is\n  cut\n"
        "aid: {level: 0}  # all of it\n"
    )
    monkeypatch.setattr("sim.scenario.library.shipped_folder", lambda: folder)
    return folder


def test_a_new_file_is_valid_and_runs(ceasefire, tmp_path):
    file = tmp_path / "valley.yaml"
    reply = ceasefire("new", file)
    assert (reply.code, reply.out) == (0, "")
    assert f"written: {file}\n" in reply.err
    assert ceasefire("validate", file) == (0, "", "")
    assert load(file).scenario.id == "valley"
    world = json.loads(ceasefire("run", file, "--json").out)
    assert {"offer", "battle"} <= {event["type"] for event in world["events"]}


def test_a_new_file_says_every_value_that_matters_of_no_war(ceasefire, tmp_path):
    file = tmp_path / "valley.yaml"
    ceasefire("new", file, "--quiet")
    text = file.read_text()
    assert 50 <= len(text.splitlines()) <= 90
    assert max(map(len, text.splitlines())) <= 88
    loaded = load(file)
    assert not set(load(FLAGSHIP).scenario.parties) & set(loaded.scenario.parties)
    assert not re.search(r"ukrain|russia|kursk|united", text, re.IGNORECASE)
    # What is left to a default is neutral, or a matter of how it is run.
    left = {
        re.sub(r"^parties\.\w+|^negotiation\.offers\.\w+", "*", path)
        for path, each in known_paths(loaded).items()
        if each.annotation.kind == "default"
    }
    assert left == {
        "*.aid_freeze_cost_km2",
        "*.bargaining_weight",
        "*.belief.learning_weight",
        "*.decision_noise_km2",
        "*.policy.name",
        "*.role",
        "*.sanctions_relief_value_km2",
        "*.value_of_harm",
        "*.aid_freeze",
        "*.hand_back",
        "*.relief",
        "*.kind",
        "*.offered_by",
        "*.sanctions_relief",
        "chips",
        "timeline",
        "aid.drift_km2_per_week",
        "aid.lag_weeks",
        "aid.level",
        "aid.long_run_level",
        "aid.revert_per_week",
        "aid.rule.name",
        "negotiation.counter_after_days",
        "negotiation.first_round",
        "negotiation.repeat_after_days",
        "step_days",
        "territory_flow",
        "truce.pressure_effect",
    }


def test_a_new_file_favours_neither_side(ceasefire, tmp_path):
    file = tmp_path / "valley.yaml"
    ceasefire("new", file)
    scenario = load(file).scenario
    north, south = (scenario.parties[name] for name in scenario.sides)
    belief = south.belief.model_copy(
        update={"drift_km2_per_week": -south.belief.drift_km2_per_week}
    )
    assert north == south.model_copy(update={"label": "North", "belief": belief})
    front = scenario.front
    assert (front.held_km2, front.drift_km2_per_week) == (front.stake_km2 / 2, 0)


def test_each_value_of_a_new_file_has_a_comment(ceasefire, tmp_path):
    """Of two parties the first explains the other."""
    file = tmp_path / "valley.yaml"
    ceasefire("new", file)
    lines = file.read_text().splitlines()
    south = range(lines.index("  south:"), lines.index("truce:"))
    values = [
        i
        for i, line in enumerate(lines)
        if re.search(r"^ *\w+: \S", line) and i not in south and "label" not in line
    ]
    plain = {
        "schema_version",
        "id",
        "title",
        "thirty_days",
        "freeze",
        "proposer_weights",
    }
    bare = [
        lines[i].split(":")[0].strip()
        for i in values
        if "#" not in lines[i] and "#" not in lines[i - 1]
    ]
    assert set(bare) <= plain


def test_what_is_commented_out_in_a_new_file_is_valid_too(ceasefire, tmp_path):
    file = tmp_path / "valley.yaml"
    ceasefire("new", file)
    text, count = re.subn(
        r"^( *)# ( *(?:[a-z_]+:(?: \{.*)?|- \{.*))$",
        r"\1\2",
        file.read_text(),
        flags=re.MULTILINE,
    )
    assert count == 7
    file.write_text(text)
    full = load(file).scenario
    assert full.patron == "neighbour"
    assert full.aid.drift_km2_per_week == 30
    assert full.chips["valley"].area_km2 == 200
    assert full.chips["captives"].unit == "people"
    assert full.timeline[0].offer == "thirty_days"
    assert ceasefire("run", file, "--json").code == 0


@pytest.mark.parametrize("origin", [*shipped(), "korea-1951"])
def test_a_copy_of_a_shipped_scenario_has_its_numbers_and_comments(
    ceasefire, tmp_path, origin
):
    file = tmp_path / "mine" / "my copy.yaml"
    assert ceasefire("new", file, "--from", origin).code == 0
    copy, original = load(file), load(origin)
    assert copy.hash == original.hash
    assert copy.scenario.id == "my-copy"
    assert copy.scenario.title == f"Changed from: {original.scenario.title}"
    source = find(origin).read_text(encoding="utf-8")
    for line in source.splitlines():
        if "#" in line and not line.startswith(("id:", "title:")):
            assert line in file.read_text(encoding="utf-8")


def test_a_scenario_that_extends_another_is_copied_with_it(ceasefire, family, tmp_path):
    file = tmp_path / "mine" / "less.yaml"
    reply = ceasefire("new", file, "--from", "cut")
    parent = file.parent / f"{FLAGSHIP}.yaml"
    assert reply.code == 0
    assert str(file) in reply.err
    assert str(parent) in reply.err
    assert file.read_text() == (
        f"# What if?\nextends: {FLAGSHIP}.yaml\nid: less\n"
        'title: "Changed from: Aid is cut"\naid: {level: 0}  # all of it\n'
    )
    assert parent.read_bytes() == (family / parent.name).read_bytes()
    shutil.rmtree(family)
    assert load(file).scenario.aid.level == 0


def test_a_parent_that_is_there_word_for_word_is_shared(ceasefire, family, tmp_path):
    assert ceasefire("new", tmp_path / "one.yaml", "--from", "cut").code == 0
    reply = ceasefire("new", tmp_path / "two.yaml", "--from", "cut")
    assert reply.code == 0
    assert f"written: {tmp_path / 'two.yaml'}\n" in reply.err


def test_a_parent_that_was_changed_is_not_overwritten(ceasefire, family, tmp_path):
    parent = tmp_path / f"{FLAGSHIP}.yaml"
    parent.write_text("mine")
    reply = ceasefire("new", tmp_path / "one.yaml", "--from", "cut")
    assert (reply.code, reply.out) == (2, "")
    assert f"{parent} would be overwritten" in reply.err
    assert parent.read_text() == "mine"
    assert not (tmp_path / "one.yaml").exists()


def test_a_copy_cannot_have_the_name_of_what_it_extends(ceasefire, family, tmp_path):
    reply = ceasefire("new", tmp_path / f"{FLAGSHIP}.yaml", "--from", "cut")
    assert (reply.code, reply.out) == (2, "")
    assert "choose another name" in reply.err
    assert not (tmp_path / f"{FLAGSHIP}.yaml").exists()


def test_nothing_is_overwritten_without_force(ceasefire, tmp_path):
    file = tmp_path / "war.yaml"
    file.write_text("mine")
    for more in ((), ("--from", FLAGSHIP)):
        reply = ceasefire("new", file, *more)
        assert (reply.code, reply.out) == (2, "")
        assert f"{file} would be overwritten; --force allows it" in reply.err
        assert file.read_text() == "mine"
    assert ceasefire("new", file, "--force").code == 0
    assert load(file).scenario.id == "war"


def test_a_file_that_is_new_already_is_still_not_written_again(ceasefire, tmp_path):
    file = tmp_path / "war.yaml"
    assert ceasefire("new", file).code == 0
    assert ceasefire("new", file).code == 2


@pytest.mark.parametrize(
    ("name", "known_as"),
    [
        ("no.yaml", "no"),
        ("1e3.yaml", "1e3"),
        ("010.yml", "010"),
        ("2025-03-13.yaml", "2025-03-13"),
        ("true.yaml", "true"),
        ("Ein Krieg (2).yaml", "Ein-Krieg-2"),
        ("..war.yaml", "war"),
        ("война.yaml", "scenario"),
        ("x" * 100 + ".yaml", "x" * 64),
    ],
)
def test_any_file_name_gives_an_id(ceasefire, tmp_path, name, known_as):
    assert ceasefire("new", tmp_path / name).code == 0
    assert load(tmp_path / name).scenario.id == known_as


@pytest.mark.parametrize("name", ["war", "war.txt", "war.yaml.bak"])
def test_a_file_that_no_command_would_take_for_a_scenario_is_refused(
    ceasefire, tmp_path, name
):
    reply = ceasefire("new", tmp_path / name)
    assert (reply.code, reply.out) == (2, "")
    assert f"did you mean '{tmp_path / name}.yaml'?" in reply.err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_scenario_to_start_from_is_answered_with_near_names(
    ceasefire, tmp_path
):
    reply = ceasefire("new", tmp_path / "war.yaml", "--from", "kursk-2025-03-31")
    assert (reply.code, reply.out) == (4, "")
    assert FLAGSHIP in reply.err
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(ceasefire, tmp_path):
    (tmp_path / "file").write_text("mine")
    reply = ceasefire("new", tmp_path / "file" / "war.yaml")
    assert (reply.code, reply.out) == (2, "")
    assert "is a file, not a folder" in reply.err


def test_the_next_command_can_be_pasted_whatever_the_name(ceasefire, tmp_path):
    """f23: a name with blanks, quotes or a dollar is quoted for the shell."""
    file = tmp_path / "my $war's (2).yaml"
    said = ceasefire("new", file).err
    show, run = said.splitlines()[-1].removeprefix("next: ").split(", ")
    assert shlex.split(show) == ["ceasefire", "show", str(file)]
    assert shlex.split(run) == ["ceasefire", "run", str(file)]
