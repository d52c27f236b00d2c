"""What the page says would turn an answer is what a search of everything finds."""

import pytest

from sim.analysis.decisions.thresholds import flips_along, smallest_flip
from sim.analysis.decisions.weighing import choose
from sim.api.sweep import sweep
from sim.model.world import ANSWER, walk
from sim.web.content import plan_of
from sim.web.turns import MOST_BUILT, Turns, change
from tests.web.conftest import AID, AREA, FLAGSHIP


def turns_of(vary):
    plan = plan_of(
        sweep(FLAGSHIP, vary, replicates=2, set={"horizon_days": 8}, within_days=7)
    )
    return plan, Turns(plan)


@pytest.mark.slow
def test_another_setting_is_searched_with_what_was_built_for_the_reference():
    plan, turns = turns_of({AREA: [400, 800], AID: [1, 0.5]})
    assert turns.starts
    walked = walk(plan.scenario(3), plan.seed, 0)
    answers = [each for each in walked.scenes if each.kind == ANSWER]
    refusal = next(each for each in answers if each.event["type"] != "acceptance")
    search = turns.of(3, walked)
    found = search(refusal.event)
    along = flips_along(refusal, [AREA, AID])
    expected = [smallest_flip(refusal), along[AREA], along[AID]]
    assert found == [change(each) for each in expected]
    assert [search(each.event) for each in answers if each is not refusal] == [None] * (
        len(answers) - 1
    )


def test_no_decision_reads_where_its_world_has_started():
    plan, _ = turns_of({AREA: [400]})
    for scene in walk(plan.scenario(0), plan.seed, 0).scenes:
        elsewhere = scene.params.copy()
        for name in ("line", "chip_start", "aid", "belief"):
            elsewhere[name] = 0.123
        there = choose(scene, elsewhere, scene.world)
        assert there == choose(scene, scene.params, scene.world), scene


def test_where_every_number_needs_a_scenario_fewer_settings_are_searched():
    drifts = [-28.0 + step for step in range(MOST_BUILT + 2)]
    plan, turns = turns_of({"front.drift_km2_per_week": drifts, AREA: [189]})
    assert not turns.starts
    assert len(turns.cells) == MOST_BUILT
    far = len(plan.design) - 1
    walked = walk(plan.scenario(far), plan.seed, 0)
    search = turns.of(far, walked)
    assert all(search(each) is None for each in walked.events)
