"""What is wrong with the inputs of a model is told at once and in words."""

import math

import pytest

from sim.errors import InputMissingError, ScenarioError, UsageError
from sim.theory.catalogue import MODELS, calculate
from sim.theory.inputs import Range, checked, model, pairs, takes

RUIN = {"N": "10", "k": "4", "p": "0.45"}
TYPES, COLLAPSE, ATTRITION, FRONT, MEDIATOR, CRISIS = (
    pairs(MODELS[name].example.split())[0]
    for name in (
        "slantchev_types",
        "collapse_screening",
        "attrition",
        "brownian_front",
        "mediator",
        "crisis_signalling",
    )
)


def told(name, *, problems=(), **given):
    """Lines of the message about a call; the first names the inputs."""
    with pytest.raises(UsageError) as caught:
        calculate(name, given, problems)
    first, *lines = str(caught.value).splitlines()
    assert first == f"{name} takes {MODELS[name].signature}"
    return [line.removeprefix("  ") for line in lines]


def test_all_mistakes_of_a_call_are_told_together():
    lines = told("ruin", N="ten", K="4", p="1.2", z="0", problems=["'x' is odd"])
    assert lines == [
        "'x' is odd",
        "K: unknown input; did you mean 'k'?",
        "z: unknown input",
        "N: needs a number, not 'ten'",
        "k: is missing: steps that the side holds (whole, 0 to N)",
        "p: 1.2 is above 0.999999 (1e-06 to 0.999999)",
    ]


def test_an_unknown_model_is_answered_with_the_nearest_one():
    with pytest.raises(UsageError, match="no model is called 'nahs'; did you mean 'n"):
        calculate("nahs", {})


def test_a_name_like_no_model_is_answered_with_where_they_are_listed():
    with pytest.raises(UsageError, match="`ceasefire theory` lists them"):
        calculate("q" * 500, {})


def test_an_unknown_input_is_answered_with_the_nearest_one():
    lines = told("learning_step", m=0.5, n=20, y=1, phat=0.5, w=1)
    assert lines[0] == "phat: unknown input; did you mean 'p_hat'?"
    assert lines[1].startswith("p_hat: is missing: ")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "needs a number, not ''"),
        ("1_0", "needs a number, not '1_0'"),
        ("0x10", "needs a number, not '0x10'"),
        ("nan", "needs a number, not 'nan'"),
        ("inf", "needs a number, not 'inf'"),
        ("\u0661\u0660", "needs a number, not '\\u0661\\u0660'"),
        ("10.5", "needs a whole number, not '10.5'"),
        ("1e999", "needs a finite number, not '1e999'"),
        (True, "needs a number, not True"),
        (None, "needs a number, not nothing"),
        (math.nan, "needs a finite number, not nan"),
        (10**400, "needs a finite number, not 1000"),
        ([10], "needs a number, not a list"),
    ],
)
def test_what_is_no_number_is_shown(value, message):
    lines = told("ruin", **RUIN | {"N": value})
    assert len(lines) == 1
    assert lines[0].startswith(f"N: {message}")


@pytest.mark.parametrize(
    "value", ["10", "+10", "10.", "1e1", "1.0E+1", " 10 ", 10, 10.0]
)
def test_numbers_may_be_written_in_many_ways(value):
    answer = calculate("ruin", RUIN | {"N": value})
    assert answer.inputs["N"] == 10
    assert type(answer.inputs["N"]) is int


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("ruin", RUIN | {"k": "11"}, "k: 11 is above N=10 (whole, 0 to N)"),
        ("ruin", RUIN | {"k": "-1"}, "k: -1 is below 0 (whole, 0 to N)"),
        (
            "slantchev",
            RUIN | {"k": 10, "d": 0.9, "bU": 0, "bR": 0},
            "k: 10 is not below N=10 (whole, at least 1, below N)",
        ),
        (
            "commitment",
            {"p": 0.3, "D": 0.4, "d": 1, "c": 0.2},
            "d: 1 is above 0.9999999 (1e-06 to 0.9999999)",
        ),
        ("inspection", {"G": 1, "L": 0}, "L: 0 is not above 0 (above 0, at most 10)"),
        (
            "rubinstein",
            {"d1": 1, "d2": 0.5},
            "d1: 1 is not below 1 (at least 0, below 1)",
        ),
        (
            "ceasefire_value",
            {"y": 0, "W": 0, "d": 0.9, "z": 0, "D": 0},
            "D: 0 is below 1 (whole, 1 to 1000000, or inf)",
        ),
    ],
)
def test_a_value_out_of_range_is_told_with_the_range(name, given, message):
    assert told(name, **given) == [message]


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("nash", {"D1": 0.7, "D2": 0.5, "a": 0.5}, "D1, D2, pie: D1 + D2 is above pie"),
        ("nash", {"D1": -1, "D2": 0, "a": 0.5, "r1": 0.5}, "D1, r1: with r1 below 1"),
        ("nash", {"D1": 0, "D2": -1, "a": 0.5, "r2": 0.5}, "D2, r2: with r2 below 1"),
        ("outside_options", {"x_in": 0, "w1": 0.6, "w2": 0.6}, "w1, w2: sum to more"),
        ("rubinstein", {"d1": 0, "d2": 0, "b1": 1, "b2": 1}, "b1, b2: sum to more"),
        ("commitment", {"p": 0.7, "D": 0.4, "d": 0.9, "c": 0}, "p, D: sum to above 1"),
        ("surprise_attack", {"p": 0.2, "f": 0.3, "c": 0}, "p, f: f is above p"),
        ("collapse_race", {"c1": 0, "c2": 0}, "c1, c2: cannot both be 0"),
        ("collapse_race", {"c1": 1, "c2": 1}, "c1, c2: cannot both be 0"),
        (
            "slantchev",
            RUIN | {"d": 0.9, "bU": 0.9, "bR": 0.9},
            "bU, bR: sum to more than 1",
        ),
        ("slantchev_types", TYPES | {"k": 5}, "N, k: k is above N-2"),
        ("slantchev_types", TYPES | {"qw": 0.7}, "qw, qs: sum to 1 or more"),
        ("slantchev_types", TYPES | {"bU": 0.8}, "bU, bR: sum to 1 or more"),
        ("slantchev_types", TYPES | {"pH": 0.4}, "pM: 0.5 is above pH=0.4"),
        ("collapse_screening", COLLAPSE | {"dU": 0.9}, "dU, dR: sum to more than 1"),
        ("collapse_screening", COLLAPSE | {"bU": 0.7}, "bU, bT: sum to 1 or more"),
        ("collapse_screening", COLLAPSE | {"bK": 0.35}, "bK: 0.35 is not below bT"),
        (
            "collapse_screening",
            COLLAPSE | {"bK": -1, "d": 0.1},
            "d, dU, bK: war is worth less than nothing",
        ),
        ("attrition", ATTRITION | {"B1": 0.3}, "S1: 0.3 is not below B1=0.3"),
        ("attrition", ATTRITION | {"S1": -5}, "c1, c2, S1, S2, r: c + r S must"),
        ("attrition", ATTRITION | {"c1": 0, "c2": 0, "r": 0}, "c1, c2, S1, S2, r:"),
        ("brownian_front", FRONT | {"z": 3}, "z: 3 is above L=2.5"),
        ("mediator", MEDIATOR | {"cH": 0.05}, "cL: 0.08 is above cH=0.05"),
        ("mediator", MEDIATOR | {"s": 0.4}, "s: 0.4 is below 0.5"),
        ("crisis_signalling", CRISIS | {"VA": 0}, "SA, VA: SA is not below VA"),
        ("crisis_signalling", CRISIS | {"VB": -1}, "VB: -1 is below CB=0"),
        (
            "random_proposer",
            RUIN | {"d": 0.9, "h": 1, "cU": 0, "cR": 0, "aU": 0.5, "aR": 0.4},
            "aU, aR: must sum to 1",
        ),
    ],
)
def test_what_cannot_hold_together_is_told_with_the_reason(name, given, message):
    (line,) = told(name, **given)
    assert line.startswith(message)


def test_a_bound_that_is_wrong_itself_is_not_counted_against_others():
    assert told("ruin", **RUIN | {"N": "none", "k": "400"}) == [
        "N: needs a number, not 'none'"
    ]


def test_a_rule_waits_for_inputs_that_are_in_range():
    (line,) = told("collapse_race", c1=2, c2=0)
    assert line == "c1: 2 is above 1 (0 to 1)"


def test_words_become_values_by_name():
    given, problems = pairs(["N=10", "k=4", "N=12", "p", "=3", "e=a=b", "x y=1"])
    assert given == {"N": "10", "k": "4", "e": "a=b", "x y": "1"}
    assert problems == [
        "N: is given twice",
        "'p' is not name=value",
        "'=3' is not name=value",
    ]


def test_what_is_left_out_has_its_default():
    assert calculate("ruin", RUIN).inputs == {"N": 10, "k": 4, "p": 0.45, "e": 1.0}
    gap = {"gap": 0.1, "n0": 20, "n": 3}
    assert calculate("optimism_gap", gap).inputs["surplus"] is None


def test_what_has_no_end_is_none_among_the_inputs():
    endless = {"y": 0.4, "W": 0.3, "d": 0.98, "z": 0.05}
    for text in ("inf", ".inf", "Infinity", math.inf):
        assert calculate("ceasefire_value", {**endless, "D": text}).inputs["D"] is None
    lines = told("ceasefire_value", **endless, D="-inf")
    assert lines == ["D: needs a number, not '-inf'"]


def test_zero_has_no_sign():
    answer = calculate("waiting", {"d": 0.9, "lam": 0, "b": "-0", "V": 1, "Y": 0})
    assert math.copysign(1.0, answer.inputs["b"]) == 1.0


@model(
    title="Of a file",
    question="What is read?",
    results={"time": "the same time"},
    formula="time = t",
    source="none",
    teaches="Nothing. Really.",
    example="csv=a.csv",
)
def of_a_file(
    file=takes("csv", "a file", kind="file"),
    time=takes("t", "a time", Range(0, above=True), default=1.0),
):
    return {"time": time}


def test_a_path_is_any_text_and_a_range_may_be_open():
    assert checked(of_a_file, {"csv": "1.csv"}) == {"csv": "1.csv", "t": 1.0}
    for given, message in (
        ({"csv": ""}, "csv: needs the path of a file, not ''"),
        ({"csv": 3}, "csv: needs the path of a file, not 3"),
        ({}, "csv: is missing: a file (a path or a name)"),
        ({"csv": "a", "t": 0}, "t: 0 is not above 0 (above 0)"),
    ):
        with pytest.raises(UsageError) as caught:
            checked(of_a_file, given)
        assert str(caught.value).splitlines()[1:] == [f"  {message}"]
    assert str(Range(2)) == "at least 2"


def test_a_table_that_is_not_there_is_missing_input(tmp_path):
    for name in ("ten_contries", str(tmp_path / "none.csv"), str(tmp_path)):
        with pytest.raises(InputMissingError) as caught:
            calculate("expected_utility", {"actors": name})
        assert name in str(caught.value)
    with pytest.raises(InputMissingError, match="did you mean 'ten_countries'"):
        calculate("expected_utility", {"actors": "ten_contries"})


def test_a_mistake_in_a_table_is_told_with_its_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("actor,capability,position,salience\nA,1,2,0.5\nB,x,2,0.5\n")
    with pytest.raises(ScenarioError) as caught:
        calculate("expected_utility", {"actors": str(path)})
    assert caught.value.problems == [
        f"{path}:3: capability: needs a finite number, not 'x'"
    ]


def test_a_file_of_ones_own_is_read_rather_than_the_table_of_its_name(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    table = "actor,capability,position,salience\nA,1,0,1\nB,1,1,1\nC,1,1,1\n"
    (tmp_path / "ten_countries").write_text(table)
    assert calculate("expected_utility", {"actors": "ten_countries"}).results[
        "names"
    ] == ["A", "B", "C"]
