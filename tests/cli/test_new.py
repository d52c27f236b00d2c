"""`ceasefire new`: a file that is valid, runs, and says what may be changed in it."""

import json
import re
import shlex
import shutil

import pytest

from sim.scenario.library import find, shipped
from sim.scenario.load import load

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


def test_a_new_file_is_short_commented_and_names_parties_of_no_war(ceasefire, tmp_path):
    file = tmp_path / "valley.yaml"
    ceasefire("new", file, "--quiet")
    text = file.read_text()
    assert 15 <= len(text.splitlines()) <= 40
    assert max(map(len, text.splitlines())) <= 88
    assert text.count("#") > 10
    parties = set(load(FLAGSHIP).scenario.parties)
    assert not parties & set(load(file).scenario.parties)
    assert not re.search(r"ukrain|russia|kursk|united", text, re.IGNORECASE)


def test_what_is_commented_out_in_a_new_file_is_valid_too(ceasefire, tmp_path):
    file = tmp_path / "valley.yaml"
    ceasefire("new", file)
    text, count = re.subn(
        r"^( *)# ( *[a-z_]+:(?: \{.*)?)$", r"\1\2", file.read_text(), flags=re.MULTILINE
    )
    assert count == 7
    file.write_text(text)
    full = load(file).scenario
    assert full.patron == "neighbour"
    assert full.front.win_probability == 0.45
    assert full.chips["valley"].area_km2 == 200
    assert full.negotiation.offers["sixty_days"].duration_days == 60
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
