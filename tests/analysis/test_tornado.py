"""One input at a time: which is largest, and what luck has to do with it."""

import numpy as np
import pytest

from sim.analysis.tornado import swings
from sim.errors import CheckFailedError

LUCK = np.random.default_rng(1).random(400)
CENTRE = (LUCK < 0.5).astype(float)


def ends(low, high):
    return (low > LUCK).astype(float), (high > LUCK).astype(float)


def swung(inputs, *, chance=True):
    bounds = dict.fromkeys(inputs, (0.0, 0.5, 1.0))
    return swings(CENTRE, inputs, bounds, chance=chance)


def test_inputs_are_in_order_of_their_swing_and_differences_are_paired():
    found = swung(
        {"small": ends(0.5, 0.52), "large": ends(0.2, 0.9), "both up": ends(0.7, 0.6)}
    )
    assert list(found.path) == ["large", "both up", "small"]
    large, both, _ = found.itertuples()
    assert large.across_diff == pytest.approx(0.7, abs=0.05)
    assert large.size == pytest.approx(large.across_diff)
    assert both.size == pytest.approx(both.low_diff)  # the scenario is one end
    # With separate luck the interval would be +/- .07 wide.
    assert large.across_diff_high - large.across_diff_low < 0.1


def test_an_input_that_does_nothing_is_within_luck():
    [found] = swung({"idle": (CENTRE, CENTRE)}).itertuples()
    assert (found.size, found.beyond_luck) == (0.0, False)


def test_nan_is_refused_and_the_input_named():
    with pytest.raises(CheckFailedError, match="at odd: 400 of 1,200 numbers are NaN"):
        swung({"odd": (CENTRE, CENTRE * np.nan)}, chance=False)
