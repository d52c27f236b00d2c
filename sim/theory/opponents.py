"""Fighting on with an opponent whose kind is not known: what its answers tell.

The functions are in `slantchev_types.py` and `collapse_screening.py`.
"""

from sim.theory import collapse_screening as screening
from sim.theory import slantchev_types as three_types
from sim.theory.front import OTHER_FLOW, OWN_FLOW, PATIENCE
from sim.theory.inputs import (
    INSIDE,
    ODDS,
    SHARE,
    Input,
    Range,
    Result,
    Results,
    Rule,
    model,
)

_COST_OF_WAR = Rule(
    ("bU", "bR"),
    lambda given: given["bU"] + given["bR"] < 1.0,
    "sum to 1 or more: war would cost nothing",
)
# Ranges in which the values of war stay inside the stake.
_MODEST = Range(-1, 1)


@model(
    title="Battles and offers that teach",
    question="What does war teach about a hidden strength?",
    inputs=(
        Input("N", "lines", "steps of the stake", Range(4, 1e7), "whole"),
        Input("k", "line", "steps that U holds", Range(2, "N"), "whole"),
        Input(
            "pL",
            "win_against_strong",
            "chance that U wins a battle with a strong R",
            Range(1e-6, "pM", below=True),
        ),
        Input(
            "pM",
            "win_against_middle",
            "the same with a middling R",
            Range(1e-6, "pH", below=True),
        ),
        Input("pH", "win_against_weak", "the same with a weak R", ODDS),
        Input("qw", "prior_weak", "chance that R is weak", INSIDE),
        Input("qs", "prior_strong", "chance that R is strong", INSIDE),
        PATIENCE,
        OWN_FLOW,
        OTHER_FLOW,
    ),
    rules=(
        Rule(
            ("N", "k"),
            lambda given: given["k"] <= given["N"] - 2,
            "k is above N-2: there is no room for two battles",
        ),
        Rule(
            ("qw", "qs"),
            lambda given: given["qw"] + given["qs"] < 1.0,
            "sum to 1 or more: there is no middling type",
        ),
        _COST_OF_WAR,
    ),
    results=(
        Result("x0", "share that U asks for at once; the weak R accepts"),
        Result("y_win", "share that a middling R gets after a battle that U won"),
        Result("y_loss", "the same after one that U lost"),
        Result("q_win", "chance of a strong R after a battle that U won"),
        Result("q_loss", "the same after one that U lost"),
        Result("battles", "expected number of battles"),
        Result("separates", "whether no R gains by playing another type"),
    ),
    formula=(
        "v(k; p) = (1-d) b + d [p w(k+1) + (1-p) w(k-1)] is a battle followed by w; "
        "y = 1 - v_U(k+-1; q pL + (1-q) pM), w = x of `slantchev` against a strong R, "
        "q by Bayes from the battle; x0 = 1 - v_R(k; pH) with w = y; "
        "battles = Pr(middling) + 2 qs"
    ),
    source="Slantchev 2003, Proposition 2",
    teaches=(
        "A refusal tells that the opponent is not weak, and a battle tells more. The "
        "war goes on until it has nothing left to teach, so most wars end early and "
        "short of victory."
    ),
    example="N=6 k=3 pL=0.3 pM=0.5 pH=0.7 qw=0.3 qs=0.3 d=0.99 bU=0.3 bR=0.3",
)
def slantchev_types(
    lines: float,
    line: float,
    win_against_strong: float,
    win_against_middle: float,
    win_against_weak: float,
    prior_weak: float,
    prior_strong: float,
    discount: float,
    own_flow: float,
    other_flow: float,
) -> Results:
    """Three types that differ in strength."""
    found = three_types.slantchev_types(
        lines=lines,
        line=line,
        win_against_strong=win_against_strong,
        win_against_middle=win_against_middle,
        win_against_weak=win_against_weak,
        prior_weak=prior_weak,
        prior_strong=prior_strong,
        discount=discount,
        own_flow=own_flow,
        other_flow=other_flow,
    )
    return {
        "x0": found.first_offer,
        "y_win": found.demand_after_win,
        "y_loss": found.demand_after_loss,
        "q_win": found.belief_after_win,
        "q_loss": found.belief_after_loss,
        "battles": found.expected_battles,
        "separates": found.separates,
    }


@model(
    title="Screening in a war of collapse",
    question="Pay off a tough foe, or wait out a weak one?",
    inputs=(
        PATIENCE,
        Input("dU", "own_collapse", "chance per round that U collapses", SHARE),
        Input("dR", "other_collapse", "chance per round that R does", SHARE),
        Input("bU", "own_flow", "flow to U while war lasts", _MODEST),
        Input("bT", "tough_flow", "flow to a tough R", _MODEST),
        Input("bK", "weak_flow", "flow to a weak R", Range(-1, "bT", below=True)),
        Input("weak", "weak", "chance that R is weak", SHARE, required=False),
    ),
    rules=(
        Rule(
            ("dU", "dR"),
            lambda given: given["dU"] + given["dR"] <= 1.0,
            "sum to more than 1: both may not collapse in one round",
        ),
        Rule(
            ("bU", "bT"),
            lambda given: given["bU"] + given["bT"] < 1.0,
            "sum to 1 or more: war with a tough R would cost nothing",
        ),
        Rule(
            ("d", "dU", "bK"),
            lambda given: (
                (1.0 - given["d"]) * given["bK"] + given["d"] * given["dU"] >= 0.0
            ),
            "war is worth less than nothing to a weak R: raise bK, dU or d",
        ),
    ),
    results=(
        Result("W_T", "value of war to a tough R"),
        Result("W_K", "value of war to a weak R"),
        Result("pool", "share for R that both types accept"),
        Result("screen", "share that only a weak R accepts"),
        Result("threshold", "chance of a weak R above which U screens"),
        Result("two_offers", "chance up to which one such offer is enough"),
        Result("pool_worth", "what U gets if it pools"),
        Result("screen_worth", "what it gets if it screens once; none without weak"),
        Result("best", "pool, screen, or screen more than once; none without weak"),
    ),
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
    discount: float,
    own_collapse: float,
    other_collapse: float,
    own_flow: float,
    tough_flow: float,
    weak_flow: float,
    weak: float | None,
) -> Results:
    """Two types that differ in what war costs them."""
    found = screening.collapse_screening(
        discount=discount,
        own_collapse=own_collapse,
        other_collapse=other_collapse,
        own_flow=own_flow,
        tough_flow=tough_flow,
        weak_flow=weak_flow,
        weak=weak,
    )
    return {
        "W_T": found.tough_war,
        "W_K": found.weak_war,
        "pool": found.pool,
        "screen": found.screen,
        "threshold": found.threshold,
        "two_offers": found.two_offers_up_to,
        "pool_worth": found.pool_worth,
        "screen_worth": found.screen_worth,
        "best": found.best,
    }
