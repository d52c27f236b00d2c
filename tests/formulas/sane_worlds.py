"""Random wars in the sane ranges of the parameters, section 13 of the model.

Land is in km2. Rates are those of a week, or of one of its seven days.
"""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples

MANY = pytest.mark.parametrize(
    "count", [60, pytest.param(500, marks=[pytest.mark.slow, pytest.mark.hypothesis])]
)


def in_random_worlds(count, claim, *strategies):
    """Put a claim to `count` worlds; `MANY` makes of it a fast and a slow test."""
    settings(max_examples=examples(count))(given(*strategies)(claim))()


weekly_discounts = st.floats(0.95, 0.998)
stakes = st.floats(500.0, 200_000.0)
drifts = st.floats(-200.0, 200.0)
spreads = st.floats(1.0, 500.0)
costs = st.floats(0.0, 0.3)  # of the stake
shares = st.floats(0.0, 1.0)
loss_shares = st.floats(0.01, 0.70)  # from the quietest lull to the worst collapse
regime_rates = st.floats(0.0, 1.0)


@st.composite
def fronts(draw, sharpest=math.inf):
    """A line inside a stake, as arguments of `discounted_odds`.

    On fronts for a grid the odds change by no more than e^`sharpest` over the stake.
    """
    rate = -math.log(draw(weekly_discounts))
    stake, drift, spread = draw(stakes), draw(drifts), draw(spreads)
    if sharpest < math.inf:  # a wider spread smooths them
        spread = max(spread, math.sqrt(2.0 * rate) * stake / (0.4 * sharpest))
        spread = max(spread, math.sqrt(2.0 * abs(drift) * stake / (0.5 * sharpest)))
    held = stake * draw(st.integers(1, 39)) / 40.0
    return {
        "drift": drift,
        "volatility": spread,
        "rate": rate,
        "held": held,
        "stake": stake,
    }


@st.composite
def regimes(draw):
    """Chances of a period, loss by regime and switch from one to another."""
    n = draw(st.integers(1, 4))
    loss = [draw(loss_shares) for _ in range(n)]
    switch = []
    for here in range(n):
        rates = [0.0 if there == here else draw(regime_rates) for there in range(n)]
        total = sum(rates)
        leave = 1.0 - math.exp(-total)
        row = [leave * rate / total if total > 0.0 else 0.0 for rate in rates]
        row[here] = 1.0 - sum(row)
        switch.append(row)
    return loss, switch
