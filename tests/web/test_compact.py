"""Packed columns come back as they were."""

import math

from hypothesis import given
from hypothesis import strategies as st

from sim.web.compact import packed
from tests.web.conftest import unpacked

WHOLE = st.integers(-(2**40), 2**40).map(float)


@given(st.lists(WHOLE | st.just(math.nan), max_size=60))
def test_whole_numbers_and_gaps_come_back_as_they_were(numbers):
    assert str(unpacked(packed(numbers))) == str([each + 0.0 for each in numbers])


@given(st.lists(st.floats(-1e6, 1e6), max_size=40))
def test_other_numbers_come_back_rounded(numbers):
    found = unpacked(packed(numbers, per_unit=1000.0))
    assert found == [float(round(each * 1000.0)) for each in numbers]


def test_what_does_not_change_takes_hardly_any_room():
    assert len(packed([400.0] * 180)) < 10
