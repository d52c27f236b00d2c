"""The group decision model: published results, and the same by loops over actors."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.errors import InputMissingError, ScenarioError
from sim.theory.expected_utility import Actor, forecast, read_actors

TABLE = """\
actor,capability,position,salience
Netherlands,.08,4,.8
Belgium,.08,7,.4
Luxembourg,.03,4,.2
Germany,.16,4,.8
France,.16,10,.6
Italy,.16,10,.6
UK,.16,10,.9
Ireland,.05,7,.1
Denmark,.05,4,1
Greece,.08,7,.7
"""
EXPONENTS = {  # printed by the public replication of Scholz, Calbert and Smith
    "Netherlands": 1.1271980463,
    "Belgium": 0.780917839132,
    "Luxembourg": 0.5,
    "Germany": 1.1271980463,
    "France": 1.07789229892,
    "Italy": 1.07789229892,
    "UK": 2.0,
    "Ireland": 0.524782172174,
    "Denmark": 1.47169654498,
    "Greece": 1.14047944802,
}


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "actors.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_published_emission_standards(table):  # T47
    found = forecast(read_actors(table))
    assert found["mean"] == pytest.approx(7.38995568685, rel=1e-8)
    assert found["median"] == 7.0
    risk = dict(zip(found["names"], found["risk"], strict=True))
    assert risk == pytest.approx(EXPONENTS, rel=1e-10)

    def beats(one, other):
        return found["beats"][found["names"].index(one)][found["names"].index(other)]

    assert beats("Belgium", "Netherlands") == pytest.approx(0.2673559823, rel=1e-8)
    assert beats("France", "Netherlands") == pytest.approx(0.1506849315, rel=1e-8)
    assert beats("Belgium", "France") == pytest.approx(0.007385524372, rel=1e-8)


def by_loops(actors):
    """Everything by loops over actors, with the utilities of the paper written out."""
    xs = [actor.position for actor in actors]
    span = max(xs) - min(xs)
    weights = [actor.capability * actor.salience for actor in actors]
    mean = sum(w * x for w, x in zip(weights, xs, strict=True)) / sum(weights)

    def votes(a, b):
        return [w * (abs(x - b) - abs(x - a)) for w, x in zip(weights, xs, strict=True)]

    winners = [
        a for a in xs if all(sum(votes(a, b)) >= -1e-12 * sum(weights) for b in xs)
    ]
    beats, gains = {}, {}
    for i, one in enumerate(actors):
        for j, other in enumerate(actors):
            cast = votes(one.position, other.position)
            size = sum(map(abs, cast))
            beats[i, j] = max(0.0, sum(cast)) / size if size > 0.0 else 0.0
            apart = abs(one.position - other.position) / span
            r, p, s = 1.0, beats[i, j], other.salience
            won = 2 - 4 * (0.5 - 0.5 * apart) ** r
            lost = 2 - 4 * (0.5 + 0.5 * apart) ** r
            quo = 2 - 4 * 0.5**r
            gains[i, j] = s * (p * won + (1 - p) * lost) + (1 - s) * won - quo
    n = range(len(actors))
    security = [sum(gains[i, j] for i in n if i != j) for j in n]
    low, high = min(security), max(security)
    risk = []
    for level in security:
        ease = (2 * level - high - low) / (high - low) if high > low else 0.0
        risk.append((1 - ease / 3) / (1 + ease / 3))
    return mean, min(winners), beats, risk, high - low


actors_of_all_kinds = st.lists(
    st.tuples(st.floats(0.01, 1.0), st.integers(0, 6).map(float), st.floats(0.05, 1.0)),
    min_size=2,
    max_size=6,
).map(lambda rows: [Actor(f"actor {i}", *row) for i, row in enumerate(rows)])


@given(actors_of_all_kinds)
def test_loops_over_actors_agree(actors):
    assume(len({actor.position for actor in actors}) > 1)
    found = forecast(actors)
    mean, median, beats, risk, spread = by_loops(actors)
    assert found["mean"] == pytest.approx(mean)
    assert found["median"] == pytest.approx(median)
    flat = {
        (i, j): p for i, row in enumerate(found["beats"]) for j, p in enumerate(row)
    }
    assert flat == pytest.approx(beats, abs=1e-12)
    if spread > 1e-6:
        assert found["risk"] == pytest.approx(risk, rel=1e-7)
    assert all(0.5 <= r <= 2.0 for r in found["risk"])


@given(actors_of_all_kinds, st.floats(0.1, 100.0), st.integers(-9, 9))
def test_units_of_capability_and_position_do_not_matter(actors, unit, shift):
    assume(len({actor.position for actor in actors}) > 1)
    *_, spread = by_loops(actors)
    assume(spread > 1e-6)
    other = [
        Actor(a.name, a.capability * unit, 2.0 * a.position + shift, a.salience)
        for a in actors
    ]
    found, moved = forecast(actors), forecast(other)
    assert moved["mean"] == pytest.approx(2.0 * found["mean"] + shift)
    assert moved["risk"] == pytest.approx(found["risk"], rel=1e-6)


def test_actors_of_equal_security_have_no_attitude_to_risk():
    actors = [Actor("a", 1.0, 0.0, 0.5), Actor("b", 1.0, 1.0, 0.5)]
    assert forecast(actors)["risk"] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"actors\.csv: is empty"),
        ("actor,position\n", r":1: the header must be actor,capability,position,"),
        ("\n" + TABLE + "Spain,.08,x,.1\n", r":13: position: needs a finite .* 'x'"),
        (TABLE + "Spain,.08,4\n", ":12: has 3 cells, the header 4"),
        (TABLE + "UK,.08,4,.1\n", ":12: 'UK' is already in line 8"),
        (TABLE + "Spain,.08,4,80\n", ":12: salience: 80 is above 1"),
        (TABLE + "Spain,-1,4,.8\n", ":12: capability: -1 is below 0"),
        (TABLE + "Spain,inf,4,.8\n", ":12: capability: needs a finite number"),
        (TABLE + "Spain,1_0,4,.8\n", ":12: capability: needs a finite number"),
        (TABLE + ",1,4,.8\n", ":12: actor: needs a name"),
        (TABLE + '"Spain,1,4,.8\n', ":12: unexpected end of data"),
        (TABLE + "a\x00b,1,4,.8\n", ":12: "),
        (TABLE[:35] + "UK,1,4,.8\n", r"actors\.csv: 1 actors: from 2 to 200"),
        (TABLE[:35] + "UK,1,4,.8\nUS,1,4,1\n", "hold the same position"),
        (TABLE[:35] + "UK,1,4,0\nUS,0,5,1\n", "no actor has both capability"),
    ],
)
def test_a_mistake_in_a_table_is_told_with_its_line(tmp_path, text, message):
    path = tmp_path / "actors.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=message):
        read_actors(path)


def test_tables_are_of_bounded_size_and_in_utf_8(tmp_path):
    path = tmp_path / "actors.csv"
    rows = "".join(f"actor {i},1,{i},1\n" for i in range(201))
    path.write_text(TABLE[:35] + rows, encoding="utf-8")
    with pytest.raises(ScenarioError, match=":202: more than 200 actors"):
        read_actors(path)
    path.write_bytes(b"x" * 1_000_001)
    with pytest.raises(InputMissingError, match="more than 1,000,000 bytes"):
        read_actors(path)
    path.write_bytes(TABLE.encode() + b"Espa\xf1a,1,4,.8\n")
    with pytest.raises(ScenarioError, match=":12: is not text in UTF-8"):
        read_actors(path)


def test_spreadsheets_write_a_mark_capitals_and_carriage_returns(tmp_path, table):
    path = tmp_path / "sheet.csv"
    text = TABLE.replace("actor,cap", "Actor, Cap").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_actors(path) == read_actors(table)
