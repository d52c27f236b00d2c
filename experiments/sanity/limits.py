"""What follows from a scenario alone: the least and the most that a side can get.

A payoff is a mean of the flows of its days, with weights that sum to 1, so it lies
between the least and the largest flow. The value of a truce may also hold the Nash
share V of a settlement, at the means of the costs: at most what both can share less the
least of the other side, and below war by no more than what the costs may hide.
"""

import numpy as np
from numpy.typing import NDArray

from sim.model.state import AID_ENTRY, AUDIENCE_ENTRY, NO_LEVEL, SIDES, blank

LIMITS = np.dtype(
    [
        ("flow_low", "f8", SIDES),
        ("flow_high", "f8", SIDES),
        ("worth_low", "f8", SIDES),  # with the Nash share of a settlement
        ("worth_high", "f8", SIDES),
        ("aid_low", "f8"),
        ("aid_high", "f8"),
        ("rearmament", "f8"),  # largest shift in one step
    ],
    align=True,
)


def limits_of(params: NDArray[np.void]) -> NDArray[np.void]:
    """Bounds that follow from a scenario; `params` and the result have shape (1,)."""
    p, limits = params[0], blank(LIMITS, 1)
    n, offers = int(p["chips"]), int(p["offers"])
    value, holder = p["chip_value"][:, :n], p["chip_holder"][:n]
    entries = range(int(p["entries"]))
    dated = [
        (p["entry_kind"][i], p["entry_index"][i], p["entry_value"][i]) for i in entries
    ]
    joint = sum(
        max(0.0, value[holder[j], j] - value[1 - holder[j], j]) for j in range(n)
    )
    for side in range(SIDES):
        other = 1 - side
        signed = [value[side, j] * (1 if holder[j] == side else -1) for j in range(n)]
        claims = [v for kind, i, v in dated if kind == AUDIENCE_ENTRY and i == side]
        mean_cost = 0.5 * (p["cost_low"][other] + p["cost_high"][other])
        harm = p["value_of_harm"][side] * p["relief"][other, :offers].max() * mean_cost
        price = max([p["audience_cost"][side], *claims]) + p["aid_freeze_cost"][side]
        least = -(p["cost_high"][side] + price + harm)
        limits["flow_low"][0, side] = least + sum(min(0.0, v) for v in signed)
        most = (
            p["stake"] * max(1.0, p["territory_flow"])
            + p["sanctions_relief_value"][side]
        )
        limits["flow_high"][0, side] = most + sum(max(0.0, v) for v in signed)
    hidden = 0.5 * float((p["cost_high"] - p["cost_low"]).sum())
    limits["worth_low"][0] = limits["flow_low"][0] - hidden
    for side in range(SIDES):
        shared = p["stake"] + joint - limits["flow_low"][0, 1 - side]
        limits["worth_high"][0, side] = max(limits["flow_high"][0, side], shared)
    levels = [p["aid"], p["aid_long_run"], p["aid_after_acceptance"]]
    levels += [*p["aid_level"][: int(p["aid_levels"])], *p["aid_after_refusal"]]
    levels += [v for kind, _, v in dated if kind == AID_ENTRY]
    named = [float(level) for level in levels if level != NO_LEVEL]
    limits["aid_low"], limits["aid_high"] = min(named), max(named)
    limits["rearmament"] = np.abs(p["rearmament"]).sum()
    return limits
