"""The crisis signalling game: all equilibria, against a grid search and simulation."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import ndtr

from sim.theory.crisis_signalling import CrisisGame, crisis_equilibria
from tests.conftest import examples

# The example with several equilibria of Crisman-Cox and Gibilisco, whose package lists
# B's chances to resist to seven digits as starting values of a search. The first and
# the last are those found here; the middle one, 0.4715766, is not quite a solution.
SEVERAL = CrisisGame(
    concession=1.0,
    own_war=-1.9,
    backing_down=-1.2,
    conceding=0.0,
    other_war=-2.8,
    called_bluff=1.0,
)


def test_equilibria_of_the_published_example():
    found = crisis_equilibria(SEVERAL)
    # beliefs rise, so resistance falls
    resist = [each.resist for each in found.equilibria]
    assert resist[0] == pytest.approx(0.8740314, abs=5e-8)
    assert resist[2] == pytest.approx(0.2964518, abs=5e-8)
    assert resist[1] == pytest.approx(0.47242, abs=5e-6)
    assert len(resist) == 3
    assert not found.proved_single
    assert found.near_misses == ()


def by_grid(game, size=2001):
    """Equilibrium chances of resistance: a grid over them, signs, roots.

    The usual way of the literature, over another unknown; the chance that a challenger
    fights is an integral over what backing down is worth to it, not over war.
    """
    s = game.spread
    war, back = game.own_war / s, game.backing_down / s
    nodes, weights = np.polynomial.legendre.leggauss(80)

    def excess(resist):
        c = (game.status_quo - (1 - resist) * game.concession) / (resist * s)
        # backing down is below the bar and war above it, or both are above it
        low = np.maximum(c, back - 9.0)
        half = 0.5 * (np.maximum(low, back) + 9.0 - low)
        x = low[:, None] + half[:, None] * (1.0 + nodes)
        height = np.exp(-0.5 * (x - back) ** 2) / math.sqrt(2 * math.pi)
        both = half * (weights * height * ndtr(war - x)).sum(axis=1)
        fights = ndtr(c - back) * ndtr(war - c) + both
        challenges = 1.0 - ndtr(c - war) * ndtr(c - back)
        f = np.maximum(fights / challenges, 1e-300)
        hope = f * game.other_war + (1 - f) * game.called_bluff - game.conceding
        return resist - ndtr(hope / (s * f))

    grid = np.linspace(1.0 / size, 1.0 - 1e-9, size)
    signs = np.sign(excess(grid))
    places = np.nonzero(signs[1:] * signs[:-1] < 0)[0]
    return [
        brentq(lambda r: float(excess(np.array([r]))[0]), grid[i], grid[i + 1])
        for i in places
    ]


games = st.builds(
    CrisisGame,
    concession=st.floats(0.5, 2.0),
    own_war=st.floats(-2.0, 0.5),
    backing_down=st.floats(-2.0, 0.5),
    conceding=st.just(0.0),
    other_war=st.floats(-2.0, 1.0),
    called_bluff=st.floats(0.3, 1.5),
    spread=st.floats(0.7, 2.0),
)


@given(games)
@settings(max_examples=examples(60))
def test_a_grid_over_resistance_finds_no_other_equilibria(game):
    found = crisis_equilibria(game)
    assume(not found.near_misses)
    resist = [each.resist for each in found.equilibria]
    assume(min(resist) > 0.01 and max(resist) < 0.999)
    # where nearly nobody challenges, the ratio of the twin is only rounding
    assume(min(each.challenge for each in found.equilibria) > 1e-6)
    expected = by_grid(game)
    assert len(expected) <= len(resist)
    for root in expected:
        assert min(abs(root - each) for each in resist) < 1e-6


@pytest.mark.parametrize("other_war", [-2.94, -2.9, -2.85, -2.8, -2.76])
def test_three_equilibria_are_three_by_both_ways(other_war):
    game = CrisisGame(**{**vars(SEVERAL), "other_war": other_war})
    resist = sorted(each.resist for each in crisis_equilibria(game).equilibria)
    assert len(resist) == 3
    assert resist == pytest.approx(by_grid(game), abs=1e-6)


@given(games)
def test_equilibria_are_odd_in_number_and_their_outcomes_sum_to_one(game):
    found = crisis_equilibria(game)
    if not found.near_misses:
        assert len(found.equilibria) % 2 == 1
    if game.own_war >= game.backing_down:
        assert found.proved_single
        assert len(found.equilibria) == 1
    for each in found.equilibria:
        outcomes = each.status_quo, each.concession, each.back_down, each.war
        assert min(outcomes) >= 0.0
        assert sum(outcomes) == pytest.approx(1.0, abs=1e-12)


def test_players_who_best_reply_to_the_others_do_as_the_equilibrium_says():
    # Errors are drawn, decisions made one by one; no formula of the model.
    luck = np.random.default_rng(6).normal(size=(3, 1_000_000))
    game = SEVERAL
    for each in crisis_equilibria(game).equilibria:
        war, back = game.own_war + luck[0], game.backing_down + luck[1]
        if_resisted = np.maximum(war, back)
        worth = each.resist * if_resisted + (1 - each.resist) * game.concession
        challenges = worth > game.status_quo
        fights = (war > back)[challenges]
        other = each.fight * (game.other_war + luck[2])
        resists = other + (1 - each.fight) * game.called_bluff > game.conceding

        for sample, chance in (
            (challenges, each.challenge),
            (fights, each.fight),
            (resists, each.resist),
        ):
            error = math.sqrt(chance * (1 - chance) / sample.size)
            assert abs(sample.mean() - chance) < 4.0 * error


def replies(game, belief, rounds, nodes=400):
    """Belief after rounds of best replies, by a sum over a grid of A's payoffs."""
    z = np.linspace(-8.0, 8.0, nodes)
    weight = np.exp(-z * z / 2)
    weight /= weight.sum()
    for _ in range(rounds):
        hope = belief * game.other_war + (1 - belief) * game.called_bluff
        resist = ndtr((hope - game.conceding) / (belief * game.spread))
        c = (game.status_quo - (1 - resist) * game.concession) / resist
        back = game.backing_down + game.spread * z
        # fights: war above both its own bars; given backing down, a normal tail
        higher = np.maximum(back, c)
        fights = (weight * ndtr((game.own_war - higher) / game.spread)).sum()
        quiet = ndtr((c - game.own_war) / game.spread) * ndtr(
            (c - game.backing_down) / game.spread
        )
        belief = fights / (1.0 - quiet)
    return belief


def test_best_replies_settle_at_the_outer_equilibria_and_leave_the_middle_one():
    low, middle, high = (each.fight for each in crisis_equilibria(SEVERAL).equilibria)
    assert replies(SEVERAL, 0.01, 300) == pytest.approx(low, abs=2e-4)
    assert replies(SEVERAL, 0.99, 300) == pytest.approx(high, abs=2e-4)
    assert replies(SEVERAL, middle - 0.01, 300) == pytest.approx(low, abs=2e-4)
    assert replies(SEVERAL, middle + 0.01, 300) == pytest.approx(high, abs=2e-4)


@given(games, st.floats(0.1, 10.0))
def test_the_unit_of_payoffs_does_not_matter(game, unit):
    scaled = CrisisGame(**{name: unit * value for name, value in vars(game).items()})
    one, other = crisis_equilibria(game), crisis_equilibria(scaled)
    assume(not one.near_misses and not other.near_misses)
    assert [each.war for each in other.equilibria] == pytest.approx(
        [each.war for each in one.equilibria], rel=1e-6, abs=1e-9
    )


@given(games)
def test_equal_means_of_war_and_backing_down_tell_nothing(game):
    same = CrisisGame(**{**vars(game), "own_war": game.backing_down})
    (only,) = crisis_equilibria(same).equilibria
    assert only.fight == 0.5


@given(
    st.tuples(*[st.floats(-1e3, 1e3)] * 4),
    st.floats(1e-3, 1e3),
    st.floats(1e-3, 1e3),
)
def test_payoffs_far_apart_are_solved_or_refused(payoffs, gain, bluff):
    own_war, backing_down, other_war, conceding = payoffs
    game = CrisisGame(
        concession=gain,
        own_war=own_war,
        backing_down=backing_down,
        conceding=conceding,
        other_war=other_war,
        called_bluff=conceding + bluff,
    )
    found = crisis_equilibria(game)
    assert found.equilibria
    for each in found.equilibria:
        assert all(0.0 <= value <= 1.0 for value in vars(each).values())


def test_a_resolution_out_of_range_is_refused():
    with pytest.raises(ValueError, match="resolution"):
        crisis_equilibria(SEVERAL, resolution=0.0)
