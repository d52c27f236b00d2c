"""The front: a line that drifts and shakes, and what it is worth to wait for its ends.

The line of contact z is a Brownian motion on the stake, dz = mu dt + s dW, until it
reaches 0 or L: one side has then lost all. Everything a belligerent needs to value
fighting on is `discounted_odds`, the present worth of a unit paid on the day it wins,
and of one on the day it loses.

Every function takes the point of view of one side ("own"): drift towards its victory,
km2 of the stake that it holds. The other side is the mirror image. Land is in km2,
time in weeks.

Source: Karlin and Taylor (1981), A Second Course in Stochastic Processes, ch. 15.3; it
is the limit of the gambler's ruin of Feller I, ch. XIV, for many small battles.
"""

import math
from typing import Final

from sim.model.compile import kernel
from sim.model.formulas.elementary import exp, log

_STILL: Final = 1e-200  # variance that stands for 0: such a line moves by drift alone
_ALL_LOST: Final = 1e-300  # share kept that stands for 0, whose logarithm is infinite


@kernel(inline="always")
def discounted_odds(
    drift: float, volatility: float, rate: float, held: float, stake: float
) -> tuple[float, float]:
    """Discounted odds (psi, phi) of winning and of losing the war by fighting on.

    psi = E[e^(-rho T); win], phi = E[e^(-rho T); lose]. With k = sqrt(mu^2 + 2 rho
    s^2)/s^2 and t = mu/s^2 they are e^(-(k-t)(L-z)) (1-e^(-2kz))/(1-e^(-2kL)) and
    e^(-(k+t)z) (1-e^(-2k(L-z)))/(1-e^(-2kL)).

    `drift` mu is in km2 a week, `volatility` s in km2 a square root of a week, `rate`
    rho > 0 per week, `held` z and `stake` L in km2. psi + phi <= 1. A line that does
    not move (mu = s = 0) reaches no end. Written without a branch, so that a loop over
    many fronts becomes vector code.

    >>> psi, phi = discounted_odds(0.0, 1.0, 0.5, 1.0, 2.0)
    >>> round(psi, 12) == round(phi, 12) == round(0.5 / math.cosh(1.0), 12)
    True
    """
    variance = volatility * volatility
    variance = variance if variance > _STILL else _STILL
    size = abs(drift)
    root = math.sqrt(drift * drift + 2.0 * rate * variance)
    # k + |t| and k - |t|, the second without cancellation
    steep = (root + size) / variance
    flat = 2.0 * rate / (root + size)
    to_win = flat if drift >= 0.0 else steep
    to_lose = steep if drift >= 0.0 else flat
    own = 0.0 if held < 0.0 else stake if held > stake else held
    other = stake - own
    near, far = exp(-(steep + flat) * own), exp(-(steep + flat) * other)
    whole = 1.0 - near * far
    # neither drift nor discounting over the whole stake: the limit of the formula
    fair = whole <= 0.0
    whole = 1.0 if fair else whole
    psi = exp(-to_win * other) * (1.0 - near) / whole
    phi = exp(-to_lose * own) * (1.0 - far) / whole
    psi = own / stake if fair else psi
    phi = other / stake if fair else phi
    return psi, phi


@kernel(inline="always")
def rate_while_held(rate: float, loss_hazard: float, weeks: float) -> float:
    """Rate of discount of what is lost with a hazard: rho - ln(1-lam)/y, per week.

    To hold what may be lost is like waiting with less patience. `loss_hazard` lam is
    per period of `weeks` y.
    """
    kept = 1.0 - loss_hazard
    return rate - log(kept if kept > _ALL_LOST else _ALL_LOST) / weeks


@kernel(inline="always")
def expected_gain(
    drift: float, weeks: float, discount: float, territory_flow: float
) -> float:
    """Worth M of the land that a drifting line is expected to bring, in km2.

    M = omega mu y D/(1-D), if the line never reaches an end; `discount` D is per period
    of `weeks` y.
    """
    return territory_flow * drift * weeks * discount / (1.0 - discount)
