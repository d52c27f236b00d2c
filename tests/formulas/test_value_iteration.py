"""Bargaining while fighting, iterated round by round, against the kernels, to 1e-8.

The war is one that is lived step by step; its values come from one linear system.
"""

from functools import cache

import numpy as np
import pytest
from hypothesis import strategies as st

from sim.model.formulas.war import nash_share, peace_dividend, reservation_value
from tests.formulas import oracles
from tests.formulas.sane_worlds import MANY, costs, in_random_worlds, shares

STAKE = 1000.0
EXACT = {"rel": 0.0, "abs": 1e-8 * STAKE}


@cache
def lived(drift, volatility):
    return oracles.Steps(drift, volatility, 1.0, STAKE, cells=40)


@st.composite
def wars(draw):
    """A war in steps of a week, with what it is worth to both sides at each line."""
    steps = lived(
        float(draw(st.integers(-40, 40))), draw(st.sampled_from([40.0, 90.0, 160.0]))
    )
    omega, paid = draw(shares), [STAKE * draw(costs) for _ in "ab"]
    discount = draw(st.floats(0.8, 0.98))
    flows = omega * steps.lines - paid[0], omega * steps.lines[::-1] - paid[1]
    inside = np.eye(steps.lines.size) - discount * steps.moves
    ends = discount * STAKE * steps.wins, discount * STAKE * steps.losses
    values = [
        np.linalg.solve(inside, (1 - discount) * flow + end)
        for flow, end in zip(flows, ends, strict=True)
    ]
    dividend = peace_dividend(sum(paid), STAKE, omega)
    return steps, discount, flows, values, dividend


def of_kernels(own, other, weight, dividend, round_discount):
    """(V, V', R, R') by the kernels, for weights a and 1 - a."""
    surplus = STAKE - own - other
    return (
        nash_share(own, 1.0 - weight, weight, surplus),
        nash_share(other, weight, 1.0 - weight, surplus),
        reservation_value(own, weight, surplus, dividend, round_discount),
        reservation_value(other, 1.0 - weight, surplus, dividend, round_discount),
    )


@MANY
def test_random_proposers_are_the_fixed_point_of_their_recursion(count):
    """Nash share before the draw, reservation value after it.

    Nothing is assumed about who agrees when: in each round the proposer may prefer to
    fight on.
    """

    def claim(war, weight):
        steps, discount, flows, values, dividend = war
        weights = weight, 1.0 - weight
        slow = oracles.random_proposers(steps, discount, flows, STAKE, weights)
        for place in (0, 7, 20, 38):
            own, other = (float(value[place]) for value in values)
            found = of_kernels(own, other, weight, dividend, discount)
            assert found == pytest.approx([v[place] for v in slow], **EXACT)

    in_random_worlds(count, claim, wars(), shares)


@MANY
def test_rounds_some_periods_apart_leave_no_more_to_share(count):
    """Exact where the war cannot end between two rounds.

    Nearer to an end the kernel is the smaller one: it counts all periods until the next
    round as fought, though the war may be over by then.
    """

    def claim(war, weight, periods):
        steps, discount, flows, values, dividend = war
        slow = oracles.random_proposers(
            steps, discount, flows, STAKE, (weight, 1.0 - weight), periods
        )
        for place in (1, 20):
            own, other = (float(value[place]) for value in values)
            found = of_kernels(own, other, weight, dividend, discount**periods)
            true = [v[place] for v in slow]
            assert found[:2] == pytest.approx(true[:2], **EXACT)
            assert found[2] <= true[2] + EXACT["abs"]
            assert found[3] <= true[3] + EXACT["abs"]
            start = np.zeros(steps.lines.size)
            start[place] = 1.0
            fought = start @ np.linalg.matrix_power(steps.moves, periods - 1)
            if fought.sum() > 1.0 - 1e-12:
                assert found[2:] == pytest.approx(true[2:], **EXACT)

    in_random_worlds(count, claim, wars(), shares, st.integers(1, 4))
