"""Which mediators are believed: those who lean the right way.

A demander does not know whether its opponent is weak (war costs it much) or resolved.
A mediator knows a little more and dislikes war. One that only wants peace would always
say "resolved", to make the demander modest, and so says nothing. A mediator biased
towards the demander can be believed when it counsels restraint.

Source: the logic of Kydd (2003), "Which Side Are You On? Bias, Credibility, and
Mediation", American Journal of Political Science 47(4), with two types; re-derived.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Mediator:
    """Beliefs after the signal, the bias that makes both words truthful, and war.

    `weak_if_weak` and `weak_if_resolved` are probabilities that the opponent is weak
    after either signal, if it is believed. "Weak" is said truthfully iff the bias is
    at least `least_bias`, "resolved" iff it is at most `greatest_bias`; either may be
    infinite. `matters` tells whether the demander's demand depends on what a believed
    mediator says. War is a probability.
    """

    weak_if_weak: float
    weak_if_resolved: float
    least_bias: float
    greatest_bias: float
    unbiased_is_believed: bool
    matters: bool
    war_without: float
    war_with: float


def mediator(
    *,
    prior_weak: float,
    accuracy: float,
    own_cost: float,
    resolved_cost: float,
    weak_cost: float,
    mediator_loss: float,
) -> Mediator:
    """What a mediator with a signal on the opponent's cost can achieve.

    The risky demand p + cH is refused by a resolved opponent, the safe one p + cL by
    none; the demander makes the risky one iff Pr(weak) > (cL + cA)/(cH + cA). The
    mediator has the right signal with chance `accuracy` s, values the demander's share
    with weight b and loses `mediator_loss` k_M by war. After the signal, with mu the
    probability of a weak opponent, the risky demand is worth b (mu cH - cL) more to it
    and costs (1 - mu) k_M. Hence "weak" is truthful iff b >= (1 - mu_w) k_M/(mu_w cH -
    cL) and "resolved" iff b <= (1 - mu_r) k_M/(mu_r cH - cL) where that is positive.
    """
    told_weak = _posterior(prior_weak, accuracy)
    told_resolved = _posterior(prior_weak, 1.0 - accuracy)
    threshold = (resolved_cost + own_cost) / (weak_cost + own_cost)
    without = 1.0 - prior_weak if prior_weak > threshold else 0.0
    matters = told_resolved <= threshold < told_weak
    least = _bias(told_weak, resolved_cost, weak_cost, mediator_loss)
    resolved_risk = (1.0 - prior_weak) * (1.0 - accuracy)
    return Mediator(
        weak_if_weak=told_weak,
        weak_if_resolved=told_resolved,
        least_bias=least,
        greatest_bias=_bias(told_resolved, resolved_cost, weak_cost, mediator_loss),
        unbiased_is_believed=matters and least <= 0.0,
        matters=matters,
        war_without=without,
        war_with=resolved_risk if matters else without,
    )


def _posterior(prior: float, likelihood: float) -> float:
    """Probability of a weak opponent after a signal of this likelihood if weak."""
    weak = prior * likelihood
    return weak / (weak + (1.0 - prior) * (1.0 - likelihood))


def _bias(weak: float, resolved_cost: float, weak_cost: float, loss: float) -> float:
    """Bias at which the mediator is indifferent between both demands, or infinite.

    A demander who gains no share by risk finds no mediator who would want it to.
    """
    gain = weak * weak_cost - resolved_cost
    return (1.0 - weak) * loss / gain if gain > 0.0 else math.inf
