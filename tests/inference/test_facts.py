"""Files of facts: what is shipped, and what each mistake gets."""

import re

import pytest

from sim.errors import InputMissingError, ScenarioError
from sim.scenario.fact_file import days_needed, load_facts, shipped_facts

ONE = """
title: One fact
facts:
  - id: quiet
    scenario: kursk-2024-08-20
    date: 2025-03-12
    statement: Nothing happened
    coded: {name: truce, kind: full, begins: false, from_day: 0, to_day: 204}
"""


@pytest.fixture
def write(tmp_path):
    def written(text):
        file = tmp_path / "facts.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return written


@pytest.mark.parametrize("name", sorted(shipped_facts()))
def test_shipped_facts_are_valid_and_have_words_and_sources(name):
    found = load_facts(name)
    assert found.name == name
    for fact in found.content.facts:
        assert fact.source.startswith("http") or fact.note.startswith("Absence")
        assert fact.statement


def test_the_facts_of_march_2025_are_of_two_scenarios():
    found = load_facts("march-2025")
    assert {name: len(found.of(name)) for name in found.scenarios} == {
        "kursk-2025-03-13": 3,
        "kursk-2024-08-20": 4,
    }
    start = found.scenarios["kursk-2025-03-13"].scenario.start_date
    assert all(fact.date <= start for fact in found.content.facts)
    before = found.scenarios["kursk-2024-08-20"]
    assert days_needed(found.of("kursk-2024-08-20"), before, start) == 205


# What is replaced, by what, and what is said of it.
MISTAKES = [
    ("kind: full", "kind: ful", r":8:\d+: facts.0.coded.kind: 'ful' is not one of"),
    ("to_day: 204", "to_dya: 204", r"facts.0.coded.to_dya: unknown field; did you"),
    ("to_day: 204", "to_day: 300", r"day 300 is later than the date of the fact, day"),
    ("from_day: 0", "from_day: 205", r"204 is before from_day, 205"),
    ("name: truce", "name: armistice", r"'armistice' is not one of first_answer"),
    ("2025-03-12", "yesterday", r"needs a date such as"),
    ("kursk-2024-08-20", "kursk-2024", r"no scenario 'kursk-2024'; did you mean"),
    (
        "coded:",
        "tolerance: 1\n    coded:",
        r"tolerance: belongs to a number or a count",
    ),
    ("id: quiet", "id: 1x", r"facts.0.id: '1x' is not a plain name"),
    ("title: One fact", "titel: One fact", r"titel: unknown field; did you mean"),
    (
        "{name: truce, kind: full, begins: false, from_day: 0, to_day: 204}",
        "{name: chip, chip: sumy, day: 3, size: 900}",
        r"tolerance: is missing: the standard error",
    ),
    (
        "{name: truce, kind: full, begins: false, from_day: 0, to_day: 204}",
        "{name: first_answer, party: ukraine, offer: swop, answer: reject}",
        r"'swop' is none of kursk-2024-08-20 .*did you mean 'swap'",
    ),
    (
        "{name: truce, kind: full, begins: false, from_day: 0, to_day: 204}",
        "{name: every_answer, party: united_states, offer: swap, answer: reject}",
        r"'united_states' is none of kursk-2024-08-20 \(russia, ukraine\)",
    ),
    (
        "{name: truce, kind: full, begins: false, from_day: 0, to_day: 204}",
        "{name: first_answer, party: russia, offer: swap, answer: accept, "
        "including: [hand_back]}",
        r"including: belongs to a conditional answer",
    ),
    (
        "{name: truce, kind: full, begins: false, from_day: 0, to_day: 204}",
        "{name: line, day: 3, held_km2: .nan}",
        r"held_km2: needs a finite number",
    ),
    (
        "{name: truce, kind: full, begins: false, from_day: 0, to_day: 204}",
        "{name: aid_level, day: 3, level: -1}",
        r"level: -1 is below 0",
    ),
    ("kursk-2024-08-20", "/etc/hostname", r"no scenario '/etc/hostname'"),
]


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES, ids=[m[1] for m in MISTAKES])
def test_each_mistake_is_named_at_its_place(write, old, new, said):
    assert old in ONE
    file = write(ONE.replace(old, new, 1))
    with pytest.raises(ScenarioError) as error:
        load_facts(file)
    assert re.search(said, str(error.value)), str(error.value)
    assert re.search(rf"{re.escape(str(file))}:\d+:\d+: ", str(error.value))


def test_two_facts_of_one_name_are_refused(write):
    again = ONE + ONE[ONE.index("  - id") :].replace("Nothing", "Nothing else")
    with pytest.raises(ScenarioError, match=r"facts.1.id: 'quiet' is named twice"):
        load_facts(write(again))


def test_a_file_of_another_shape_is_refused(write):
    with pytest.raises(ScenarioError, match="a file of facts is a mapping"):
        load_facts(write("- 1\n"))
    with pytest.raises(ScenarioError):
        load_facts(write("title: [\n"))


def test_facts_that_are_not_there_are_told_with_those_that_are():
    with pytest.raises(InputMissingError, match="these are shipped: march-2025"):
        load_facts("march-2024")


def test_a_scenario_may_stand_beside_its_facts(write, tmp_path):
    (tmp_path / "own.yaml").write_text(
        "extends: other.yaml\nid: own\n", encoding="utf-8"
    )
    with pytest.raises(ScenarioError, match=r"facts.0.scenario: own.yaml is not valid"):
        load_facts(write(ONE.replace("kursk-2024-08-20", "own.yaml")))
