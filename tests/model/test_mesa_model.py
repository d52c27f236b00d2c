"""The war as a Mesa model: agents as views, its own stop rule, tables, a chronicle."""

import mesa
import numpy as np
import pytest

from sim.errors import ScenarioError, UsageError
from sim.model.agents import Belligerent, Patron
from sim.model.mesa_model import CeasefireModel
from sim.model.policies import BestResponse
from sim.model.state import NOBODY, REJECT
from sim.scenario.load import load

FLAGSHIP = "kursk-2025-03-13"


@pytest.fixture(scope="module")
def run():
    return CeasefireModel(FLAGSHIP, seed=1, replicate=0).run()


def of_type(model, *types):
    return [event for event in model.events if event["type"] in types]


def test_the_parties_are_two_belligerents_and_a_patron(run):
    kinds = {party.name: type(party) for party in run.parties}
    assert kinds == {
        "ukraine": Belligerent,
        "russia": Belligerent,
        "united_states": Patron,
    }


def test_agents_are_views_of_the_record():
    model = CeasefireModel(FLAGSHIP, seed=1)
    ukraine, russia, _ = model.parties
    model.world["belief"][0, 1] = -21.5
    model.world["line"][0] = 3456.7
    assert russia.belief == -21.5
    assert (ukraine.held_km2, russia.held_km2) == (3456.7, 8000.0 - 3456.7)


def test_the_model_stops_itself_at_the_horizon_or_when_a_world_ends(run):
    assert not run.running
    ended = run.outcome["end"] in ("settled", "defeat")
    assert ended or run.world["step"][0] == 180
    assert len(run.days) == 1 + run.world["step"][0]


def test_the_first_day_is_the_eve_as_the_scenario_states_it(run):
    eve = run.days[0]
    assert (eve["day"], eve["date"]) == (-1, "2025-03-12")
    assert eve["chips_km2"]["kursk"] == pytest.approx(189.0)
    assert eve["held_km2"] == 3200.0
    assert eve["belief"] == {"russia": -36.0, "ukraine": 0.0}


def test_a_step_after_the_end_changes_nothing(run):
    before = np.asarray(run.world).tobytes()
    run.step()
    assert np.asarray(run.world).tobytes() == before


def test_a_chronicle_changes_nothing():
    watched = CeasefireModel(FLAGSHIP, replicate=3).run()
    alone = CeasefireModel(FLAGSHIP, replicate=3, collect=False).run()
    assert np.asarray(watched.world).tobytes() == np.asarray(alone.world).tobytes()
    assert alone.events == []


def test_a_run_is_a_function_of_scenario_seed_and_replicate():
    one, again = (CeasefireModel(FLAGSHIP, seed=0, replicate=7).run() for _ in "ab")
    other = CeasefireModel(FLAGSHIP, seed=2, replicate=7).run()
    assert one.events == again.events
    assert one.events != other.events


def test_the_table_of_13_march_opens_with_the_thirty_days(run):
    offer, ukraine, russia = run.events[:3]
    assert (offer["actor"], offer["type"]) == ("united_states", "offer")
    assert (offer["offer"], offer["day"]) == ("thirty_days", 0)
    assert (ukraine["actor"], russia["actor"]) == ("ukraine", "russia")


@pytest.mark.parametrize("replicate", range(12))
def test_each_decision_follows_from_its_numbers_and_parts_sum_to_them(replicate):
    model = CeasefireModel(FLAGSHIP, replicate=replicate).run()
    answers = of_type(model, "acceptance", "rejection", "conditional_acceptance")
    assert answers
    for event in answers:
        reason = event["reason"]
        gain = reason["accept"] - reason["fight_on"]
        assert sum(reason["parts"].values()) == pytest.approx(gain, abs=1e-8)
        accepts = event["type"] == "acceptance"
        assert (gain + reason["noise"] >= 0) == accepts, event


def test_conditions_lead_to_a_counter_offer_that_carries_them():
    found = 0
    for replicate in range(10):
        events = CeasefireModel(FLAGSHIP, replicate=replicate).run().events
        for place, event in enumerate(events):
            if event["type"] != "conditional_acceptance":
                continue
            later = [e for e in events[place:] if e["day"] > event["day"]]
            counters = [
                e
                for e in later
                if e["type"] == "counter_offer" and e["actor"] == event["actor"]
            ]
            if counters and counters[0]["day"] == event["day"] + 1:
                found += 1
                terms = counters[0]["terms"]
                assert terms["conditions"] == event["terms"]["conditions"]
                if "aid_freeze" in terms["conditions"]:
                    assert terms["aid_freeze"] == 1.0
    assert found > 5


AGREED_ON_A_LINE = {
    f"parties.{name}.policy": {
        "name": "scripted",
        "answers": [{"date": "2025-03-13", "offer": "freeze", "answer": "accept"}],
    }
    for name in ("ukraine", "russia")
} | {
    "negotiation.offers.freeze.line": {"held_km2": 3600},
    "timeline": [{"date": "2025-03-24", "offer": "freeze", "by": "united_states"}],
    "truce.breakdown_per_week": 0.3,
}


@pytest.mark.parametrize("changes", [{}, AGREED_ON_A_LINE])
def test_fighting_is_told_by_the_week_and_adds_up_to_where_the_line_is(changes):
    """A truce ends a week early, and its line is no gain of the fighting."""
    told, shorter = 0, 0
    for replicate in range(4):
        loaded = load("kursk-at-its-peak", set=changes)
        model = CeasefireModel(loaded, replicate=replicate).run()
        line, fought = model.days[0]["held_km2"], 0
        for event in model.events:
            terms = event["terms"]
            if event["type"] == "battle":
                told, shorter = told + 1, shorter + (terms["days"] < 7)
                gained = terms["moved_km2"]
                assert gained > 0.0
                line += gained if event["actor"] == "ukraine" else -gained
                assert terms["held_km2"] == pytest.approx(line, abs=1e-9)
                fought += terms["days"]
            elif event["type"] in ("truce", "settlement") and "held_km2" in terms:
                line = terms["held_km2"]
        wars = sum(day["phase"] == "war" for day in model.days[1:])
        assert wars - 7 < fought <= wars
    assert told > 10
    assert shorter > 0


def test_an_aid_pause_on_the_timeline_is_told_and_felt():
    timeline = [
        {"date": "2025-03-14", "aid_level": 0},
        {"date": "2025-03-22", "aid_level": 1},
    ]
    paused = CeasefireModel(load(FLAGSHIP, set={"timeline": timeline}), seed=1).run()
    told = [(e["day"], e["terms"]["level"]) for e in of_type(paused, "aid")]
    assert told == [(1, 0.0), (9, 1.0)]
    assert [day["aid"] for day in paused.days[1:11]] == [1.0] + [0.0] * 8 + [1.0]
    worth = [day["war_value"]["ukraine"] for day in paused.days]
    assert worth[2] < worth[1]


def test_tables_in_the_form_of_mesa(run):
    frame = run.datacollector.get_model_vars_dataframe()
    assert len(frame) == len(run.days) - 1  # the eve has no step
    assert {"held_km2", "phase", "aid", "date"} <= set(frame.columns)
    views = run.datacollector.get_agenttype_vars_dataframe(Belligerent)
    assert len(views) == 2 * len(frame)
    assert views["belief"].between(-60, 30).all()  # km2 a week
    assert views["war_value"].between(0, 8000).all()


def test_batch_run_of_mesa_takes_the_model():
    rows = mesa.batch_run(
        CeasefireModel,
        {"scenario": FLAGSHIP, "replicate": [0, 1]},
        max_steps=1000,
        display_progress=False,
    )
    ends = {row["replicate"]: row["Step"] for row in rows}
    for replicate, steps in ends.items():
        alone = CeasefireModel(FLAGSHIP, replicate=replicate).run()
        assert len(alone.days) <= steps + 2


class Stubborn(BestResponse):
    """Refuses whatever is offered."""

    def answer(self, view):
        return REJECT, 0


class Silent(BestResponse):
    """Never proposes."""

    def propose(self, view):
        return NOBODY


def test_a_policy_of_a_party_can_be_replaced():
    model = CeasefireModel(FLAGSHIP, seed=1, policies={"russia": Stubborn()}).run()
    assert model.outcome["first_truce_day"] is None
    answers = [e for e in of_type(model, "acceptance") if e["actor"] == "russia"]
    assert answers == []


def test_a_patron_that_never_proposes_leaves_only_the_dated_offer():
    model = CeasefireModel(FLAGSHIP, seed=1, policies={"united_states": Silent()}).run()
    assert [event["day"] for event in of_type(model, "offer")] in ([0], [])


# ---- as users of Mesa expect ---------------------------------------------------------


def test_without_seed_and_replicate_a_seed_is_drawn_and_repeats_the_world():
    one, other = (CeasefireModel(FLAGSHIP, collect=False).run() for _ in "ab")
    assert one.seed != other.seed
    assert one.replicate == 0
    again = CeasefireModel(FLAGSHIP, seed=one.seed, collect=False).run()
    assert again.outcome == one.outcome
    assert CeasefireModel(FLAGSHIP, replicate=4).address == (1, 4)
    assert CeasefireModel(FLAGSHIP, seed=0).seed == 0


@pytest.mark.filterwarnings("ignore:The `iterations`:DeprecationWarning")
@pytest.mark.parametrize("collect", [True, False])
def test_iterations_of_batch_run_are_worlds_of_their_own(collect):
    rows = mesa.batch_run(
        CeasefireModel,
        {"scenario": FLAGSHIP, "collect": collect, "horizon_days": 40},
        iterations=3,
        display_progress=False,
    )
    worlds = {row["RunId"]: row for row in rows}.values()
    assert len({row["seed"] for row in worlds}) == 3
    for row in worlds:
        alone = CeasefireModel(FLAGSHIP, set={"horizon_days": 40}, seed=row["seed"])
        outcome = alone.run().outcome
        assert row["end"] == outcome["end"]
        assert row["payoff.russia"] == outcome["payoff"]["russia"]


def test_values_are_set_by_path_in_a_mapping_or_as_keywords():
    by_map = CeasefireModel(FLAGSHIP, set={"chips.kursk.area_km2": 400}, seed=1)
    by_word = CeasefireModel(FLAGSHIP, seed=1, **{"chips.kursk.area_km2": 400})
    assert by_map.loaded.hash == by_word.loaded.hash
    assert by_map.loaded.hash != load(FLAGSHIP).hash
    with pytest.raises(ScenarioError, match=r"chips\.kursk\.area: "):
        CeasefireModel(FLAGSHIP, **{"chips.kursk.area": 400})
    with pytest.raises(UsageError, match="given twice"):
        CeasefireModel(FLAGSHIP, set={"aid.level": 1}, **{"aid.level": 2})


@pytest.mark.parametrize("name", ["set", "policies"])
def test_a_mapping_that_batch_run_has_taken_apart_is_told_with_its_remedy(name):
    with pytest.raises(UsageError, match="stands in a list"):
        mesa.batch_run(
            CeasefireModel, {name: {"aid.level": 0.5}}, display_progress=False
        )


def test_what_became_of_a_world_is_collected_at_its_end_and_not_before():
    model = CeasefireModel(FLAGSHIP, seed=1, collect=False, horizon_days=10).run()
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == model.steps == 10
    assert frame["end"].isna().tolist() == [True] * 9 + [False]
    assert (frame["seed"] == 1).all()
