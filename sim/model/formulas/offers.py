"""Value of an offer: what a truce gives while it lasts, and what follows it.

A truce of D periods pays a flow y; each period it may break down (z) into a war worth
Z or become a settlement (pi) worth V; after D periods it expires into Z. All hazards
are per period unless a name says per week.

Sources: annuity with default; Powell (2006) for settlements under shifting power;
`docs/model.md` for the terms of an offer.
"""

import numpy as np
from numpy.typing import NDArray

from sim.model.compile import kernel
from sim.model.formulas.elementary import exp, log

UNENDING = 0.0  # the duration that stands for a permanent truce
# A chance per period below which rounding would decide how long a truce lasts.
NEVER = 1e-10


@kernel
def per_period(weekly: float, weeks: float) -> float:
    """Loss share or hazard of a period of `weeks`: 1 - (1-x)^y."""
    if weekly >= 1.0:
        return 1.0
    return 1.0 - exp(weeks * log(1.0 - weekly))


@kernel
def breakdown_hazard(
    base: float,
    monitoring_effect: float,
    monitoring: float,
    pressure_effect: float,
    pressure: float,
) -> float:
    """Hazard per week that a truce breaks down: min(1, h0 exp(-bm mon + bp press))."""
    effect = pressure_effect * pressure - monitoring_effect * monitoring
    return min(1.0, base * exp(effect))


@kernel
def truce_exits(
    breakdown: float, settlement: float, weeks: float
) -> tuple[float, float]:
    """Chances per period that a truce breaks down, and that it is settled.

    The two weekly hazards compete: the truce is left with 1-(1-z-pi)^y, split z : pi.
    """
    total = breakdown + settlement
    if total <= 0.0:
        return 0.0, 0.0
    leave = per_period(total, weeks)
    return leave * breakdown / total, leave * settlement / total


@kernel
def annuity(discount: float, leave: float, duration: float) -> tuple[float, float]:
    """Worth n of a unit paid each period of a truce, and b^D, that of its last day.

    b = d (1 - leave), n = (1-b^D)/(1-b). `duration` is in periods; UNENDING = 0 is a
    permanent truce, whose b^D is 0.
    """
    kept = discount * (1.0 - leave)
    if duration == UNENDING:
        return 1.0 / (1.0 - kept), 0.0
    if kept <= 0.0:
        return 1.0, 0.0
    end = exp(duration * log(kept))
    return (1.0 - end) / (1.0 - kept), end


@kernel
def mean_length(leave: float, duration: float) -> float:
    """Expected length L of a truce in periods: (1-(1-leave)^D)/leave, or D.

    A permanent truce that nothing ends has no length that could shift power: 0.
    """
    if leave <= NEVER:
        return duration  # 0 for UNENDING
    if duration == UNENDING or leave >= 1.0:
        return 1.0 / leave
    return (1.0 - exp(duration * log(1.0 - leave))) / leave


@kernel
def truce_constants(
    base: float,
    monitoring_effect: float,
    monitoring: float,
    pressure_effect: float,
    pressure: float,
    settlement: float,
    weeks: float,
    discount: float,
    duration: float,
) -> tuple[float, float, float, float, float]:
    """What decides on a truce: chances z and pi, worth n and b^D, length L.

    `settlement` is the hazard per week of a settlement, `discount` d that of a period
    of `weeks`; the rest as in `breakdown_hazard`, `truce_exits` and `annuity`.
    """
    hazard = breakdown_hazard(
        base, monitoring_effect, monitoring, pressure_effect, pressure
    )
    broken, settled = truce_exits(hazard, settlement, weeks)
    leave = broken + settled
    worth, end = annuity(discount, leave, duration)
    return broken, settled, worth, end, mean_length(leave, duration)


@kernel
def constants_of_truces(given: NDArray[np.float64]) -> NDArray[np.float64]:
    """Constants of many truces, shape (n, 5).

    `given` has shape (n, 9): the arguments of `truce_constants` in their order.
    """
    found = np.empty((given.shape[0], 5))
    for i in range(given.shape[0]):
        row = given[i]
        broken, settled, worth, end, length = truce_constants(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8]
        )
        found[i, 0], found[i, 1] = broken, settled
        found[i, 2], found[i, 3], found[i, 4] = worth, end, length
    return found


@kernel(inline="always")
def truce_value(
    flow: float,
    war_after: float,
    settlement: float,
    breakdown: float,
    settling: float,
    annuity_worth: float,
    end_worth: float,
    discount: float,
) -> float:
    """Value of a truce: P = y (1-d) n + d (z Z + pi V) n + b^D Z.

    `flow` y and the values `war_after` Z and `settlement` V are in km2; `breakdown` z
    and `settling` pi are chances per period; `annuity_worth` n and `end_worth` b^D come
    from `annuity`.
    """
    return (
        flow * (1.0 - discount) * annuity_worth
        + discount * (breakdown * war_after + settling * settlement) * annuity_worth
        + end_worth * war_after
    )


@kernel
def settlement_chance(surplus: float, first: float, second: float) -> float:
    """Chance P+ that S > 0 where both costs of war are private: Pr(S + a u + b v > 0).

    `surplus` S is at the means of both costs, `first` a and `second` b are half-widths
    of what the costs may add to it, u and v are independent and uniform on [-1, 1].
    Without private information it is 1 if S > 0 and else 0.

    >>> [float(settlement_chance(surplus, 2.0, 1.0)) for surplus in (1.0, -3.0)]
    [0.75, 0.0]
    """
    wide, narrow = max(first, second), min(first, second)
    distance = abs(surplus)
    if wide > 0.0 and distance <= wide - narrow:
        return 0.5 + 0.5 * surplus / wide
    beyond = wide + narrow - distance
    tail = 0.0
    if beyond > 0.0:  # then both are: narrow = 0 leaves nothing between
        tail = 0.5 * (0.5 * beyond / wide) * (0.5 * beyond / narrow)
    return 1.0 - tail if surplus > 0.0 else tail
