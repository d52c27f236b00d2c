"""Bargaining while fighting with an opponent of unknown strength: three types.

Side U knows its own strength, side R may be weak, middling or strong: the type decides
the chance that U wins a battle. U screens with its first offer, R answers through what
it demands after the first battle, and the battlefield itself teaches U, too. The
fighting ends when it has nothing more to teach.

Source: Slantchev (2003), "The Principle of Convergence in Wartime Negotiations",
American Political Science Review 97(4), doi:10.1017/S0003055403000911, Proposition 2.
With complete information the
model is that of `slantchev`.
"""

from sim.theory.fighting import slantchev
from sim.theory.inputs import INSIDE, ODDS, Range, Results, Rule, model, takes
from sim.theory.walk import OTHER_FLOW, OWN_FLOW, PATIENCE

PLACE_IN_COURSE = 4.2


@model(
    title="Battles and offers that teach",
    question="What does war teach about a hidden strength?",
    rules=(
        Rule(
            lambda lines, line: line <= lines - 2,
            "k is above N-2: there is no room for two battles",
        ),
        Rule(
            lambda prior_weak, prior_strong: prior_weak + prior_strong < 1.0,
            "sum to 1 or more: there is no middling type",
        ),
        Rule(
            lambda own_flow, other_flow: own_flow + other_flow < 1.0,
            "sum to 1 or more: war would cost nothing",
        ),
    ),
    results={
        "x0": "share that U asks for at once; the weak R accepts",
        "y_win": "share that a middling R gets after a battle that U won",
        "y_loss": "the same after one that U lost",
        "q_win": "chance of a strong R after a battle that U won",
        "q_loss": "the same after one that U lost",
        "battles": "expected number of battles",
        "separates": "whether no R gains by playing another type",
    },
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
    lines: float = takes("N", "steps of the stake", Range(4, 1e7), "whole"),
    line: float = takes("k", "steps that U holds", Range(2, "N"), "whole"),
    win_against_strong: float = takes(
        "pL",
        "chance that U wins a battle with a strong R",
        Range(1e-6, "pM", below=True),
    ),
    win_against_middle: float = takes(
        "pM", "the same with a middling R", Range(1e-6, "pH", below=True)
    ),
    win_against_weak: float = takes("pH", "the same with a weak R", ODDS),
    prior_weak: float = takes("qw", "chance that R is weak", INSIDE),
    prior_strong: float = takes("qs", "chance that R is strong", INSIDE),
    discount: float = PATIENCE,
    own_flow: float = OWN_FLOW,
    other_flow: float = OTHER_FLOW,
) -> Results:
    """Offers, demands and beliefs against an opponent of three possible strengths.

    With x(k) U's share against a known strong type when U proposes at line k: after the
    first battle U believes with q that R is strong, and accepts a demand of at most
    y(k) = 1 - v_U(k; q pL + (1-q) pM) with w = x. The middling type asks for that and
    gets it; the strong type then demands more than U accepts, fights once more and is
    offered what a strong opponent is due. The weak type accepts x0 = 1 - v_R(k; pH)
    with w = y after the first battle: what it would get by playing the middling type.
    Beliefs follow Bayes' rule from battles alone; hearing the middling demand, U still
    allows for the strong type, as it must for the reference values (T21) to hold.
    Expected battles: 0, 1 and 2 by type.
    """
    prior_middle = 1.0 - (prior_weak + prior_strong)

    def known_strong(at: float) -> float:
        """U's share if it proposes and strength is known; 0 and 1 at the ends."""
        if at in (0.0, lines):
            return at / lines
        known = slantchev(
            lines=lines,
            line=at,
            win=win_against_strong,
            discount=discount,
            own_flow=own_flow,
            other_flow=other_flow,
        )
        return float(known["x"])

    def own_after(at: float, win: float) -> float:
        """Value to U of a battle, then the offer that a strong opponent accepts."""
        up, down = known_strong(at + 1.0), known_strong(at - 1.0)
        return (1.0 - discount) * own_flow + discount * (win * up + (1.0 - win) * down)

    def other_after(win: float, up: float, down: float) -> float:
        """Value to R of a battle, then `up` if U wins it and `down` if it loses."""
        mean = win * up + (1.0 - win) * down
        return (1.0 - discount) * other_flow + discount * mean

    beliefs, demands, honest = [], [], True
    for won in (True, False):
        strong = win_against_strong if won else 1.0 - win_against_strong
        middle = win_against_middle if won else 1.0 - win_against_middle
        strong, middle = prior_strong * strong, prior_middle * middle
        belief = strong / (strong + middle)
        at = line + 1.0 if won else line - 1.0
        expected = belief * win_against_strong + (1.0 - belief) * win_against_middle
        demand = 1.0 - own_after(at, expected)
        up, down = 1.0 - known_strong(at + 1.0), 1.0 - known_strong(at - 1.0)
        by_weak = other_after(win_against_weak, up, down)
        by_middle = other_after(win_against_middle, up, down)
        by_strong = other_after(win_against_strong, up, down)
        honest = honest and max(by_weak, by_middle) <= demand <= by_strong
        beliefs.append(belief)
        demands.append(demand)
    return {
        "x0": 1.0 - other_after(win_against_weak, demands[0], demands[1]),
        "y_win": demands[0],
        "y_loss": demands[1],
        "q_win": beliefs[0],
        "q_loss": beliefs[1],
        "battles": prior_middle + 2.0 * prior_strong,
        "separates": honest,
    }
