"""Learning: from the front as Bayes would, from answers what they rule out."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.formulas.beliefs import learned, narrowed
from sim.model.formulas.front import discounted_odds, expected_gain
from sim.model.formulas.war import war_value

drifts = st.floats(-200.0, 200.0)
weights = st.floats(1.0, 200.0)
moves = st.floats(-500.0, 500.0)
parts = st.floats(0.0, 1.0)


def learn(mean, weight, moved, *, known=0.0, weeks=1.0, w=1.0):
    """Belief after some moves of the line."""
    for km2 in moved:
        mean, weight = learned(mean, weight, km2, known, weeks, w)
    return mean, weight


@pytest.mark.parametrize(
    ("mean", "weight", "moved", "known", "weeks", "learning", "after"),
    [
        # 61 km2 lost in a week: a surprise of 61, of which an 81st is learned
        (0.0, 80.0, -61.0, 0.0, 1.0, 1.0, (-61.0 / 81.0, 81.0)),
        # of which 12 were due to known causes
        (0.0, 80.0, -61.0, -12.0, 1.0, 1.0, (-49.0 / 81.0, 81.0)),
        # the same week as half a week of learning
        (0.0, 80.0, -61.0, -12.0, 1.0, 0.5, (-24.5 / 80.5, 80.5)),
        # a day: 7 km2 lost where a seventh of 36 was expected
        (-36.0, 80.0, -7.0, 0.0, 1 / 7, 1.0, (-36 - (13 / 7) / (561 / 7), 561 / 7)),
    ],
)
def test_one_step_of_learning(mean, weight, moved, known, weeks, learning, after):
    found = learned(mean, weight, moved, known, weeks, learning)
    assert found == pytest.approx(after, rel=1e-12)


@given(drifts, weights, st.lists(moves, min_size=1, max_size=30))
def test_what_is_learned_is_the_mean_of_all_weeks_seen(mean, weight, moved):
    after, heavier = learn(mean, weight, moved)
    total = weight + len(moved)
    assert heavier == pytest.approx(total)
    assert after == pytest.approx((weight * mean + sum(moved)) / total, abs=1e-9)


@given(drifts, weights, st.lists(moves, min_size=7, max_size=7), parts)
def test_seven_days_teach_what_their_week_teaches(mean, weight, moved, w):
    days = [km2 / 7.0 for km2 in moved]
    by_day = learn(mean, weight, days, weeks=1.0 / 7.0)
    by_week = learn(mean, weight, [sum(days)])
    assert by_day == pytest.approx(by_week, rel=1e-9, abs=1e-9)


@given(drifts, drifts, weights, st.lists(moves, max_size=30))
def test_the_gap_between_two_beliefs_closes_alike_on_every_path(
    first, second, weight, moved
):
    own, _ = learn(first, weight, moved)
    other, _ = learn(second, weight, moved)
    left = weight / (weight + len(moved))
    assert own - other == pytest.approx((first - second) * left, abs=1e-9)


@given(st.lists(moves, min_size=60, max_size=60))
def test_far_from_both_ends_the_gap_decides_when_there_is_a_deal(moved):  # T25
    """Land divided, a drift of m is worth 49 m; war is too dear once the gap is small.

    A gap of 36 km2 a week and costs of 1,440 km2: the gap must come down to 1440/49,
    which 80 weeks of record and 18 of fighting bring about.
    """
    own, other, weight, fought = 0.0, -36.0, 80.0, 0
    line, stake, rate = 5e5, 1e6, -math.log(0.98)

    def war(belief, side, cost):
        held = line if side == 0 else stake - line
        towards = belief if side == 0 else -belief
        psi, phi = discounted_odds(towards, 61.0, rate, held, stake)
        gain = expected_gain(towards, 1.0, 0.98, 1.0)
        return war_value(held, stake, psi, phi, gain, 1.0) - cost * (1.0 - psi - phi)

    while war(own, 0, 800.0) + war(other, 1, 640.0) > stake:
        line += moved[fought]
        own, _ = learned(own, weight, moved[fought], 0.0, 1.0, 1.0)
        other, weight = learned(other, weight, moved[fought], 0.0, 1.0, 1.0)
        fought += 1
    assert fought == math.ceil(80.0 * 36.0 / (1440.0 / 49.0) - 80.0) == 18


@given(drifts, st.floats(0.0, 200.0), moves, drifts, st.floats(0.01, 4.0), parts)
def test_only_surprise_teaches(mean, weight, moved, known, weeks, learning):
    after, heavier = learned(mean, weight, moved, known, weeks, learning)
    assert heavier == weight + learning * weeks
    surprise = moved - (mean + known) * weeks
    assert (after - mean) * surprise >= 0.0
    # and never by more than what was seen
    assert abs(after - mean) <= abs(surprise) / weeks * (1.0 + 1e-12)


@given(drifts, weights, drifts, st.sampled_from([1.0, 2.0, 0.25]), parts)
def test_what_was_expected_teaches_nothing(mean, weight, known, weeks, learning):
    expected = (mean + known) * weeks
    assert learned(mean, weight, expected, known, weeks, learning)[0] == mean


def test_who_has_no_record_and_learns_nothing_keeps_its_belief():
    assert learned(-36.0, 0.0, 50.0, 0.0, 1.0, 0.0) == (-36.0, 0.0)


def test_who_has_no_record_believes_what_it_sees():
    assert learned(-36.0, 0.0, 50.0, 10.0, 1.0, 1.0) == (40.0, 1.0)


# ---- answers -------------------------------------------------------------------------

LOW, HIGH, WIDTH = 480.0, 1120.0, 640.0


def test_a_refusal_leaves_the_costs_that_make_an_offer_a_loss():
    # gain = -400 + 0.5 c, negative below c = 800
    assert narrowed(LOW, HIGH, WIDTH, -400.0, 0.5, 0.0, False) == (480.0, 800.0)


def test_an_acceptance_leaves_the_costs_that_make_it_a_gain():
    assert narrowed(LOW, HIGH, WIDTH, -400.0, 0.5, 0.0, True) == (800.0, 1120.0)


def test_who_gains_less_from_a_truce_the_dearer_the_war_is_read_the_other_way():
    # gain = 400 - 0.5 c
    assert narrowed(LOW, HIGH, WIDTH, 400.0, -0.5, 0.0, False) == (800.0, 1120.0)
    assert narrowed(LOW, HIGH, WIDTH, 400.0, -0.5, 0.0, True) == (480.0, 800.0)


def test_a_margin_allows_for_noise_in_the_answer():
    # a margin of 8 in value is 16 in cost
    assert narrowed(LOW, HIGH, WIDTH, -400.0, 0.5, 8.0, False) == (480.0, 816.0)


def test_an_answer_that_everybody_gives_teaches_nothing():
    assert narrowed(LOW, HIGH, WIDTH, -400.0, 0.1, 0.0, False) == (LOW, HIGH)
    assert narrowed(LOW, HIGH, WIDTH, 400.0, 0.1, 0.0, True) == (LOW, HIGH)


def test_an_answer_that_nobody_gives_leaves_a_tenth_at_the_nearest_end():
    # all costs would accept, and yet it was refused: nearest are the lowest
    assert narrowed(LOW, HIGH, WIDTH, 400.0, 0.1, 0.0, False) == (480.0, 544.0)


@given(
    st.floats(0.0, 2000.0),
    st.floats(0.01, 2000.0),
    st.lists(
        st.tuples(
            st.floats(-1000.0, 1000.0),
            st.floats(-1.0, 1.0),
            st.floats(0.0, 80.0),
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
    # differences of numbers near 2,000 are rounded by some 2e-13
    assert interval[1] - interval[0] >= 0.1 * width - 1e-12


@given(parts, st.floats(-1000.0, 1000.0), st.floats(-1.0, 1.0), st.booleans())
def test_the_true_cost_is_never_ruled_out(part, intercept, slope, noiseless):
    cost = LOW + part * WIDTH
    noise = 0.0 if noiseless else 8.0
    for error in (-noise, noise):
        accepted = intercept + slope * cost + error >= 0.0
        kept = narrowed(LOW, HIGH, WIDTH, intercept, slope, noise, accepted)
        assert kept[0] - 1e-11 <= cost <= kept[1] + 1e-11


def test_a_cost_that_is_no_secret_stays_known():
    assert narrowed(800.0, 800.0, 0.0, -400.0, 0.5, 0.0, True) == (800.0, 800.0)
