"""Which mediators are believed: those who lean the right way.

A demander does not know whether its opponent is weak (war costs it much) or resolved.
A mediator knows a little more and dislikes war. One that only wants peace would always
say "resolved", to make the demander modest, and so says nothing. A mediator biased
towards the demander can be believed when it counsels restraint.

Source: the logic of Kydd (2003), "Which Side Are You On? Bias, Credibility, and
Mediation", American Journal of Political Science 47(4), with two types; re-derived.
"""

import math

from sim.theory.inputs import COST, INSIDE, Range, Results, model, takes

PLACE_IN_COURSE = 2.4


@model(
    title="A mediator and its bias",
    question="Which mediator is believed?",
    results={
        "mu_w": 'chance of a weak opponent after "weak"',
        "mu_r": 'the same after "resolved"',
        "least_bias": 'bias above which "weak" is truthful; none if never',
        "greatest_bias": 'bias up to which "resolved" is; none if at any',
        "matters": "whether the demand depends on a believed word",
        "unbiased_believed": "whether a mediator without bias is believed",
        "war_without": "chance of war without a mediator",
        "war_with": "chance of war with one that is believed",
    },
    formula=(
        "mu by Bayes; the demander risks war iff Pr(weak) > (cL+cA)/(cH+cA); "
        '"weak" is truthful iff bias >= (1-mu_w) kM/(mu_w cH - cL); "resolved" iff '
        "bias <= (1-mu_r) kM/(mu_r cH - cL) where that is positive"
    ),
    source="logic of Kydd 2003, two types; derived here",
    teaches=(
        "A mediator that wants only peace would always counsel restraint, so nobody "
        "listens. One that leans towards a side can tell that side the truth."
    ),
    example="prior=0.6 s=0.85 cA=0.1 cL=0.08 cH=0.3 kM=0.15",
)
def mediator(
    prior_weak: float = takes("prior", "chance that the opponent is weak", INSIDE),
    accuracy: float = takes("s", "chance that the mediator knows right", Range(0.5, 1)),
    own_cost: float = takes("cA", "cost of war to the demander", COST),
    resolved_cost: float = takes(
        "cL", "cost of war of a resolved opponent", Range(0, "cH", below=True)
    ),
    weak_cost: float = takes("cH", "cost of war of a weak opponent", COST),
    mediator_loss: float = takes(
        "kM", "what the mediator loses by war", Range(0.001, 10)
    ),
) -> Results:
    """What a mediator with a signal on the opponent's cost can achieve.

    The risky demand p + cH is refused by a resolved opponent, the safe one p + cL by
    none; the demander makes the risky one iff Pr(weak) > (cL + cA)/(cH + cA). The
    mediator has the right signal with chance s, values the demander's share with weight
    b, its bias, and loses k_M by war. After the signal, with mu the probability of a
    weak opponent, the risky demand is worth b (mu cH - cL) more to it and costs
    (1 - mu) k_M. Hence "weak" is truthful iff b >= (1 - mu_w) k_M/(mu_w cH - cL) and
    "resolved" iff b <= (1 - mu_r) k_M/(mu_r cH - cL) where that is positive.
    """

    def told(likelihood: float) -> float:
        """Probability of a weak opponent after a signal of this likelihood if weak."""
        weak = prior_weak * likelihood
        return weak / (weak + (1.0 - prior_weak) * (1.0 - likelihood))

    def bias(weak: float) -> float | None:
        """Bias at which the mediator is indifferent between both demands, if any.

        A demander who gains no share by risk finds no mediator who would want it to.
        """
        gain = weak * weak_cost - resolved_cost
        found = (1.0 - weak) * mediator_loss / gain if gain > 0.0 else math.inf
        return found if math.isfinite(found) else None

    told_weak, told_resolved = told(accuracy), told(1.0 - accuracy)
    threshold = (resolved_cost + own_cost) / (weak_cost + own_cost)
    without = 1.0 - prior_weak if prior_weak > threshold else 0.0
    matters = told_resolved <= threshold < told_weak
    least = bias(told_weak)
    resolved_risk = (1.0 - prior_weak) * (1.0 - accuracy)
    return {
        "mu_w": told_weak,
        "mu_r": told_resolved,
        "least_bias": least,
        "greatest_bias": bias(told_resolved),
        "matters": matters,
        "unbiased_believed": matters and least is not None and least <= 0.0,
        "war_without": without,
        "war_with": resolved_risk if matters else without,
    }
