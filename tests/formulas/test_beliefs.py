"""Learning: from battles as Bayes would, from answers what they rule out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.formulas.beliefs import learned, narrowed, type_posterior
from sim.model.formulas.elementary import logit
from sim.model.formulas.odds import discounted_odds
from sim.model.formulas.war import front_drift, war_value

EXACT = {"rel": 1e-8, "abs": 1e-9}

odds = st.floats(0.01, 0.99)
weights = st.floats(0.0, 200.0)


def learn(mean, weight, outcomes):
    """Belief after battles of which each is expected as the belief says."""
    for won in outcomes:
        mean, weight = learned(mean, weight, float(won), mean, 1.0)
    return mean, weight


@pytest.mark.parametrize(  # T27
    ("mean", "weight", "won", "expected", "learning", "after"),
    [
        (0.5, 20.0, 1.0, 0.5, 1.0, (0.5238095238, 21.0)),
        (0.5, 20.0, 1.0, 0.56, 1.0, (0.520952381, 21.0)),
        (0.5, 20.0, 0.0, 0.56, 0.5, (0.4863414634, 20.5)),
    ],
)
def test_one_step_of_learning(mean, weight, won, expected, learning, after):
    assert learned(mean, weight, won, expected, learning) == pytest.approx(
        after, **EXACT
    )


def test_beliefs_after_three_wins_in_ten_battles():  # T25
    mean, weight = learn(0.6, 10.0, [1, 0, 0, 1, 0, 0, 0, 1, 0, 0])
    assert mean == pytest.approx(0.45, **EXACT)
    assert weight == 20.0


@given(st.lists(st.booleans(), min_size=15, max_size=15))
def test_the_gap_between_two_beliefs_closes_alike_on_every_path(outcomes):  # T25
    first, _ = learn(0.56, 20.0, outcomes)
    second, _ = learn(0.44, 20.0, outcomes)
    assert first - second == pytest.approx(0.06857142857, **EXACT)


@pytest.mark.parametrize(("gap", "battles"), [(0.30, 55), (0.05, 0)])
@given(st.lists(st.booleans(), min_size=60, max_size=60))
def test_first_deal_when_the_gap_is_within_the_surplus(gap, battles, outcomes):  # T25
    first, second, weight, fought = 0.5 + gap / 2, 0.5 - gap / 2, 20.0, 0
    # at 55 battles the gap is the surplus, 0.08, up to rounding
    while first - second > 0.08 + 1e-12:
        won = float(outcomes[fought])
        first, _ = learned(first, weight, won, first, 1.0)
        second, weight = learned(second, weight, won, second, 1.0)
        fought += 1
    assert fought == battles


def war(win, line, cost):
    """Value of war on the front of the reference world, without chips."""
    psi, phi = discounted_odds(logit(win), line, 20.0, 0.98, 0.5)
    drift = front_drift(win, 20.0, 0.98, 0.5, 1.0)
    return war_value(line / 20.0, psi, phi, drift, 1.0) - cost * (1.0 - psi - phi)


@pytest.mark.parametrize(  # T28
    ("own", "weight", "costs", "battles"),
    [
        (0.56, 40.0, (0.10, 0.08), 43),
        (0.56, 20.0, (0.10, 0.08), 22),
        (0.60, 40.0, (0.10, 0.08), 66),
        (0.56, 40.0, (0.15, 0.12), 16),
    ],
    ids=["base", "learns faster", "more optimistic", "dearer war"],
)
def test_battles_until_both_prefer_some_line_to_war(own, weight, costs, battles):
    """Beliefs move by the mean outcome, 0.47; the line stays where it is."""
    other, fought = 0.40, 0
    while war(own, 8.0, costs[0]) + war(1.0 - other, 12.0, costs[1]) > 1.0:
        own, _ = learned(own, weight, 0.47, own, 1.0)
        other, weight = learned(other, weight, 0.47, other, 1.0)
        fought += 1
    assert fought == battles


@given(odds, weights, st.booleans(), odds, st.floats(0.0, 1.0))
def test_only_surprise_teaches(mean, weight, won, expected, learning):
    after, heavier = learned(mean, weight, float(won), expected, learning)
    assert heavier == weight + learning or weight + learning <= 0.0
    towards = float(won) - expected
    assert (after - mean) * towards >= 0.0
    assert 0.0 < after < 1.0


@given(odds, weights, st.floats(0.0, 1.0))
def test_what_was_expected_teaches_nothing(mean, weight, learning):
    assert learned(mean, weight, mean, mean, learning)[0] == mean


def test_beliefs_stay_where_their_log_odds_are_finite():
    assert learned(0.9, 0.0, 1.0, 0.5, 1.0)[0] == 1.0 - 1e-6
    assert learned(0.1, 0.0, 0.0, 0.5, 1.0)[0] == 1e-6


def test_posterior_of_two_types():  # T26
    after = type_posterior(0.6, 0.4, 0.5, 1.0, 3.0)
    assert after == pytest.approx(0.3076923077, **EXACT)


@given(
    st.floats(0.3, 0.7),
    st.floats(0.3, 0.7),
    st.floats(0.1, 0.9),
    st.integers(0, 6),
    st.integers(0, 6),
)
def test_posterior_is_that_of_one_battle_after_another(a, b, prior, wins, losses):
    whole = type_posterior(a, b, prior, float(wins), float(losses))
    step = prior
    for _ in range(wins):
        step = type_posterior(a, b, step, 1.0, 0.0)
    for _ in range(losses):
        step = type_posterior(a, b, step, 0.0, 1.0)
    assert whole == pytest.approx(step, rel=1e-9)


def test_a_very_long_war_leaves_no_doubt():
    assert type_posterior(0.6, 0.4, 0.5, 6000.0, 4000.0) == 1.0
    assert type_posterior(0.6, 0.4, 0.5, 4000.0, 6000.0) < 1e-300
    assert type_posterior(0.6, 0.4, 0.5, 5000.0, 5000.0) == pytest.approx(0.5)


# ---- answers -------------------------------------------------------------------------


def test_a_refusal_leaves_the_costs_that_make_an_offer_a_loss():
    # gain = -0.05 + 0.5 c, negative below c = 0.1
    assert narrowed(0.06, 0.14, 0.08, -0.05, 0.5, 0.0, False) == pytest.approx(
        (0.06, 0.10)
    )


def test_an_acceptance_leaves_the_costs_that_make_it_a_gain():
    assert narrowed(0.06, 0.14, 0.08, -0.05, 0.5, 0.0, True) == pytest.approx(
        (0.10, 0.14)
    )


def test_who_gains_less_from_a_truce_the_dearer_the_war_is_read_the_other_way():
    # gain = 0.05 - 0.5 c
    assert narrowed(0.06, 0.14, 0.08, 0.05, -0.5, 0.0, False) == pytest.approx(
        (0.10, 0.14)
    )
    assert narrowed(0.06, 0.14, 0.08, 0.05, -0.5, 0.0, True) == pytest.approx(
        (0.06, 0.10)
    )


def test_a_margin_allows_for_noise_in_the_answer():
    # a margin of 0.01 in value is 0.02 in cost
    assert narrowed(0.06, 0.14, 0.08, -0.05, 0.5, 0.01, False) == pytest.approx(
        (0.06, 0.12)
    )


def test_an_answer_that_everybody_gives_teaches_nothing():
    assert narrowed(0.06, 0.14, 0.08, -0.05, 0.1, 0.0, False) == (0.06, 0.14)
    assert narrowed(0.06, 0.14, 0.08, 0.05, 0.1, 0.0, True) == (0.06, 0.14)


def test_an_answer_that_nobody_gives_leaves_a_tenth_at_the_nearest_end():
    # all costs would accept, and yet it was refused: nearest are the lowest
    assert narrowed(0.06, 0.14, 0.08, 0.05, 0.1, 0.0, False) == pytest.approx(
        (0.06, 0.068)
    )


@given(
    st.floats(0.0, 0.2),
    st.floats(1e-6, 0.2),
    st.lists(
        st.tuples(
            st.floats(-0.1, 0.1),
            st.floats(-1.0, 1.0),
            st.floats(0.0, 0.01),
            st.booleans(),
        ),
        max_size=10,
    ),
)
def test_no_answers_leave_less_than_a_tenth_nor_more_than_before(low, width, answers):
    first = low, low + width
    interval = first
    for intercept, slope, margin, accepted in answers:
        after = narrowed(*interval, width, intercept, slope, margin, accepted)
        assert after[0] >= interval[0]
        assert after[1] <= interval[1]
        interval = after
    # differences of numbers near 0.2 are rounded by some 1e-17
    assert interval[1] - interval[0] >= 0.1 * width - 1e-16


@given(st.floats(0.0, 1.0), st.floats(-0.1, 0.1), st.floats(-1.0, 1.0), st.booleans())
def test_the_true_cost_is_never_ruled_out(part, intercept, slope, noiseless):
    low, high = 0.06, 0.14
    cost = low + part * (high - low)
    noise = 0.0 if noiseless else 0.005
    for error in (-noise, noise):
        accepted = intercept + slope * cost + error >= 0.0
        kept = narrowed(low, high, high - low, intercept, slope, noise, accepted)
        assert kept[0] - 1e-15 <= cost <= kept[1] + 1e-15


def test_a_cost_that_is_no_secret_stays_known():
    assert narrowed(0.1, 0.1, 0.0, -0.05, 0.5, 0.0, True) == (0.1, 0.1)
