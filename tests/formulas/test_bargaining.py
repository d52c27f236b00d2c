"""Bargaining as in published models: crises, and offers between battles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.formulas.bargaining import (
    agreed_total,
    alternating_offers,
    bargaining_range,
)
from sim.model.formulas.elementary import logit
from sim.model.formulas.odds import discounted_odds, ruin
from sim.model.formulas.war import front_drift, war_value
from tests.formulas import oracles

EXACT = {"rel": 1e-8, "abs": 1e-9}


def equilibrium(win, line, lines, discount, battle_chance, omega, costs):
    """(x, y, W, W') of alternating offers, composed from the kernels."""
    k, n = float(line), float(lines)
    psi, phi = discounted_odds(logit(win), k, n, discount, battle_chance)
    drift = front_drift(win, n, discount, battle_chance, omega)
    fighting = 1.0 - psi - phi
    own = war_value(k / n, psi, phi, drift, omega) - costs[0] * fighting
    other = war_value(1.0 - k / n, phi, psi, -drift, omega) - costs[1] * fighting
    dividend = costs[0] + costs[1] + 1.0 - omega
    x, y = alternating_offers(
        logit(win), k, n, discount, battle_chance, own, other, dividend
    )
    return x, y, own, other


def test_bargaining_range_of_a_war_with_costs():  # T10
    assert bargaining_range(0.45, 0.45, 0.12, 0.2) == pytest.approx((0.33, 0.65))


def test_a_small_advantage_of_striking_first_leaves_a_range():  # T10
    assert bargaining_range(0.6, 0.45, 0.1, 0.1) == pytest.approx((0.5, 0.55))


@given(*[st.floats(0.0, 1.0)] * 2, *[st.floats(0.0, 0.5)] * 2)
def test_the_range_is_empty_when_striking_first_is_worth_more_than_peace(
    first, second, cost, other_cost
):
    lower, upper = bargaining_range(first, second, cost, other_cost)
    too_tempting = first - second - cost - other_cost
    if abs(too_tempting) > 1e-15:
        assert (lower > upper) == (too_tempting > 0.0)


@pytest.mark.parametrize(  # T17, T18
    ("lines", "win", "discount", "flows", "line", "x", "y"),
    [
        (6, 0.5, 0.9, (0.3, 0.3), 1, 0.2355753449, 0.7998386678),
        (6, 0.5, 0.9, (0.3, 0.3), 2, 0.3781362938, 0.6320547891),
        (6, 0.5, 0.9, (0.3, 0.3), 3, 0.5154140127, 0.5154140127),
        (6, 0.5, 0.9, (0.3, 0.3), 4, 0.6320547891, 0.3781362938),
        (6, 0.5, 0.9, (0.3, 0.3), 5, 0.7998386678, 0.2355753449),
        (10, 0.45, 0.95, (0.25, 0.35), 3, 0.2615535939, 0.7540932402),
        (10, 0.45, 0.95, (0.25, 0.35), 5, 0.384263611, 0.6301086589),
        (10, 0.45, 0.95, (0.25, 0.35), 8, 0.6305956251, 0.3742818659),
    ],
)
def test_alternating_offers_between_battles(lines, win, discount, flows, line, x, y):
    costs = (-flows[0], -flows[1])
    found = equilibrium(win, line, lines, discount, 1.0, 0.0, costs)
    assert found[:2] == pytest.approx((x, y), **EXACT)


def test_alternating_offers_on_a_front_with_flows_of_land():  # T22
    x, y, _, _ = equilibrium(0.48, 8, 20, 0.98, 0.5, 1.0, (0.1, 0.08))
    assert x == pytest.approx(0.3511856869, **EXACT)
    assert y == pytest.approx(0.6506324932, **EXACT)


def test_with_patience_shares_become_chances_of_victory():  # T20
    x, _, _, _ = equilibrium(0.45, 4, 10, 0.9999999, 1.0, 0.0, (-0.25, -0.35))
    chance, _ = ruin(0.45, 4.0, 10.0)
    assert x == pytest.approx(0.1912664014, **EXACT)
    assert chance == pytest.approx(0.1912659613, **EXACT)
    assert abs(x - chance) < 1e-6


@st.composite
def wars(draw):
    lines = draw(st.integers(2, 20))
    return {
        "win": draw(st.floats(0.05, 0.95)),
        "line": draw(st.integers(1, lines - 1)),
        "lines": lines,
        "discount": draw(st.floats(0.5, 0.99)),
        "battle_chance": draw(st.floats(0.05, 1.0)),
        "omega": draw(st.floats(0.0, 1.0)),
        "costs": (draw(st.floats(0.0, 0.3)), draw(st.floats(0.0, 0.3))),
    }


@given(wars())
def test_alternating_offers_solve_the_recursions(war):
    """Each side is offered exactly what it gets by refusing, period by period."""
    x, y, _, _ = equilibrium(**war)
    n, omega, costs = war["lines"], war["omega"], war["costs"]
    slow_x, slow_y = oracles.slantchev(
        war["win"],
        n,
        war["discount"],
        war["battle_chance"],
        lambda k: omega * k / n - costs[0],
        lambda k: omega * (1 - k / n) - costs[1],
    )
    assert x == pytest.approx(slow_x[war["line"]], rel=1e-8, abs=1e-9)
    assert y == pytest.approx(slow_y[war["line"]], rel=1e-8, abs=1e-9)


@given(wars())
def test_on_average_offers_split_the_surplus_over_war(war):
    """(x + 1 - y)/2 is the Nash share with war as the disagreement point."""
    x, y, own, other = equilibrium(**war)
    middle = 0.5 * (1.0 + own - other)
    assert 0.5 * (x + 1.0 - y) == pytest.approx(middle, rel=1e-12, abs=1e-13)


@given(wars())
def test_alternating_offers_of_swapped_sides_are_swapped(war):
    x, y, _, _ = equilibrium(**war)
    mirror = {
        **war,
        "win": 1.0 - war["win"],
        "line": war["lines"] - war["line"],
        "costs": war["costs"][::-1],
    }
    swapped_x, swapped_y, _, _ = equilibrium(**mirror)
    # 1 - p is rounded; log-odds magnify that by at most 1/(p q)
    assert (swapped_y, swapped_x) == pytest.approx((x, y), rel=1e-10, abs=1e-12)


def test_far_from_both_ends_the_proposer_has_the_advantage_of_moving_first():  # T06
    n = 400
    # b = .1 and .3 inside flows; omega = 0, so battles do not matter in the middle
    x, _, _, _ = equilibrium(0.5, n // 2, n, 0.95, 1.0, 0.0, (-0.1, -0.3))
    assert x == pytest.approx(0.4076923077, **EXACT)


def test_agreed_total_without_flows_is_that_of_rubinstein():  # T05
    assert 0.5 * agreed_total(0.9, 1.0) == pytest.approx(1.0 / 1.9, **EXACT)
