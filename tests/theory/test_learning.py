"""Learning from battles as Bayes would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.learning import learned, type_posterior

EXACT = {"rel": 1e-8, "abs": 1e-9}

odds = st.floats(0.01, 0.99)
weights = st.floats(0.0, 200.0)


def learn(mean, weight, outcomes):
    """Belief after battles of which each is expected as the belief says."""
    for won in outcomes:
        mean, weight = learned(mean, weight, float(won), mean, 1.0)
    return mean, weight


@given(st.integers(1, 50), st.integers(1, 50), st.lists(st.booleans(), max_size=40))
def test_learning_battle_by_battle_is_beta_binomial(a, b, outcomes):
    mean, weight = learn(a / (a + b), float(a + b), outcomes)
    expected = (a + sum(outcomes)) / (a + b + len(outcomes))
    assert mean == pytest.approx(expected, rel=1e-12)
    assert weight == a + b + len(outcomes)


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


def posterior(first, second, prior, wins, losses):
    about = {"first": first, "second": second, "prior": prior}
    return type_posterior(**about, wins=float(wins), losses=float(losses))["posterior"]


@given(
    st.floats(0.3, 0.7),
    st.floats(0.3, 0.7),
    st.floats(0.1, 0.9),
    st.integers(0, 6),
    st.integers(0, 6),
)
def test_posterior_is_that_of_one_battle_after_another(a, b, prior, wins, losses):
    whole = posterior(a, b, prior, wins, losses)
    step = prior
    for _ in range(wins):
        step = posterior(a, b, step, 1, 0)
    for _ in range(losses):
        step = posterior(a, b, step, 0, 1)
    assert whole == pytest.approx(step, rel=1e-9)


@given(odds, odds, odds, st.integers(0, 8), st.integers(0, 8))
def test_posterior_is_that_of_bayes(a, b, prior, wins, losses):
    one = prior * a**wins * (1 - a) ** losses
    other = (1 - prior) * b**wins * (1 - b) ** losses
    found = posterior(a, b, prior, wins, losses)
    assert found == pytest.approx(one / (one + other), rel=1e-9)


def test_a_very_long_war_leaves_no_doubt():
    assert posterior(0.6, 0.4, 0.5, 6000, 4000) == 1.0
    assert posterior(0.6, 0.4, 0.5, 4000, 6000) < 1e-300
    assert posterior(0.6, 0.4, 0.5, 5000, 5000) == pytest.approx(0.5)
