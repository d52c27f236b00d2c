"""Odds of the front: the walk of the line of contact, and what it is worth to wait for.

The line is a gambler's ruin: each battle moves it one step, and a side that reaches its
end of the stake has won. Everything a belligerent needs to value fighting on is here:
`discounted_odds`, the present worth of a unit paid on the day it wins, and on the day
it loses.

Every function takes the point of view of one side ("own"): odds that this side wins a
battle, the line counted in steps that it holds. The other side is the mirror image.

Source: Feller, An Introduction to Probability Theory and Its Applications I, ch. XIV;
used for war by Smith and Stam (2003, 2004) and Slantchev (2003).
"""

import math
from typing import Final

from sim.model.compile import kernel
from sim.model.formulas.elementary import exp, log

_NEVER: Final = -1e300  # log of a ratio that is 0; a product with 0 is 0
_SMALLEST: Final = 1e-280  # below it products lose digits, and logarithms do not
_SURE: Final = 1e4  # log-odds beyond which more of them change nothing


@kernel
def battle_discount(discount: float, battle_chance: float) -> float:
    """Present worth e of a unit paid at the next battle.

    A battle comes in a period with chance h, so e = d h / (1 - d (1 - h)).

    >>> round(float(battle_discount(0.98, 0.5)), 10)
    0.9607843137
    """
    return discount * battle_chance / (1.0 - discount * (1.0 - battle_chance))


@kernel(inline="always")
def discounted_odds(
    log_odds: float, line: float, lines: float, discount: float, battle_chance: float
) -> tuple[float, float]:
    """Discounted odds (psi, phi) of winning and of losing the war by fighting on.

    psi = E[d^T; win], phi = E[d^T; lose], T in periods. `log_odds` is the logit of the
    chance to win a battle, `line` the steps held out of `lines` (it may lie between
    two steps), `discount` and `battle_chance` are per period. psi + phi <= 1.

    A loop over many wars is faster if it takes the two formulas one after the other.
    """
    log_ratio = log_root_ratio(log_odds, discount, battle_chance)
    return odds_from_roots(log_odds, log_ratio, line, lines)


@kernel(inline="always")
def log_root_ratio(log_odds: float, discount: float, battle_chance: float) -> float:
    """Logarithm of the ratio r = l2/l1 of the roots of the walk's equation, below 0.

    l = (1 +- sqrt(1 - 4 p q e^2))/(2 p e) solve p e l^2 - l + q e = 0.
    """
    e, spread = waiting(discount, battle_chance)
    return log_ratio_of_walk(log_odds, e, spread)


@kernel(inline="always")
def waiting(discount: float, battle_chance: float) -> tuple[float, float]:
    """Present worth e of a unit paid at the next battle, and 1 - e^2.

    The second without cancellation, for discount factors close to 1.
    """
    idle = 1.0 - discount * (1.0 - battle_chance)
    e = discount * battle_chance / idle
    return e, (1.0 - discount) / idle * (1.0 + e)


@kernel(inline="always")
def log_ratio_of_walk(log_odds: float, e: float, spread: float) -> float:
    """`log_root_ratio` from what `waiting` gives, which many walks share.

    Written without a branch, as what follows, so that a loop over many walks becomes
    vector code.
    """
    small = exp(-abs(log_odds))
    more = 1.0 / (1.0 + small)  # chance of the likelier winner of a battle
    less = small * more
    product, edge = 4.0 * more * less, more - less
    root = math.sqrt(edge * edge + product * spread)
    shrink = e / (1.0 + root)
    ratio = product * shrink * shrink
    # r = (2 more shrink)^2 e^-|log_odds|, as a sum of logarithms where it is too small
    far = ratio < _SMALLEST
    size = abs(log_odds)
    size = size if size < _SURE else _SURE
    log_ratio = log(2.0 * more * shrink if far else ratio)
    log_ratio = 2.0 * log_ratio - size if far else log_ratio
    return log_ratio if log_ratio > _NEVER else _NEVER


@kernel(inline="always")
def odds_from_roots(
    log_odds: float, log_ratio: float, line: float, lines: float
) -> tuple[float, float]:
    """Discounted odds (psi, phi) from the ratio of the roots, see `discounted_odds`.

    With l1 = sqrt((q/p)/r) they are psi = l1^(k-N) (1 - r^k)/(1 - r^N) and
    phi = l2^k (1 - r^(N-k))/(1 - r^N). The logarithms of the roots stay finite where
    their powers would overflow.
    """
    log_odds = -_SURE if log_odds < -_SURE else log_odds
    log_odds = log_odds if log_odds < _SURE else _SURE
    held = 0.0 if line < 0.0 else lines if line > lines else line
    lost = lines - held
    up, down = exp(held * log_ratio), exp(lost * log_ratio)  # r^k and r^(N-k)
    whole = 1.0 - up * down
    # fair odds and no discounting: the limit of the formula
    fair = whole <= 0.0
    whole = 1.0 if fair else whole
    psi = exp(0.5 * lost * (log_ratio + log_odds)) * (1.0 - up) / whole
    phi = exp(0.5 * held * (log_ratio - log_odds)) * (1.0 - down) / whole
    psi = held / lines if fair else psi
    phi = lost / lines if fair else phi
    return psi, phi


@kernel
def ruin(win_probability: float, line: float, lines: float) -> tuple[float, float]:
    """Chance to win the war and expected number of battles, without discounting.

    Source: Feller I, ch. XIV; Smith and Stam (2003).

    >>> chance, battles = ruin(0.5, 9.0, 10.0)
    >>> (round(float(chance), 12), round(float(battles), 12))
    (0.9, 9.0)
    """
    edge = 2.0 * win_probability - 1.0
    log_loss = -2.0 * math.atanh(edge)  # log(q/p), exact near even odds
    if abs(lines * log_loss) < 0.5:
        return _nearly_fair_ruin(edge, log_loss, line, lines)
    if log_loss < 0.0:
        chance = math.expm1(line * log_loss) / math.expm1(lines * log_loss)
    else:  # multiplied through by (p/q)^N, which would overflow upside down
        chance = (
            math.exp((line - lines) * log_loss)
            * math.expm1(-line * log_loss)
            / math.expm1(-lines * log_loss)
        )
    return chance, (lines * chance - line) / edge


@kernel
def _nearly_fair_ruin(
    edge: float, log_loss: float, line: float, lines: float
) -> tuple[float, float]:
    """`ruin` as a power series in log(q/p), where N psi - k would be only rounding.

    With h(x) = (e^x - 1)/x = sum_j x^j/(j+1)!, the chance is k/N h(k l)/h(N l) and the
    duration k [h(k l) - h(N l)]/h(N l)/edge, where l = log(q/p); l/edge -> -2.
    """
    own, whole, difference = 1.0, 1.0, 0.0
    own_power, whole_power, factor = 1.0, 1.0, 1.0
    for j in range(1, 16):  # |N l| < 0.5: the last term is below 1e-18
        factor /= j + 1.0
        if j > 1:
            own_power *= log_loss
            whole_power *= log_loss
        own_power *= line
        whole_power *= lines
        difference += factor * (own_power - whole_power)  # of h, over l
        own += factor * own_power * log_loss
        whole += factor * whole_power * log_loss
    slope = log_loss / edge if edge != 0.0 else -2.0
    return line / lines * own / whole, line * difference * slope / whole


@kernel
def discount_weighted_mean(
    now: float, later: float, discount: float, hazard: float
) -> float:
    """Discount-weighted mean of what jumps from `now` to `later` with `hazard`.

    w now + (1-w) later, w = (1-d)/(1-d(1-hazard)); hazard per period.
    """
    weight = (1.0 - discount) / (1.0 - discount * (1.0 - hazard))
    return weight * now + (1.0 - weight) * later
