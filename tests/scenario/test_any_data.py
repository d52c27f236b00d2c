"""Data of any shape in place of any block ends in a scenario error, never a crash."""

import json
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.load import Loaded, load, resolve
from sim.scenario.provenance import known_paths
from tests.conftest import examples

PATHS = [
    "front",
    "front.side",
    "front.stake_km2",
    "front.held_km2",
    "parties",
    "parties.ukraine",
    "parties.ukraine.role",
    "parties.ukraine.cost_of_war_km2",
    "parties.ukraine.cost_of_war_km2.value",
    "parties.ukraine.cost_of_war_km2.private",
    "parties.ukraine.belief",
    "parties.ukraine.policy",
    "parties.ukraine.label",
    "parties.united_states",
    "parties.united_states.supports",
    "aid",
    "aid.rule",
    "chips",
    "chips.kursk",
    "chips.kursk.value_km2",
    "chips.kursk.regime",
    "chips.kursk.regimes",
    "chips.kursk.regimes.lull",
    "chips.kursk.regimes.lull.switch_per_week",
    "chips.kursk.opens_when",
    "chips.kursk.area_km2",
    "chips.kursk.unit",
    "truce",
    "truce.breakdown_per_week",
    "negotiation",
    "negotiation.proposer_weights",
    "negotiation.offers",
    "negotiation.offers.freeze",
    "negotiation.offers.freeze.line",
    "negotiation.offers.freeze.offered_by",
    "negotiation.offers.freeze.relief",
    "timeline",
    "timeline.0",
    "timeline.0.regime",
    "start_date",
    "horizon_days",
    "step_days",
]
WORDS = """
value low private name role ukraine russia kursk lull collapse freeze held_km2
boulware amount peak unit
conditional belligerent patron in_place date offer by x
"""
words = st.sampled_from(WORDS.split())
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    words,
    st.just("2025-03-20"),
)
anything = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)
    ),
    max_leaves=8,
)


@cache
def _flagship() -> Loaded:
    return load("kursk-2025-03-13")


def _problems(make: Callable[[], Loaded]) -> list[str]:
    """Return what is wrong; what is valid can be shown as well."""
    try:
        assert known_paths(make())
    except ScenarioError as error:
        return error.problems
    return []


@given(st.dictionaries(st.sampled_from(PATHS), anything, min_size=1, max_size=3))
@settings(max_examples=examples(300))
def test_set_to_anything_it_is_valid_or_a_scenario_error(changes):
    found = _problems(lambda: resolve(_flagship(), changes))
    assert all(each.startswith("--set: ") for each in found)


@given(st.sampled_from(PATHS), anything)
@settings(
    max_examples=examples(200),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_written_in_a_file_it_says_where(tmp_path, path, value):
    parent, child = tmp_path / "parent.yaml", tmp_path / "child.yaml"
    parent.write_text(json.dumps(_flagship().scenario.model_dump(mode="json")))
    data = value
    for name in reversed(path.replace("timeline.0", "timeline").split(".")):
        data = {name: data}
    child.write_text(json.dumps({"extends": "parent.yaml", **data}))
    for problem in _problems(lambda: load(child)):
        assert problem.startswith((f"{child}:1:", f"{parent}:1:"))


def test_a_scenario_as_resolved_is_a_scenario_file(tmp_path, flagship):
    file = tmp_path / "resolved.yaml"
    file.write_text(json.dumps(flagship.scenario.model_dump(mode="json")))
    assert load(file).hash == flagship.hash


@pytest.mark.parametrize("path", PATHS)
def test_every_path_of_this_test_exists(path, flagship):
    known = known_paths(flagship)
    assert any(f"{each}.".startswith(f"{path}.") for each in known) or path in (
        "timeline.0.regime",
        "chips.kursk.opens_when",
    )
