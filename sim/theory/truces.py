"""What lasts only for a while: a chip, a ceasefire, a stake that shrinks."""

import math

from sim.model.formulas.offers import UNENDING, annuity, mean_length, truce_value
from sim.model.formulas.war import time_held
from sim.theory.inputs import COST, FLOW, SHARE, Range, Results, model, takes
from sim.theory.walk import BATTLES, LINE, LINES, PATIENCE, WIN, Walk, discounted_odds

PLACE_IN_COURSE = 6.1


@model(
    title="How long a chip is held",
    question="For how much of the future is a chip held?",
    results={"A": "discounted share of time that the chip is held"},
    formula=(
        "A = (1-d)/(1-d(1-lam)) (1-psi-phi), psi and phi as in `ruin` at the discount "
        "factor d(1-lam)"
    ),
    source="derived here",
    teaches=(
        "Land that is being lost is worth the time for which it can still be held. A "
        "chip that melts fast is worth trading soon, and worth little in a trade."
    ),
    example="N=9 k=4 p=0.45 d=0.97 lam=0.05 h=0.3",
)
def chip_time(
    lines: float = LINES,
    line: float = LINE,
    win: float = WIN,
    discount: float = PATIENCE,
    loss: float = takes("lam", "chance per period that the chip is lost", SHARE),
    battle_chance: float = BATTLES,
) -> Results:
    """To hold what may be lost is like waiting with less patience."""
    kept = discount * (1.0 - loss)
    psi, phi = discounted_odds(Walk(lines, line, win, kept, battle_chance))
    return {"A": time_held(1.0 - psi - phi, discount, loss)}


@model(
    title="Waiting for a chip to fall",
    question="Is it better to wait than to pay for a chip?",
    results={
        "value": "value of waiting",
        "waits": "whether waiting is better than the deal",
        "critical_lam": "lam above which it is; none if V is not above Y",
    },
    formula=(
        "value = [(1-d) b + d lam V]/(1-d(1-lam)); waits iff value > Y, for V > Y iff "
        "lam > critical_lam = (1-d)(Y-b)/(d(V-Y))"
    ),
    source="optimal stopping; derived here",
    teaches=(
        "Nobody pays for what will soon be theirs anyway. A chip buys something only "
        "while its loss is far enough off, so leverage that melts must be used early."
    ),
    example="d=0.98 lam=0.08 b=0.3 V=0.62 Y=0.6",
)
def waiting(
    discount: float = PATIENCE,
    loss: float = takes("lam", "chance per period that the holder loses it", SHARE),
    flow: float = takes("b", "flow while waiting", FLOW),
    after: float = takes("V", "value once it is lost", FLOW),
    deal: float = takes("Y", "value of a deal now", FLOW),
) -> Results:
    """The model's truce without end that only a settlement, here the loss, ends."""
    worth, end = annuity(discount, loss, UNENDING)
    value = truce_value(flow, 0.0, after, 0.0, loss, worth, end, discount)
    critical: float | None = None
    if after > deal:
        less = (1.0 - discount) * max(0.0, deal - flow)
        critical = less / (discount * (after - deal))
    return {"value": value, "waits": value > deal, "critical_lam": critical}


@model(
    title="What a ceasefire is worth",
    question="What is a truce worth that may break down?",
    results={
        "value": "value of the ceasefire",
        "length": "expected periods until it ends; none if it never does",
    },
    formula=(
        "a = d(1-z), value = y (1-d) n + W [d z n + a^D], n = (1-a^D)/(1-a); "
        "length = (1-(1-z)^D)/z"
    ),
    source="annuity with default",
    teaches=(
        "A ceasefire postpones the war that it may end in, so its worth lies between "
        "peace and that war. Monitoring that halves the risk of break-down can be "
        "worth more than a longer term."
    ),
    example="y=0.4 W=0.3 d=0.98 z=0.05 D=8",
)
def ceasefire_value(
    flow: float = takes("y", "flow while the truce lasts", FLOW),
    war_after: float = takes("W", "value of the war that follows it", FLOW),
    discount: float = PATIENCE,
    breakdown: float = takes("z", "chance per period that it breaks down", SHARE),
    duration: float = takes(
        "D", "periods it is agreed for", Range(1, 1e6), "whole", may_be_endless=True
    ),
) -> Results:
    """The model's truce without settlements."""
    periods = UNENDING if math.isinf(duration) else duration
    worth, end = annuity(discount, breakdown, periods)
    value = truce_value(flow, war_after, 0.0, breakdown, 0.0, worth, end, discount)
    endless = periods == UNENDING and breakdown == 0.0
    return {
        "value": value,
        "length": None if endless else mean_length(breakdown, periods),
    }


@model(
    title="The inspection game",
    question="How much monitoring stops a violation?",
    results={"m": "least chance of detection that deters"},
    formula="m = G/(G+L)",
    source="inspection game; Avenhaus, von Stengel and Zamir 2002",
    teaches=(
        "Monitoring need not see everything: it must make cheating a bad bet. Where "
        "little is lost by being caught, no feasible monitoring is enough."
    ),
    example="G=0.03 L=0.09",
)
def inspection(
    gain: float = takes("G", "gain from a violation that is not seen", COST),
    loss: float = takes("L", "loss if it is seen", Range(0, 10, above=True)),
) -> Results:
    """Detection at which (1-m) G = m L."""
    return {"m": gain / (gain + loss)}


@model(
    title="Fighting until little is at stake",
    question="How many battles until a coming shift is bearable?",
    results={
        "battles": "battles until both settle; none if they never do",
        "shift_n": "what the shift would take then",
    },
    formula="battles: the first n with shift (1-theta)^n <= cost",
    source="mechanism of Leventoglu and Slantchev 2007; derived here",
    teaches=(
        "War destroys what it is about. A side that fights because it fears a later "
        "shift can settle once too little is left for that shift to matter."
    ),
    example="shift=0.3 cost=0.12 theta=0.07",
)
def shrinking_stakes(
    shift: float = takes("shift", "what the shift of power would take", COST),
    cost: float = takes("cost", "cost of the war that would prevent it", COST),
    lost: float = takes("theta", "share of the stake lost in each battle", SHARE),
) -> Results:
    """Logarithm of the ratio that has to be lost, rounded up."""
    if shift <= cost:
        return {"battles": 0, "shift_n": shift}
    if lost == 1.0:
        return {"battles": 1, "shift_n": 0.0}
    if cost <= shift * 1e-9 or lost < 1e-9:
        return {"battles": None, "shift_n": None}
    exact = math.log(cost / shift) / math.log1p(-lost)
    # The quotient is whole in exact arithmetic more often than in ours.
    battles = math.ceil(exact * (1.0 - 1e-12))
    return {"battles": battles, "shift_n": shift * (1.0 - lost) ** battles}
