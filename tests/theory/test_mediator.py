"""The mediator: reference values, and the game enumerated."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.theory.mediator import mediator

T31 = {
    "prior_weak": 0.6,
    "accuracy": 0.85,
    "own_cost": 0.1,
    "resolved_cost": 0.08,
    "weak_cost": 0.30,
    "mediator_loss": 0.15,
}


def test_reference_beliefs_bias_and_war():  # T31
    found = mediator(**T31)
    assert (
        found["mu_w"],
        found["mu_r"],
        found["least_bias"],
        found["war_without"],
        found["war_with"],
    ) == pytest.approx(
        (0.8947368421, 0.2093023256, 0.08379888268, 0.4, 0.06), rel=1e-8, abs=1e-9
    )
    assert found["matters"]
    assert not found["unbiased_believed"]
    assert found["greatest_bias"] is None


def limits(found):
    """The same results, with an infinite bias where there is none."""
    return {name: math.inf if x is None else x for name, x in found.items()}


def enumerated(world, bias, odds=0.5):
    """Play every case of type and signal; no formula of the model.

    Returns whether each word is truthful for a mediator whom the demander believes,
    and the chance of war without a mediator and with a believed one.
    """
    types = {
        "weak": (world["prior_weak"], world["weak_cost"]),
        "resolved": (1 - world["prior_weak"], world["resolved_cost"]),
    }

    def joint(signal):
        right = world["accuracy"]
        return {
            name: prior * (right if name == signal else 1 - right)
            for name, (prior, _) in types.items()
        }

    def play(weights, demand):
        """Demander's share, demander's worth, chance of war: sums over types."""
        share = worth = war = 0.0
        for name, weight in weights.items():
            if demand <= odds + types[name][1]:  # accepted
                share, worth = share + weight * demand, worth + weight * demand
            else:
                share += weight * odds
                worth += weight * (odds - world["own_cost"])
                war += weight
        return share, worth, war

    demands = [odds + world["resolved_cost"], odds + world["weak_cost"]]

    def demanded(weights):
        safe, risky = (play(weights, demand)[1] for demand in demands)
        return demands[1] if risky > safe else demands[0]

    prior = {name: chance for name, (chance, _) in types.items()}
    without = play(prior, demanded(prior))[2]
    words = {word: demanded(joint(word)) for word in types}
    truthful, war = {}, 0.0
    for signal in types:
        weights = joint(signal)
        payoff = {}
        for word in types:
            share, _, fought = play(weights, words[word])
            payoff[word] = bias * share - world["mediator_loss"] * fought
        other = "weak" if signal == "resolved" else "resolved"
        truthful[signal] = payoff[signal] >= payoff[other] - 1e-15
        war += play(weights, words[signal])[2]
    return truthful, without, war, words["weak"] != words["resolved"]


worlds = st.builds(
    dict,
    prior_weak=st.floats(0.05, 0.95),
    accuracy=st.floats(0.55, 0.99),
    own_cost=st.floats(0.0, 0.3),
    resolved_cost=st.floats(0.0, 0.15),
    weak_cost=st.floats(0.2, 0.4),
    mediator_loss=st.floats(0.01, 1.0),
)


@given(worlds, st.floats(0.0, 5.0))
def test_words_are_truthful_when_the_game_says_so(world, bias):
    found = limits(mediator(**world))
    own, resolved, weak = (
        world[name] for name in ("own_cost", "resolved_cost", "weak_cost")
    )
    threshold = (resolved + own) / (weak + own)
    for belief in (found["mu_w"], found["mu_r"], world["prior_weak"]):
        assume(abs(belief - threshold) > 1e-9)
    truthful, without, war, matters = enumerated(world, bias)
    assert found["war_without"] == pytest.approx(without, abs=1e-12)
    assert found["war_with"] == pytest.approx(war, abs=1e-12)
    assert found["matters"] == matters
    assert found["unbiased_believed"] == (
        matters and all(enumerated(world, 0.0)[0].values())
    )
    if matters:
        assume(abs(bias - found["least_bias"]) > 1e-9)
        assume(abs(bias - found["greatest_bias"]) > 1e-9)
        assert truthful["weak"] == (bias >= found["least_bias"])
        assert truthful["resolved"] == (bias <= found["greatest_bias"])


def test_the_least_bias_on_a_grid_is_that_of_the_formula():
    grid = [i / 20_000 for i in range(4_000)]
    least = next(bias for bias in grid if enumerated(T31, bias)[0]["weak"])
    assert least == pytest.approx(mediator(**T31)["least_bias"], abs=1 / 20_000)


@given(worlds)
def test_some_bias_makes_both_words_truthful_and_never_brings_war_that_pays(world):
    found = limits(mediator(**world))
    assert found["least_bias"] <= found["greatest_bias"]
    if found["matters"] and found["war_without"] > 0.0:
        assert found["war_with"] <= found["war_without"] + 1e-12
