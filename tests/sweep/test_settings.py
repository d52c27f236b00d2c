"""What `--vary` takes, and what it says when it does not."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.sweep.settings import parse_vary, settings, shown, spaced

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


@given(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.booleans()))
def test_a_setting_is_read_as_it_is_shown(value):
    (setting,) = settings([value])
    assert parse_vary(f"x={shown(setting)}") == ("x", (setting,))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("area_km2", "needs PATH=FROM:TO:COUNT or PATH=a,b,c"),
        ("=1,2", "needs PATH=FROM:TO:COUNT or PATH=a,b,c"),
        ("x=", "x: needs PATH=FROM:TO:COUNT or PATH=a,b,c"),
        ("x=1,,2", "x: needs PATH=FROM:TO:COUNT or PATH=a,b,c, not '1,,2'"),
        ("x=0:1000", "x: needs PATH=FROM:TO:COUNT or PATH=a,b,c, not '0:1000'"),
        ("x=0:a:3", "FROM and TO are numbers and COUNT a whole number"),
        ("x=0:1:2.5", "FROM and TO are numbers and COUNT a whole number"),
        ("x=0:inf:3", "FROM and TO are finite"),
        ("x=0:1:1", "COUNT is 2 to 100,000, not 1"),
        ("x=0:1:1000000", "COUNT is 2 to 100,000, not 1000000"),
        ("x=1,1.0", "x: 1 is given twice"),
        ("x=3:3:4", "x: 3 is given twice"),
        ("x=.nan,1", "finite"),
        ("x=[1],2", "a number or a word"),
        ("x={a,2", "not YAML"),
    ],
)
def test_a_mistake_in_vary_is_named(text, message):
    with pytest.raises(UsageError, match="--vary") as error:
        parse_vary(text)
    assert message in str(error.value)


@pytest.mark.parametrize("values", [[], [{"share": 0.4}], [[1, 2]], [10**400], [1j]])
def test_what_is_no_number_or_word_is_no_setting(values):
    with pytest.raises(ValueError, match=r"setting|values"):
        settings(values)
