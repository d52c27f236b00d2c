"""What is left out has the default of the model's documentation, and takes no side."""

import numpy as np
import pytest

from sim.model.engine import simulate
from sim.model.labels import labels_of
from sim.model.outcome import outcomes
from sim.model.parameters import build
from sim.scenario.load import load
from tests.agreement.paths import engine_paths, first_difference, mesa_path

TWENTY_LINES = """\
# A war on defaults: what it says is what has none.
id: valley
title: Two neighbours and a valley
start_date: 2020-01-01

front:
  side: north
  stake_km2: 2000
  held_km2: 800
  drift_km2_per_week: -5
  volatility_km2_per_week: 40

# Roles and all else have defaults.
parties:
  north:
    cost_of_war_km2: {value: 160, private: [100, 220]}
    belief: {drift_km2_per_week: 2}
  south:
    cost_of_war_km2: 140
    belief: {drift_km2_per_week: -6}
"""
# The same war, told from the other side.
TURNED = [
    ("side: north", "side: south"),
    ("held_km2: 800", "held_km2: 1200"),
    ("drift_km2_per_week: -5", "drift_km2_per_week: 5"),
    ("{drift_km2_per_week: 2}", "{drift_km2_per_week: -2}"),
    ("{drift_km2_per_week: -6}", "{drift_km2_per_week: 6}"),
]


def _valley(write, *swaps):
    return load(write(*swaps, text=TWENTY_LINES)).scenario


def test_twenty_lines_are_a_scenario(write):
    assert len(TWENTY_LINES.splitlines()) == 20
    valley = _valley(write)
    assert valley.sides == ("north", "south")
    assert valley.patron is None
    assert valley.chips == {}
    assert valley.timeline == ()
    assert (valley.horizon_days, valley.step_days) == (180, 1)
    assert (valley.discount_factor_per_week, valley.territory_flow) == (0.98, 1)


def test_twenty_lines_run_agent_by_agent_and_in_the_engine(write):
    loaded = load(write(text=TWENTY_LINES))
    paths = engine_paths(build(loaded.scenario), seed=1, replicates=range(20))
    for replicate, path in enumerate(paths):
        walked = mesa_path(loaded, seed=1, replicate=replicate)
        assert first_difference(walked, path) is None, f"replicate {replicate}"
    last = np.concatenate([path[-1:] for path in paths])
    assert last["refusals"].sum() > 0, "nobody ever answered"
    assert np.unique(last["line"]).size > 1, "nobody ever fought"


def test_twenty_lines_with_the_sides_exchanged_are_the_mirror_image(write):
    """No default hangs on which of the parties is `front.side`."""

    def told(*swaps):
        scenario = _valley(write, *swaps)
        worlds = simulate(build(scenario), seed=1, replicates=range(100))
        return outcomes(worlds, labels_of(scenario))

    one, other = told(), told(*TURNED)
    assert np.isfinite(one["first_full_truce_day"].astype(float)).any()
    np.testing.assert_array_equal(
        one["first_full_truce_day"], other["first_full_truce_day"]
    )
    np.testing.assert_allclose(one["held_km2"], 2000.0 - other["held_km2"], atol=1e-7)
    for party in ("north", "south"):
        name = f"payoff.{party}"
        np.testing.assert_allclose(one[name], other[name], rtol=1e-10, atol=1e-7)


def test_both_sides_have_the_same_defaults(write):
    north, south = _valley(write).parties.values()
    for party in (north, south):
        assert party.role == "belligerent"
        assert party.belief.weight_weeks == 52
        assert party.belief.learning_weight == 1
        assert party.bargaining_weight == 0
        assert party.decision_noise_km2 == 2000 / 2000
        assert party.policy.name == "best_response"
        assert party.conditions == ()
        assert party.rearmament_km2_per_week == 0
        assert party.aid_freeze_cost_km2 == party.sanctions_relief_value_km2 == 0
        assert party.value_of_harm == 0
        assert (party.audience_cost_km2, party.claimed_km2) == (0, None)
    assert (north.label, south.label) == ("North", "South")


@pytest.mark.parametrize(
    "line",
    [
        "  side: north\n",
        "  stake_km2: 2000\n",
        "  held_km2: 800\n",
        "  drift_km2_per_week: -5\n",
        "  volatility_km2_per_week: 40\n",
        "    cost_of_war_km2: 140\n",
        "    belief: {drift_km2_per_week: -6}\n",
        "start_date: 2020-01-01\n",
        "title: Two neighbours and a valley\n",
        "id: valley\n",
    ],
)
def test_what_these_lines_say_has_no_default(line, problems):
    [found] = problems((line, ""), text=TWENTY_LINES)
    assert f"{line.split(':')[0].strip()}: is missing" in found


def test_a_name_is_what_a_party_or_chip_is_called(write):
    more = "  united_states: {role: patron, supports: north}\nchips:\n"
    more += "  west_bank: {holder: south, area_km2: 1, peak_km2: 2}\n"
    valley = load(write(text=TWENTY_LINES + more)).scenario
    assert valley.parties["united_states"].label == "United States"
    assert valley.chips["west_bank"].label == "West Bank"


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


def test_with_a_patron_it_alone_proposes_and_nothing_has_an_effect_unsaid(write):
    patron = "  east: {role: patron, supports: south}\n"
    valley = load(write(text=TWENTY_LINES + patron)).scenario
    assert valley.patron == "east"
    assert valley.negotiation.proposer_weights == {"east": 1, "north": 0, "south": 0}
    assert valley.negotiation.offers["freeze"].offered_by == ("east",)
    east, aid = valley.parties["east"], valley.aid
    assert east.value_per_km2 == east.aid_cost_km2 == east.cost_while_war_km2 == 0
    assert east.sanctions_relief_cost_km2 == east.reputation_km2 == 0
    assert east.pressure == east.price_of_refusal_km2 == 0
    assert (aid.level, aid.drift_km2_per_week, aid.long_run_level) == (1, 0, 1)


def test_whom_a_patron_supports_has_to_be_said(problems):
    [found] = problems(text=TWENTY_LINES + "  east: {role: patron}\n")
    assert "parties.east.supports: is missing" in found


def test_who_may_propose_may_make_an_offer_that_names_nobody(write):
    talks = "negotiation: {proposer_weights: {south: 2}, offers: {o: {}}}\nparties:"
    negotiation = _valley(write, ("parties:", talks)).negotiation
    assert negotiation.proposer_weights == {"north": 0, "south": 2}
    assert negotiation.offers["o"].offered_by == ("south",)


def test_a_cost_of_war_given_as_a_number_hides_nothing(write):
    for cost in ("90", "{value: 90}", "{value: 90, note: a guess}"):
        swap = ("cost_of_war_km2: 140", f"cost_of_war_km2: {cost}")
        south = _valley(write, swap).parties["south"]
        assert south.cost_of_war_km2.value == 90
        assert south.cost_of_war_km2.private == (90, 90)


def test_policies_have_the_defaults_of_the_interface(write):
    def policy(text):
        swap = ("north:\n", f"north:\n    policy: {{{text}}}\n")
        return _valley(write, swap).parties["north"].policy

    assert policy("name: hardliner").premium_km2 == 2000 / 100
    assert policy("name: boulware").beta == 0.5
    assert policy("name: conceder").beta == 2.0
    assert policy("name: boulware").deadline_days == 180
    assert policy("name: conceder, deadline_days: 60").deadline_days == 60


def test_a_deadline_follows_the_horizon(write):
    swaps = [
        ("start_date", "horizon_days: 90\nstart_date"),
        ("north:\n", "north:\n    policy: {name: boulware}\n"),
    ]
    assert _valley(write, *swaps).parties["north"].policy.deadline_days == 90


def test_land_is_worth_its_area_to_both_and_does_not_change(write):
    chip = "chips: {hill: {holder: south, area_km2: 1, peak_km2: 2}}\nparties:"
    hill = _valley(write, ("parties:", chip)).chips["hill"]
    assert hill.value_km2 == {"south": 2, "north": 2}
    assert (hill.size, hill.full, hill.unit) == (1, 2, "km2")
    assert hill.drift_km2_per_week == hill.switch_on_aid_cut == 0
    assert hill.capture_per_week == 0
    [regime] = hill.regimes.values()
    assert regime.loss_per_week == regime.gain_per_week == 0
    assert regime.volatility_per_week == 0
    assert regime.switch_per_week == {}


def test_what_is_no_land_has_an_amount_and_a_unit(write):
    chip = (
        "chips: {captives: {holder: south, label: Captives, amount: 30, peak: 60, "
        "unit: people, value_km2: {north: 7}}}\nparties:"
    )
    captives = _valley(write, ("parties:", chip)).chips["captives"]
    assert (captives.size, captives.full, captives.unit) == (30, 60, "people")
    assert captives.value_km2 == {"north": 7}


def test_a_part_of_a_map_by_party_keeps_the_other_default(write):
    chip = (
        "chips: {hill: {holder: south, area_km2: 1, peak_km2: 2, "
        "value_km2: {north: 20}, regimes: {calm: }}}\nparties:"
    )
    hill = _valley(write, ("parties:", chip)).chips["hill"]
    assert hill.value_km2 == {"south": 2, "north": 20}
    assert hill.regime == "calm"


def test_conditional_aid_punishes_who_refuses_alone(write):
    more = "  east: {role: patron, supports: north}\naid: {rule: {name: conditional}}\n"
    rule = load(write(text=TWENTY_LINES + more)).scenario.aid.rule
    assert rule.after_refusal_by == {"north": 0.0, "south": 1.5}
    assert rule.after_acceptance_by == {"north": 1.0}


def test_where_the_line_cannot_move_nothing_moves_it(problems, write):
    still = [("week: 40", "week: 0"), ("_week: -5", "_week: 0")]
    found = problems(*still, text=TWENTY_LINES)
    assert [each.split(": ")[1] for each in found] == [
        "parties.north.belief.drift_km2_per_week",
        "parties.south.belief.drift_km2_per_week",
    ]
    assert "must be 0 where volatility_km2_per_week of the front is 0" in found[0]
    still += [("{drift_km2_per_week: 2}", "{drift_km2_per_week: 0}")]
    still += [("{drift_km2_per_week: -6}", "{drift_km2_per_week: 0}")]
    assert _valley(write, *still).front.volatility_km2_per_week == 0


def test_an_empty_block_counts_as_left_out(write):
    empty = "aid:\ntruce:\nchips:\nnegotiation:\ntimeline:\nparties:"
    assert _valley(write, ("parties:", empty)) == _valley(write)
