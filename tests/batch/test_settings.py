"""What `--vary` takes, and what it says when it does not."""

from datetime import date

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.batch.settings import Range, parse_vary, settings, shown, spaced
from sim.errors import UsageError

bounded = st.floats(-1e6, 1e6)


@given(bounded, bounded, st.integers(2, 50))
def test_a_range_has_its_ends_and_as_many_settings_as_asked_for(first, last, count):
    found = spaced(f"{first!r}:{last!r}:{count}")
    assert len(found) == count
    assert (found[0], found[-1]) == (first, last)


@given(st.floats(0.0, 1e3), st.floats(1e-3, 1e3), st.integers(2, 50))
def test_settings_of_a_range_are_equally_spaced(first, width, count):
    found = np.array(spaced(f"{first!r}:{first + width!r}:{count}"))
    # Inner settings are written with twelve digits.
    rounding = 2e-11 * (first + width)
    step = (found[-1] - found[0]) / (count - 1)
    assert np.diff(found) == pytest.approx(step, rel=1e-9, abs=rounding)


def test_tenths_are_written_as_tenths():
    assert spaced("0:1:11")[1:4] == (0.1, 0.2, 0.3)


def test_python_and_the_command_line_give_the_same_settings():
    assert parse_vary("x=0:1000:11")[1] == settings(range(0, 1001, 100))
    assert parse_vary("x=0.5,1")[1] == settings(np.array([0.5, 1.0]))
    assert parse_vary("x=2025-03-13")[1] == settings([date(2025, 3, 13)])


# Letters that mean something to YAML, and every other one but halves of a pair.
signs = st.sampled_from("\x85\u2028\u2029\ufeff\n\r\t \0'\"\\,:[]{}#&*!|>%@`?-~0")
words = st.text(signs | st.characters(codec="utf-8"), max_size=8)
structures = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), words),
    lambda inner: st.lists(inner) | st.dictionaries(words, inner),
    max_leaves=6,
).filter(lambda each: isinstance(each, list | dict))


@given(
    st.one_of(
        st.floats(allow_nan=False, allow_infinity=False), st.booleans(), structures
    )
    | words
)
@example({"\u2028": None})
@example({"\x85": ["\u2029", "\x7f", "\ufeff"]})
@example(['"],', "a'', b", "\\", "\U0001f54a"])
@example("null")
@example("5")
@example("a, b")
@example("2025-03-01:2025-03-05")
@example("")
def test_a_setting_is_read_as_it_is_shown(value):
    (setting,) = settings([value])
    assert parse_vary(f"x={shown(setting)}") == ("x", (setting,))
    if isinstance(value, list | dict):
        assert setting.data == value


@given(st.lists(words | structures, min_size=1, max_size=4, unique_by=repr))
def test_settings_side_by_side_are_read_as_they_are_shown(values):
    made = settings(values)
    assert parse_vary(f"x={','.join(map(shown, made))}") == ("x", made)


@pytest.mark.parametrize("word", ["\ud800", ["\udfff"], {"\udc80": 1}])
def test_half_of_a_surrogate_pair_is_no_setting(word):
    with pytest.raises(ValueError, match="half of a surrogate pair is not text"):
        settings([word])


def test_what_is_nested_too_deep_to_be_read_again_is_no_setting():
    deep = []
    for _ in range(40):
        deep = [deep]
    with pytest.raises(ValueError, match="nested deeper than 32"):
        settings([deep])


def test_policies_and_lists_are_settings_in_brackets():
    text = "p={name: best_response},{name: hardliner, premium_km2: 160}, [a, 'b, c']"
    assert [each.data for each in parse_vary(text)[1]] == [
        {"name": "best_response"},
        {"name": "hardliner", "premium_km2": 160},
        ["a", "b, c"],
    ]


def test_days_are_spaced_and_drawn_whole():
    assert spaced("2025-03-01:2025-03-05:3")[1] == "2025-03-03"
    _, days = parse_vary("x=2025-02-27:2025-03-02")
    places = (0.0, 0.26, 0.51, 0.76, 0.9999)
    assert [days.at(place, whole=False)[5:] for place in places] == [
        *("02-27", "02-28", "03-01", "03-02", "03-02")
    ]


@given(st.floats(0.0, 1.0, exclude_max=True), st.integers(-50, 50), st.integers(1, 90))
def test_what_is_drawn_lies_between_the_ends(place, low, width):
    drawn = Range(low, low + width)
    assert low <= drawn.at(place, whole=False) <= low + width
    assert drawn.at(place, whole=True) in range(low, low + width + 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("area_km2", "needs PATH=FROM:TO:COUNT or PATH=a,b,c"),
        ("=1,2", "needs PATH=FROM:TO:COUNT or PATH=a,b,c"),
        ("x=", "x: needs PATH=FROM:TO:COUNT or PATH=a,b,c"),
        ("x=1,,2", "x: needs PATH=FROM:TO:COUNT or PATH=a,b,c, not '1,,2'"),
        ("x=0:1:2:3", "x: needs PATH=FROM:TO:COUNT or PATH=a,b,c, not '0:1:2:3'"),
        ("x=0:a:3", "FROM and TO are numbers or dates, not '0' and 'a'"),
        ("x=0:2025-03-13", "FROM and TO are numbers or dates"),
        ("x=2025-03-13:2025-03-12", "FROM is below TO"),
        ("x=0:1:2.5", "COUNT is a whole number, not '2.5'"),
        ("x=0:inf:3", "must be finite"),
        ("x=-1e308:1e308", "must be finite"),
        ("x=0:1:1", "COUNT is 2 to 100,000, not 1"),
        ("x=0:1:1000000", "COUNT is 2 to 100,000, not 1000000"),
        ("x=1,1.0", "x: 1 is given twice"),
        ("x=3:3:4", "x: 3 is given twice"),
        ("x=.nan,1", "finite"),
        ("x={a,2", "not YAML"),
        ("x=[],2,[]", "x: [] is given twice"),
    ],
)
def test_a_mistake_in_vary_is_named(text, message):
    with pytest.raises(UsageError, match="--vary") as error:
        parse_vary(text)
    assert message in str(error.value)


@pytest.mark.parametrize("values", [[], [{"share": 1j}], [10**400], [1j]])
def test_what_is_no_number_or_word_is_no_setting(values):
    with pytest.raises(ValueError, match=r"setting|values"):
        settings(values)
