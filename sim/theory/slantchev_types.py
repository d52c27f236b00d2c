"""Bargaining while fighting with an opponent of unknown strength: three types.

Side U knows its own strength, side R may be weak, middling or strong: the type decides
the chance that U wins a battle. U screens with its first offer, R answers through what
it demands after the first battle, and the battlefield itself teaches U, too. The
fighting ends when it has nothing more to teach.

Source: Slantchev (2003), "The Principle of Convergence in Wartime Negotiations",
American Political Science Review 97(4), Proposition 2. With complete information the
model is that of `sim.model.formulas.bargaining.alternating_offers`.
"""

from dataclasses import dataclass

from sim.model.formulas.bargaining import alternating_offers
from sim.model.formulas.elementary import logit
from sim.model.formulas.odds import discounted_odds


@dataclass(frozen=True)
class ThreeTypes:
    """What each side offers and believes along the path of play.

    `first_offer` is the share that U asks for itself at once; only the weak type
    accepts it. `demand_after_win` and `demand_after_loss` are the shares that the
    middling type asks for itself after the battle that followed, won or lost by U, and
    gets. The strong type then demands more than U accepts, fights once more and is
    offered what a strong opponent is due. `belief_after_win` and `belief_after_loss`
    are U's probabilities of the strong type after the battle and before the demand.
    `separates` tells whether no type gains by playing as another after the battle.
    """

    first_offer: float
    demand_after_win: float
    demand_after_loss: float
    belief_after_win: float
    belief_after_loss: float
    expected_battles: float
    separates: bool


def slantchev_types(
    *,
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
) -> ThreeTypes:
    """Offers, demands and beliefs against an opponent of three possible strengths.

    With x(k) U's share against a known strong type when U proposes at line k, and
    v(k; p) = (1-d) b + d [p w(k+1) + (1-p) w(k-1)] the value of one battle followed by
    w: after the first battle U believes with q that R is strong, and accepts a demand
    of at most y(k) = 1 - v_U(k; q pL + (1-q) pM) with w = x. The weak type accepts
    x0 = 1 - v_R(k; pH) with w = y after the first battle: what it would get by playing
    the middling type. Beliefs follow Bayes' rule from battles alone; hearing the
    middling demand, U still allows for the strong type, as it must for the reference
    values (T21) to hold. Expected battles: 0, 1 and 2 by type.

    The line must leave room for two battles: 2 <= line <= lines - 2.
    """
    lines, line = float(lines), float(line)
    chances = {
        "win_against_strong": win_against_strong,
        "win_against_middle": win_against_middle,
        "win_against_weak": win_against_weak,
    }
    prior_middle = 1.0 - (prior_weak + prior_strong)

    def own_after(at: float, win: float) -> float:
        """Value to U of a battle, then the offer that a strong opponent accepts."""
        up, down = known_strong(at + 1.0), known_strong(at - 1.0)
        return (1.0 - discount) * own_flow + discount * (win * up + (1.0 - win) * down)

    def other_after(win: float, up: float, down: float) -> float:
        """Value to R of a battle, then `up` if U wins it and `down` if it loses."""
        mean = win * up + (1.0 - win) * down
        return (1.0 - discount) * other_flow + discount * mean

    def known_strong(at: float) -> float:
        return _complete_information(
            win_against_strong, at, lines, discount, own_flow, other_flow
        )

    strong_loses, middle_loses = win_against_strong, win_against_middle
    beliefs, demands, honest = [], [], True
    for won in (True, False):
        strong = prior_strong * (strong_loses if won else 1.0 - strong_loses)
        middle = prior_middle * (middle_loses if won else 1.0 - middle_loses)
        belief = strong / (strong + middle)
        at = line + 1.0 if won else line - 1.0
        expected = belief * win_against_strong + (1.0 - belief) * win_against_middle
        demand = 1.0 - own_after(at, expected)
        up, down = 1.0 - known_strong(at + 1.0), 1.0 - known_strong(at - 1.0)
        waits = {name: other_after(win, up, down) for name, win in chances.items()}
        honest = honest and (
            max(waits["win_against_weak"], waits["win_against_middle"])
            <= demand
            <= waits["win_against_strong"]
        )
        beliefs.append(belief)
        demands.append(demand)
    return ThreeTypes(
        first_offer=1.0 - other_after(win_against_weak, demands[0], demands[1]),
        demand_after_win=demands[0],
        demand_after_loss=demands[1],
        belief_after_win=beliefs[0],
        belief_after_loss=beliefs[1],
        expected_battles=prior_middle + 2.0 * prior_strong,
        separates=honest,
    )


def _complete_information(
    win: float,
    line: float,
    lines: float,
    discount: float,
    own_flow: float,
    other_flow: float,
) -> float:
    """Share U asks for and gets when it proposes and strength is known; 0, 1 at ends.

    A battle is fought in every period.
    """
    if line in (0.0, lines):
        return line / lines
    log_odds = logit(win)
    psi, phi = discounted_odds(log_odds, line, lines, discount, 1.0)
    fighting = 1.0 - psi - phi
    share, _ = alternating_offers(
        log_odds,
        line,
        lines,
        discount,
        1.0,
        psi + fighting * own_flow,
        phi + fighting * other_flow,
        1.0 - own_flow - other_flow,
    )
    return float(share)
