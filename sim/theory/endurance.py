"""Who holds out longer, where time does not come in rounds.

The functions are in `attrition.py` and `brownian_front.py`.
"""

from collections.abc import Mapping
from typing import Any

from sim.theory import attrition as waiting
from sim.theory import brownian_front as front
from sim.theory.inputs import COST, FLOW, Input, Range, Result, Results, Rule, model

_RATE = Range(0, 10)
_SIZE = Range(0.001, 1000)


def _waiting_costs(given: Mapping[str, Any]) -> bool:
    flows = [given[f"c{i}"] + given["r"] * given[f"S{i}"] for i in (1, 2)]
    return bool(min(flows) >= 0.0 and max(flows) > 1e-12)


@model(
    title="War of attrition",
    question="Who gives in first, and after how long?",
    inputs=(
        Input("c1", "cost", "cost of holding out to side 1, per unit of time", COST),
        Input("c2", "other_cost", "cost to side 2", COST),
        Input("B1", "better", "what side 1 gets if side 2 gives in", FLOW),
        Input("B2", "other_better", "what side 2 gets if side 1 does", FLOW),
        Input(
            "S1",
            "worse",
            "what side 1 gets if it gives in",
            Range(-10, "B1", below=True),
        ),
        Input(
            "S2",
            "other_worse",
            "what side 2 gets if it does",
            Range(-10, "B2", below=True),
        ),
        Input("r", "rate", "rate of discount", _RATE),
    ),
    rules=(
        Rule(
            ("B1", "S1"),
            lambda given: given["B1"] - given["S1"] >= 1e-9,
            "are next to equal: nothing to wait for",
        ),
        Rule(
            ("B2", "S2"),
            lambda given: given["B2"] - given["S2"] >= 1e-9,
            "are next to equal: nothing to wait for",
        ),
        Rule(
            ("c1", "c2", "S1", "S2", "r"),
            _waiting_costs,
            "c + r S must be at least 0 for both, and not next to 0 for one",
        ),
    ),
    results=(
        Result("rate_1", "rate at which side 1 gives in, per unit of time"),
        Result("rate_2", "rate at which side 2 does"),
        Result("delay", "expected time until one gives in"),
        Result("first_1", "chance that side 1 is the one"),
        Result("first_2", "chance that side 2 is"),
    ),
    formula=(
        "rate_1 = (c2 + r S2)/(B2-S2), rate_2 = (c1 + r S1)/(B1-S1); "
        "delay = 1/(rate_1+rate_2); first_i = rate_i delay"
    ),
    source="Fearon 1998; Langlois and Langlois 2009",
    teaches=(
        "Each side gives in just often enough to keep the other one waiting, so its "
        "pace follows from the other's costs and stakes, not from its own. The side "
        "to which holding out is cheap is therefore the likelier one to give in, a "
        "paradox that tests of the model have to face."
    ),
    example="c1=0.03 c2=0.05 B1=0.7 B2=0.8 S1=0.3 S2=0.2 r=0.04",
)
def attrition(
    cost: float,
    other_cost: float,
    better: float,
    other_better: float,
    worse: float,
    other_worse: float,
    rate: float,
) -> Results:
    """Mixed equilibrium in continuous time."""
    found = waiting.attrition(
        costs=(cost, other_cost),
        better=(better, other_better),
        worse=(worse, other_worse),
        rate=rate,
    )
    return {
        "rate_1": found.rates[0],
        "rate_2": found.rates[1],
        "delay": found.delay,
        "first_1": found.concedes_first[0],
        "first_2": found.concedes_first[1],
    }


@model(
    title="A front that moves all the time",
    question="Who wins on a front that drifts and shakes?",
    inputs=(
        Input("z", "start", "where the front stands", Range(0, "L")),
        Input("L", "length", "length of the contested stretch", _SIZE),
        Input("mu", "drift", "drift per unit of time", Range(-100, 100)),
        Input("s", "volatility", "standard deviation in a unit of time", _SIZE),
        Input("r", "rate", "rate of discount", _RATE),
        Input("c", "cost", "cost of war per unit of time", FLOW),
        Input("A", "prize_at_zero", "what the end at 0 is worth", FLOW),
        Input("B", "prize_at_length", "what the end at L is worth", FLOW),
    ),
    results=(
        Result("win", "chance that the front reaches L before 0"),
        Result("duration", "expected time until it reaches either"),
        Result("psi", "present worth of a unit paid when it reaches L"),
        Result("phi", "present worth of a unit paid when it reaches 0"),
        Result("value", "value of the war"),
    ),
    formula=(
        "win = (1-e^(-2 mu z/s^2))/(1-e^(-2 mu L/s^2)); duration = (L win - z)/mu; "
        "value = B psi + A phi - (c/r)(1-psi-phi), psi and phi from the roots "
        "[-mu +- sqrt(mu^2 + 2 r s^2)]/s^2"
    ),
    source="limit of Feller I, ch. XIV; Karlin and Taylor 1981, ch. 15.3",
    teaches=(
        "With many small battles only the mean and the spread of movement count, not "
        "how a battle is fought. Spread makes wars short and leaves the weaker side a "
        "chance."
    ),
    example="z=1 L=2.5 mu=-0.1 s=0.8 r=0.05 c=0.02 A=0 B=1",
)
def brownian_front(
    start: float,
    length: float,
    drift: float,
    volatility: float,
    rate: float,
    cost: float,
    prize_at_zero: float,
    prize_at_length: float,
) -> Results:
    """Limit of the model's walk as battles become small and frequent."""
    found = front.brownian_front(
        start=start,
        length=length,
        drift=drift,
        volatility=volatility,
        rate=rate,
        cost=cost,
        prize_at_zero=prize_at_zero,
        prize_at_length=prize_at_length,
    )
    return {
        "win": found.win,
        "duration": found.duration,
        "psi": found.psi,
        "phi": found.phi,
        "value": found.value,
    }
