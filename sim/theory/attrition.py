"""War of attrition: two sides hold out, and each hopes that the other gives in first.

Source: Fearon (1998), "Bargaining, Enforcement, and International Cooperation",
International Organization 52(2); Langlois and Langlois (2009), "Does Attrition Behavior
Help Explain the Duration of Interstate Wars?", International Studies Quarterly 53(4).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Attrition:
    """Rates per unit of time at which each side concedes, and what follows from them.

    Pairs are (side 1, side 2). `concedes_first` are the chances that each side is the
    one that gives in.
    """

    rates: tuple[float, float]
    delay: float
    concedes_first: tuple[float, float]


def attrition(
    *,
    costs: tuple[float, float],
    better: tuple[float, float],
    worse: tuple[float, float],
    rate: float,
) -> Attrition:
    """Mixed equilibrium of the war of attrition in continuous time.

    Side i pays `costs` c_i per unit of time, gets B_i (`better`) when the other gives
    in and S_i (`worse`) when it does so itself, and discounts at `rate` r. It is
    willing to go on just as long as to give in iff the other side gives in at rate
    (c_i + r S_i)/(B_i - S_i). A rate of 0 (a war that costs side i nothing) is allowed
    for one side only.
    """
    flows = [costs[i] + rate * worse[i] for i in (0, 1)]
    pressures = [flows[i] / (better[i] - worse[i]) for i in (0, 1)]
    rates = (pressures[1], pressures[0])
    total = rates[0] + rates[1]
    return Attrition(rates, 1.0 / total, (rates[0] / total, rates[1] / total))
