"""What models of a war on a front share: their inputs, and war as the model values it.

Side U holds the first k of N steps of the stake and wins a battle with chance p; side
R is the other one.
"""

from sim.model.formulas.elementary import expit
from sim.model.formulas.odds import discounted_odds
from sim.model.formulas.war import front_drift, war_value
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


def war(
    odds: float,
    line: float,
    lines: float,
    *,
    discount: float,
    battle_chance: float,
    cost: float,
    territory_flow: float = 1.0,
) -> tuple[float, float]:
    """Value of fighting to the end to one side, and 1 - psi - phi, from the model.

    `odds` are the log-odds of a battle, `line` the steps held, both of that side. 1 -
    psi - phi is the share of the discounted future in which the war goes on.
    """
    psi, phi = discounted_odds(odds, line, lines, discount, battle_chance)
    drift = front_drift(expit(odds), lines, discount, battle_chance, territory_flow)
    value = war_value(line / lines, psi, phi, drift, territory_flow)
    fighting = 1.0 - psi - phi
    return value - cost * fighting, fighting
