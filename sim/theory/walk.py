"""War as a walk: each battle moves the line of contact one step.

Side U holds the first k of N steps of the stake and wins a battle with chance p; side R
is the other one. Who reaches its end of the stake has won. With many small battles the
walk becomes the front of `sim.model.formulas.front`, to which tests hold it; the two
differ in the roots of their equations only, so what follows from roots is written once.

Source: Feller, An Introduction to Probability Theory and Its Applications I, ch. XIV;
used for war by Smith and Stam (2003, 2004), Slantchev (2003) and Powell (2004).
"""

import math
from typing import NamedTuple

from sim.theory.inputs import COST, DISCOUNT, FLOW, ODDS, Range, takes

LINES = takes("N", "steps of the stake", Range(2, 1e7), "whole")
LINE = takes(
    "k", "steps that U holds; N is its victory", Range(1, "N", below=True), "whole"
)
WIN = takes("p", "chance that U wins a battle", ODDS)
PATIENCE = takes("d", "discount factor per period", DISCOUNT)
BATTLES = takes("h", "chance of a battle in a period", Range(0.001, 1))
OWN_COST = takes("cU", "cost of war to U while it lasts", COST)
OTHER_COST = takes("cR", "cost of war to R while it lasts", COST)
OWN_FLOW = takes("bU", "flow to U while war lasts", FLOW)
OTHER_FLOW = takes("bR", "flow to R while war lasts", FLOW)


class Walk(NamedTuple):
    """A war of battles: where its line stands, U's odds, and what a period is."""

    lines: float
    line: float  # perhaps between two steps
    win: float
    discount: float
    battle_chance: float = 1.0


def battle_discount(discount: float, battle_chance: float) -> float:
    """Present worth e of a unit paid at the next battle: d h/(1 - d (1-h)).

    >>> round(battle_discount(0.98, 0.5), 10)
    0.9607843137
    """
    return discount * battle_chance / (1.0 - discount * (1.0 - battle_chance))


def discounted_odds(walk: Walk) -> tuple[float, float]:
    """Discounted odds (psi, phi) that U wins and that it loses if both fight on.

    psi = E[d^T; win], phi = E[d^T; lose], T in periods.
    """
    return between_ends(*log_roots(walk), walk.line, walk.lines)


def log_roots(walk: Walk) -> tuple[float, float]:
    """Logarithms of l1 and of 1/l2, l the roots of p e l^2 - l + q e = 0.

    l = (1 +- sqrt(1 - 4 p q e^2))/(2 p e), so the second is the first with p and q
    exchanged. 1/l1 is the present worth of being one step further on, when it comes,
    and l2 that of being one step back; both logarithms are infinite if it is nothing.
    """
    _, _, win, discount, battle_chance = walk
    e = battle_discount(discount, battle_chance)
    late = (1.0 - discount) / (1.0 - discount * (1.0 - battle_chance))  # 1 - e
    edge = 2.0 * win - 1.0
    missing = 4.0 * win * (1.0 - win) * late * (1.0 + e)
    root = math.sqrt(edge * edge + missing)

    def log_root(win: float, edge: float) -> float:
        # l - 1 without cancellation, for odds next to even and next to sure
        beyond = missing / (root + edge) if edge > 0.0 else root - edge
        scale = 2.0 * win * e
        return math.log1p((beyond + 2.0 * win * late) / scale) if scale else math.inf

    return log_root(win, edge), log_root(1.0 - win, -edge)


def between_ends(
    up: float, down: float, start: float, length: float
) -> tuple[float, float]:
    """Present worth psi of a unit paid at `length`, and phi of one paid at 0.

    psi = e^(-up (L-z)) (1 - e^(-(up+down) z))/(1 - e^(-(up+down) L)), phi its mirror
    image, for a line at z that ends where it first reaches 0 or L. e^-`up` is the worth
    of a unit paid when it is first a unit of length further, e^-`down` a unit back.
    """
    far = -math.expm1(-(up + down) * length)
    if start in (0.0, length) or far == 0.0:  # over; even odds and no discounting
        return start / length, 1.0 - start / length
    psi = math.exp(-up * (length - start)) * -math.expm1(-(up + down) * start) / far
    phi = math.exp(-down * start) * -math.expm1(-(up + down) * (length - start)) / far
    return psi, phi


def ruin_and_duration(
    pull: float, pace: float, start: float, length: float
) -> tuple[float, float]:
    """Chance to end at `length` rather than at 0, and the mean time until then.

    win = (1 - e^(-a z))/(1 - e^(-a L)), duration = (L win - z)/mu, where the `pull` a
    is log(p/q) per step of a walk and 2 mu/s^2 of a Brownian front; `pace` is a/mu, mu
    the mean of a move. Near a = 0 both come from the series of (1 - e^-u)/u.

    >>> chance, battles = ruin_and_duration(0.0, 2.0, 9.0, 10.0)
    >>> (round(chance, 12), round(battles, 12))
    (0.9, 9.0)
    """
    if abs(pull * length) < 0.5:
        own = whole = 1.0
        slope, factor = 0.0, 1.0
        for j in range(1, 18):  # the last term is below 1e-20
            factor /= -(j + 1.0)
            own += factor * (pull * start) ** j
            whole += factor * (pull * length) ** j
            slope += factor * pull ** (j - 1) * (start**j - length**j)
        return start / length * own / whole, pace * start * slope / whole
    if pull > 0.0:
        win = math.expm1(-pull * start) / math.expm1(-pull * length)
    else:  # multiplied through by e^(a L), which would overflow upside down
        win = math.exp(pull * (length - start))
        win *= math.expm1(pull * start) / math.expm1(pull * length)
    return win, pace * (length * win - start) / pull


def wars(
    walk: Walk, costs: tuple[float, float], territory_flow: float = 1.0
) -> tuple[float, float, float]:
    """Values W_U and W_R of fighting to the end, and 1 - psi - phi.

    W = f(k) + [1 - f(N)] psi - f(0) phi with f(k) = omega k/N + mu - c: land held is
    worth omega while the war lasts, mu = omega d h (2p-1)/(N (1-d)) is what it is
    expected to bring, `costs` c are those of U and R. A victor has 1 for ever. 1 - psi
    - phi is the share of the discounted future in which the war goes on.
    """
    lines, line, win, discount, battle_chance = walk
    psi, phi = discounted_odds(walk)
    fighting = 1.0 - psi - phi
    gain = territory_flow * discount * battle_chance / (1.0 - discount) / lines
    gain *= 2.0 * win - 1.0

    def value(share: float, psi: float, phi: float, gain: float, cost: float) -> float:
        held = territory_flow * share + gain
        won = (1.0 - territory_flow - gain) * psi
        return held + won - gain * phi - cost * fighting

    share = line / lines
    own = value(share, psi, phi, gain, costs[0])
    return own, value(1.0 - share, phi, psi, -gain, costs[1]), fighting
