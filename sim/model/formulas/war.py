"""Value of fighting on: the war, the chips held in it, and the least a side accepts.

Values are shares of the stake, normalised per period: a stream of 1 for ever is worth
1. Every function takes the point of view of one side ("own"). The private cost of war
enters each value linearly, so it is left out here and charged by the caller:
own value = value without cost - cost * (1 - psi - phi).

Sources: bargaining while fighting, Slantchev (2003), Powell (2004), Smith and Stam
(2004); the chip that decays is derived in `docs/model.md` and checked by brute force.
"""

from sim.model.compile import kernel
from sim.model.formulas.odds import discounted_odds


@kernel(inline="always")
def front_drift(
    win_probability: float,
    lines: float,
    discount: float,
    battle_chance: float,
    territory_flow: float,
) -> float:
    """Expected gain mu of flow from land that the moving line brings, per period."""
    battles = discount * battle_chance / (1.0 - discount)  # discounted number
    return territory_flow * battles / lines * (2.0 * win_probability - 1.0)


@kernel(inline="always")
def war_value(
    share: float, psi: float, phi: float, drift: float, territory_flow: float
) -> float:
    """Value of fighting to the end, before the cost of war and without chips.

    W = f(k) + [1 - f(N)] psi + [0 - f(0)] phi with f(k) = omega k/N + mu; `share` is
    the own share k/N of the stake, `psi` and `phi` the discounted odds of winning and
    of losing. A victor holds the whole stake for ever, 1; the other nothing.
    """
    return (
        territory_flow * share
        + drift
        + (1.0 - territory_flow - drift) * psi
        - drift * phi
    )


@kernel(inline="always")
def chip_time(
    log_odds: float,
    line: float,
    lines: float,
    discount: float,
    battle_chance: float,
    loss_hazard: float,
) -> float:
    """Discounted share of time A that a chip is held while the war goes on.

    A = (1-d)/(1-d(1-lam)) (1 - psi - phi), psi and phi at the discount d(1-lam);
    `loss_hazard` lam is per period. In [0, 1].

    >>> round(float(chip_time(0.0, 1e6, 2e6, 0.98, 0.5, 0.08)), 10)
    0.2032520325
    """
    kept = discount * (1.0 - loss_hazard)
    psi, phi = discounted_odds(log_odds, line, lines, kept, battle_chance)
    return time_held(1.0 - psi - phi, discount, loss_hazard)


@kernel(inline="always")
def time_held(fighting: float, discount: float, loss_hazard: float) -> float:
    """Discounted share of time A, from `fighting`: 1 - psi - phi at d(1-lam)."""
    kept = discount * (1.0 - loss_hazard)
    return (1.0 - discount) / (1.0 - kept) * fighting


@kernel
def equivalent_loss_hazard(held_time: float, discount: float) -> float:
    """Constant hazard lam_eff at which a chip is held as long as `held_time` says.

    `held_time` is A in a war without end, where A = (1-d)/(1-d(1-lam)).
    """
    return (1.0 - discount) / discount * (1.0 / held_time - 1.0)


@kernel
def peace_dividend(cost_sum: float, territory_flow: float) -> float:
    """Flow C lost to both sides together by each period of war.

    `cost_sum` is the sum of both costs of war.
    """
    return cost_sum + 1.0 - territory_flow


@kernel
def reservation_value(
    war: float,
    bargaining_weight: float,
    surplus: float,
    dividend: float,
    round_discount: float,
) -> float:
    """Least a side accepts: R = W + alpha max(0, S - (1-d_r) C).

    With a `bargaining_weight` alpha of 0 war is the threat; with weights that sum to 1
    and common beliefs this is the exact equilibrium of random proposers.
    `round_discount` d_r is the discount from one round to the next.
    """
    return war + bargaining_weight * max(
        0.0, surplus - (1.0 - round_discount) * dividend
    )


@kernel(inline="always")
def nash_share(own: float, other: float, weight: float, surplus: float) -> float:
    """Own share of the asymmetric Nash bargain: D + a/(a+b) S, half if both weigh 0.

    `own` is the disagreement value, `weight` the own bargaining weight, `other` that
    of the other side. Source: Nash (1950); Binmore, Rubinstein and Wolinsky (1986).

    >>> round(float(nash_share(0.32, 0.35, 0.65, 1.0 - 0.32 - 0.48)), 12)
    0.45
    """
    total = weight + other
    part = weight / total if total > 0.0 else 0.5
    return own + part * surplus
