"""Screening while fighting: offers to an opponent of unknown cost of war.

In each round of war either side may collapse and lose everything. U makes the offers
and does not know whether R is tough (war costs it little) or weak. It can pool: offer
what even the tough type accepts, and have peace at once. Or it can screen: offer less,
have peace with a weak R, and fight a round with a tough one before it offers more.

Source: the set-up of Powell (2004), "Bargaining and Learning While Fighting",
American Journal of Political Science 48(2), with two types; re-derived here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class CollapseScreening:
    """War values, offers (shares for R) and when U makes which.

    `tough_war` and `weak_war` are R's values of war; `pool` and `screen` the offers.
    U pools if it thinks R weak with at most `threshold`, screens with one offer up to
    `two_offers_up_to`, and above that with more offers, each a little better.
    """

    tough_war: float
    weak_war: float
    pool: float
    screen: float
    threshold: float
    two_offers_up_to: float
    pool_worth: float
    """What U gets by pooling."""
    screen_worth: float | None
    """What U gets by one screening offer; None without a belief."""
    best: str | None
    """`pool`, `screen` or `screen more than once`; None without a belief."""


def collapse_screening(
    *,
    discount: float,
    own_collapse: float,
    other_collapse: float,
    own_flow: float,
    tough_flow: float,
    weak_flow: float,
    weak: float | None = None,
) -> CollapseScreening:
    """Offers in a war of collapse against an opponent that is tough or weak.

    Per round U collapses with d_U (`own_collapse`) and R with d_R, n = 1 - d_U - d_R;
    flows b are what war gives per period. W(b) = [(1-d) b + d d_U]/(1 - d n); pool is
    W(b_T); the screening offer leaves the weak type as well off as one more round
    followed by pool: (1-d) b_K + d [d_U + n W(b_T)]. One such offer beats pool iff
    Pr(weak) > (1 - b_U - b_T)/(1 - b_U - b_K).

    With two screening offers the weak type must reject the first one so often that U
    is indifferent afterwards. If D0 and D1 are U's gains from peace over one more
    round, at the screening offer and at the one before it, that pays for beliefs above
    threshold D1/[D1 - D0 (1 - threshold)].
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
    return CollapseScreening(
        tough_war=pool,
        weak_war=war(weak_flow),
        pool=pool,
        screen=screen,
        threshold=threshold,
        two_offers_up_to=enough,
        pool_worth=1.0 - pool,
        screen_worth=worth,
        best=best,
    )
