"""Policies of the scenario: what a side wants, how it errs, and what a script says."""

import numpy as np
import pytest

from sim.model import state
from sim.model.formulas.acceptance import aspiration_left
from sim.model.rng import ANSWER, uniform
from sim.model.state import (
    ACCEPT,
    COUNTER,
    DATED,
    EXTENSION,
    HAND_BACK,
    NOBODY,
    ON_CONDITIONS,
    PATRON,
    REJECT,
    ROUND,
)
from tests.stages.worlds import reference

OFFERS = {
    "negotiation__offers": {
        name: {
            "offered_by": ["w", "u", "r"],
            "duration_days": days,
            "line": {"held_km2": 2840},
            "monitoring": 0.8,
        }
        for name, days in (("long", None), ("short", 28))
    },
    "chips__land__area_km2": 200,
}
LONG, SHORT = 0, 1


def test_a_policy_is_the_code_of_its_name():
    codes = [getattr(state, name.upper()) for name in state.POLICIES]
    assert codes == list(range(len(codes)))


def asked(desk, offer=LONG, author=PATRON, business=DATED):
    """Answers to an offer that is put today."""
    desk.w.business, desk.w.offer, desk.w.author = business, offer, author
    desk.w.answer[:] = 0
    desk.w.offer_line = 2840.0
    desk.stage("appraise", "weigh", "demands", "answer")
    return desk.w.answer.tolist()


def with_policy(side="u", **policy):
    return reference(**OFFERS, **{f"parties__{side}__policy": policy})


def own_gain(desk, side, offer=LONG):
    plain = reference(**OFFERS)
    plain.w.cost[:] = desk.w.cost
    return plain.gains(offer=offer)[side]


def test_the_reference_offer_is_one_that_both_accept():
    assert asked(reference(**OFFERS)) == [ACCEPT, ACCEPT]


@pytest.mark.parametrize("side", [0, 1])
def test_a_hardliner_takes_its_premium_and_no_less(side):
    gain = own_gain(reference(**OFFERS), side)
    for premium, code in ((0.999 * gain, ACCEPT), (1.001 * gain, REJECT)):
        desk = with_policy("ur"[side], name="hardliner", premium_km2=premium)
        assert asked(desk)[side] == code
        assert desk.t.aspiration[side] == premium


@pytest.mark.parametrize("name", ["boulware", "conceder"])
def test_at_first_only_the_best_of_the_menu_is_good_enough(name):
    desk = with_policy("r", name=name)
    assert own_gain(desk, 1, SHORT) > own_gain(desk, 1, LONG) > 0.0
    assert asked(desk, SHORT)[1] == ACCEPT
    assert asked(desk, LONG)[1] == REJECT
    assert desk.t.aspiration[1] == pytest.approx(own_gain(desk, 1, SHORT))


def test_aspirations_come_down_late_or_early_and_end_at_the_deadline():
    left = {}
    for name in ("boulware", "conceder"):
        desk = with_policy("r", name=name, deadline_days=140)
        hope = own_gain(desk, 1, SHORT)
        left[name] = []
        for step in (0, 5, 10, 15, 20, 25):
            desk.w.step = step
            asked(desk)
            left[name].append(desk.t.aspiration[1] / hope)
    # 1 - x^(1/beta) by hand: beta .5 and 2
    shares = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 1.0])
    assert left["boulware"] == pytest.approx(1.0 - shares**2)
    assert left["conceder"] == pytest.approx(1.0 - shares**0.5)


def test_the_share_left_of_an_aspiration_is_the_published_polynomial():
    for beta in (0.2, 1.0, 5.0):
        assert aspiration_left(0.0, beta) == 1.0
        assert aspiration_left(1.0, beta) == 0.0
        for passed in (0.1, 0.5, 0.9):
            expected = 1.0 - passed ** (1.0 / beta)
            assert aspiration_left(passed, beta) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("policy", ["hardliner", "boulware"])
def test_nothing_below_the_own_aspiration_is_proposed(policy):
    settings = {"premium_km2": 4000} if policy == "hardliner" else {}
    desk = with_policy("r", name=policy, **settings)
    desk.w.business, desk.w.author = ROUND, 1
    desk.w.blocked_until[SHORT] = 1  # which it likes best
    desk.stage("appraise", "propose")
    assert desk.w.offer == NOBODY
    plain = reference(**OFFERS)
    plain.w.business, plain.w.author = ROUND, 1
    plain.w.blocked_until[SHORT] = 1
    plain.stage("appraise", "propose")
    assert plain.w.offer == LONG


def test_who_wants_more_names_the_conditions_that_give_it():
    """Hand-back makes the offer better for r, by more than its premium."""
    changes = {
        **OFFERS,
        "parties__r__conditions": ["hand_back"],
        "parties__r__policy": {"name": "hardliner", "premium_km2": 120},
    }
    desk = reference(**changes)
    plain = desk.gains(offer=LONG)[1]
    better = desk.gains(offer=LONG, demands=HAND_BACK, demanded_by=1)[1]
    assert plain < 120 < better
    assert asked(desk)[1] == ON_CONDITIONS
    assert desk.w.answer_demands[1] == HAND_BACK


def test_a_quantal_side_errs_anew_at_every_answer():
    desk = reference(
        **OFFERS,
        parties__u__policy={"name": "quantal"},
        parties__u__decision_noise_km2=160,
        parties__r__decision_noise_km2=160,
    )
    noise = []
    for step in range(3):
        desk.w.step = step
        asked(desk)
        noise.append(desk.t.noise.tolist())
        luck = uniform(0, 0, step, ANSWER + 2 * int(desk.p.offer_luck[LONG]))
        expected = 160 * np.log(luck / (1.0 - luck))
        assert desk.t.noise[0] == pytest.approx(expected, rel=1e-9)
    assert len({own for own, _ in noise}) == 3
    assert len({other for _, other in noise}) == 1  # drawn once for best response


SCRIPT = [
    {"date": "2025-03-20", "offer": "long", "answer": "reject"},
    {"date": "2025-04-03", "offer": "long", "answer": "accept_on_conditions"},
    {"date": "2025-04-10", "offer": "long", "answer": "accept"},
]


@pytest.mark.parametrize(
    ("step", "code"),
    [(0, ACCEPT), (1, REJECT), (2, REJECT), (3, ON_CONDITIONS), (4, ACCEPT)],
)
def test_a_script_answers_from_its_dates_on_and_best_response_before(step, code):
    desk = reference(
        **OFFERS,
        parties__r__conditions=["hand_back"],
        parties__r__policy={"name": "scripted", "answers": SCRIPT},
    )
    desk.w.step = step
    assert asked(desk)[1] == code
    assert desk.w.answer_demands[1] == (HAND_BACK if code == ON_CONDITIONS else 0)
    assert asked(desk, offer=SHORT)[1] == asked(reference(**OFFERS), offer=SHORT)[1]


def test_a_script_without_conditions_to_name_refuses():
    script = [{"date": "2025-03-13", "offer": "long", "answer": "accept_on_conditions"}]
    desk = with_policy("r", name="scripted", answers=script)
    assert asked(desk)[1] == REJECT


@pytest.mark.parametrize("business", [COUNTER, EXTENSION])
def test_a_script_is_not_about_counter_offers_and_extensions(business):
    script = [{"date": "2025-03-13", "offer": "long", "answer": "reject"}]
    desk = with_policy("r", name="scripted", answers=script)
    assert asked(desk, author=0, business=business)[1] == ACCEPT
