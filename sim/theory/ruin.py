"""War as a walk: who reaches its end of the stake first, and how long that takes."""

import math

from sim.theory.inputs import ODDS, SHARE, Range, Results, Rule, model, takes
from sim.theory.walk import LINES, Walk, discounted_odds, log_roots, ruin_and_duration

PLACE_IN_COURSE = 3.1


@model(
    title="War as a gambler's ruin",
    question="Who wins a war of many battles, and when?",
    results={
        "win": "chance that the side wins the war",
        "loss": "chance that it loses",
        "duration": "expected number of battles",
        "duration_if_win": "the same if the side wins; none if it cannot",
        "duration_if_loss": "the same if it loses; none if it cannot",
        "psi": "discounted odds of victory, E[e^T; win]",
        "phi": "discounted odds of defeat, E[e^T; loss]",
        "root_1": "larger root of the walk; none if e is next to 0",
        "root_2": "smaller root of the walk",
    },
    formula=(
        "win = [1-(q/p)^k]/[1-(q/p)^N], q = 1-p (k/N if p = 1/2); "
        "duration = (N win - k)/(p-q) (k(N-k) if p = 1/2); "
        "duration_if_win = [N coth(N x/2) - k coth(k x/2)]/(p-q), x = log(p/q) "
        "((N^2-k^2)/3 if p = 1/2), duration_if_loss the same with N-k for k; "
        "l_1,2 = [1 +- sqrt(1-4 p q e^2)]/(2 p e); "
        "psi = (l1^k - l2^k)/(l1^N - l2^N), "
        "phi = (q/p)^k (l1^(N-k) - l2^(N-k))/(l1^N - l2^N)"
    ),
    source="Feller I, ch. XIV; Smith and Stam 2003, 2004",
    teaches=(
        "A small edge in each battle decides a long war almost surely, while a war of "
        "even odds is decided by how much each side has to lose. Wars between even "
        "sides are long, and an underdog that wins at all wins as fast as a favourite "
        "would from the same line."
    ),
    example="N=10 k=4 p=0.45 e=0.95",
)
def ruin(
    lines: float = LINES,
    line: float = takes("k", "steps that the side holds", Range(0, "N"), "whole"),
    win: float = takes("p", "chance that the side wins a battle", ODDS),
    battle_discount: float = takes(
        "e", "present worth of a unit paid at the next battle", SHARE, default=1.0
    ),
) -> Results:
    """Gambler's ruin: the walk of `sim.theory.walk`, and durations by how it ends."""
    edge = 2.0 * win - 1.0
    pull = 2.0 * math.atanh(edge)  # log(p/q), exact near even odds
    pace = pull / edge if edge else 2.0
    chance, battles = ruin_and_duration(pull, pace, line, lines)
    loss, _ = ruin_and_duration(-pull, pace, lines - line, lines)
    walk = Walk(lines, line, win, battle_discount)
    psi, phi = chance, loss
    if battle_discount < 1.0:
        psi, phi = discounted_odds(walk)
    up, down = log_roots(walk)
    return {
        "win": chance,
        "loss": loss,
        "duration": battles,
        "duration_if_win": battles_given_win(lines, line, win) if line else None,
        "duration_if_loss": (
            battles_given_win(lines, lines - line, win) if line < lines else None
        ),
        "psi": psi,
        "phi": phi,
        "root_1": math.exp(up) if up < 500.0 else None,
        "root_2": math.exp(-down),
    }


def battles_given_win(lines: float, line: float, win: float) -> float:
    """Expected battles of a walk from `line` > 0 that ends at `lines`.

    [N coth(N x/2) - k coth(k x/2)]/(p-q), x = log(p/q). It does not change if p and q
    are exchanged: a walk to the near end from the same distance takes as long.
    Written with L(y) = coth(y) - 1/y, whose terms do not cancel at even odds.

    >>> battles_given_win(10.0, 4.0, 0.5)
    28.0
    """
    edge = 2.0 * win - 1.0
    if abs(lines * edge) < 1e-6:
        return (lines * lines - line * line) / 3.0
    half = math.atanh(edge)  # x/2
    return (lines * _langevin(lines * half) - line * _langevin(line * half)) / edge


def _langevin(y: float) -> float:
    """coth(y) - 1/y; near 0 from its continued fraction y/(3 + y^2/(5 + ...))."""
    if abs(y) > 1.0:
        return 1.0 / math.tanh(y) - 1.0 / y
    fraction = 1.0
    for odd in range(23, 1, -2):
        fraction = odd + y * y / fraction
    return y / fraction


@model(
    title="A race to collapse",
    question="Who holds out if either side may collapse?",
    rules=(
        Rule(
            lambda collapse, other_collapse: 0.0 < collapse + other_collapse < 2.0,
            "cannot both be 0 or both be 1: the war would never end",
        ),
    ),
    results={
        "win": "chance that side 2 collapses first",
        "rounds": "expected number of rounds",
    },
    formula=(
        "win = c2 (1-c1)/[c1 (1-c2) + c2 (1-c1)], "
        "rounds = 1/[c1 (1-c2) + c2 (1-c1)]; if both collapse at once the war goes on"
    ),
    source="Powell 2004 as programmed in the PsychSim negotiation example",
    teaches=(
        "War can be a wait for the other's collapse as well as a march. What counts "
        "is only how much likelier one collapse is than the other; how likely both "
        "are sets the length of the wait."
    ),
    example="c1=0.1 c2=0.1",
)
def collapse_race(
    collapse: float = takes("c1", "chance that side 1 collapses in a round", SHARE),
    other_collapse: float = takes("c2", "chance that side 2 does", SHARE),
) -> Results:
    """Geometric race; a round in which both collapse changes nothing."""
    won = other_collapse * (1.0 - collapse)
    over = won + collapse * (1.0 - other_collapse)
    return {"win": won / over, "rounds": 1.0 / over}
