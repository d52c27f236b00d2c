"""What battles teach, and when enough is learned for an agreement."""

import math

from sim.model.formulas.elementary import expit, logit
from sim.theory.inputs import INSIDE, ODDS, SHARE, Range, Results, model, takes
from sim.theory.walk import (
    BATTLES,
    LINE,
    LINES,
    OTHER_COST,
    OWN_COST,
    PATIENCE,
    Walk,
    wars,
)

PLACE_IN_COURSE = 5.1
MOST_BATTLES = 10_000

_COUNT = Range(0, 10_000)


def learned(
    belief: float, weight: float, won: float, expected: float, learning_weight: float
) -> tuple[float, float]:
    """Mean and weight of a belief after one battle.

    m' = m + w (won - expected)/(n + w), n' = n + w. `expected` is the chance the side
    gave to what `won` (0 or 1) counts, so that only surprise teaches. The mean is kept
    in [1e-6, 1-1e-6], where its log-odds are finite.

    >>> learned(0.5, 19.0, 1.0, 0.5, 1.0)
    (0.525, 20.0)
    """
    total = weight + learning_weight
    if total <= 0.0:
        return belief, weight
    mean = belief + learning_weight * (won - expected) / total
    return min(max(mean, 1e-6), 1.0 - 1e-6), total


@model(
    title="Beta-Binomial learning",
    question="What to believe after some battles?",
    results={
        "mean": "chance to win the next battle",
        "weight": "how many battles this belief rests on",
        "sd": "standard deviation of the belief",
    },
    formula="mean = (a+wins)/(a+b+n), weight = a+b+n, sd^2 = mean (1-mean)/(weight+1)",
    source="Bayes; used for war by Smith and Stam 2003, 2004",
    teaches=(
        "A belief is the odds it names and the number of battles it rests on. Who has "
        "seen much learns little from the next battle."
    ),
    example="a=6 b=4 wins=3 n=10",
)
def beta_learning(
    for_it: float = takes(
        "a", "prior weight of victories, in battles", Range(0.1, 1e4)
    ),
    against: float = takes("b", "prior weight of defeats", Range(0.1, 1e4)),
    wins: float = takes("wins", "battles won", Range(0, "n"), "whole"),
    battles: float = takes("n", "battles fought", _COUNT, "whole"),
) -> Results:
    """`learned` from all battles in one step."""
    weight = for_it + against
    prior = for_it / weight
    won = wins / battles if battles > 0.0 else prior
    mean, weight = learned(prior, weight, won, prior, battles)
    return {
        "mean": mean,
        "weight": weight,
        "sd": math.sqrt(mean * (1.0 - mean) / (weight + 1.0)),
    }


@model(
    title="One step of learning",
    question="What does one battle teach?",
    results={
        "mean": "belief after, kept in 1e-6 to 1 - 1e-6",
        "weight": "battles it rests on",
    },
    formula="mean = m + w (y-p_hat)/(n+w), weight = n+w",
    source="Beta-Binomial learning if p_hat = m and w = 1; derived here",
    teaches=(
        "Only surprise teaches: a victory that aid explains says little about the "
        "sides themselves. A small weight w stands for doubt in the news."
    ),
    example="m=0.5 n=20 y=1 p_hat=0.56 w=1",
)
def learning_step(
    mean: float = takes("m", "belief before: chance to win a battle", ODDS),
    weight: float = takes("n", "battles it rests on", Range(0, 1e6)),
    won: float = takes("y", "outcome, 1 if won and 0 if lost", SHARE),
    expected: float = takes(
        "p_hat", "chance of victory that was expected today", SHARE
    ),
    learning: float = takes("w", "weight of this battle", Range(0, 10)),
) -> Results:
    """`learned` from one battle."""
    after, total = learned(mean, weight, won, expected, learning)
    return {"mean": after, "weight": total}


@model(
    title="Which opponent is it?",
    question="Which of two opponents do the battles point to?",
    results={"posterior": "chance of type 1 after"},
    formula=(
        "logit posterior = logit prior + wins log(p1/p2) + losses log((1-p1)/(1-p2))"
    ),
    source="Bayes; Powell 2004, Filson and Werner 2002",
    teaches=(
        "Each battle adds its own piece of evidence, and a battle that both types "
        "would lose alike adds none. Wars between sides that may be of different "
        "strength end when enough has been shown."
    ),
    example="p1=0.6 p2=0.4 prior=0.5 wins=1 losses=3",
)
def type_posterior(
    first: float = takes("p1", "chance to win a battle against type 1", INSIDE),
    second: float = takes("p2", "chance to win one against type 2", INSIDE),
    prior: float = takes("prior", "chance of type 1 before", INSIDE),
    wins: float = takes("wins", "battles won", Range(0, 1e9), "whole"),
    losses: float = takes("losses", "battles lost", Range(0, 1e9), "whole"),
) -> Results:
    """Summed as log-odds, which long wars cannot underflow."""
    win = math.log(first) - math.log(second)
    loss = math.log1p(-first) - math.log1p(-second)
    return {"posterior": expit(logit(prior) + wins * win + losses * loss)}


@model(
    title="Mutual optimism wears off",
    question="How many battles until optimism is cured?",
    results={
        "gap_n": "gap after n battles",
        "battles": "first number with a deal; none without one or a surplus",
    },
    formula="gap_n = gap n0/(n0+n); battles: the first n with gap_n <= surplus",
    source="Smith and Stam 2003, 2004",
    teaches=(
        "Both sides see the same battles, so their disagreement shrinks at the same "
        "pace whoever wins. It shrinks slowly if both were sure of themselves."
    ),
    example="gap=0.3 n0=20 n=15 surplus=0.08",
)
def optimism_gap(
    gap: float = takes("gap", "by how much both overrate their odds, together", SHARE),
    weight: float = takes("n0", "battles that each belief rests on", Range(0.001, 1e6)),
    battles: float = takes("n", "battles fought", Range(0, 1e9), "whole"),
    surplus: float | None = takes(
        "surplus", "gap at which there is a deal", SHARE, default=None
    ),
) -> Results:
    """Two Beta beliefs of equal weight, one record of battles."""
    first: int | None = None
    if surplus is not None and gap <= surplus:
        first = 0
    elif surplus is not None and surplus > gap * 1e-9:
        # The quotient is whole in exact arithmetic more often than in ours.
        first = math.ceil(weight * (gap / surplus - 1.0) * (1.0 - 1e-12))
    return {"gap_n": gap * weight / (weight + battles), "battles": first}


@model(
    title="Battles until the first deal",
    question="How long do two optimists fight?",
    results={
        "battles": f"battles until W_U + W_R <= 1; none if not within {MOST_BATTLES}",
        "room": "1 - W_U - W_R before the first battle",
        "mU": "belief of U at the deal, or after the last battle",
        "mR": "belief of R then",
    },
    formula=(
        "beliefs move by the mean outcome, m' = m + (p-m)/(n+1), n' = n+1, the line "
        "stays; battles: the first n with W_U(mU) + W_R(mR) <= 1, W as in "
        "`random_proposer`"
    ),
    source="Smith and Stam 2004; Slantchev 2003; Powell 2004",
    teaches=(
        "There is a deal once what both expect of the war fits into one stake. Dear "
        "wars leave more room for optimism, and slow learners fight for longer."
    ),
    example="N=20 k=8 h=0.5 d=0.98 cU=0.1 cR=0.08 mU=0.56 mR=0.4 n0=40 p=0.47",
)
def first_deal(
    lines: float = LINES,
    line: float = LINE,
    battle_chance: float = BATTLES,
    discount: float = PATIENCE,
    own_cost: float = OWN_COST,
    other_cost: float = OTHER_COST,
    own_belief: float = takes("mU", "chance that U wins a battle, as U sees it", ODDS),
    other_belief: float = takes("mR", "the same chance as R sees it", ODDS),
    weight: float = takes("n0", "battles that each belief rests on", Range(0.001, 1e6)),
    win: float = takes("p", "the true chance", ODDS),
) -> Results:
    """The value of war at each side's belief, `learned` from battle after battle."""
    walk = Walk(lines, line, win, discount, battle_chance)
    costs = own_cost, other_cost

    def room() -> float:
        own, _, _ = wars(walk._replace(win=own_belief), costs)
        _, other, _ = wars(walk._replace(win=other_belief), costs)
        return 1.0 - own - other

    at_start = left = room()
    fought = 0
    while left < 0.0 and fought < MOST_BATTLES:
        own_belief, _ = learned(own_belief, weight, win, own_belief, 1.0)
        other_belief, weight = learned(other_belief, weight, win, other_belief, 1.0)
        fought += 1
        left = room()
    return {
        "battles": fought if left >= 0.0 else None,
        "room": at_start,
        "mU": own_belief,
        "mR": other_belief,
    }
