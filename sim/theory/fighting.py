"""Bargaining while the fighting goes on: what each side can hold out for."""

from sim.model.formulas.acceptance import believed_acceptance
from sim.model.formulas.bargaining import alternating_offers
from sim.model.formulas.elementary import logit
from sim.model.formulas.odds import battle_discount
from sim.model.formulas.offers import best_demand
from sim.model.formulas.war import nash_share, peace_dividend, reservation_value
from sim.theory.front import (
    BATTLES,
    LINE,
    LINES,
    OTHER_COST,
    OTHER_FLOW,
    OWN_COST,
    OWN_FLOW,
    PATIENCE,
    WIN,
    war,
)
from sim.theory.inputs import SHARE, Range, Results, Rule, model, takes


@model(
    title="Offers between battles",
    question="What is agreed if each refusal means a battle?",
    rules=(
        Rule(
            lambda own_flow, other_flow: own_flow + other_flow <= 1.0,
            "sum to more than 1: war would cost nothing",
        ),
    ),
    results={
        "x": "share of U if U makes the offer",
        "y": "share of R if R does",
        "W_U": "value to U of fighting to the end",
        "W_R": "value to R of it",
    },
    formula=(
        "W_U = psi + (1-psi-phi) bU, W_R = phi + (1-psi-phi) bR; "
        "x = (D_k + W_U - W_R)/2, y = (D_k - W_U + W_R)/2, "
        "D_k = D + (1-D)[(-1)^(N-k) psi' + (-1)^k phi'], "
        "D = [2-(1-d)(bU+bR)]/(1+d); psi, phi at e = d h/(1-d(1-h)), "
        "psi', phi' at e' = d h/(1+d(1-h)), as in `ruin`"
    ),
    source="Slantchev 2003, pp. 622-624; closed form derived here",
    teaches=(
        "Battles move the terms because they move what fighting on is worth. If both "
        "know the odds they agree before the first battle, on the split that the war "
        "would have to be worth."
    ),
    example="N=6 k=2 p=0.5 d=0.9 bU=0.3 bR=0.3",
)
def slantchev(
    lines: float = LINES,
    line: float = LINE,
    win: float = WIN,
    discount: float = PATIENCE,
    own_flow: float = OWN_FLOW,
    other_flow: float = OTHER_FLOW,
    battle_chance: float = takes("h", BATTLES.meaning, BATTLES.within, default=1.0),
) -> Results:
    """The model where land gives no flow; a flow b while fighting is a cost -b."""
    odds = logit(win)
    pace = {"discount": discount, "battle_chance": battle_chance}
    own, _ = war(odds, line, lines, cost=-own_flow, territory_flow=0.0, **pace)
    other, _ = war(
        -odds, lines - line, lines, cost=-other_flow, territory_flow=0.0, **pace
    )
    dividend = peace_dividend(-own_flow - other_flow, 0.0)
    x, y = alternating_offers(
        odds, line, lines, discount, battle_chance, own, other, dividend
    )
    return {"x": x, "y": y, "W_U": own, "W_R": other}


@model(
    title="A random proposer in war",
    question="Who gets what peace saves if chance proposes?",
    rules=(
        Rule(
            lambda weight, other_weight: abs(weight + other_weight - 1.0) <= 1e-9,
            "must sum to 1: one side proposes in each period",
        ),
    ),
    results={
        "W_U": "value to U of fighting to the end",
        "V_U": "value to U before it is known who proposes",
        "R_U": "least that U accepts",
        "W_R": "value to R of fighting to the end",
        "V_R": "value to R before it is known who proposes",
        "R_R": "least that R accepts",
        "surplus": "what both together save by not fighting to the end",
        "dividend": "what one period of war costs both together",
        "x": "for comparison: share of U if U proposes and offers alternate",
        "y": "the same for R",
        "e": "present worth of a unit paid at the next battle",
    },
    formula=(
        "W_U = f(k) + [1-f(N)] psi - f(0) phi, f(k) = k/N - cU + d h (2p-1)/(N(1-d)), "
        "W_R its mirror image; surplus S = 1-W_U-W_R, dividend C = cU+cR; "
        "V_i = W_i + a_i S, R_i = W_i + a_i [S-(1-d) C]; psi, phi as in `ruin` at "
        "e = d h/(1-d(1-h)); x, y as in `slantchev`"
    ),
    source="derived here; Binmore, Rubinstein and Wolinsky 1986 for the split",
    teaches=(
        "War is the threat point of the bargain, and a side's part of what peace saves "
        "is its chance to make the offers. Who proposes first matters by one period of "
        "war only."
    ),
    example="N=20 k=8 p=0.48 d=0.98 h=0.5 cU=0.1 cR=0.08 aU=0.35 aR=0.65",
)
def random_proposer(
    lines: float = LINES,
    line: float = LINE,
    win: float = WIN,
    discount: float = PATIENCE,
    battle_chance: float = BATTLES,
    own_cost: float = OWN_COST,
    other_cost: float = OTHER_COST,
    weight: float = takes("aU", "chance that U makes the offer of a period", SHARE),
    other_weight: float = takes("aR", "chance that R does", SHARE),
) -> Results:
    """The model without chips: its reservation values and its Nash bargain."""
    odds = logit(win)
    pace = {"discount": discount, "battle_chance": battle_chance}
    own, _ = war(odds, line, lines, cost=own_cost, **pace)
    other, _ = war(-odds, lines - line, lines, cost=other_cost, **pace)
    surplus, dividend = 1.0 - own - other, peace_dividend(own_cost + other_cost, 1.0)
    x, y = alternating_offers(
        odds, line, lines, discount, battle_chance, own, other, dividend
    )
    return {
        "W_U": own,
        "V_U": nash_share(own, other_weight, weight, surplus),
        "R_U": reservation_value(own, weight, surplus, dividend, discount),
        "W_R": other,
        "V_R": nash_share(other, weight, other_weight, surplus),
        "R_R": reservation_value(other, other_weight, surplus, dividend, discount),
        "surplus": surplus,
        "dividend": dividend,
        "x": x,
        "y": y,
        "e": battle_discount(discount, battle_chance),
    }


@model(
    title="A line against a private cost",
    question="Which line to demand of a hidden cost?",
    results={
        "x": "share of the stake that U demands, once",
        "refusal": "chance that R refuses",
        "value": "expected value to U",
        "W_U": "value of war to U",
        "W_R0": "value of war to R at a cost of 0",
        "G": "1-psi-phi: what a cost of 1 per period takes off the value",
    },
    formula=(
        "R accepts 1-x >= W_R0 - G c; c* = clip((G u + W_U - 1 + W_R0)/(2 G), l, u), "
        "x = min(1, 1-W_R0+G c*), refusal = (c*-l)/(u-l), "
        "value = x (1-refusal) + W_U refusal; W as in `random_proposer`"
    ),
    source="Fearon 1995, pp. 410-411, with the war of Slantchev 2003",
    teaches=(
        "A war that goes on screens the opponent as a crisis does: a harder demand is "
        "refused by those to whom war is cheap. Arming changes the line that is "
        "demanded, not the risk, as long as the demand is inside the range."
    ),
    example="N=20 k=8 p=0.47 d=0.98 h=0.5 cU=0.1 l=0.02 u=0.16",
)
def private_cost_demand(
    lines: float = LINES,
    line: float = LINE,
    win: float = WIN,
    discount: float = PATIENCE,
    battle_chance: float = BATTLES,
    own_cost: float = OWN_COST,
    low: float = takes("l", "least cost of war that R may have", Range(0, "u")),
    high: float = takes("u", "largest cost it may have; uniform between", Range(0, 10)),
    territory_flow: float = takes(
        "omega", "flow from all land while war lasts", SHARE, default=1.0
    ),
) -> Results:
    """The model's best line against a cost of war that is uniform on an interval."""
    odds = logit(win)
    pace = {
        "discount": discount,
        "battle_chance": battle_chance,
        "territory_flow": territory_flow,
    }
    own, _ = war(odds, line, lines, cost=own_cost, **pace)
    free, fighting = war(-odds, lines - line, lines, cost=0.0, **pace)
    demand = best_demand(free, fighting, low, high, own)
    accepted = 1.0  # a known cost is met, and a tie accepts
    if high > low:
        accepted = believed_acceptance(1.0 - demand - free, fighting, low, high, 0.0)
    return {
        "x": demand,
        "refusal": 1.0 - accepted,
        "value": demand * accepted + own * (1.0 - accepted),
        "W_U": own,
        "W_R0": free,
        "G": fighting,
    }
