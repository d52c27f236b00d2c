"""A day of talks: what is due, who proposes what, who answers how, what follows."""

import math

import pytest

from sim.model.labels import CONDITION_BITS
from sim.model.rng import DECISION_NOISE, ONCE, uniform
from sim.model.stages.draws import noise_of
from sim.model.stages.menu import may_propose
from sim.model.stages.terms import TERM_PARTS
from sim.model.state import (
    ACCEPT,
    AID_FREEZE,
    COUNTER,
    DATED,
    EXTENSION,
    HAND_BACK,
    MONITORED,
    NEVER,
    NOBODY,
    NOTHING,
    ON_CONDITIONS,
    PATRON,
    REJECT,
    ROUND,
    SANCTIONS_RELIEF,
    SILENT,
    TRUCE,
    WAR,
)
from sim.scenario.negotiation import FLOW_TERMS, TERMS
from tests.stages.worlds import REFERENCE, reference

TALK = ("appraise", "propose", "weigh", "demands", "answer", "conclude")


def offers(**named):
    """Changes to the reference world: the offers on the menu, in alphabetical order."""
    usual = {"duration_days": None, "line": "in_place", "monitoring": 0.8}
    return {
        "negotiation__offers": {name: usual | terms for name, terms in named.items()}
    }


def on_table(desk, offer=0, author=PATRON, business=DATED):
    """Put an offer of today on the table, and find what it is worth."""
    desk.w.business, desk.w.offer, desk.w.author = business, offer, author
    desk.w.offer_line = desk.w.line
    desk.stage("appraise", "weigh", "demands")


# ---- what is due ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "business"),
    [(0, NOTHING), (1, NOTHING), (2, ROUND), (3, NOTHING), (4, NOTHING), (5, ROUND)],
)
def test_rounds_come_every_so_often_from_the_first(step, business):
    desk = reference(
        negotiation__first_round="2025-03-27", negotiation__round_every_days=21
    )
    desk.w.step = step
    desk.stage("timeline", "agenda")
    assert desk.w.business == business


def test_a_dated_offer_takes_the_place_of_the_round_and_a_counter_waits():
    desk = reference(timeline=[{"date": "2025-03-13", "offer": "peace", "by": "w"}])
    desk.w.counter_step[0] = 0
    desk.stage("timeline", "agenda")
    assert (desk.w.business, desk.w.author) == (DATED, PATRON)
    assert desk.w.counter_step[0] == 0
    # it is due the day after, in place of that day's round
    desk.w.step = 1
    desk.stage("timeline", "agenda")
    assert (desk.w.business, desk.w.author) == (COUNTER, 0)
    assert desk.w.counter_step[0] == NEVER
    desk.w.step = 2
    desk.stage("timeline", "agenda")
    assert desk.w.business == ROUND


def test_a_round_that_finds_its_day_taken_waits_for_the_next_free_one():
    desk = reference(negotiation__round_every_days=21)
    desk.w.counter_step[0] = 0
    business = []
    for step in range(5):
        desk.w.step = step
        desk.stage("timeline", "agenda")
        business.append(desk.w.business)
    assert business == [COUNTER, ROUND, NOTHING, ROUND, NOTHING]


def test_an_extension_leaves_the_round_for_the_day_after():
    desk = reference()
    desk.w.business, desk.w.offer = EXTENSION, 0
    desk.stage("agenda")
    assert desk.w.round_waits == 1
    desk.w.step = 1
    desk.stage("timeline", "agenda")
    assert (desk.w.business, desk.w.round_waits) == (ROUND, 0)


def test_no_round_waits_for_the_end_of_a_truce_nor_after_an_offer_by_date():
    desk = reference(timeline=[{"date": "2025-03-13", "offer": "peace", "by": "w"}])
    desk.stage("timeline", "agenda")
    assert (desk.w.business, desk.w.round_waits) == (DATED, 0)
    desk.w.step, desk.w.phase = 1, TRUCE
    desk.stage("timeline", "agenda")
    assert (desk.w.business, desk.w.round_waits) == (NOTHING, 0)


def test_of_two_counters_one_waits_for_the_next_day():
    desk = reference()
    desk.w.counter_step[:] = 0
    authors = []
    for step in (0, 1):
        desk.w.step = step
        desk.stage("timeline", "agenda")
        authors.append(desk.w.author)
    assert authors == [0, 1]


def test_an_extension_comes_before_everything():
    desk = reference()
    desk.w.business, desk.w.offer, desk.w.counter_step[0] = EXTENSION, 0, 0
    desk.stage("agenda")
    assert desk.w.business == EXTENSION
    assert desk.w.counter_step[0] == 0


def test_a_counter_brings_its_conditions_and_todays_line():
    desk = reference(**offers(peace={}))
    desk.w.counter_step[1], desk.w.counter_demands[1] = 0, HAND_BACK
    desk.w.line = 3600.0
    desk.stage("timeline", "agenda")
    assert (desk.w.demands, desk.w.demanded_by) == (HAND_BACK, 1)
    assert desk.w.offer_line == 3600.0


def test_a_dated_offer_on_a_day_of_truce_lapses():
    desk = reference(timeline=[{"date": "2025-03-13", "offer": "peace", "by": "w"}])
    desk.w.phase = TRUCE
    desk.stage("timeline", "agenda")
    assert (desk.w.business, desk.w.offer) == (NOTHING, NOBODY)


# ---- proposals -----------------------------------------------------------------------


def proposed(desk, author=PATRON):
    desk.w.business, desk.w.author, desk.w.offer = ROUND, author, NOBODY
    desk.stage("appraise", "propose")
    return desk.w.offer


def test_a_lone_proposer_needs_no_luck():
    desk = reference(negotiation__proposer_weights={"r": 2})
    desk.stage("timeline", "agenda")
    assert desk.w.author == 1


def test_a_side_offers_what_serves_it_best_among_what_is_accepted():
    better_for_u = {"line": {"held_km2": 3600}, "offered_by": ["u", "r", "w"]}
    better_for_r = {"line": {"held_km2": 2880}, "offered_by": ["u", "r", "w"]}
    desk = reference(
        **offers(far=better_for_u, near=better_for_r),
        parties__u__cost_of_war_km2=2400,
        parties__r__cost_of_war_km2=2400,
    )
    gains = [desk.gains(offer) for offer in (0, 1)]
    assert min(map(min, gains)) > 0.0
    assert proposed(desk, author=0) == 0
    assert proposed(desk, author=1) == 1


def test_nobody_offers_what_the_other_would_surely_refuse():
    greedy = {"line": {"held_km2": 8000}, "offered_by": ["u"]}
    desk = reference(**offers(peace=greedy))
    assert desk.gains(0)[0] > 0.0
    assert proposed(desk, author=0) == NOBODY
    assert desk.w.business == NOTHING


def test_nobody_offers_a_loss_to_itself():
    generous = {"line": {"held_km2": 0}, "offered_by": ["u"]}
    desk = reference(**offers(peace=generous))
    assert proposed(desk, author=0) == NOBODY


def test_nobody_offers_what_it_may_not():
    desk = reference(
        **offers(peace={"offered_by": ["r"], "line": {"held_km2": 2640}}),
        parties__u__cost_of_war_km2=2400,
        parties__r__cost_of_war_km2=2400,
    )
    assert proposed(desk, author=PATRON) == NOBODY
    assert proposed(desk, author=1) == 0


def test_the_patron_weighs_its_gain_by_the_chance_that_both_accept():
    """q_U q_R g_W of each offer, from its parts."""
    desk = reference(
        **offers(
            keep={"aid_freeze": 0.5, "duration_days": 35},
            swap={"hand_back": {"land": 1}, "line": {"held_km2": 2800}},
            talk={"sanctions_relief": 1.0},
        ),
        parties__u__decision_noise_km2=80,
        parties__r__decision_noise_km2=80,
        parties__u__cost_of_war_km2={"value": 800, "private": [480, 1120]},
        parties__r__cost_of_war_km2={"value": 640, "private": [400, 880]},
        aid__level=0.7,
    )
    chosen = proposed(desk)
    # the war that the patron expects for u: no cost, no chip, at the mean belief
    alone = reference(
        parties__u__cost_of_war_km2=0,
        parties__u__belief__drift_km2_per_week=-12,
        aid__level=0.7,
    )
    alone.w.chip[0] = 0.0
    war = alone.wars()[0]
    worth = []
    for offer, (held, frozen, relief) in enumerate(
        [(3200, 0.5, 0.0), (2800, 0.0, 0.0), (3200, 0.0, 1.0)]
    ):
        flow = 160 + 400 * 0.7 * frozen + 0.6 * (held - war) - 160 * relief
        gain = 0.02 * desk.p.annuity[offer, 0] * flow
        assert desk.t.patron_gain[offer] == pytest.approx(gain, rel=1e-9)
        chance = 1.0
        for side, (low, high) in enumerate([(480, 1120), (400, 880)]):
            costs = [low + (high - low) * (i + 0.5) / 2000 for i in range(2000)]
            at = desk.t.gain[side, offer], desk.t.gain_slope[side, offer]
            chance *= sum(
                1 / (1 + math.exp(-(at[0] + at[1] * c) / 80)) for c in costs
            ) / len(costs)
        worth.append(gain * chance)
    assert chosen == max(range(3), key=worth.__getitem__)


def test_values_of_the_menu_do_not_depend_on_the_order_of_offers():
    first = reference(**offers(a={}, b={"hand_back": {"land": 1}}))
    second = reference(**offers(a={"hand_back": {"land": 1}}, b={}))
    assert proposed(first) >= NOBODY
    proposed(second)
    assert list(first.t.gain[:, 0]) == list(second.t.gain[:, 1])
    assert list(first.t.gain[:, 1]) == list(second.t.gain[:, 0])


def test_the_offer_put_is_valued_as_on_the_menu():
    desk = reference(
        **offers(a={"line": {"held_km2": 2640}}, b={}),
        parties__u__cost_of_war_km2=2400,
        parties__r__cost_of_war_km2=2400,
    )
    offer = proposed(desk)
    desk.stage("weigh", "demands")
    put = desk.t.put_gain + desk.t.put_slope * desk.w.cost
    assert tuple(put) == pytest.approx(desk.gains(offer), rel=1e-12)


# ---- answers -------------------------------------------------------------------------


def answered(desk, gains, business=DATED, author=PATRON):
    on_table(desk, author=author, business=business)
    desk.t.put_gain[:], desk.t.put_slope[:] = gains, 0.0
    desk.stage("answer")
    return tuple(desk.w.answer)


def test_each_side_takes_what_beats_fighting_on_and_a_tie_accepts():
    desk = reference(parties__r__conditions=[])
    assert answered(desk, (0.0, -1e-12)) == (ACCEPT, REJECT)
    assert answered(desk, (-1e-12, 0.0)) == (REJECT, ACCEPT)


@pytest.mark.parametrize("author", [0, 1])
def test_the_author_of_an_offer_is_bound(author):
    desk = reference()
    found = answered(desk, (1.0, 1.0), business=ROUND, author=author)
    assert found[author] == SILENT
    assert found[1 - author] == ACCEPT


def test_the_own_cost_of_war_decides():
    desk = reference()
    on_table(desk)
    desk.t.put_gain[:], desk.t.put_slope[:] = -400, 0.5
    for cost, expected in ((799.9, REJECT), (800.1, ACCEPT)):
        desk.w.cost[0] = cost
        desk.stage("answer")
        assert desk.w.answer[0] == expected


def test_noise_is_that_of_world_side_and_offer_and_stays():
    desk = reference(
        parties__u__decision_noise_km2=80,
        **offers(a={}, b={}),
    )
    seen = []
    for step in (0, 1):
        desk.w.step = step
        for offer in (0, 1):
            on_table(desk, offer)
            seen.append(float(desk.t.noise[0]))
            assert desk.t.noise[1] == 0.0
    assert seen[0] == seen[2] != seen[1] == seen[3]
    stream = DECISION_NOISE + 2 * desk.p.offer_luck[0]
    luck = uniform(0, 0, ONCE, int(stream))
    assert seen[0] == pytest.approx(80 * math.log(luck / (1 - luck)), rel=1e-9)


def test_a_patron_that_presses_makes_a_refusal_dear():
    pressed = {"parties__w__pressure": 2, "parties__w__price_of_refusal_km2": 40}
    free, desk = reference(), reference(**pressed)
    desk.p.breakdown[:] = free.p.breakdown  # it also makes truces break sooner
    desk.p.annuity[:] = free.p.annuity
    desk.p.mean_length[:] = free.p.mean_length
    on_table(free)
    on_table(desk)
    assert desk.t.put_gain - free.t.put_gain == pytest.approx([80.0, 80.0])
    # nobody else's offers, no counter-offers, and no extensions
    for author, business in ((0, DATED), (1, COUNTER), (PATRON, EXTENSION)):
        on_table(free, author=author, business=business)
        on_table(desk, author=author, business=business)
        assert desk.t.put_gain == pytest.approx(free.t.put_gain, rel=1e-12)


ALL = ["hand_back", "aid_freeze", "sanctions_relief", "monitoring"]


def test_a_condition_is_the_bit_of_its_name_and_has_words():
    bits = HAND_BACK, AID_FREEZE, SANCTIONS_RELIEF, MONITORED
    assert list(zip(ALL, bits, strict=True)) == list(CONDITION_BITS.items())
    assert list(TERMS) == ALL
    assert [term.part for term in FLOW_TERMS.values()] == list(TERM_PARTS)


def with_conditions(gain, chance):
    """Answer of a side that refuses, for gains and chances by set of conditions."""
    desk = reference(parties__r__conditions=ALL)
    on_table(desk)
    desk.t.put_gain[:], desk.t.put_slope[:] = (800, -800), 0.0
    desk.t.demand_gain[1, :] = [gain(demands) for demands in range(16)]
    desk.t.demand_chance[1, :] = [chance(demands) for demands in range(16)]
    desk.stage("answer")
    return desk.w.answer[1], desk.w.answer_demands[1]


def test_who_refuses_names_conditions_that_would_be_enough():
    def gain(demands):
        return 80 if demands & HAND_BACK and demands & AID_FREEZE else -80

    found = with_conditions(gain, lambda demands: 0.5)
    assert found == (ON_CONDITIONS, HAND_BACK | AID_FREEZE)


def test_of_sets_that_are_enough_it_names_the_one_most_likely_accepted():
    found = with_conditions(lambda d: 80, lambda d: 0.9 if d == 0b1110 else 0.1)
    assert found == (ON_CONDITIONS, 0b1110)


def test_on_ties_it_names_the_fewest():
    found = with_conditions(
        lambda d: 80 if d & SANCTIONS_RELIEF else -80, lambda d: 0.0
    )
    assert found == (ON_CONDITIONS, SANCTIONS_RELIEF)


def test_who_asks_for_chips_back_keeps_its_own():
    both = {
        "chips__a": REFERENCE["chips"]["land"],
        "chips__b": {**REFERENCE["chips"]["land"], "holder": "r"},
    }
    for demanded_by in (0, 1):
        desk = reference(**both)
        desk.w.step = 1
        desk.weigh(author=demanded_by, demands=HAND_BACK, demanded_by=demanded_by)
        desk.w.answer[:] = ACCEPT
        desk.stage("conclude")
        # chips a and b, and `land` of the reference world; u holds a and land
        kept = [1.0, 0.0, 1.0] if demanded_by == 0 else [0.0, 1.0, 0.0]
        assert list(desk.w.chip[:3]) == kept


def test_if_nothing_is_enough_it_rejects():
    assert with_conditions(lambda d: -80, lambda d: 1.0) == (REJECT, 0)


def test_a_side_names_only_conditions_of_its_own():
    desk = reference(parties__r__conditions=["monitoring"])
    on_table(desk)
    desk.t.put_gain[:], desk.t.put_slope[:] = (800, -800), 0.0
    desk.t.demand_gain[1, :], desk.t.demand_chance[1, :] = 80, 1.0
    desk.stage("answer")
    assert desk.w.answer_demands[1] == MONITORED


@pytest.mark.parametrize("business", [COUNTER, EXTENSION])
def test_a_counter_and_an_extension_are_taken_or_left(business):
    desk = reference(parties__r__conditions=ALL)
    on_table(desk, author=0)
    desk.w.business = business
    desk.t.put_gain[:], desk.t.put_slope[:] = (800, -800), 0.0
    desk.t.demand_gain[1, :], desk.t.demand_chance[1, :] = 80, 1.0
    desk.stage("answer")
    assert desk.w.answer[1] == REJECT


# ---- what follows --------------------------------------------------------------------


def concluded(answers, demands=0, business=DATED, author=PATRON, **changes):
    desk = reference(negotiation__counter_after_days=14, **changes)
    desk.w.step = 3
    on_table(desk, author=author, business=business)
    desk.t.put_slope[:] = 0.0
    desk.w.answer[:] = answers
    desk.w.answer_demands[1] = demands
    desk.stage("conclude")
    return desk


def test_a_truce_needs_both():
    assert concluded((ACCEPT, ACCEPT)).w.phase == TRUCE
    assert concluded((ACCEPT, REJECT)).w.phase == WAR
    assert concluded((REJECT, ACCEPT)).w.phase == WAR


def test_refusals_are_counted_by_side():
    assert list(concluded((ACCEPT, REJECT)).w.refusals) == [0, 1]
    assert list(concluded((REJECT, ON_CONDITIONS)).w.refusals) == [1, 1]


def test_the_author_of_a_counter_is_bound_that_day():
    desk = concluded((ACCEPT, SILENT), business=COUNTER, author=1)
    assert desk.w.phase == TRUCE


def test_a_refused_offer_may_not_be_repeated_for_a_while():
    desk = concluded(
        (ACCEPT, REJECT),
        negotiation__repeat_after_days=21,
        parties__u__cost_of_war_km2=2400,
        parties__r__cost_of_war_km2=2400,
        negotiation__offers__peace__line={"held_km2": 2960},
    )
    for step in (4, 5):
        desk.w.step = step
        assert proposed(desk) == NOBODY
    desk.w.step = 6
    assert proposed(desk) == 0


def test_acceptance_on_conditions_becomes_a_counter_offer_on_its_day():
    desk = concluded((ACCEPT, ON_CONDITIONS), demands=HAND_BACK | AID_FREEZE)
    assert desk.w.phase == WAR
    assert list(desk.w.counter_step) == [NEVER, 5]
    desk.w.step = 4
    desk.stage("timeline", "agenda")
    assert desk.w.business == ROUND
    desk.w.step = 5
    desk.stage("timeline", "agenda")
    assert (desk.w.business, desk.w.offer, desk.w.author) == (COUNTER, 0, 1)
    assert (desk.w.demands, desk.w.demanded_by) == (HAND_BACK | AID_FREEZE, 1)


def test_a_truce_makes_counters_pointless():
    desk = reference()
    desk.w.counter_step[1] = 9
    on_table(desk)
    desk.w.answer[:] = ACCEPT
    desk.stage("conclude")
    assert list(desk.w.counter_step) == [NEVER, NEVER]


def test_others_learn_the_private_cost_from_an_answer():
    secret = {"value": 800, "private": [480, 1120]}
    for answer, expected in ((ACCEPT, (800, 1120)), (REJECT, (480, 800))):
        desk = reference(parties__u__cost_of_war_km2=secret)
        on_table(desk)
        desk.t.put_gain[:], desk.t.put_slope[:] = -400, 0.5
        desk.w.answer[:] = answer
        desk.stage("conclude")
        found = desk.w.cost_low[0], desk.w.cost_high[0]
        assert found == pytest.approx(expected, rel=1e-12)
        assert desk.w.cost_low[1] == desk.w.cost_high[1] == 640


def test_noise_in_answers_leaves_a_margin():
    desk = reference(
        parties__u__cost_of_war_km2={"value": 800, "private": [480, 1120]},
        parties__u__decision_noise_km2=16,
    )
    on_table(desk)
    desk.t.put_gain[:], desk.t.put_slope[:] = -400, 0.5
    desk.w.answer[:] = REJECT
    desk.stage("conclude")
    # 2 tau / |B| = 64
    assert desk.w.cost_high[0] == pytest.approx(864, rel=1e-12)


def test_nothing_is_learned_from_who_is_bound():
    """By the day of its counter-offer its author may have come to regret it."""
    secret = {"value": 800, "private": [480, 1120]}
    desk = reference(parties__u__cost_of_war_km2=secret)
    on_table(desk, author=0, business=COUNTER)
    desk.t.put_gain[:], desk.t.put_slope[:] = -400, 0.5
    desk.w.answer[:] = SILENT, REJECT
    desk.stage("conclude")
    assert (desk.w.cost_low[0], desk.w.cost_high[0]) == (480, 1120)


def test_a_whole_exchange_with_conditions():
    """R refuses to leave the chip, asks for it back; U accepts, and it is handed back.

    The line favours R so little that R gains only if the chip is returned.
    """
    desk = reference(
        **offers(peace={"line": {"held_km2": 2760}, "monitoring": 1.0}),
        parties__r__conditions=["hand_back"],
        truce__breakdown_per_week=0,
        timeline=[{"date": "2025-03-13", "offer": "peace", "by": "w"}],
        negotiation__counter_after_days=7,
    )
    desk.stage("timeline", "aid", "truce", "agenda", *TALK)
    assert tuple(desk.w.answer) == (ACCEPT, ON_CONDITIONS)
    assert desk.w.phase == WAR
    desk.stage("flows", "chips", "close")  # a day on which the line rests
    desk.day()
    assert desk.w.phase == TRUCE
    assert desk.w.chip[0] == 0.0
    assert (desk.w.first_truce_author, desk.w.truce_demands) == (1, HAND_BACK)
    assert desk.w.first_full_truce == 1


@pytest.mark.slow
def test_proposers_are_drawn_by_weight():
    desk = reference(
        negotiation__proposer_weights={"u": 1, "r": 2, "w": 5},
        negotiation__offers__peace__offered_by=["u", "r", "w"],
    )
    trials, counts = 4000, [0, 0, 0]
    for replicate in range(trials):
        desk.begin(seed=3, replicate=replicate)
        desk.stage("timeline", "agenda")
        counts[desk.w.author] += 1
    for count, share in zip(counts, (1 / 8, 2 / 8, 5 / 8), strict=True):
        assert abs(count / trials - share) < 4 * math.sqrt(share * (1 - share) / trials)


# ---- the same terms under another name, and the author's own judgement ---------------


TWICE = {
    "back": {"hand_back": {"land": 1}},
    "other": {"monitoring": 0.9},
    "plain": {},
}


@pytest.mark.parametrize(("held", "left"), [(0.5, ["back", "other"]), (0.0, ["other"])])
def test_what_was_refused_does_not_come_back_under_a_name_that_means_the_same(
    held, left
):
    desk = reference(**offers(**TWICE))
    desk.w.chip[0], desk.w.business, desk.w.author = held, ROUND, PATRON
    desk.w.blocked_until[2] = 5
    names = sorted(TWICE)
    free = [names[i] for i in range(3) if may_propose(desk.p, desk.w, i)]
    assert free == left


def test_who_proposes_judges_with_the_error_with_which_it_answers():
    """What a side would refuse of others it does not put forward itself."""
    seen = set()
    for replicate in range(40):
        desk = reference(
            **offers(peace={"offered_by": ["u", "w"], "line": {"held_km2": 2800}}),
            parties__u__decision_noise_km2=400,
            parties__r__decision_noise_km2=400,
            negotiation__proposer_weights={"u": 1, "r": 0, "w": 0},
        )
        desk.begin(3, replicate)
        desk.w.business, desk.w.author = ROUND, 0
        desk.stage("appraise", "propose")
        own = desk.t.gain[0, 0] + desk.t.gain_slope[0, 0] * desk.w.cost[0]
        error = noise_of(desk.p, desk.w, desk.t, 0, 0)
        assert (desk.w.offer == 0) == (own + error > 0.0)
        seen.add(int(desk.w.offer))
    assert seen == {0, NOBODY}
