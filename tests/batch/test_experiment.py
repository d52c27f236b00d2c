"""An experiment file, and its mistakes, each by line and column."""

import pytest

from sim.batch.experiment import experiment_file, read_experiment
from sim.errors import InputMissingError, ScenarioError
from tests.conftest import ROOT

FLAGSHIP = "kursk-2025-03-13"
GOOD = """\
question: Does it?
scenario: kursk-2025-03-13
vary:
  chips.kursk.area_km2: 0:1000:11
  aid.level: [1, 0.5]
replicates: 500
"""


@pytest.fixture
def write(tmp_path):
    def written(text):
        file = tmp_path / "experiment.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return written


def test_an_experiment_says_all_that_a_command_would(write):
    found = read_experiment(write(GOOD))
    assert found.scenario == "kursk-2025-03-13"
    assert found.vary["chips.kursk.area_km2"][3] == 300.0
    assert found.vary["aid.level"] == (1.0, 0.5)
    assert found.numbers == {"replicates": 500}
    assert (found.question, found.expect) == ("Does it?", "")


def test_a_scenario_beside_the_experiment_is_found(write, tmp_path):
    flagship = ROOT / "scenarios" / "kursk-2025-03-13.yaml"
    (tmp_path / "mine.yaml").write_bytes(flagship.read_bytes())
    found = read_experiment(write(GOOD.replace("kursk-2025-03-13", "mine.yaml")))
    assert found.scenario == tmp_path / "mine.yaml"


@pytest.mark.parametrize(
    "file", sorted((ROOT / "experiments").glob("*/experiment.yaml")), ids=str
)
def test_every_experiment_here_is_valid(file):
    found = read_experiment(file)
    assert found.question
    assert found.expect
    assert experiment_file(str(file.parent)) == file


def test_all_mistakes_are_named_with_their_places(write):
    text = """\
scenario: kursk-2025-03-14
varry: {}
vary:
  chips.kursk.area_km2: 0:1000
  aid.level: [1, 1]
  aid.lag_weeks: [1, [1000-01-01, 1, x], {a: .inf}]
replicates: 0
seed: yes
within_days: 1.5
question: [1]
set: 3
"""
    file = write(text)
    with pytest.raises(ScenarioError) as error:
        read_experiment(file)
    problems = [each.splitlines()[0] for each in error.value.problems]
    expected = [
        ("1:11", "scenario: no scenario 'kursk-2025-03-14'"),
        ("2:1", "varry: unknown field; did you mean 'vary'?"),
        ("4:25", "needs FROM:TO:COUNT or a list; 0:1000 is for design: lhs"),
        ("5:14", "1 is given twice"),
        ("6:18", "a setting holds numbers and words, not inf"),
        ("7:13", "replicates: needs a whole number from 1, not 0"),
        ("8:7", "seed: needs a whole number from 0, not 'yes'"),
        ("9:14", "within_days: needs a whole number from 1, not 1.5"),
        ("10:11", "question: needs text, not a list"),
        ("11:6", "set: needs values by path, not 3"),
    ]
    assert len(problems) == len(expected)
    for problem, (place, message) in zip(problems, expected, strict=True):
        assert problem.startswith(f"{file}:{place}: ")
        assert message in problem
    assert "did you mean 'kursk-2025-03-13'?" in problems[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1, 2]", "an experiment is a mapping of fields"),
        ("", "the file is empty"),
        ("a: b: c", "not YAML"),
        ("replicates: 10", "scenario: is missing"),
        ("scenario: 5", "needs the id or the path of a scenario, not 5"),
        (f"{GOOD}vary: {{}}\n", "repeated"),
        (f"{GOOD}seed: .inf\n", "needs a whole number from 0"),
        (f"{GOOD}precision: 0.01\n", "replicates or precision, not both"),
        ("precision: 0.7", "must be at least 1e-05 and below 0.5, not 0.7"),
        ("precision: fine", "needs a number, not 'fine'"),
    ],
)
def test_a_file_that_is_no_experiment_says_why(write, text, message):
    with pytest.raises(ScenarioError) as error:
        read_experiment(write(text))
    assert message in str(error.value)


def test_a_missing_experiment_is_looked_for(tmp_path):
    with pytest.raises(InputMissingError, match="no such file"):
        read_experiment(tmp_path / "experiment.yaml")


def test_a_scenario_is_not_taken_for_an_experiment(tmp_path):
    assert experiment_file("kursk-2025-03-13") is None
    assert experiment_file(str(ROOT / "scenarios" / "kursk-2025-03-13.yaml")) is None
    assert experiment_file(str(tmp_path)) is None


def test_an_experiment_may_name_points_a_file_or_a_way_to_draw_them(write, tmp_path):
    head = f"scenario: {FLAGSHIP}\n"
    points = head + "design:\n  - {aid.level: 1}\n  - {aid.level: 0.5}\n"
    found = read_experiment(write(points)).design
    assert [point["aid.level"] for point in found.points] == [1.0, 0.5]
    assert found.rows[1].endswith("experiment.yaml:4:5: design")
    assert read_experiment(write(head + "design: p.csv\n")).design == tmp_path / "p.csv"
    drawn = read_experiment(write(head + "design: lhs:9\nvary: {aid.level: 0:1}\n"))
    assert (drawn.design, str(drawn.vary["aid.level"])) == ("lhs:9", "0:1")


def test_mistakes_in_points_have_their_places(write):
    file = write(f"scenario: {FLAGSHIP}\ndesign:\n  - 3\n  - {{aid.level: .nan}}\n")
    with pytest.raises(ScenarioError) as error:
        read_experiment(file)
    assert f"{file}:3:5: design.0: needs values by path, not 3" in str(error.value)
    assert f"{file}:4:17: design.1.aid.level: a setting is a" in str(error.value)
