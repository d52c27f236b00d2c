"""Lessons: each is whole, and every number in its text is the model's."""

import json
import re
import shlex

import pandas as pd
import pytest

from sim.api.lessons.definition import folders, lessons_folder, open_lesson
from sim.api.lessons.marks import marked, unmarked, wrong
from sim.api.lessons.sources import Source, source_of
from sim.batch.settings import parse_settings
from sim.cli import exit_code
from sim.cli.lesson import readable, table_of
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
FIGURE = ("figure.svg", "figure.png", "figure.csv")
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


def test_there_are_ten_lessons_numbered_from_one():
    assert list(folders()) == list(range(1, 11))


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
    assert [number for number in columns if both <= columns[number]] == [2, 3, 5, 7, 9]


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
    assert f"ceasefire lesson {number}" in commands(number)
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
    for each in plain:  # "100 * 0.015" says what 0.015 is of 100
        figures = map(float, re.findall(r"[\d.]+", each.mark.removeprefix("100 * ")))
        assert {round(figure, 9) for figure in figures} <= rounded, each


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
    listed = (lessons_folder() / "README.md").read_text(encoding="utf-8")
    for folder in folders().values():
        assert f"]({folder.name}/lesson.md)" in listed
    documentation = (checkout / "docs" / "README.md").read_text(encoding="utf-8")
    assert "(../experiments/lessons/README.md)" in documentation


@pytest.mark.slow
@every_lesson
def test_a_lesson_gives_every_number_of_its_text_and_the_figure_that_it_shows(
    number, tmp_path, capsys
):
    words = ["lesson", str(number), "--guess", "3", "--answers"]
    assert exit_code([*words, "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "Your guess: 3" in printed
    assert "<!--" not in printed
    files = {each.name for each in tmp_path.iterdir()}
    assert files == {*FIGURE, "figure.txt", "numbers.json"}
    told = json.loads((tmp_path / "numbers.json").read_text(encoding="utf-8"))
    problems = [wrong(each, told["numbers"]) for each in marked(page(number))]
    assert list(filter(None, problems)) == []
    made, kept = (
        re.search(r"<desc.*?</desc>", file.read_text(encoding="utf-8"), re.DOTALL)[0]
        for file in (tmp_path / "figure.svg", folders()[number] / "figure.svg")
    )
    assert made == kept


# ---- in the terminal -----------------------------------------------------------------


def test_a_lesson_is_read_in_its_order_and_hides_its_answers(capsys):
    assert exit_code(["lesson", "1"]) == 0
    printed = capsys.readouterr().out
    heads = ["Guess first", "The experiment", "What to notice", "Exercises"]
    places = [printed.index(f"\n{head}\n") for head in heads]
    assert places == sorted(places)
    assert "The model: 30" in printed[places[1] : places[2]]
    assert "add --answers" in printed
    assert "Your guess" not in printed


def test_columns_of_what_a_lesson_prints_are_words():
    given = {"theory": "fearon_range", "p": "0.2:0.6:3", "cA": 0.1, "cB": 0.2}
    source = source_of("odds", given, lessons_folder())
    lines = list(table_of(source))
    text = " ".join(" ".join(lines).split())
    assert "chance that A wins" in text
    assert "room for agreement" in text
    table = pd.DataFrame(
        {
            "aid.level": [0.5, 1.0],
            "full_truce_share": [0.1, 0.25],
            "full_truce_share_low": [0.08, 0.2],
            "full_truce_share_high": [0.12, 0.3],
        }
    )
    words = {"full_truce_share": "runs in which a full truce begins by day 180"}
    made = Source("aid", table, {"aid.level": "aid"}, words, {}, "somewhere")
    *heads, first, second = table_of(made)
    assert "runs of 100 in which" in " ".join(heads)
    assert first.split(maxsplit=1) == ["0.5", "10.0 (8.0 to 12.0)"]
    assert second.split(maxsplit=1) == ["1", "25.0 (20.0 to 30.0)"]
    assert not any("_share" in line for line in heads)


def test_a_wide_table_is_broken_into_several():
    table = pd.DataFrame({f"c{i}": [float(i)] for i in range(9)})
    words = {f"c{i}": f"what the column number {i} says" for i in range(9)}
    lines = list(table_of(Source("wide", table, {}, words, {}, "somewhere")))
    assert max(map(len, lines)) <= 100
    assert sum("8" in line.split() for line in lines) == 2  # its words, its number


def test_a_page_is_readable_without_marks_links_and_stars():
    text = (
        "**War** is *dear*: 3<!--a.b--> of [4](x.md).\n\n![alt](f.svg)\n\n- one\n  two"
    )
    assert [line for line in readable(text, answers=True) if line] == [
        "War is dear: 3 of 4.",
        "  - one two",
    ]


def test_all_lessons_are_listed_and_another_number_is_refused(capsys):
    assert exit_code(["lesson"]) == 0
    printed = capsys.readouterr().out
    for number in folders():
        assert open_lesson(number).title in printed
    assert exit_code(["lesson", "99"]) == 4
    assert "there is no lesson 99" in capsys.readouterr().err
