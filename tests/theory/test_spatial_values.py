"""Values of positions in several dimensions: the reference run, and loops."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.theory.spatial_values import SpatialActor, read_spatial_actors, values_of

TABLE = """\
actor,x1,s1,x2,s2,x3,s3
A,.528,32.3,.398,22.4,.396,13.4
B,.159,1,.614,1,.720,1
C,.611,1,.865,1,.445,1
D,.263,1,.165,1,.159,1
E,.733,1,.611,1,.263,1
"""


@pytest.fixture
def actors(tmp_path):
    path = tmp_path / "actors.csv"
    path.write_text(TABLE, encoding="utf-8")
    return read_spatial_actors(path)


def test_values_of_the_reference_run(actors):  # T48
    found = values_of(actors, 1.0)
    assert found["names"] == list("ABCDE")
    assert found["values"][0] == pytest.approx(
        (1.0, 0.6731, 0.7395, 0.7468, 0.7988), abs=5e-5
    )
    assert found["utilities"][0] == pytest.approx(
        (1.0, 0.8931, 0.9321, 0.9359, 0.9595), abs=5e-5
    )


place = st.tuples(*[st.floats(0.0, 1.0)] * 3)
weight = st.tuples(*[st.floats(0.01, 100.0)] * 3)
groups = st.lists(st.tuples(place, weight), min_size=1, max_size=5).map(
    lambda rows: [SpatialActor(str(i), *row) for i, row in enumerate(rows)]
)


@given(groups, st.floats(-1.0, 1.0))
def test_loops_over_actors_and_dimensions_agree(actors, risk):
    found = values_of(actors, risk)
    for i, one in enumerate(actors):
        for j, other in enumerate(actors):
            top = bottom = 0.0
            for d in range(3):
                squared = one.saliences[d] * one.saliences[d]
                top += squared * (one.coordinates[d] - other.coordinates[d]) ** 2
                bottom += squared
            value = 1.0 - math.sqrt(top / bottom)
            assert found["values"][i][j] == pytest.approx(value, abs=1e-12)
            utility = value + risk * value * (1.0 - value)
            assert found["utilities"][i][j] == pytest.approx(utility, abs=1e-12)


@given(groups)
def test_nobody_values_a_position_more_than_the_own_one(actors):
    found = values_of(actors, 0.0)
    assert found["utilities"] == found["values"]  # without an attitude to risk
    for i, row in enumerate(found["values"]):
        assert row[i] == 1.0
        assert all(0.0 <= value <= 1.0 for value in row)


@given(groups, st.floats(-1.0, 1.0))
def test_risk_changes_no_order(actors, risk):
    found = values_of(actors, risk)
    pairs = [
        pair
        for values, utilities in zip(found["values"], found["utilities"], strict=True)
        for pair in zip(values, utilities, strict=True)
    ]
    ordered = [utility for _, utility in sorted(pairs)]
    assert all(b >= a - 1e-12 for a, b in itertools.pairwise(ordered))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("actor\n", ":1: the header must be actor,x1,s1, not 'actor'"),
        ("actor,x1,s1,x2\n", ":1: the header must be actor,x1,s1, not"),
        ("actor,x1,s1\nA,2,1\n", ":2: x1: 2 is above 1"),
        ("actor,x1,s1\nA,.5,-1\n", ":2: s1: -1 is below 0"),
        ("actor,x1,s1\nA,.5,0\n", ":2: no dimension has a salience above 0"),
        ("actor,x1,s1\n", "0 actors: from 1 to 200 are needed"),
    ],
)
def test_a_mistake_in_a_table_is_told_with_its_line(tmp_path, text, message):
    path = tmp_path / "actors.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=message):
        read_spatial_actors(path)
