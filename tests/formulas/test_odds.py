"""The walk of the line of contact: textbook values, a linear solve, symmetry."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.formulas.elementary import logit
from sim.model.formulas.odds import (
    battle_discount,
    discount_weighted_mean,
    discounted_odds,
    ruin,
)
from tests.formulas import oracles

# the tolerance of the reference values: relative 1e-8, absolute 1e-9 below 0.1
EXACT = {"rel": 1e-8, "abs": 1e-9}

odds = st.floats(0.05, 0.95)
discounts = st.floats(0.5, 0.9999)
chances = st.floats(0.01, 1.0)


@st.composite
def fronts(draw):
    """A whole line inside a front of up to 40 steps."""
    lines = draw(st.integers(2, 40))
    return float(draw(st.integers(1, lines - 1))), float(lines)


def test_absorption_and_duration_of_an_unequal_walk():  # T01
    chance, battles = ruin(0.45, 4.0, 10.0)
    assert chance == pytest.approx(0.1912659613, **EXACT)
    assert battles == pytest.approx(20.87340387, **EXACT)


def test_victory_and_defeat_count_less_the_later_they_come():  # T02
    psi, phi = discounted_odds(logit(0.45), 4.0, 10.0, 0.95, 1.0)
    assert psi == pytest.approx(0.06704780118, **EXACT)
    assert phi == pytest.approx(0.3791147827, **EXACT)


def test_next_to_an_end_of_an_endless_front_the_odds_are_the_roots():  # T02
    _, lost_at_once = discounted_odds(logit(0.45), 1.0, 1e6, 0.95, 1.0)
    won_at_once, _ = discounted_odds(logit(0.45), 1e6 - 1.0, 1e6, 0.95, 1.0)
    assert 1.0 / won_at_once == pytest.approx(1.5513236, **EXACT)
    assert lost_at_once == pytest.approx(0.7878576861, **EXACT)


def test_time_scale_of_battles():  # T03
    assert battle_discount(0.98, 0.5) == pytest.approx(0.9607843137, **EXACT)


FELLER = [  # T04: p, own capital, total, ruin, success, gain, duration
    (0.5, 9, 10, 0.1, 0.9, 0, 9),
    (0.5, 90, 100, 0.1, 0.9, 0, 900),
    (0.5, 900, 1000, 0.1, 0.9, 0, 90000),
    (0.5, 950, 1000, 0.05, 0.95, 0, 47500),
    (0.5, 8000, 10000, 0.2, 0.8, 0, 1.6e07),
    (0.45, 9, 10, 0.2100562, 0.7899438, -1.100562, 11.00562),
    (0.45, 90, 100, 0.8655694, 0.1344306, -76.55694, 765.5694),
    (0.45, 99, 100, 0.1818182, 0.8181818, -17.18182, 171.8182),
    (0.4, 90, 100, 0.9826585, 0.01734153, -88.26585, 441.3292),
    (0.4, 99, 100, 0.3333333, 0.6666667, -32.33333, 161.6667),
]


@pytest.mark.parametrize("row", FELLER)
def test_table_of_the_classical_ruin_problem(row):
    p, line, lines, lost, won, gain, duration = row
    chance, battles = ruin(p, float(line), float(lines))
    # printed to seven digits
    assert 1.0 - chance == pytest.approx(lost, rel=1e-6)
    assert chance == pytest.approx(won, rel=1e-6)
    assert lines * chance - line == pytest.approx(gain, rel=1e-6, abs=1e-8)
    assert battles == pytest.approx(duration, rel=1e-6)


@given(odds, fronts(), discounts, chances)
def test_odds_solve_the_chain_of_battles(win, front, discount, battle_chance):
    line, lines = front
    psi, phi = discounted_odds(logit(win), line, lines, discount, battle_chance)
    won, lost = oracles.walk(win, int(lines), discount, battle_chance)
    assert psi == pytest.approx(won[int(line)], rel=1e-9, abs=1e-13)
    assert phi == pytest.approx(lost[int(line)], rel=1e-9, abs=1e-13)


@given(st.floats(0.05, 0.95), fronts())
def test_ruin_solves_the_chain_of_battles(win, front):
    line, lines = front
    chance, battles = ruin(win, line, lines)
    won, duration = oracles.battles_to_the_end(win, int(lines))
    assert chance == pytest.approx(won[int(line)], rel=1e-9, abs=1e-13)
    assert battles == pytest.approx(duration[int(line)], rel=1e-9)


@given(st.floats(-1e-2, 1e-2), fronts())
def test_ruin_loses_no_digits_where_battles_are_nearly_fair(edge, front):
    line, lines = front
    chance, battles = ruin(0.5 + edge, line, lines)
    won, duration = oracles.battles_to_the_end(0.5 + edge, int(lines))
    assert chance == pytest.approx(won[int(line)], rel=1e-11)
    assert battles == pytest.approx(duration[int(line)], rel=1e-11)


@given(odds, fronts(), discounts, chances)
def test_odds_of_one_side_are_the_mirror_of_the_others(
    win, front, discount, battle_chance
):
    line, lines = front
    log_odds = logit(win)
    psi, phi = discounted_odds(log_odds, line, lines, discount, battle_chance)
    mirrored = discounted_odds(-log_odds, lines - line, lines, discount, battle_chance)
    # q/p and l1 are rounded in another order; the powers of up to 40 steps magnify it
    assert mirrored == pytest.approx((phi, psi), rel=1e-12, abs=1e-300)


@given(odds, st.floats(0.01, 0.99), st.integers(2, 200), discounts, chances)
def test_odds_never_sum_to_more_than_one(win, part, lines, discount, battle_chance):
    psi, phi = discounted_odds(
        logit(win), part * lines, float(lines), discount, battle_chance
    )
    assert psi >= 0.0
    assert phi >= 0.0
    assert psi + phi <= 1.0


@given(odds, fronts(), discounts, discounts, chances)
def test_who_waits_less_for_the_end_gets_more_of_both(
    win, front, first, second, battle_chance
):
    line, lines = front
    low, high = sorted((first, second))
    early = discounted_odds(logit(win), line, lines, low, battle_chance)
    late = discounted_odds(logit(win), line, lines, high, battle_chance)
    assert late[0] >= early[0] * (1.0 - 1e-12)
    assert late[1] >= early[1] * (1.0 - 1e-12)


@given(odds, odds, fronts(), discounts, chances)
def test_better_odds_of_a_battle_never_lower_those_of_the_war(
    first, second, front, discount, battle_chance
):
    line, lines = front
    low, high = sorted((first, second))
    worse = discounted_odds(logit(low), line, lines, discount, battle_chance)
    better = discounted_odds(logit(high), line, lines, discount, battle_chance)
    assert better[0] >= worse[0] * (1.0 - 1e-12)
    assert better[1] <= worse[1] * (1.0 + 1e-12)


@given(odds, st.floats(0.0, 20.0), st.floats(0.0, 20.0), discounts, chances)
def test_a_line_further_on_never_lowers_the_odds_of_winning(
    win, first, second, discount, battle_chance
):
    low, high = sorted((first, second))
    behind = discounted_odds(logit(win), low, 20.0, discount, battle_chance)
    ahead = discounted_odds(logit(win), high, 20.0, discount, battle_chance)
    assert ahead[0] >= behind[0] * (1.0 - 1e-12)
    assert ahead[1] <= behind[1] * (1.0 + 1e-12)


def test_the_ends_of_the_front_are_victory_and_defeat():
    assert discounted_odds(0.3, 20.0, 20.0, 0.98, 0.5) == (1.0, 0.0)
    assert discounted_odds(0.3, 0.0, 20.0, 0.98, 0.5) == (0.0, 1.0)


def test_without_battles_the_war_never_ends():
    assert discounted_odds(0.3, 8.0, 20.0, 0.98, 0.0) == (0.0, 0.0)


def test_nothing_after_the_first_period_counts_without_patience():
    assert discounted_odds(0.3, 8.0, 20.0, 0.0, 0.5) == (0.0, 0.0)


def test_patience_without_end_and_fair_battles_give_the_classical_ruin():
    assert discounted_odds(0.0, 8.0, 20.0, 1.0, 0.5) == pytest.approx((0.4, 0.6))


@pytest.mark.parametrize("log_odds", [300.0, 650.0, 744.0, 800.0, 1e4, 1e9, 1e300])
def test_a_battle_that_is_surely_won_moves_the_line_at_each_battle(log_odds):  # r07
    pace = battle_discount(0.98, 0.07)
    sure = math.exp(12.0 * math.log(pace))  # each of the 12 steps waits for a battle
    psi, phi = discounted_odds(log_odds, 8.0, 20.0, 0.98, 0.07)
    assert (psi, phi) == (pytest.approx(sure, rel=1e-9), 0.0)
    phi, psi = discounted_odds(-log_odds, 12.0, 20.0, 0.98, 0.07)
    assert (psi, phi) == (pytest.approx(sure, rel=1e-9), 0.0)


def test_rare_battles_lose_no_digits():
    # The walk that matters is then a single battle, at e of next to nothing.
    psi, phi = discounted_odds(0.0, 1.0, 2.0, 0.5, 1e-250)
    assert (psi, phi) == pytest.approx((0.5e-250, 0.5e-250), rel=1e-9)


def test_long_fronts_overflow_nothing():
    for log_odds in (-5.0, -0.01, 0.0, 0.01, 5.0):
        psi, phi = discounted_odds(log_odds, 4e5, 1e6, 0.999, 1.0)
        assert math.isfinite(psi)
        assert math.isfinite(phi)
        assert 0.0 <= psi + phi <= 1.0


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), discounts, st.floats(0.0, 1.0))
def test_weighted_mean_is_the_sum_over_the_days_until_the_jump(
    now, later, discount, hazard
):
    mean = discount_weighted_mean(now, later, discount, hazard)
    # the rest after so many periods is below 1e-13 of the whole
    days = np.arange(math.ceil(-30.0 / math.log(discount)))
    still = (1.0 - hazard) ** days
    worth = (1.0 - discount) * discount**days
    slow = np.sum(worth * (still * now + (1.0 - still) * later))
    assert mean == pytest.approx(slow, rel=1e-9, abs=1e-12)
