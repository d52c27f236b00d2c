"""Files made to harm: refused soon, in few words, none of them for the terminal."""

import os
import time

import pytest

from sim.batch.designs import read_points
from sim.batch.experiment import read_experiment
from sim.batch.settings import split
from sim.cli.group import exit_code
from sim.errors import InputMissingError, ScenarioError
from sim.scenario.load import load
from sim.theory.actor_table import read_table
from tests.scenario.conftest import SHORT

SLOW = pytest.mark.slow
SECONDS = 20.0  # of processor time; each took minutes, or all the memory

MANY = {
    "aliases of a long text (r08)": lambda: (
        f'a: &a "{"x" * 900_000}"\nb: [{",".join(["*a"] * 19_000)}]'
    ),
    "fields of version 1": lambda: (
        "schema_version: 1\nparties:\n"
        + "".join(f"  p{i}: {{cost_of_war: {'9' * 90}}}\n" for i in range(6000))
    ),
    "words in the place of numbers of version 1": lambda: (
        f"schema_version: 1\nfront: {{share: {'x' * 900_000}}}"
    ),
    "aliases of a long name": lambda: (
        f'a: &a "{"x" * 900_000}"\nb: [{",".join(["{*a : 1}"] * 6000)}]'
    ),
    "values": lambda: f"[{'a,' * 490_000}]",
    "names": lambda: "".join(f"k{i}: 1\n" for i in range(90_000)),
    "mistakes on one long line": lambda: f"[{'!x a,' * 190_000}]",
    "unknown fields": lambda: SHORT + "".join(f"titel{i}: 1\n" for i in range(9000)),
    "unknown fields on one line": lambda: SHORT.replace(
        "{", f"{{{', '.join(f'belif{i}: 1' for i in range(9000))}, ", 1
    ),
    "chips": lambda: SHORT + "".join(f"  c{i}: {{area: 1}}\n" for i in range(6000)),
    "parties and offers": lambda: (
        SHORT.replace(
            "chips:",
            "\n".join(f"  s{i}: {{role: patron}}" for i in range(999)) + "\nc:",
        )
        + f"negotiation: {{offers: {{{', '.join(f'o{i}: {{}}' for i in range(999))}}}}}"
    ),
    "regimes that switch to each other": lambda: (
        SHORT
        + "    regimes:\n"
        + "".join(
            f"      r{i}: {{switch_per_week: {{q{i}: 1}}}}\n" for i in range(4000)
        )
    ),
    "references to nobody": lambda: (
        SHORT + f"negotiation: {{offers: {{o: {{offered_by: [{'nort, ' * 9000}]}}}}}}"
    ),
    "items of a list": lambda: SHORT.replace(
        "north: {", f"north: {{conditions: [{'pease, ' * 9000}], "
    ),
    "merges": lambda: (
        "a: &a {x: 1}\n" + "".join(f"b{i}: {{<<: *a}}\n" for i in range(9000))
    ),
    "digits": lambda: SHORT.replace("2000", "9" * 900_000),
    "digits of an exponent": lambda: SHORT.replace("2000", f"1e{'9' * 900_000}"),
    "digits of a date": lambda: SHORT.replace("2020-01-01", "9" * 99_999 + "-01-01"),
    "letters of an anchor": lambda: f"a: *{'a' * 900_000}",
    "letters of a tag": lambda: f"a: !{'a' * 900_000} x",
    "letters of an id": lambda: SHORT.replace("short", "a" * 900_000 + "!"),
    "letters of a holder": lambda: SHORT.replace(
        "holder: north", "holder: " + "n" * 9**6
    ),
    "letters of a name": lambda: SHORT.replace(
        "bridge", '? "' + "b" * 900_000 + '"\n  '
    ),
    "empty lines": lambda: "\n" * 900_000 + "a: 1",
}


QUICK = (
    "aliases of a long text (r08)",
    "chips",
    "fields of version 1",
    "merges",
    "digits",
    "letters of a tag",
)


@pytest.mark.parametrize(
    "what", [each if each in QUICK else pytest.param(each, marks=SLOW) for each in MANY]
)
def test_too_many_of_anything_are_refused_soon_and_in_few_words(what, write):
    file = write(text=MANY[what]())
    began = time.process_time()
    with pytest.raises(ScenarioError) as found:
        load(file)
    text = str(found.value)
    assert time.process_time() - began < SECONDS
    assert len(text) < 50_000
    assert max(map(len, text.split("\n"))) < 2000


@pytest.mark.parametrize("text", ["'a" * 60_000, 'a:"' * 40_000, "[{" * 60_000])
def test_commas_of_a_long_text_are_found_in_one_walk(text):
    began = time.process_time()
    assert "".join(split(text)) == text
    assert time.process_time() - began < 2.0


def test_a_file_and_those_it_extends_are_large_together(write, tmp_path):
    for i in range(4):
        text = f"extends: f{i + 1}.yaml\n# {'x' * 300_000}\n"
        write(text=text, name=f"f{i}.yaml")
    with pytest.raises(ScenarioError, match="more than 1,000,000 bytes together"):
        load(tmp_path / "f0.yaml")


def test_links_in_a_circle_are_refused(write, tmp_path):
    (tmp_path / "a.yaml").symlink_to("b.yaml")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    with pytest.raises(ScenarioError, match="extends"):
        load(write(text="extends: a.yaml\nid: x\n"))


READERS = {
    "scenario": load,
    "experiment": read_experiment,
    "points": read_points,
    "actors": read_table,
}


@pytest.fixture
def pipe(tmp_path):
    path = tmp_path / "pipe.yaml"
    os.mkfifo(path)
    return path


@pytest.mark.parametrize("what", READERS)
def test_pipes_devices_and_windows_into_the_system_are_no_files(what, pipe):
    read = READERS[what]
    for path in (pipe, "/dev/zero", "/dev/tty", "/proc/self/maps"):
        with pytest.raises((InputMissingError, OSError), match="not a regular file"):
            read(type(pipe)(path))


def test_a_file_that_extends_a_pipe_is_refused_by_its_line(pipe, write):
    """r22: it waited for ever."""
    said = r"s.yaml:1:10: extends: .*pipe.yaml cannot be read: not a regular file"
    with pytest.raises(ScenarioError, match=said):
        load(write(text="extends: pipe.yaml\nid: a\n"))


STEERS = "\x1b]0;title\x07\x1b[31mred"


@pytest.mark.parametrize(
    "text",
    [
        SHORT.replace("title: Two", r'title: "\e]0;x\a\e[31mTwo"' + " #"),
        SHORT.replace("holder: north", r'holder: "\e[31mnorth"'),
        SHORT.replace("north: {", r'"\e[31mnorth": {'),
        SHORT.replace("north: {", r'north: {label: "\e[31m", '),
        SHORT + r"schema_version: 1" + "\n" + r'aid: {log_odds_per_unit: "\e[31m"}',
        SHORT.replace("peak_km2: 20", r'peak_km2: {value: 20, source: "\e[31m"}'),
        SHORT + r'notes: "\e[31m"',
        SHORT + r'sources: ["\e[31m"]',
        r'extends: "\e[31mno.yaml"',
        f"a: {STEERS}",
        "a: [1] # \u202e\x85\u2028",
        r'"\e[31m": !<\e> "\e"',
    ],
)
def test_what_a_file_says_does_not_reach_the_terminal_raw(text, write, capsys):
    file = write(text=text)
    for command in ("validate", "show", "run", "sweep"):
        assert exit_code([command, str(file)]) in (2, 3, 4)
        said = capsys.readouterr()
        assert said.out == ""
        assert all(line.isprintable() for line in said.err.split("\n")), said.err


def test_files_in_another_coding_name_the_byte(problems):
    assert "not UTF-8: byte 0xff" in problems(text=SHORT.encode("utf-16"))[0]
    assert "the character '\\x00'" in problems(text=SHORT + "\0")[0]
