"""Exponential, logarithm and their relatives, the same bits on every processor.

The functions of a C library differ between systems in their last bits, and a compiler
cannot turn a loop that calls them into vector code. These are written only from
+ - * /, the square root and the bits of a number. IEEE 754 fixes what each of those
returns, and no step is left to a fused multiply-add, so compiled code, vector code and
plain Python give the same bits.

Accuracy is stated in ulp, the distance between neighbouring floats at the true value.
"""

import math
from typing import Final

import numpy as np

from sim.model.compile import kernel

_LOG2_E: Final = 1.4426950408889634  # 1 / ln 2
# ln 2 in two parts; the first ends in enough zero bits for k * _LN2_HIGH to be exact.
_LN2_HIGH: Final = float.fromhex("0x1.62e42fee00000p-1")
_LN2_LOW: Final = float.fromhex("0x1.a39ef35793c76p-33")

# Added to a number below 2^51 it leaves the nearest integer in the lowest bits.
_ROUND: Final = 1.5 * 2.0**52
_ROUND_BITS: Final = 0x4338000000000000
_ONE_EXPONENT: Final = 1023  # the exponent bits of 1.0; those of 2^k are k larger
_MANTISSA: Final = 0x000FFFFFFFFFFFFF
_ONE_BITS: Final = 0x3FF0000000000000
_SQRT_HALF_BITS: Final = 0x3FE6A09E667F3BCD
_SMALLEST_NORMAL: Final = 2.0**-1022
_SPLIT: Final = 2.0**27 + 1.0


@kernel(inline="always")
def exp(x: float) -> float:
    """Exponential function, within 1 ulp; 0 below -745.13, infinite above 709.78.

    With x = k ln 2 + r and |r| <= ln(2)/2 it is 2^k times the Taylor series of e^r to
    r^13, whose remainder is below 2^-57. Two factors make 2^k, so results below
    2.2e-308 lose digits gradually, as they should.

    >>> exp(0.0)
    1.0
    """
    x = float(x)
    x = 750.0 if x > 750.0 else x
    x = -750.0 if x < -750.0 else x
    shifted = x * _LOG2_E + _ROUND
    whole = shifted - _ROUND
    near = x - whole * _LN2_HIGH
    correction = whole * _LN2_LOW
    r = near - correction
    # Pairs of terms first: a processor computes what does not wait for each other.
    r2 = r * r
    r4 = r2 * r2
    low = (1.0 / 2.0 + r * (1.0 / 6.0)) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0))
    middle = (1.0 / 720.0 + r * (1.0 / 5040.0)) + r2 * (
        1.0 / 40320.0 + r * (1.0 / 362880.0)
    )
    high = (1.0 / 3628800.0 + r * (1.0 / 39916800.0)) + r2 * (
        1.0 / 479001600.0 + r * (1.0 / 6227020800.0)
    )
    first = 1.0 + r
    # What r and 1 + r lost to rounding is known exactly.
    lost = ((near - r) - correction) + (r - (first - 1.0))
    series = first + (lost + r2 * (low + r4 * (middle + r4 * high)))
    k = np.float64(shifted).view(np.int64) - np.int64(_ROUND_BITS)
    half = k >> np.int64(1)
    return series * _power_of_two(half) * _power_of_two(k - half)


@kernel(inline="always")
def _power_of_two(k: np.int64) -> float:
    """2^k for k from -1022 to 1023; some number for others, as for exp(nan)."""
    bits = (k + np.int64(_ONE_EXPONENT)) << np.int64(52)
    return float(np.int64(bits).view(np.float64))


@kernel(inline="always")
def log(x: float) -> float:
    """Natural logarithm within 1 ulp; -inf at 0, nan below.

    With x = 2^k (1 + f), 1 + f between sqrt(1/2) and sqrt(2), and s = f / (2 + f), it
    is k ln 2 + 2 artanh(s), from the Taylor series of artanh to s^23. The terms are
    summed so that f, which is exact, is added last.

    >>> log(1.0)
    0.0
    """
    x = float(x)
    small = x < _SMALLEST_NORMAL
    scaled = x * 2.0**54 if small else x
    bits = int(np.float64(scaled).view(np.int64)) + (_ONE_BITS - _SQRT_HALF_BITS)
    k = float((bits >> 52) - _ONE_EXPONENT) - (54.0 if small else 0.0)
    f = float(np.int64((bits & _MANTISSA) + _SQRT_HALF_BITS).view(np.float64)) - 1.0
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    z4 = z2 * z2
    low = (2.0 / 3.0 + z * (2.0 / 5.0)) + z2 * (2.0 / 7.0 + z * (2.0 / 9.0))
    middle = (2.0 / 11.0 + z * (2.0 / 13.0)) + z2 * (2.0 / 15.0 + z * (2.0 / 17.0))
    high = (2.0 / 19.0 + z * (2.0 / 21.0)) + z2 * (2.0 / 23.0)
    series = z * (low + z4 * (middle + z4 * high))
    half_square = 0.5 * f * f
    value = k * _LN2_HIGH - (
        (half_square - (s * (half_square + series) + k * _LN2_LOW)) - f
    )
    value = value if x < math.inf else x  # infinity and nan are their own logarithms
    value = value if x != 0.0 else -math.inf
    return math.nan if x < 0.0 else value


@kernel(inline="always")
def expit(x: float) -> float:
    """Logistic function 1 / (1 + e^-x), within 2 ulp.

    >>> expit(0.0)
    0.5
    """
    x = float(x)
    small = exp(-abs(x))
    rounded = 1.0 + small
    lost = small - (rounded - 1.0)
    ratio = (1.0 if x >= 0.0 else small) / rounded
    inverse = ratio if x >= 0.0 else 1.0 - ratio  # 1 / rounded, nearly
    return ratio - ratio * (lost * inverse)


@kernel
def softplus(x: float) -> float:
    """Integral of the logistic function, log(1 + e^x), within 2 ulp.

    The mean of `expit` over [a, b] is (softplus(b) - softplus(a)) / (b - a).
    """
    x = float(x)
    small = exp(-abs(x))
    # What 1 + small loses to rounding is known exactly, and added to first order.
    rounded = 1.0 + small
    lost = small - (rounded - 1.0)
    near = log(rounded) + lost / rounded if rounded > 1.0 else small
    return (x if x > 0.0 else 0.0) + near


@kernel
def logit(p: float) -> float:
    """Log odds log(p / (1 - p)) of p in [0, 1], within 2 ulp; nan outside.

    What the difference and the quotient lose to rounding is computed and added to
    first order (exact product after Dekker 1971); near p = 1/2 little else is left.

    >>> logit(0.5)
    0.0
    """
    p = float(p)
    if not 0.0 < p < 1.0:
        if p == 0.0:
            return -math.inf
        return math.inf if p == 1.0 else math.nan
    other = 1.0 - p
    other_lost = (1.0 - other) - p
    odds = p / other
    # odds * other = product + product_lost, exactly.
    product = odds * other
    c = _SPLIT * odds
    odds_high = c - (c - odds)
    odds_low = odds - odds_high
    c = _SPLIT * other
    other_high = c - (c - other)
    other_low = other - other_high
    product_lost = odds_low * other_low - (
        ((product - odds_high * other_high) - odds_low * other_high)
        - odds_high * other_low
    )
    missing = ((p - product) - product_lost) - odds * other_lost
    return log(odds) + missing / p


@kernel(inline="always")
def normal_quantile(u: float) -> float:
    """Value that a standard normal variable stays below with probability u in (0, 1).

    Relative error below 1e-15; -inf at 0, inf at 1, nan outside. Source: Wichura
    (1988), Algorithm AS 241, routine PPND16: a rational function of u - 1/2 in the
    middle, and two of sqrt(-log) of the nearer tail.

    >>> normal_quantile(0.5)
    0.0
    """
    u = float(u)
    q = u - 0.5
    tail = u if q < 0.0 else 1.0 - u
    # All three ratios, without a branch: a loop over many numbers is vector code.
    top, bottom = _ratio_middle(0.180625 - q * q)
    r = math.sqrt(-log(tail if tail < 0.5 else 0.5))
    near, near_bottom = _ratio_near(r - 1.6)
    far, far_bottom = _ratio_far(r - 5.0)
    is_middle, is_near = abs(q) <= 0.425, r <= 5.0
    near = near if is_near else far
    near_bottom = near_bottom if is_near else far_bottom
    top = top if is_middle else near
    bottom = bottom if is_middle else near_bottom
    size = top / bottom
    value = q * size if is_middle else (-size if q < 0.0 else size)
    at_end = -math.inf if q < 0.0 else math.inf
    value = value if tail > 0.0 else at_end
    return value if tail >= 0.0 else math.nan


@kernel(inline="always")
def _ratio_middle(r: float) -> tuple[float, float]:
    top = 2509.0809287301226727
    top = top * r + 33430.575583588128105
    top = top * r + 67265.770927008700853
    top = top * r + 45921.953931549871457
    top = top * r + 13731.693765509461125
    top = top * r + 1971.5909503065514427
    top = top * r + 133.14166789178437745
    top = top * r + 3.387132872796366608
    bottom = 5226.495278852545925
    bottom = bottom * r + 28729.085735721942674
    bottom = bottom * r + 39307.89580009271061
    bottom = bottom * r + 21213.794301586595867
    bottom = bottom * r + 5394.1960214247511077
    bottom = bottom * r + 687.1870074920579083
    bottom = bottom * r + 42.313330701600911252
    bottom = bottom * r + 1.0
    return top, bottom


@kernel(inline="always")
def _ratio_near(r: float) -> tuple[float, float]:
    top = 7.7454501427834140764e-4
    top = top * r + 0.0227238449892691845833
    top = top * r + 0.24178072517745061177
    top = top * r + 1.27045825245236838258
    top = top * r + 3.64784832476320460504
    top = top * r + 5.7694972214606914055
    top = top * r + 4.6303378461565452959
    top = top * r + 1.42343711074968357734
    bottom = 1.05075007164441684324e-9
    bottom = bottom * r + 5.475938084995344946e-4
    bottom = bottom * r + 0.0151986665636164571966
    bottom = bottom * r + 0.14810397642748007459
    bottom = bottom * r + 0.68976733498510000455
    bottom = bottom * r + 1.6763848301838038494
    bottom = bottom * r + 2.05319162663775882187
    bottom = bottom * r + 1.0
    return top, bottom


@kernel(inline="always")
def _ratio_far(r: float) -> tuple[float, float]:
    top = 2.01033439929228813265e-7
    top = top * r + 2.71155556874348757815e-5
    top = top * r + 0.0012426609473880784386
    top = top * r + 0.026532189526576123093
    top = top * r + 0.29656057182850489123
    top = top * r + 1.7848265399172913358
    top = top * r + 5.4637849111641143699
    top = top * r + 6.6579046435011037772
    bottom = 2.04426310338993978564e-15
    bottom = bottom * r + 1.4215117583164458887e-7
    bottom = bottom * r + 1.8463183175100546818e-5
    bottom = bottom * r + 7.868691311456132591e-4
    bottom = bottom * r + 0.0148753612908506148525
    bottom = bottom * r + 0.13692988092273580531
    bottom = bottom * r + 0.59983220655588793769
    bottom = bottom * r + 1.0
    return top, bottom
