"""Bargaining while fighting, iterated round by round, against closed forms, to 1e-9."""

import pytest

from sim.theory.fighting import random_proposer, slantchev
from tests.formulas.sane_worlds import MANY, in_random_worlds, shares
from tests.theory import oracles
from tests.theory.oracles import chain, costs, sane_walks

EXACT = {"rel": 0.0, "abs": 1e-9}

# of days the iteration would need a hundred thousand
weekly = sane_walks(most=40, steps=(1.0,))


def flows(walk, omega, cost, other_cost):
    """Flows of both sides while they fight, as functions of the line."""
    n = int(walk.lines)
    return (
        lambda k: omega * k / n - cost,
        lambda k: omega * (1.0 - k / n) - other_cost,
    )


@MANY
def test_alternating_offers_are_the_fixed_point_of_their_recursion(count):
    """Each side is offered exactly what it gets by refusing, period by period.

    Where war pays the same everywhere, and where it pays what the land held does.
    """

    def claim(walk, own, other):
        here = walk._asdict()
        steady = slantchev(**here, own_flow=-own, other_flow=-other)
        moving = random_proposer(
            **here, own_cost=own, other_cost=other, weight=0.5, other_weight=0.5
        )
        for found, omega in ((steady, 0.0), (moving, 1.0)):
            slow = oracles.slantchev(*chain(walk), *flows(walk, omega, own, other))
            expected = [x[int(walk.line)] for x in slow]
            assert [found["x"], found["y"]] == pytest.approx(expected, **EXACT)

    in_random_worlds(count, claim, weekly, costs, costs)


@MANY
def test_random_proposers_are_the_fixed_point_of_their_recursion(count):
    """Nash share before the draw, reservation value after it, for weights a, 1 - a.

    Nothing is assumed about who agrees when: in each round the proposer may prefer to
    fight on.
    """

    def claim(walk, cost, other_cost, weight):
        slow = oracles.random_proposers(
            *chain(walk),
            flows(walk, 1.0, cost, other_cost),
            (weight, 1.0 - weight),
        )
        found = random_proposer(
            **walk._asdict(),
            own_cost=cost,
            other_cost=other_cost,
            weight=weight,
            other_weight=1.0 - weight,
        )
        expected = [v[int(walk.line)] for v in slow]
        names = "V_U", "V_R", "R_U", "R_R"
        assert [found[name] for name in names] == pytest.approx(expected, **EXACT)
        assert found["R_U"] + found["R_R"] <= 1.0 + 1e-12  # some offer suits both

    in_random_worlds(count, claim, weekly, costs, costs, shares)
