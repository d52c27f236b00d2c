"""A crisis as a war of nerves: whoever backs down in public pays for it at home.

Two states stand against each other over a prize. Each day either may attack, back down
or wait; backing down costs the more the longer the crisis lasts. Each knows its own
value of war only. There is a day after which nobody who is still there backs down: war.

Source: Fearon (1994), "Domestic Political Audiences and the Escalation of
International Disputes", American Political Science Review 88(3), pp. 582-586,
doi:10.2307/2944796.
"""

import math

from scipy.integrate import quad

from sim.theory.inputs import Range, Results, model, takes

PLACE_IN_COURSE = 2.3
_SOME = Range(0.001, 1000)


@model(
    title="Audience costs",
    question="Who backs down when backing down costs at home?",
    results={
        "horizon": "time after which nobody backs down: war",
        "concede_1": "chance that side 1 gives in at once",
        "concede_2": "chance that side 2 does",
        "war": "chance of war",
        "war_in_crisis": "the same if nobody gives in at once",
        "odds": "in a crisis, chance of giving in of side 2 over that of side 1",
        "backs_down_1": "in a crisis, chance that side 1 is first to back down",
        "backs_down_2": "chance that side 2 is",
    },
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
    prize: float = takes("v", "value of the prize", _SOME),
    cost: float = takes(
        "a1", "cost to side 1 of backing down, per unit of time", _SOME
    ),
    other_cost: float = takes("a2", "cost to side 2", _SOME),
    worst_war: float = takes(
        "W1", "value of war to side 1 is uniform on -W1 to 0", _SOME
    ),
    other_worst_war: float = takes("W2", "the same for side 2", _SOME),
) -> Results:
    """Equilibrium of the war of nerves between two states.

    Backing down costs a_i per day; values of war are uniform on [-W_i, 0]. The other
    side concedes at the rate that keeps a waiting side indifferent, so that side j is
    still there at t with chance (1 - k_j) v/(v + a_i t), and at t* with chance
    a_j t*/W_j: those whom war hurts less than backing down. With k_j = 0 that is t_i,
    and t* is the smaller of the two. Given a crisis, side j gives in by t* with chance
    a_i t*/(v + a_i t*); the chance to be the first is an integral of both survivals.
    """
    a, w = (cost, other_cost), (worst_war, other_worst_war)
    horizons = (_horizon(prize, a[0], a[1], w[1]), _horizon(prize, a[1], a[0], w[0]))
    last = min(horizons)
    stay = [a[j] * last / w[j] * (prize + a[1 - j] * last) / prize for j in (0, 1)]
    stay = [min(1.0, chance) for chance in stay]
    stay[1 if horizons[0] <= horizons[1] else 0] = 1.0
    war = (a[0] * last / w[0]) * (a[1] * last / w[1])
    would = [a[1 - j] * last / (prize + a[1 - j] * last) for j in (0, 1)]
    return {
        "horizon": last,
        "concede_1": 1.0 - stay[0],
        "concede_2": 1.0 - stay[1],
        "war": war,
        "war_in_crisis": war / (stay[0] * stay[1]),
        "odds": would[1] / would[0],
        "backs_down_1": _first_to_back_down(prize, a[1], a[0], last),
        "backs_down_2": _first_to_back_down(prize, a[0], a[1], last),
    }


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
