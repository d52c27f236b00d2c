"""Bargaining, once or while the fighting goes on, as in the published models.

What a side can hope for if it bargains with war as the alternative: the range of
agreements, and the equilibrium of offers that alternate between battles. The value of
war itself comes from `sim.model.formulas.war`.

Sources: Fearon (1995) for the range; Slantchev (2003), pp. 622-624 and appendix, for
alternating offers, whose recursions the closed form here solves.
"""

from sim.model.compile import kernel
from sim.model.formulas.odds import discounted_odds


@kernel
def bargaining_range(
    win_if_first: float, win_if_second: float, war_cost: float, other_war_cost: float
) -> tuple[float, float]:
    """Bounds on the own share that neither side would rather fight than accept.

    [pf - c, ps + c'], where pf and ps are the chances to win a war in which the own
    side strikes first, and second; they are equal where it does not matter. Empty, the
    lower bound above the upper one, iff pf - ps > c + c'. Source: Fearon (1995),
    pp. 387 and 403.

    >>> lower, upper = bargaining_range(0.5, 0.5, 0.25, 0.25)
    >>> (float(lower), float(upper))
    (0.25, 0.75)
    """
    return win_if_first - war_cost, win_if_second + other_war_cost


@kernel
def agreed_total(discount: float, dividend: float) -> float:
    """Sum D of both proposers' shares in alternating offers, far from either end.

    D = (2 - (1-d)(1-C))/(1+d), where `dividend` C is the flow that each period of war
    costs both together. Above 1 by the advantage of proposing.

    >>> round(float(agreed_total(0.5, 1.0)) / 2.0, 10)
    0.6666666667
    """
    return (2.0 - (1.0 - discount) * (1.0 - dividend)) / (1.0 + discount)


@kernel
def alternating_offers(
    log_odds: float,
    line: float,
    lines: float,
    discount: float,
    battle_chance: float,
    own_war: float,
    other_war: float,
    dividend: float,
) -> tuple[float, float]:
    """Shares (x, y) that each side asks for itself when it proposes, and gets.

    x = (D_k + W - W')/2, y = (D_k - W + W')/2 with D_k = D + (1-D) [(-1)^(N-k) psi +
    (-1)^k phi], psi and phi at e' = d h/(1 + d (1-h)). `line` k is a whole number of
    steps; `own_war` W and `other_war` W' are the values of war at that line,
    `dividend` C as in `agreed_total`. Source: Slantchev (2003), solved here.
    """
    pace = discount * battle_chance / (1.0 + discount * (1.0 - battle_chance))
    psi, phi = discounted_odds(log_odds, line, lines, pace, 1.0)
    to_win = 1.0 if (lines - line) % 2.0 == 0.0 else -1.0
    to_lose = 1.0 if line % 2.0 == 0.0 else -1.0
    far = agreed_total(discount, dividend)
    total = far + (1.0 - far) * (to_win * psi + to_lose * phi)
    return 0.5 * (total + own_war - other_war), 0.5 * (total - own_war + other_war)
