"""The war of nerves: reference values, a war of nerves played out day by day."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.theory.audience_costs import audience_costs


def of_pairs(prize, costs, worst_wars):
    """The calculator with (side 1, side 2) for what each side has."""
    return audience_costs(
        prize=prize,
        cost=costs[0],
        other_cost=costs[1],
        worst_war=worst_wars[0],
        other_worst_war=worst_wars[1],
    )


def both(found, name):
    return found[f"{name}_1"], found[f"{name}_2"]


cost, worst = st.floats(0.05, 20.0), st.floats(0.05, 20.0)


def test_reference_crisis_of_unequal_audiences():  # T29
    found = of_pairs(1.0, (3.0, 0.5), (2.0, 2.0))
    assert (
        found["horizon"],
        *both(found, "concede"),
        found["war"],
        found["war_in_crisis"],
        found["odds"],
    ) == pytest.approx(
        (0.5275252317, 0.0, 0.6594065396, 0.1043560763, 0.3063948325, 2.936051675),
        rel=1e-8,
        abs=1e-9,
    )


def test_reference_crisis_of_equal_audiences():  # T30
    found = of_pairs(1.0, (1.0, 1.0), (1.0, 3.0))
    assert (found["odds"], found["horizon"], *both(found, "concede")) == pytest.approx(
        (1.0, 0.6180339888, 0.0, 0.6666666667), rel=1e-8, abs=1e-9
    )


def test_a_crisis_played_out_shows_who_is_first_to_back_down():
    # Types draw the day on which they give in, or fight; no formula of the model but
    # the survivals that the paper states.
    v, a, w = 1.0, (3.0, 0.5), (2.0, 2.0)
    found = of_pairs(v, a, w)
    luck = np.random.default_rng(4).random((2, 400_000))
    stay = [1.0 - chance for chance in both(found, "concede")]
    days = []
    for side in (0, 1):
        other = a[1 - side]
        # inverse of the survival stay v/(v + a t)
        day = (v * stay[side] / luck[side] - v) / other
        days.append(np.where(luck[side] > stay[side], 0.0, day))
    days = np.where(np.array(days) < found["horizon"], days, math.inf)
    crisis = (days > 0.0).all(axis=0)
    war = np.isinf(days).all(axis=0)
    first = days[0] < days[1]

    def near(sample, chance):
        error = math.sqrt(chance * (1.0 - chance) / sample.size)
        assert abs(sample.mean() - chance) < 4.0 * error

    near(war, found["war"])
    near(war[crisis], found["war_in_crisis"])
    near(first[crisis], both(found, "backs_down")[0])
    near((~first & ~war)[crisis], both(found, "backs_down")[1])
    conceded = a[0] * found["horizon"] / (v + a[0] * found["horizon"])
    near(np.isfinite(days[1])[crisis], conceded)


@given(st.floats(0.1, 5.0), cost, cost, worst, worst)
def test_waiting_is_worth_as_much_as_backing_down_on_any_day(v, a1, a2, w1, w2):
    # A type that will back down on day t anyway gets v if the other side goes first
    # and -a s if it goes itself on day s; the expectation must not depend on s.
    found = of_pairs(v, (a1, a2), (w1, w2))
    a, w = (a1, a2), (w1, w2)
    nodes, weights = np.polynomial.legendre.leggauss(60)
    for side in (0, 1):
        other = 1 - side
        k = both(found, "concede")[other]

        def there(t, side=side, k=k):  # survival of the other side
            return (1.0 - k) * v / (v + a[side] * t)

        for s in (0.3 * found["horizon"], found["horizon"]):
            t = 0.5 * s * (1.0 + nodes)
            density = (1.0 - k) * v * a[side] / (v + a[side] * t) ** 2
            gain = k * v + v * 0.5 * s * (weights * density).sum()
            worth = gain - there(s) * a[side] * s
            assert worth == pytest.approx(k * v, rel=1e-7, abs=1e-9 * v)
        # those who stay to the end are those whom war hurts less than backing down
        fight = a[other] * found["horizon"] / w[other]
        assert there(found["horizon"]) == pytest.approx(fight, rel=1e-9)


@given(st.floats(0.1, 5.0), cost, cost, worst, worst)
def test_chances_of_a_crisis_sum_to_one_and_follow_the_closed_form(v, a1, a2, w1, w2):
    found = of_pairs(v, (a1, a2), (w1, w2))
    total = found["war_in_crisis"] + sum(both(found, "backs_down"))
    assert total == pytest.approx(1.0, abs=1e-10)
    assert min(both(found, "concede")) == 0.0
    assume(abs(a1 - a2) > 0.01 * max(a1, a2))
    a, b, t = a1 / v, a2 / v, found["horizon"]
    logs = math.log1p(b * t) - math.log1p(a * t)
    second = a * b / (a - b) ** 2 * logs + a / (a - b) * a * t / (1.0 + a * t)
    assert both(found, "backs_down")[1] == pytest.approx(second, rel=1e-6, abs=1e-9)


@given(st.floats(0.1, 5.0), cost, cost, worst, worst)
def test_the_side_with_the_louder_audience_backs_down_less(v, a1, a2, w1, w2):
    found = of_pairs(v, (a1, a2), (w1, w2))
    swapped = of_pairs(v, (a2, a1), (w2, w1))
    assert swapped["odds"] * found["odds"] == pytest.approx(1.0)
    reverse = both(found, "concede")[::-1]
    assert both(swapped, "concede") == pytest.approx(reverse, abs=1e-12)
    if a1 > a2 * (1.0 + 1e-9):
        assert found["odds"] > 1.0
        assert both(found, "backs_down")[1] > both(found, "backs_down")[0]
