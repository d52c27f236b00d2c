"""Bargaining while the fighting goes on: what each side can hold out for."""

from sim.model.formulas.acceptance import believed_acceptance
from sim.model.formulas.war import nash_share, reservation_value
from sim.theory.crises import best_demand
from sim.theory.inputs import SHARE, Range, Results, Rule, model, takes
from sim.theory.walk import (
    BATTLES,
    LINE,
    LINES,
    OTHER_COST,
    OTHER_FLOW,
    OWN_COST,
    OWN_FLOW,
    PATIENCE,
    WIN,
    Walk,
    battle_discount,
    discounted_odds,
    wars,
)

PLACE_IN_COURSE = 4.1


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
    """A war in which land gives no flow; a flow b while fighting is a cost -b."""
    walk = Walk(lines, line, win, discount, battle_chance)
    own, other, _ = wars(walk, (-own_flow, -other_flow), territory_flow=0.0)
    x, y = _alternating_offers(walk, own_flow + other_flow, own - other)
    return {"x": x, "y": y, "W_U": own, "W_R": other}


def _alternating_offers(walk: Walk, flows: float, lead: float) -> tuple[float, float]:
    """Shares (x, y) that each side asks for itself when it proposes, and gets.

    Solves the recursions of Slantchev: each offer leaves the other side what it gets by
    refusing. `flows` is what a period of war gives both together, `lead` W_U - W_R. The
    sum of both shares is above 1 by the advantage of proposing.
    """
    lines, line, _, discount, h = walk
    pace = discount * h / (1.0 + discount * (1.0 - h))
    psi, phi = discounted_odds(walk._replace(discount=pace, battle_chance=1.0))
    to_win = 1.0 if (lines - line) % 2.0 == 0.0 else -1.0
    to_lose = 1.0 if line % 2.0 == 0.0 else -1.0
    far = (2.0 - (1.0 - discount) * flows) / (1.0 + discount)
    total = far + (1.0 - far) * (to_win * psi + to_lose * phi)
    return 0.5 * (total + lead), 0.5 * (total - lead)


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
    """Reservation values and Nash bargain of the simulated war, on a walk."""
    walk = Walk(lines, line, win, discount, battle_chance)
    own, other, _ = wars(walk, (own_cost, other_cost))
    surplus, dividend = 1.0 - own - other, own_cost + other_cost
    x, y = _alternating_offers(walk, 1.0 - dividend, own - other)
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
    """The demand of `fearon_demand` where refusal means to fight to the end."""
    walk = Walk(lines, line, win, discount, battle_chance)
    own, free, fighting = wars(walk, (own_cost, 0.0), territory_flow)
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
