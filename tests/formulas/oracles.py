"""Slow twins of the formulas: the same model, solved day by day and state by state.

Nothing here shares code with `sim/`. Those of a war that is a walk stand in
`tests/theory/oracles.py`.
"""

import numpy as np

from tests.theory.oracles import chip_in_war, war

__all__ = ["chip_held", "chip_in_war", "truce", "war"]


def chip_held(loss, switch_chance, discount):
    """Discounted time a chip is held from each regime, in a war without end.

    `loss[r]` is the chance per period of losing it in regime r, `switch_chance[r][s]`
    the chance to be in s after a period that began in r.
    """
    n = len(loss)
    kept = discount * (1 - np.asarray(loss))[:, None] * np.asarray(switch_chance)
    return np.linalg.solve(np.eye(n) - kept, np.full(n, 1 - discount))


def truce(flow, war_after, settlement, breakdown, settling, discount, duration):
    """Value of a truce of whole periods, day by day from its end."""
    value = war_after
    for _ in range(duration):
        end = breakdown * war_after + settling * settlement
        value = (1 - discount) * flow + discount * (
            end + (1 - breakdown - settling) * value
        )
    return value
