"""What is left out has the default of the model's documentation."""

import numpy as np

from sim.model.parameters import build
from sim.scenario.load import load
from tests.agreement.paths import engine_paths, first_difference, mesa_path

FIFTEEN_LINES = """\
# A war on defaults.
id: valley
title: Two neighbours and a valley
start_date: 2020-01-01

front:
  side: north
  stake_km2: 2000
  share: 0.5

# Roles and all else have defaults.
parties:
  north: {}
  south: {}
# That is all.
"""


def _valley(write, *swaps):
    return load(write(*swaps, text=FIFTEEN_LINES)).scenario


def test_fifteen_lines_are_a_scenario(write):
    assert len(FIFTEEN_LINES.splitlines()) == 15
    valley = _valley(write)
    assert valley.sides == ("north", "south")
    assert valley.patron is None
    assert valley.chips == {}
    assert valley.timeline == ()
    assert (valley.front.step_km2, valley.front.steps, valley.front.line) == (
        100.0,
        20,
        10,
    )
    assert (valley.horizon_days, valley.step_days) == (180, 1)
    assert (valley.front.battles_per_week, valley.front.win_probability) == (0.5, 0.43)
    assert valley.discount_factor_per_week == 0.98


def test_fifteen_lines_run_agent_by_agent_and_in_the_engine(write):
    loaded = load(write(text=FIFTEEN_LINES))
    paths = engine_paths(build(loaded.scenario), seed=1, replicates=range(20))
    for replicate, path in enumerate(paths):
        walked = mesa_path(loaded, seed=1, replicate=replicate)
        assert first_difference(walked, path) is None, f"replicate {replicate}"
    last = np.concatenate([path[-1:] for path in paths])
    assert last["refusals"].sum() > 0, "nobody ever answered"
    assert np.unique(last["line"]).size > 1, "nobody ever fought"


def test_each_side_has_its_own_defaults(write):
    parties = _valley(write).parties
    side_0, side_1 = parties["north"], parties["south"]
    assert (side_0.cost_of_war.value, side_0.cost_of_war.private) == (
        0.10,
        (0.06, 0.14),
    )
    assert (side_1.cost_of_war.value, side_1.cost_of_war.private) == (
        0.08,
        (0.05, 0.11),
    )
    assert side_0.belief.win_probability == 0.50
    assert side_1.belief.win_probability == 0.41
    assert side_0.rearmament_per_week == 0.004
    assert side_1.rearmament_per_week == 0.006
    assert (side_0.audience_cost, side_1.audience_cost) == (0.0, 0.02)
    assert side_0.conditions == ()
    assert side_1.conditions == ("hand_back", "aid_freeze")
    for party in (side_0, side_1):
        assert party.policy.name == "best_response"
        assert party.bargaining_weight == 0
        assert party.decision_noise == 0.0005
        assert (party.belief.weight_battles, party.belief.learning_weight) == (40, 1)


def test_the_other_side_is_whoever_else_fights(write):
    parties = _valley(write, ("side: north", "side: south")).parties
    assert parties["south"].cost_of_war.value == 0.10
    assert parties["north"].cost_of_war.value == 0.08


def test_without_a_patron_both_sides_propose_two_truces_equally(write):
    talks = _valley(write).negotiation
    assert talks.proposer_weights == {"north": 1.0, "south": 1.0}
    assert list(talks.offers) == ["freeze", "thirty_days"]
    assert all(
        offer.offered_by == ("north", "south") for offer in talks.offers.values()
    )
    assert talks.offers["freeze"].duration_days is None
    assert talks.offers["thirty_days"].duration_days == 30
    assert talks.first_round.isoformat() == "2020-01-01"


def test_with_a_patron_it_alone_proposes_and_supports_side_0(write):
    valley = _valley(write, ("  south: {}", "  south: {}\n  east: {role: patron}"))
    assert valley.patron == "east"
    assert valley.parties["east"].supports == "north"
    assert valley.negotiation.proposer_weights == {"east": 1, "north": 0, "south": 0}
    assert valley.negotiation.offers["freeze"].offered_by == ("east",)


def test_who_may_propose_may_make_an_offer_that_names_nobody(write):
    talks = "negotiation: {proposer_weights: {south: 2}, offers: {o: {}}}\nparties:"
    negotiation = _valley(write, ("parties:", talks)).negotiation
    assert negotiation.proposer_weights == {"north": 0, "south": 2}
    assert negotiation.offers["o"].offered_by == ("south",)


def test_a_cost_of_war_given_as_a_number_hides_nothing(write):
    for cost in ("0.2", "{value: 0.2}", "{value: 0.2, note: a guess}"):
        valley = _valley(write, ("north: {}", f"north: {{cost_of_war: {cost}}}"))
        assert valley.parties["north"].cost_of_war.value == 0.2
        assert valley.parties["north"].cost_of_war.private == (0.2, 0.2)


def test_policies_have_the_defaults_of_the_interface(write):
    def policy(text):
        swap = ("north: {}", f"north: {{policy: {{{text}}}}}")
        return _valley(write, swap).parties["north"].policy

    assert policy("name: hardliner").premium == 0.01
    assert policy("name: boulware").beta == 0.5
    assert policy("name: conceder").beta == 2.0
    assert policy("name: boulware").deadline_days == 180
    assert policy("name: conceder, deadline_days: 60").deadline_days == 60


def test_a_deadline_follows_the_horizon(write):
    swaps = [
        ("start_date", "horizon_days: 90\nstart_date"),
        ("north: {}", "north: {policy: {name: boulware}}"),
    ]
    assert _valley(write, *swaps).parties["north"].policy.deadline_days == 90


def test_a_chip_matters_more_to_who_lost_it(write):
    chip = "chips: {hill: {holder: south, area_km2: 1, peak_km2: 2}}\nparties:"
    hill = _valley(write, ("parties:", chip)).chips["hill"]
    assert hill.value_to == {"south": 0.01, "north": 0.08}
    assert hill.regime == "collapse"
    assert hill.regimes["lull"].loss_per_week == 0.03
    assert hill.regimes["collapse"].switch_per_week == {"lull": 0.3}


def test_a_part_of_a_map_by_party_keeps_the_other_default(write):
    chip = (
        "chips: {hill: {holder: south, area_km2: 1, peak_km2: 2, "
        "value_to: {north: 0.2}, regimes: {calm: }}}\nparties:"
    )
    hill = _valley(write, ("parties:", chip)).chips["hill"]
    assert hill.value_to == {"south": 0.01, "north": 0.2}
    assert hill.regime == "calm"


def test_conditional_aid_punishes_who_refuses_alone(write):
    swaps = [
        ("  south: {}", "  south: {}\n  east: {role: patron}"),
        ("parties:", "aid: {rule: {name: conditional}}\nparties:"),
    ]
    rule = _valley(write, *swaps).aid.rule
    assert rule.after_refusal_by == {"north": 0.0, "south": 1.5}
    assert rule.after_acceptance_by == {"north": 1.0}


def test_an_empty_block_counts_as_left_out(write):
    empty = "aid:\ntruce:\nchips:\nnegotiation:\ntimeline:\nparties:"
    assert _valley(write, ("parties:", empty)) == _valley(write)
