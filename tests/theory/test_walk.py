"""The walk of the line of contact: textbook values, a linear solve, symmetry."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.formulas.acceptance import acceptance_chance
from sim.model.formulas.elementary import expit, logit
from sim.model.formulas.offers import UNENDING, annuity, breakdown_hazard, truce_value
from sim.model.formulas.war import discount_weighted_mean
from sim.theory.ruin import ruin
from sim.theory.truces import chip_time
from sim.theory.walk import (
    Walk,
    battle_discount,
    discounted_odds,
    log_roots,
    ruin_and_duration,
    wars,
)
from tests.theory import oracles
from tests.theory.oracles import chain, mirrored, odds, walks

shares = st.floats(0.0, 1.0)
costs = st.floats(0.0, 0.5)


def won_after(win, line, lines):
    """Chance to win and mean number of battles, as the calculator says."""
    found = ruin(lines=lines, line=line, win=win)
    return found["win"], found["duration"]


# ---- who wins, and when --------------------------------------------------------------


def test_next_to_an_end_of_an_endless_front_the_odds_are_the_roots():  # T02
    walk = Walk(1e6, 1.0, 0.45, 0.95)
    _, lost_at_once = discounted_odds(walk)
    won_at_once, _ = discounted_odds(walk._replace(line=1e6 - 1.0))
    assert 1.0 / won_at_once == pytest.approx(1.5513236, rel=1e-8)
    assert lost_at_once == pytest.approx(0.7878576861, rel=1e-8)


@given(walks(most=40))
def test_roots_solve_the_equation_of_the_walk(walk):
    e = battle_discount(walk.discount, walk.battle_chance)
    up, down = log_roots(walk)
    assert up > 0.0 < down
    for root in (math.exp(up), math.exp(-down)):
        back = (1.0 - walk.win) * e / root
        assert walk.win * e * root + back == pytest.approx(1.0, rel=1e-12)


@given(walks(most=40))
def test_odds_solve_the_chain_of_battles(walk):
    psi, phi = discounted_odds(walk)
    won, lost = oracles.walk(*chain(walk))
    assert psi == pytest.approx(won[int(walk.line)], rel=1e-9, abs=1e-13)
    assert phi == pytest.approx(lost[int(walk.line)], rel=1e-9, abs=1e-13)


@given(walks(most=40))
def test_ruin_solves_the_chain_of_battles(walk):
    chance, battles = won_after(walk.win, walk.line, walk.lines)
    won, duration = oracles.battles_to_the_end(walk.win, int(walk.lines))
    assert chance == pytest.approx(won[int(walk.line)], rel=1e-9, abs=1e-13)
    assert battles == pytest.approx(duration[int(walk.line)], rel=1e-9)


@given(walks(most=40, odds=st.floats(0.49, 0.51)))
def test_ruin_loses_no_digits_where_battles_are_nearly_fair(walk):
    chance, battles = won_after(walk.win, walk.line, walk.lines)
    won, duration = oracles.battles_to_the_end(walk.win, int(walk.lines))
    assert chance == pytest.approx(won[int(walk.line)], rel=1e-11)
    assert battles == pytest.approx(duration[int(walk.line)], rel=1e-11)


@given(st.floats(-20.0, 20.0), st.floats(0.0, 1.0))
def test_chances_of_both_ends_sum_to_one(pull, part):
    won, time = ruin_and_duration(pull, 2.0, part, 1.0)
    lost, same = ruin_and_duration(-pull, 2.0, 1.0 - part, 1.0)
    assert won + lost == pytest.approx(1.0, abs=1e-13)
    assert time == pytest.approx(same, abs=1e-13)


@given(walks(most=40))
def test_odds_of_one_side_are_the_mirror_of_the_others(walk):
    psi, phi = discounted_odds(walk)
    # 1 - p is rounded, and the powers of up to 40 steps magnify it
    assert discounted_odds(mirrored(walk)) == pytest.approx((phi, psi), rel=1e-11)


@given(walks(most=200), st.floats(0.01, 0.99))
def test_odds_never_sum_to_more_than_one(walk, part):
    psi, phi = discounted_odds(walk._replace(line=part * walk.lines))
    assert psi >= 0.0
    assert phi >= 0.0
    assert psi + phi <= 1.0 + 1e-15


@given(walks(most=40), oracles.discounts)
def test_who_waits_less_for_the_end_gets_more_of_both(walk, other):
    low, high = sorted((walk.discount, other))
    early = discounted_odds(walk._replace(discount=low))
    late = discounted_odds(walk._replace(discount=high))
    assert late[0] >= early[0] * (1.0 - 1e-12)
    assert late[1] >= early[1] * (1.0 - 1e-12)


@given(walks(most=40), odds)
def test_better_odds_of_a_battle_never_lower_those_of_the_war(walk, other):
    low, high = sorted((walk.win, other))
    worse = discounted_odds(walk._replace(win=low))
    better = discounted_odds(walk._replace(win=high))
    assert better[0] >= worse[0] * (1.0 - 1e-12)
    assert better[1] <= worse[1] * (1.0 + 1e-12)


@given(walks(), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_line_further_on_never_lowers_the_odds_of_winning(walk, first, second):
    low, high = sorted((first * walk.lines, second * walk.lines))
    behind = discounted_odds(walk._replace(line=low))
    ahead = discounted_odds(walk._replace(line=high))
    assert ahead[0] >= behind[0] * (1.0 - 1e-12)
    assert ahead[1] <= behind[1] * (1.0 + 1e-12)


# ---- its edges -----------------------------------------------------------------------

USUAL = Walk(20.0, 8.0, 0.57, 0.98, 0.5)


def test_the_ends_of_the_front_are_victory_and_defeat():
    assert discounted_odds(USUAL._replace(line=20.0)) == (1.0, 0.0)
    assert discounted_odds(USUAL._replace(line=0.0)) == (0.0, 1.0)


def test_without_battles_the_war_never_ends():
    assert discounted_odds(USUAL._replace(battle_chance=0.0)) == (0.0, 0.0)


def test_nothing_after_the_first_period_counts_without_patience():
    assert discounted_odds(USUAL._replace(discount=0.0)) == (0.0, 0.0)


def test_patience_without_end_and_fair_battles_give_the_classical_ruin():
    fair = USUAL._replace(win=0.5, discount=1.0)
    assert discounted_odds(fair) == pytest.approx((0.4, 0.6))


def test_a_battle_that_is_surely_won_moves_the_line_at_each_battle():
    sure = Walk(20.0, 8.0, 1.0, 0.98, 0.07)
    # each of the 12 steps waits for a battle
    waits = battle_discount(0.98, 0.07) ** 12
    assert discounted_odds(sure) == (pytest.approx(waits, rel=1e-12), 0.0)
    assert discounted_odds(mirrored(sure)) == (0.0, pytest.approx(waits, rel=1e-12))


def test_rare_battles_lose_no_digits():
    # The walk that matters is then a single battle, at e of next to nothing.
    rare = Walk(2.0, 1.0, 0.5, 0.5, 1e-250)
    assert discounted_odds(rare) == pytest.approx((0.5e-250, 0.5e-250), rel=1e-9)


@pytest.mark.parametrize("win", [0.01, 0.499, 0.5, 0.501, 0.99])
def test_long_fronts_overflow_nothing(win):
    psi, phi = discounted_odds(Walk(1e6, 4e5, win, 0.999))
    assert 0.0 <= psi + phi <= 1.0


# ---- what it is worth ----------------------------------------------------------------


@given(walks(), shares, costs, costs)
def test_war_solves_the_chain_of_the_line_to_both_sides(walk, omega, cost, other_cost):
    own, other, fighting = wars(walk, (cost, other_cost), omega)
    slow = oracles.war(*chain(walk), omega, cost)[int(walk.line)]
    assert own == pytest.approx(slow, rel=1e-8, abs=1e-11)
    seen = mirrored(walk)
    slow = oracles.war(*chain(seen), omega, other_cost)[int(seen.line)]
    assert other == pytest.approx(slow, rel=1e-8, abs=1e-11)
    assert fighting == pytest.approx(1.0 - sum(discounted_odds(walk)), abs=1e-15)


def time_held(walk, loss):
    """The calculator's time of a chip."""
    return chip_time(**walk._asdict(), loss=loss)["A"]


@given(walks(), shares)
def test_time_of_a_chip_solves_the_chain_of_line_and_chip(walk, loss):
    slow = oracles.war(*chain(walk), 0.0, 0.0, 1.0, loss)
    without = oracles.war(*chain(walk), 0.0, 0.0)
    gained = slow[int(walk.line)] - without[int(walk.line)]
    assert time_held(walk, loss) == pytest.approx(gained, rel=1e-8, abs=1e-11)


@given(walks(), shares, shares)
def test_a_chip_that_melts_faster_is_held_for_a_shorter_time(walk, first, second):
    low, high = sorted((first, second))
    slow, fast = time_held(walk, low), time_held(walk, high)
    assert 0.0 <= fast <= slow * (1.0 + 1e-12) <= 1.0 + 1e-12


def test_time_of_a_chip_in_a_war_without_end():  # T33
    endless = Walk(1e7, 5e6, 0.5, 0.98, 0.5)
    assert time_held(endless, 0.08) == pytest.approx(0.2032520325, rel=1e-8)


@given(walks(), shares, costs, st.floats(0.1, 10.0))
def test_a_larger_stake_with_larger_costs_is_the_same_war(walk, omega, cost, stake):
    """P3: the scale of the stake scales every value."""
    own, _, _ = wars(walk, (cost, 0.0), omega)
    slow = oracles.war(*chain(walk), omega, stake * cost, stake=stake)
    assert stake * own == pytest.approx(slow[int(walk.line)], rel=1e-8, abs=1e-10)


@given(walks(), shares, costs, costs)
def test_a_cost_of_war_never_raises_its_value(walk, omega, first, second):
    low, high = sorted((first, second))
    cheap, dear = (wars(walk, (cost, cost), omega) for cost in (low, high))
    assert dear[0] <= cheap[0] + 1e-15
    assert dear[1] <= cheap[1] + 1e-15


@given(walks(), odds, shares)
def test_better_odds_never_lower_the_value_of_war(walk, other, omega):
    low, high = sorted((walk.win, other))
    worse, better = (wars(walk._replace(win=p), (0.0, 0.0), omega) for p in (low, high))
    assert better[0] >= worse[0] - 1e-11
    assert better[1] <= worse[1] + 1e-11


# ---- a war of battles with aid and a chip --------------------------------------------

PATIENCE, MELTS = 0.98, 0.08


def valued(belief, side, *, chip=1.0, aid=1.0, reverts=0.0, shift=0.0):
    """Value of war to a side that believes in `belief`, the walk, and the chip's time.

    Aid and chip move the log-odds of a battle; aid may revert to 1, the chip melts.
    """
    mean_aid = discount_weighted_mean(aid, 1.0, PATIENCE, reverts)
    mean_chip = discount_weighted_mean(chip, 0.0, PATIENCE, MELTS)
    odds = logit(belief) + 0.6 * (mean_aid - 1.0) + 0.1 * mean_chip + shift
    walk = Walk(20.0, 8.0, expit(odds), PATIENCE, 0.5)
    held = time_held(walk, MELTS)
    worth = (0.01, -0.05)[side] * chip * held
    return wars(walk, (0.1, 0.08))[side] + worth, walk, held


def both(**world):
    return valued(0.50, 0, **world)[0], valued(0.44, 1, **world)[0]


def test_the_value_of_war_with_a_chip():  # T38
    own, walk, held = valued(0.50, 0)
    other, seen, _ = valued(0.44, 1)
    found = walk.win, seen.win, own, other, *discounted_odds(walk), held
    expected = 0.5050811259, 0.4450140722, 0.3259252043, 0.6328700886
    expected += 0.03659605964, 0.09424462641, 0.2021181391
    assert found == pytest.approx(expected, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize(
    ("chip", "freeze", "swap"),
    [
        (0.0, (0.3134844703, 0.3481097503), (0.3134844703, 0.3481097503)),
        (0.5, (0.3146838351, 0.3325838168), (0.3196838351, 0.3575838168)),
        (1.0, (0.3159252043, 0.3171299114), (0.3259252043, 0.3671299114)),
    ],
)
def test_a_larger_chip_widens_the_range_of_a_swap(chip, freeze, swap):  # T38, T39
    own, other = both(chip=chip)
    kept = own - 0.01 * chip, 1.0 - 0.05 * chip - other
    assert kept == pytest.approx(freeze, rel=1e-8)
    assert (own, 1.0 - other) == pytest.approx(swap, rel=1e-8)


@pytest.mark.parametrize(
    ("chip", "chances"),
    [
        (0.0, (0.6954611503, 0.7120758817)),
        (0.25, (0.6617417144, 0.7580258638)),
        (0.5, (0.6261670724, 0.7988610145)),
        (0.75, (0.5890466766, 0.8344356223)),
        (1.0, (0.5507594821, 0.864887955)),
    ],
)
def test_a_larger_chip_makes_one_side_harder_to_please(chip, chances):  # T40
    own, other = both(chip=chip)
    found = [acceptance_chance(gain, 0.02) for gain in (0.33 - own, 0.67 - other)]
    assert found == pytest.approx(chances, rel=1e-8)


def test_what_aid_is_worth_and_who_agrees_where_it_hangs_on_answers():  # T41, T42
    expected = {
        0.0: (0.2440967806, 0.7009543582),
        0.5: (0.2827341932, 0.6694126009),
        1.0: (0.3259252043, 0.6328700886),
        1.5: (0.3718663139, 0.5914786745),
    }
    found = {aid: both(aid=aid, reverts=0.05) for aid in expected}
    for aid, values in expected.items():
        assert found[aid] == pytest.approx(values, rel=1e-8), aid
    assert 1.0 - sum(found[1.0]) == pytest.approx(0.04120470706, rel=1e-8)
    cut, raised = found[0.0][0], 1.0 - found[1.5][1]
    assert raised - cut == pytest.approx(0.1644245449, rel=1e-8)


def test_how_fast_the_other_side_may_rearm_before_a_truce_is_refused():  # T44
    leave = breakdown_hazard(0.04, 1.5, 0.2, 0.0, 0.0)
    after, _, _ = valued(0.50, 0, shift=(0.004 - 0.007518076151) / leave)
    worth, end = annuity(PATIENCE, leave, UNENDING)
    truce = truce_value(0.41, after, 0.0, leave, 0.0, worth, end, PATIENCE)
    assert truce == pytest.approx(valued(0.50, 0)[0], rel=1e-8)
