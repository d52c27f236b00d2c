"""Screening in a war of collapse: reference values, and a search over all beliefs."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.theory.catalogue import calculate
from sim.theory.collapse_screening import collapse_screening
from sim.theory.inputs import pairs
from sim.theory.walk import Walk, discounted_odds

T23 = {
    "discount": 0.9,
    "own_collapse": 0.10,
    "other_collapse": 0.15,
    "own_flow": 0.30,
    "tough_flow": 0.35,
    "weak_flow": 0.10,
}


def test_reference_offers_and_thresholds():  # T23
    found = collapse_screening(**T23, weak=0.65)
    expected = {
        "W_T": 0.3846153846,
        "W_K": 0.3076923077,
        "pool": 0.3846153846,
        "screen": 0.3596153846,
        "threshold": 0.5833333333,
        "pool_worth": 0.6153846154,
        "screen_worth": 0.6193846154,
        "two_offers": 0.8644578313,
    }
    assert {name: found[name] for name in expected} == pytest.approx(
        expected, rel=1e-8, abs=1e-9
    )
    assert found["best"] == "screen"


def test_a_war_of_collapse_is_a_walk_of_one_battle():  # T46 b
    h = T23["own_collapse"] + T23["other_collapse"]
    psi, phi = discounted_odds(Walk(2.0, 1.0, T23["own_collapse"] / h, 0.9, h))
    found = collapse_screening(**T23)
    for flow, war in ((0.35, found["W_T"]), (0.10, found["W_K"])):
        assert psi + flow * (1.0 - psi - phi) == pytest.approx(war, rel=1e-10)


worlds = st.builds(
    dict,
    discount=st.floats(0.3, 0.98),
    own_collapse=st.floats(0.0, 0.4),
    other_collapse=st.floats(0.0, 0.4),
    own_flow=st.floats(-0.2, 0.4),
    tough_flow=st.floats(0.2, 0.5),
    weak_flow=st.floats(0.0, 0.15),
)


def by_iteration(discount, own_collapse, other_collapse, flow):
    """Value of war to R, by playing rounds until nothing changes."""
    value = 0.0
    for _ in range(20_000):
        going_on = (1 - own_collapse - other_collapse) * value
        new = (1 - discount) * flow + discount * (own_collapse + going_on)
        if abs(new - value) < 1e-16:
            break
        value = new
    return value


def plans(world, prior, beliefs):
    """What U gets with the best plan that starts with a screening offer, per belief.

    `beliefs` are those after a refusal. The weak type accepts so often that Bayes' rule
    gives that belief, and must be indifferent unless the belief is 0. U then makes the
    offer that its belief asks for: pool up to the threshold, else the last screening
    offer. Found by counting types and rounds, with no formula of the model.
    """
    d, a, b = world["discount"], world["own_collapse"], world["other_collapse"]
    n = 1 - a - b
    pool = by_iteration(d, a, b, world["tough_flow"])

    def round_then(flow, offer):
        return (1 - d) * flow + d * (a + n * offer)

    def own_round_then(value):
        return (1 - d) * world["own_flow"] + d * (b + n * value)

    last = round_then(world["weak_flow"], pool)
    refused = own_round_then(1 - pool)
    # where the last screening offer begins to beat pool: on a line of worths
    gain, loss = (1 - last) - refused, (1 - pool) - refused
    threshold = loss / gain
    worths = []
    for after in beliefs:
        accepting = (prior - after) / (1 - after)  # of all types
        if after == 0.0:
            offer, then = last, 1 - pool
        else:
            # at the threshold itself U's next offer may be the lower one
            screens = after >= threshold - 1e-12
            following = last if screens else pool
            offer = round_then(world["weak_flow"], following)
            then = after * (1 - last) + (1 - after) * refused if screens else 1 - pool
        worths.append(accepting * (1 - offer) + (1 - accepting) * own_round_then(then))
    return np.array(worths), 1 - pool, threshold


@given(worlds, st.floats(0.02, 0.98))
def test_no_other_plan_is_better(world, prior):
    assume(world["own_flow"] + world["tough_flow"] < 0.95)
    found = collapse_screening(**world, weak=prior)
    assume(abs(prior - found["threshold"]) > 1e-6)
    assume(abs(prior - found["two_offers"]) > 1e-6)
    grid = np.linspace(0.0, prior, 400, endpoint=False)
    _, _, threshold = plans(world, prior, [])
    assert found["threshold"] == pytest.approx(threshold, rel=1e-8)
    beliefs = np.append(grid, threshold) if threshold < prior else grid
    worths, pooled, _ = plans(world, prior, beliefs)
    assert found["pool_worth"] == pytest.approx(pooled, rel=1e-9)
    assert found["screen_worth"] == pytest.approx(worths[0], rel=1e-9)
    best = int(worths.argmax())
    if found["best"] == "pool":
        assert worths.max() <= pooled + 1e-12
    elif found["best"] == "screen":
        assert worths[0] > pooled
        assert best == 0 or worths[best] <= worths[0] + 1e-12
    else:
        assert best != 0
        assert worths[best] > max(worths[0], pooled)


@given(worlds)
def test_values_of_war_by_iteration_and_order_of_offers(world):
    assume(world["own_flow"] + world["tough_flow"] < 0.95)
    found = collapse_screening(**world)
    shared = world["discount"], world["own_collapse"], world["other_collapse"]
    tough, weak = world["tough_flow"], world["weak_flow"]
    assert found["W_T"] == pytest.approx(by_iteration(*shared, tough), abs=1e-12)
    assert found["W_K"] == pytest.approx(by_iteration(*shared, weak), abs=1e-12)
    assert found["W_K"] <= found["screen"] <= found["pool"] + 1e-15
    assert 0.0 < found["threshold"] < found["two_offers"] <= 1.0
    assert found["best"] is None
    assert found["screen_worth"] is None


@pytest.mark.parametrize(
    "words",
    [
        # was refused by a second check, which rounds differently
        "d=0.9999998999999999 dU=0.25 dR=0 bU=-1 bT=1 bK=0 weak=0",
        # was a division of rounding by rounding
        "d=0.5 dU=1 dR=0 bU=0 bT=0.9999999999999999 bK=-1",
        "d=1e-6 dU=0.5 dR=0.5 bU=-1e-17 bT=0.9999999999999999 bK=0",
    ],
)
def test_the_edges_of_the_ranges_have_results(words):
    found = calculate("collapse_screening", pairs(words.split())[0]).results
    assert 0.0 <= found["pool"] <= 1.0
    assert 0.0 < found["threshold"] < found["two_offers"] <= 1.0
