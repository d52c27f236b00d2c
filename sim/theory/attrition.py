"""War of attrition: two sides hold out, and each hopes that the other gives in first.

Source: Fearon (1998), "Bargaining, Enforcement, and International Cooperation",
International Organization 52(2); Langlois and Langlois (2009), "Does Attrition Behavior
Help Explain the Duration of Interstate Wars?", International Studies Quarterly 53(4).
"""

from sim.theory.inputs import COST, FLOW, Range, Results, Rule, model, takes

PLACE_IN_COURSE = 3.3


def _waiting_costs(
    cost: float, other_cost: float, worse: float, other_worse: float, rate: float
) -> bool:
    flows = cost + rate * worse, other_cost + rate * other_worse
    return min(flows) >= 0.0 and max(flows) > 1e-12


@model(
    title="War of attrition",
    question="Who gives in first, and after how long?",
    rules=(
        Rule(
            lambda better, worse: better - worse >= 1e-9,
            "are next to equal: nothing to wait for",
        ),
        Rule(
            lambda other_better, other_worse: other_better - other_worse >= 1e-9,
            "are next to equal: nothing to wait for",
        ),
        Rule(
            _waiting_costs,
            "c + r S must be at least 0 for both, and not next to 0 for one",
        ),
    ),
    results={
        "rate_1": "rate at which side 1 gives in, per unit of time",
        "rate_2": "rate at which side 2 does",
        "delay": "expected time until one gives in",
        "first_1": "chance that side 1 is the one",
        "first_2": "chance that side 2 is",
    },
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
    cost: float = takes("c1", "cost of holding out to side 1, per unit of time", COST),
    other_cost: float = takes("c2", "cost to side 2", COST),
    better: float = takes("B1", "what side 1 gets if side 2 gives in", FLOW),
    other_better: float = takes("B2", "what side 2 gets if side 1 does", FLOW),
    worse: float = takes(
        "S1", "what side 1 gets if it gives in", Range(-10, "B1", below=True)
    ),
    other_worse: float = takes(
        "S2", "what side 2 gets if it does", Range(-10, "B2", below=True)
    ),
    rate: float = takes("r", "rate of discount", Range(0, 10)),
) -> Results:
    """Mixed equilibrium of the war of attrition in continuous time.

    Side i pays c_i per unit of time, gets B_i when the other gives in and S_i when it
    does so itself, and discounts at rate r. It is willing to go on just as long as to
    give in iff the other side gives in at rate (c_i + r S_i)/(B_i - S_i). A rate of 0
    (a war that costs side i nothing) is allowed for one side only.
    """
    rate_1 = (other_cost + rate * other_worse) / (other_better - other_worse)
    rate_2 = (cost + rate * worse) / (better - worse)
    total = rate_1 + rate_2
    return {
        "rate_1": rate_1,
        "rate_2": rate_2,
        "delay": 1.0 / total,
        "first_1": rate_1 / total,
        "first_2": rate_2 / total,
    }
