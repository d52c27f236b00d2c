"""What the sanity report counts is what the chronicles of the Mesa model tell.

The watching loop is compiled by each process, which takes most of the time: one test
makes all claims, so that no two processes compile it.
"""

import numpy as np
import pytest
import summary
from bounds import BOUNDS
from checks import checks
from page import page

from sim.model.engine import simulate
from sim.model.mesa_model import CeasefireModel
from sim.model.parameters import build
from sim.model.state import ACCEPT, COUNTER, ON_CONDITIONS, REJECT, SILENT
from sim.scenario.load import load

SCENARIOS = ("kursk-2025-03-13", "kursk-2024-08-20")
WORLDS = 40
ANSWERS = {
    "acceptance": ACCEPT,
    "rejection": REJECT,
    "conditional_acceptance": ON_CONDITIONS,
}
KINDS = {
    "begun": "truce",
    "broken": "breakdown",
    "expired": "expiry",
    "extended": "extension",
}


def counted(models, wanted):
    return [sum(1 for event in model.events if wanted(event)) for model in models]


def of_type(*kinds):
    return lambda event: event["type"] in kinds


def is_answer(event):
    return event["type"] in ANSWERS


def watching_changes_no_world(seen, models):
    params = build(load(seen.id).scenario)
    worlds = simulate(params, seed=1, replicates=range(WORLDS))
    assert worlds.tobytes() == seen.worlds.tobytes()


def no_bound_is_missed(seen, models):
    made = [check for check in checks([seen]) if check.asks.startswith("misses")]
    assert len(made) == len(BOUNDS)
    assert all(check.passed for check in made)


def offers_counters_and_refusals_are_those_of_the_chronicle(seen, models):
    put = counted(models, of_type("offer", "counter_offer"))
    again = counted(models, of_type("extension", "expiry"))
    days = np.add(put, again)
    assert seen.seen["put"].sum(axis=1).tolist() == days.tolist()
    counters = counted(models, of_type("counter_offer"))
    assert seen.seen["put"][:, COUNTER].tolist() == counters
    for side, name in enumerate(seen.labels.sides):
        refused = counted(
            models,
            lambda e, name=name: (
                e["actor"] == name
                and e["type"] in ("rejection", "conditional_acceptance")
            ),
        )
        assert seen.worlds["refusals"][:, side].tolist() == refused
        assert seen.seen["answers"][:, side].tolist() == counted(
            models, lambda e, name=name: e["actor"] == name and is_answer(e)
        )
    assert summary.talks(seen)["offers"] == pytest.approx(np.mean(days))


def first_answers_are_those_of_the_chronicle(seen, models):
    for row, model in zip(seen.seen, models, strict=True):
        first = next(event for event in model.events if event["type"] == "offer")
        assert seen.labels.offer(int(row["first_offer"])) == first["offer"]
        said = dict.fromkeys(seen.labels.sides, SILENT)
        named = {name: [] for name in seen.labels.sides}
        for event in model.events:
            if event["day"] == first["day"] and is_answer(event):
                said[event["actor"]] = ANSWERS[event["type"]]
                named[event["actor"]] = event["terms"].get("conditions", [])
        assert row["first_answer"].tolist() == list(said.values())
        told = [summary.named_conditions(int(d)) for d in row["first_demands"]]
        assert told == list(named.values())


def noise_decides_where_the_chronicle_says_so(seen, models):

    def by_noise(event):
        reason = event["reason"]
        least = reason["fight_on"] + reason["aspiration"]
        return (reason["accept"] >= least) != (event["type"] == "acceptance")

    for side, name in enumerate(seen.labels.sides):
        turned = counted(
            models,
            lambda e, name=name: is_answer(e) and e["actor"] == name and by_noise(e),
        )
        assert seen.seen["by_noise"][:, side].tolist() == turned


def truces_by_kind_are_those_of_the_chronicle(seen, models):
    for field, kind in KINDS.items():
        for full, name in enumerate(("partial", "full")):
            told = counted(
                models,
                lambda e, kind=kind, name=name: (
                    e["type"] == kind and e["terms"]["kind"] == name
                ),
            )
            assert seen.seen[field][:, full].tolist() == told, (field, name)


def refused_extensions_of_own_truces_and_delayed_rounds(seen, models):
    scenario = load(seen.id).scenario
    every = scenario.negotiation.round_every_days
    own, delayed = [], []
    for model in models:
        author, refused, due = None, 0, 0
        for event in model.events:
            if event["type"] == "truce":
                author = event["actor"]
            extension = event["terms"].get("extension", False)
            if event["type"] == "rejection" and extension:
                refused += event["actor"] == author
            if event["type"] in ("extension", "expiry"):
                war = event["type"] == "expiry" or event["terms"]["kind"] == "partial"
                due += war and event["day"] % every == 0
        own.append(refused)
        delayed.append(due)
    assert seen.seen["own_extension_refused"].tolist() == own
    assert seen.seen["delayed_rounds"].tolist() == delayed


def terms_put_again_by_another_name_are_found(seen, models):
    scenario = load(seen.id).scenario
    wait = scenario.negotiation.repeat_after_days
    menu = {
        name: offer.model_dump(exclude={"offered_by", "note"})
        for name, offer in scenario.negotiation.offers.items()
    }

    def today(name, held):
        terms = dict(menu[name])
        terms["hand_back"] = {c: s for c, s in terms["hand_back"].items() if c in held}
        return terms

    for row, model in zip(seen.seen, models, strict=True):
        chips = {day["day"] + 1: day["chips_km2"] for day in model.days}
        blocked, found, dated = {}, 0, {entry.date for entry in scenario.timeline}
        for event in model.events:
            day = event["day"]
            in_round = event["type"] == "offer" and day not in _days_of(dated, scenario)
            if in_round:
                held = {chip for chip, km2 in chips[day].items() if km2 > 0}
                found += any(
                    other != event["offer"]
                    and until > day
                    and today(other, held) == today(event["offer"], held)
                    for other, until in blocked.items()
                )
            if event["type"] == "offer":
                countered = False
            if event["type"] == "counter_offer":
                countered = True
            refused = event["type"] in ("rejection", "conditional_acceptance")
            if refused and (event["terms"].get("extension") or not countered):
                blocked[event["offer"]] = day + wait
        assert row["put_again"] == found


def _days_of(dates, scenario):
    return {(date - scenario.start_date).days for date in dates}


def the_page_is_the_same_each_time_and_counts_what_was_seen(seen, models):
    text = page([seen], "some command")
    again = summary.watch_scenario(seen.id, range(WORLDS))
    assert page([again], "some command") == text
    assert "    some command\n" in text
    offer, said, of = summary.first_answers(seen)[0]
    assert f"{of:.3f}" in text
    assert offer in text
    assert all(each in text for each in said)


CLAIMS = (
    watching_changes_no_world,
    no_bound_is_missed,
    offers_counters_and_refusals_are_those_of_the_chronicle,
    first_answers_are_those_of_the_chronicle,
    noise_decides_where_the_chronicle_says_so,
    truces_by_kind_are_those_of_the_chronicle,
    refused_extensions_of_own_truces_and_delayed_rounds,
    terms_put_again_by_another_name_are_found,
    the_page_is_the_same_each_time_and_counts_what_was_seen,
)


@pytest.mark.slow
def test_what_is_counted_is_what_the_chronicles_tell():
    for scenario in SCENARIOS:
        seen = summary.watch_scenario(scenario, range(WORLDS))
        models = [
            CeasefireModel(scenario, seed=1, replicate=replicate).run()
            for replicate in range(WORLDS)
        ]
        for claim in CLAIMS:
            claim(seen, models)
