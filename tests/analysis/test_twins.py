"""Where twin runs part: what is told is the first of it, and true."""

import pytest

from sim.analysis.decisions.paired_runs import divergence, divergence_in_words
from sim.model.world import walk
from sim.scenario.load import load

FLAGSHIP = "kursk-2025-03-13"
# A replicate in which more of Kursk makes Russia answer otherwise.
ANSWERED_OTHERWISE = 6


def twins(changes, replicate=0, other=FLAGSHIP):
    return (
        walk(load(FLAGSHIP), 1, replicate),
        walk(load(other, set=changes), 1, replicate),
    )


def in_words(found):
    return " ".join(divergence_in_words(found, ("A", "B")))


def test_a_run_never_parts_from_itself():
    first, other = twins({})
    found = divergence(first, other)
    assert (found.start, found.state_day, found.state) == ({}, None, {})
    assert (found.event_day, found.events, found.decisions) == (
        None,
        (None, None),
        (None, None),
    )
    text = in_words(found)
    assert "The same things happen in both" in text
    assert "Nothing else ever differs" in text


def test_up_to_the_day_they_part_both_runs_tell_the_same():
    first, other = twins({"chips.kursk.area_km2": 400}, ANSWERED_OTHERWISE)
    found = divergence(first, other)
    assert found.start["chips_km2.kursk"] == (189.0, pytest.approx(400.0))
    day = found.event_day

    def before(run):
        return [
            (each["day"], each["actor"], each["type"], each["offer"])
            for each in run.events
            if each["day"] < day
        ]

    assert before(first) == before(other)
    assert day == 7
    assert [each["type"] for each in found.events] == [
        "conditional_acceptance",
        "acceptance",
    ]


def test_an_answer_that_differs_is_taken_apart_in_both():
    found = divergence(*twins({"chips.kursk.area_km2": 400}, ANSWERED_OTHERWISE))
    parts = found.parts
    for place, decision in enumerate(found.decisions):
        total = sum(pair[place] for pair in parts.values())
        assert total == pytest.approx(decision.weighed, abs=1e-8)
    moved = [abs(there - here) for here, there in parts.values()]
    assert moved == sorted(moved, reverse=True)
    assert next(iter(parts)) == "chips"
    text = in_words(found)
    assert "In A: Russia refuses, but would accept if aid is frozen." in text
    assert "In B: Russia accepts." in text
    assert "what differs most is what is held outside the stake" in text


def test_the_change_itself_is_not_taken_for_the_day_on_which_they_part():
    found = divergence(*twins({"aid.level": 0.5}))
    assert found.start == {"aid": (1.0, 0.5)}
    assert "aid" not in found.state
    # The line follows from the first day on; both know why, and learn the same.
    assert found.state_day == 0
    assert set(found.state) == {"held_km2"}


def test_what_nobody_decides_is_laid_to_other_chances():
    changes = {"negotiation.first_round": "2025-09-01", "timeline": []}
    first = walk(load(FLAGSHIP, set=changes), 1, 0)
    odds = {"front.drift_km2_per_week": 60}
    found = divergence(first, walk(load(FLAGSHIP, set=changes | odds), 1, 0))
    assert found.start == {}
    assert found.decisions == (None, None)
    kinds = {each["type"] for each in found.events if each}
    assert kinds == {"battle"}
    assert found.state_day <= found.event_day
    assert "the luck is the same, but the chances differ" in in_words(found)


def test_an_offer_that_differs_is_told_with_what_its_author_weighed():
    changes = {"negotiation.offers.thirty_days_back.offered_by": ["ukraine"]}
    found = divergence(*twins(changes))
    assert found.events[0]["offer"] == "thirty_days_back"
    one, two = found.decisions
    assert (one.kind, one.day) == (two.kind, two.day) == ("proposal", found.event_day)
    assert found.parts == {}
    assert "this offer is worth" in in_words(found)


def test_something_that_happens_in_one_run_only_is_told_so():
    changes = {"timeline": []}
    found = divergence(*twins(changes))
    assert found.event_day == 0
    assert found.events[0]["offer"] == "thirty_days"
    text = in_words(found)
    assert "In A: The United States offers a 30-day truce" in text


def test_other_wars_can_be_twins():
    found = divergence(*twins({}, other="no-incursion"))
    assert found.start["chips_km2.kursk"] == (189.0, None)
    assert "Kursk held: 189 km2 in A, none in B" in in_words(found)


def test_plain_data_holds_pairs():
    plain = divergence(*twins({"aid.level": 0.5})).to_dict()
    assert plain["start"] == {"aid": {"first": 1.0, "other": 0.5}}
    assert plain["end"] == {"first": "truce", "other": "war"}
    assert set(plain["parts"]) >= {"territory", "noise"}
