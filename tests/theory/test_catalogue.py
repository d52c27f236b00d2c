"""Every description is whole, every example runs, and results are finite."""

import inspect
import math
from itertools import chain

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.theory.catalogue import MODELS, calculate
from sim.theory.inputs import Range, pairs
from tests.conftest import examples

PROMISED = {
    "ruin": "N k p [e]",
    "rubinstein": "d1 d2 [b1] [b2]",
    "nash": "D1 D2 a [pie] [r1] [r2]",
    "outside_options": "x_in w1 w2",
    "fearon_range": "p cA cB",
    "first_strike": "pf ps cA cB",
    "fearon_demand": "p cA l u",
    "two_types": "cA cL cH",
    "preventive": "p1 p2 cB d",
    "commitment": "p D d c",
    "slantchev": "N k p d bU bR [h]",
    "random_proposer": "N k p d h cU cR aU aR",
    "beta_learning": "a b wins n",
    "optimism_gap": "gap n0 n [surplus]",
    "type_posterior": "p1 p2 prior wins losses",
    "first_deal": "N k h d cU cR mU mR n0 p",
    "chip_time": "N k p d lam h",
    "waiting": "d lam b V Y",
    "ceasefire_value": "y W d z D",
    "inspection": "G L",
    "shrinking_stakes": "shift cost theta",
    "private_cost_demand": "N k p d h cU l u [omega]",
    "surprise_attack": "p f c",
    "learning_step": "m n y p_hat w",
    "collapse_race": "c1 c2",
    "slantchev_types": "N k pL pM pH qw qs d bU bR",
    "collapse_screening": "d dU dR bU bT bK [weak]",
    "brownian_front": "z L mu s r c A B",
    "audience_costs": "v a1 a2 W1 W2",
    "mediator": "prior s cA cL cH kM",
    "attrition": "c1 c2 B1 B2 S1 S2 r",
    "crisis_signalling": "VA WA aA CB WB VB [SA] [sd]",
    "expected_utility": "actors",
    "spatial_values": "actors [r]",
}


def test_the_promised_models_take_the_promised_inputs():
    assert {name: model.signature for name, model in MODELS.items()} == PROMISED


def taken(function):
    return list(inspect.signature(function).parameters)


@pytest.fixture(params=MODELS.values(), ids=MODELS)
def model(request):
    return request.param


def test_a_description_says_everything(model):
    for text in (model.title, model.question, model.formula, model.source):
        assert text.strip() == text != ""
    assert len(model.title) <= 39  # so that the list fits a terminal
    assert model.question.endswith("?")
    assert len(model.question) <= 62
    assert model.teaches.count(". ") == 1, "two sentences"
    assert model.teaches.endswith(".")
    names = [each.name for each in model.inputs]
    assert len(set(names)) == len(names)
    for each in model.inputs:
        assert each.meaning
    for rule in model.rules:
        assert set(taken(rule.holds)) <= {each.argument for each in model.inputs}


def test_the_function_takes_what_is_described(model):
    assert taken(model.function) == [each.argument for each in model.inputs]
    assert model.function.__doc__


def test_bounds_that_are_names_name_inputs(model):
    names = {each.name for each in model.inputs}
    for each in model.inputs:
        if each.within is not None:
            for limit in (each.within.low, each.within.high):
                assert not isinstance(limit, str) or limit in names


def test_the_example_runs_and_gives_the_results_described(model):
    given, problems = pairs(model.example.split())
    answer = calculate(model.name, given, problems)
    assert list(answer.inputs) == [each.name for each in model.inputs]
    assert list(answer.results) == list(model.results)
    assert_plain(answer.results)
    missing = [name for name, value in answer.results.items() if value is None]
    # at any bias "resolved" is truthful
    assert missing == (["greatest_bias"] if model.name == "mediator" else [])


def assert_plain(results):
    """Only what JSON takes, and every number finite."""
    for name, value in results.items():
        for each in leaves(value):
            assert each is None or type(each) in (bool, int, float, str), name
            assert not isinstance(each, float) or math.isfinite(each), name


def leaves(value):
    return chain.from_iterable(map(leaves, value)) if type(value) is list else [value]


@st.composite
def inputs(draw, model):
    """Any values in range; inputs that bound others are drawn first."""
    values = {}
    waiting = list(model.inputs)
    while waiting:
        each = waiting.pop(0)
        within = each.within or Range(-1e3, 1e3)
        limits = [within.low, within.high]
        if any(isinstance(x, str) and x not in values for x in limits):
            waiting.append(each)
            continue
        low, high = (values[x] if isinstance(x, str) else x for x in limits)
        if not each.required and draw(st.booleans()):
            values[each.name] = each.default
        elif each.kind == "file":
            values[each.name] = model.example.split()[0].removeprefix("actors=")
        elif each.kind == "whole":
            top = int(high) - within.below
            first, last = int(low) + within.above, min(top, 10**6)
            assume(first <= last)
            values[each.name] = draw(st.integers(first, last))
        else:
            assume(low < high or not (within.above or within.below))
            inner = st.floats(
                low,
                high,
                exclude_min=within.above,
                exclude_max=within.below,
                allow_subnormal=False,
            )
            ends = [
                math.nextafter(low, high) if within.above else low,
                math.nextafter(high, low) if within.below else high,
                math.nextafter(low, high),
                math.nextafter(high, low),
            ]
            ends = [
                end
                for end in ends
                if (abs(end) > 1e-300 or end == low) and not within.problem(end, values)
            ]
            values[each.name] = draw(inner | st.sampled_from(ends) if ends else inner)
    if model.name == "random_proposer":
        values["aR"] = 1.0 - values["aU"]
    return {name: value for name, value in values.items() if value is not None}


@settings(max_examples=examples(60), suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_in_range_has_finite_results(model, data):
    given = data.draw(inputs(model))
    whole = {each.argument: given.get(each.name, each.default) for each in model.inputs}
    for rule in model.rules:
        assume(rule.holds(*(whole[name] for name in taken(rule.holds))))
    assert_plain(calculate(model.name, given).results)


def test_what_overflows_is_refused_in_words(monkeypatch):
    from dataclasses import replace

    from sim.theory import catalogue

    broken = replace(MODELS["inspection"], function=lambda gain, loss: {"m": math.inf})
    monkeypatch.setattr(catalogue, "MODELS", {"inspection": broken})
    with pytest.raises(UsageError, match="inspection: m cannot be computed"):
        calculate("inspection", {"G": 1, "L": 1})
