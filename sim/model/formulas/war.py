"""Value of fighting on: the war, the chips held in it, and the least a side accepts.

Values are in km2: as much as holding that many km2 of the stake for ever (a normalised
flow: a stream of 1 km2 for ever is worth 1). Every function takes the point of view of
one side ("own"). The private cost of war enters each value linearly, so it is left out
here and charged by the caller: own value = value without cost - cost (1 - psi - phi).

Sources: bargaining while fighting, Slantchev (2003), Powell (2004), Smith and Stam
(2004), on a front that moves all the time; the chip that decays is derived in
`docs/model.md` and checked by brute force.
"""

from sim.model.compile import kernel


@kernel(inline="always")
def war_value(
    held: float,
    stake: float,
    psi: float,
    phi: float,
    gain: float,
    territory_flow: float,
) -> float:
    """Value of fighting to the end, before the cost of war and without chips, in km2.

    W = f(z) + [L - f(L)] psi + [0 - f(0)] phi with f(z) = omega z + M; `held` z is the
    own part of the `stake` L, `gain` M what the drift brings, `psi` and `phi` the
    discounted odds of winning and of losing. A victor holds the whole stake for ever,
    the other nothing.
    """
    return (
        territory_flow * held
        + gain
        + (stake - territory_flow * stake - gain) * psi
        - gain * phi
    )


@kernel(inline="always")
def time_held(fighting: float, discount: float, loss_hazard: float) -> float:
    """Discounted share of time A that a chip is held while the war goes on, in [0, 1].

    A = (1-D)/(1-D(1-lam)) (1 - psi~ - phi~); `fighting` is 1 - psi~ - phi~ at the rate
    of `sim.model.formulas.front.rate_while_held`, `loss_hazard` lam per period.

    >>> round(float(time_held(1.0, 0.98, 0.08)), 10)
    0.2032520325
    """
    kept = discount * (1.0 - loss_hazard)
    return (1.0 - discount) / (1.0 - kept) * fighting


@kernel
def equivalent_loss_hazard(held_time: float, discount: float) -> float:
    """Constant hazard lam_eff at which a chip is held as long as `held_time` says.

    `held_time` is A in a war without end, where A = (1-d)/(1-d(1-lam)).
    """
    return (1.0 - discount) / discount * (1.0 / held_time - 1.0)


@kernel
def discount_weighted_mean(
    now: float, later: float, discount: float, hazard: float
) -> float:
    """Discount-weighted mean of what jumps from `now` to `later` with `hazard`.

    w now + (1-w) later, w = (1-d)/(1-d(1-hazard)); hazard per period.
    """
    weight = (1.0 - discount) / (1.0 - discount * (1.0 - hazard))
    return weight * now + (1.0 - weight) * later


@kernel
def peace_dividend(cost_sum: float, stake: float, territory_flow: float) -> float:
    """Flow C lost to both sides together while they fight: costs + (1 - omega) L, km2.

    `cost_sum` is the sum of both costs of war.
    """
    return cost_sum + (1.0 - territory_flow) * stake


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
