"""Bargaining while fighting, iterated round by round, against the kernels, to 1e-9."""

import pytest
from hypothesis import strategies as st

from sim.model.formulas.bargaining import alternating_offers
from sim.model.formulas.elementary import logit
from sim.model.formulas.odds import discounted_odds
from sim.model.formulas.war import (
    front_drift,
    nash_share,
    peace_dividend,
    reservation_value,
    war_value,
)
from tests.formulas import oracles
from tests.formulas.sane_worlds import MANY, costs, fronts, in_random_worlds, shares

EXACT = {"rel": 0.0, "abs": 1e-9}

# of days the iteration would need a hundred thousand
weekly_fronts = fronts(most=40, steps=(1.0,))


def wars(front, omega, cost, other_cost):
    """Values of war of both sides at their costs, by the kernels."""
    line, lines = float(front["line"]), float(front["lines"])
    pace = front["discount"], front["battle_chance"]
    psi, phi = discounted_odds(logit(front["win"]), line, lines, *pace)
    drift = front_drift(front["win"], lines, *pace, omega)
    share, fighting = line / lines, 1.0 - psi - phi
    own = war_value(share, psi, phi, drift, omega) - cost * fighting
    other = war_value(1.0 - share, phi, psi, -drift, omega) - other_cost * fighting
    return own, other


def chain(front):
    return front["win"], front["lines"], front["discount"], front["battle_chance"]


def flows(front, omega, cost, other_cost):
    """Flows of both sides while they fight, as functions of the line."""
    n = front["lines"]
    return (
        lambda k: omega * k / n - cost,
        lambda k: omega * (1.0 - k / n) - other_cost,
    )


@MANY
def test_alternating_offers_are_the_fixed_point_of_their_recursion(count):
    def claim(front, omega, cost, other_cost):
        slow = oracles.slantchev(*chain(front), *flows(front, omega, cost, other_cost))
        found = alternating_offers(
            logit(front["win"]),
            float(front["line"]),
            float(front["lines"]),
            front["discount"],
            front["battle_chance"],
            *wars(front, omega, cost, other_cost),
            peace_dividend(cost + other_cost, omega),
        )
        assert found == pytest.approx([x[front["line"]] for x in slow], **EXACT)

    in_random_worlds(count, claim, weekly_fronts, shares, costs, costs)


@MANY
def test_random_proposers_are_the_fixed_point_of_their_recursion(count):
    """Nash share before the draw, reservation value after it, for weights a, 1 - a.

    Nothing is assumed about who agrees when: in each round the proposer may prefer to
    fight on.
    """

    def claim(front, omega, cost, other_cost, weight):
        slow = oracles.random_proposers(
            *chain(front),
            flows(front, omega, cost, other_cost),
            (weight, 1.0 - weight),
        )
        found = of_kernels(front, omega, (cost, other_cost), weight, 1)
        assert found == pytest.approx([v[front["line"]] for v in slow], **EXACT)

    in_random_worlds(count, claim, weekly_fronts, shares, costs, costs, shares)


@MANY
def test_rounds_some_periods_apart_leave_the_same_to_share(count):
    """Exact where the war cannot end between two rounds: a week of days from an end.

    Nearer to an end the kernel is the smaller one: it counts all periods until the next
    round as fought, though the war may be over by then.
    """

    def claim(front, omega, cost, other_cost, weight, periods):
        slow = oracles.random_proposers(
            *chain(front),
            flows(front, omega, cost, other_cost),
            (weight, 1.0 - weight),
            periods,
        )
        near = min(front["line"], front["lines"] - front["line"]) < periods
        found = of_kernels(front, omega, (cost, other_cost), weight, periods)
        true = [v[front["line"]] for v in slow]
        assert found[:2] == pytest.approx(true[:2], **EXACT)
        if near:
            assert found[2] <= true[2] + 1e-9
            assert found[3] <= true[3] + 1e-9
        else:
            assert found[2:] == pytest.approx(true[2:], **EXACT)

    in_random_worlds(
        count, claim, weekly_fronts, shares, costs, costs, shares, st.integers(1, 7)
    )


def of_kernels(front, omega, paid, weight, periods):
    """(V, V', R, R') by the kernels; `paid` are the costs of war."""
    own, other = wars(front, omega, *paid)
    surplus = 1.0 - own - other
    dividend = peace_dividend(sum(paid), omega)
    round_discount = front["discount"] ** periods
    return (
        nash_share(own, 1.0 - weight, weight, surplus),
        nash_share(other, weight, 1.0 - weight, surplus),
        reservation_value(own, weight, surplus, dividend, round_discount),
        reservation_value(other, 1.0 - weight, surplus, dividend, round_discount),
    )
