"""Bargaining before a war, in one step: ranges of agreement and private costs."""

from sim.theory.inputs import COST, SHARE, Range, Results, model, takes

PLACE_IN_COURSE = 2.1
_WIN = takes("p", "chance that A wins the war", SHARE)
_OWN = takes("cA", "cost of war to A, as share of the stake", COST)
_OTHER = takes("cB", "cost of war to B", COST)


@model(
    title="The bargaining range",
    question="Which agreements do both prefer to war?",
    results={
        "low": "least share of the stake that A accepts",
        "high": "most that B leaves to A",
        "width": "room for agreement",
    },
    formula="[p-cA, p+cB]; shares below 0 or above 1 are not to be had",
    source="Fearon 1995, p. 387",
    teaches=(
        "War costs something and divides the same stake, so there are always "
        "agreements that both prefer to it. Why they fight all the same is the "
        "question that the other models answer."
    ),
    example="p=0.45 cA=0.12 cB=0.2",
)
def fearon_range(
    win: float = _WIN, own_cost: float = _OWN, other_cost: float = _OTHER
) -> Results:
    """Shares of A that neither would rather fight than accept."""
    low, high = win - own_cost, win + other_cost
    return {"low": low, "high": high, "width": high - low}


@model(
    title="An advantage of striking first",
    question="When does a first strike leave no agreement?",
    results={
        "low": "least share that A accepts rather than strike",
        "high": "most that B leaves to A rather than strike",
        "deal": "whether there is an agreement",
        "critical_advantage": "pf-ps above which there is none",
    },
    formula="[pf-cA, ps+cB], empty iff pf-ps > cA+cB",
    source="Fearon 1995, p. 403",
    teaches=(
        "If whoever strikes first is likelier to win, each side must be paid not to "
        "strike. When that advantage is worth more than the costs of war, no "
        "agreement pays both."
    ),
    example="pf=0.6 ps=0.45 cA=0.1 cB=0.1",
)
def first_strike(
    first: float = takes("pf", "chance that A wins if it strikes first", SHARE),
    second: float = takes("ps", "chance that A wins if B does", Range(0, "pf")),
    own_cost: float = _OWN,
    other_cost: float = _OTHER,
) -> Results:
    """The range of `fearon_range` where it matters who strikes first."""
    low, high = first - own_cost, second + other_cost
    return {
        "low": low,
        "high": high,
        "deal": low <= high,
        "critical_advantage": own_cost + other_cost,
    }


@model(
    title="A demand against a private cost",
    question="How much to demand of one whose cost is unknown?",
    results={
        "x": "share that A demands",
        "war": "chance that B refuses and there is war",
        "value": "expected share of A, cost of war included",
    },
    formula=(
        "x = min(1, p + clip((u-cA)/2, l, u)), war = (x-p-l)/(u-l), "
        "value = x (1-war) + (p-cA) war"
    ),
    source="Fearon 1995, pp. 410-411",
    teaches=(
        "Not knowing how much the other fears war, a side risks some war for better "
        "terms. As long as less than everything is demanded, that risk does not depend "
        "on who is stronger: strength changes the terms."
    ),
    example="p=0.5 cA=0.1 l=0 u=0.4",
)
def fearon_demand(
    win: float = _WIN,
    own_cost: float = _OWN,
    low: float = takes("l", "least cost of war that B may have", Range(0, "u")),
    high: float = takes("u", "largest cost that B may have; uniform between", COST),
) -> Results:
    """`best_demand` where B's war is worth 1 - p - c."""
    demand = best_demand(1.0 - win, 1.0, low, high, win - own_cost)
    # costs below the demanded gain refuse; a known cost is met, and a tie accepts
    war = 0.0
    if high > low:
        war = min(max((demand - win - low) / (high - low), 0.0), 1.0)
    return {
        "x": demand,
        "war": war,
        "value": demand * (1.0 - war) + (win - own_cost) * war,
    }


def best_demand(
    intercept: float, slope: float, low: float, high: float, own: float
) -> float:
    """Share that a side demands at take-it-or-leave-it of one with a private cost.

    The other side, of cost c uniform on [low, high], accepts what leaves it at least
    its war value `intercept` - `slope` c; `own` is the own war value. The marginal type
    is c* = clip((s high + own - 1 + a)/(2 s), low, high), with `intercept` a and
    `slope` s above 0; the share is 1 - a + s c*, at most 1.
    """
    marginal = (slope * high - (1.0 - intercept - own)) / (2.0 * slope)
    return min(1.0, 1.0 - intercept + slope * min(max(marginal, low), high))


@model(
    title="Risk it or play safe, two types",
    question="How sure of a weak opponent before a bold demand?",
    results={"critical": "chance of a weak B above which A risks war"},
    formula="demand p+cH rather than p+cL iff Pr(cH) > (cL+cA)/(cH+cA)",
    source="Fearon 1995; Powell 1999",
    teaches=(
        "A bold demand wins more from a weak opponent and brings war with a resolved "
        "one. The dearer war is to the one who demands, the surer it must be first."
    ),
    example="cA=0.1 cL=0.05 cH=0.3",
)
def two_types(
    own_cost: float = _OWN,
    low: float = takes("cL", "cost of war of a resolved B", Range(0, "cH")),
    high: float = takes("cH", "cost of war of a weak B", Range(0, 10, above=True)),
) -> Results:
    """Where the sure gain p + cL equals the gamble between p + cH and war."""
    return {"critical": (low + own_cost) / (high + own_cost)}
