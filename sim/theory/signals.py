"""What a side can make another one believe: threats in public, and mediators.

The functions are in `audience_costs.py`, `mediator.py` and `crisis_signalling.py`.
"""

import math

from sim.theory import audience_costs as nerves
from sim.theory import mediator as mediation
from sim.theory.crisis_signalling import CrisisGame, crisis_equilibria
from sim.theory.inputs import COST, INSIDE, Input, Range, Result, Results, Rule, model

_SOME = Range(0.001, 1000)


@model(
    title="Audience costs",
    question="Who backs down when backing down costs at home?",
    inputs=(
        Input("v", "prize", "value of the prize", _SOME),
        Input("a1", "cost", "cost to side 1 of backing down, per unit of time", _SOME),
        Input("a2", "other_cost", "cost to side 2", _SOME),
        Input(
            "W1", "worst_war", "value of war to side 1 is uniform on -W1 to 0", _SOME
        ),
        Input("W2", "other_worst_war", "the same for side 2", _SOME),
    ),
    results=(
        Result("horizon", "time after which nobody backs down: war"),
        Result("concede_1", "chance that side 1 gives in at once"),
        Result("concede_2", "chance that side 2 does"),
        Result("war", "chance of war"),
        Result("war_in_crisis", "the same if nobody gives in at once"),
        Result(
            "odds", "in a crisis, chance of giving in of side 2 over that of side 1"
        ),
        Result("backs_down_1", "in a crisis, chance that side 1 is first to back down"),
        Result("backs_down_2", "chance that side 2 is"),
    ),
    formula=(
        "t_i = [-a_j v + sqrt(a_j^2 v^2 + 4 a_i a_j v W_j)]/(2 a_i a_j), horizon t* "
        "the smaller; war = (a1 t*/W1)(a2 t*/W2); side j gives in by t* with chance "
        "a_i t*/(v + a_i t*) if the other does not"
    ),
    source="Fearon 1994, pp. 582-586",
    teaches=(
        "A threat is believed if backing down from it would hurt. In a crisis the side "
        "that can tie its hands more firmly backs down less often, whatever was "
        "believed of both before."
    ),
    example="v=1 a1=3 a2=0.5 W1=2 W2=2",
)
def audience_costs(
    prize: float,
    cost: float,
    other_cost: float,
    worst_war: float,
    other_worst_war: float,
) -> Results:
    """War of nerves in continuous time."""
    found = nerves.audience_costs(
        prize=prize, costs=(cost, other_cost), worst_wars=(worst_war, other_worst_war)
    )
    return {
        "horizon": found.horizon,
        "concede_1": found.concede_at_once[0],
        "concede_2": found.concede_at_once[1],
        "war": found.war,
        "war_in_crisis": found.war_in_crisis,
        "odds": found.odds,
        "backs_down_1": found.backs_down[0],
        "backs_down_2": found.backs_down[1],
    }


@model(
    title="A mediator and its bias",
    question="Which mediator is believed?",
    inputs=(
        Input("prior", "prior_weak", "chance that the opponent is weak", INSIDE),
        Input("s", "accuracy", "chance that the mediator knows right", Range(0.5, 1)),
        Input("cA", "own_cost", "cost of war to the demander", COST),
        Input(
            "cL",
            "resolved_cost",
            "cost of war of a resolved opponent",
            Range(0, "cH", below=True),
        ),
        Input("cH", "weak_cost", "cost of war of a weak opponent", COST),
        Input(
            "kM", "mediator_loss", "what the mediator loses by war", Range(0.001, 10)
        ),
    ),
    results=(
        Result("mu_w", 'chance of a weak opponent after "weak"'),
        Result("mu_r", 'the same after "resolved"'),
        Result("least_bias", 'bias above which "weak" is truthful; none if never'),
        Result("greatest_bias", 'bias up to which "resolved" is; none if at any'),
        Result("matters", "whether the demand depends on a believed word"),
        Result("unbiased_believed", "whether a mediator without bias is believed"),
        Result("war_without", "chance of war without a mediator"),
        Result("war_with", "chance of war with one that is believed"),
    ),
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
    prior_weak: float,
    accuracy: float,
    own_cost: float,
    resolved_cost: float,
    weak_cost: float,
    mediator_loss: float,
) -> Results:
    """Two types of opponent, a signal of either, a bias towards the demander."""
    found = mediation.mediator(
        prior_weak=prior_weak,
        accuracy=accuracy,
        own_cost=own_cost,
        resolved_cost=resolved_cost,
        weak_cost=weak_cost,
        mediator_loss=mediator_loss,
    )

    def limit(bias: float) -> float | None:
        return bias if math.isfinite(bias) else None

    return {
        "mu_w": found.weak_if_weak,
        "mu_r": found.weak_if_resolved,
        "least_bias": limit(found.least_bias),
        "greatest_bias": limit(found.greatest_bias),
        "matters": found.matters,
        "unbiased_believed": found.unbiased_is_believed,
        "war_without": found.war_without,
        "war_with": found.war_with,
    }


_PAYOFF = Range(-100, 100)


@model(
    title="Crisis signalling, all equilibria",
    question="How may a challenge be understood?",
    inputs=(
        Input("VA", "concession", "payoff of A if B concedes", _PAYOFF),
        Input("WA", "own_war", "mean payoff of war to A", _PAYOFF),
        Input("aA", "backing_down", "mean payoff to A of backing down", _PAYOFF),
        Input("CB", "conceding", "payoff of B if it concedes", _PAYOFF),
        Input("WB", "other_war", "mean payoff of war to B", _PAYOFF),
        Input(
            "VB",
            "called_bluff",
            "payoff of B if A backs down",
            Range("CB", 100, above=True),
        ),
        Input(
            "SA",
            "status_quo",
            "payoff of A without a challenge",
            Range(-100, "VA", below=True),
            required=False,
            default=0.0,
        ),
        Input(
            "sd",
            "spread",
            "standard deviation of the three private errors",
            Range(0.01, 100),
            required=False,
            default=1.0,
        ),
    ),
    rules=(
        Rule(
            ("SA", "VA"),
            lambda given: given["SA"] < given["VA"],
            "SA is not below VA: nobody would challenge for the prize",
        ),
    ),
    results=(
        Result("equilibria", "how many there are"),
        Result("challenge", "of each, chance that A challenges"),
        Result("resist", "of each, chance that B resists a challenge"),
        Result("fight", "of each, chance that A fights if resisted, as B believes"),
        Result("war", "of each, chance of war"),
        Result("proved_single", "whether theory allows only one"),
        Result("near_misses", "beliefs at which another one almost exists"),
    ),
    formula=(
        "r = Phi([F WB + (1-F) VB - CB]/(sd F)); A challenges iff the better of war "
        "and backing down is above VA - (VA-SA)/r; F = Pr(war is better | challenge), "
        "and every F that so repeats itself is an equilibrium"
    ),
    source="Lewis and Schultz 2003; Crisman-Cox and Gibilisco 2021",
    teaches=(
        "What a challenge says depends on who is expected to make one, so the same "
        "crisis can be understood in several consistent ways. A study that finds one "
        "equilibrium has not found the prediction of the model."
    ),
    example="VA=1 WA=-1.9 aA=-1.2 CB=0 WB=-2.8 VB=1",
)
def crisis_signalling(
    concession: float,
    own_war: float,
    backing_down: float,
    conceding: float,
    other_war: float,
    called_bluff: float,
    status_quo: float,
    spread: float,
) -> Results:
    """Crisis bargaining with normal errors."""
    found = crisis_equilibria(
        CrisisGame(
            concession=concession,
            own_war=own_war,
            backing_down=backing_down,
            conceding=conceding,
            other_war=other_war,
            called_bluff=called_bluff,
            status_quo=status_quo,
            spread=spread,
        )
    )
    return {
        "equilibria": len(found.equilibria),
        "challenge": [each.challenge for each in found.equilibria],
        "resist": [each.resist for each in found.equilibria],
        "fight": [each.fight for each in found.equilibria],
        "war": [each.war for each in found.equilibria],
        "proved_single": found.proved_single,
        "near_misses": list(found.near_misses),
    }
