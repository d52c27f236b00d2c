"""A crisis between two sides that keep their resolve to themselves: all equilibria.

A may challenge B over a prize. B concedes or resists; if it resists, A goes to war or
backs down. A challenge thus tells B something about A. Each knows the errors in its own
payoffs only. What B believes of a challenger decides how it answers, and how it answers
decides who challenges: such beliefs may be right in several ways, and a study that
finds one of them has said little about the others.

Source: Lewis and Schultz (2003), "Revealing Preferences: Empirical Estimation of a
Crisis Bargaining Game with Incomplete Information", Political Analysis 11(4). On its
several equilibria: Crisman-Cox and Gibilisco (2021), "Estimating Signaling Games in
International Relations: Problems and Solutions", Political Science Research and
Methods 9(3), doi:10.1017/psrm.2019.58.
"""

import math
from dataclasses import dataclass
from functools import partial

from scipy.optimize import brentq
from scipy.special import ndtr

from sim.theory.fixed_points import increasing_fixed_points, joined
from sim.theory.inputs import Range, Results, Rule, model, takes
from sim.theory.resolve import chance_above, chance_of_resolve

PLACE_IN_COURSE = 2.5
_PAYOFF = Range(-100, 100)


@dataclass(frozen=True)
class CrisisGame:
    """Payoffs of the crisis, those of war and of A's backing down before their errors.

    For A: `status_quo`, `concession` (B concedes), `own_war`, `backing_down`. For B:
    `conceding`, `other_war`, `called_bluff` (A backs down). A's errors of war and of
    backing down and B's error of war are independent and normal with deviation
    `spread`. B's payoff of the status quo plays no part.
    """

    concession: float
    own_war: float
    backing_down: float
    conceding: float
    other_war: float
    called_bluff: float
    status_quo: float = 0.0
    spread: float = 1.0


@dataclass(frozen=True)
class CrisisEquilibrium:
    """One perfect Bayesian equilibrium: what each side does, and what comes of it.

    `challenge`, `resist` and `fight` are probabilities of A's challenge, of B's
    resistance to one and of A's going to war when resisted; B's belief that a
    challenger would fight is `fight`. The last four are the outcomes.
    """

    challenge: float
    resist: float
    fight: float
    status_quo: float
    concession: float
    back_down: float
    war: float


@dataclass(frozen=True)
class CrisisEquilibria:
    """All equilibria, by rising belief that A would fight.

    `proved_single` tells that theory allows one only. `near_misses` are beliefs at
    which another equilibrium almost exists: small changes of payoffs may create two.
    """

    equilibria: tuple[CrisisEquilibrium, ...]
    proved_single: bool
    near_misses: tuple[float, ...]


def crisis_equilibria(
    game: CrisisGame, *, resolution: float = 1e-6
) -> CrisisEquilibria:
    """Every perfect Bayesian equilibrium of the crisis, as fixed points of B's belief.

    B, who believes that a challenger fights with F, resists with
    r = Phi([F W_B + (1-F) V_B - C_B]/(s F)), which falls as F rises. A challenges iff
    the better of war and backing down exceeds c = V_A - (V_A - S_A)/r, which rises with
    r. Among challengers f(c) = Pr(war better | better one > c) would fight; an
    equilibrium is a belief with F = f(c(r(F))). f is monotone (`chance_of_resolve`):

    - mean war of A at least mean backing down: f rises with c, the composition falls
      with F, and there is exactly one equilibrium;
    - else f falls with c and the composition rises with F. There may be several, and
      `increasing_fixed_points` finds all that lie `resolution` apart.
    """
    if game.own_war >= game.backing_down:
        root = brentq(
            lambda belief: reply(game, belief) - belief,
            0.0,
            1.0,
            xtol=1e-15,
            rtol=1e-15,
        )
        return CrisisEquilibria((outcome(game, float(root)),), True, ())
    found = increasing_fixed_points(partial(reply, game), resolution)
    # Regions without proof that hold no fixed point.
    near_misses = tuple(
        0.5 * (low + high)
        for low, high in joined(found.candidates, 1e3 * resolution)
        if not any(low - 1e-9 <= point <= high + 1e-9 for point in found.points)
    )
    equilibria = tuple(outcome(game, point) for point in found.points)
    return CrisisEquilibria(equilibria, False, near_misses)


def resistance(game: CrisisGame, belief: float) -> float:
    """Probability that B resists if it believes that a challenger fights."""
    if belief <= 0.0:
        return 1.0  # a bluff for sure, which is worth calling
    hope = (game.called_bluff - game.conceding) / belief
    return float(ndtr((game.other_war - game.called_bluff + hope) / game.spread))


def bar(game: CrisisGame, resist: float) -> float:
    """What A must expect of being resisted to challenge, in spreads."""
    if resist <= 0.0:
        return -math.inf
    loss = (game.concession - game.status_quo) / resist
    return (game.concession - loss) / game.spread


def reply(game: CrisisGame, belief: float) -> float:
    """Probability that a challenger fights if B acts on `belief`."""
    at = bar(game, resistance(game, belief))
    return chance_of_resolve(
        at, game.own_war / game.spread, game.backing_down / game.spread
    )


def outcome(game: CrisisGame, belief: float) -> CrisisEquilibrium:
    """What happens if B acts on `belief`; an equilibrium if the belief is right."""
    resist = resistance(game, belief)
    means = game.own_war / game.spread, game.backing_down / game.spread
    challenge = chance_above(bar(game, resist), *means)
    fight = reply(game, belief)
    return CrisisEquilibrium(
        challenge=challenge,
        resist=resist,
        fight=fight,
        status_quo=1.0 - challenge,
        concession=challenge * (1.0 - resist),
        back_down=challenge * resist * (1.0 - fight),
        war=challenge * resist * fight,
    )


@model(
    title="Crisis signalling, all equilibria",
    question="How may a challenge be understood?",
    rules=(
        Rule(
            lambda status_quo, concession: status_quo < concession,
            "SA is not below VA: nobody would challenge for the prize",
        ),
    ),
    results={
        "equilibria": "how many there are",
        "challenge": "of each, chance that A challenges",
        "resist": "of each, chance that B resists a challenge",
        "fight": "of each, chance that A fights if resisted, as B believes",
        "war": "of each, chance of war",
        "proved_single": "whether theory allows only one",
        "near_misses": "beliefs at which another one almost exists",
    },
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
    concession: float = takes("VA", "payoff of A if B concedes", _PAYOFF),
    own_war: float = takes("WA", "mean payoff of war to A", _PAYOFF),
    backing_down: float = takes("aA", "mean payoff to A of backing down", _PAYOFF),
    conceding: float = takes("CB", "payoff of B if it concedes", _PAYOFF),
    other_war: float = takes("WB", "mean payoff of war to B", _PAYOFF),
    called_bluff: float = takes(
        "VB", "payoff of B if A backs down", Range("CB", 100, above=True)
    ),
    status_quo: float = takes(
        "SA",
        "payoff of A without a challenge",
        Range(-100, "VA", below=True),
        default=0.0,
    ),
    spread: float = takes(
        "sd",
        "standard deviation of the three private errors",
        Range(0.01, 100),
        default=1.0,
    ),
) -> Results:
    """Crisis bargaining with normal errors: `crisis_equilibria` as a calculator."""
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
    of_each = "challenge", "resist", "fight", "war"
    return {
        "equilibria": len(found.equilibria),
        **{
            name: [getattr(each, name) for each in found.equilibria] for name in of_each
        },
        "proved_single": found.proved_single,
        "near_misses": list(found.near_misses),
    }
