"""What would have turned a decision: found by search, true when tried."""

from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.decisions import thresholds as module
from sim.analysis.decisions.inputs import DayInput, Numbers, Parameters, day_inputs
from sim.analysis.decisions.payoffs import Look
from sim.analysis.decisions.thresholds import EDGE, flips, flips_along, smallest_flip
from sim.analysis.decisions.weighing import account, choose
from sim.model.world import ANSWER, PROPOSAL, walk
from sim.scenario.load import load
from tests.analysis.worlds import FLAGSHIP, WORLDS

# What a scenario does not set as it is on the first day, but as what it is drawn from.
DRAWN = "cost_of_war_km2"


@pytest.fixture(scope="module")
def flagship():
    return load(FLAGSHIP)


@pytest.fixture(scope="module")
def russia(flagship):
    """Russia's answer of 13 March, the first day of the flagship."""
    scenes = walk(flagship, 1, 0).scenes
    return next(s for s in scenes if s.kind == ANSWER and s.actor == "russia")


@pytest.fixture(scope="module")
def known(flagship):
    return Parameters(flagship)


@pytest.fixture(scope="module")
def found(russia, known):
    return flips(russia, known)


def answer_of(loaded):
    scenes = walk(loaded, 1, 0).scenes
    scene = next(s for s in scenes if s.kind == ANSWER and s.actor == "russia")
    return account(scene).choice


def test_the_changed_scenario_gives_the_turned_answer_and_just_inside_the_old_one(
    flagship, found
):
    tried = 0
    for flip in found:
        if flip.at is None or DRAWN in flip.input.path:
            continue
        at, inside = (
            answer_of(load(flagship, set={flip.input.path: number}))
            for number in (flip.at, flip.inside)
        )
        assert (at, inside) == ("accept", "refuse"), flip
        tried += 1
    assert tried > 6


def test_every_flip_holds_when_it_is_tried_again_and_at_its_rounded_number(
    russia, found
):
    for flip in found:
        if flip.at is None:
            continue
        seen = [
            choose(russia, *flip.input.at(number)).choice
            for number in (flip.inside, flip.at, flip.rounded)
        ]
        assert seen == ["refuse", flip.becomes, flip.becomes], flip
        assert abs(flip.at - flip.inside) <= EDGE * flip.input.scale


def test_flips_are_ranked_by_the_share_of_what_is_not_known(found):
    sizes = [flip.size for flip in found if flip.at is not None]
    assert sizes == sorted(sizes)
    ranks = {flip.input.path: flip for flip in found}
    belief = ranks["parties.russia.belief.drift_km2_per_week"]
    assert belief.input.scale == pytest.approx(45.0)
    assert belief.size == pytest.approx((belief.at + 36.0) / 45.0)
    length = ranks["negotiation.offers.thirty_days.duration_days"].input
    assert (length.low, length.high, length.scale) == (None, None, 30.0)


def test_the_smallest_is_found_without_the_others(russia, known, found):
    least = smallest_flip(russia, known)
    assert (least.input.path, least.at) == (found[0].input.path, found[0].at)
    paths = ["aid.level", "chips.kursk.area_km2", "no.such.number"]
    along = {path: flip.at for path, flip in flips_along(russia, paths, known).items()}
    assert along == {
        flip.input.path: flip.at for flip in found if flip.input.path in paths
    }


def test_what_turns_nothing_says_how_far_it_was_looked(found):
    area = next(each for each in found if each.input.path == "chips.kursk.area_km2")
    assert area.at is None
    assert (area.lowest, area.highest) == (0.0, 1078.0)
    assert area.touches
    truth = next(
        each for each in found if each.input.path == "front.drift_km2_per_week"
    )
    assert (truth.at, truth.touches) == (None, False)


def test_a_later_day_is_searched_with_the_world_as_it_had_become(flagship):
    scene = next(
        s for s in walk(flagship, 1, 0).scenes if s.day == 7 and s.actor == "russia"
    )
    given = {each.path: each for each in day_inputs(scene, Parameters(flagship))}
    area = given["chips.kursk.area_km2"]
    held = float(scene.world["chip"][0, 0]) * 1078.0
    assert area.value == pytest.approx(held)
    assert area.low == pytest.approx(152 / 189 * held)
    belief = given["parties.russia.belief.drift_km2_per_week"]
    learned = float(scene.world["belief"][0, 1])
    assert learned != -36.0
    assert (belief.value, belief.low) == (learned, pytest.approx(learned - 24.0))
    for path, each in given.items():
        same = each.at(each.value)
        assert (
            choose(scene, *same).choice
            == choose(scene, scene.params, scene.world).choice
        ), path


def test_a_proposal_turns_into_another_offer(flagship):
    scene = next(s for s in walk(flagship, 1, 0).scenes if s.kind == PROPOSAL)
    inputs = [
        each
        for each in day_inputs(scene, Parameters(flagship))
        if each.path in ("territory_flow", "parties.russia.belief.drift_km2_per_week")
    ]
    here = choose(scene, scene.params, scene.world).choice
    for given in inputs:
        flip = module._flip(scene, given)
        assert flip.becomes not in (None, here)
        assert choose(scene, *given.at(flip.at)).choice == flip.becomes
        assert choose(scene, *given.at(flip.inside)).choice == here


def fake(monkeypatch, turned, value=1.0, lowest=0.0, highest=10.0, whole=False):
    """An input of a made-up decision that is turned where `turned` says so."""

    def look(scene, params, world):
        number = float(params[0])
        return Look("turned" if turned(number) else "as it was", params.tobytes())

    monkeypatch.setattr(module, "choose", look)
    at = lambda number: Numbers(np.array([number]), np.array([0.0]))  # noqa: E731
    given = DayInput(
        "x", value, None, None, lowest, highest, 1.0, "unit", whole=whole, at=at
    )
    scene = type("Scene", (), {"params": np.array([value]), "world": np.array([0.0])})
    return module._flip(scene, given)


def test_the_edge_of_a_jump_is_found(monkeypatch):
    flip = fake(monkeypatch, lambda x: x >= 1.37 or x < -99)
    assert flip.at == pytest.approx(1.37, abs=1e-6)
    assert flip.inside < 1.37 <= flip.at
    assert flip.above


def test_of_two_edges_the_nearer_one_counts(monkeypatch):
    flip = fake(monkeypatch, lambda x: x > 1.4 or x < 0.7)
    assert flip.at == pytest.approx(0.7, abs=1e-6)
    assert not flip.above
    assert flip.rounded == 0.69


def test_a_whole_number_turns_at_a_whole_number(monkeypatch):
    flip = fake(monkeypatch, lambda x: x >= 36.2, 30.0, 1.0, 400.0, whole=True)
    assert (flip.inside, flip.at, flip.rounded) == (36.0, 37.0, 37.0)


def test_the_end_of_the_range_may_be_what_turns_it(monkeypatch):
    flip = fake(monkeypatch, lambda x: x == 0.0)
    assert (flip.at, flip.rounded) == (0.0, 0.0)


def test_the_conditions_of_all_kinds_of_decisions_can_be_searched():
    base, changes = WORLDS["conditional aid"]
    loaded = load(base, set=changes)
    kept = (
        "aid.level",
        "parties.united_states.reputation_km2",
        "aid.drift_km2_per_week",
    )
    seen = set()
    for scene in walk(loaded, 1, 0).scenes:
        if scene.kind in seen:
            continue
        seen.add(scene.kind)
        here = account(scene).choice
        for given in day_inputs(scene, Parameters(loaded)):
            if given.path in kept:
                flip = module._flip(scene, given)
                assert flip.at is None or flip.becomes != here
    assert len(seen) == 4


def test_a_number_that_is_no_scenario_ends_the_search(flagship, russia):
    peak = next(
        each
        for each in day_inputs(russia, Parameters(flagship))
        if each.path == "chips.kursk.peak_km2"
    )
    assert peak.at(100.0) is None  # less than is held
    flip = module._flip(russia, replace(peak, lowest=0.0))
    assert flip.at is None or flip.at >= 189.0
