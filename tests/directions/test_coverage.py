"""No setting of a scenario is without a case: what can be said is known to matter."""

from collections import defaultdict
from itertools import chain
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from sim.scenario.schema import Scenario
from tests.directions import (
    test_aid,
    test_chips,
    test_front,
    test_policies,
    test_sides,
    test_talks,
    test_terms,
)
from tests.directions.directions import ANSWER, FLAGSHIP, SAME, UP, Case, check, shipped

CASES = [
    *test_terms.CASES,
    *test_chips.CHIPS,
    *test_front.FRONT,
    *test_aid.AID,
    *test_aid.RULES,
    *test_aid.PRESSING,
    *test_sides.SIDES,
    *test_talks.CONDITIONS,
    *test_talks.ROUNDS_AND_TRUCES,
    *test_policies.CASES,
    *test_policies.SCRIPTS,
]

# `*` stands for any name or place in a list
EXEMPT = {
    "schema_version": "about the file",
    "id": "about the file",
    "title": "about the file",
    "notes": "about the file",
    "sources": "about the file",
    "start_date": "names the days; no number of a run depends on it",
    "front.side": "chooses whose share is written, see agreement/test_swapped_sides",
    "parties.*.role": "chooses which other fields a party has",
    "parties.*.label": "what it is called",
    "chips.*.label": "what it is called",
    "chips.*.unit": "what its amount is counted in",
    "parties.*.cost_of_war_km2.value": "for tables; a run draws from `private`",
}


def plain(kind):
    """Types that an annotation allows, without what is said about them."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from plain(get_args(kind)[0])
    elif origin in (Union, UnionType):
        for each in get_args(kind):
            yield from plain(each)
    else:
        yield kind


def inside(kind):
    """What a type is made of, by name; `*` is any."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: about.annotation for name, about in kind.model_fields.items()}
    if get_origin(kind) is dict:
        return {"*": get_args(kind)[1]}
    if get_origin(kind) is tuple:
        entry = get_args(kind)[0]
        return {"*": entry} if any(inside(each) for each in plain(entry)) else {}
    return {}


def leaves(kind, path=()):
    """Path and type of each value that a scenario may have."""
    for each in plain(kind):
        if each is type(None):
            continue
        parts = inside(each)
        if not parts:
            yield ".".join(path), each
        for name, about in parts.items():
            yield from leaves(about, (*path, name))


def written(kind, names, value, path=()):
    """Path and value of each leaf that a change writes at `names`."""
    for each in plain(kind):
        parts = inside(each)
        if names:
            name = "*" if "*" in parts else names[0]
            if name in parts:
                yield from written(parts[name], names[1:], value, (*path, name))
        elif isinstance(value, dict):
            for key in value if parts else ():
                yield from written(each, [key], value[key], path)
        elif parts and isinstance(value, list | tuple):
            for entry in value:
                yield from written(each, ["0"], entry, path)
        elif not parts:
            yield ".".join(path), value


def settings(changes):
    for path, value in changes.items():
        yield from written(Scenario, path.split("."), value)


def words(kind):
    """Options of a choice, also of a list of choices."""
    if get_origin(kind) is Literal:
        return set(get_args(kind))
    return set(chain(*(words(each) for each in get_args(kind))))


FIELDS = sorted({path for path, _ in leaves(Scenario)})
MATTER = [case for case in CASES if set(case.expected.values()) != {SAME}]
CHANGED = {path for case in MATTER for path, _ in settings(case.changed)}


def test_paths_are_found():
    assert {"front.held_km2", "timeline.*.aid_level"} <= set(FIELDS)
    assert {"negotiation.offers.*.line", "negotiation.offers.*.line.held_km2"} <= {
        *FIELDS
    }
    assert {"parties.*.policy.premium_km2", "chips.*.value_km2.*"} <= set(FIELDS)
    found = dict(settings({"timeline": [{"date": "2025-03-13", "aid_level": 0}]}))
    assert found == {"timeline.*.date": "2025-03-13", "timeline.*.aid_level": 0}


@pytest.mark.parametrize("path", FIELDS)
def test_every_setting_is_changed_in_a_case_or_is_exempt(path):
    assert (path in CHANGED) != (path in EXEMPT)


def test_exemptions_are_of_settings_that_exist():
    assert set(EXEMPT) <= set(FIELDS)


def test_every_choice_is_taken_in_a_case_or_by_the_flagship():
    options, taken = defaultdict(set), defaultdict(set)
    for path, kind in leaves(Scenario):
        options[path] |= words(kind)
    flagship = shipped(FLAGSHIP).scenario.model_dump()
    for changes in (flagship, *(c.base for c in CASES), *(c.changed for c in CASES)):
        for path, value in settings(changes):
            several = isinstance(value, list | tuple)
            taken[path] |= set(value) if several else {value}
    missing = {path: words - taken[path] for path, words in options.items()}
    assert {path: words for path, words in missing.items() if words} == {}


def test_no_two_cases_have_one_name():
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)


@pytest.mark.compiled
def test_a_setting_that_changes_nothing_fails_its_case():
    same = {"negotiation.offers.thirty_days.duration_days": 30}
    with pytest.raises(AssertionError, match="changes by 0"):
        check(Case("nothing", same, {"accepts.ukraine": UP}, "", ANSWER))
