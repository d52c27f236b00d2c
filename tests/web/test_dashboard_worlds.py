"""What the dashboard steps and shows, without a browser and without its extra."""

import math
import re
from dataclasses import replace
from html import unescape

import pytest

from sim.analysis.narrative.words import amount, km2
from sim.errors import ScenarioError
from sim.model.parameters import build
from sim.model.world import walk
from sim.scenario.load import load
from sim.web.dashboard import panels
from sim.web.dashboard.choice import first_choice
from sim.web.dashboard.worlds import Worlds

AREA, AID = "chips.kursk.area_km2", "aid.level"
DAYS = 12


def text_of(html):
    return unescape(re.sub(r"<[^>]*>", " ", html))


@pytest.fixture(scope="module")
def choice():
    return first_choice(load("kursk-2025-03-13"))


@pytest.fixture(scope="module")
def twins(choice):
    """Twelve days of two runs; aid stops in the second."""
    worlds = Worlds(replace(choice, change=(AID, 0.0)))
    for _ in range(DAYS):
        worlds.step()
    return worlds


def test_the_run_is_that_of_the_command(choice, twins):
    whole = walk(choice.base, seed=1, replicate=0)
    assert twins.runs[0].days == whole.days[: DAYS + 1]
    assert twins.so_far().log
    assert [event["type"] for event in twins.so_far().log] == [
        event["type"] for event in whole.events if event["day"] < DAYS
    ]
    scenes = [scene for scene in whole.scenes if scene.day < DAYS]
    told = [(each.day, each.actor, each.kind) for each in twins.last_decisions()]
    assert told == [
        (each.day, each.actor, each.kind)
        for each in scenes
        if each.day == scenes[-1].day
    ]


def test_the_second_run_has_the_same_luck_and_one_change(twins):
    first, second = twins.runs
    assert second.loaded.scenario.aid.level == 0.0
    assert first.loaded.scenario.aid.level == 1.0
    assert (first.world["cost"] == second.world["cost"]).all()
    said = " ".join(twins.difference())
    assert "aid: 1 in this run, 0 in the second run" in said
    assert "At the end" not in said


def test_a_single_run_has_nothing_to_differ_from(choice):
    assert Worlds(choice).difference() == []


def test_next_decision_stops_on_the_first_day_with_one(choice):
    worlds = Worlds(replace(choice, seed=3))
    scenes = walk(choice.base, seed=3, replicate=0).scenes
    for day in sorted({scene.day for scene in scenes})[:3]:
        worlds.step_to_decision()
        assert worlds.runs[0].days[-1]["day"] == day


def test_it_ends_with_the_longer_of_both_runs(choice):
    short = first_choice(load("kursk-2025-03-13", set={"horizon_days": 5}))
    worlds = Worlds(short)
    for _ in range(7):
        worlds.step()
    assert not worlds.running
    assert worlds.runs[0].days[-1]["day"] == 4
    assert "this run is over" in text_of(panels.standing(worlds))


def test_sliders_move_between_what_is_known(choice):
    sliders = {slider.path: slider for slider in choice.sliders()}
    assert (sliders[AREA].low, sliders[AREA].high) == (0.0, 1078.0)
    cost = sliders["parties.russia.cost_of_war_km2"]
    assert (cost.value, (cost.low, cost.high)) == (640, (480, 800))
    belief = sliders["parties.russia.belief.drift_km2_per_week"]
    assert belief.at(-36) == "Russia's belief of the drift to Ukraine: -36 km2 a week"
    assert (belief.low, belief.high, belief.far_end) == (-60, -15, -60)
    assert belief.nearest(-36.05) == -36
    assert len({slider.name for slider in sliders.values()}) == len(sliders)


def test_a_private_cost_without_low_and_high_keeps_to_its_interval():
    private = {"value": 640, "private": [400, 880]}
    loaded = load("kursk-2025-03-13", set={"parties.russia.cost_of_war_km2": private})
    sliders = {slider.path: slider for slider in first_choice(loaded).sliders()}
    cost = sliders["parties.russia.cost_of_war_km2"]
    assert (cost.low, cost.high) == (400, 880)


def test_every_slider_makes_another_world(choice):
    def as_it_is(loaded):
        return build(loaded.scenario).tobytes()

    for slider in choice.sliders():
        (moved,) = choice.moved(slider.path, slider.far_end).loaded()
        assert as_it_is(moved) != as_it_is(choice.base), slider.path


def test_every_end_of_every_slider_is_a_world(choice):
    for name in choice.scenarios:
        of_scenario = replace(choice, name=name)
        for slider in of_scenario.sliders():
            for end in (slider.low, slider.high):
                assert slider.nearest(end) == pytest.approx(end, rel=0.02)
                of_scenario.moved(slider.path, end).loaded()


def test_what_cannot_be_is_an_error_that_names_it(choice):
    with pytest.raises(ScenarioError, match="area_km2"):
        Worlds(choice.moved(AREA, -1.0))


def test_the_front_is_that_of_the_day(twins):
    for place, run in enumerate(twins.runs):
        told, today = text_of(panels.front(twins, place)), run.days[-1]
        assert f"{amount(today['chips_km2']['kursk'])} of at most 1,078 km2" in told
        order = [told.index(name) for name in ("Russia", "Ukraine")]
        assert order == sorted(order)
        held = today["held_km2"]
        assert re.findall(r"([\d,]+ km2)", told)[:3] == [
            "8,000 km2",
            km2(8000 - held),
            km2(held),
        ]


def test_a_chip_that_is_no_land_is_shown_in_its_own_unit():
    prisoners = {"holder": "russia", "amount": 51, "peak": 8000, "unit": "prisoners"}
    prisoners["value_km2"] = {"russia": 5, "ukraine": 60}
    loaded = load("kursk-2025-03-13", set={"chips.prisoners": prisoners})
    told = text_of(panels.front(Worlds(first_choice(loaded)), 0))
    assert "51 of at most 8,000 prisoners" in told


def test_beliefs_and_payoffs_are_those_of_the_day(twins):
    told, run = text_of(panels.parties(twins, 1)), twins.runs[1]
    for key in ("belief", "war_value", "reservation_value"):
        for number in run.days[-1][key].values():
            assert f" {amount(number)} " in told
    assert all(amount(paid) in told for paid in run.outcome["payoff"].values())
    assert "aid at level 0" in told


def test_the_parts_of_a_decision_sum_to_what_is_shown(twins):
    decided = twins.last_decisions()[-1]
    rows = re.findall(r"<tr.*?</tr>", panels.why(twins, decided))
    shown = [re.search(r"<td>([-+][^<]+)", row)[1] for row in rows]
    parts = [value for value in decided.parts.values() if abs(value) >= 0.05]
    assert sorted(shown[: len(parts)]) == sorted(amount(each, "+") for each in parts)
    assert math.fsum(parts) == pytest.approx(decided.difference, abs=0.5)
    assert shown[len(parts)] == amount(decided.difference, "+")
    assert shown[-1] == amount(decided.weighed, "+")
    told = text_of(panels.why(twins, decided))
    assert f"ceasefire why kursk-2025-03-13 --day {decided.day}" in told


def test_the_log_has_the_latest_first(twins):
    days = [int(day) for day in re.findall(r"Day (\d+)", panels.log(twins, 0))]
    assert days == sorted(days, reverse=True)
    assert len(days) == len(twins.runs[0].events)


def test_words_of_a_file_are_shown_and_not_run(choice):
    loaded = load("kursk-2025-03-13", set={"title": "<script>alert(1)</script>"})
    told = panels.standing(Worlds(first_choice(loaded)))
    assert "<script" not in told
    assert "<script>alert(1)</script>" in text_of(told)


def test_a_reason_is_told_before_anybody_decided(choice):
    worlds = Worlds(choice)
    assert worlds.last_decisions() == []
    assert panels.first_shown({}) == ""
    assert "Nobody has decided" in panels.why(worlds, None)


def test_a_refusal_is_shown_before_the_conditions_that_follow_from_it(choice):
    worlds = Worlds(choice)
    worlds.step()
    named = panels.by_name(worlds.last_decisions())
    assert list(named) == [
        "Ukraine answers",
        "Russia answers",
        "Russia names conditions",
    ]
    assert panels.first_shown(named) == "Russia answers"
