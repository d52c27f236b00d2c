"""Value of a truce: reference values, the sum over its days, its ends; P+."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.model.formulas.offers import (
    NEVER,
    UNENDING,
    annuity,
    breakdown_hazard,
    constants_of_truces,
    mean_length,
    per_period,
    settlement_chance,
    truce_exits,
    truce_value,
)
from tests.formulas import oracles

EXACT = {"rel": 1e-8, "abs": 1e-9}

shares = st.floats(0.0, 1.0)
worths = st.floats(0.0, 8000.0)  # km2
discounts = st.floats(0.5, 0.9995)


def value_of_truce(
    flow, war_after, settlement, breakdown, settling, discount, duration
):
    """Value of a truce, composed as the simulation composes it."""
    worth, end = annuity(discount, breakdown + settling, duration)
    return truce_value(
        flow, war_after, settlement, breakdown, settling, worth, end, discount
    )


@pytest.mark.parametrize(  # T35
    ("duration", "value"), [(8.0, 8000 * 0.3126256936), (UNENDING, 8000 * 0.3289855072)]
)
def test_annuity_with_default(duration, value):
    found = value_of_truce(3200.0, 2400.0, 0.0, 0.05, 0.0, 0.98, duration)
    assert found == pytest.approx(value, **EXACT)


@given(
    worths,
    worths,
    worths,
    st.floats(0.0, 0.5),
    st.floats(0.0, 0.5),
    discounts,
    st.integers(1, 200),
)
def test_a_truce_is_worth_the_sum_over_its_days(
    flow, war_after, settlement, breakdown, settling, discount, duration
):
    arguments = (flow, war_after, settlement, breakdown, settling, discount)
    found = value_of_truce(*arguments, float(duration))
    assert found == pytest.approx(
        oracles.truce(*arguments, duration), rel=1e-10, abs=1e-8
    )


@given(worths, worths, worths, st.floats(0.01, 0.5), st.floats(0.0, 0.5), discounts)
def test_a_very_long_truce_is_worth_a_permanent_one(
    flow, war_after, settlement, breakdown, settling, discount
):
    arguments = (flow, war_after, settlement, breakdown, settling, discount)
    permanent = value_of_truce(*arguments, UNENDING)
    assert permanent == pytest.approx(
        value_of_truce(*arguments, 2000.0), rel=1e-9, abs=1e-8
    )


@given(
    worths, worths, worths, st.floats(0.0, 0.5), st.floats(0.0, 0.5), discounts, shares
)
def test_the_value_of_a_truce_lies_between_what_it_is_made_of(
    flow, war_after, settlement, breakdown, settling, discount, part
):
    arguments = (flow, war_after, settlement, breakdown, settling, discount)
    value = value_of_truce(*arguments, 1.0 + 100.0 * part)
    parts = (flow, war_after, settlement)
    assert min(parts) - 1e-8 <= value <= max(parts) + 1e-8


@given(st.floats(0.0, 1.0), st.integers(1, 200))
def test_mean_length_counts_the_days_a_truce_lasts(leave, duration):
    days = sum((1.0 - leave) ** day for day in range(duration))
    found = mean_length(leave, float(duration))
    # 1 - (1-leave)^D loses digits where leave is small: a part of 1e-16/leave
    lost = duration * NEVER if leave <= NEVER else 4e-16 * duration / leave
    assert found == pytest.approx(days, rel=1e-10 + lost)


@pytest.mark.parametrize("leave", [5e-324, 1e-303, 1e-17, 1e-11])
def test_a_chance_that_rounding_would_decide_ends_no_truce(leave):
    assert mean_length(leave, 90.0) == 90.0
    assert mean_length(leave, UNENDING) == 0.0


def test_a_permanent_truce_lasts_until_it_is_left():
    assert mean_length(0.04, UNENDING) == pytest.approx(25.0)


def test_a_permanent_truce_that_nothing_ends_shifts_no_power():
    assert mean_length(0.0, UNENDING) == 0.0


@given(st.floats(0.0, 0.6), st.floats(0.0, 0.39), st.floats(0.05, 3.0))
def test_break_down_and_settlement_compete_for_one_exit(breakdown, settlement, weeks):
    broken, settled = truce_exits(breakdown, settlement, weeks)
    stay = (1.0 - breakdown - settlement) ** weeks
    assert broken + settled == pytest.approx(1.0 - stay, abs=1e-13)
    assert broken * settlement == pytest.approx(settled * breakdown, abs=1e-13)


def test_a_week_of_a_weekly_hazard_is_itself():
    assert truce_exits(0.04, 0.01, 1.0) == pytest.approx((0.04, 0.01), rel=1e-13)
    assert per_period(0.3, 1.0) == pytest.approx(0.3, rel=1e-13)


@given(st.floats(0.0, 0.999))
def test_seven_days_lose_what_a_week_loses(weekly):
    daily = per_period(weekly, 1.0 / 7.0)
    assert 1.0 - (1.0 - daily) ** 7 == pytest.approx(weekly, abs=1e-13)


def test_what_is_lost_whole_in_a_week_is_lost_whole_in_a_day():
    assert per_period(1.0, 1.0 / 7.0) == 1.0


def test_monitoring_calms_and_pressure_stirs():
    assert breakdown_hazard(0.04, 1.5, 0.8, 0.5, 0.0) == pytest.approx(
        0.01204776848, **EXACT
    )
    assert breakdown_hazard(0.04, 1.5, 0.0, 0.5, 2.0) == pytest.approx(
        0.04 * math.e, **EXACT
    )
    assert breakdown_hazard(0.3, 1.5, 0.0, 1.5, 10.0) == 1.0


@given(shares, shares, shares, st.floats(0.0, 0.3))
def test_more_monitoring_never_raises_the_hazard(first, second, pressure, base):
    low, high = sorted((first, second))
    loose = breakdown_hazard(base, 1.5, low, 0.5, pressure)
    tight = breakdown_hazard(base, 1.5, high, 0.5, pressure)
    assert tight <= loose


@given(st.floats(0.0, 3200.0), st.floats(0.0, 0.2), worths, discounts)
def test_monitoring_helps_an_offer_that_beats_war(extra, breakdown, war, discount):
    watched = value_of_truce(
        war + extra, war, 0.0, 0.5 * breakdown, 0.0, discount, 50.0
    )
    loose = value_of_truce(war + extra, war, 0.0, breakdown, 0.0, discount, 50.0)
    assert watched >= loose - 1e-9


# ---- settlement: how likely there is something to share ------------------------------

surpluses = st.floats(-2000.0, 2000.0)
half_widths = st.one_of(st.just(0.0), st.floats(1e-3, 1000.0))


def test_settlement_of_the_flagship_by_hand():
    # S' = -135.5, half-widths 320 and 200: in the middle, |S'| < 320 - 200 is not met
    assert settlement_chance(-135.5, 320.0, 200.0) == pytest.approx(
        (520.0 - 135.5) ** 2 / (8.0 * 320.0 * 200.0)
    )
    assert settlement_chance(-100.0, 320.0, 200.0) == pytest.approx(0.5 - 100 / 640)


@given(surpluses, half_widths, half_widths)
@example(0.0, 0.0, 0.0)
@example(100.0, 100.0, 0.0)
@example(-300.0, 200.0, 100.0)
def test_it_is_the_share_of_private_costs_that_leave_a_surplus(surplus, first, second):
    """Both costs are uniform and independent: a square, cut along S' = 0."""
    found = settlement_chance(surplus, first, second)
    share = oracles.share_of_square(surplus, first, second)
    assert found == pytest.approx(share, abs=1e-9)
    assert 0.0 <= found <= 1.0


@given(surpluses, half_widths, half_widths)
def test_what_is_no_surplus_is_a_deficit(surplus, first, second):
    chance = settlement_chance(surplus, first, second)
    other = settlement_chance(-surplus, second, first)
    if max(first, second, abs(surplus)) > 0.0:
        assert chance + other == pytest.approx(1.0, abs=1e-12)


@given(surpluses, surpluses, half_widths, half_widths)
def test_a_larger_surplus_never_makes_it_less_likely(one, other, first, second):
    low, high = sorted((one, other))
    less, more = (settlement_chance(x, first, second) for x in (low, high))
    assert less <= more + 1e-12


@given(surpluses, half_widths, half_widths, half_widths)
def test_more_private_information_pulls_it_towards_one_half(  # S29
    surplus, first, second, other
):
    low, high = sorted((first, other))
    sure, vague = (settlement_chance(surplus, x, second) for x in (low, high))
    assert abs(vague - 0.5) <= abs(sure - 0.5) + 1e-12


truces = st.tuples(
    shares,
    st.floats(0.0, 3.0),
    shares,
    st.floats(0.0, 1.0),
    st.floats(0.0, 2.0),
    st.floats(0.0, 0.5),
    st.sampled_from([1 / 7, 1.0]),
    discounts,
    st.sampled_from([UNENDING, 1.0, 30.0, 365.0]),
)


@given(st.lists(truces, min_size=1, max_size=5))
def test_constants_of_many_truces_are_those_of_each(given_truces):
    found = constants_of_truces(np.array(given_truces))
    for truce, constants in zip(given_truces, found, strict=True):
        *hazards, settlement, weeks, discount, duration = truce
        broken, settled = truce_exits(breakdown_hazard(*hazards), settlement, weeks)
        leave = broken + settled
        worth_and_end = annuity(discount, leave, duration)
        length = mean_length(leave, duration)
        assert tuple(constants) == (broken, settled, *worth_and_end, length)
