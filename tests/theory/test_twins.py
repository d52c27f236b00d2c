"""Calculators beside slow and obvious twins."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.theory.catalogue import calculate
from tests.theory import oracles


def results(name, **given):
    return calculate(name, given).results


# ---- the walk, by how it ends --------------------------------------------------------


def battles_by_end(win, lines):
    """Expected battles from each line, of walks that end in victory, and in defeat.

    The mean of T over walks that are won is a chain of its own: each step adds the
    chance that the walk will be won.
    """
    won, _ = oracles.battles_to_the_end(win, lines)
    lost = oracles.battles_to_the_end(1 - win, lines)[0][::-1]
    system = np.eye(lines + 1)
    for k in range(1, lines):
        system[k, k + 1] -= win
        system[k, k - 1] -= 1 - win
    totals = []
    for chance in (won, lost):
        steps = chance.copy()
        steps[0] = steps[lines] = 0
        totals.append(np.linalg.solve(system, steps))
    return totals[0][1:lines] / won[1:lines], totals[1][1:lines] / lost[1:lines]


@given(
    st.integers(2, 25),
    st.one_of(st.floats(0.2, 0.8), st.floats(0.4999, 0.5001), st.just(0.5)),
)
def test_durations_given_the_end_solve_the_chain(lines, win):
    if_won, if_lost = battles_by_end(win, lines)
    for k in range(1, lines):
        found = results("ruin", N=lines, k=k, p=win)
        assert found["duration_if_win"] == pytest.approx(if_won[k - 1], rel=1e-7)
        assert found["duration_if_loss"] == pytest.approx(if_lost[k - 1], rel=1e-7)


@given(st.integers(2, 10_000), st.floats(0, 1), st.floats(0.001, 0.999))
def test_durations_given_the_end_average_to_the_duration(lines, place, win):
    k = 1 + round(place * (lines - 2))
    found = results("ruin", N=lines, k=k, p=win)
    mean = (
        found["win"] * found["duration_if_win"]
        + found["loss"] * found["duration_if_loss"]
    )
    assert mean == pytest.approx(found["duration"], rel=1e-7)


@given(st.integers(2, 1000), st.floats(0, 1), st.floats(-9, -3))
def test_durations_do_not_jump_next_to_even_odds(lines, place, exponent):
    k = 1 + round(place * (lines - 2))
    found = results("ruin", N=lines, k=k, p=0.5 + 10**exponent / lines)
    assert found["duration_if_win"] == pytest.approx((lines**2 - k**2) / 3, rel=1e-5)


def test_a_walk_that_is_over_has_no_duration_of_the_other_end():
    assert results("ruin", N=5, k=0, p=0.4)["duration_if_win"] is None
    won = results("ruin", N=5, k=5, p=0.4)
    assert won["duration_if_loss"] is None
    assert (won["win"], won["duration"], won["duration_if_win"]) == (1.0, 0.0, 0.0)


# ---- the Nash bargain ----------------------------------------------------------------

money = st.floats(0.0, 0.45)
powers = st.floats(0.05, 1.0)


def nash_by_search(own, other, weight, pie, power, other_power):
    """Largest product of gains on a grid that is refined around its best point."""
    low, high = own, pie - other
    for _ in range(12):
        x = np.linspace(low, high, 201)[1:-1]
        gain = np.log(x**power - own**power)
        loss = np.log((pie - x) ** other_power - other**other_power)
        best = int(np.argmax(weight * gain + (1 - weight) * loss))
        step = x[1] - x[0]
        low, high = x[best] - step, x[best] + step
        low, high = max(low, own), min(high, pie - other)
    return 0.5 * (low + high)


@given(money, money, st.floats(0.02, 0.98), st.floats(0.95, 3.0), powers, powers)
def test_no_other_split_has_a_larger_product_of_gains(
    own, other, weight, pie, power, other_power
):
    found = results(
        "nash", D1=own, D2=other, a=weight, pie=pie, r1=power, r2=other_power
    )
    expected = nash_by_search(own, other, weight, pie, power, other_power)
    assert found["x"] == pytest.approx(expected, abs=1e-6)
    assert found["x"] + found["y"] == pytest.approx(pie)


@given(money, money, st.floats(0.02, 0.98), powers, powers)
def test_fear_of_risk_never_pays(own, other, weight, first, second):
    bold, shy = max(first, second), min(first, second)
    brave = results("nash", D1=own, D2=other, a=weight, r1=bold)["x"]
    timid = results("nash", D1=own, D2=other, a=weight, r1=shy)["x"]
    assert timid <= brave + 1e-9


@given(money, money, st.floats(0.0, 1.0))
def test_a_bargain_without_fear_of_risk_is_the_limit_of_little_fear(own, other, weight):
    neutral = results("nash", D1=own, D2=other, a=weight)["x"]
    almost = results("nash", D1=own, D2=other, a=weight, r1=1 - 1e-9)["x"]
    assert almost == pytest.approx(neutral, abs=1e-6)


# ---- alternating offers --------------------------------------------------------------

discounts = st.floats(0.0, 0.98)
flows = st.floats(-0.5, 0.5)


@given(discounts, discounts, flows, flows)
def test_alternating_offers_leave_the_other_what_waiting_gives(d1, d2, b1, b2):
    x = y = 0.5
    for _ in range(2000):
        x, y = 1 - (1 - d2) * b2 - d2 * y, 1 - (1 - d1) * b1 - d1 * x
    found = results("rubinstein", d1=d1, d2=d2, b1=b1, b2=b2)
    assert (found["x"], found["y"]) == pytest.approx((x, y), rel=1e-9)


@given(st.floats(0.1, 0.98), st.floats(0.0, 0.5), st.floats(0.0, 0.5))
def test_equal_patience_is_an_endless_front(d, b1, b2):
    found = results("rubinstein", d1=d, d2=d, b1=b1, b2=b2)
    endless = results("slantchev", N=1e6, k=5e5, p=0.5, d=d, bU=b1, bR=b2)
    assert found["x"] == pytest.approx(endless["x"], rel=1e-10)
    assert found["y"] == pytest.approx(endless["y"], rel=1e-10)


# ---- races and thresholds ------------------------------------------------------------


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_race_is_the_sum_over_its_rounds(c1, c2):
    goes_on, won, rounds = 1.0, 0.0, 0.0
    for _ in itertools.repeat(None, 3000):
        won += goes_on * c2 * (1 - c1)
        rounds += goes_on
        goes_on *= c1 * c2 + (1 - c1) * (1 - c2)
    found = results("collapse_race", c1=c1, c2=c2)
    assert (found["win"], found["rounds"]) == pytest.approx((won, rounds), rel=1e-9)


def _no_tie(one, other):
    """Whether rounding cannot decide which is larger."""
    return abs(one - other) > 1e-8 * other


@given(st.floats(0.01, 0.5), st.floats(0.001, 0.5), st.floats(0.005, 0.5))
def test_stakes_shrink_battle_by_battle(shift, cost, theta):
    left, battles = shift, 0
    assume(_no_tie(left, cost))
    while left > cost:
        left *= 1 - theta
        battles += 1
        assume(_no_tie(left, cost))
    found = results("shrinking_stakes", shift=shift, cost=cost, theta=theta)
    assert found["battles"] == battles
    assert found["shift_n"] == pytest.approx(left)


@given(st.floats(0.0, 1.0), st.floats(1.0, 100.0), st.floats(0.01, 0.5))
def test_the_gap_closes_battle_by_battle(gap, weight, surplus):
    battles = 0
    assume(_no_tie(gap, surplus))
    while gap * weight / (weight + battles) > surplus:
        battles += 1
        assume(_no_tie(gap * weight / (weight + battles), surplus))
    found = results("optimism_gap", gap=gap, n0=weight, n=battles, surplus=surplus)
    assert found["battles"] == battles
    assert found["gap_n"] <= surplus * (1 + 1e-9)


@given(
    st.floats(0.5, 0.99),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
)
def test_waiting_is_better_exactly_above_the_critical_hazard(d, lam, b, after, deal):
    found = results("waiting", d=d, lam=lam, b=b, V=after, Y=deal)
    value = 0.0
    for _ in range(3000):
        value = (1 - d) * b + d * (lam * after + (1 - lam) * value)
    assert found["value"] == pytest.approx(value, abs=1e-9)
    critical = found["critical_lam"]
    assert (critical is None) == (after <= deal)
    if critical is not None and abs(lam - critical) > 1e-9 and b < deal:
        assert found["waits"] == (lam > critical)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.1, 0.99))
def test_a_shift_above_the_critical_one_brings_war(p, shift, d):
    shift = min(shift, 1 - p)
    found = results("commitment", p=p, D=shift, d=d, c=0.2)
    assert found["lhs"] == pytest.approx(0.8 * (d * (p + shift) - p), abs=1e-12)
    if abs(shift - found["critical_shift"]) > 1e-9:
        assert found["war"] == (shift > found["critical_shift"])


@given(st.floats(0.01, 0.99), st.floats(0.0, 0.9), st.floats(0.0, 0.9))
def test_surprise_above_the_critical_one_leaves_no_deal(p, part, c):
    f = part * min(p, 1 - p)
    found = results("surprise_attack", p=p, f=f, c=c)
    assert found["floor"] == pytest.approx((p + f) * (1 - c))
    assert found["ceiling"] == pytest.approx(1 - (1 - p + f) * (1 - c))
    if abs(f - found["critical_f"]) > 1e-9:
        assert found["deal"] == (found["floor"] <= found["ceiling"])
        assert found["deal"] == (f < found["critical_f"])


@given(st.floats(0.0, 0.5), st.floats(0.0, 0.3), st.floats(0.01, 0.3), st.floats(0, 1))
def test_a_bold_demand_pays_above_the_critical_chance(cost, low, more, chance):
    p, high = 0.5, low + more
    critical = results("two_types", cA=cost, cL=low, cH=high)["critical"]
    bold = chance * (p + high) + (1 - chance) * (p - cost)
    if abs(chance - critical) > 1e-9:
        assert (bold > p + low) == (chance > critical)


@given(*[st.floats(0.0, 1.0)] * 2, *[st.floats(0.0, 0.5)] * 2)
def test_an_advantage_above_the_critical_one_leaves_no_deal(one, other, cost, paid):
    first, second = max(one, other), min(one, other)
    found = results("first_strike", pf=first, ps=second, cA=cost, cB=paid)
    excess = first - second - found["critical_advantage"]
    if abs(excess) > 1e-15:
        assert found["deal"] == (excess < 0.0)


@given(st.floats(0.01, 1.0), st.floats(0.01, 1.0), st.floats(0.0, 1.0))
def test_monitoring_above_the_least_deters(gain, loss, watched):
    least = results("inspection", G=gain, L=loss)["m"]
    if abs(watched - least) > 1e-9:
        assert ((1 - watched) * gain < watched * loss) == (watched > least)


@given(st.floats(0.2, 0.8), st.floats(0.0, 0.3), st.floats(0.01, 0.2))
def test_a_cost_that_is_known_is_met_without_war(win, own_cost, cost):
    """Rounding must not turn the tie, which accepts, into a refusal."""
    known = {"l": cost, "u": cost}
    found = results("fearon_demand", p=win, cA=own_cost, **known)
    assert found["war"] == 0.0
    front = {"N": 20, "k": 8, "p": win, "d": 0.98, "h": 0.5, "cU": own_cost}
    assert results("private_cost_demand", **front, **known)["refusal"] == 0.0
