"""Acceptance: noise of a decision, chance of a yes, and how demands come down."""

from typing import Final

from sim.model.compile import kernel
from sim.model.formulas.elementary import exp, expit, log, logit, softplus

_HOPELESS: Final = -746.0  # in units of noise: exp of it is 0
_NO_NOISE: Final = 1e-300  # gains in units of less would be infinite


@kernel
def decision_noise(noise: float, uniform: float) -> float:
    """Logistic disturbance of a gain: tau logit(u). `noise` tau 0 is exact response."""
    if noise <= 0.0:
        return 0.0
    return noise * logit(uniform)


@kernel
def acceptance_chance(gain: float, noise: float) -> float:
    """Chance that an offer with this gain is accepted: expit(gain/tau).

    Without noise an offer is accepted if its gain is not negative: a tie accepts.
    """
    if noise <= 0.0:
        return 1.0 if gain >= 0.0 else 0.0
    return expit(gain / noise)


@kernel
def believed_acceptance(
    intercept: float, slope: float, low: float, high: float, noise: float
) -> float:
    """Chance of acceptance as others see it: averaged over a private cost.

    The gain is intercept + slope c, c uniform on [low, high]. With noise the mean of
    the logistic has a closed form, the difference of two softplus functions.
    """
    at_low, at_high = intercept + slope * low, intercept + slope * high
    width = at_high - at_low
    if noise <= _NO_NOISE:
        if width == 0.0:
            return 1.0 if at_low >= 0.0 else 0.0
        # share of the interval on which the gain is not negative
        cut = min(max(-at_low / width, 0.0), 1.0)
        return 1.0 - cut if width > 0.0 else cut
    if abs(width) < 1e-4 * noise:  # the difference below would only be rounding
        return expit(0.5 * (at_low + at_high) / noise)
    low_end, high_end = at_low / noise, at_high / noise
    if max(low_end, high_end) < _HOPELESS:
        return 0.0
    if min(low_end, high_end) > -_HOPELESS:  # sure; the difference loses digits
        return 1.0
    chance = noise * (softplus(high_end) - softplus(low_end)) / width
    return min(max(chance, 0.0), 1.0)


@kernel
def aspiration_left(passed: float, beta: float) -> float:
    """Share of an aspiration that is left when a share of the time has passed.

    1 - x^(1/beta) with x = `passed` in [0, 1]: with beta below 1 a side gives way late
    (boulware), above 1 early (conceder). Source: Faratin, Sierra and Jennings (1998),
    polynomial time-dependent tactics.

    >>> round(float(aspiration_left(0.25, 0.5)), 12)
    0.9375
    """
    if passed <= 0.0:
        return 1.0
    if passed >= 1.0:
        return 0.0
    return 1.0 - exp(log(passed) / beta)
