"""A world walked again is the world that the agents of the Mesa model live through."""

import pytest

from sim.model.mesa_model import CeasefireModel
from sim.model.world import AID, ANSWER, CONDITIONS, PROPOSAL, walk
from sim.scenario.load import load
from tests.analysis.worlds import WORLDS

ANSWERS = ("acceptance", "conditional_acceptance", "rejection")


@pytest.mark.parametrize("name", WORLDS)
def test_the_walk_is_the_run_of_the_agents(name):
    loaded = load(*WORLDS[name][:1], set=WORLDS[name][1])
    walked = walk(loaded, 1, 3)
    model = CeasefireModel(loaded, seed=1, replicate=3).run()
    assert walked.events == model.events
    assert walked.days == model.days
    assert walked.outcome == model.outcome


@pytest.mark.parametrize("name", WORLDS)
def test_every_decision_of_the_log_has_a_scene_with_it(name):
    walked = walk(load(WORLDS[name][0], set=WORLDS[name][1]), 1, 3)
    seen = {
        kind: [each.event for each in walked.scenes if each.kind == kind]
        for kind in (ANSWER, CONDITIONS, PROPOSAL)
    }
    answers = [each for each in walked.events if each["type"] in ANSWERS]
    assert seen[ANSWER] == answers
    named = [each for each in answers if each["type"] == "conditional_acceptance"]
    assert seen[CONDITIONS] == named
    made = [each for each in seen[PROPOSAL] if each is not None]
    offers = [each for each in walked.events if each["type"] == "offer"]
    assert [each for each in offers if each in made] == made


def test_the_patron_that_chooses_its_aid_decides_in_every_round():
    walked = walk(load("swap-offered"), 1, 0)
    days = [each.day for each in walked.scenes if each.kind == AID]
    assert days[:3] == [7, 14, 21]
    assert all(
        each.actor == "united_states" for each in walked.scenes if each.kind == AID
    )
