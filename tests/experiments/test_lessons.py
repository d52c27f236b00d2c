"""Lessons: each is whole, and every number in its text is the model's."""

import doctest
import json
import re
import shlex
import subprocess
import sys

import pytest
from lesson_parts import marks
from lesson_parts.definition import LESSONS, folders, open_lesson
from lesson_parts.marks import marked, unmarked, wrong
from lesson_parts.sources import source_of

from sim.batch.settings import parse_settings
from sim.theory.catalogue import calculate
from sim.theory.inputs import pairs
from tests.docs.runner import blocks

SECTIONS = [
    "## Guess first",
    "## The experiment",
    "## What to notice",
    "## Exercises",
    "## What the model leaves out",
    "## The paper behind it",
]
FORECAST = "a model's answer, not a forecast"
THEORY = re.compile(r"^`?ceasefire theory (.*?)`?$")


def page(number):
    return (folders()[number] / "lesson.md").read_text(encoding="utf-8")


def commands(number):
    """The commands of a page, in blocks and in the text."""
    text = page(number)
    shown = "".join(blocks(text, "sh")).splitlines()
    return shown + [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", text)]


def all_sources(lesson):
    return lesson.sources | lesson.exercises


every_lesson = pytest.mark.parametrize("number", folders())


def test_there_are_eight_lessons_numbered_from_one():
    assert list(folders()) == list(range(1, 9))


def test_marks_work_as_their_examples_say():
    assert doctest.testmod(marks).failed == 0


def test_each_lesson_on_truces_counts_both_headlines():
    columns = {
        number: {
            column
            for source in open_lesson(number).sources.values()
            for column in source.get("columns", {})
        }
        for number in folders()
    }
    both = {"full_truce_share", "fighting_stopped_share"}
    assert [number for number in columns if both <= columns[number]] == [2, 3, 5, 7]


def test_a_number_that_is_wrong_or_has_no_mark_is_found():
    numbers = {"land.0.5.war": 0.254}
    text = "war in 26<!--100 * land.0.5.war--> of 100, 2 of 9 (0.3<!--land.war-->)"
    assert unmarked(text) == ["2", "9"]
    assert [wrong(each, numbers) for each in marked(text)] == [
        "line 1: 26 should be 25 (100 * land.0.5.war)",
        "line 1: no number is called 'land.war'",
    ]


@every_lesson
def test_a_lesson_has_its_sections_in_order(number):
    text = page(number)
    places = [text.find(f"{section}\n") for section in SECTIONS]
    assert -1 not in places
    assert places == sorted(places)
    assert text.startswith(f"# Lesson {number}: {open_lesson(number).title}\n")
    assert "**The question.**" in text
    assert "> My guess" in text
    assert f"python experiments/lessons/run.py {number}" in commands(number)
    assert "](figure.svg)" in text
    assert " ".join(text.split()).count(FORECAST) == 1


@every_lesson
def test_a_lesson_has_three_exercises_and_hides_their_answers(number):
    text = page(number).partition("## Exercises")[2]
    exercises, answers = text.partition("## What")[0].split("<details>")
    for part in (exercises, answers):
        assert re.findall(r"^(\d)\. ", part, re.MULTILINE) == ["1", "2", "3"]


@every_lesson
def test_a_lesson_names_one_to_three_papers(number):
    papers = page(number).partition("## The paper behind it")[2]
    assert 1 <= len(re.findall(r"^- .*\(\d{4}\)", papers, re.MULTILINE)) <= 3


@every_lesson
def test_every_number_of_a_lesson_is_marked(number):
    text = page(number)
    assert unmarked(text) == []
    assert len(marked(text)) >= 8


@every_lesson
def test_a_mark_that_is_only_a_number_is_the_size_of_a_setting_of_the_lesson(number):
    given = {0.0}
    for file in folders()[number].glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        for spread in re.findall(r"-?\d[\d.]*:-?\d[\d.]*:\d+", text):
            given.update(map(abs, parse_settings(spread)))
        given.update(map(float, re.findall(r"(?<![\w.])\d+(?:\.\d+)?\b", text)))
    plain = [each for each in marked(page(number)) if not re.search("[a-z]", each.mark)]
    rounded = {round(each, 9) for each in given}
    assert [each for each in plain if round(float(each.mark), 9) not in rounded] == []


@every_lesson
def test_every_calculator_that_a_lesson_names_is_one_of_its_sources(number):
    theory = [
        {key: value for key, value in given.items() if key not in ("columns", "derive")}
        for given in all_sources(open_lesson(number)).values()
        if "theory" in given
    ]
    asked = [found[1] for text in commands(number) if (found := THEORY.match(text))]
    for command in asked:
        name, *words = shlex.split(command)
        inputs, problems = pairs(words)
        calculate(name, inputs, problems)
        numbers = {key: float(value) for key, value in inputs.items()}
        assert {"theory": name, **numbers} in theory


@every_lesson
def test_numbers_that_need_no_simulation_are_those_of_the_text(number):
    lesson, numbers = open_lesson(number), {}
    simulated = {name for name, each in all_sources(lesson).items() if "sweep" in each}
    for name, given in all_sources(lesson).items():
        if name not in simulated:
            numbers |= source_of(name, given, lesson.folder).numbers()
    problems = [
        problem
        for each in marked(page(number))
        if not simulated & set(re.findall(r"[a-z_]\w*(?=\.)", each.mark))
        if (problem := wrong(each, numbers))
    ]
    assert problems == []


@every_lesson
def test_the_figure_of_a_lesson_is_small_and_says_what_it_shows(number):
    svg = (folders()[number] / "figure.svg").read_text(encoding="utf-8")
    assert len(svg) < 150_000
    words = re.search(r"<desc id=\"figure-desc\">(.*?)</desc>", svg, re.DOTALL)[1]
    assert 40 <= len(words.split()) <= 110


def test_each_lesson_stands_in_the_list_of_lessons_and_the_documentation(checkout):
    listed = (LESSONS / "README.md").read_text(encoding="utf-8")
    for folder in folders().values():
        assert f"]({folder.name}/lesson.md)" in listed
    documentation = (checkout / "docs" / "README.md").read_text(encoding="utf-8")
    assert "(../experiments/lessons/README.md)" in documentation


@pytest.mark.slow
@every_lesson
def test_a_lesson_gives_every_number_of_its_text(number, tmp_path, checkout):
    command = ["experiments/lessons/run.py", str(number), "--out", str(tmp_path)]
    reply = subprocess.run(
        [sys.executable, *command, "--guess", "3"],
        cwd=checkout,
        capture_output=True,
        text=True,
    )
    assert reply.returncode == 0, reply.stderr
    assert "Your guess: 3" in reply.stdout
    folder = tmp_path / folders()[number].name
    files = {each.name for each in folder.iterdir()}
    assert {"figure.svg", "figure.csv", "figure.txt", "numbers.json"} <= files
    told = json.loads((folder / "numbers.json").read_text(encoding="utf-8"))
    problems = [wrong(each, told["numbers"]) for each in marked(page(number))]
    assert list(filter(None, problems)) == []


@pytest.mark.slow
@every_lesson
def test_the_figure_that_a_lesson_shows_is_the_one_that_it_makes(
    number, tmp_path, monkeypatch
):
    from run import run

    folder = run(number, tmp_path)
    made, kept = (
        re.search(r"<desc.*?</desc>", file.read_text(encoding="utf-8"), re.DOTALL)[0]
        for file in (folder / "figure.svg", folders()[number] / "figure.svg")
    )
    assert made == kept
