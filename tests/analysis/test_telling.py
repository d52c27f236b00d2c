"""The story of a run: neutral sentences that hold the numbers of the log."""

import re

import pytest

from sim.analysis.narrative.narrative import NOTE, sentence, tell
from sim.model.mesa_model import CeasefireModel

UNNEUTRAL = re.compile(
    r"\b(aggress|victor|liberat|enemy|regime of|surrender|betray|loses|peace)", re.I
)


@pytest.fixture(scope="module", params=[0, 1, 5, 17])
def run(request):
    return CeasefireModel("kursk-2025-03-13", replicate=request.param).run()


@pytest.fixture(scope="module")
def story(run):
    return tell(run.events, run.days, run.outcome, front_side="ukraine")


def test_the_story_ends_by_saying_what_it_is(story):
    assert story[-1] == NOTE
    assert "not a forecast" in NOTE


def test_every_answer_is_told_with_the_numbers_it_rests_on(run):
    for event in run.events:
        if event["reason"]:
            text = sentence(event)
            assert f"{event['reason']['accept']:.4f}" in text
            assert f"{event['reason']['fight_on']:.4f}" in text


def test_every_event_has_a_sentence_in_neutral_words(run):
    for event in run.events:
        text = sentence(event)
        assert text.endswith(".")
        assert "None" not in text
        assert not UNNEUTRAL.search(text), text


def test_the_end_says_what_became_of_kursk_and_how_often_each_refused(run, story):
    end = story[-2]
    held = run.outcome["chips_km2"]["kursk"]
    assert f"{held:.0f} km2" in end
    for count in run.outcome["refusals"].values():
        assert f"refused {count} time" in end


def test_every_day_of_bargaining_has_its_paragraph(run, story):
    days = {e["day"] for e in run.events if e["type"] in ("offer", "counter_offer")}
    told = {int(m[1]) for text in story if (m := re.match(r"Day (\d+),", text))}
    assert days <= told


def event(what, actor=None, **terms):
    return {
        "day": 3,
        "date": "2025-03-16",
        "actor": actor,
        "type": what,
        "offer": "energy_truce",
        "terms": terms,
        "reason": None,
    }


def test_handing_back_is_told_as_what_the_truce_asks():
    land = {"chip": "kursk", "was_km2": 300.0, "how": "hand_back"}
    all_of_it = sentence(event("territory", "ukraine", km2=0.0, **land))
    assert all_of_it == (
        "Under its terms Ukraine hands back 300 km2 of Kursk, all that it held."
    )
    assert sentence(event("territory", "ukraine", km2=100.0, **land)).endswith(
        "hands back 200 km2 of Kursk, 100 are left."
    )


def test_a_commitment_says_when_it_costs():
    told = sentence(event("commitment", "russia", audience_cost=0.04))
    assert "a truce that breaks its claim costs it 0.04" in told


@pytest.mark.parametrize(
    ("kinds", "goes_on"),
    [
        (["truce"], True),
        (["truce", "extension"], True),
        (["truce", "breakdown"], False),
        (["truce", "extension", "expiry"], False),
        (["truce", "full truce"], False),
        ([], False),
    ],
)
def test_the_end_tells_of_a_partial_truce_that_holds(run, kinds, goes_on):
    events = [
        event("truce", kind="full", share=0.4, chips_km2={})
        if kind == "full truce"
        else event(kind, kind="partial")
        for kind in kinds
    ]
    outcome = {**run.outcome, "end": "war", "truces_extended": 5}
    end = tell(events, run.days, outcome, front_side="ukraine")[-2]
    assert ("the fighting goes on, under a partial truce" in end) == goes_on
    assert "5 extensions of a truce" in end
