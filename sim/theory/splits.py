"""How two sides divide a stake that neither of them fights for."""

import math

from sim.model.formulas.war import nash_share
from sim.theory.inputs import FLOW, SHARE, Range, Results, Rule, model, takes

PLACE_IN_COURSE = 1.1
_PATIENCE = Range(0, 1, below=True)


@model(
    title="Alternating offers",
    question="What does it pay to wait longer, and to speak first?",
    rules=(
        Rule(
            lambda flow, other_flow: flow + other_flow <= 1.0,
            "sum to more than 1: there is nothing to agree on",
        ),
    ),
    results={
        "x": "share of side 1 if it makes the first offer",
        "y": "share of side 2 if it does",
    },
    formula=(
        "x = [(1-d2)(1-b2) + d2 (1-d1) b1]/(1-d1 d2), y with 1 and 2 exchanged; "
        "(1-d2)/(1-d1 d2) without flows"
    ),
    source="Rubinstein 1982, p. 108",
    teaches=(
        "Who can wait gets more, and who must answer gets less. With two patient sides "
        "the order hardly matters, and what each earns while they talk does."
    ),
    example="d1=0.9 d2=0.8",
)
def rubinstein(
    discount: float = takes("d1", "discount factor of side 1", _PATIENCE),
    other_discount: float = takes("d2", "discount factor of side 2", _PATIENCE),
    flow: float = takes(
        "b1", "flow to side 1 until there is agreement", FLOW, default=0.0
    ),
    other_flow: float = takes(
        "b2", "flow to side 2 until there is agreement", FLOW, default=0.0
    ),
) -> Results:
    """Each answer leaves the other side what it gets by making the next offer.

    Where both discount factors are equal this is `slantchev` on an endless front, to
    which a test holds it.
    """

    def first(d: float, other_d: float, b: float, other_b: float) -> float:
        waits = (1.0 - other_d) * (1.0 - other_b) + other_d * (1.0 - d) * b
        return waits / (1.0 - d * other_d)

    return {
        "x": first(discount, other_discount, flow, other_flow),
        "y": first(other_discount, discount, other_flow, flow),
    }


_EXPONENT = Range(0.001, 1)


@model(
    title="The Nash bargain",
    question="Which split do threats and aversion to risk imply?",
    rules=(
        Rule(
            lambda own, other, pie: own + other <= pie,
            "D1 + D2 is above pie, so there is nothing to agree on",
        ),
        Rule(
            lambda own, power: own >= 0.0 or power == 1.0,
            "with r1 below 1 utility is a root, so D1 must be at least 0",
        ),
        Rule(
            lambda other, other_power: other >= 0.0 or other_power == 1.0,
            "with r2 below 1 utility is a root, so D2 must be at least 0",
        ),
    ),
    results={"x": "what side 1 gets", "y": "what side 2 gets"},
    formula=(
        "x maximises [u1(x)-u1(D1)]^a [u2(pie-x)-u2(D2)]^(1-a), u_i(z) = z^r_i; "
        "x = D1 + a (pie-D1-D2) if r1 = r2 = 1"
    ),
    source="Nash 1950; Binmore, Rubinstein and Wolinsky 1986",
    teaches=(
        "A side gets what it has without agreement and a part of what agreement adds, "
        "so a better alternative pays even if it is never used. Who fears the risk of "
        "no agreement more gets the smaller part."
    ),
    example="D1=0.32 D2=0.48 a=0.65",
)
def nash(
    own: float = takes("D1", "what side 1 has without agreement", Range(-10, "pie")),
    other: float = takes("D2", "what side 2 has without it", Range(-10, "pie")),
    weight: float = takes("a", "bargaining weight of side 1, 1-a that of 2", SHARE),
    pie: float = takes(
        "pie", "what there is to divide", Range(0, 1e6, above=True), default=1.0
    ),
    power: float = takes(
        "r1",
        "utility of side 1 is its part to this power; 1 is risk neutral",
        _EXPONENT,
        default=1.0,
    ),
    other_power: float = takes("r2", "the same for side 2", _EXPONENT, default=1.0),
) -> Results:
    """Asymmetric Nash bargain; the simulation's where nobody fears risk."""
    surplus = max(0.0, pie - own - other)
    if power == other_power == 1.0:
        x = nash_share(own, 1.0 - weight, weight, surplus)
    else:
        x = own + _part(own, other, weight, surplus, power, other_power)
    return {"x": x, "y": pie - x}


def _part(
    own: float,
    other: float,
    weight: float,
    surplus: float,
    power: float,
    other_power: float,
) -> float:
    """Part of the surplus of side 1, by bisection of the first-order condition.

    The logarithm of z^r - D^r is concave in z, so its slope falls from infinity at z =
    D and the two weighted slopes cross once.
    """
    low, high = 0.0, surplus
    for _ in range(200):
        part = 0.5 * (low + high)
        gain = weight * _slope(own, part, power)
        loss = (1.0 - weight) * _slope(other, surplus - part, other_power)
        low, high = (part, high) if gain > loss else (low, part)
    return 0.5 * (low + high)


def _slope(start: float, gain: float, power: float) -> float:
    """Slope of log[(D+g)^r - D^r] in the gain g, without a difference of powers."""
    inverse = gain
    if power < 1.0:
        part = -math.expm1(-power * math.log1p(gain / start)) if start else 1.0
        inverse = (start + gain) * part / power
    return 1.0 / inverse if inverse > 0.0 else math.inf


@model(
    title="Outside options only bind",
    question="When does a threat to walk away count?",
    rules=(
        Rule(
            lambda own, other: own + other <= 1.0,
            "sum to more than 1: both would walk away",
        ),
    ),
    results={
        "x": "share of side 1",
        "binds": "whose option changes the split: 1, 2 or neither",
    },
    formula="x = min(max(x_in, w1), 1-w2)",
    source="Binmore, Shaked and Sutton 1989",
    teaches=(
        "An option to leave that is worse than the bargain changes nothing, however "
        "close it is. It counts only when leaving would be better, and then it sets "
        "the terms alone."
    ),
    example="x_in=0.5 w1=0.62 w2=0.1",
)
def outside_options(
    inside: float = takes("x_in", "share of side 1 without outside options", SHARE),
    own: float = takes("w1", "outside option of side 1", SHARE),
    other: float = takes("w2", "outside option of side 2", SHARE),
) -> Results:
    """The bargain from inside, cut to what neither side would walk away from."""
    binds = "1" if own > inside else "2" if inside > 1.0 - other else "neither"
    return {"x": min(max(inside, own), 1.0 - other), "binds": binds}
