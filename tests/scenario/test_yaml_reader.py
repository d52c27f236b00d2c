"""YAML 1.2 by its core schema, whatever PyYAML would have made of it."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.problems import Place
from sim.scenario.yaml_file import quoted, read, read_text
from tests.conftest import examples


def _value(text):
    document = read_text(f"x: {text}", "f")
    assert document.problems == []
    return document.data["x"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("0b1", "0b1"),
        ("1e3", 1000.0),
        ("1.5e-3", 0.0015),
        (".5", 0.5),
        ("5.", 5.0),
        ("+3", 3),
        ("-0.0", 0.0),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2025-03-13", "2025-03-13"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("Null", None),
        ("'12'", "12"),
        ('"null"', "null"),
        ("-.inf", -math.inf),
        ("=", "="),
        ("٣", "٣"),
        ("1" * 31, float("1" * 31)),
    ],
)
def test_a_plain_word_means_what_yaml_1_2_says(text, expected):
    value = _value(text)
    assert value == expected
    assert type(value) is type(expected)


def test_nan_is_read_and_left_to_the_fields_to_refuse():
    assert math.isnan(_value(".nan"))


def test_a_merge_key_is_a_name_like_any_other():
    assert read_text("a: &a {x: 1}\nb: {<<: *a}", "f").data["b"] == {"<<": {"x": 1}}


def test_places_are_those_of_keys_and_values():
    document = read_text("a:\n  - b: 1\n  - c\n", "f")
    assert document.data == {"a": [{"b": 1}, "c"]}
    assert document.keys["a", 0, "b"] == Place("f", 2, 5, "  - b: 1")
    assert document.values["a", 0, "b"] == Place("f", 2, 8, "  - b: 1")
    assert document.values["a", 1] == Place("f", 3, 5, "  - c")


def test_a_byte_order_mark_is_skipped():
    assert read(b"\xef\xbb\xbfa: 1\n", "f").data == {"a": 1}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_lines_are_counted_as_yaml_ends_them(end):
    text = f"a: 1{end}b: 2{end}b: 3{end}"
    [problem] = read_text(text, "f").problems
    assert (problem.place.line, problem.place.text) == (3, "b: 3")


def test_a_caret_stays_under_its_column_on_a_long_line_and_after_a_tab():
    line = f"a: '{'x' * 300}'\tb"
    place = Place("f", 1, line.index("\t") + 1, line)
    shown, caret = place.caret().split("\n")
    assert len(shown) <= 124
    assert shown[len(caret) - 2] == "'"
    assert "\t" not in shown


def test_a_text_in_quotes_is_read_as_it_was_whatever_is_in_it():
    every = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    text = "".join([*every, "\U0001f54a\U000e0001\U0010ffff"])
    line = quoted(text)
    assert line.isprintable()
    assert read_text(line, "f").data == text


def test_two_escapes_of_json_are_one_character():
    assert _value('"\\ud83d\\udd4a"') == "\U0001f54a"
    (problem,) = read_text('x: "\\ud83d"', "f").problems
    assert problem.message == "half of a surrogate pair is not text"


junk = st.text(
    st.one_of(
        st.sampled_from("\n\n  :-[]{},&*!|>'\"#%@`?~abc019.e+_\t"),
        st.characters(codec="utf-8"),
    ),
    max_size=200,
)


@given(junk)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_junk_is_a_scenario_error_and_nothing_else(tmp_path, text):
    file = tmp_path / "junk.yaml"
    file.write_bytes(text.encode())
    with pytest.raises(ScenarioError):
        load(file)


@given(st.binary(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_of_any_kind_are_a_scenario_error_and_nothing_else(tmp_path, raw):
    file = tmp_path / "junk.yaml"
    file.write_bytes(raw)
    with pytest.raises(ScenarioError):
        load(file)


@given(
    st.lists(
        st.tuples(st.integers(0, 20_000), st.integers(0, 30), junk),
        min_size=1,
        max_size=4,
    )
)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=examples(60),
)
def test_a_spoilt_flagship_loads_or_is_a_scenario_error(
    tmp_path, flagship_text, spoils
):
    text = flagship_text
    for start, length, put in spoils:
        start %= len(text)
        text = text[:start] + put[:12] + text[start + length :]
    file = tmp_path / "spoilt.yaml"
    file.write_bytes(text.encode())
    try:
        loaded = load(file)
    except ScenarioError as error:
        for problem in error.problems:
            assert problem.startswith(f"{file}:"), problem
    else:
        front = loaded.scenario.front
        assert 0 < front.held_km2 < front.stake_km2


def test_what_is_done_to_a_document_is_not_there_when_it_is_read_again():
    text = "a: {b: [1]}\na: 2\n"
    first, untouched = read_text(text, "f"), read_text(text, "f")
    first.data["a"]["b"].append(2)
    first.values.clear()
    first.keys.clear()
    first.problems.clear()
    assert untouched == read_text(text, "f")
    assert untouched.data == {"a": {"b": [1]}}
    assert len(untouched.problems) == 1
    assert read_text(text, "other").problems[0].place.file == "other"
