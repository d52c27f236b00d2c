"""Every description is whole, every example runs, and results are finite."""

import inspect
import math
import re
import sys
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.theory import catalogue
from sim.theory.catalogue import MODELS, calculate
from sim.theory.inputs import Range, pairs
from tests.conftest import examples

MODEL = re.compile(r"^@model\($.*?^def (\w+)\(", re.M | re.DOTALL)


def test_every_model_that_is_written_is_listed_once():
    """By the text of the files, so that none is lost to another of its name."""
    files = Path(catalogue.__file__).parent.glob("*.py")
    texts = [file.read_text(encoding="utf-8") for file in files]
    written = [each for text in texts for each in MODEL.findall(text)]
    assert len(written) > 30
    assert sorted(MODELS) == sorted(written)


def test_models_stand_in_the_order_of_a_course():
    names = list(MODELS)
    assert names[:4] == ["rubinstein", "nash", "outside_options", "fearon_range"]
    assert names[-1] == "spatial_values"
    modules = [sys.modules[each.function.__module__] for each in MODELS.values()]
    places = [module.PLACE_IN_COURSE for module in modules]
    assert places == sorted(places)


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
    broken = replace(MODELS["inspection"], function=lambda gain, loss: {"m": math.inf})
    monkeypatch.setattr(catalogue, "MODELS", {"inspection": broken})
    with pytest.raises(UsageError, match="inspection: m cannot be computed"):
        calculate("inspection", {"G": 1, "L": 1})
