"""Likelihood of an area that moves in two regimes and is seen now and then, blurred.

The process is that of `sim.model.stages.chips` for two regimes: each day the log of the
area moves by log(1-loss) - sigma^2/2 + sigma z of its regime, and the regime may
then switch. What is seen on some days is the log plus an error, normal with a spread of
`blur` times half the grey zone.

Between two observations d days apart the log has moved by a sum that depends on the
path of the regime only through n, the days spent in the second one. So its distribution
is a mixture of d+1 normals for each pair of first and last regime, and their weights
are found by counting days: nothing is approximated there. At an observation each normal
is updated as in a Kalman filter; those that end in one regime are then put together as
one normal with their mean and variance. This is the filter of Kim (1994) with the
collapse made only where it costs least: just after an observation, where all normals
lie close to what was seen. Without blur it is exact. A brute-force grid agrees within
.004 in the log-likelihood of eight observations at a blur of .1, within .1 at .4
(`tests/calibration/test_regimes.py`).

Source: Hamilton (1989), "A New Approach to the Economic Analysis of Nonstationary Time
Series"; Kim (1994), "Dynamic Linear Models with Markov-Switching".
"""

import math

import numpy as np
from numpy.typing import NDArray

from sim.model.compile import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REGIMES = 2
# Order of the parameters: of each regime the weekly rate of loss -log(1-loss), the
# volatility per root week, and the weekly rate of leaving; last the blur.
LOSS, VOLATILITY, LEAVING, BLUR = 0, 2, 4, 6
_WEEK = 7.0
_TINY = 1e-300
_HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)


@kernel
def days_in_second(longest: int, stay: Floats) -> Floats:
    """Chances of days spent in the second regime, by days gone and both ends.

    `stay` holds the chance per day of not leaving each regime. Returns shape
    (longest+1, 2, 2, longest+1): element [d, i, j, n] is the chance that a path which
    starts in i is in j after d days, n of which were moves of the second regime.
    """
    weight = np.zeros((longest + 1, REGIMES, REGIMES, longest + 1))
    weight[0, 0, 0, 0] = 1.0
    weight[0, 1, 1, 0] = 1.0
    for d in range(longest):
        for i in range(REGIMES):
            for n in range(d + 1):
                first, second = weight[d, i, 0, n], weight[d, i, 1, n]
                weight[d + 1, i, 0, n] += first * stay[0]
                weight[d + 1, i, 1, n] += first * (1.0 - stay[0])
                weight[d + 1, i, 1, n + 1] += second * stay[1]
                weight[d + 1, i, 0, n + 1] += second * (1.0 - stay[1])
    return weight


@kernel
def filtered(
    theta: Floats, gap: Ints, seen: Floats, half_zone: Floats, state: Floats
) -> float:
    """Log-likelihood of what was seen after the first day; `state` is overwritten.

    `theta` has shape (7,), see the constants above. `gap[t]` is the number of days
    since the observation before (at least 1; `gap[0]` is not used), `seen` the log of
    the area, `half_zone` half of the grey zone as a share of it, all of shape (n,).
    `state`, shape (2, 3), holds on return chance, mean and variance of the log for each
    regime at the last observation. At the first one both are equally likely.
    """
    drift, variance, stay = np.empty(2), np.empty(2), np.empty(2)
    for j in range(REGIMES):
        variance[j] = theta[VOLATILITY + j] ** 2 / _WEEK
        drift[j] = -theta[LOSS + j] / _WEEK - 0.5 * variance[j]
        stay[j] = math.exp(-theta[LEAVING + j] / _WEEK)
    longest = 1
    for t in range(1, gap.size):
        longest = max(longest, gap[t])
    weight = days_in_second(longest, stay)
    after = np.empty((REGIMES, 3))
    for j in range(REGIMES):
        state[j, 0] = 0.5
        state[j, 1] = seen[0]
        state[j, 2] = (theta[BLUR] * half_zone[0]) ** 2
    total = 0.0
    for t in range(1, gap.size):
        d = gap[t]
        error = (theta[BLUR] * half_zone[t]) ** 2
        # Densities are taken relative to the one of the nearest normal, in spreads of
        # the widest: then an observation far from all of them has a likelihood, too.
        nearest = np.inf
        for i in range(REGIMES):
            for n in range(d + 1):
                off = seen[t] - state[i, 1] - n * drift[1] - (d - n) * drift[0]
                spread = state[i, 2] + n * variance[1] + (d - n) * variance[0] + error
                if weight[d, i, 0, n] + weight[d, i, 1, n] > 0.0 < state[i, 0]:
                    nearest = min(nearest, off * off / spread)
        if not nearest < np.inf:
            return -np.inf
        for j in range(REGIMES):
            for k in range(3):
                after[j, k] = 0.0
        for i in range(REGIMES):
            for n in range(d + 1):
                left = state[i, 1] + n * drift[1] + (d - n) * drift[0] - seen[t]
                spread = state[i, 2] + n * variance[1] + (d - n) * variance[0]
                whole = spread + error
                density = math.exp(0.5 * (nearest - left * left / whole))
                density *= state[i, 0] / math.sqrt(whole)
                # the normal updated: its distance from what was seen, and its variance
                left *= error / whole
                second = left * left + spread * error / whole
                for j in range(REGIMES):
                    share = density * weight[d, i, j, n]
                    after[j, 0] += share
                    after[j, 1] += share * left
                    after[j, 2] += share * second
        mass = after[0, 0] + after[1, 0]
        for j in range(REGIMES):
            part = max(after[j, 0], _TINY)
            left = after[j, 1] / part
            state[j, 0] = after[j, 0] / mass
            state[j, 1] = seen[t] + left
            state[j, 2] = max(after[j, 2] / part - left * left, 0.0)
        total += math.log(mass) - 0.5 * nearest - _HALF_LOG_TWO_PI
    return total
