"""Random wars in the sane ranges of the parameters, section 11 of the model.

Rates are those of a week, or of one of its seven days.
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
costs = st.floats(0.02, 0.30)
odds = st.floats(0.15, 0.70)
shares = st.floats(0.0, 1.0)
loss_shares = st.floats(0.01, 0.70)  # from the quietest lull to the worst collapse
regime_rates = st.floats(0.0, 1.0)


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
