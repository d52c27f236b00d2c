"""Random wars on a walk, and slow twins of them: the same war, solved state by state.

The twins share no code with `sim/`. A war is a Markov chain of line and chip; its
values come from one linear system. Bargaining while fighting is iterated period by
period until nothing changes.
"""

import numpy as np
from hypothesis import strategies as st

from sim.theory.walk import Walk
from tests.formulas.sane_worlds import weekly_discounts

costs = st.floats(0.02, 0.30)
odds = st.floats(0.05, 0.95)
discounts = st.floats(0.5, 0.9995)
chances = st.floats(0.01, 1.0)


@st.composite
def walks(draw, most=30, odds=odds):
    """Any walk of up to `most` steps from a whole line inside."""
    lines = draw(st.integers(2, most))
    line = draw(st.integers(1, lines - 1))
    rest = (draw(each) for each in (odds, discounts, chances))
    return Walk(float(lines), float(line), *rest)


@st.composite
def sane_walks(draw, most=80, steps=(1.0, 1.0 / 7.0)):
    """A war as one may be: of at least 8 steps, its rates those of a week or a day.

    `most` is the largest number of steps, `steps` the lengths of a period in weeks.
    """
    lines = draw(st.integers(8, most))
    line = draw(st.integers(1, lines - 1))
    win = draw(st.floats(0.15, 0.70))
    weeks = draw(st.sampled_from(steps))
    chance = draw(st.floats(0.05, 1.0)) * weeks
    return Walk(float(lines), float(line), win, draw(weekly_discounts) ** weeks, chance)


def mirrored(walk):
    """The same war as the other side sees it."""
    return walk._replace(line=walk.lines - walk.line, win=1.0 - walk.win)


def chain(walk):
    """What the twins take of a walk; they answer for every line."""
    return walk.win, int(walk.lines), walk.discount, walk.battle_chance


def walk(win, lines, discount, battle_chance):
    """Discounted odds of winning and of losing from each line 0..lines, as arrays."""
    transition = np.zeros((lines + 1, lines + 1))
    for k in range(1, lines):
        transition[k, k + 1] = battle_chance * win
        transition[k, k - 1] = battle_chance * (1 - win)
        transition[k, k] = 1 - battle_chance
    inside = np.eye(lines + 1) - discount * transition
    inside[0], inside[lines] = 0, 0
    inside[0, 0] = inside[lines, lines] = 1
    at_end = np.eye(lines + 1)
    return (
        np.linalg.solve(inside, at_end[lines]),
        np.linalg.solve(inside, at_end[0]),
    )


def battles_to_the_end(win, lines):
    """Chance to win and expected number of battles from each line 0..lines."""
    system = np.eye(lines + 1)
    for k in range(1, lines):
        system[k, k + 1] -= win
        system[k, k - 1] -= 1 - win
    one = np.ones(lines + 1)
    one[0] = one[lines] = 0
    at_end = np.zeros(lines + 1)
    at_end[lines] = 1
    return np.linalg.solve(system, at_end), np.linalg.solve(system, one)


def war(
    win,
    lines,
    discount,
    battle_chance,
    territory_flow,
    cost,
    chip_flow=0.0,
    loss_hazard=0.0,
    stake=1.0,
):
    """Value of war from each line 0..lines to the side that wins battles with `win`.

    `stake` is what the victor has for ever, in the unit of the flows. The side holds
    the line, pays `cost`, and gets `chip_flow` as long as the war and the chip last;
    the chip is lost whole with `loss_hazard` at the end of a period. A state is (line,
    chip there or gone).
    """
    size = 2 * (lines + 1)
    system, flow = np.eye(size), np.zeros(size)
    for chip in (0, 1):
        base = chip * (lines + 1)
        flow[base + lines] = stake
        lost = loss_hazard if chip else 0.0
        for k in range(1, lines):
            at = base + k
            pay = stake * territory_flow * k / lines - cost + chip_flow * chip
            flow[at] = (1 - discount) * pay
            moves = (
                (k + 1, battle_chance * win),
                (k - 1, battle_chance * (1 - win)),
                (k, 1 - battle_chance),
            )
            for there, chance in moves:
                system[at, base + there] -= discount * (1 - lost) * chance
                if chip:
                    system[at, there] -= discount * lost * chance
    return np.linalg.solve(system, flow)[lines + 1 :]


def chip_in_war(win, lines, discount, battle_chance, loss, switch_chance):
    """Discounted time a chip is held in a war that may end, by [regime, line].

    `loss` and `switch_chance` as in `chip_held`. A state is (regime, line); what is not
    there, a chip lost or a war over, is worth 0. Battle, loss and switch of a period
    are independent, and the period pays before them.
    """
    battles = np.zeros((lines + 1, lines + 1))
    for k in range(1, lines):
        battles[k, k + 1] += battle_chance * win
        battles[k, k - 1] += battle_chance * (1 - win)
        battles[k, k] += 1 - battle_chance
    inside = np.ones(lines + 1)
    inside[0] = inside[lines] = 0
    kept = (1 - np.asarray(loss, float))[:, None] * np.asarray(switch_chance, float)
    moves = np.kron(kept, battles)
    paid = np.kron(np.ones(len(kept)), (1 - discount) * inside)
    held = np.linalg.solve(np.eye(paid.size) - discount * moves, paid)
    return held.reshape(len(kept), lines + 1)


def slantchev(win, lines, discount, battle_chance, own_flow, other_flow):
    """Equilibrium shares (x, y) of alternating offers at each line, by iteration.

    In a period one side proposes; if refused, both get their flows, perhaps a battle
    is fought, and the other proposes. `own_flow(k)`, `other_flow(k)` are the flows at
    line k. Ends: the victor has 1.
    """
    own, other = _fighting(win, lines, discount, battle_chance, own_flow, other_flow)

    def one_more_period(shares):
        # the proposer leaves the other what it gets by refusing and proposing next
        x, y = shares
        return np.array([1 - other(y), 1 - own(x)])

    return _iterated(one_more_period, lines, discount)


def random_proposers(win, lines, discount, battle_chance, flows, weights, periods=1):
    """Values of rounds of bargaining in war: (V, V', R, R') at each line, by iteration.

    In a round side i proposes with chance `weights[i]`. The other accepts what is
    worth refusing to it, R, or more. The proposer offers just that if the rest is
    worth more to it than its own R; otherwise there is no deal. Then `periods` of war
    follow, and another round. `flows` are two functions of the line as in `slantchev`.
    """
    own, other = _fighting(win, lines, discount, battle_chance, *flows)

    def refused(values):
        v, other_v = values
        for _ in range(periods):
            v, other_v = own(v), other(other_v)
        return v, other_v

    def one_more_round(values):
        least, other_least = refused(values)
        deal = 1 - other_least >= least
        proposing = np.where(deal, 1 - other_least, least)
        other_proposing = np.where(deal, 1 - least, other_least)
        return np.array(
            [
                weights[0] * proposing + (1 - weights[0]) * least,
                weights[1] * other_proposing + (1 - weights[1]) * other_least,
            ]
        )

    values = _iterated(one_more_round, lines, discount**periods)
    return *values, *refused(values)


def _fighting(win, lines, discount, battle_chance, own_flow, other_flow):
    """What a period of war with a value after it is worth: two maps, own and other."""
    after = np.eye(lines + 1)  # at the ends the war is over: what is there stays
    flows = np.zeros((2, lines + 1))
    for k in range(1, lines):
        after[k, k] = discount * (1 - battle_chance)
        after[k, k + 1] = discount * battle_chance * win
        after[k, k - 1] = discount * battle_chance * (1 - win)
        flows[:, k] = (1 - discount) * own_flow(k), (1 - discount) * other_flow(k)
    return (lambda value: flows[0] + after @ value), (
        lambda value: flows[1] + after @ value
    )


def _iterated(step, lines, shrinks):
    """Fixed point of a contraction, as (own, other) at each line, to 1e-11.

    `shrinks` is the factor by which the map brings any two values closer: a change of
    eps leaves at most eps shrinks / (1 - shrinks) to go (Banach).
    """
    values = np.full((2, lines + 1), 0.5)

    def with_ends(values):
        values[:, 0], values[:, -1] = (0, 1), (1, 0)
        return values

    values = with_ends(values)
    while True:
        after = with_ends(step(values))
        change = abs(after - values).max()
        values = after
        if change * shrinks <= 1e-11 * (1 - shrinks):
            return values
