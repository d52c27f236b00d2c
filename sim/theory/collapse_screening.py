"""Screening while fighting: offers to an opponent of unknown cost of war.

In each round of war either side may collapse and lose everything. U makes the offers
and does not know whether R is tough (war costs it little) or weak. It can pool: offer
what even the tough type accepts, and have peace at once. Or it can screen: offer less,
have peace with a weak R, and fight a round with a tough one before it offers more.

Source: the set-up of Powell (2004), "Bargaining and Learning While Fighting",
American Journal of Political Science 48(2), doi:10.1111/j.0092-5853.2004.00074.x, with
two types; re-derived here.
"""

from sim.theory.inputs import SHARE, Range, Results, Rule, model, takes
from sim.theory.walk import PATIENCE

PLACE_IN_COURSE = 4.3

# The range in which the values of war stay inside the stake.
_MODEST = Range(-1, 1)


@model(
    title="Screening in a war of collapse",
    question="Pay off a tough foe, or wait out a weak one?",
    rules=(
        Rule(
            lambda own_collapse, other_collapse: own_collapse + other_collapse <= 1.0,
            "sum to more than 1: both may not collapse in one round",
        ),
        Rule(
            lambda own_flow, tough_flow: own_flow + tough_flow < 1.0,
            "sum to 1 or more: war with a tough R would cost nothing",
        ),
        Rule(
            lambda discount, own_collapse, weak_flow: (
                (1.0 - discount) * weak_flow + discount * own_collapse >= 0.0
            ),
            "war is worth less than nothing to a weak R: raise bK, dU or d",
        ),
    ),
    results={
        "W_T": "value of war to a tough R",
        "W_K": "value of war to a weak R",
        "pool": "share for R that both types accept",
        "screen": "share that only a weak R accepts",
        "threshold": "chance of a weak R above which U screens",
        "two_offers": "chance up to which one such offer is enough",
        "pool_worth": "what U gets if it pools",
        "screen_worth": "what it gets if it screens once; none without weak",
        "best": "pool, screen, or screen more than once; none without weak",
    },
    formula=(
        "W(b) = [(1-d) b + d dU]/(1-d n), n = 1-dU-dR; pool = W(bT); "
        "screen = (1-d) bK + d [dU + n W(bT)]; threshold = (1-bU-bT)/(1-bU-bK); "
        "two_offers = threshold D1/[D1 - D0 (1-threshold)], D what U gains by peace "
        "over a round of war at the screening offer (D0) and at the one before it (D1)"
    ),
    source="set-up of Powell 2004, two types; derived here",
    teaches=(
        "An offer that a tough opponent would refuse is a bet that it is weak, paid in "
        "war if it is not. The surer the bet, the more small steps it is worth to find "
        "out."
    ),
    example="d=0.9 dU=0.1 dR=0.15 bU=0.3 bT=0.35 bK=0.1 weak=0.65",
)
def collapse_screening(
    discount: float = PATIENCE,
    own_collapse: float = takes("dU", "chance per round that U collapses", SHARE),
    other_collapse: float = takes("dR", "chance per round that R does", SHARE),
    own_flow: float = takes("bU", "flow to U while war lasts", _MODEST),
    tough_flow: float = takes("bT", "flow to a tough R", _MODEST),
    weak_flow: float = takes("bK", "flow to a weak R", Range(-1, "bT", below=True)),
    weak: float | None = takes("weak", "chance that R is weak", SHARE, default=None),
) -> Results:
    """Offers, which are shares for R, in a war of collapse; R is tough or weak.

    Flows b are what war gives per period. The screening offer leaves the weak type as
    well off as one more round followed by pool. One such offer beats pool iff
    Pr(weak) > (1 - b_U - b_T)/(1 - b_U - b_K).

    With two screening offers the weak type must reject the first one so often that U
    is indifferent afterwards. If D0 and D1 are U's gains from peace over one more
    round, at the screening offer and at the one before it, that pays for beliefs above
    threshold D1/[D1 - D0 (1 - threshold)]. Above it U makes more offers, each a little
    better.
    """
    n = 1.0 - own_collapse - other_collapse

    def one_more_round(flow: float, offer: float) -> float:
        """Value to R of a round of war and then peace at `offer`."""
        return (1.0 - discount) * flow + discount * (own_collapse + n * offer)

    def war(flow: float) -> float:
        return ((1.0 - discount) * flow + discount * own_collapse) / (
            1.0 - discount * n
        )

    pool = min(1.0, war(tough_flow))  # above 1 by rounding only
    screen = one_more_round(weak_flow, pool)
    # U's value of a round that ends in pool, when R does not accept
    refused = (1.0 - discount) * own_flow + discount * (
        other_collapse + n * (1.0 - pool)
    )
    # What a period of war costs both, and by how much it costs a weak R more; in these
    # D0 = (1-d) weak_cost and D1 = D0 + (1-d) d n more, so that nothing cancels.
    tough_cost, weak_cost = 1.0 - (own_flow + tough_flow), 1.0 - (own_flow + weak_flow)
    more = discount * n * (tough_flow - weak_flow)
    threshold = tough_cost / weak_cost
    enough = threshold * (weak_cost + more) / (tough_cost + more)
    worth = best = None
    if weak is not None:
        worth = weak * (1.0 - screen) + (1.0 - weak) * refused
        if weak <= threshold:
            best = "pool"
        else:
            best = "screen" if weak <= enough else "screen more than once"
    return {
        "W_T": pool,
        "W_K": war(weak_flow),
        "pool": pool,
        "screen": screen,
        "threshold": threshold,
        "two_offers": enough,
        "pool_worth": 1.0 - pool,
        "screen_worth": worth,
        "best": best,
    }
