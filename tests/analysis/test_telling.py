"""The story of a run: neutral sentences, in km2, that hold the numbers of the log."""

import re
from itertools import pairwise

import pytest

from sim.analysis.narrative.narrative import MOST_WORDS, NOTE, tell
from sim.analysis.narrative.sentences import (
    conditions_in_words,
    offers_in_words,
    sentence,
)
from sim.analysis.narrative.words import WORTH, amount, km2, land_held
from sim.model.labels import labels_of
from sim.model.mesa_model import CeasefireModel
from sim.scenario.library import known
from sim.scenario.load import load

FLAGSHIP = "kursk-2025-03-13"
UNNEUTRAL = re.compile(
    r"\b(aggress|victor|liberat|enemy|regime of|surrender|betray|loses|peace)", re.I
)
OF_THE_FIRST_EDITION = re.compile(r"\bodds\b|\bbattle|share of the stake")
CALLED = labels_of(load(FLAGSHIP).scenario)
PRISONERS = {
    "holder": "russia",
    "label": "Prisoners of war",
    "amount": 8000,
    "peak": 8000,
    "unit": "prisoners",
    "value_km2": {"russia": 5, "ukraine": 60},
}


@pytest.fixture(scope="module", params=[0, 1, 5, 17])
def run(request):
    return CeasefireModel(FLAGSHIP, replicate=request.param).run()


def told(run, events=None, outcome=None, **how):
    return tell(
        run.events if events is None else events,
        run.days,
        outcome or run.outcome,
        run.loaded.scenario,
        **how,
    )


@pytest.fixture(scope="module")
def story(run):
    return told(run)


def test_the_story_ends_by_saying_what_it_is(story):
    assert story[-1] == NOTE
    assert "not a forecast" in NOTE


def test_it_begins_with_how_it_ends_and_what_turned_it(story):
    assert story[0].startswith("At the end, day 179, 8 September 2025, ")
    assert story[1].startswith("What turned it. ")


@pytest.mark.parametrize("name", sorted(known()))
@pytest.mark.parametrize("replicate", [2, 3])
def test_a_story_can_be_read_in_two_minutes(name, replicate):
    told_once = told(CeasefireModel(name, replicate=replicate).run())
    assert sum(len(part.split()) for part in told_once) <= MOST_WORDS


def test_with_numbers_it_begins_with_who_holds_what_and_what_worth_is(run):
    start = told(run, numbers=True)[1]
    assert start == (
        "At the start Ukraine holds 3,200 km2 of the disputed land and 189 km2 of "
        f"Kursk; 8,000 km2 are in dispute. {WORTH}"
    )


def test_with_numbers_every_event_is_told(run):
    text = " ".join(told(run, numbers=True))
    for each in run.events:
        assert sentence(each, run.labels) in text


def test_a_truce_is_explained_by_the_side_that_was_harder_to_win(run, story):
    if run.outcome["first_full_truce_day"] is None:
        assert "The nearest to a full truce was the offer of " in story[1]
        assert "less than fighting on" in story[1]
    else:
        day = run.outcome["first_full_truce_day"]
        assert f"On day {day} both sides accept a" in story[1]
        assert "than fighting on" in story[1]


def test_every_answer_is_told_with_what_the_offer_is_worth_beside_fighting_on(run):
    for event in run.events:
        if event["reason"]:
            gain = event["reason"]["accept"] - event["reason"]["fight_on"]
            more = "more" if gain > 0.0 else "less"
            text = sentence(event, run.labels)
            assert f"is worth {km2(abs(gain))} {more} than fighting on" in text


def test_every_event_has_a_sentence_in_neutral_words(run):
    for event in run.events:
        text = sentence(event, run.labels)
        assert text.endswith(".")
        assert "None" not in text
        assert not UNNEUTRAL.search(text), text


def test_nothing_is_told_in_odds_or_shares_of_the_stake(story):
    assert not [part for part in story if OF_THE_FIRST_EDITION.search(part)]


def test_no_line_jumps(run):
    """A week of fighting moves it by five of its weekly spreads at the most."""
    spread = run.loaded.scenario.front.volatility_km2_per_week
    lines = [day["held_km2"] for day in run.days]
    assert max(abs(b - a) for a, b in pairwise(lines[::7])) < 5 * spread


def test_the_end_says_what_became_of_kursk_and_how_often_each_refused(run, story):
    held = run.outcome["chips_km2"]["kursk"]
    now = f"{km2(held)} are" if held else "nothing is"
    assert f"Of Kursk {now} held, 189 km2 at the start." in story[0]
    land = f"Ukraine holds {km2(run.outcome['held_km2'])} of the disputed land, "
    assert land in story[0]
    for party, count in run.outcome["refusals"].items():
        name = run.labels.party_label(party)
        assert (f"{name} refused {count} time" in story[0]) == (count > 0)


def test_the_end_tells_both_headlines(run, story):
    began, stopped = (
        run.outcome[name] for name in ("first_full_truce_day", "fighting_stopped_day")
    )
    begun = f"A full truce first began on day {began}"
    assert ("No full truce has begun" if began is None else begun) in story[0]
    has = f"the fighting stopped on day {stopped}"
    assert ("the fighting goes on" if stopped is None else has) in story[0]


def test_a_pause_that_ended_is_told_with_its_length(run):
    outcome = {
        **run.outcome,
        "end": "war",
        "first_full_truce_day": 20,
        "truces_broken": 1,
        "longest_pause_days": 41.0,
    }
    assert (
        "A full truce first began on day 20; the longest pause was 41 days"
        in told(run, outcome=outcome)[0]
    )


def test_every_day_of_bargaining_is_told_or_counted(run, story):
    days = {e["day"] for e in run.events if e["type"] in ("offer", "counter_offer")}
    spans = [
        (int(m[1]), int(m[2] or m[1]))
        for text in story
        if (m := re.match(r"Days? (\d+)(?: to (\d+))?[.,]", text))
    ]
    assert all(any(low <= day <= high for low, high in spans) for day in days)


def test_offers_are_called_by_what_they_say(story):
    text = " ".join(story)
    assert "The United States offers a 30-day truce. " in text
    assert "thirty" not in text


def test_offers_that_read_alike_have_their_names_beside_them():
    offers = {"offered_by": ["united_states"], "duration_days": 30, "monitoring": 0.9}
    scenario = load(FLAGSHIP, set={"negotiation.offers.watched": offers}).scenario
    words = offers_in_words(scenario, CALLED)
    assert words["watched"] == "a 30-day truce (watched)"
    assert words["thirty_days"] == "a 30-day truce (thirty days)"
    assert words["thirty_days_back"] == "a 30-day truce, Kursk handed back"
    assert words["freeze"] == "an open-ended truce"


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
    all_of_it = sentence(event("territory", "ukraine", km2=0.0, **land), CALLED)
    assert all_of_it == (
        "Under its terms Ukraine hands back 300 km2 of Kursk, all that it held."
    )
    some = sentence(event("territory", "ukraine", km2=100.0, **land), CALLED)
    assert some.endswith("hands back 200 km2 of Kursk, 100 are left.")


def test_a_week_at_the_front_is_told_as_who_gained_how_much():
    week = event("battle", "russia", moved_km2=31.2, days=7, held_km2=3168.8)
    assert sentence(week, CALLED) == (
        "In the 7 days up to day 3 Russia gains 31 km2; Ukraine holds 3,169 km2 of "
        "the disputed land."
    )
    day = event("battle", "united_states", moved_km2=12.2, days=1, held_km2=3168.8)
    assert sentence(day, CALLED).startswith("On day 3 the United States gains 12 km2; ")


def test_a_commitment_says_when_it_costs():
    said = sentence(event("commitment", "russia", audience_cost_km2=320.0), CALLED)
    assert "a truce that breaks its claim costs it 320 km2" in said


def test_parties_and_chips_are_called_by_their_labels_and_units():
    changes = {"chips.prisoners": PRISONERS, "parties.ukraine.label": "Kyiv"}
    called = labels_of(load(FLAGSHIP, set=changes).scenario)
    assert land_held(3169.4, {"kursk": 94.6, "prisoners": 51.0}, called) == (
        "Kyiv holds 3,169 km2 of the disputed land and 95 km2 of Kursk; Russia holds "
        "51 of the prisoners"
    )
    back = ["kursk", "prisoners"]
    assert conditions_in_words(["hand_back", "aid_freeze"], back, called) == (
        "Kursk and the prisoners are handed back and aid is frozen"
    )
    assert conditions_in_words(["hand_back"], ["prisoners"], called) == (
        "the prisoners are handed back"
    )
    gone = event("territory", "russia", chip="prisoners", km2=0.0, was_km2=82.0)
    assert sentence(gone, called) == (
        "Russia no longer holds any of the prisoners, after 82 the day before."
    )
    terms = {"kind": "full", "duration_days": None, "monitoring": 0.8}
    terms |= {"line": "held_km2", "line_km2": 3600.0, "hand_back": {"prisoners": 0.5}}
    assert sentence(event("offer", "ukraine", **terms), called) == (
        "Kyiv offers an open-ended truce, a line that leaves Kyiv 3,600 km2, 50 % of "
        "the prisoners handed back, monitoring 0.8."
    )


def test_chips_of_one_unit_are_told_apart():
    changes = {
        "chips.prisoners": PRISONERS,
        "chips.others": PRISONERS | {"holder": "ukraine", "label": "Those in Ukraine"},
    }
    called = labels_of(load(FLAGSHIP, set=changes).scenario)
    held = land_held(3200.0, {"prisoners": 51.0, "others": 40.0}, called)
    assert "51 of the prisoners (Prisoners of war)" in held
    assert "40 of the prisoners (Those in Ukraine)" in held


@pytest.mark.parametrize("digits", range(-3, 5))
def test_amounts_are_whole_from_ten_on_and_have_a_decimal_below(digits):
    number = 3.14159 * 10.0**digits
    shown = float(amount(number).replace(",", ""))
    assert abs(shown - number) <= (0.05 if number < 10 else 0.5)
    assert shown > 0.0


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
        event("truce", kind="full", held_km2=3200.0, chips_km2={})
        if kind == "full truce"
        else event(kind, kind="partial")
        for kind in kinds
    ]
    outcome = {**run.outcome, "end": "war", "truces_extended": 5}
    end = told(run, events, outcome)[0]
    assert ("the fighting goes on, under a partial truce" in end) == goes_on
    assert "truce was extended 5 times" in end
