"""What must hold of the models for any inputs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.catalogue import calculate

odds = st.floats(0.05, 0.95)
costs = st.floats(0.0, 0.5)
shares = st.floats(0.0, 1.0)
discounts = st.floats(0.5, 0.995)


def results(name, **given):
    return calculate(name, given).results


@st.composite
def fronts(draw):
    lines = draw(st.integers(2, 30))
    return {
        "N": lines,
        "k": draw(st.integers(1, lines - 1)),
        "p": draw(odds),
        "d": draw(discounts),
        "h": draw(st.floats(0.05, 1.0)),
    }


def swapped(front):
    return {**front, "k": front["N"] - front["k"], "p": 1.0 - front["p"]}


@given(fronts(), costs, costs, shares)
def test_war_destroys_what_both_sides_pay_for_it(front, own, other, weight):  # P1
    found = results(
        "random_proposer", **front, cU=own, cR=other, aU=weight, aR=1.0 - weight
    )
    walk = results("ruin", N=front["N"], k=front["k"], p=front["p"], e=found["e"])
    fighting = 1.0 - walk["psi"] - walk["phi"]
    assert found["surplus"] == pytest.approx((own + other) * fighting, abs=1e-9)
    assert found["V_U"] + found["V_R"] == pytest.approx(1.0)


@given(fronts(), shares, shares)
def test_discounted_odds_grow_with_patience_and_stay_below_one(front, e, f):  # P2
    walk = {name: front[name] for name in ("N", "k", "p")}
    low, high = (results("ruin", **walk, e=each) for each in sorted((e, f)))
    for name in ("psi", "phi"):
        assert low[name] <= high[name] + 1e-12
    assert high["psi"] + high["phi"] <= 1.0 + 1e-12


@given(fronts(), odds)
def test_better_odds_and_more_land_win_more_often(front, other):  # P2
    walk = {name: front[name] for name in ("N", "k", "p")}
    chance = results("ruin", **walk)["win"]
    assert results("ruin", **walk | {"k": front["k"] - 1})["win"] <= chance
    if other >= front["p"]:
        assert results("ruin", **walk | {"p": other})["win"] >= chance - 1e-12


@given(fronts(), costs, costs, shares)
def test_swapped_sides_give_swapped_results(front, own, other, weight):
    mine = results(
        "random_proposer", **front, cU=own, cR=other, aU=weight, aR=1.0 - weight
    )
    theirs = results(
        "random_proposer",
        **swapped(front),
        cU=other,
        cR=own,
        aU=1.0 - weight,
        aR=weight,
    )
    for letter in ("W", "V", "R"):
        assert mine[f"{letter}_U"] == pytest.approx(theirs[f"{letter}_R"], abs=1e-9)
    assert mine["x"] == pytest.approx(theirs["y"], abs=1e-9)


@given(fronts(), shares, shares)
def test_offers_share_war_as_the_threat(front, own, other):
    """(x + 1 - y)/2 = (1 + W_U - W_R)/2, the identity of section 4."""
    own, other = own / 2, other / 2
    found = results("slantchev", **front, bU=own, bR=other)
    middle = 0.5 * (found["x"] + 1.0 - found["y"])
    assert middle == pytest.approx(0.5 * (1.0 + found["W_U"] - found["W_R"]), abs=1e-9)


@given(st.floats(0.0, 0.5), st.floats(0.0, 0.3), shares)
def test_strength_changes_the_terms_and_not_the_risk(cost, low, other):  # T12
    high = low + 0.2
    first = results("fearon_demand", p=0.3, cA=cost, l=low, u=high)
    second = results("fearon_demand", p=0.3 + 0.2 * other, cA=cost, l=low, u=high)
    if first["x"] < 1.0 and second["x"] < 1.0:
        assert first["war"] == pytest.approx(second["war"], abs=1e-9)
        assert second["x"] - first["x"] == pytest.approx(0.2 * other, abs=1e-9)


@given(odds, costs, st.floats(0.0, 0.2), st.floats(0.01, 0.3), shares)
def test_no_other_demand_is_better(win, cost, low, more, other):
    high = low + more
    best = results("fearon_demand", p=win, cA=cost, l=low, u=high)
    # B prefers war if its cost is below what the demand takes from it
    refused = min(max((other - win - low) / more, 0.0), 1.0)
    value = other * (1.0 - refused) + (win - cost) * refused
    assert value <= best["value"] + 1e-12


def test_nobody_demands_more_than_everything():
    bold = results("fearon_demand", p=0.95, cA=0.01, l=0.0, u=0.4)
    assert bold["x"] == 1.0


@given(fronts(), costs, st.floats(0.0, 0.2), st.floats(0.01, 0.3), shares)
def test_no_other_line_is_better_against_a_private_cost(front, cost, low, more, line):
    high = low + more
    best = results("private_cost_demand", **front, cU=cost, l=low, u=high)
    # R accepts the line if its cost is above the one that makes it indifferent
    edge = (line - 1.0 + best["W_R0"]) / best["G"]
    accepted = min(max((high - edge) / (high - low), 0.0), 1.0)
    value = line * accepted + best["W_U"] * (1.0 - accepted)
    assert value <= best["value"] + 1e-9


@given(st.integers(1, 50), st.integers(1, 50), st.lists(st.booleans(), max_size=30))
def test_learning_at_once_is_learning_step_by_step(a, b, outcomes):
    mean, weight = a / (a + b), float(a + b)
    for won in outcomes:
        after = results(
            "learning_step", m=mean, n=weight, y=float(won), p_hat=mean, w=1
        )
        mean, weight = after["mean"], after["weight"]
    whole = results("beta_learning", a=a, b=b, wins=sum(outcomes), n=len(outcomes))
    assert whole["mean"] == pytest.approx(mean, rel=1e-12)
    assert whole["weight"] == pytest.approx(weight)


@given(costs, costs)
def test_dearer_wars_end_sooner(first, second):
    low, high = sorted((first, second))
    front = {"N": 20, "k": 8, "h": 0.5, "d": 0.98, "p": 0.47, "n0": 40}
    beliefs = {"mU": 0.52, "mR": 0.44, "cR": 0.1}
    cheap = results("first_deal", **front, **beliefs, cU=low)["battles"]
    dear = results("first_deal", **front, **beliefs, cU=high)["battles"]
    assert dear <= cheap


def test_without_costs_optimists_never_agree():
    front = {"N": 20, "k": 8, "h": 0.5, "d": 0.98, "p": 0.47, "n0": 40}
    found = results("first_deal", **front, mU=0.52, mR=0.44, cU=0, cR=0)
    assert found["battles"] is None
    assert found["room"] < 0.0


@given(shares, shares, st.floats(0.5, 0.99), shares, st.integers(1, 100))
def test_a_ceasefire_is_worth_something_between_peace_and_war(y, war, d, z, periods):
    value = results("ceasefire_value", y=y, W=war, d=d, z=z, D=periods)["value"]
    assert min(y, war) - 1e-12 <= value <= max(y, war) + 1e-12


def test_a_truce_that_nothing_ends_has_no_length():
    endless = {"y": 0.4, "W": 0.3, "d": 0.98, "D": "inf"}
    assert results("ceasefire_value", **endless, z=0)["length"] is None
    assert results("ceasefire_value", **endless, z=0.04)["length"] == pytest.approx(25)


@given(shares, shares, shares)
def test_an_option_counts_only_if_it_is_better(inside, own, other):
    own, other = own / 2, other / 2
    found = results("outside_options", x_in=inside, w1=own, w2=other)
    assert own <= found["x"] <= 1.0 - other
    assert (found["binds"] == "neither") == (found["x"] == inside)
