"""A front that moves all the time: the gambler's ruin with infinitely small steps.

The line of contact z drifts and shakes as a Brownian motion, dz = mu dt + s dW, until
it reaches either end of the contested stretch [0, L]. It is the limit of
`sim.model.formulas.odds` as the steps become small and battles frequent.

Source: the limit of Feller I, ch. XIV; for Brownian motion with absorbing ends Karlin
and Taylor (1981), A Second Course in Stochastic Processes, ch. 15.3.
"""

import math
from dataclasses import dataclass

# Below this share of its time discounted away, a war is taken as undiscounted.
_HARDLY_DISCOUNTED = 1e-8


@dataclass(frozen=True)
class BrownianFront:
    """Chance to reach the far end, mean time to either end, and the worth of it.

    `psi` and `phi` are the present worth of a unit paid when the far end and when the
    near end is reached, `value` that of prizes and running costs.
    """

    win: float
    duration: float
    psi: float
    phi: float
    value: float


def brownian_front(
    *,
    start: float,
    length: float,
    drift: float,
    volatility: float,
    rate: float,
    cost: float,
    prize_at_zero: float,
    prize_at_length: float,
) -> BrownianFront:
    """Odds, duration and value of a war on a Brownian front.

    win = (1 - e^{-2 mu z/s^2})/(1 - e^{-2 mu L/s^2}), E[T] = (L win - z)/mu and value
    B psi + A phi - (c/r)(1 - psi - phi), where the roots theta1 >= 0 >= theta2 of
    s^2 theta^2/2 + mu theta = r give psi and phi. `rate` r is the continuous rate of
    discount, at least 0; without discounting value is B win + A (1-win) - c E[T].
    """
    variance = volatility * volatility
    pull = 2.0 * drift / variance
    win, duration = _undiscounted(pull, start, length, variance)
    psi, phi = win, 1.0 - win
    if rate > 0.0:
        psi, phi = _discounted(drift, variance, rate, start, length)
    spent = duration
    if rate * duration > _HARDLY_DISCOUNTED:
        spent = (1.0 - psi - phi) / rate
    value = prize_at_length * psi + prize_at_zero * phi - cost * spent
    return BrownianFront(win, duration, psi, phi, value)


def _undiscounted(
    pull: float, start: float, length: float, variance: float
) -> tuple[float, float]:
    """Chance to end at `length` and mean time, with `pull` = 2 mu/s^2.

    With g(u) = (1 - e^-u)/u they are z g(az)/(L g(aL)) and
    z [g(az) - g(aL)]/(mu g(aL)); near a = 0 both come from the series of g.
    """
    if abs(pull * length) < 0.5:
        own = whole = 1.0
        slope, factor = 0.0, 1.0
        for j in range(1, 18):
            factor /= -(j + 1.0)
            own += factor * (pull * start) ** j
            whole += factor * (pull * length) ** j
            slope += factor * pull ** (j - 1) * (start**j - length**j)
        return (
            start / length * own / whole,
            2.0 / variance * start * slope / whole,
        )
    if pull > 0.0:
        win = math.expm1(-pull * start) / math.expm1(-pull * length)
    else:  # multiplied through by e^{aL}, which would overflow upside down
        win = (
            math.exp(pull * (length - start))
            * math.expm1(pull * start)
            / math.expm1(pull * length)
        )
    return win, (length * win - start) / (0.5 * pull * variance)


def _discounted(
    drift: float, variance: float, rate: float, start: float, length: float
) -> tuple[float, float]:
    """Present worth of a unit paid at `length`, and of one paid at 0."""
    root = math.hypot(drift, math.sqrt(2.0 * rate) * math.sqrt(variance))
    larger = (root + abs(drift)) / variance
    smaller = 2.0 * rate / (root + abs(drift))  # the other root, without cancellation
    up, down = (smaller, larger) if drift >= 0.0 else (larger, smaller)
    gap = up + down
    whole = -math.expm1(-gap * length)
    if whole == 0.0:
        return start / length, 1.0 - start / length
    psi = math.exp(-up * (length - start)) * -math.expm1(-gap * start) / whole
    phi = math.exp(-down * start) * -math.expm1(-gap * (length - start)) / whole
    return psi, phi
