"""What worlds say of facts, read from records and from the run's own story."""

from datetime import date

import numpy as np
import pytest

from sim.analysis.inference.sets import space_of
from sim.analysis.inference.testimony import coded, witness
from sim.model.engine import run_recorded
from sim.model.labels import labels_of
from sim.model.mesa_model import CeasefireModel
from sim.model.parameters import build
from sim.model.state import TABLE, WORLD, as_kernels_take_it, blank
from sim.scenario.fact_file import load_facts
from sim.scenario.facts import Fact
from sim.scenario.load import load

WORLDS = 30
ASKED = {
    "accept": "acceptance",
    "reject": "rejection",
    "conditional": "conditional_acceptance",
}


def fact(name, **coded):
    tolerance = {}
    if name in ("aid_level", "chip", "line"):
        tolerance = {"tolerance": 1.0}
    return Fact(
        id="f",
        scenario="s",
        date="2025-06-01",
        statement="s",
        coded={"name": name, **coded},
        **tolerance,
    )


def said(loaded, facts, worlds=WORLDS, seed=1):
    """What the first worlds say of facts, shape (worlds, facts)."""
    cell = as_kernels_take_it(build(loaded.scenario))
    steps = int(cell["steps"][0])
    ended, days = blank(WORLD, worlds), blank(WORLD, worlds * steps)
    days = days.reshape(worlds, steps)
    run_recorded(cell, ended, blank(TABLE, 1), seed, 0, days)
    start = loaded.scenario.start_date
    last = [(each.date - start).days for each in facts]
    records = coded(facts, labels_of(loaded.scenario), last)
    found = np.empty((worlds, len(facts)))
    witness(days, ended["step"], records, found)
    return found


_TOLD = {}


def stories(loaded, worlds=WORLDS, seed=1):
    """The same worlds as agents play them, one after the other."""
    for replicate in range(worlds):
        key = loaded.hash, seed, replicate
        if key not in _TOLD:
            model = CeasefireModel(loaded, seed=seed, replicate=replicate)
            _TOLD[key] = model.run()
        yield _TOLD[key]


def answers(world, party, offer):
    """Answers to an offer that is put anew, neither counter-offer nor extension."""
    put = None
    for event in world.events:
        if event["type"] in ("offer", "counter_offer", "extension"):
            plain = event["type"] == "offer"
            put = event["offer"] if plain and event["actor"] != party else None
        answer = next((k for k, v in ASKED.items() if v == event["type"]), None)
        ours = event["actor"] == party and put == offer == event["offer"]
        if answer and ours and not event["terms"].get("extension"):
            yield answer, event


@pytest.mark.parametrize(
    ("name", "party", "offer"),
    [
        ("kursk-2025-03-13", "russia", "thirty_days"),
        ("kursk-2025-03-13", "ukraine", "thirty_days_back"),
        ("kursk-2024-08-20", "russia", "thirty_days"),
        ("kursk-2024-08-20", "ukraine", "demand"),
        ("kursk-at-its-peak", "russia", "freeze"),
    ],
)
def test_answers_are_those_that_the_run_tells(name, party, offer):
    loaded = load(name)
    kinds = list(ASKED)
    about = {"party": party, "offer": offer}
    facts = [fact("first_answer", **about, answer=each) for each in kinds]
    facts += [fact("every_answer", **about, answer=each) for each in kinds]
    found = said(loaded, facts)
    seen = set()
    for row, world in zip(found, stories(loaded), strict=True):
        every = list(answers(world, party, offer))
        given = [answer for answer, _ in every]
        seen |= set(given)
        assert row[:3].tolist() == [float(given[:1] == [each]) for each in kinds]
        until = (date(2025, 6, 1) - loaded.scenario.start_date).days
        given = [answer for answer, event in every if event["day"] <= until]
        assert row[3:].tolist() == [float(set(given) <= {each}) for each in kinds]
    assert seen


def test_conditions_that_are_named_have_to_include_those_of_the_fact():
    loaded = load("kursk-at-its-peak")
    about = {"party": "russia", "offer": "thirty_days", "answer": "conditional"}
    asked = [(), ("hand_back",), ("aid_freeze",), ("hand_back", "aid_freeze")]
    found = said(loaded, [fact("first_answer", **about, including=c) for c in asked])
    counted = 0
    for row, world in zip(found, stories(loaded), strict=True):
        answer, event = next(answers(world, "russia", "thirty_days"), ("", None))
        named = set(event["terms"].get("conditions", ())) if event else set()
        if answer == "conditional":
            counted += 1
        expected = [answer == "conditional" and named >= set(each) for each in asked]
        assert row.tolist() == [float(each) for each in expected]
    assert counted > 5


def test_the_answer_to_a_counter_offer_is_the_first_one_after_it():
    loaded = load("kursk-at-its-peak")
    about = {"party": "ukraine", "offer": "thirty_days"}
    kinds = ("accept", "reject")
    found = said(
        loaded, [fact("answer_to_counter_offer", **about, answer=k) for k in kinds]
    )
    told = 0
    for row, world in zip(found, stories(loaded), strict=True):
        events = list(world.events)
        countered = [
            at
            for at, event in enumerate(events)
            if event["type"] == "counter_offer"
            and (event["offer"], event["actor"]) == ("thirty_days", "russia")
        ]
        given = next(
            (
                event["type"]
                for event in events[countered[0] :]
                if event["actor"] == "ukraine" and event["type"] in ASKED.values()
            )
            if countered
            else iter(()),
            None,
        )
        told += given is not None
        assert row.tolist() == [float(given == ASKED[each]) for each in kinds]
    assert told > 5


@pytest.mark.parametrize("kind", ["full", "partial"])
@pytest.mark.parametrize(("first", "last"), [(0, 60), (61, 150)])
def test_a_truce_begins_where_the_run_tells_of_one(kind, first, last):
    loaded = load("kursk-at-its-peak")
    days = {"from_day": first, "to_day": last}
    facts = [fact("truce", kind=kind, begins=each, **days) for each in (True, False)]
    found = said(loaded, facts)
    begun = [
        any(
            event["type"] == "truce"
            and event["terms"]["kind"] == kind
            and first <= event["day"] <= last
            for event in world.events
        )
        for world in stories(loaded)
    ]
    assert found[:, 0].tolist() == [float(each) for each in begun]
    assert found[:, 1].tolist() == [float(not each) for each in begun]
    assert {*begun} == {True, False}


def test_what_was_measured_is_what_a_day_has():
    loaded = load("kursk-2025-03-03")
    facts = [
        fact("chip", chip="kursk", day=10, size=200.0),
        fact("line", day=10, held_km2=3000.0),
        fact("aid_level", day=10, level=1.0),
    ]
    for row, world in zip(said(loaded, facts), stories(loaded), strict=True):
        day = next(each for each in world.days if each["day"] == 10)
        expected = day["chips_km2"]["kursk"], day["held_km2"], day["aid"]
        assert tuple(row) == expected


def test_refusals_are_counted_up_to_the_day_of_the_fact():
    loaded = load("kursk-2025-03-13")
    counts = range(8)
    facts = [fact("refusals", party="russia", count=each) for each in counts]
    found = said(loaded, facts)
    for row, world in zip(found, stories(loaded), strict=True):
        upto = [e for e in world.events if e["day"] <= 80]  # 1 June is day 80
        # what the record counts: rejections, and answers on conditions
        count = sum(
            e["actor"] == "russia"
            and e["type"] in ("rejection", "conditional_acceptance")
            and not e["terms"].get("extension")
            for e in upto
        )
        if count in counts:
            assert row[count] == 1.0


def test_facts_of_weeks_are_read_by_steps_of_weeks():
    loaded = load("kursk-at-its-peak", set={"step_days": 7})
    facts = [fact("truce", kind="full", begins=True, from_day=0, to_day=62)]
    found = said(loaded, facts)
    begun = [
        any(
            event["type"] == "truce"
            and event["terms"]["kind"] == "full"
            and event["day"] <= 62
            for event in world.events
        )
        for world in stories(loaded)
    ]
    assert found[:, 0].tolist() == [float(each) for each in begun]


def test_scenarios_share_the_places_of_inputs_by_path():
    flagship = load("kursk-2025-03-13")
    space = space_of(
        flagship, load_facts("march-2025"), seed=1, worlds=2, within_days=90
    )
    places = space.places(5)
    assert places.shape == (5, len(space.paths))
    path = "front.drift_km2_per_week"
    shares = []
    for case in space.cases:
        low, high = next((i.low, i.high) for i in case.inputs if i.path == path)
        shares.append((space.numbers(case, places)[path] - low) / (high - low))
    assert shares[0] == pytest.approx(shares[1])
    assert [case.loaded.scenario.horizon_days for case in space.cases] == [180, 205]
    assert [case.tells for case in space.cases] == [True, False]
