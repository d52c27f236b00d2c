"""What models of a war on a front share: their inputs, and war as the model values it.

Side U holds the first k of N steps of the stake and wins a battle with chance p; side
R is the other one.
"""

from typing import Final

from sim.model.formulas.elementary import expit, logit
from sim.model.formulas.odds import discounted_odds
from sim.model.formulas.war import front_drift, war_value
from sim.theory.inputs import COST, DISCOUNT, FLOW, ODDS, Input, Range

LINES: Final = Input("N", "lines", "steps of the stake", Range(2, 1e7), "whole")
LINE: Final = Input(
    "k",
    "line",
    "steps that U holds; N is its victory",
    Range(1, "N", below=True),
    "whole",
)
WIN: Final = Input("p", "win", "chance that U wins a battle", ODDS)
PATIENCE: Final = Input("d", "discount", "discount factor per period", DISCOUNT)
BATTLES: Final = Input(
    "h", "battle_chance", "chance of a battle in a period", Range(0.001, 1)
)
OWN_COST: Final = Input("cU", "own_cost", "cost of war to U while it lasts", COST)
OTHER_COST: Final = Input("cR", "other_cost", "cost of war to R while it lasts", COST)
OWN_FLOW: Final = Input("bU", "own_flow", "flow to U while war lasts", FLOW)
OTHER_FLOW: Final = Input("bR", "other_flow", "flow to R while war lasts", FLOW)


def log_odds(win: float) -> float:
    """Log-odds of a battle; those of the other side are the negative."""
    return logit(win)


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
