"""A crisis as a war of nerves: whoever backs down in public pays for it at home.

Two states stand against each other over a prize. Each day either may attack, back down
or wait; backing down costs the more the longer the crisis lasts. Each knows its own
value of war only. There is a day after which nobody who is still there backs down: war.

Source: Fearon (1994), "Domestic Political Audiences and the Escalation of
International Disputes", American Political Science Review 88(3), pp. 582-586.
"""

import math
from dataclasses import dataclass

from scipy.integrate import quad


@dataclass(frozen=True)
class AudienceCosts:
    """How a war of nerves goes; pairs are (side 1, side 2).

    `horizon` t* is the day of no return; `horizons` are the days at which each side
    would reach it if the other one had nobody who concedes at once. `concede_at_once`
    is the chance that a side backs down on the first day (one of them is 0), `war` the
    chance of war, `war_in_crisis` that given that nobody did. In such a crisis
    `would_back_down` are the chances that each side gives in by t* if the other one
    never does, `odds` those of side 2 against side 1; `backs_down` are the chances that
    each side really is the first to back down.
    """

    horizon: float
    horizons: tuple[float, float]
    concede_at_once: tuple[float, float]
    war: float
    war_in_crisis: float
    would_back_down: tuple[float, float]
    odds: float
    backs_down: tuple[float, float]


def audience_costs(
    *,
    prize: float,
    costs: tuple[float, float],
    worst_wars: tuple[float, float],
) -> AudienceCosts:
    """Equilibrium of the war of nerves between two states.

    `prize` v; `costs` a_i per day; values of war are uniform on [-W_i, 0] with
    `worst_wars` W_i. The other side concedes at the rate that keeps a waiting side
    indifferent, so that side j is still there at t with chance (1 - k_j) v/(v + a_i t),
    and at t* with chance a_j t*/W_j: those whom war hurts less than backing down. With
    k_j = 0 that is t_i = [-a_j v + sqrt(a_j^2 v^2 + 4 a_i a_j v W_j)]/(2 a_i a_j), and
    t* is the smaller of the two. Given a crisis, side j gives in by t* with chance
    a_i t*/(v + a_i t*); the chance to be the first is an integral of both survivals.
    """
    a, w = costs, worst_wars
    horizons = (_horizon(prize, a[0], a[1], w[1]), _horizon(prize, a[1], a[0], w[0]))
    last = min(horizons)
    stay = [a[j] * last / w[j] * (prize + a[1 - j] * last) / prize for j in (0, 1)]
    stay = [min(1.0, chance) for chance in stay]
    stay[1 if horizons[0] <= horizons[1] else 0] = 1.0
    war = (a[0] * last / w[0]) * (a[1] * last / w[1])
    would = [a[1 - j] * last / (prize + a[1 - j] * last) for j in (0, 1)]
    first = _first_to_back_down(prize, a[1], a[0], last)
    second = _first_to_back_down(prize, a[0], a[1], last)
    return AudienceCosts(
        horizon=last,
        horizons=horizons,
        concede_at_once=(1.0 - stay[0], 1.0 - stay[1]),
        war=war,
        war_in_crisis=war / (stay[0] * stay[1]),
        would_back_down=(would[0], would[1]),
        odds=would[1] / would[0],
        backs_down=(first, second),
    )


def _horizon(prize: float, own: float, other: float, worst_war: float) -> float:
    """Positive root of a_i a_j t^2 + a_j v t - v W_j, without cancellation."""
    root = math.sqrt((other * prize) ** 2 + 4.0 * own * other * prize * worst_war)
    return 2.0 * prize * worst_war / (other * prize + root)


def _first_to_back_down(prize: float, waiting: float, own: float, last: float) -> float:
    """Chance that the side facing one of cost `waiting` backs down first, by `last`.

    It is there with v/(v + a t), the other one with v/(v + b t), where a = `waiting`
    and b = `own`. In y = log(1 + a t/v) the density is e^-y, whatever a and b.
    """

    def density(y: float) -> float:
        return math.exp(-y) / (1.0 + own / waiting * math.expm1(y))

    chance, _ = quad(
        density, 0.0, math.log1p(waiting * last / prize), epsabs=1e-14, epsrel=1e-12
    )
    return float(chance)
