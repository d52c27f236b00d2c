"""The war of nerves: reference values, a war of nerves played out day by day."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.theory.audience_costs import audience_costs

cost, worst = st.floats(0.05, 20.0), st.floats(0.05, 20.0)


def test_reference_crisis_of_unequal_audiences():  # T29
    found = audience_costs(prize=1.0, costs=(3.0, 0.5), worst_wars=(2.0, 2.0))
    assert (
        found.horizon,
        *found.concede_at_once,
        found.war,
        found.war_in_crisis,
        found.odds,
    ) == pytest.approx(
        (0.5275252317, 0.0, 0.6594065396, 0.1043560763, 0.3063948325, 2.936051675),
        rel=1e-8,
        abs=1e-9,
    )


def test_reference_crisis_of_equal_audiences():  # T30
    found = audience_costs(prize=1.0, costs=(1.0, 1.0), worst_wars=(1.0, 3.0))
    assert (found.odds, found.horizon, *found.concede_at_once) == pytest.approx(
        (1.0, 0.6180339888, 0.0, 0.6666666667), rel=1e-8, abs=1e-9
    )


def test_a_crisis_played_out_shows_who_is_first_to_back_down():
    # Types draw the day on which they give in, or fight; no formula of the model but
    # the survivals that the paper states.
    v, a, w = 1.0, (3.0, 0.5), (2.0, 2.0)
    found = audience_costs(prize=v, costs=a, worst_wars=w)
    luck = np.random.default_rng(4).random((2, 400_000))
    stay = [1.0 - chance for chance in found.concede_at_once]
    days = []
    for side in (0, 1):
        other = a[1 - side]
        # inverse of the survival stay v/(v + a t)
        day = (v * stay[side] / luck[side] - v) / other
        days.append(np.where(luck[side] > stay[side], 0.0, day))
    days = np.where(np.array(days) < found.horizon, days, math.inf)
    crisis = (days > 0.0).all(axis=0)
    war = np.isinf(days).all(axis=0)
    first = days[0] < days[1]

    def near(sample, chance):
        error = math.sqrt(chance * (1.0 - chance) / sample.size)
        assert abs(sample.mean() - chance) < 4.0 * error

    near(war, found.war)
    near(war[crisis], found.war_in_crisis)
    near(first[crisis], found.backs_down[0])
    near((~first & ~war)[crisis], found.backs_down[1])
    near(np.isfinite(days[1])[crisis], found.would_back_down[1])


@given(st.floats(0.1, 5.0), cost, cost, worst, worst)
def test_waiting_is_worth_as_much_as_backing_down_on_any_day(v, a1, a2, w1, w2):
    # A type that will back down on day t anyway gets v if the other side goes first
    # and -a s if it goes itself on day s; the expectation must not depend on s.
    found = audience_costs(prize=v, costs=(a1, a2), worst_wars=(w1, w2))
    a, w = (a1, a2), (w1, w2)
    nodes, weights = np.polynomial.legendre.leggauss(60)
    for side in (0, 1):
        other = 1 - side
        k = found.concede_at_once[other]

        def there(t, side=side, k=k):  # survival of the other side
            return (1.0 - k) * v / (v + a[side] * t)

        for s in (0.3 * found.horizon, found.horizon):
            t = 0.5 * s * (1.0 + nodes)
            density = (1.0 - k) * v * a[side] / (v + a[side] * t) ** 2
            gain = k * v + v * 0.5 * s * (weights * density).sum()
            worth = gain - there(s) * a[side] * s
            assert worth == pytest.approx(k * v, rel=1e-7, abs=1e-9 * v)
        # those who stay to the end are those whom war hurts less than backing down
        fight = a[other] * found.horizon / w[other]
        assert there(found.horizon) == pytest.approx(fight, rel=1e-9)


@given(st.floats(0.1, 5.0), cost, cost, worst, worst)
def test_chances_of_a_crisis_sum_to_one_and_follow_the_closed_form(v, a1, a2, w1, w2):
    found = audience_costs(prize=v, costs=(a1, a2), worst_wars=(w1, w2))
    total = found.war_in_crisis + sum(found.backs_down)
    assert total == pytest.approx(1.0, abs=1e-10)
    assert min(found.concede_at_once) == 0.0
    assume(abs(a1 - a2) > 0.01 * max(a1, a2))
    a, b, t = a1 / v, a2 / v, found.horizon
    logs = math.log1p(b * t) - math.log1p(a * t)
    second = a * b / (a - b) ** 2 * logs + a / (a - b) * a * t / (1.0 + a * t)
    assert found.backs_down[1] == pytest.approx(second, rel=1e-6, abs=1e-9)


@given(st.floats(0.1, 5.0), cost, cost, worst, worst)
def test_the_side_with_the_louder_audience_backs_down_less(v, a1, a2, w1, w2):
    found = audience_costs(prize=v, costs=(a1, a2), worst_wars=(w1, w2))
    swapped = audience_costs(prize=v, costs=(a2, a1), worst_wars=(w2, w1))
    assert swapped.odds * found.odds == pytest.approx(1.0)
    reverse = found.concede_at_once[::-1]
    assert swapped.concede_at_once == pytest.approx(reverse, abs=1e-12)
    if a1 > a2 * (1.0 + 1e-9):
        assert found.odds > 1.0
        assert found.backs_down[1] > found.backs_down[0]
